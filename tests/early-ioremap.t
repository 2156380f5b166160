#!/usr/bin/perl
# Windows on physical memory, opened by hand at the monitor's prompt of
# kernel 4: eight and no more, any misuse told and survived, memory seen
# that nothing else maps.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;
no warnings 'portable';		# 64-bit numbers

my $CHAPTER = 4;
my $SLOT = 0x40000;			# 64 pages
my $END = qr/^---\[ end trace 0+ \]---\n\z/m;

if (!grep { $_ == $CHAPTER } chapters()) {
	plan skip_all => "kernel $CHAPTER has not been built";
}

# Where the slots are, and how a physical address is written.
my %at = (
	x86_64 => { first => 0xffffffffff200000, width => 16 },
	i386 => { first => 0xffdfe000, width => 8 },
);

for my $arch (archs()) {
	untouched($arch);
	eight_windows($arch);
	misuse($arch);
	beyond_ram($arch);
	hand_over($arch);
	debug_messages($arch);
}
moved_initrd() if grep { $_ eq 'i386' } archs();
done_testing();

# Type lines into a kernel; what it answers to each.
sub type_lines {
	my ($arch, @lines) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => join ';', @lines);
	is($boot->{status}, 0, "$arch: leaves in order")
		or Boot::show($boot, 'a good end');
	return (answers($boot))[0 .. $#lines];
}

sub address {
	my ($arch, $slot, $offset) = @_;
	return sprintf '%0*x', $at{$arch}{width},
		$at{$arch}{first} + $slot * $SLOT + ($offset // 0);
}

# The report of a warning with this sentence, and nothing else.
sub warns {
	my ($answer, $sentence, $name) = @_;
	my ($said) = $answer =~ /^WARNING: [^\n]*\n(.*?)^Call Trace:/ms;
	like($said // "none:\n$answer", $sentence, $name);
	like($answer, $END, "$name, and that is all");
}

# After the boot all slots are free, and the record says where they are.
sub untouched {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, input => 'slots');
	for my $i (0 .. 7) {
		said($boot, qr/^slot $i  @{[address($arch, $i)]}  free$/m,
			"$arch: slot $i is free");
	}
	my ($opened, $most) = $boot->{log} =~
		/^(\d+) windows opened so far, at most (\d) at once$/m;
	cmp_ok($opened // 0, '>', 0, "$arch: the boot has used slots");
	my @slots = grep { $_->{t} eq 'slot' } @{$boot->{record}};
	is(join(' ', map { $_->{virt} } @slots),
		join(' ', map { '0x' . address($arch, $_) } 0 .. 7),
		"$arch: the record has the slots");
	my ($first) = grep { $_->{t} eq 'fixmap'
		&& $_->{name} eq 'FIX_BTMAP_BEGIN' } @{$boot->{record}};
	is($first->{virt}, '0x' . address($arch, 0),
		"$arch: FIX_BTMAP_BEGIN is the first slot's");
}

sub eight_windows {
	my ($arch) = @_;
	my @phys = map { 0x1000000 + 0x1000 * $_ + $_ } 0 .. 7;
	my @window = map { address($arch, $_, $_) } 0 .. 7;
	my @answers = type_lines($arch, (map { "memremap $_ 16" } @phys),
		'memremap 0x1000000 1', 'slots', 'slots check',
		'peek phys:0x1000000 16', "memunmap 0x$window[3] 16", 'memremap 0x2000000 8 ro', 'slots',
		(map { sprintf 'memunmap 0x%s %d', $_ == 3 ?
			(address($arch, 3), 8) : ($window[$_], 16) } 0 .. 7),
		'slots check', 'slots');
	is($answers[$_], "$window[$_]\n", "$arch: window $_ opens")
		for 0 .. 7;
	warns($answers[8], qr/^early_ioremap\(0x0*1000000, 00000001\) not found slot: all 8 are in use$/m,
		"$arch: there is no ninth");
	for my $i (0 .. 7) {
		is(($answers[9] =~ /^(slot $i .*)$/m)[0], sprintf(
			'slot %d  %s  0x%08x-0x%08x at %s, rw', $i,
			address($arch, $i), $phys[$i], $phys[$i] + 15,
			$window[$i]), "$arch: slot $i shows its window");
	}
	warns($answers[10], qr/^Debug warning: early ioremap leak of 8 areas detected\.\nplease boot with early_ioremap_debug and report the dmesg\.$/m,
		"$arch: open windows are a leak");
	is($answers[11], "no slot to look through; see slots\n",
		"$arch: peek has no ninth either, and says only that");
	is($answers[12], '', "$arch: one is closed");
	is($answers[13], address($arch, 3) . "\n", "$arch: and reused");
	like($answers[14], qr/^slot 3  .*0x02000000-0x02000007 .*, ro$/m,
		"$arch: for reading only");
	is(join('', @answers[15 .. 23]), '',
		"$arch: all close, and nothing leaks");
	is(() = $answers[24] =~ /free$/mg, 8, "$arch: eight free slots");
}

sub misuse {
	my ($arch) = @_;
	my $window = address($arch, 0, 0x123);
	my $top = 2 ** 32 - 16;
	my @cases = (
		['memremap 0x1000 0', qr/^early_ioremap\(0x0*1000, 0+\) of no bytes$/m],
		['memremap 0x1000 0x40001', qr/needs more than the 64 pages of a slot$/m],
		['memremap 0x1fff 0x40000', qr/needs more than the 64 pages of a slot$/m],
		['memremap 0x1000 0xffff0000', qr/needs more than the 64 pages of a slot$/m],
		['memunmap 0 16', qr/^early_iounmap\(0+, 00000010\) not found slot$/m],
		["memunmap 0x$window 17", qr/^early_iounmap\($window, 00000011\) \[0\] size not consistent 00000010$/m],
		["memunmap 0x$window 15", qr/^early_iounmap\($window, 0000000f\) \[0\] size not consistent 00000010$/m],
		['memunmap 0x' . address($arch, 0) . ' 16', qr/ not found slot$/m],
		['memunmap 0x' . address($arch, 1) . ' 16', qr/ not found slot$/m],
	);
	push @cases, $arch eq 'i386'
		? ["memremap $top 17", qr/^early_ioremap\(0xfffffff0, 00000011\) wraps around the end of memory$/m]
		: (['memremap 0xfffffffffffffff0 17', qr/ wraps around the end of memory$/m],
		['memremap 0x000ffffffffff000 1', qr/ lies beyond what this CPU addresses$/m]);
	my ($open, @answers) = type_lines($arch, 'memremap 0x5123 16',
		(map { $_->[0] } @cases), "memunmap 0x$window 16",
		"memunmap 0x$window 16", 'slots');
	is($open, "$window\n", "$arch: an offset in the page is kept");
	for my $case (@cases) {
		warns(shift @answers, $case->[1], "$arch, $case->[0]");
	}
	is(shift @answers, '', "$arch: the window is still there to close");
	warns(shift @answers, qr/ not found slot$/m, "$arch: but not twice");
	is(() = $answers[0] =~ /free$/mg, 8, "$arch: no slot is lost");
}

# The BIOS's first instruction, the kernel's text, the screen.
sub beyond_ram {
	my ($arch) = @_;
	my ($bios, $text, $apic, $far, $none) = type_lines($arch,
		'peek phys:0xfffffff0 5', 'peek phys:0x1000000 32',
		'peek phys:0xfee00030 1 l', 'peek phys:0xfffffffffffffffc 4',
		'peek phys:12monkeys');
	like($bios, qr/^0*fffffff0: ea 5b e0 00 f0 /,
		"$arch, peek: the reset vector");
	quiet_run('objcopy', '-O', 'binary',
		built($CHAPTER, $arch) . '/vmlinux', "$tmp/text");
	is(join('', map { s/ //gr } $text =~ /^\w+:((?: \w\w){16})  \|/mg),
		unpack('H*', substr slurp("$tmp/text"), 0, 32),
		"$arch, peek: the kernel's text");
	like($apic, qr/^0*fee00030: 000\w001\w /,
		"$arch, peek: the version of the local APIC");
	like($far, $arch eq 'i386' ? qr/^0xf+c: neither a number/
		: qr/^f+c: not mapped$/, "$arch, peek: beyond the CPU's reach");
	like($none, qr/^12monkeys: neither a number/, "$arch, peek: nonsense");
}

# When the boot is over, no window opens any more.
sub hand_over {
	my ($arch) = @_;
	my $window = address($arch, 0);
	my ($open, undef, $late, $peek, $read, $close, $slots) =
		type_lines($arch, 'memremap 0x1000000 16', 'slots close',
		'memremap 0x1000000 16', 'peek phys:0', "peek 0x$window 1",
		"memunmap 0x$window 16", 'slots');
	is($open, "$window\n", "$arch: a window from before");
	warns($late, qr/^early_ioremap\(0x0*1000000, 00000010\) after the boot: its slots are no more$/m,
		"$arch: none after the hand-over");
	is($peek, "no slot to look through; see slots\n",
		"$arch: peek says so too, and nothing else");
	like($read, qr/^$window: \w\w /, "$arch: the old one can be read");
	is($close, '', "$arch: and closed");
	is(() = $slots =~ /free$/mg, 8, "$arch: all are closed");
}

sub debug_messages {
	my ($arch) = @_;
	my $log = boot(chapter => $CHAPTER, arch => $arch,
		append => 'early_ioremap_debug checkpoint=exit')->{log};
	my @open = $log =~ /^early_ioremap\(0x\w+, \w{8}\) \[\d\] => \w+\nCall Trace:\n/mg;
	my @close = $log =~ /^early_iounmap\(\w+, \w{8}\) \[\d\]\nCall Trace:\n/mg;
	cmp_ok(@open, '>', 0, "$arch: early_ioremap_debug shows windows");
	is(@close, @open, "$arch: and that each was closed");
}

# An initrd above low memory is copied through several windows.
sub moved_initrd {
	my $bytes = pack 'C*', map { ($_ * ($_ >> 8)) >> 6 & 255 } 1 .. 700001;
	my $boot = boot(chapter => $CHAPTER, arch => 'i386', mem => '2G',
		via => 'kernel', initrd => spill($bytes),
		append => 'checkpoint=exit');
	said($boot, qr/^Move RAMDISK from /m, 'i386: an initrd is moved');
	my ($initrd) = grep { $_->{t} eq 'initrd' } @{$boot->{record}};
	is($initrd->{size}, length $bytes, 'i386: all of it');
	is($initrd->{sum}, unpack('%32C*', $bytes), 'i386: and every byte');
}
