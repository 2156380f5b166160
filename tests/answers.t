#!/usr/bin/perl
# Every exercise has a test and an answer. The book as it is does not pass
# the test; with the answer it does, and its kernel still comes to its
# checkpoint, which the tests themselves ask (lib/Exercise.pm).
#
#	tests/answers.t [EXERCISE]	all of them, or this one
#
# An answer is a patch of the chapter, a text whose first line is what the
# reader has to find, or a script that prints it. Patches are tried in a
# copy of the book.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Exercise;
use Test::More;

my ($only) = @ARGV;
my $copy = "$tmp/book";
my %known;
for (exercises()) {
	my ($exercise, $title) = @$_;
	my $test = "$root/tests/exercises/$exercise.t";
	my ($answer) = grep { -e } map { "$root/answers/$exercise.$_" }
		qw(patch txt sh);
	$known{$_} = 1 for grep { defined } $test, $answer;
	next if defined $only && $only ne $exercise;
	my $name = "exercise $exercise, $title";
	ok(-e $test, "$name: has a test");
	ok($answer, "$name: has an answer");
	next unless -e $test && $answer;
	unsolved($exercise, $name);
	if ($answer =~ /patch$/) {
		patched($exercise, $name, $answer);
		next;
	}
	my ($line) = split /\n/, $answer =~ /sh$/
		? (quiet_run('sh', $answer))[1] : slurp($answer);
	solved($root, $exercise, $name, $line);
}
is(join(' ', grep { !$known{$_} } glob
	"$root/tests/exercises/*.t $root/answers/*.{patch,txt,sh}"), '',
	'there is no test and no answer without its exercise');
done_testing();

# The untouched book fails, by what the exercise wants; that its kernels
# pass their checkpoints is tested elsewhere.
sub unsolved {
	my ($exercise, $name) = @_;
	local $ENV{UNTOUCHED} = 1;
	my ($status, $text) = quiet_run("$root/tools/try", $exercise);
	ok($status && $text =~ /^missing: /m,
		"$name: the untouched book does not pass") or diag($text);
}

sub solved {
	my ($where, $exercise, $name, @answer) = @_;
	local $ENV{SPARE_SELFTESTS} = long_form() ? '' : 1;
	my ($status, $text) = quiet_run("$where/tools/try", $exercise,
		@answer);
	is($status, 0, "$name: the answer passes") or diag($text);
}

# The patch is tried in a copy of the tree with its objects, so that only
# what it changes is compiled.
sub patched {
	my ($exercise, $name, $patch) = @_;
	copy_tree($exercise);
	# git has no fuzz: the lines around a change must all be there.
	my ($status, $text) = apply($patch);
	is($status, 0, "$name: the patch applies") or diag($text);
	return if $status;
	ok(prose($copy) eq prose($root), "$name: it changes only code");
	solved($copy, $exercise, $name);
	apply('-R', $patch);
}

sub copy_tree {
	my ($exercise) = @_;
	my $nn = sprintf '%02d', $exercise;
	my @built = map { "build/$_/ch$nn" } archs();
	mkdir $copy;
	quiet_run('mkdir', '-p', map { "$copy/$_" } 'tangle', @built);
	for (qw(chapters tools tests), "tangle/ch$nn", "tangle/ch$nn.map",
			@built) {
		next if -e "$copy/$_" && !/^(?:tangle|build)/;
		my ($status, $text) = quiet_run('cp', '-a', '-T',
			"$root/$_", "$copy/$_");
		die $text if $status;
	}
}

# All the prose of a book, without its blank lines.
sub prose {
	my $text = join '', map { slurp("$_[0]/$_") } documents('--all');
	$text =~ s/^<<[^\n]*>>=\n.*?^@\n//msg;
	return $text =~ s/^\n//mgr;
}

# Outside any repository, whatever the temporary folder is in.
sub apply {
	local $ENV{GIT_CEILING_DIRECTORIES} = $tmp;
	return quiet_run('git', '-C', $copy, 'apply', @_);
}
