#!/usr/bin/perl
# The kernel's own sources, run on the host under AddressSanitizer and
# UndefinedBehaviorSanitizer: a million random steps of each subject against
# a model, on both architectures; fixed cases; a short run of the fuzzers.
# Then the same steps on sources with a fault in them: each must be found.
# SEED= and STEPS= repeat a run.
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use Mutants qw(mutants mutate);
use Test::More;

my $root = abs_path("$FindBin::Bin/..");
my $tree = $ENV{HOST_TREE} || "$root/tangle/ch03";
my $out = "$root/build/host";
my $seed = $ENV{SEED} || time;
my $steps = $ENV{STEPS} || 1_000_000;
my @archs = $ENV{CHECK_ARCH} || ('x86_64', 'i386');
my @subjects = ('memblock', 'e820', 'resource');

diag("SEED=$seed") if $ENV{HARNESS_VERBOSE};
for my $arch (@archs) {
	my $built = run("make -s -C $root/tests/host ARCH=$arch TREE=$tree 2>&1");
	ok($built->{good}, "$arch: the tests build") or show_run($built);
	for my $subject (@subjects) {
		my $run = run("$out/$arch/$subject $seed $steps 2>&1");
		ok($run->{good}, "$arch, $subject: $steps steps, SEED=$seed")
			or show_run($run);
	}
}
fuzz($_) for $archs[0] eq 'x86_64' ? ('memblock', 'e820') : ();
my @mutants = mutants("$root/tests/host/mutants");
finds($_) for @mutants;
quoted();
done_testing();

sub run {
	my ($command) = @_;
	my $text = `$command`;
	return { good => $? == 0, text => $text };
}

sub show_run {
	my ($run) = @_;
	my @lines = split /\n/, $run->{text};
	splice @lines, 20, @lines - 60, '…' if @lines > 60;
	diag(join "\n", @lines);
}

# The corpus again, and a few seconds of new inputs.
sub fuzz {
	my ($subject) = @_;
	my $folder = "$root/build/fuzz/check-$subject";
	my $built = run("make -s -C $root/tests/host FUZZ=1 TREE=$tree 2>&1");
	ok($built->{good}, "$subject: the fuzzer builds") or show_run($built);
	my $run = run("mkdir -p $folder && cd $folder && " .
		"$out/x86_64-fuzz/$subject -seed=$seed -max_total_time=4 " .
		"-max_len=4096 -print_final_stats=1 -rss_limit_mb=4096 " .
		". $root/tests/fuzz/$subject 2>&1");
	my ($n) = $run->{text} =~ /number_of_executed_units: *(\d+)/;
	ok($run->{good}, "$subject: libFuzzer finds nothing new") or
		show_run($run);
	note($n // 'no', ' inputs');
}

# The million steps must stumble over the fault.
sub finds {
	my ($m) = @_;
	my $arch = $archs[0];
	my $source = mutate($m, $tree, "$out/mutants");
	my $built = run("make -s -C $root/tests/host ARCH=$arch " .
		"TREE=$tree MUTANT=$source SUBJECT=$m->{subject} 2>&1");
	ok($built->{good}, "mutant $m->{name} builds") or show_run($built);
	my $program = $source =~ s/\.c$/.$arch/r;
	my $run = run("SHRINK=no $program $seed $steps 2>&1");
	my ($step) = $run->{text} =~ /step (\d+)/;
	ok(!$run->{good}, "mutant $m->{name} ($m->{words}) is found") and
		note("at step ", $step // '?');
}

# Chapter 3 has a table of these mutants, and shows the first of them as
# the steps of seed 1 find it.
sub quoted {
	my ($chapter) = glob "$root/chapters/03-*.nw";
	my $text = do {
		open my $file, '<', $chapter or die "$chapter: $!\n";
		local $/;
		<$file>;
	};
	return if $archs[0] ne 'x86_64' || $text !~ /\{#tab:mutants-3\}/;
	my @wanted = map { "| $_->{words} | $_->{upstream} it |" }
		grep { $_->{upstream} } @mutants;
	my @table = $text =~ /^(\| [^|\n]+ \| (?:misses|sees) it \|)$/mg;
	is(join("\n", @table), join("\n", @wanted), 'the table of mutants');
	my ($lines) = $text =~ /this is what it prints:\n\n```\n(.*?)^```$/ms;
	is(run("$out/mutants/limit/memblock.x86_64 1 2>&1")->{text}, $lines,
		'a mutant that is found, as the book shows it');
	my ($quoted) = $text =~ /is this loop:\n\n``` c\n(.*?)^```$/ms;
	my $model = do {
		open my $file, '<', "$root/tests/host/memblock.c" or die;
		local $/;
		<$file>;
	};
	ok(index($model, $quoted // '?') >= 0, 'the piece of the model');
}
