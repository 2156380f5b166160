#!/usr/bin/perl
# Count the ranges: after the totals, a line with their number.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(1, $arch);
	for my $machine (qw(pc q35)) {
		my $boot = boot(chapter => 1, arch => $arch,
			machine => $machine);
		my $count = () = $boot->{log} =~ /^BIOS-e820: /mg;
		lines_are(after_totals($boot, qr/^entries/),
			["entries: $count"], "$arch, $machine: the number");
	}
}
done_testing();
