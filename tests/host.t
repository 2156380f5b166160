#!/usr/bin/perl
# The kernel's own sources, run on the host under AddressSanitizer and
# UndefinedBehaviorSanitizer: random steps of each subject against a model,
# on both architectures; a short run of the fuzzers. Then the same steps on
# sources with a fault in them: each must be found, of the many of the page
# allocator and of the slab allocator a dozen, and all with CHECK_ALL=1.
# A hundred thousand steps each, of these allocators a million, and of maps
# two hundred; ten times as many with CHECK_ALL=1. SEED= and STEPS= repeat a run; RUN_I386=
# says how the i386 programs run (tools/run-i386).
use strict;
use warnings;
use Cwd qw(abs_path);
use FindBin;
use lib "$FindBin::Bin/lib";
use List::Util qw(max shuffle);
use Mutants qw(mutants mutate);
use Test::More;

my $root = abs_path("$FindBin::Bin/..");
my %tree = (early => $ENV{HOST_TREE} || "$root/tangle/ch03",
	pages => $ENV{HOST_TREE} || "$root/tangle/ch06",
	slab => $ENV{HOST_TREE} || "$root/tangle/ch07");
my $out = "$root/build/host";
my $seed = $ENV{SEED} || time;
my $all = $ENV{CHECK_ALL};
my %inputs = (memblock => 4_000, e820 => 6_000, buddy => 1_500,
	slab => 1_500);
my @archs = $ENV{CHECK_ARCH} || ('x86_64', 'i386');
# What is tested of the kernel's first sources, and of the last ones.
my %subjects = (early => ['memblock', 'e820', 'resource'],
	pages => ['buddy', 'zones'], slab => ['slab']);
my %of = (buddy_cases => 'pages', slab_cases => 'slab', map { my $part = $_;
	map { $_ => $part } @{$subjects{$part}} } keys %subjects);
my @subjects = map { @{$subjects{$_}} } sort keys %subjects;

diag("SEED=$seed") if $ENV{HARNESS_VERBOSE};
for my $arch (@archs) {
	for my $part (sort keys %tree) {
		my $built = build($part, "ARCH=$arch");
		ok($built->{good}, "$arch: the tests build, $part")
			or show_run($built);
	}
	for my $subject (@subjects) {
		my $steps = $ENV{STEPS} || many($subject) / ($all ? 1 : 10);
		my $run = run_program($arch, program($arch, $subject), $steps);
		ok($run->{good}, "$arch, $subject: $steps steps, SEED=$seed")
			or show_run($run);
	}
	for my $program ('buddy_cases', 'slab_cases') {
		my $cases = run(command($arch, program($arch, $program)) .
			($all ? ' all' : '') . ' 2>&1');
		ok($cases->{good}, "$arch, $program: what went wrong in " .
			"other allocators") or show_run($cases);
	}
	guards($arch, 'here') if $arch ne 'i386';
}
my @mutants = map { mutants("$root/tests/host/$_") } 'mutants', 'mutants-slab';
both_ways() if grep { $_ eq 'i386' } @archs;
fuzz($_) for $archs[0] eq 'x86_64' ? sort keys %inputs : ();
finds($_) for chosen();
quoted();
done_testing();

# Where the Makefile puts a program.
sub program {
	my ($arch, $subject) = @_;
	return "$out/" . ($of{$subject} eq 'early' ? '' : "$of{$subject}-") .
		"$arch/$subject";
}

sub build {
	my ($part, $more) = @_;
	return run("make -s -C $root/tests/host TREE=$tree{$part} $more 2>&1");
}

# Steps of the long form. One of zones is a whole map.
sub many {
	my ($subject) = @_;
	return { buddy => 10_000_000, slab => 10_000_000, zones => 2_000
		}->{$subject} // 1_000_000;
}

# The mutants to try: of each of the later parts some are enough in the
# short form, but others each time.
sub chosen {
	my @here = grep { ($_->{arch} // $archs[0]) eq $archs[0] } @mutants;
	srand $seed;
	return map {
		my $part = $_;
		my @of = grep { $of{$_->{subject}} eq $part } @here;
		@of = (shuffle(@of))[0 .. 11] if $part ne 'early' && !$all;
		@of;
	} sort keys %subjects;
}

sub run {
	my ($command) = @_;
	my $text = `$command`;
	return { good => $? == 0, text => $text };
}

sub command {
	my ($arch, $program) = @_;
	return $arch eq 'i386' ? "$root/tools/run-i386 $program" : $program;
}

sub run_program {
	my ($arch, $program, $n) = @_;
	return run(command($arch, $program) . " $seed $n 2>&1");
}

sub show_run {
	my ($run) = @_;
	my @lines = split /\n/, $run->{text};
	splice @lines, 20, @lines - 60, '…' if @lines > 60;
	diag(join "\n", @lines);
}

# i386 programs run on any host, if not by itself, by qemu-i386; and the
# sanitizers see no less there.
sub both_ways {
	for my $way ('native', 'qemu') {
		local $ENV{RUN_I386} = $way;
		my $how = run("$root/tools/run-i386 --how 2>&1");
		if (!$how->{good}) {
			like($how->{text}, qr/^run-i386: this host cannot run /,
				"i386, $way: it says why not");
			next;
		}
		for my $subject (@subjects) {
			my $run = run_program('i386',
				program('i386', $subject),
				many($subject) / 1000);
			ok($run->{good}, "i386, $way: a few steps of $subject")
				or show_run($run);
		}
		guards('i386', $way);
	}
}

sub guards {
	my ($arch, $way) = @_;
	my $guards = command($arch, "$out/$arch/guards");
	my %seen = (none => qr/^\z/, freed => qr/AddressSanitizer: heap-use-after-free/,
		sum => qr/runtime error: signed integer overflow/);
	like(run("$guards $_ 2>&1")->{text}, $seen{$_},
		"$arch, $way: faults that the sanitizers see: $_")
		for sort keys %seen;
}

# The corpus again, and some new inputs: of one seed always the same, if
# the addresses, at which libFuzzer looks too, may be had without chance.
sub fuzz {
	my ($subject) = @_;
	my $folder = "$root/build/fuzz/check-$subject";
	my $n = $inputs{$subject} * ($all ? 10 : 1);
	my $built = build($of{$subject}, 'FUZZ=1');
	ok($built->{good}, "$subject: the fuzzer builds") or show_run($built);
	my $fixed = run('setarch -R true 2>&1')->{good} ? 'setarch -R ' : '';
	my $run = run("rm -rf $folder && mkdir -p $folder && cd $folder && " .
		$fixed . program('x86_64-fuzz', $subject) . " -seed=$seed -runs=$n -reload=0 " .
		"-max_len=4096 -rss_limit_mb=4096 " .
		". $root/tests/fuzz/$subject 2>&1");
	my ($done) = $run->{text} =~ /^Done (\d+) runs/m;
	ok($run->{good} && ($done // 0) >= $n,
		"$subject: libFuzzer finds nothing new in $n inputs") or
		show_run($run);
}

# The steps must stumble over the fault. It ends them, so they may be many:
# a fault of memblock's longer lists shows after ten thousand in the middle,
# and once in some hundred seeds only after a hundred thousand.
sub finds {
	my ($m) = @_;
	my $arch = $archs[0];
	my $part = $of{$m->{subject}};
	my $source = mutate($m, $tree{$part}, "$out/mutants");
	my $built = build($part, "ARCH=$arch MUTANT=$source " .
		"SUBJECT=$m->{subject}");
	ok($built->{good}, "mutant $m->{name} builds") or show_run($built);
	my $program = $source =~ s/\.c$/.$arch/r;
	local $ENV{SHRINK} = 'no';
	my $run = run_program($arch, $program,
		max($ENV{STEPS} // 0, many($m->{subject})));
	my ($step) = $run->{text} =~ /step (\d+)/;
	ok(!$run->{good}, "mutant $m->{name} ($m->{words}) is found") and
		note("at step ", $step // '?');
}

# Chapter 3 has a table of these mutants, and shows the first of them as
# the steps of seed 1 find it.
sub quoted {
	chomp(my @documents = qx($root/tools/chapters --new 3));
	my $text = join '', map {
		open my $file, '<', "$root/$_" or die "$_: $!\n";
		local $/;
		<$file>;
	} @documents;
	return if $archs[0] ne 'x86_64' || $text !~ /\{#tab:mutants-3\}/;
	my @wanted = map { "| $_->{words} | $_->{upstream} it |" }
		grep { $_->{upstream} } @mutants;
	my @table = $text =~ /^(\| [^|\n]+ \| (?:misses|sees) it \|)$/mg;
	is(join("\n", @table), join("\n", @wanted), 'the table of mutants');
	my @shown = $text =~ /this\sis\swhat\sit\sprints:\n\n```\n(.*?)^```$/msg;
	my $said = run("$out/mutants/limit/memblock.x86_64 1 2>&1")->{text};
	is($_, $said, 'a mutant that is found, as the book shows it')
		for @shown, ('no such listing') x !@shown;
	my ($quoted) = $text =~ /is this loop:\n\n``` c\n(.*?)^```$/ms;
	my $model = do {
		open my $file, '<', "$root/tests/host/memblock.c" or die;
		local $/;
		<$file>;
	};
	ok(index($model, $quoted // '?') >= 0, 'the piece of the model');
}
