#!/usr/bin/perl
# What is reserved while there is no map: by whom, in which order, and
# what the final lists look like. Then initrds and notes of the loader
# that are wrong in every way, and memory that is too small: the kernel
# may live or stop, but must say what is wrong, and end in order.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Checkpoint;
use Test::More;
no warnings qw(portable);		# addresses of 64 bits

my $CHAPTER = 3;
my $MIB = 1 << 20;
my $NOTES_AT = 0x71000;		# behind the zero page
my @ram = ([0, 0x9fc00, 1], [0x9fc00, 0x400, 2], [0xf0000, 0x10000, 2],
	[0x100000, 0x7ee0000, 1], [0x7fe0000, 0x20000, 2]);
my @nothing = ();

for my $arch (archs()) {
	for my $machine (qw(pc q35)) {
		order($arch, $machine);
	}
	moved($arch);
	bad_initrds($arch);
	notes($arch);
	eaten($arch);
	nonsense($arch);
}
done_testing();

# Everything that ends, ends well or says why.
sub ended {
	my ($boot, $what) = @_;
	isnt($boot->{status}, 2, "$what: ends in order")
		or Boot::show($boot, 'an end');
	return if $boot->{status} != 1;
	said($boot, qr/^Kernel panic - not syncing: \S|^Not enough memory: /m,
		"$what: says why it stops");
}

sub lives {
	my ($boot, $what) = @_;
	is($boot->{status}, 0, "$what: lives")
		or Boot::show($boot, 'a good end');
}

# Byte i of a file is i mod 251, as in boot-paths.t.
sub initrd {
	my ($size) = @_;
	my $bytes = substr pack('C*', 0 .. 250) x ($size / 251 + 1), 0, $size;
	return (spill($bytes), unpack('%32C*', $bytes));
}

sub claims {
	my ($boot) = @_;
	return map { [$_->{who}, hex $_->{base}, hex $_->{size}] }
		grep { $_->{t} eq 'claim' } @{$boot->{record}};
}

# What has an owner is reserved. Regions that touch count as one.
sub kept {
	my ($boot, $what) = @_;
	my @kept;
	for (grep { $_->{t} eq 'memblock' && $_->{type} eq 'reserved' }
		@{$boot->{record}}) {
		my ($base, $size) = map { hex } @$_{qw(base size)};
		push @kept, [$base, $base] unless @kept && $kept[-1][1] == $base;
		$kept[-1][1] += $size;
	}
	my @lost = grep { my (undef, $base, $size) = @$_;
		!grep { $_->[0] <= $base && $base + $size <= $_->[1] } @kept }
		claims($boot);
	is(join(', ', map { $_->[0] } @lost), '',
		"$what: what has an owner is reserved");
}

# The lines of memblock=debug, and the dump, on a machine with an initrd.
sub order {
	my ($arch, $machine) = @_;
	my $what = "$arch, $machine";
	my ($file, $sum) = initrd(100_000);
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		machine => $machine, initrd => $file,
		append => 'memblock=debug kunit.filter_glob=reserve kunit.enable=1');
	lives($boot, $what);
	my ($kernel, $low, $initrd, $bios) = claims($boot);
	my $w = $arch eq 'i386' ? 8 : 16;
	my $range = sub { sprintf "[0x%0${w}x-0x%0${w}x]", $_[0]->[1],
		$_[0]->[1] + $_[0]->[2] - 1 };
	is_deeply([map { $_->[0] } claims($boot)],
		['kernel', 'first 64 KiB', 'initrd', 'BIOS', 'brk',
			'trampoline'],
		"$what: the owners, in Linux's order");
	my @lines = $boot->{log} =~
		/^(__memblock_reserve: \S+ nid=\S+ flags=\S+ \w+)/mg;
	is_deeply([@lines[0 .. 3]], [
		"__memblock_reserve: @{[$range->($kernel)]} nid=-1 flags=20 "
			. 'early_reserve_memory',
		"__memblock_reserve: @{[$range->($low)]} nid=-1 flags=0 "
			. 'early_reserve_memory',
		"__memblock_reserve: @{[$range->($initrd)]} nid=-1 flags=20 "
			. 'early_reserve_initrd',
		"__memblock_reserve: @{[$range->($bios)]} nid=-1 flags=0 "
			. 'reserve_bios_regions'],
		"$what: memblock=debug shows them");
	like($boot->{log}, qr/^__memblock_reserve.*^BIOS-provided/ms,
		"$what: before there is a map");
	kept($boot, $what);
	dump_is_linux($boot, $arch, $machine, $what);
	my ($record) = grep { $_->{t} eq 'initrd' } @{$boot->{record}};
	is($record->{sum}, $sum, "$what: the initrd's bytes");
	check_ktap($boot, $what);
}

# The first dump, with Linux's: the regions of kernel and initrd differ in
# size, and in nothing else.
sub dump_is_linux {
	my ($boot, $arch, $machine, $what) = @_;
	my @ours = regions($boot->{log});
	my @theirs = regions(slurp("$root/tests/linux/$arch-$machine-128M.txt"));
	is_deeply([map { kind($_) } @ours], [map { kind($_) } @theirs],
		"$what: the dump, as Linux's");
}

sub regions {
	my ($log) = @_;
	my ($dump) = $log =~ /^MEMBLOCK configuration:\n((?: .*\n)+)/m;
	return grep { /\[0x\w+\]\t/ } split /\n/, $dump // '';
}

sub kind {
	my ($line) = @_;
	my ($list, $n, $from, $to, $flags) = $line =~ /^\ (\w+)\[(\w+)\]\t
		\[(\w+)-(\w+)\],\ \w+\ bytes\ flags:\ (\w+)$/x or return $line;
	return "$list $n $from-$to $flags" if $flags ne '0x20';
	return "$list $n " . (hex $from < 32 * $MIB ? "from $from" : 'initrd')
		. " $flags";		# loaders put an initrd where they like
}

# Out of reach of the direct map: i386 with 2 GiB, or less RAM by mem=.
sub moved {
	my ($arch) = @_;
	my ($file, $sum) = initrd(3_000_001);
	my %try = ('mem=48M' => '128M');
	$try{''} = '2G' if $arch eq 'i386';
	for my $append (sort keys %try) {
		my $what = "$arch, $try{$append}, '$append', an initrd";
		my $boot = boot(chapter => $CHAPTER, arch => $arch,
			mem => $try{$append}, initrd => $file,
			append => "kunit.filter_glob=reserve kunit.enable=1 memblock=debug $append");
		lives($boot, $what);
		said($boot, qr/^RAMDISK: \[mem 0x\w+000-0x\w+fff\]\n/m,
			"$what: announced");
		my ($to, $end) = $boot->{log} =~
			/^Allocated new RAMDISK: \[mem (0x\w+)-(0x\w+)\]$/m;
		is(hex($end // 0) - hex($to // 0) + 1, 3_000_001,
			"$what: a new place");
		said($boot, qr/^Move RAMDISK from \[mem 0x\w+-0x\w+\] to \[mem $to-$end\]\n/m,
			"$what: moved") if $to;
		my ($record) = grep { $_->{t} eq 'initrd' } @{$boot->{record}};
		is($record->{sum}, $sum, "$what: its bytes");
		is($record->{start} && hex $record->{start}, hex($to // -1),
			"$what: where it was moved to");
		check_ktap($boot, $what);
	}
	return if $arch ne 'i386';
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '2G',
		append => 'kunit.filter_glob=reserve kunit.enable=1');
	lives($boot, "$arch, 2 GiB without an initrd");
}

sub loader_boot {
	my ($arch, %o) = @_;
	my $file = loader_image($arch, %o);
	my $boot = boot(chapter => $o{chapter} // $CHAPTER, arch => $arch,
		via => 'kernel', image => $file, mem => $o{mem} // '128M',
		$o{qemu} ? (qemu => $o{qemu}) : (),
		append => join(' ', 'kunit.filter_glob=reserve kunit.enable=1', $o{append} // ()),
		$o{initrd} ? (initrd => $o{initrd}) : ());
	unlink $file;
	return $boot;
}

# An image that brings notes, and words in the header that QEMU never says.
sub loader_image {
	my ($arch, %o) = @_;
	my $page = "\0" x 4096;
	substr($page, 0x0c0, 8) = pack 'V V', $o{image_high} // 0,
		$o{size_high} // 0;
	my $map = $o{map} // \@ram;
	substr($page, 0x1e0, 4) = pack 'V', 129920;
	substr($page, 0x1e8, 1) = pack 'C', scalar @$map;
	my $table = join '', map { pack 'Q< Q< V', @$_ } @$map;
	substr($page, 0x2d0, length $table) = $table;
	$page .= $o{notes} // '';
	$page .= "\0" x (-length($page) % 512);
	my %define = (PAGE => '"' . spill($page) . '"',
		PAGE_BYTES => length $page);
	for (qw(SETUP_DATA RAMDISK_IMAGE RAMDISK_SIZE LOADER)) {
		$define{$_} = $o{lc $_} if defined $o{lc $_};
	}
	my $setup = "$tmp/setup";
	my ($status, $text) = quiet_run('nasm', '-f', 'bin', '-Wall',
		(map { "-D$_=$define{$_}" } sort keys %define),
		'-o', $setup, "$root/tests/loader/protocol.asm");
	die $text if $status;
	my $image = slurp(image($o{chapter} // $CHAPTER, $arch));
	my $kernel = substr $image, 512 * {sectors($image)}->{kernel};
	my $bytes = slurp($setup);
	substr($bytes, 0x1f4, 4) = pack 'V', length($kernel) / 16;
	return spill($bytes . $kernel);
}

# An initrd that is not there is said not to be there, and not read.
sub bad_initrds {
	my ($arch) = @_;
	my %flaw = (
		'behind RAM' => [{ ramdisk_image => 0x20000000,
			ramdisk_size => 4096 }, 'are not in RAM'],
		'half behind RAM' => [{ ramdisk_image => 0x7fd0000,
			ramdisk_size => 0x20000 }, 'are not in RAM'],
		'in the BIOS' => [{ ramdisk_image => 0xf0000,
			ramdisk_size => 100 }, 'are not in RAM'],
		'in a hole' => [{ ramdisk_image => 0x80000000,
			ramdisk_size => 100 }, 'are not in RAM'],
		'without an address' => [{ ramdisk_image => 0,
			ramdisk_size => 100 }, 'have no address'],
		'of a loader without a number' => [{ ramdisk_image =>
			0x5000000, ramdisk_size => 100, loader => 0 },
			'come from a loader without a number'],
		'that wraps' => [{ ramdisk_image => 0x80000000,
			image_high => 0xffffffff, ramdisk_size => 0x1000,
			size_high => 1 },
			'wrap past 2^64'],
		'that ends at 2^64' => [{ ramdisk_image => 0x80000000,
			image_high => 0xffffffff,
			ramdisk_size => 0x7fffffff },
			'wrap past 2^64'],
		'of nearly 2^64 bytes' => [{ ramdisk_image => 0x80000000,
			ramdisk_size => 0x7ffff001,
			size_high => 0xffffffff },
			'wrap past 2^64'],
		'of 16 EiB less a TiB' => [{ ramdisk_image => 0x5000000,
			ramdisk_size => 0, size_high => 0xffffff00 },
			$arch eq 'i386' ? 'pass the end of physical addresses'
			: 'are not in RAM'],
		'beyond 4 GiB' => [{ ramdisk_image => 0, image_high => 1,
			ramdisk_size => 100 }, $arch eq 'i386'
			? 'pass the end of physical addresses'
			: 'are not in RAM'],
		'that ends at 4 GiB' => [{ ramdisk_image => 0xffffe000,
			ramdisk_size => 0x2000 }, $arch eq 'i386'
			? 'pass the end of physical addresses'
			: 'are not in RAM'],
		'across 4 GiB' => [{ ramdisk_image => 0xffffe000,
			ramdisk_size => 0x3000 }, $arch eq 'i386'
			? 'pass the end of physical addresses'
			: 'are not in RAM'],
	);
	for my $name (share($arch, sort keys %flaw), $arch eq 'i386'
			&& !long_form() ? ('beyond 4 GiB', 'across 4 GiB') : ()) {
		my ($words, $sentence) = @{$flaw{$name}};
		my $what = "$arch, an initrd $name";
		my $boot = loader_boot($arch, %$words);
		lives($boot, $what);
		said($boot, qr/^RAMDISK: \d+ bytes at 0x\w+ \Q$sentence\E: ignored$/m,
			"$what: says so");
		is_deeply([grep { $_->{t} eq 'initrd' } @{$boot->{record}}],
			[], "$what: not read");
		check_ktap($boot, $what);
	}
	overlapping($arch);
}

sub overlapping {
	my ($arch) = @_;
	my $boot = loader_boot($arch, ramdisk_image => 16 * $MIB,
		ramdisk_size => 4096);
	is($boot->{status}, 1, "$arch, an initrd in the kernel: stops");
	said($boot, qr/^The initrd lies where the kernel must go/m,
		"$arch, an initrd in the kernel: says so");
}

sub setup_note {
	my ($next, $type, $data, $len) = @_;
	return pack('Q< V V', $next, $type, $len // length $data) . $data;
}

sub e820 { return join '', map { pack 'Q< Q< V', @$_ } @_ }

# Chains of setup_data: good ones are used, bad ones survived.
sub notes {
	my ($arch) = @_;
	my ($at, $ind) = ($NOTES_AT, 1 << 31);
	my $extra = e820([0x200000000, 0x100000, 2], [0x7000000, 0x1000, 2]);
	my $second = $at + 0x100;
	my $two = sub { my ($a, $b) = @_; return pack('a256', $a) . $b };

	my $boot = chain($arch, 'with an extended map', 0,
		$two->(setup_note($second, 9, 'random'), setup_note(0, 1, $extra)));
	said($boot, qr/^extended: \[mem 0x0000000007000000-0x0000000007000fff\] reserved$/m,
		"$arch, an extended map: taken");
	is_deeply([map { [@$_[1, 2]] } grep { $_->[0] eq 'setup_data' }
		claims($boot)], [[$at, 22], [$second, 16 + length $extra]],
		"$arch, an extended map: its notes are reserved");

	$boot = chain($arch, 'with a note elsewhere', 0,
		setup_note(0, $ind, pack 'V V Q< Q<', 5, 0, 0x3000, 0x5000000));
	is_deeply([grep { $_->[0] =~ /indirect/ } claims($boot)],
		[['setup_data, indirect', 0x5000000, 0x3000]],
		"$arch, a note elsewhere: reserved");

	# Where memory is free for all: the first MiB is closed anyway.
	my $high = spill(setup_note(0, 9, 'random'));
	$boot = loader_boot($arch, setup_data => 0x5000000,
		qemu => [qw(-device), "loader,addr=0x5000000,file=$high,force-raw=on"]);
	lives($boot, "$arch, a note above 1 MiB");
	is_deeply([map { $_->[1] } grep { $_->[0] eq 'setup_data' }
		claims($boot)], [0x5000000], "$arch, a note above 1 MiB: found");
	kept($boot, "$arch, a note above 1 MiB");

	my $nowhere = qr/^setup_data: the note at 0x71000 points nowhere$/m;
	for (share($arch, [0x3000, 0x20000000], [0, 0x5000000],
		[~0, 0x5000000], [0x3000, ~0xfff], [0x100000, 0x7fdf000],
		[0x1000, 0x1000000], [0x2000, 0xfff000])) {
		chain($arch, sprintf('pointing to %#x bytes at %#x', @$_),
			$nowhere, setup_note(0, $ind, pack 'V V Q< Q<', 5, 0, @$_));
	}
	chain($arch, 'pointing to what points', $nowhere,
		setup_note(0, $ind, pack 'V V Q< Q<', $ind, 0, 16, 0x5000000));
	chain($arch, 'too short to point', $nowhere,
		setup_note(0, $ind, pack 'V V Q<', 5, 0, 16));

	chain($arch, 'that loops to itself',
		bad($at, 'comes again: the chain is a loop'),
		setup_note($at, 0, ''));
	chain($arch, 'that loops', bad($at, 'comes again: the chain is a loop'),
		$two->(setup_note($second, 0, ''), setup_note($at, 1, $extra)));
	chain($arch, 'that loops with an extended map', bad($second,
		'comes again: the chain is a loop'),
		$two->(setup_note($second, 0, ''), setup_note($second, 1, $extra)));
	chain($arch, 'of seventeen notes', bad($at + 256, 'is one too many'),
		join '', map { setup_note($_ < 16 ? $at + 16 * ($_ + 1) : 0, 0, '') }
		0 .. 16);
	for my $wild (share($arch, 1, 0xf0000, 0x7fdfff8, 0x20000000,
		0xfee00000, 0xfffffff8, 0xfffffffffffffff8,
		0x8000000000000000, 0x100000000)) {
		chain($arch, sprintf('that leads to %#x', $wild),
			$wild == 1 ? bad(1, '\S.*') : bad($wild, 'is not in RAM'),
			setup_note($wild, 0, ''));
	}
	chain($arch, 'that leads into the kernel',
		bad(0x1001000, 'lies in the kernel'), setup_note(0x1001000, 0, ''));
	for my $len (share($arch, 0xffffffff, 0x4000000, 0xfffffff0)) {
		chain($arch, sprintf('with a note of %#x bytes', $len),
			bad($at, 'does not end in RAM'), setup_note(0, 1, '', $len));
	}
	for my $len (share($arch, 0, 19, 1, 39)) {
		chain($arch, "with an extended map of $len bytes", 0,
			setup_note(0, 1, $extra, $len));
	}
	chain($arch, 'with an extended map of 128 KiB', 0,
		setup_note(0, 1, $extra, 1 << 17));
	chain($arch, 'with an extended map that wraps', 0,
		setup_note(0, 1, e820([~0xfff, 0x2000, 1])));
	void($arch, $_) for share($arch, [0, ~0, 1],
		[0x10000000, 0x10000000, 1], [0x8000000, 0x1000, 1]);
	$boot = chain($arch, 'with an extended map of 800 entries',
		qr/^e820: 320 of 800 extended entries are read; all from 0x07000000 on is unusable$/m,
		setup_note(0, 1, e820((map { [0x200000000 + ($_ << 13), 0x1000, 2] }
			1 .. 799), [0x7000000, 0x1000, 2])));
	is(memory_in($boot, 0x7000000, 0x8000000), 0,
		"$arch, an extended map of 800 entries: what is not read is kept");
	full($arch);
	huge($arch);
	ended(loader_boot($arch, setup_data => $at,
		notes => setup_note(0, 1, e820([0, ~0, 2]))),
		"$arch, an extended map that takes all memory away");
}

# Bytes of memblock's memory in [from, to).
sub memory_in {
	my ($boot, $from, $to) = @_;
	my $sum = 0;
	for (grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' }
		@{$boot->{record}}) {
		my ($a, $b) = (hex $_->{base}, hex($_->{base}) + hex $_->{size});
		$a = $from if $a < $from;
		$b = $to if $b > $to;
		$sum += $b - $a if $a < $b;
	}
	return $sum;
}

# Reserved pages that have no room in the table, and RAM that covers them.
sub full {
	my ($arch) = @_;
	my $boot = chain($arch, 'with a map that is full before its RAM',
		qr/^too many entries; all from 0x[0-9a-f]+ on is unusable$/m,
		setup_note(0, 1, e820((map { [0x2800000 + ($_ << 16), 0x1000, 2] }
			0 .. 317), [0x2801000, 0xf000, 2],
			[0x3300000, 0x4c00000, 1])));
	is(memory_in($boot, 0x2800000 + ($_ << 16), 0x2801000 + ($_ << 16)), 0,
		"$arch, a full map: reserved page $_ stays reserved")
		for 0, 0xb1, 0xc0, 317;

	$boot = boot(chapter => $CHAPTER, arch => $arch,
		append => 'memmap=' . '1$9M,' x 316 . '8M$32M');
	lives($boot, "$arch, the same memmap= 316 times");
	is(memory_in($boot, 32 << 20, 40 << 20), 0,
		"$arch, the same memmap= 316 times: the next is obeyed");
}

# A note of nearly 4 GiB, whose head makes it longer than 32 bits can say.
# Only a kernel whose windows are small can refuse it.
sub huge {
	my ($arch) = @_;
	return if $arch eq 'i386' || !grep { $_ == 4 } chapters();
	my $note = spill(setup_note(0, 1, "\0" x 4080, 0xfffffff8));
	my $boot = loader_boot($arch, chapter => 4, mem => '12G',
		setup_data => '0x100000000', map => [[0, 0x9fc00, 1],
			[0x100000, 0xbfe00000, 1], [0x100000000, 0x240000000, 1]],
		qemu => [qw(-device), "loader,addr=0x100000000,file=$note,force-raw=on"]);
	lives($boot, "$arch, a note of nearly 4 GiB");
	said($boot, qr/^e820: cannot read the extended entries at 0x100000000$/m,
		"$arch, a note of nearly 4 GiB: says so");
}

# The map has RAM where nothing answers. Page tables there would be the end.
sub void {
	my ($arch, $range) = @_;
	my $what = sprintf '%s, %#x bytes at %#x that are not there', $arch,
		@$range[1, 0];
	my $boot = loader_boot($arch, setup_data => $NOTES_AT,
		notes => setup_note(0, 1, e820($range)));
	is($boot->{status}, 1, "$what: stops");
	said($boot, qr/^Kernel panic - not syncing: The map calls \[mem \S+\] usable, but not all of it is memory$/m,
		"$what: says so");
}

sub bad {
	my ($at, $why) = @_;
	return qr/^setup_data: the note at @{[sprintf '%#x', $at]} $why; the rest is ignored$/m;
}

sub chain {
	my ($arch, $name, $says, $notes) = @_;
	my $what = "$arch, a chain $name";
	my $boot = loader_boot($arch, notes => $notes,
		setup_data => $NOTES_AT);
	lives($boot, $what);
	said($boot, $says, "$what: says so") if $says;
	unlike($boot->{log}, qr/^setup_data: /m, "$what: no complaint")
		if !$says;
	kept($boot, $what);
	check_ktap($boot, $what);
	return $boot;
}

# Reservations until nothing is left; notes may not claim the kernel, which
# is in the MiB that begins at 16 MiB.
sub eaten {
	my ($arch) = @_;
	my @ranges = ([$MIB, 16 * $MIB], [17 * $MIB, 0x4000000],
		[0x4000000, 0x7fe0000]);
	my ($notes, $at) = (setup_note($NOTES_AT + 0x100, 0, ''), $NOTES_AT);
	while (my $range = shift @ranges) {
		my ($from, $to) = @$range;
		$at += 0x100;
		$notes .= "\0" x (-length($notes) % 0x100);
		$notes .= setup_note(@ranges ? $at + 0x100 : 0, 1 << 31,
			pack 'V V Q< Q<', 5, 0, $to - $from, $from);
	}
	my $all = loader_boot($arch, setup_data => $NOTES_AT,
		notes => $notes);
	is($all->{status}, 1, "$arch, all memory reserved: stops");
	said($all, qr/^Kernel panic - not syncing: \d+ KiB of memory are left/m,
		"$arch, all memory reserved: says so");
	said($all, qr/^reserved: \[mem 0x0*04000000-0x0*07fdffff\] for setup_data, indirect$/m,
		"$arch, all memory reserved: says for whom");

	my ($file) = initrd(40 * $MIB);
	my $boot = boot(chapter => $CHAPTER, arch => $arch, initrd => $file,
		append => 'mem=40M');
	is($boot->{status}, 1, "$arch, no room to move an initrd: stops");
	said($boot, qr/^Kernel panic - not syncing: Cannot find place for new RAMDISK of size 41943040$/m,
		"$arch, no room to move an initrd: says so");
	said($boot, qr/^reserved: \[mem \S+\] for initrd$/m,
		"$arch, no room to move an initrd: says who has it");
}

# Sizes and maps that no user should ask for.
sub nonsense {
	my ($arch) = @_;
	for my $append (share($arch, map({ "mem=$_" } qw(0 1 64K 1M 15M 16M 17M
		18M 20M 22M 24M -1 18446744073709551615 0x10000000000000000
		4G nonsense)),
		map { "memmap=$_" } 'exactmap', '', '@', '1M@', '1M@1M',
		'0@0', '128M$0', '128M#0', '128M!0', '1G$16M', '128M%0-1+2',
		'128M%0-1', '4K$0,4K$4K', '64M@0xfffffffffc000000',
		'0xffffffffffffffff@0', '0xffffffffffffffff$0', 'x@y', '1M$x',
		'exactmap memmap=640K@0', 'exactmap memmap=1M@64M',
		'exactmap memmap=640K@0 memmap=32M@1M',
		'exactmap memmap=16M@16M')) {
		my $boot = boot(chapter => $CHAPTER, arch => $arch,
			append => $append);
		ended($boot, "$arch, $append");
	}
}
