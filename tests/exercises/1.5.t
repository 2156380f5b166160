#!/usr/bin/perl
# Offer 24 bytes: how many the BIOS wrote, and the extended attributes.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(1, 'x86_64');
my $map = map_of(boot(chapter => 1), 'SeaBIOS', 20);
is(map_of(hooked(1, 'x86_64', 7), 'a BIOS that writes 24 bytes', 24), $map,
	'24 bytes with bit 0 set: the same map');
my $less = $map =~ s/^(.*\n)(?:.*\n)/$1/r;
is(map_of(hooked(1, 'x86_64', 11), 'one that takes its second range back', 24),
	$less, '24 bytes with bit 0 clear: no second range');
done_testing();

sub map_of {
	my ($boot, $bios, $size) = @_;
	lines_are(after_totals($boot, qr/^last entry/),
		["last entry: $size bytes"], "$bios: the size");
	return join '', $boot->{log} =~ /^(BIOS-e820: .*\n)/mg;
}
