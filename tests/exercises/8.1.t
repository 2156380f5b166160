#!/usr/bin/perl
# Without a machine: who lacks what in three orders, by the table.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Order qw(judge moved);
use Test::More;

my @answer = answer();
is(scalar @answer, 6, "six words: ANSWER='call FACT call FACT call FACT'");
my @table = grep { $_->{t} eq 'mm_call' }
	@{boot(chapter => 8, arch => 'x86_64')->{record}};
my @facts = slurp(tree(8) . '/mm/mm_core.h') =~ /^\t([A-Z_]+)\s*= 1 << \d+/mg;

for (['memblock_free_all', 0, 'build_all_zonelists'],
	['kmem_cache_init', 0, 'arch_mm_preinit'],
	['mem_debugging_and_hardening_init', 1, 'report_meminit']) {
	my ($who, $lacks) = judge(\@table, 3, moved(\@table, @$_));
	my ($fact) = map { $facts[$_] } grep { $lacks >> $_ & 1 } 0 .. $#facts;
	my ($told, $for) = (shift @answer // '', shift @answer // '');
	$told =~ s/\(\)$//;
	# Not by is(): it would print what is to be found.
	ok($told eq $who, "$_->[0]: who lacks something");
	ok($for eq $fact, "$_->[0]: and what");
}
done_testing();
