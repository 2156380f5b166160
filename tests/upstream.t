#!/usr/bin/perl
# Linux's own tests of memblock, run on ours (tools/check-upstream), and on
# the mutants of it that those tests are said to miss; with ALL=1 also on
# those that they are said to see. Skipped when Debian's package with the
# tests cannot be had.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use Mutants qw(mutants mutate);
use Test::More;

my $root = abs_path("$FindBin::Bin/..");
my $tree = $ENV{HOST_TREE} || "$root/tangle/ch03";
my @mutants = grep { ($_->{upstream} // '') eq 'misses' ||
	$_->{upstream} && $ENV{ALL} } mutants("$root/tests/host/mutants");
my @files = map { mutate($_, $tree, "$root/build/upstream/mutants") }
	@mutants;

my $text = `$root/tools/check-upstream @files 2>&1`;
if ($? >> 8 == 2) {
	my ($why) = $text =~ /^check-upstream: (.*)/m;
	plan skip_all => $why;
}
is($? >> 8, 0, 'all of it passes') or diag($text);
like($text, qr/^ok ours: 181 tests of Linux pass, 263 with NUMA=1$/m,
	'181 tests, and 263 with NUMA=1');
for my $m (@mutants) {
	my ($line) = $text =~ /^((?:not )?ok \Q$m->{name}\E: .*)/m;
	my $passes = $m->{upstream} eq 'misses' ? 'ok' : 'not ok';
	like($line // '', qr/^$passes (?!.*does not build)/,
		"Linux's suite $m->{upstream} $m->{name}: $m->{words}");
}
done_testing();
