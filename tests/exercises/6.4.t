#!/usr/bin/perl
# Smaller claims: claim_order= bounds the blocks that are claimed.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

# Where 16 reclaimable pages of zone DMA come from, and of which type their
# pageblock is then. Pageblock 0 is not whole, and cannot be claimed.
my %dma = (
	x86_64 => ['' => '0x400', 'Reclaimable', 10 => '0x400', 'Reclaimable',
		9 => '0x200', 'Reclaimable', 8 => '0x100', 'Unmovable',
		0 => '0x100', 'Unmovable'],
	i386 => ['' => '0x400', 'Reclaimable', 10 => '0x400', 'Reclaimable',
		9 => '0x100', 'Unmovable', 0 => '0x100', 'Unmovable'],
);

for my $arch (archs()) {
	still_passes(6, $arch);
	my @cases = @{$dma{$arch}};
	while (my ($cap, $pfn, $type) = splice @cases, 0, 3) {
		my $append = length $cap ? "claim_order=$cap" : '';
		my ($alloc, $more, $types) = said_of($arch, $append);
		my $name = $arch . (length $cap ? ", $append" : '');
		shows($alloc, qr/^pages $pfn-.* zone DMA, $type$/m,
			"$name: $pfn, $type");
		like($more, qr/^pages /, "$name: the other zone answers, too");
		next if $cap ne '0';
		my @rows = ($types // '') =~
			/^Node 0, zone +\w+ +\d+ +\d+ +(\d+) +\d+ *$/mg;
		is("@rows", '0 0', "$name: no pageblock has changed sides");
	}
	for my $cap ('11', 'x', '-1') {
		my ($alloc) = said_of($arch, "claim_order=$cap",
			"Malformed early option 'claim_order'");
		shows($alloc, qr/^pages 0x400-/, "$arch, $cap: is not taken");
	}
}
done_testing();

sub said_of {
	my ($arch, $append, $message) = @_;
	my $boot = boot(chapter => 6, arch => $arch, append => $append,
		input => 'alloc 4 GFP_DMA|__GFP_RECLAIMABLE;'
			. 'alloc 4 __GFP_RECLAIMABLE;cat /proc/pagetypeinfo');
	said($boot, $message, "$arch, $append: is refused") if $message;
	return answers($boot);
}
