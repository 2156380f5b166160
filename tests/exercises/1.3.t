#!/usr/bin/perl
# Ask the BIOS data area: what it says of low memory and of the EBDA.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(1, 'x86_64');
my $boot = boot(chapter => 1);
lines_are(after_totals($boot, qr/^low memory/),
	['low memory: 639 KiB, EBDA at 0x0009fc00'], 'the line');

# The hook takes 1 KiB of low memory for itself, but leaves the EBDA.
$boot = hooked(1, 'x86_64', 0);
lines_are(after_totals($boot, qr/^low memory/),
	['low memory: 638 KiB, EBDA at 0x0009fc00'],
	'the size comes from the BIOS data area');
# And this one moves what the EBDA's word says.
$boot = hooked(1, 'x86_64', 12);
lines_are(after_totals($boot, qr/^low memory/),
	['low memory: 638 KiB, EBDA at 0x0009f800'], 'so does the EBDA');
done_testing();
