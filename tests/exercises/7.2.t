#!/usr/bin/perl
# What is in use: slabinfo's second column is the sum of what the slabs say.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(7, $arch);
	my @names = qw(kmem_cache kmem_cache_node kmalloc-96 kmalloc-128 box);
	my $boot = boot(chapter => 7, arch => $arch, input => join ';',
		'kmalloc 100', 'kmalloc 100', 'kfree #1', 'cache create box 500',
		('cache box alloc') x 20, 'cache box free #4', 'cache box free #9',
		'cat /proc/slabinfo', map { "cache $_" } @names);
	my $log = $boot->{log} =~ s/\r//gr;
	for my $name (@names) {
		my ($active, $all) = $log =~ /^\Q$name\E +(\d+) +(\d+) /m;
		my ($what) = $log =~ /^monitor> cache \Q$name\E\n(.*?)^monitor> /ms;
		my $sum = 0;
		$sum += $1 while $what =~ /^  page \w+: (\d+) of/mg;
		my ($full) = $what =~ /^  (\d+) more: full/m;
		my ($objects) = $what =~ /with (\d+) objects;/;
		$sum += ($full // 0) * $objects;
		is($active, $sum, "$arch: of $name $sum are in use");
		cmp_ok($all, '>=', $sum, "$arch: of all");
	}
}
done_testing();
