package HostileMap;
# Memory maps that no good firmware would give, made from a seed, handed
# to the booted kernel by loader/protocol.asm. What the kernel may use of
# such a map is found by a model that has nothing in common with the
# kernel's way: it cuts the address space wherever an entry begins or
# ends, and asks of each piece which entries cover it.
#
# Where the maps say "usable", the machine has memory, but for some that
# promise more than there is: at the end of a range the kernel must notice.
use strict;
use warnings;
no warnings 'portable';
use Boot;
use Exporter qw(import);
use List::Util qw(max min shuffle);

our @EXPORT = qw(hostile_map boot_map verdict map_text);

use constant { PAGE => 4096, MIB => 1 << 20, GIB => 1 << 30,
	ALL => 0xffffffffffffffff, FAR => 1 << 46, KERNEL => 0x1000000,
	ZEROPAGE_ENTRIES => 128, E820_EXT => 1, RAM => 1, RSRV_KERN => 0x20,
	NODES => 0x71000,		# behind protocol.asm's zero page
	ENOUGH => 8 << 20 };		# who finds so much must get on

my @types = (0, 2, 3, 4, 5, 6, 7, 8, 12, 100, 0xefffffff, 0xfffffffe,
	0xffffffff);
my %sizes = (x86_64 => [64, 128, 512, 2048, 6144],
	i386 => [64, 128, 512, 2048, 3072]);

sub any { return $_[rand @_] }
sub chance { return rand() < $_[0] }

# The I-th map of a seed: a reference to what boot_map() and verdict()
# need, with its entries in the zero page and those in setup_data.
sub hostile_map {
	my ($seed, $i, $arch, $chapter) = @_;
	srand($seed * 1_000_003 + $i);
	my $mem = any(@{$sizes{$arch}});
	my $map = { seed => $seed, i => $i, arch => $arch, mem => $mem,
		chapter => $chapter, ram => [real_ram($mem << 20)],
		image => [KERNEL, kernel_end($chapter, $arch)] };
	my @entries = base($map);
	for (1 .. rand 12) {
		push @entries, any(\&cover, \&cover, \&more_ram, \&hole_in_kernel,
			\&odd_entry, \&page_holes)->($map, @entries);
	}
	push @entries, fragments($map, rand ZEROPAGE_ENTRIES) if chance(.15);
	push @entries, void($map) if chance(.08);
	@entries = shuffle(@entries) if chance(.5);
	@entries = reverse @entries if chance(.1);
	# Extended entries are believed where the others say that they lie
	# in RAM.
	unshift @entries, range(NODES & ~0xffff, 0x90000, RAM) if chance(.5);
	my $split = chance(.3) ? rand @entries : @entries;
	$split = ZEROPAGE_ENTRIES if $split > ZEROPAGE_ENTRIES;
	$map->{entries} = [@entries[0 .. $split - 1]];
	$map->{ext} = [@entries[$split .. $#entries]];
	$map->{claim} = chance(.05) ? 129 + int rand 127 : scalar @{$map->{entries}};
	$map->{e801} = chance(.5) ? ($map->{ram}[0][1] - MIB) / 1024 - 128 : 0;
	return $map;
}

# A map that somebody else has given, for verdict().
sub of_entries {
	my ($chapter, $arch, @entries) = @_;
	return { chapter => $chapter, arch => $arch, entries => \@entries,
		ext => [], e801 => 0, image => [KERNEL, kernel_end($chapter, $arch)] };
}

# What a PC of this size has, as QEMU's i440fx lays it out: [from, to).
sub real_ram {
	my ($bytes) = @_;
	my $low = $bytes < 0xe0000000 ? $bytes : 3 * GIB;
	return ([0, $low], $bytes > $low ? [4 * GIB, 4 * GIB + $bytes - $low] : ());
}

sub kernel_end {
	my ($chapter, $arch) = @_;
	return hex slurp(built($chapter, $arch) . '/kernel.end') =~ s/\s+//r;
}

sub range { my ($from, $to, $type) = @_; return [$from, $to - $from, $type] }

# What the mischief begins with.
sub base {
	my ($map) = @_;
	my ($low, $high) = @{$map->{ram}};
	my $top = $low->[1] - 0x20000;
	my @first = ([0, 0x9fc00, 1], [0x9fc00, 0x400, 2], [0xf0000, 0x10000, 2]);
	my @rest = (range(MIB, $top, 1), [$top, 0x20000, 2], [0xfffc0000, 0x40000, 2],
		$high ? range(@$high, 1) : ());
	my $place = $map->{image};
	return @{any(
		([@first, @rest]) x 12,
		([@rest]) x 2,					# none below 1 MiB
		([@first, $high ? range(@$high, 1) : @rest]) x 2, # none in the middle
		[@first, range($place->[0], $place->[1] + MIB * int rand 16, 1)],
		[$first[0], fragments($map, 100)],
		[@first, map { [$_->[0], $_->[1], 2] } @rest],	# hardly any RAM
		[[0, 0x1000, 1], [0x7000, 0x1000, 1]],
	)};
}

# An address: near something that matters, or anywhere.
sub place {
	my ($map) = @_;
	my $at = any(0, 0x9fc00, 0xa0000, MIB, @{$map->{image}}, 4 * GIB,
		(map { @$_ } @{$map->{ram}}), rand $map->{ram}[0][1],
		rand $map->{ram}[0][1], rand 8 * GIB, rand FAR);
	$at = int($at) + any(0, 0, PAGE, -PAGE, 2 * MIB, -2 * MIB, 1, -1,
		int(rand 1 << 20) - (1 << 19));
	$at = 0 if $at < 0;
	return chance(.7) ? $at & ~(PAGE - 1) : $at;
}

sub length_of { return int any(1, PAGE, PAGE, 2 * PAGE, 64 << 10, 2 * MIB,
	4 * MIB, rand MIB, rand MIB, rand 16 * MIB, rand 256 * MIB) || 1 }

sub cover { return [place($_[0]), length_of(), any(@types)] }

# RAM once more, but only where there is some.
sub more_ram {
	my ($map) = @_;
	my ($from, $size) = (place($map), length_of());
	for (@{$map->{ram}}) {
		next if $from < $_->[0] || $from >= $_->[1];
		return [$from, min($size, $_->[1] - $from), RAM];
	}
	return ();
}

sub hole_in_kernel {
	my ($map) = @_;
	my ($from, $to) = @{$map->{image}};
	return [$from + int(rand $to - $from), any(1, PAGE, $to - $from),
		any(@types)];
}

sub odd_entry {
	my ($map, @entries) = @_;
	my $copy = any(@entries);
	return any([place($map), 0, any(1, @types)], [@$copy], [@$copy],
		[ALL - PAGE + 1, PAGE, any(@types)],
		chance(.2) ? [ALL - PAGE + 1, 2 * PAGE, any(1, 2)] : ());
}

# Single pages that are not usable, all over one MiB or so.
sub page_holes {
	my ($map) = @_;
	my $from = place($map);
	return map { [$from + $_ * any(2, 3, 64) * PAGE, PAGE, any(2, 2, 5)] }
		1 .. rand 24;
}

# Single pages of RAM, every second one.
sub fragments {
	my ($map, $n) = @_;
	my $ram = any(@{$map->{ram}});
	my $from = max($ram->[0], MIB)
		+ PAGE * int rand(($ram->[1] - $ram->[0] - 2 * MIB) / PAGE);
	return map { [$_, PAGE, RAM] } grep { $_ + PAGE <= $ram->[1] }
		map { $from + 2 * PAGE * $_ } 1 .. $n;
}

# RAM behind the last, where nothing answers: below what PCI devices use.
sub void {
	my ($map) = @_;
	my $from = $map->{ram}[-1][1] - any(0, 0, PAGE, 32 * MIB)
		+ any(0, 0, PAGE, 32 * MIB);
	return [$from, 32 * MIB + int any(PAGE, MIB, rand 64 * MIB), RAM];
}

sub map_text {
	my ($map) = @_;
	my $line = sub { sprintf "  %#x %#x %u\n", @$_ };
	return sprintf("map %d of seed %d for %s, %d MiB, kernel at %#x-%#x, "
		. "claims %d entries, E801h says %d KiB\n", @$map{qw(i seed arch mem)},
		@{$map->{image}}, @$map{qw(claim e801)})
		. join('', map { $line->() } @{$map->{entries}})
		. (@{$map->{ext}} ? "setup_data E820_EXT\n" : '')
		. join '', map { $line->() } @{$map->{ext}};
}

sub table { return join '', map { pack 'Q< Q< V', @$_ } @_ }

# Build an image that carries the map, and boot it.
sub boot_map {
	my ($map, %o) = @_;
	my $page = "\0" x 4096;
	substr($page, 0x1e0, 4) = pack 'V', $map->{e801};
	substr($page, 0x1e8, 1) = pack 'C', $map->{claim};
	my $table = table(@{$map->{entries}});
	substr($page, 0x2d0, length $table) = $table;
	my @ext = @{$map->{ext}};
	if (@ext) {
		my $data = table(@ext);
		$page .= pack 'Q< V V a*', 0, E820_EXT, length $data, $data;
		$page .= "\0" x (-length($page) % 512);
	}
	my $name = spill($page);
	my ($status, $text) = quiet_run('nasm', '-f', 'bin', '-Wall',
		"-DPAGE=\"$name\"", '-DPAGE_BYTES=' . length $page,
		'-DSETUP_DATA=' . (@ext ? NODES : 0), '-o', "$name.setup",
		"$root/tests/loader/protocol.asm");
	die $text if $status;
	my $image = slurp(image(@$map{qw(chapter arch)}));
	my $kernel = substr $image, 512 * {sectors($image)}->{kernel};
	my $setup = slurp("$name.setup");
	substr($setup, 0x1f4, 4) = pack 'V', length($kernel) / 16;
	spill($setup . $kernel, "$name.image");
	my $boot = boot(chapter => $map->{chapter}, arch => $map->{arch},
		via => 'kernel', image => "$name.image", mem => "$map->{mem}M",
		append => 'memblock=debug debug', %o);
	unlink $name, "$name.setup", "$name.image";
	return $boot;
}

# Disjoint sorted ranges [from, to) of what is covered by some of the
# first list and by none of the second.
sub without {
	my ($some, $none) = @_;
	my %cut = map { ($_ => 1) } map { @$_ } @$some, @$none;
	my @cuts = sort { $a <=> $b } keys %cut;
	my @ranges;
	for my $i (0 .. $#cuts - 1) {
		my ($from, $to) = @cuts[$i, $i + 1];
		next unless grep { $_->[0] <= $from && $to <= $_->[1] } @$some;
		next if grep { $_->[0] <= $from && $to <= $_->[1] } @$none;
		if (@ranges && $ranges[-1][1] == $from) {
			$ranges[-1][1] = $to;
		} else {
			push @ranges, [$from, $to];
		}
	}
	return @ranges;
}

# Ranges without a part of a page.
sub whole_pages {
	return grep { $_->[0] < $_->[1] } map { [($_->[0] + PAGE - 1)
		& ~(PAGE - 1), $_->[1] & ~(PAGE - 1)] } @_;
}

# [from, to) of an entry, as far as any machine's memory goes.
sub span {
	my ($entry) = @_;
	my $to = $entry->[1] > FAR - $entry->[0] ? FAR : $entry->[0] + $entry->[1];
	return $entry->[0] < FAR ? [$entry->[0], $to] : ();
}

sub wraps {
	my ($entry) = @_;
	return $entry->[1] && $entry->[1] - 1 > ALL - $entry->[0];
}

# What is RAM by some of the entries and nothing else by any.
sub ram_of {
	my @entries = grep { $_->[1] } @_;
	my @ram = map { span($_) } grep { $_->[2] == RAM } @entries;
	my @other = map { span($_) } grep { $_->[2] > RAM } @entries;
	return without(\@ram, \@other);
}

# The note in setup_data, [from, to); it is read only where the loader's
# own map has RAM.
sub note_of {
	my ($map) = @_;
	return @{$map->{ext}} ? [NODES, NODES + 16 + 20 * @{$map->{ext}}] : ();
}

# A note's entries, of which 320 are read. The others may forbid, but not
# allow: from the lowest that forbids, nothing is usable.
sub extended {
	my ($map) = @_;
	my @read = @{$map->{ext}};
	my @forbid = map { $_->[0] } grep { $_->[1] && $_->[2] > RAM }
		splice @read, min(320, scalar @read);
	return (@read, @forbid ? [min(@forbid), ALL - min(@forbid), 5] : ());
}

# What the kernel may use: ranges of whole pages; nothing if there is no
# map at all.
sub usable {
	my ($map) = @_;
	my @entries = grep { $_->[1] } @{$map->{entries}};
	my $note_counts = !without([note_of($map)],
		[ram_of(grep { !wraps($_) } @entries)]);
	if (@entries < 2 || grep { wraps($_) } @entries) {
		return () unless $map->{e801};
		@entries = ([0, 0x9f000, RAM], [MIB, $map->{e801} << 10, RAM]);
	}
	push @entries, extended($map)
		if $note_counts && !grep { wraps($_) } @{$map->{ext}};
	# The kernel runs, so what it lies in is RAM; page 0 and the last
	# 384 KiB below 1 MiB are not for use, whatever the map says.
	my @usable = without([ram_of(@entries), $map->{image}],
		[[0, PAGE], [0xa0000, MIB],
		$map->{arch} eq 'i386' ? [4 * GIB, FAR] : ()]);
	return whole_pages(@usable);
}

# A range whose first or last page is not memory.
sub lie {
	my ($map, @usable) = @_;
	return undef unless $map->{ram};
	for my $range (@usable) {
		for my $page ($range->[0], $range->[1] - PAGE) {
			return $range if !grep { $_->[0] <= $page
				&& $page < $_->[1] } @{$map->{ram}};
		}
	}
	return undef;
}

sub ranges_text { return join ' ', map { sprintf '%#x-%#x', $_->[0], $_->[1] - 1 } @_ }

# What is wrong with this boot, a sentence, or '' when it is in order.
sub verdict {
	my ($map, $boot) = @_;
	my @usable = usable($map);
	return 'broken record' if @{$boot->{broken}};
	return stopped($map, $boot, @usable) if $boot->{status} == 1;
	return "no end of its own: $boot->{stderr}" if $boot->{status};
	my $lie = lie($map, @usable);
	return 'takes for memory what is none: ' . ranges_text($lie) if $lie;
	return 'no checkpoint' if $boot->{log} !~ /^checkpoint $map->{chapter}: /m;
	return 'a trap on the way' if $boot->{log} =~ /^(BUG|Oops|WARNING)/m;
	my @may = (@usable, $map->{image});
	my %found = found($boot, @{$map->{image}});
	for my $what (sort keys %found) {
		my @allowed = @may;
		push @allowed, note_of($map) if $what eq 'reserved';
		push @allowed, [0, MIB] if $what eq 'directmap';
		my @bad = without($found{$what}, \@allowed);
		return "$what is not usable: " . ranges_text(@bad) if @bad;
	}
	my @lost = without(\@usable, $found{memory});
	return 'memory has not all: ' . ranges_text(@lost)
		if @lost && !may_lose($map);
	return '';
}

# By the record: memblock's memory, what it has given to the kernel, and
# what is mapped, each a list of [from, to).
sub found {
	my ($boot) = @_;
	my %found = (memory => [], reserved => [], directmap => []);
	for (@{$boot->{record}}) {
		if ($_->{t} eq 'memblock') {
			next if $_->{type} eq 'reserved' && !($_->{flags} & RSRV_KERN);
			my $base = hex $_->{base};
			push @{$found{$_->{type}}}, [$base, $base + hex $_->{size}];
		} elsif ($_->{t} eq 'directmap') {
			my $size = 1 + hex($_->{end}) - hex $_->{start};
			my $phys = hex $_->{phys};
			push @{$found{directmap}}, [$phys, $phys + $size];
		}
	}
	return %found;
}

# A kernel may stop, but must say why, and must have a reason.
sub stopped {
	my ($map, $boot, @usable) = @_;
	return 'a trap' if $boot->{log} =~ /^(BUG|Oops)|Fatal exception/m;
	my ($why) = $boot->{log} =~ /^(?:Kernel panic - not syncing: )(.*)$/m;
	return 'stops without a word' unless $why;
	my $limit = $map->{arch} eq 'i386' ? 896 * MIB : FAR;
	my @room = grep { $_->[1] - $_->[0] >= ENOUGH }
		without(\@usable, [[0, MIB], $map->{image}, [$limit, FAR]]);
	@room = () if lie($map, @usable);
	return "stops ($why) where it has room: " . ranges_text(@room) if @room;
	$boot->{stopped} = $why;
	return '';
}

# Where Linux's way loses RAM: a table that has no more room, and on i386
# an entry that crosses 4 GiB.
sub may_lose {
	my ($map) = @_;
	return 1 if @{$map->{entries}} + @{$map->{ext}} > 60;
	return $map->{arch} eq 'i386' && grep { $_->[2] == RAM
		&& $_->[0] < 4 * GIB && $_->[0] + $_->[1] > 4 * GIB }
		@{$map->{entries}}, @{$map->{ext}};
}

1;
