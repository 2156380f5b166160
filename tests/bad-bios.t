#!/usr/bin/perl
# BIOSes whose INT 15h lies, fails or does less than ours. A boot sector
# (loader/bios-hook.asm) puts itself between the BIOS and the kernel's own
# boot sector on the second disk. Both kernels must find the memory that
# is there, or say what is wrong.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my $LOW = '[mem 0x0000000000000000-0x000000000009efff] usable';
my $HIGH = '[mem 0x0000000000100000-0x0000000007fdffff] usable';
my $HIGH_88 = '[mem 0x0000000000100000-0x0000000003ffffff] usable';
my $NO_E820 = 'The BIOS gives no E820 map; an older call has to do.';
my $NO_TRUST = 'No E820 map to trust; sizes come from an older call.';
my $MORE = 'The BIOS has more than 128 ranges; the rest is ignored.';
my $NEED = 'Not enough memory: this kernel needs RAM up to ';

for my $arch (archs()) {
	my $linux = slurp("$root/tests/linux/$arch-pc-128M.txt");
	my @map = $linux =~ /^(BIOS-e820: .*)$/mg;
	my @e801 = ("BIOS-e801: $LOW", "BIOS-e801: $HIGH");
	my @extra = map { sprintf 'BIOS-e820: [mem 0x%016x-0x%016x] reserved',
		(1 << 32) + $_ * 4096, (1 << 32) + $_ * 4096 + 4095 }
		0 .. 127 - @map;

	# What is wrong, the hook's mode, the map; what kernel 1 says of
	# it, what kernel 2 says, and whether kernel 2 can live.
	hooked($arch, @$_) for
		['no fault', 0, \@map],
		['no E820', 1, \@e801, $NO_E820, $NO_TRUST],
		['only 88h', 2, ["BIOS-88: $LOW", "BIOS-88: $HIGH_88"],
			$NO_E820, $NO_TRUST],
		['no call at all', 3, ["BIOS-e801: $LOW"], $NO_E820, $NEED,
			'dies'],
		['no call at all, nor a flag', 17, ["BIOS-e801: $LOW"], $NO_E820,
			$NEED, 'dies'],
		['E820 fails midway', 4, [@map[0, 1]], undef, $NEED, 'dies'],
		['E820 fails at its last entry', 10, [@map[0 .. $#map - 1]]],
		['E820 loses its signature', 5, \@e801, $NO_E820, $NO_TRUST],
		['E820 never ends', 6, [@map, @extra], $MORE, $MORE],
		['24 bytes for our 20', 7, \@map],
		['E801 in CX and DX only', 8, \@e801, $NO_E820, $NO_TRUST],
		['rubbish in the registers', 9, \@map],
		['A20 shut', 13, \@map],
		['A20 shut, and no call that opens it', 14, \@map];
}
done_testing();

sub hook {
	my ($mode) = @_;
	my $file = "$tmp/hook$mode";
	my ($status, $text) = quiet_run('nasm', '-f', 'bin', "-DMODE=$mode",
		'-Wall', '-o', $file, "$root/tests/loader/bios-hook.asm");
	die $text if $status;
	return $file;
}

sub hooked {
	my ($arch, $name, $mode, $map, $says1, $says2, $dies) = @_;
	for my $chapter (1, 2) {
		my $what = "kernel $chapter, $arch, $name";
		my $disk = make_disk($chapter, $arch, 'checkpoint=exit');
		my $boot = boot(chapter => $chapter, arch => $arch,
			disk => hook($mode),
			qemu => ["-drive file=$disk,format=raw,if=ide"]);
		my $says = $chapter == 1 ? $says1 : $says2;
		my $end = $chapter == 2 && $dies ? 1 : 0;
		is($boot->{status}, $end, "$what: the end it deserves")
			or Boot::show($boot, "status $end");
		is_deeply([$boot->{log} =~ /^(BIOS-\w+: .*)$/mg], $map,
			"$what: the map");
		said($boot, $says, "$what: $says") if $says;
		unlike($boot->{log}, qr/E820 map|more than 128/,
			"$what: nothing to say") if !$says;
		said($boot, qr/^checkpoint $chapter: /m,
			"$what: gets to its checkpoint") if !$end;
		unlink $disk;
	}
}
