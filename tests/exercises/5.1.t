#!/usr/bin/perl
# What a machine pays: sections and struct pages, predicted.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 3, "three numbers: ANSWER='N K K'");
my @true = map {
	my ($arch, $mem) = @$_;
	my $boot = boot(chapter => 5, arch => $arch, mem => $mem);
	my ($memmap) = grep { $_->{t} eq 'memmap' } @{$boot->{record}};
	$arch eq 'x86_64' ? ($memmap->{pages} / 32768, $memmap->{bytes} / 1024)
		: $memmap->{bytes} / 1024;
} ['x86_64', '5G'], ['i386', '3G'];
for ('sections of x86_64', 'KiB of x86_64', 'KiB of i386') {
	my ($true, $told) = (shift @true, shift @answer // 'nothing');
	# Not by is(): it would print the number that is to be found.
	ok($told eq $true, "$_: as predicted ($told)");
}
done_testing();
