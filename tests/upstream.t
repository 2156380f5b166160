#!/usr/bin/perl
# Linux's own tests of memblock, run on ours (tools/check-upstream), with
# NUMA=1, and on two of the mutants of it that those tests are said to miss;
# SEED= says which. With CHECK_ALL=1 as Linux has them, too, and on all
# mutants that they are said to miss or to see. Skipped when Debian's package
# with the tests cannot be had.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use List::Util qw(shuffle);
use Mutants qw(mutants mutate);
use Test::More;

my $root = abs_path("$FindBin::Bin/..");
my $tree = $ENV{HOST_TREE} || "$root/tangle/ch03";
my @mutants = grep { $_->{upstream} } mutants("$root/tests/host/mutants");
my $kind = '';
if (!$ENV{CHECK_ALL}) {
	srand($ENV{SEED} || time);
	@mutants = (shuffle(grep { $_->{upstream} eq 'misses' } @mutants))[0, 1];
	$kind = '--numa';
}
my @files = map { mutate($_, $tree, "$root/build/upstream/mutants") }
	@mutants;

my $text = `$root/tools/check-upstream $kind @files 2>&1`;
my $status = $?;
if ($status == 77 << 8) {
	my ($why) = $text =~ /^check-upstream: (.*)/m;
	plan skip_all => $why;
}
is($status, 0, 'all of it passes') or diag($text);
like($text, $kind ? qr/^ok ours: 263 tests of Linux pass with NUMA=1$/m :
	qr/^ok ours: 181 tests of Linux pass, 263 with NUMA=1$/m,
	$kind ? '263 tests' : '181 tests, and 263 with NUMA=1');
for my $m (@mutants) {
	my ($line) = $text =~ /^((?:not )?ok \Q$m->{name}\E: .*)/m;
	my $passes = $m->{upstream} eq 'misses' ? 'ok' : 'not ok';
	like($line // '', qr/^$passes (?!.*does not build)/,
		"Linux's suite $m->{upstream} $m->{name}: $m->{words}");
}
done_testing();
