#!/usr/bin/perl
# The order of two wishes: what is asked for is what the kernel does.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @wishes = ('mem=64M', 'memmap=16M@96M,1M$100M');
my @answer = answer();
is(scalar @answer, 3, "three numbers: ANSWER='0xPFN 0xPFN KIB'");
my ($last, $kib) = wished(@wishes);
my ($other) = wished(reverse @wishes);
# Not by is(): it would print the numbers that are to be found.
ok(($answer[0] // '') eq $last, 'last_pfn, mem= first');
ok(($answer[1] // '') eq $other, 'last_pfn, memmap= first');
ok(($answer[2] // '') eq $kib, 'usable KiB, mem= first');
done_testing();

# The end of RAM as it is printed, and KiB of type 1 in the record.
sub wished {
	my $boot = boot(chapter => 3, arch => 'x86_64', mem => '512M',
		append => "@_");
	my ($pfn) = $boot->{log} =~ /^last_pfn = (\S+)/m;
	my $sum = 0;
	$sum += hex $_->{size} for grep { $_->{t} eq 'e820' && $_->{type} == 1 }
		@{$boot->{record}};
	return $pfn, $sum / 1024;
}
