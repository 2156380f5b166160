#!/usr/bin/perl
# Name the gaps: a line for each between one entry and the next.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Checkpoint;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(1, $arch);
	for (['pc', '128M'], ['q35', '128M'], ['pc', '3G']) {
		my ($machine, $mem) = @$_;
		my $boot = boot(chapter => 1, arch => $arch, mem => $mem,
			machine => $machine);
		lines_are(after_totals($boot, qr/^gap/),
			[gaps(printed_map($boot))],
			"$arch, $machine, $mem: the gaps");
	}
}
done_testing();

# These maps are sorted.
sub gaps {
	no warnings 'portable';
	my ($end, @gaps) = 0;
	for (@_) {
		my ($first, $last) = map { hex } @$_[0, 1];
		push @gaps, sprintf 'gap: [mem 0x%016x-0x%016x]', $end,
			$first - 1 if $first > $end;
		$end = $last + 1;
	}
	return @gaps;
}
