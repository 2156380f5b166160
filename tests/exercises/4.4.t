#!/usr/bin/perl
# Predict a length: the table APIC with 4 and with 32 processors.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 2, "two numbers: ANSWER='N M'");
for my $cpus (4, 32) {
	my $boot = boot(chapter => 4, qemu => ["-smp $cpus"]);
	my ($apic) = grep { $_->{t} eq 'acpi' && $_->{sig} eq 'APIC' }
		@{$boot->{record}};
	my $length = $apic && hex($apic->{end}) - hex($apic->{start}) + 1;
	my $told = shift @answer // 'nothing';
	# Not by is(): it would print the number that is to be found.
	ok(defined $length && $told eq $length,
		"$cpus processors: its length is the predicted one ($told)");
}
done_testing();
