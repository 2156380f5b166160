#!/usr/bin/perl
# Fifty hostile memory maps for each architecture, handed to the last
# kernel by loader/protocol.asm: see tools/hostile-maps. SEED=n makes
# others.
use strict;
use warnings;
use FindBin;

my $seed = $ENV{SEED} // 1964;
exec $^X, "$FindBin::Bin/../tools/hostile-maps", '--seed', $seed,
	'--count', 50, '--jobs', 1;
