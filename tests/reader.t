#!/usr/bin/perl
# What a reader may write behind make, and what comes of it: every wrong
# value gets a sentence before anything is made, every good one reaches the
# tool unchanged. In a small project of our own, with the real Makefile and
# tools/vet; the other tools only write down what they are given.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use File::Path qw(make_path);
use IO::Socket::INET;
use Test::More;

my $toy = project("$tmp/toy");

refuses();
takes();
command_line();
order();
folders();
tools();
compiler();
help();
done_testing();

sub project {
	my ($dir) = @_;
	make_path(map { "$dir/$_" } qw(chapters tools book tests));
	my @stories = qw(01-a 02-b 08-c 10-d);
	spill('', "$dir/chapters/$_.nw") for @stories;
	spill(join('', map { substr($_, 0, 2) + 0 . " $_.nw\n" } @stories),
		"$dir/chapters/order");
	system('cp', "$root/Makefile", $dir) == 0
		&& system('cp', "$root/tools/vet", "$root/tools/chapters",
		"$root/tools/Documents.pm",
			"$dir/tools") == 0 or die "no copy\n";
	my $note = qq(printf '<%s>' "\${0##*/}" "\$@" >>"\${0%/*}/../log"\n)
		. qq(printf '\\n' >>"\${0%/*}/../log"\n);
	for (qw(setup kernels boot check try serve chapter-diff fuzz)) {
		spill("#!/bin/sh\n$note", "$dir/tools/$_");
		chmod 0755, "$dir/tools/$_";
	}
	spill("#!/bin/sh\nset -- \"\${SEED-unset}\"\n$note", "$dir/tools/fuzz");
	spill("all:\n\t\@sleep 0.2; echo '<book>' >>log\n", "$dir/book/Makefile");
	return $dir;
}

# Run make there, without our environment; what is written VERB before, is
# in the environment. Its status, what it said, what the tools were given.
sub run_make {
	my ($dir, @args) = @_;
	my @env;
	push @env, shift @args while @args && $args[0] =~ /^ENV (.*)/s
		&& ($args[0] = $1);
	unlink "$dir/log";
	my ($status, $said) = quiet_run('env', '-i', "PATH=$ENV{PATH}", @env,
		'make', '-C', $dir, '--no-print-directory', @args);
	return ($status, $said, slurp("$dir/log"));
}

# A sentence, no more than make's own line behind it, and nothing done.
sub refused {
	my ($sentence, @args) = @_;
	my ($status, $said, $log) = run_make($toy, @args);
	my $what = join(' ', @args) =~ s/[^ -~]/?/gr;
	$what = substr($what, 0, 60) . '…' if length $what > 70;
	isnt($status, 0, "make $what: fails");
	like($said, qr/\A(?:.*\n)?$sentence.*\nmake: [^\n]*\n\z/, "make $what: a sentence")
		or diag($said);
	is($log . join('', grep { -e } "$toy/build", "$toy/tangle"), '',
		"make $what: nothing is done");
}

sub refuses {
	my $chapters = 'CH is a chapter that there is: 1, 2, 8, 10\.';
	refused("CH=$_: $chapters", 'boot', "CH=$_")
		for qw(3 11 0 -1 abc 008 % 2%), '1 2';
	refused("CH=3: $chapters", @$_) for ['CH=3'], ['check', 'CH=3'],
		['kernel', 'CH=3'], ['-j8', 'debug', 'CH=3'], ['ENV CH=3', 'boot'];
	refused('CH=\$\(error no\): ' . $chapters, 'check', 'CH=$(error no)');
	refused('CH=2\?: CH is one line', 'boot', "CH=2\n");
	refused("ARCH=$_: ARCH is x86_64 or i386\\.", 'boot', "ARCH=$_")
		for qw(amd64 x86);
	refused("MEM=$_: MEM is a size from 2M on", 'boot', "MEM=$_")
		for qw(0 1M 512K -1 64MB abc);
	refused('MEM=5G: .*on i386 4G at most', 'boot', 'ARCH=i386', 'MEM=5G');
	refused("MACHINE=$_: MACHINE is pc or q35", 'boot', "MACHINE=$_")
		for 'isapc', 'help', 'pc,help';
	refused("CPU=\Q$_\E: CPU is a name that QEMU knows", 'boot', "CPU=$_")
		for 'help', '?', 'qemu64,nx', "max'";
	refused("\Q$_\E: QEMU cannot make such a machine: .*\\w'?\\)?\\.", 'boot', $_)
		for 'CPU=quemu64', 'CPU=qemu64,+mmmx', 'MACHINE=pc,apci=off', 'MEM=99999T';
	refused('ARCH=arm: .*\nMEM=1: MEM is', 'boot', 'MEM=1', 'ARCH=arm');
	refused("EX=$_: EX is the number of an exercise", 'try', "EX=$_")
		for qw(1 a.b), "1.2'";
	refused('LOG=/no/dmesg: LOG is a file that dmesg has been written to', 'compare', 'LOG=/no/dmesg');
	refused('ANSWER=1\?2: ANSWER is one line', 'try', 'EX=1.1', "ANSWER=1\n2");
	refused("SEED=$_: SEED is a whole number", 'fuzz', "SEED=$_")
		for qw(010 -1 4294967296 x);
	refused("$_: \\w+ is a whole number", 'fuzz', $_)
		for qw(MINUTES=0 MINUTES=1h MAPS=1e3);
	refused('STEPS=0: STEPS is', 'check', 'STEPS=0');
	refused('RUN_I386=yes: RUN_I386 is', 'check-all', 'RUN_I386=yes');
	refused('CHECK_ALL=yes: CHECK_ALL is', 'check', 'CHECK_ALL=yes');
	refused('PORT=65536: PORT is', 'read', 'PORT=65536');
	refused('INSTALL=No: INSTALL is no, or not given', @$_)
		for ['INSTALL=No'], ['ENV INSTALL=No', 'tangle'];
	refused('ARHC: make boot takes no such variable, only APPEND ARCH CH ',
		'boot', 'ARHC=i386');
	refused('MEM: make check takes no such variable', 'check', 'MEM=2G');
	refused('make 3: there is no such verb', 'boot', '3');
}

# Good values, and what the tools are given then.
sub taken {
	my ($given, @args) = @_;
	my ($status, $said, $log) = run_make($toy, @args);
	is($status, 0, "make @args: taken") or diag($said);
	my ($tool) = $given =~ /^<(\S+?)>/;
	is(join('', $log =~ /^(<\Q$tool\E>.*\n)/mg), "$given\n",
		"make @args: given to $tool");
	return $log;
}

sub takes {
	taken("<boot><--chapter><$$_[0]>", 'boot', "CH=$$_[1]")
		for [qw(01 1)], [qw(01 01)], [qw(08 8)], [qw(08 08)], [qw(10 10)];
	taken('<boot><--chapter><10>', @$_) for ['boot'], ['boot', 'CH='],
		['boot', 'CPU=', 'MEM=', 'APPEND='];
	taken('<boot><--chapter><02>', 'ENV CH=2', 'boot');
	taken('<boot><--chapter><10><--arch><i386><--mem><4G><--machine><q35>'
		. '<--cpu><qemu32,-pse><--debug>', 'debug', 'ARCH=i386', 'MEM=4G',
		'MACHINE=q35', 'CPU=qemu32,-pse');
	taken('<boot><--chapter><02><--cpu><qemu64,phys-bits=39>',
		'boot', 'CH=2', 'CPU=qemu64,phys-bits=39');
	taken('<boot><--chapter><10><--machine><pc,acpi=off>',
		'boot', 'MACHINE=pc,acpi=off');
	taken("<boot><--chapter><10><--mem><$_>", 'boot', "MEM=$_")
		for qw(64 64m 1.5G 2M);
	taken('<kernels><--arch><i386><08>', qw(kernel CH=8 ARCH=i386));
	taken('<chapter-diff><08>', qw(diff CH=8));
	taken('<try><1.1><100 200>', qw(try EX=1.1), 'ANSWER=100 200');
	taken('<try><><>', 'try');
	taken('<serve><build/book/html><8001>', qw(read PORT=8001));
	taken('<fuzz><7>', qw(fuzz SEED=7 MINUTES=1));
	taken('<fuzz><unset>', qw(fuzz SEED=));
	# Of one chapter, no book, and no kernel but what is asked for.
	my $log = taken('<check><--chapter><02>', qw(check CH=02));
	$log .= taken('<kernels><02>', qw(check CH=2));
	$log .= taken('<kernels><--arch><i386><02>', qw(check CH=2 ARCH=i386));
	unlike($log, qr/<book>/, 'make check CH=2: no book');
	like(taken('<check><--arch><i386>', qw(check ARCH=i386)), qr/<book>/,
		'make check: the book too');
}

# What is written there is what the kernel is given.
sub command_line {
	my @lines = ('memmap=64M$32M', q(it's "so" `x` $x $$x $(x) \\ # ; & * ~ %),
		'$(shell touch evil)${x', 'two  blanks ', '-x', '--debug', 'ü', '\\',
		'a=b APPEND=c', "a\tb");
	for (@lines) {
		taken("<boot><--chapter><02><--append><$_>", 'boot', 'CH=2', "APPEND=$_");
		taken("<boot><--chapter><02><--append><$_>", "ENV APPEND=$_", 'boot',
			'CH=2');
	}
	# The book is another make's, which is given none of it.
	taken('<book>', 'APPEND=$(shell touch evil)${x');
	ok(!-e "$toy/evil", 'and nothing in it is run');
	refused('APPEND=a\?b: APPEND is one line', 'boot', "APPEND=a\nb");
	refused('APPEND=x+: APPEND is at most 2047 bytes', 'boot',
		'APPEND=' . 'x' x 2048);
	refused('APPEND=x: APPEND .* kernel 1 takes none', 'boot', "CH=$_",
		'APPEND=x') for qw(1 01);
	my ($arch) = archs();
	my ($chapter) = grep { $_ > 1 && -e image($_, $arch) } chapters();
	SKIP: {
		skip 'no kernel has been built', 1 unless $chapter;
		my $real = project("$tmp/real");
		spill("#!/bin/sh\nshift 2\nexec '$root/tools/boot' --chapter $chapter "
			. "--log log \"\$@\"\n", "$real/tools/boot");
		my $line = q(memmap=64K$64M it's=$(x) checkpoint=exit);
		run_make($real, 'boot', "ARCH=$arch", "APPEND=$line");
		like(slurp("$real/log"), qr/^Kernel command line: \Q$line\E\r?$/m,
			"kernel $chapter, $arch: prints what was written");
	}
}

# With many jobs, one thing still comes after the other.
sub order {
	my ($status, $said, $log) = run_make($toy, '-j8');
	is($log =~ s/^(<\w+>).*/$1/mgr, "<setup>\n<kernels>\n<book>\n<kernels>\n<boot>\n",
		'make -j8: in order') or diag($said);
}

# Where make or TeX would stumble over the folder's name, nothing begins.
sub folders {
	for my $name ('a b', 'a:b', "a'b", 'a(b', 'a;b', 'a&b', 'a$b', 'a%b',
		'a~b', 'a,b') {
		my $dir = project("$tmp/in/$name");
		system('cp', "$root/tools/kernels", "$dir/tools") == 0
			&& system('cp', "$root/book/Makefile", "$dir/book") == 0
			or die "no copy\n";
		my @before = split /\n/, (quiet_run('find', "$tmp/in"))[1];
		for ('make kernels', 'make -f book/Makefile', 'make -C book',
			'tools/kernels 01')
		{
			my ($status, $said) = quiet_run('env', '-i', "PATH=$ENV{PATH}",
				'sh', '-c', 'cd "$0" && exec "$@"', $dir, split);
			like($said, qr/^The folder \Q$dir\E cannot be worked in, because of the '.' /m,
				"in '$name', $_ says so");
			isnt($status, 0, "in '$name', $_ fails");
		}
		is_deeply([split /\n/, (quiet_run('find', "$tmp/in"))[1]], \@before,
			"in '$name', nothing is written");
		quiet_run('rm', '-rf', "$tmp/in");
	}
	for my $name ('a.b_c-d+e@f=g', 'aüb') {
		my ($status, $said, $log) = run_make(project("$tmp/$name"), 'kernels');
		is($log, "<setup>\n<kernels><01><02><08><10>\n", "in '$name', all is well")
			or diag($said);
	}
	mkdir "$tmp/x,y";
	refused("The folder $tmp/x,y cannot be worked in", "ENV TMPDIR=$tmp/x,y", 'boot');
	refused("$tmp/xy cannot be written to", "ENV TMPDIR=$tmp/xy", 'boot');
}

# The tools ask by themselves, too.
sub tools {
	my $says = sub {
		my ($code, $sentence, $tool, @args) = @_;
		my ($status, $said) = quiet_run("$root/tools/$tool", @args);
		ok($status == $code && $said =~ /^$sentence/m, "$tool @args: says so")
			or diag("$status: $said");
	};
	$says->(2, 'CH=99: CH is a chapter', 'kernels', '99');
	$says->(2, 'ARCH=arm: ARCH is', 'kernels', '--arch', 'arm', '01');
	$says->(2, 'CH=99: CH is a chapter', 'chapter-diff', '99');
	$says->(2, '.*is the number of a chapter', 'chapter-diff');
	$says->(2, 'There is no exercise 9\.99\.\nThe exercises are\n', 'try', '9.99');
	$says->(0, 'The exercises are\n  1\.1 ', 'try');
	my $taken = IO::Socket::INET->new(Listen => 1, LocalAddr => '127.0.0.1')
		or die "no port: $!\n";
	my $port = $taken->sockport;
	$says->(98, "tools/serve: port $port cannot be had \\(.*\\); another one: make read PORT=",
		'serve', $tmp, $port);
}

# A tree's Makefile finds its compiler when make has no variable of its own.
sub compiler {
	my ($tree, %said) = ("$tmp/tree");
	my ($status, $said) = quiet_run("$root/tools/tangle", '--to', $tree,
		map { "$root/$_" } split /\n/, qx("$root/tools/chapters" 1));
	is($status, 0, 'the first tree is tangled') or diag($said);
	my $cc = sub { (quiet_run('env', '-i', "PATH=$ENV{PATH}", @_, 'make', '-s',
		'-C', $tree, '--eval=cc: ; @echo $(CC)', 'cc'))[1] };
	for my $flags ('', 'MAKEFLAGS=-rR') {
		my @flags = $flags || ();
		is($cc->(@flags), "gcc\n", "the compiler, $flags");
		is($cc->(@flags, 'ARCH=i386'), "i686-linux-gnu-gcc\n", "for i386, $flags");
		is($cc->(@flags, 'CC=clang'), "clang\n", "the reader's, $flags");
	}
}

sub help {
	my ($status, $said) = run_make($toy, 'help');
	my ($readers, $authors) = $said =~ /^For readers *\n(.*)^For authors *\n(.*)/ms;
	like($readers, qr/^  make $_ +\w/m, "make help: $_ is for readers")
		for qw(all boot debug read try compare diff check help);
	like($authors, qr/^  make $_ +\w/m, "make help: $_ is for authors")
		for qw(setup doctor kernels kernel tangle book check-all check-bare
		check-upstream fuzz bench stats times clean);
	like($said, qr/^tools\/where FILE:LINE/m, 'make help: where lines come from');
}
