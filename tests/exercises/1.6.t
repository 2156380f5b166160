#!/usr/bin/perl
# Shut the gate: A20 as the machine comes, then shut, then open.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(1, 'x86_64');
lines_are(after_totals(boot(chapter => 1), qr/^a20/),
	['a20 open', 'a20 shut', 'a20 open'], 'the gate, three times');
lines_are(after_totals(hooked(1, 'x86_64', 13), qr/^a20/),
	['a20 shut', 'a20 shut', 'a20 open'],
	'on a machine that comes with the gate shut');
done_testing();
