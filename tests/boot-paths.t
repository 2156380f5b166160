#!/usr/bin/perl
# Every way to start a kernel: our own boot sector from a disk and from a
# floppy, QEMU's -kernel, GRUB 2 from a CD. By each, the command line must
# arrive as it was given and the initrd byte by byte.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my $CHAPTER = 2;
my $LINE = 2047;		# what COMMAND_LINE_SIZE leaves, in bytes

my $odd = spill(pattern(70_001));
my $big = spill(pattern(20 << 20));
my $small = spill('x');

for my $arch (archs()) {
	path($arch, @$_) for share($arch, map { (['pc', $_], ['q35', $_]) }
		qw(disk floppy kernel grub));
	long_line($arch, $_) for share($arch, qw(disk kernel grub));
	too_long_line($arch);
	big_initrd($arch, $_) for share($arch, qw(grub disk kernel));
	initrd_in_order($arch);
	initrd_without_room($arch);
	kernel_1($arch);
	no_way($arch);
}
done_testing();

# Bytes that repeat only after a while, so that a sector read twice, left
# out or exchanged changes the sum of a page somewhere.
sub pattern {
	my ($size) = @_;
	my $bytes = join '', map { pack 'V', $_ * 2654435761 & 0xffffffff }
		1 .. 65_537;
	$bytes x= 1 + $size / length $bytes;
	return substr $bytes, 0, $size;
}

sub byte_sum { return unpack('%32C*', slurp($_[0])) & 0xffffffff }

sub path {
	my ($arch, $machine, $via) = @_;
	my $what = "$arch, $machine, $via";
	my $line = q(one two=2 three="3 and more" four='4);
	# GRUB has quotes of its own and puts the image's name in front.
	my $expect = $via eq 'grub'
		? 'BOOT_IMAGE=/boot/image one two=2 "three=3 and more" four=4'
		: $line;
	$line =~ s/'//g if $via eq 'grub';
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		machine => $machine, via => $via, initrd => $odd,
		append => $line);
	is($boot->{status}, 0, "$what: boots")
		or Boot::show($boot, 'a good end');
	said($boot, qr/^Kernel command line: \Q$expect\E checkpoint=exit$/m,
		"$what: the command line arrives");
	check_initrd($boot, $odd, $what);
}

sub check_initrd {
	my ($boot, $file, $what) = @_;
	my ($initrd) = grep { $_->{t} eq 'initrd' } @{$boot->{record}};
	ok($initrd, "$what: the record has an initrd") or return;
	is($initrd->{size}, -s $file, "$what: its size");
	is($initrd->{sum}, byte_sum($file), "$what: the sum of its bytes");
	my $start = hex $initrd->{start};
	said($boot, sprintf('RAMDISK: [mem 0x%08x-0x%08x]', $start,
		(($start + (-s $file) + 4095) & ~4095) - 1),
		"$what: Linux's line for it");
}

# The console shows no line of 2000 characters: the monitor does.
sub long_line {
	my ($arch, $via) = @_;
	my $what = "$arch, $via, a long command line";
	my $line = 'begin' . join '', map { " w$_=" . 'x' x ($_ % 40) } 1 .. 81;
	$line = substr($line, 0, 1990) . ' end';
	my $boot = peek_line($arch, via => $via, append => $line);
	my $expect = $via eq 'grub' ? "BOOT_IMAGE=/boot/image $line" : $line;
	is($boot->{line}, $expect, "$what: arrives whole")
		or Boot::show($boot, 'the line');
	is($boot->{status}, 0, "$what: good end");
}

# The command line as the kernel has it.
sub peek_line {
	my ($arch, %o) = @_;
	my ($status, $names) = quiet_run('nm', built($CHAPTER, $arch)
		. '/vmlinux');
	my ($addr) = $names =~ /^0*(\w+) \w boot_command_line$/m;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => "peek 0x$addr " . ($LINE + 1) . ' b', %o);
	my $bytes = '';
	while ($boot->{log} =~ /^[0-9a-f]{8,16}:((?: \w\w){16})  /mg) {
		$bytes .= pack 'H*', $1 =~ s/ //gr;
	}
	$boot->{line} = unpack 'Z*', $bytes;
	return $boot;
}

# What does not fit is refused by the disk's maker, and cut off where
# QEMU hands over more.
sub too_long_line {
	my ($arch) = @_;
	my $line = join ' ', map { "n$_" } 1000 .. 1600;
	my ($status, $text) = quiet_run('perl',
		tree($CHAPTER) . '/arch/x86/boot/tools/mkdisk.pl',
		"$tmp/never", image($CHAPTER, $arch), $line);
	isnt($status, 0, "$arch: mkdisk.pl refuses too long a line");
	like($text, qr/command line is longer than $LINE bytes/,
		"$arch: and says why");
	ok(!-e "$tmp/never", "$arch: and makes no disk");
	my $boot = peek_line($arch, via => 'kernel', append => $line);
	is($boot->{line}, substr($line, 0, $LINE),
		"$arch: QEMU's too long line is cut at $LINE");
	is($boot->{status}, 0, "$arch: and the kernel lives");
}

sub big_initrd {
	my ($arch, $via) = @_;
	my $what = "$arch, $via, 20 MiB of initrd";
	my $boot = boot(chapter => $CHAPTER, arch => $arch, via => $via,
		initrd => $big);
	is($boot->{status}, 0, "$what: boots")
		or Boot::show($boot, 'a good end');
	check_initrd($boot, $big, $what);
}

# The sum does not see bytes change places. Our own loader moves 32 KiB at
# a time: look at both sides of such a seam, and at the end.
sub initrd_in_order {
	my ($arch) = @_;
	my @at = (0, 32768 - 32, 65536 - 32, (-s $odd) - 64);
	my %o = (chapter => $CHAPTER, arch => $arch, initrd => $odd,
		via => 'disk');
	my ($initrd) = grep { $_->{t} eq 'initrd' } @{boot(%o)->{record}};
	my $start = hex $initrd->{start};
	my $offset = $arch eq 'i386' ? 'c' : 'ffff8880';
	my $boot = boot(%o, input => join ';', map { sprintf
		'peek 0x%s%0*x 64 b', $offset, $arch eq 'i386' ? 7 : 8,
		$start + $_ } @at);
	my $bytes = '';
	while ($boot->{log} =~ /^[0-9a-f]{8,16}:((?: \w\w){16})  /mg) {
		$bytes .= pack 'H*', $1 =~ s/ //gr;
	}
	my $file = slurp($odd);
	is(unpack('H*', $bytes), unpack('H*', join '',
		map { substr $file, $_, 64 } @at),
		"$arch: the initrd's bytes are in their places");
}

# From our own disk, into memory that is just too small for the initrd.
sub initrd_without_room {
	my ($arch) = @_;
	my $what = "$arch, an initrd larger than memory";
	my $boot = boot(chapter => $CHAPTER, arch => $arch, initrd => $big,
		mem => '32M', via => 'disk');
	is($boot->{status}, 1, "$what: fails");
	said($boot, qr/^The initrd does not fit into memory/m,
		"$what: says why");
	$boot = boot(chapter => $CHAPTER, arch => $arch, initrd => $small,
		mem => '32M', via => 'disk');
	is($boot->{status}, 0, "$arch, an initrd of one byte: boots");
	check_initrd($boot, $small, "$arch, one byte");
}

# Kernel 1 has no setup header for loaders: its own boot sector starts it,
# and QEMU's -kernel, which takes it for an old Linux.
sub kernel_1 {
	my ($arch) = @_;
	for (share($arch, map { (['pc', $_], ['q35', $_]) }
			qw(disk floppy kernel))) {
		my ($machine, $via) = @$_;
		my $what = "kernel 1, $arch, $machine, $via";
		my $boot = boot(chapter => 1, arch => $arch,
			machine => $machine, via => $via);
		is($boot->{status}, 0, "$what: boots");
		said($boot, qr/^checkpoint 1: /m, "$what: gets there");
		is($boot->{record}[-1]{t}, 'end', "$what: has a record");
	}
}

# What cannot be is refused with a sentence, and nothing is booted. A bare
# image is no CD, which the BIOS says.
sub no_way {
	my ($arch) = @_;
	my %refusal = (cdrom => 'tools/boot: no --via cdrom: disk, floppy, '
		. "kernel or grub\n", grub => 'tools/boot: kernel 1 has no header '
		. "for GRUB: --via disk, floppy or kernel\n");
	for my $via (sort keys %refusal) {
		my $boot = boot(chapter => 1, arch => $arch, via => $via);
		isnt($boot->{status}, 0, "kernel 1, $arch, --via $via: refused");
		is($boot->{stderr}, $refusal{$via},
			"kernel 1, $arch, --via $via: with a sentence");
		is($boot->{log}, '', "kernel 1, $arch, --via $via: not booted");
	}
	my $machine = session(arch => $arch, cdrom => image($CHAPTER, $arch));
	my $sentence = qr/^Boot failed: Could not read from CDROM/m;
	like($machine->screen($sentence), $sentence,
		"$arch, an image as a CD: the BIOS says that it is none");
	$machine->finish('stop');
}
