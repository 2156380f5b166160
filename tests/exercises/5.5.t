#!/usr/bin/perl
# A wider gate: dma_limit= moves the end of zone DMA.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my $TESTS = 'kunit.enable=1 kunit.filter_glob=mm_init';

for my $arch (archs()) {
	still_passes(5, $arch);
	my ($mem, %ranges) = $arch eq 'x86_64' ? ('6G',
		'1G' => [['DMA', 0x1000, 0x3fffffff],
			['DMA32', 0x40000000, 0xffffffff]],
		'4G' => [['DMA', 0x1000, 0xffffffff], ['DMA32']],
		'0x1234567' => [['DMA', 0x1000, 0x11fffff],
			['DMA32', 0x1200000, 0xffffffff]],
		'1M' => [['DMA', 0x1000, 0xffffff]],
		'5G' => [['DMA', 0x1000, 0xffffff]],
		'x' => [['DMA', 0x1000, 0xffffff]]) : ('512M',
		'256M' => [['DMA', 0x1000, 0xfffffff],
			['Normal', 0x10000000, 0x1ffdffff]],
		'1M' => [['DMA', 0x1000, 0xffffff]]);
	for my $limit (sort keys %ranges) {
		my $boot = boot(chapter => 5, arch => $arch, mem => $mem,
			append => "$TESTS dma_limit=$limit");
		is($boot->{status}, 0, "$arch, $limit: the self-tests pass");
		for (@{$ranges{$limit}}) {
			my ($name, $from, $to) = @$_;
			my $line = sprintf '  %-8s %s', $name, defined $from ?
				sprintf '[mem 0x%016x-0x%016x]', $from, $to :
				'empty';
			said($boot, "$line\n", "$arch, $limit: $line");
		}
		said($boot, "Malformed early option 'dma_limit'",
			"$arch, $limit: is refused") if $limit =~ /^(1M|5G|x)$/;
	}
}
done_testing();
