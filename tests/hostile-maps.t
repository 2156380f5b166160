#!/usr/bin/perl
# Hostile memory maps for each architecture, handed to the last kernel by
# loader/protocol.asm: see tools/hostile-maps. Five of fifty, each time
# others; with CHECK_ALL=1 the fifty. SEED=n makes others.
use strict;
use warnings;
use FindBin;

my $seed = $ENV{SEED} // 1964;
my ($first, $count) = $ENV{CHECK_ALL} ? (1, 50) : (1 + 5 * int rand 10, 5);
exec $^X, "$FindBin::Bin/../tools/hostile-maps", '--seed', $seed,
	'--first', $first, '--count', $count, '--jobs', 1;
