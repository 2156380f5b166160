#!/usr/bin/perl
# Cuts and merges: /proc/vmstat counts them.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my $DMA = 'GFP_DMA|__GFP_MOVABLE';

# What is typed, and how many cuts and merges that are: on x86_64 the first
# movable block of zone DMA has order 9, on i386 order 10.
my %story = (
	x86_64 => [["alloc 4 $DMA", 5, 0], ['free 0x200', 0, 5],
		["alloc 9 $DMA", 0, 0], ['free 0x200', 0, 0]],
	i386 => [["alloc 4 $DMA", 6, 0], ['free 0x400', 0, 6],
		["alloc 9 $DMA", 1, 0], ['free 0x400', 0, 1]],
);
# A single page waits on a per-CPU list when it comes back. A claim cuts.
my @same = (['alloc 0 GFP_DMA', 8, 0], ['free 0x100', 0, 0],
	['alloc 4 __GFP_RECLAIMABLE', 6, 0]);

for my $arch (archs()) {
	still_passes(6, $arch);
	my @story = (@{$story{$arch}}, @same);
	my @said = answers(boot(chapter => 6, arch => $arch, input => join ';',
		'cat /proc/vmstat', map { $_->[0], 'cat /proc/vmstat' } @story));
	my @counts = map { [count('split', $said[2 * $_]),
		count('merge', $said[2 * $_])] } 0 .. @story;
	ok($counts[0][1] > 0, "$arch: there are merges at the start");
	for (0 .. $#story) {
		my ($typed, $cuts, $merges) = @{$story[$_]};
		is($counts[$_ + 1][0] - $counts[$_][0], $cuts,
			"$arch, $typed: $cuts cuts");
		is($counts[$_ + 1][1] - $counts[$_][1], $merges,
			"$arch, $typed: $merges merges");
	}
	shows($said[0], qr/^pgfree \d+\nbuddy_split \d+\nbuddy_merge \d+\n/m,
		"$arch: behind pgfree");
}
done_testing();

sub count {
	my ($what, $text) = @_;
	return ($text // '') =~ /^buddy_$what (\d+)$/m ? $1 : 0;
}
