#!/usr/bin/perl
# Write-back, says the page table: the MTRRs' type of a window.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @windows = (['0x1000000', 'write-back'], ['0xfee00000', 'uncachable'],
	['0xa0000', 'uncachable'], ['0x5000', 'write-back'],
	['0xfffffff0', 'uncachable']);
for my $arch (archs()) {
	still_passes(4, $arch);
	my $log = boot(chapter => 4, arch => $arch, input => join ';',
		(map { "memremap $_->[0] 16" } @windows), 'slots')->{log};
	for my $i (0 .. $#windows) {
		my ($phys, $type) = @{$windows[$i]};
		$arch eq 'i386'
			? shows($log, qr/^slot $i .*, rw$/m,
				"$arch: of $phys nothing is known")
			: shows($log, qr/^slot $i .*, rw, $type$/m,
				"$arch: $phys is $type");
	}
}
done_testing();
