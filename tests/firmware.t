#!/usr/bin/perl
# What the firmware left, as kernel 4 finds it: ACPI, SMBIOS, the MP
# table; good ones, and ones that are made to deceive. Made-up tables come
# as an initrd, and acpi_rsdp= points into it; a spoilt BIOS comes from
# loader/bios-hook.asm.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Firmware;
use Test::More;

use constant CHAPTER => 4;

plan skip_all => 'kernel 4 is not built'
	unless grep { $_ == CHAPTER } chapters();

my $OEM = '(v01 BOCHS  MADE-UP  00000001 R2K  00000001)';

for my $arch (archs()) {
	names($arch);
	added($arch);
	switched_off($arch);
	searched($arch);
	from_loader($arch);
	mp_table($arch);
	good($arch);
	old_root($arch);
	deceived($arch);
	checksums($arch);
	many($arch);
	greedy($arch);
	fadt($arch);
	roots($arch);
}
done_testing();

# One boot; whatever it was told, it must live and not complain of itself.
sub lives {
	my ($name, %o) = @_;
	my $boot = boot(chapter => CHAPTER, %o);
	$name = "$o{arch}, $name";
	is($boot->{status}, 0, "$name: lives")
		or Boot::show($boot, 'a good end');
	unlike($boot->{log}, qr/^WARNING|^BUG|Kernel panic/m,
		"$name: nothing amiss");
	reserved($boot, $name);
	return $boot;
}

# The tables on the record are those that were said to be reserved, and
# memblock has them.
sub reserved {
	my ($boot, $name) = @_;
	my @said = $boot->{log} =~ /^ACPI: Reserving (....) table memory at (.*)$/mg;
	my @record = grep { $_->{t} eq 'acpi' } @{$boot->{record}};
	my @listed = map { ($_->{sig}, "[mem $_->{start}-$_->{end}]") } @record;
	is("@listed", "@said", "$name: the record has the reserved tables");
	my @areas;			# regions that touch are one area
	for (grep { $_->{t} eq 'memblock' && $_->{type} eq 'reserved' }
		@{$boot->{record}}) {
		my ($from, $size) = map { hex } @$_{qw(base size)};
		push @areas, [$from, $from]
			unless @areas && $areas[-1][1] == $from;
		$areas[-1][1] += $size;
	}
	my @free = grep { my $t = $_; !grep { $_->[0] <= hex $t->{start}
		&& hex($t->{end}) < $_->[1] } @areas } @record;
	is("@{[map { $_->{sig} } @free]}", '', "$name: memblock has them");
}

# What the kernel said of ACPI, from the RSDP's line on.
sub acpi {
	my ($boot) = @_;
	my @lines = $boot->{log} =~ /^(ACPI[ :].*)$/mg;
	shift @lines if @lines && $lines[0] =~ /Early table checksum/;
	return grep { !/Reserving/ } @lines;
}

#
# The machine's own tables
#
sub names {
	my ($arch) = @_;
	my %pc = ('pc' => 'Standard PC (i440FX + PIIX, 1996)',
		'q35' => 'Standard PC (Q35 + ICH9, 2009)');
	for my $machine (sort keys %pc) {
		my $boot = lives("SMBIOS of a $machine", arch => $arch,
			machine => $machine);
		said($boot, qr/^SMBIOS 2\.8 present\.$/m, "$arch, $machine: 2.8");
		said($boot, qr/^DMI: QEMU \Q$pc{$machine}\E, BIOS \S+ \d\d\/\d\d\/\d{4}$/m,
			"$arch, $machine: its name");
		said($boot, qr/^DMI: Memory slots populated: 1\/1$/m,
			"$arch, $machine: its memory");
		said($boot, qr/^found SMP MP-table at \[mem 0x000f\w{4}-0x000f\w{4}\]$/m,
			"$arch, $machine: its MP table");
	}
	my $boot = lives('SMBIOS 3', arch => $arch,
		machine => 'pc,smbios-entry-point-type=64', qemu => [
		'-smbios type=0,vendor=V,version=B1,date=01/02/2003',
		"-smbios type=1,manufacturer=Re\x01\"set,product=Kmalloc",
		'-smbios type=2,manufacturer=M,product=Board']);
	said($boot, qr/^SMBIOS 3\.0\.0 present\.$/m, "$arch, SMBIOS 3: 3.0.0");
	said($boot, "\nDMI: Re\\x01\"set Kmalloc/Board, BIOS B1 01/02/2003\n",
		"$arch, SMBIOS 3: its name, with what cannot be printed");
	my %dmi = map { @$_{qw(name value)} } grep { $_->{t} eq 'dmi' }
		@{$boot->{record}};
	is($dmi{sys_vendor}, 'Re??set', "$arch, SMBIOS 3: in the record");
	is($dmi{board_name}, 'Board', "$arch, SMBIOS 3: the board, too");
}

# A table that the user of QEMU adds. QEMU writes a checksum of its own.
sub added {
	my ($arch) = @_;
	my $file = spill(table('R2KT', 'x' x 100, sum => 1));
	my $boot = lives('an added table', arch => $arch,
		qemu => ["-acpitable file=$file"]);
	said($boot, qr/^ACPI: R2KT 0x\w{16} 000088 \Q$OEM\E$/m,
		"$arch, an added table: found");
	unlike($boot->{log}, qr/Incorrect checksum/,
		"$arch, an added table: QEMU has mended its checksum");
}

sub switched_off {
	my ($arch) = @_;
	my $boot = lives('acpi=off', arch => $arch, append => 'acpi=off');
	is(join('', acpi($boot)), '', "$arch, acpi=off: not a word");
	$boot = lives('no ACPI', arch => $arch, machine => 'pc,acpi=off');
	is(join("\n", acpi($boot)),
		'ACPI BIOS Error (bug): A valid RSDP was not found',
		"$arch, no ACPI: says so");
}

# In the EBDA stands an RSDP with a wrong sum; the search goes on.
sub searched {
	my ($arch) = @_;
	my $boot = hook($arch, 15, 'an RSDP with a bad checksum');
	said($boot, qr/^ACPI: RSDP at 0x9\w{4} has a bad checksum and is skipped\nACPI: RSDP 0x00000000000F\w{4} 000014 /m,
		"$arch, an RSDP with a bad checksum: skipped");
	said($boot, qr/^ACPI: DSDT /m, "$arch, and the tables are found");
}

# An MP structure in the lowest KiB, whose table cannot be.
sub mp_table {
	my ($arch) = @_;
	my $boot = hook($arch, 16, 'an MP table that is none');
	said($boot, qr/^found SMP MP-table at \[mem 0x000003e0-0x000003ef\]\nMPTABLE: no table at 0xfffffff0, where one is pointed at$/m,
		"$arch, an MP table that is none: says so");
}

sub hook {
	my ($arch, $mode, $name) = @_;
	my ($status, $text) = quiet_run('nasm', '-f', 'bin', "-DMODE=$mode",
		'-o', "$tmp/hook", "$root/tests/loader/bios-hook.asm");
	die $text if $status;
	return lives($name, arch => $arch, disk => "$tmp/hook", qemu =>
		['-drive file=' . make_disk(CHAPTER, $arch, 'checkpoint=exit')
		. ',format=raw,if=ide']);
}

# boot_params.acpi_rsdp_addr is a guess, and a bad one.
sub from_loader {
	my ($arch) = @_;
	my $page = "\0" x 4096;
	substr($page, 0x070, 8) = pack 'q<', -16;
	substr($page, 0x1e8, 1) = pack 'C', 2;
	substr($page, 0x2d0, 40) = pack '(Q< Q< V)2', 0, 0x9fc00, 1,
		0x100000, 0x7ee0000, 1;
	my $boot = lives('a bad word of the loader', arch => $arch,
		via => 'kernel', image => with_page($arch, $page));
	said($boot, qr/^ACPI: no RSDP at 0xfffffffffffffff0, where the loader wants one\nACPI: RSDP 0x00000000000F/m,
		"$arch, a bad word of the loader: not believed");
}

# An image that enters the kernel with this zero page.
sub with_page {
	my ($arch, $page) = @_;
	my $file = spill($page);
	my ($status, $text) = quiet_run('nasm', '-f', 'bin',
		"-DPAGE=\"$file\"", '-o', "$tmp/setup",
		"$root/tests/loader/protocol.asm");
	die $text if $status;
	my $image = slurp(image(CHAPTER, $arch));
	my $kernel = substr $image, 512 * {sectors($image)}->{kernel};
	my $bytes = slurp("$tmp/setup");
	substr($bytes, 0x1f4, 4) = pack 'V', length($kernel) / 16;
	return spill($bytes . $kernel);
}

#
# Tables of our own
#
sub with_tables {
	my ($arch, $name, $pieces, %o) = @_;
	return lives($name, bringing($arch, $pieces, $o{append}));
}

# A line as Linux prints it.
sub line {
	my ($signature, $address, $length, $oem) = @_;
	return sprintf 'ACPI: %-4s 0x%016X %06X%s', $signature, $address,
		$length, $signature eq 'FACS' ? '' : ' ' . ($oem // $OEM);
}

sub root_line {
	my ($arch, $kind, $entries) = @_;
	return (sprintf('ACPI: RSDP 0x%016X %06X (v%02d BOCHS )', initrd_at($arch),
		$kind eq 'XSDT' ? (36, 2) : (20, 0)),
		line($kind, initrd_at($arch) + 0x100, 36
			+ ($kind eq 'XSDT' ? 8 : 4) * $entries));
}

sub fadt_table {
	my ($dsdt, $facs, $x_facs, $x_dsdt) = @_;
	return table('FACP', pack('V V x88', $facs, $dsdt) . (@_ > 2
		? pack('Q< Q< x100', $x_facs, $x_dsdt) : ''));
}

sub good {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my $boot = with_tables($arch, 'an XSDT', {
		root($arch, 'XSDT', $b + 0x1000, $b + 0x2001),
		0x1000 => fadt_table(0, $b + 0x3000, 0, $b + 0x4000),
		0x2001 => table('APIC', 'x' x 8),
		0x3000 => pack('a4 V x56', 'FACS', 64),
		0x4000 => table('DSDT', 'aml' x 0x18000, oem => "A\x01B"),
	});
	is_deeply([acpi($boot)], [root_line($arch, 'XSDT', 2),
		line('FACP', $b + 0x1000, 248),
		line('DSDT', $b + 0x4000, 36 + 0x48000,
			'(v01 A?B    MADE-UP  00000001 R2K  00000001)'),
		line('FACS', $b + 0x3000, 64),
		line('APIC', $b + 0x2001, 44)], "$arch, an XSDT: all of it");
}

# Revision 0 has no XSDT, whatever stands behind it.
sub old_root {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my %at = root($arch, 'RSDT', $b + 0x2001);
	substr($at{0}, 24, 8) = pack 'Q<', $b + 0x5000;
	my $boot = with_tables($arch, 'an RSDT', { %at,
		0x2001 => table('APIC', 'x' x 8) });
	is_deeply([acpi($boot)], [root_line($arch, 'RSDT', 1),
		line('APIC', $b + 0x2001, 44)], "$arch, an RSDT: all of it");
}

# One root table with every lie in it, and a good table at its end.
sub deceived {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my ($kind, $too_far) = $arch eq 'i386' ? ('RSDT', 0xfffffff0)
		: ('XSDT', 1 << 60);
	my @lies = (
		[0x1000, table('LEN0', '', length => 0), 'length 0x0'],
		[0x1100, table('LEN1', '', length => 35), 'length 0x23'],
		[0x1200, table('LEN2', '', length => 0x800001),
			'length 0x800001'],
		[0x1300, table('LEN3', '', length => 0xffffffff),
			'length 0xFFFFFFFF'],
		[0x1400, table('RSDT', pack 'V', $b + 0x100), 'root'],
		[0x1500, table('XSDT', pack 'Q<', $b + 0x100), 'root'],
	);
	my @entries = (0, map({ $b + $_->[0] } @lies), $b + 0x100,
		$too_far, $b + 0x2000, $b + 0x2000);
	my $boot = with_tables($arch, 'lies', {
		root($arch, $kind, @entries),
		map({ ($_->[0] => $_->[1]) } @lies),
		0x2000 => table("\x1b[2J", 'good') });
	is_deeply([acpi($boot)], [root_line($arch, $kind, scalar @entries),
		map({ sprintf 'ACPI BIOS Error (bug): Invalid table %s at %#x',
			$_->[2], $b + $_->[0] } @lies[0 .. 3]),
		sprintf('ACPI: the table at %#x is another RSDT', $b + 0x1400),
		sprintf('ACPI: the table at %#x is another XSDT', $b + 0x1500),
		sprintf('ACPI: the table at %#x is listed twice', $b + 0x100),
		sprintf('ACPI: no table can be at %#x', $too_far),
		line('?[2J', $b + 0x2000, 40),
		sprintf('ACPI: the table at %#x is listed twice', $b + 0x2000),
	], "$arch, lies: each is told, and the good table found");
}

sub checksums {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my $apic = table('APIC', 'x' x 8, sum => 3);
	my $warning = sprintf 'ACPI BIOS Warning (bug): Incorrect checksum in '
		. 'table [APIC] - 0x%02X, should be 0x%02X',
		unpack('x9 C', $apic), unpack('x9 C', $apic) - 3 & 255;
	my %at = (root($arch, 'RSDT', $b + 0x1000, $b + 0x2000),
		0x1000 => $apic, 0x2000 => table('GOOD', ''));
	my $boot = with_tables($arch, 'a bad checksum', \%at);
	said($boot, qr/^ACPI: Early table checksum verification disabled$/m,
		"$arch, a bad checksum: Linux's word");
	is_deeply([acpi($boot)], [root_line($arch, 'RSDT', 2), $warning,
		line('APIC', $b + 0x1000, 44), line('GOOD', $b + 0x2000, 36)],
		"$arch, a bad checksum: told");
	$boot = with_tables($arch, 'a checksum that counts', \%at,
		append => 'acpi_force_table_verification');
	said($boot, qr/^ACPI: Early table checksum verification enabled$/m,
		"$arch, a checksum that counts: Linux's word");
	is_deeply([acpi($boot)], [root_line($arch, 'RSDT', 2), $warning,
		line('GOOD', $b + 0x2000, 36)],
		"$arch, a checksum that counts: the table is skipped");
	$at{0} = rsdp(revision => 2, rsdt => $b + 0x100, sum => 1);
	$boot = with_tables($arch, 'a bad RSDP', \%at);
	like(join("\n", acpi($boot)), qr/^ACPI: no RSDP at 0x\w+, where acpi_rsdp= wants one\nACPI: RSDP 0x0{11}F/,
		"$arch, a bad RSDP: the BIOS's own is found");
}

# More tables than the list holds, in a root table longer than a window.
sub many {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my @entries = map { $b + 0x60000 + 0x40 * $_ } 0 .. 199;
	my $root = table('RSDT', pack 'V*', @entries);
	$root .= "\0" x (300 * 1024 - length $root);
	substr($root, 4, 4) = pack 'V', length $root;
	substr($root, 9, 1) = "\0";
	substr($root, 9, 1) = pack 'C', -sum($root) & 255;
	my $boot = with_tables($arch, 'many tables', {
		0 => rsdp(rsdt => $b + 0x100), 0x100 => $root,
		map { 0x60000 + 0x40 * $_ => table(sprintf('T%03d', $_), '') }
			0 .. 199 });
	my @lines = acpi($boot);
	is($lines[2], 'ACPI: of 76791 tables that the root table lists, 128 '
		. 'are looked at', "$arch, many tables: told");
	is_deeply([@lines[3 .. $#lines]], [map { line(sprintf('T%03d', $_),
		$entries[$_], 36) } 0 .. 127], "$arch, many tables: the first");
}

# Tables of 7 MiB, most of which is where there is no memory.
sub greedy {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my @at = map { 0x1000 + 0x100 * $_ } 0 .. 4;
	my $boot = with_tables($arch, 'greedy tables', {
		root($arch, 'RSDT', map { $b + $_ } @at, 0x2000),
		map({ $_ => table('BIG!', '', length => 0x700000) } @at),
		0x2000 => table('TINY', '') });
	my @lines = grep { !/Incorrect checksum/ } acpi($boot);
	is_deeply([@lines[2 .. $#lines]], [
		map({ line('BIG!', $b + $_, 0x700000) } @at[0, 1]),
		map({ sprintf 'ACPI: no room for the table at %#x: 2 tables of '
			. '0xe00000 bytes already', $b + $_ } @at[2 .. 4]),
		line('TINY', $b + 0x2000, 36)],
		"$arch, greedy tables: no more than there is room for");
}

# What the FADT says is no more to be believed.
sub fadt {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my $boot = with_tables($arch, 'a FADT that lies', {
		root($arch, 'RSDT', map { $b + $_ } 0x1000, 0x2000, 0x3000,
			0x4000),
		0x1000 => fadt_table($b + 0x1000, $b + 0x100),
		0x2000 => fadt_table($b + 0x5000, $b + 0x5000, 0, $b + 0x6000),
		0x3000 => fadt_table(0, 0, 0, 0),
		0x4000 => table('FACP', ''),
		0x5000 => table('DSDT', ''),
		0x6000 => table('DSDT', 'other'),
	});
	my $none = 'ACPI: no table can be at 0x0';
	is_deeply([acpi($boot)], [root_line($arch, 'RSDT', 4),
		line('FACP', $b + 0x1000, 132),
		sprintf('ACPI: the table at %#x is listed twice', $b + 0x1000),
		sprintf('ACPI: the table at %#x is listed twice', $b + 0x100),
		line('FACP', $b + 0x2000, 248),
		sprintf('ACPI BIOS Warning (bug): 32/64X DSDT address mismatch '
			. 'in FADT: 0x%08X/0x%016X, using 64-bit address',
			$b + 0x5000, $b + 0x6000),
		line('DSDT', $b + 0x6000, 41),
		sprintf('ACPI: the table at %#x is no FACS', $b + 0x5000),
		line('FACP', $b + 0x3000, 248), $none,
		line('FACP', $b + 0x4000, 36), $none],
		"$arch, a FADT that lies: each lie is told");
}

# An XSDT that cannot be there, and then an RSDT that is none.
sub roots {
	my ($arch) = @_;
	my $b = initrd_at($arch);
	my $boot = with_tables($arch, 'bad roots', {
		0 => rsdp(revision => 2, xsdt => 1 << 60, rsdt => $b + 0x100),
		0x100 => table('APIC', 'x' x 8) });
	my @lines = acpi($boot);
	is_deeply([@lines[1 .. $#lines]],
		['ACPI: no table can be at 0x1000000000000000',
		sprintf('ACPI: the table at %#x is no RSDT', $b + 0x100)],
		"$arch, bad roots: both told");
	$boot = with_tables($arch, 'an empty root', {
		0 => rsdp(rsdt => $b + 0x100), 0x100 => table('RSDT', '') });
	@lines = acpi($boot);
	is_deeply([@lines[1 .. $#lines]], [line('RSDT', $b + 0x100, 36)],
		"$arch, an empty root: no tables");
}
