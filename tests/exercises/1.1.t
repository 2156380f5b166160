#!/usr/bin/perl
# Predict a total: the usable bytes of a pc and of a q35 with 96 MiB.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 2, "two numbers: ANSWER='<pc> <q35>'");
for my $machine (qw(pc q35)) {
	my $boot = boot(chapter => 1, mem => '96M', machine => $machine);
	my ($usable) = $boot->{log} =~ /^total: (\d+) bytes usable$/m;
	my $told = shift @answer // 'nothing';
	# Not by is(): it would print the number that is to be found.
	ok(defined $usable && $told eq $usable,
		"$machine: its total is the predicted one ($told)");
}
done_testing();
