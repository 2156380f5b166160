#!/usr/bin/perl
# What only the start needed is given back: the lines that say so, what is
# in the pages then, what becomes of a call, and who counts them.
use strict;
use warnings;
no warnings 'portable';			# addresses of 64 bits
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my ($CHAPTER) = reverse chapters();
plan skip_all => 'no kernel that gives init memory back' if $CHAPTER < 6;

my $initrd = spill(join '', map { chr $_ % 251 } 0 .. 299_999);
my $KIB = 296;				# of it, in whole pages

for my $arch (archs()) {
	lines($arch);
	bytes_and_calls($arch);
	kept($arch);
	self_tests($arch);
	gaps() if $arch eq 'x86_64';
}
done_testing();

# The marks of the linker script in the built kernel.
sub symbols {
	my ($file) = @_;
	my %at;
	for (split /\n/, (quiet_run('nm', $file))[1]) {
		$at{$2} = hex $1 if /^([0-9a-f]+) \w (\S+)$/;
	}
	return %at;
}

# Linux's lines in Linux's order, with the sizes of this kernel.
sub lines {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, initrd => $initrd,
		via => 'kernel', input => 'cat /proc/meminfo');
	my %at = symbols(built($CHAPTER, $arch) . '/vmlinux');
	my $kib = ($at{__init_end} - $at{__init_begin}) >> 10;
	my @said = grep { /^Freeing|^Write protecting|^Memory:/ }
		split /\n/, $boot->{log};
	like(shift @said, qr/^Memory: /, "$arch: first the sum");
	is(shift @said, "Freeing initrd memory: ${KIB}K", "$arch: the initrd");
	is(shift @said, "Freeing unused kernel image (initmem) memory: ${kib}K",
		"$arch: init memory, all of it");
	like(shift @said, qr/^Write protecting /, "$arch: then the rights");
	is("@said", '', "$arch: no gaps, and so no word of them");

	my ($available, $all, $init, $reserved) = $boot->{log} =~
		m{^Memory: (\d+)K/(\d+)K available \(\d+K kernel code, \d+K rwdata, \d+K rodata, (\d+)K init, \d+K bss, (\d+)K reserved, 0K cma-reserved(?:, \d+K highmem)?\)$}m;
	is($init, $kib, "$arch: the line of all memory knows its size");
	my ($total) = $boot->{log} =~ /^MemTotal: +(\d+) kB$/m;
	is($total, $all - $reserved + $kib + $KIB,
		"$arch: both count as memory afterwards");
}

sub bytes_and_calls {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => 'peek setup_arch;e820;call e820__end_of_ram_pfn');
	is($boot->{status}, 1, "$arch: the call of init code is fatal");
	is(scalar(() = $boot->{log} =~ /^[0-9a-f]+:(?: cc){16}  \|\.{16}\|$/mg),
		4, "$arch: all bytes are 0xcc");
	said($boot, qr/^BIOS-e820: .* usable$(?s:.*)^BIOS-e820: .* usable$/m,
		"$arch: the map has moved out in time");
	said($boot, $arch eq 'i386' ? qr/^Oops: int3: /m
		: qr/^#PF: supervisor instruction fetch in kernel mode\n.* - permissions violation$/m,
		"$arch: it is a fault of the right kind");
	said($boot, qr/^.IP: \w+:e820__end_of_ram_pfn\+0x[01]\//m,
		"$arch: and names the function");
}

sub kept {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, initrd => $initrd,
		via => 'kernel', append => 'retain_initrd checkpoint=exit');
	is($boot->{status}, 0, "$arch, retain_initrd: boots");
	unlike($boot->{log}, qr/^Freeing initrd/m,
		"$arch, retain_initrd: keeps it");
}

# At the prompt, what cannot be run any more is left out with a word.
sub self_tests {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => 'selftest');
	is(scalar(() = $boot->{log}
		=~ /^ok \d+ \w+ # SKIP its code has been given back$/mg), 3,
		"$arch: three suites are gone");
	unlike($boot->{log}, qr/^ *not ok/m, "$arch: the others pass");
}

# A kernel whose linker leaves room between the parts of its image, as
# Linux's does on x86_64.
sub gaps {
	my $copy = "$tmp/gaps";
	quiet_run('cp', '-r', tree($CHAPTER), $copy);
	my $script = "$copy/arch/x86/kernel/vmlinux.lds.S";
	my $text = slurp($script);
	is($text =~ s/ALIGN\(4096\);(?=\n\t\.(?:rodata|data) :)/ALIGN(0x40000);/g, 2,
		'gaps: two places to make some');
	spill($text, $script);
	my ($status, $said) = quiet_run('make', '-C', $copy, '-j2',
		"O=$tmp/out", 'CCACHE=ccache');
	is($status, 0, 'gaps: builds') or return diag($said);
	my %at = symbols("$tmp/out/vmlinux");
	my $page = sub { ($_[0] + 4095) & ~4095 };
	my $boot = boot(chapter => $CHAPTER, arch => 'x86_64',
		image => "$tmp/out/image", append => 'kunit.enable=1');
	is($boot->{status}, 0, 'gaps: boots, and passes its tests');
	for (['text/rodata', '_etext', '__start_rodata'],
		['rodata/data', '__end_rodata', '_sdata']) {
		my ($name, $from, $to) = @$_;
		my $kib = ($at{$to} - $page->($at{$from})) >> 10;
		said($boot, qr/^Freeing unused kernel image \(\Q$name\E gap\) memory: ${kib}K$/m,
			"gaps: $kib KiB of $name are given back");
	}
}
