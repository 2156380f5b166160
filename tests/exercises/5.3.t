#!/usr/bin/perl
# The marks, by hand: min_free_kbytes, low of Normal, what it keeps.
# Needs: i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 3, "three numbers: ANSWER='K L R'");
my $boot = boot(chapter => 5, arch => 'i386', mem => '1G');
my ($marks) = grep { $_->{t} eq 'marks' } @{$boot->{record}};
my ($normal) = grep { $_->{t} eq 'zone' && $_->{name} eq 'Normal' }
	@{$boot->{record}};
my @true = ($marks->{min_free_kbytes}, $normal->{low}, $normal->{kept});
for ('min_free_kbytes', 'the mark low of Normal', 'what Normal keeps') {
	my ($true, $told) = (shift @true, shift @answer // 'nothing');
	# Not by is(): it would print the number that is to be found.
	ok($told eq $true, "$_: as computed ($told)");
}
done_testing();
