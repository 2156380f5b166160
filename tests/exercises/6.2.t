#!/usr/bin/perl
# How far down the zone: blocks that three kinds of callers get.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 4, "four numbers: ANSWER='N H M I'");
for (['x86_64', 'GFP_DMA'], ['x86_64', 'GFP_DMA|__GFP_HIGH'],
		['x86_64', 'GFP_DMA|__GFP_MEMALLOC'],
		['i386', 'GFP_DMA|__GFP_HIGH']) {
	my ($arch, $gfp) = @$_;
	# Of the way down three blocks of order 10 are the first part, to be
	# quicker. 0x2000, __GFP_NOWARN: the refusals need no report.
	my $boot = boot(chapter => 6, arch => $arch,
		input => join ';', ("alloc 10 $gfp|0x2000") x 3,
			("alloc 4 $gfp|0x2000") x 49);
	my $true = 0;
	for (answers($boot)) {
		$true += 1 << $1 - 4 if /^pages .* order (\d+), zone DMA,/;
	}
	my $told = shift @answer // 'nothing';
	# Not by is(): it would print the number that is to be found.
	ok($told eq $true, "$arch, $gfp: as computed ($told)");
}
done_testing();
