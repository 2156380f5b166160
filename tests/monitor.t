#!/usr/bin/perl
# The monitor: its commands, the faults that it causes, its line editor
# on the serial line and on the keyboard.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use IPC::Open2;
use Test::More;

my $CHAPTER = 2;
my $WORD = qr/[0-9a-f]{8}(?:[0-9a-f]{8})?/;

# Where things are, by architecture.
my %at = (
	x86_64 => { text => '0xffffffff81000000', direct => '0xffff888000001000',
		phys => '0x1000', unmapped => '0xffffa00000000000',
		strange => '0x0000800000000000', cs => '0010',
		levels => [qw(PGD PUD PMD)], page => 2048 },
	i386 => { text => '0xc1000000', direct => '0xc0001000',
		phys => '0x1000', unmapped => '0xfe000000',
		cs => '0060', levels => [qw(PGD)], page => 4096 },
);

# What each crash must report: the Oops line, the function it was in, and
# what else is known of it.
my %crash = (
	div => [qr/divide error: 0000/, 'crash_div'],
	ud => [qr/invalid opcode: 0000/, 'crash_ud'],
	pf => [qr/Oops: 0002/, 'crash_pf',
		qr/^BUG: unable to handle page fault for address: $WORD$/m,
		qr/^#PF: supervisor write access in kernel mode$/m,
		qr/^#PF: error_code\(0x0002\) - not-present page$/m],
	gp => [qr/general protection fault: 1238/, 'crash_gp',
		qr/^#GP: error_code\(0x1238\) - entry 583 of the GDT$/m],
	stack => [qr/double fault: 0000/, 'crash_stack',
		qr/^traps: PANIC: double fault, error_code: 0x0$/m,
		qr/^BUG: the stack pointer is bad, .*: $WORD is in no stack/m],
);

my %text;			# of source files, by name: their lines

for my $arch (archs()) {
	commands($arch);
	mistakes($arch);
	crash($arch, $_) for qw(div ud pf gp stack);
	crash_on_screen($arch);
	SKIP: {
		skip "$arch: a pseudo-terminal cannot be had", 3
			if (quiet_run(qw(script -qec true /dev/null)))[0] != 0;
		on_terminal($arch);
	}
	long_line_on_screen($arch);
	editing($arch);
	keyboard($arch);
	reboot($arch);
}
done_testing();

# Type lines into a kernel; what it answers to each, and the boot.
sub type_lines {
	my ($arch, @lines) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => join ';', @lines);
	is($boot->{status}, 0, "$arch, @lines: leaves in order")
		or Boot::show($boot, 'a good end');
	return ((answers($boot))[0 .. $#lines], $boot);
}

sub commands {
	my ($arch) = @_;
	my $at = $at{$arch};
	my ($help, $e820, $regs, $again) = type_lines($arch,
		qw(help e820 regs dmesg));
	like($help, qr/^  \Q$_\E\b/m, "$arch, help: lists $_")
		for qw(help e820 regs peek pagewalk crash reboot dmesg exit);
	my $linux = slurp("$root/tests/linux/$arch-pc-128M.txt");
	is($e820, join('', $linux =~ /^(BIOS-e820: .*\n)/mg),
		"$arch, e820: the map");
	like($regs, qr/^CR0 +$WORD .*\bPE\b.*\bWP\b.*\bPG$/m,
		"$arch, regs: CR0 has its bits named");
	like($regs, qr/^$_ +$WORD/m, "$arch, regs: $_")
		for qw(CR2 CR3 CR4 FLAGS GDTR IDTR);
	like($regs, $arch eq 'i386' ? qr/^CR4 .*\bPSE\b/m
		: qr/^CR4 .*\bPAE\b.*\n(?:.*\n)*?EFER .*\bLME LMA NX$/m,
		"$arch, regs: the mode it is in");
	like($regs, qr/^cs $at->{cs} /m, "$arch, regs: the code segment");
	like($again, qr/^Reset to kmalloc \($arch\)$/m,
		"$arch, dmesg: from the first message on");
	peek($arch, $at);
	pagewalk($arch, $at);
}

sub peek {
	my ($arch, $at) = @_;
	my @strange = $at->{strange} ? "peek $at->{strange}" : ();
	my ($text, $quads, $nothing, $null, $name, @more) = type_lines($arch,
		"peek $at->{text} 32 b", "peek $at->{text} 2 q",
		"peek $at->{unmapped}", 'peek 0', 'peek start_kernel 4 l',
		@strange);
	my ($status, $dump) = quiet_run('objcopy', '-O', 'binary',
		built($CHAPTER, $arch) . '/vmlinux', "$tmp/text");
	my $bytes = substr slurp("$tmp/text"), 0, 32;
	is(join('', map { s/ //gr } $text =~ /^$WORD:((?: \w\w){16})  \|/mg),
		unpack('H*', $bytes), "$arch, peek: the kernel's text");
	is(join(' ', $quads =~ /^$WORD: (\w{16}) (\w{16})  /m),
		sprintf('%016x %016x', unpack 'Q<2', $bytes),
		"$arch, peek: the same in quads");
	like($nothing, qr/^0*\Q@{[substr $at->{unmapped}, 2]}\E: not mapped$/m,
		"$arch, peek: an address that is not mapped");
	like($null, qr/^0+: not mapped$/m, "$arch, peek: null");
	my (undef, $names) = quiet_run('nm', built($CHAPTER, $arch)
		. '/vmlinux');
	my ($start) = $names =~ /^(\w+) T start_kernel$/m;
	like($name, qr/^$start:(?: \w{8}){4}  \|/m, "$arch, peek: by name");
	like($more[0], qr/^0000800000000000: not mapped$/m,
		"$arch, peek: a non-canonical address") if @strange;
}

sub pagewalk {
	my ($arch, $at) = @_;
	my @strange = $at->{strange} ? "pagewalk $at->{strange}" : ();
	my ($text, $direct, $null, $hole, @more) = type_lines($arch,
		"pagewalk $at->{text}", "pagewalk $at->{direct}",
		'pagewalk 0', "pagewalk $at->{unmapped}", @strange);
	my $levels = join '', map { "$_\\[ *\\d+\\] at "
		. "0x\\w{8}: $WORD P.*\n" } @{$at->{levels}};
	my @walk = ([$text, 'the kernel\'s text', '0x1000000'],
		[$direct, 'the direct map', $at->{phys}]);
	for (@walk) {
		my ($answer, $what, $phys) = @$_;
		like($answer, qr/^CR3 \w+\n$levels/,
			"$arch, pagewalk: each level for $what");
		like($answer, qr/ is at physical $phys, in a page of $at->{page} KiB$/m,
			"$arch, pagewalk: where $what is");
	}
	if ($arch eq 'x86_64') {
		like($direct, qr/^P[GM]D.* NX\b/m,
			'x86_64, pagewalk: no code in the direct map');
		unlike($text, qr/\bNX\b/, 'x86_64, pagewalk: code in the text');
		like($more[0], qr/^0000800000000000 is not canonical/m,
			'x86_64, pagewalk: a non-canonical address');
	}
	for ([$null, 'null', '0+'], [$hole, 'a hole',
		substr $at->{unmapped}, 2]) {
		my ($answer, $what, $addr) = @$_;
		like($answer, qr/^$addr is not mapped: this PGD is not present$/m,
			"$arch, pagewalk: $what");
	}
}

# What is typed wrong is said, and does no harm.
sub mistakes {
	my ($arch) = @_;
	my ($unknown, $number, $nothing, $crash, $long, $empty, $alive) =
		type_lines($arch, 'pagewlak 0', 'peek 12monkeys', 'pagewalk',
		'crash course', join(' ', 'a' .. 'z'), ' ', 'help');
	like($unknown, qr/^pagewlak: no such command/m,
		"$arch, a misspelt command");
	like($number, qr/^12monkeys: neither a number nor /m,
		"$arch, no number");
	like($nothing, qr/^usage: pagewalk ADDRESS$/m, "$arch, a word missing");
	like($crash, qr/^usage: crash div\|/m, "$arch, a crash unheard of");
	like($long, qr/^(?:a: no such command|too many words)/m,
		"$arch, more words than any command has");
	is($empty, '', "$arch, nothing typed");
	like($alive, qr/^  help /m, "$arch, alive after all this");
}

sub crash {
	my ($arch, $kind) = @_;
	my ($oops, $function, @also) = @{$crash{$kind}};
	my $what = "$arch, crash $kind";
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => "crash $kind");
	is($boot->{status}, 1, "$what: stops, and says so");
	said($boot, qr/^Oops: $oops \[#1\]$/m, "$what: what happened");
	said($boot, $_, "$what: $_") for @also;
	registers($boot, $arch, $what);
	my $ip = ($arch eq 'i386' ? 'EIP: ' : 'RIP: ') . $at{$arch}{cs};
	said($boot, qr/^$ip:$function\+0x\w+\/0x\w+$/m,
		"$what: where");
	backtrace($boot, $arch, $what);
	lines($boot, $what);
	said($boot, qr/^Kernel panic - not syncing: Fatal exception$/m,
		"$what: panics");
	said($boot, qr/^---\[ end Kernel panic - not syncing: Fatal exception \]---$/m,
		"$what: to the end");
	like($boot->{log}, qr/\]---\n\z/, "$what: and nothing after it");
}

sub registers {
	my ($boot, $arch, $what) = @_;
	my @names = $arch eq 'i386' ? qw(EAX EBX ECX EDX ESI EDI EBP ESP EFLAGS)
		: qw(RAX RBX RCX RDX RSI RDI RBP R08 R15 EFLAGS);
	my @missing = grep { $boot->{log} !~ /\b$_: $WORD\b/ }
		@names, qw(CR0 CR2 CR3 CR4);
	is("@missing", '', "$what: all registers");
}

# From the fault up to the first C, each with its place.
sub backtrace {
	my ($boot, $arch, $what) = @_;
	my ($trace) = $boot->{log} =~ /^Call Trace:\n((?: .*\n)*)/m;
	my @names = ($trace // '') =~
		/^ (?:\? )?(\w+)\+0x\w+\/0x\w+$/mg;
	my $first = $arch eq 'i386' ? 'i386_start_kernel'
		: 'x86_64_start_kernel';
	my $names = join ' ', @names;
	like($names, qr/cmd_crash .*monitor_run checkpoint kernel_init start_kernel $first/,
		"$what: who called whom");
	unlike($trace, qr/no frame at/, "$what: without a gap");
}

# What tools/boot adds to the trace: for each of its entries a line of the
# tree and one of a chapter, and these two have the same text.
sub lines {
	my ($boot, $what) = @_;
	my ($trace) = $boot->{log} =~ /^Call Trace:\n((?: .*\n)*)/m;
	my @wanted = ($boot->{log} =~ /^[RE]IP: \w+:(\w+)\+0x/m,
		$trace =~ /^ (?:\? )?([\w.]+)\+0x/mg);
	my (@found, @bad);
	while ($boot->{stderr} =~ m{^  (?:\? )?([\w.]+) \((\S+):(\d+)\)\n    (\S+):(\d+), section \w+\.\d+$}mg) {
		my ($name, $file, $n, $chapter, $m) = ($1, $2, $3, $4, $5);
		push @found, $name;
		my ($here, $there) = map { line_of(@$_) }
			[tree($CHAPTER) . "/$file", $n], ["$root/$chapter", $m];
		push @bad, "$file:$n $chapter:$m" unless defined $here
			&& $here =~ /\S/ && trimmed($here) eq trimmed($there);
	}
	is("@found", "@wanted", "$what: every entry is decoded");
	is("@bad", '', "$what: to lines that are there");
}

# A conversation on a terminal is decoded when it has ended, too.
sub on_terminal {
	my ($arch) = @_;
	my $what = "$arch, on a terminal";
	my $pid = open2(my $out, my $in, 'script', '-qec', "$root/tools/boot "
		. "--chapter $CHAPTER --arch $arch --via kernel", '/dev/null');
	my ($seen, $typed, $end) = ('', 0, time + 60);
	while (time < $end) {
		my $ready = '';
		vec($ready, fileno $out, 1) = 1;
		next unless select $ready, undef, undef, 0.5;
		sysread $out, my $bytes, 4096 or last;
		$seen .= $bytes =~ s/\r//gr;
		syswrite $in, "crash div\r"
			if !$typed && $seen =~ /^monitor> $/m && ++$typed;
	}
	kill 'KILL', $pid if time >= $end;
	waitpid $pid, 0;
	my ($log, $stderr) = split /^The lines of the call trace:\n/m, $seen;
	like($log, qr/^Call Trace:\n /m, "$what: the crash is told") or return;
	lines({ log => $log, stderr => $stderr // '' }, $what);
}

sub trimmed { return ($_[0] // '') =~ s/^\s+|\s+$//gr }

sub line_of {
	my ($file, $n) = @_;
	$text{$file} //= [split /\n/, slurp($file)];
	return $text{$file}[$n - 1];
}

sub crash_on_screen {
	my ($arch) = @_;
	my $machine = session(chapter => $CHAPTER, arch => $arch);
	$machine->expect(qr/^monitor> $/m);
	$machine->type("crash gp\r");
	my $end = qr/^---\[ end Kernel panic - not syncing: Fatal exception/m;
	my $screen = $machine->screen($end);
	like($screen, $end, "$arch, crash gp: on the screen");
	like($screen, qr/^[RE]IP: \w{4}:crash_gp/m,
		"$arch, crash gp: where, on the screen");
	$machine->finish('stop');
}

# Longer than a row of the screen: no character is lost where it wraps.
sub long_line_on_screen {
	my ($arch) = @_;
	my $machine = session(chapter => $CHAPTER, arch => $arch);
	$machine->expect(qr/^monitor> $/m);
	my $word = join '', 'a' .. 'z', 0 .. 9, 'A' .. 'X';
	$machine->type("$word\r");
	# The next prompt stands in a row of its own: all is there.
	my $screen = $machine->screen(qr/: no such.*^monitor> +$/ms)
		=~ s/\n//gr;
	ok(index($screen, " $word: no such command; try help ") >= 0,
		"$arch: a long line on the screen") or diag($screen);
	$machine->finish('stop');
}

# Keys as a terminal sends them; what the line has become is what the
# monitor runs.
sub editing {
	my ($arch) = @_;
	my $machine = session(chapter => $CHAPTER, arch => $arch, exits => 1);
	ok($machine->expect(qr/^monitor> $/m), "$arch: a prompt on the serial line");
	my ($left, $right, $up, $down) = map { "\033[$_" } qw(D C A B);
	my ($home, $end, $delete) = ("\033[H", "\033[F", "\033[3~");
	# Unknown words come back in the answer: NAME: no such command.
	my @cases = (
		['characters', 'zero', 'zero'],
		['backspace', "zerr\x7fo", 'zero'],
		['^H', "zerr\x08o", 'zero'],
		['left, and a character', "zro${left}${left}e", 'zero'],
		['left, right', "zer${left}${left}${right}${right}o", 'zero'],
		['home and end', "ero${home}z${end}s", 'zeros'],
		['the other home and end', "er\033OHz\033OFo", 'zero'],
		['home and end by numbers', "er\033[1~z\033[4~o", 'zero'],
		['delete', "zxero${home}${right}${delete}", 'zero'],
		['^A ^E', "ero\x01z\x05s", 'zeros'],
		['^D in a line', "xzero\x01\x04", 'zero'],
		['^K', "zeroxx${left}${left}\x0b", 'zero'],
		['^U', "never\x15zero", 'zero'],
		['^W', "zero one\x17", 'zero'],
		['^C', "never\x03zero", 'zero', 'two'],
		['too far left', "ero" . $left x 9 . 'z', 'zero'],
		['too far right', "zer" . $right x 9 . 'o', 'zero'],
		['backspace in an empty line', "\x7f\x7fzero", 'zero'],
		['an unknown escape', "ze\033[15~ro", 'zero'],
	);
	for (@cases) {
		my ($name, $keys, $word, $two) = @$_;
		$machine->type("$keys\r");
		my $answer = $machine->expect(qr/^\w+: no such.*\nmonitor> $/m)
			// '';
		like($answer, qr/^$word: no such command/m, "$arch, $name");
	}
	$machine->type("first\r");
	$machine->expect(qr/^first: no such.*\nmonitor> $/m);
	$machine->type("second\r");
	$machine->expect(qr/^second: no such.*\nmonitor> $/m);
	history($machine, $arch, $up, $down);
	# The name is completed, and the help for it comes.
	$machine->type("he\thel\r");
	like($machine->expect(qr/\nmonitor> $/) // '', qr/^help hel\n/,
		"$arch, tab completes a command");
	$machine->type("pe\t$at{$arch}{text} 1 b\r\n");
	like($machine->expect(qr/\nmonitor> $/) // '', qr/^$WORD: \w\w  /m,
		"$arch, a completed command runs; CR LF is one key");
	$machine->type('x' x 1000 . "\r");
	like($machine->expect(qr/^x+: no such.*\nmonitor> $/m) // '',
		qr/x{20}/, "$arch, a line without end");
	$machine->type("\x04");
	is($machine->finish, 33, "$arch, ^D in an empty line leaves");
}

sub history {
	my ($machine, $arch, $up, $down) = @_;
	my @cases = (
		['up', $up, 'second'], ['up, up', $up x 2, 'first'],
		['up, up, down', $up x 2 . $down, 'first'],
		['up and an edit', "$up\x7f\x7fx", 'firx'],
		['down below the last', "$up${down}third", 'third'],
	);
	# A line that is the last one's repetition is not kept twice.
	for (@cases) {
		my ($name, $keys, $word) = @$_;
		$machine->type("$keys\r");
		my $answer = $machine->expect(qr/^\w+: no such.*\nmonitor> $/m)
			// '';
		my ($said) = $answer =~ /^(\w+): no such/m;
		is($said, $word, "$arch, history: $name");
	}
}

# The same monitor, by the PS/2 keyboard that QEMU has, seen on its screen.
sub keyboard {
	my ($arch) = @_;
	my $machine = session(chapter => $CHAPTER, arch => $arch);
	$machine->screen(qr/^monitor> /m);
	press($machine, qw(shift-a b 1 minus shift-minus backspace backspace c
		left x ret));
	my $answer = qr/^Ab1xc: no such command/m;
	like($machine->screen($answer), $answer,
		"$arch, keyboard: letters, shift, backspace, arrows");
	press($machine, qw(up home delete s end h ret));
	$answer = qr/^sb1xch: no such command/m;
	like($machine->screen($answer), $answer,
		"$arch, keyboard: history, home, delete, end");
	like($machine->expect(qr/^sb1xch: no such/m) // '', qr/^sb1xch: no such/m,
		"$arch, keyboard: seen on the serial line too");
	$machine->finish('stop');
}

# The keyboard keeps 16 bytes, no more: wait until the monitor has taken a
# key, which shows on the serial line, before the next one.
sub press {
	my ($machine, @keys) = @_;
	$machine->expect(qr/^monitor> $/m);
	for my $key (@keys) {
		$machine->qemu("sendkey $key 1");
		$machine->expect(qr/.+/s) unless $key eq 'ret';
	}
}

# QEMU runs with -no-reboot: a reset ends it, with status 0.
sub reboot {
	my ($arch) = @_;
	for my $machine (qw(pc q35)) {
		my $qemu = session(chapter => $CHAPTER, arch => $arch,
			machine => $machine, exits => 1);
		$qemu->expect(qr/^monitor> $/m);
		$qemu->type("reboot\r");
		is($qemu->finish, 0, "$arch, $machine, reboot: resets");
	}
}
