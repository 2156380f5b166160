#!/usr/bin/perl
# The direct map and the rights of its pages, from the record: all RAM and
# only RAM, in the largest pages that the CPU has, on CPUs with and without
# each feature; then what a runaway recursion meets, and memory in which
# not even the first page tables have room.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;
no warnings qw(portable);		# addresses of 64 bits

my $CHAPTER = 3;
my $MIB = 1 << 20;
my %base = (x86_64 => 0xffff888000000000, i386 => 0xc0000000);
my %bytes = ('4k' => 4096, '2M' => 2 * $MIB, '4M' => 4 * $MIB,
	'1G' => 1024 * $MIB);
my %machines = (
	x86_64 => [['64M', 'qemu64'], ['128M', 'qemu64,-nx'],
		['128M', 'qemu64,-pge'], ['6G', 'qemu64'], ['6G', 'max'],
		['6G', 'max', 'nogbpages'], ['64G', 'max'],
		['512M', 'qemu64', 'debug_pagealloc=on'],
		['128M', 'qemu64', odd_map()]],
	i386 => [['64M', 'qemu32'], ['128M', 'qemu32,-pge'],
		['4G', 'qemu32'], ['2G', 'max', 'highmem=1500M'],
		['512M', 'qemu32', 'highmem=100M'],
		['512M', 'qemu32', 'debug_pagealloc=on'],
		['128M', 'qemu32', odd_map()]],
);

for my $arch (archs()) {
	my ($first, @others) = @{$machines{$arch}};
	mapped($arch, 1, @$first);
	# The self-tests divide a page of 1 GiB, too, where there is one.
	mapped($arch, long_form() || "@$_" eq '6G max', @$_) for @others;
	recursion($arch);
	no_room($arch);
}
done_testing();

# Fragments of one and two pages, and a piece that ends inside a large page.
sub odd_map {
	return join ' ', 'memmap=exactmap memmap=639K@0 memmap=20K@1M',
		'memmap=41M@16M', map { sprintf 'memmap=%s@0x%x', @$_ }
		['4K', 0x5001000], ['8K', 0x5003000], ['4K', 0x5006000],
		['4K', 0x57ff000], ['4M', 0x5800000], ['4K', 0x5c00000];
}

# With the self-tests, which divide a large page, or without.
sub mapped {
	my ($arch, $kunit, $mem, $cpu, $append) = @_;
	my $what = join ', ', $arch, $mem, $cpu,
		!$append ? () : $append =~ /exactmap/ ? 'an odd map' : $append;
	my @backend = $mem !~ /^\d\dG/ ? () : (machine =>
		'pc,memory-backend=ram', qemu => ['-object', 'memory-backend-ram,'
		. "id=ram,size=$mem,reserve=off"]);
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => $mem,
		cpu => $cpu, append => join(' ', $kunit ? 'kunit.enable=1'
		: (), 'debug', $append // ()), @backend);
	is($boot->{status}, 0, "$what: lives")
		or Boot::show($boot, 'a good end');
	unlike($boot->{log}, qr/^BUG|^WARNING|insecure/m,
		"$what: nothing amiss");
	said($boot, qr/^init_memory_mapping: \[mem 0x00000000-0x000fffff\]$/m,
		"$what: says what it maps, to one who debugs");
	my $nx = $arch eq 'x86_64' && $cpu !~ /-nx/;
	my $checked = 'x86/mm: Checked W+X mappings: passed, no W+X pages found.';
	is($boot->{log} =~ /^\Q$checked\E$/m ? 1 : 0, $nx ? 1 : 0,
		"$what: looks for W+X if there is NX");
	runs($boot, $arch, $what, $cpu, $append // '', $kunit);
	rights($boot, $arch, $what, $nx);
}

sub of_type {
	my ($boot, $type) = @_;
	return grep { $_->{t} eq $type } @{$boot->{record}};
}

# Ranges as [first, last + 1], neighbours joined.
sub joined {
	my @out;
	for (sort { $a->[0] <=> $b->[0] } @_) {
		if (@out && $out[-1][1] == $_->[0]) { $out[-1][1] = $_->[1] }
		else { push @out, [@$_] }
	}
	return @out;
}

# Which part of physical memory the direct map shows, and how.
sub runs {
	my ($boot, $arch, $what, $cpu, $append, $kunit) = @_;
	my @runs = of_type($boot, 'directmap');
	my @seen = joined(map { [hex $_->{phys},
		hex($_->{end}) - hex($_->{start}) + 1 + hex $_->{phys}] } @runs);
	is_deeply([map { hex($_->{start}) - $base{$arch} } @runs],
		[map { hex $_->{phys} } @runs], "$what: one distance");
	is(join(' ', map { $_->{page} } grep { hex $_->{phys} < $MIB
		&& $_->{page} ne '4k' } @runs), '',
		"$what: the first MiB in small pages");
	my ($limits) = of_type($boot, 'limits');
	my $limit = $limits->{max_low_pfn} << 12;
	my @ram = map { [hex $_->{base}, hex($_->{base}) + hex $_->{size}] }
		grep { $_->{type} eq 'memory' } of_type($boot, 'memblock');
	my @wanted = ([4096, $MIB]);
	for (@ram) {
		my ($from, $to) = ($_->[0] < $MIB ? $MIB : $_->[0],
			$_->[1] > $limit ? $limit : $_->[1]);
		push @wanted, [$from, $to] if $from < $to;
	}
	my ($bss) = grep { $_->{part} eq 'bss' } of_type($boot, 'image');
	my $guard = hex($bss->{start}) - 4096;
	my @all = map { $arch eq 'i386' && $_->[0] <= $guard
		&& $guard < $_->[1] ? ([$_->[0], $guard],
		[$guard + 4096, $_->[1]]) : $_ } joined(@wanted);
	is_deeply(\@seen, \@all, "$what: all RAM, and no more");
	sizes($boot, $arch, $what, $cpu, $append, \@runs, \@all, $kunit);
}

# No page is smaller than it need be, but where the image lies.
sub sizes {
	my ($boot, $arch, $what, $cpu, $append, $runs, $ram, $kunit) = @_;
	my $large = $arch eq 'i386' ? '4M' : '2M';
	my @sizes = $append =~ /debug_pagealloc/ ? () : ($large);
	push @sizes, '1G' if @sizes && $arch eq 'x86_64' && $cpu =~ /max/
		&& $append !~ /nogbpages/;
	is($boot->{log} =~ /^Using GB pages for direct mapping$/m ? 1 : 0,
		(grep { $_ eq '1G' } @sizes) ? 1 : 0, "$what: says of 1 GiB");
	my ($image) = map { hex $_->{start} } grep { $_->{part} eq 'text' }
		of_type($boot, 'image');
	my %small;
	for my $size (@sizes) {
		my $bytes = $bytes{$size};
		for my $run (grep { $bytes{$_->{page}} < $bytes } @$runs) {
			my $from = hex $run->{phys};
			my $to = $from + hex($run->{end}) - hex $run->{start};
			for my $r (@$ram) {
				my $page = ($r->[0] + $bytes - 1) & -$bytes;
				my $low = $from & -$bytes;
				$page = $low if $page < $low;
				for (; $page <= $to && $page + $bytes <= $r->[1];
						$page += $bytes) {
					$small{sprintf '%#x', $page} = 1 if $page
						&& $page != ($image & -$bytes);
				}
			}
		}
	}
	my @small = sort { hex $a <=> hex $b } keys %small;
	# Self-tests have divided the first one of each size.
	splice @small, 0, scalar @sizes if $kunit;
	is_deeply(\@small, [], "$what: no page is too small");
	is_deeply([sort keys %{{map { $_->{page} => 1 } grep { my $run = $_;
		!grep { $run->{page} eq $_ } '4k', @sizes } @$runs}}], [],
		"$what: and none too large");
}

# Each part of the image has its rights, in both maps.
sub rights {
	my ($boot, $arch, $what, $nx) = @_;
	my $x = $nx ? '-' : 'x';
	my %wanted = (text => 'r-x', rodata => "r-$x", data => "rw$x",
		bss => "rw$x", brk => "rw$x");
	my $map = $arch eq 'i386' ? 'directmap' : 'imagemap';
	for my $part (of_type($boot, 'image')) {
		my ($from, $to) = map { hex } @$part{qw(start end)};
		my $wanted = $wanted{$part->{part}} or next;
		my %got = map { $_->{rights} => 1 } grep {
			hex($_->{phys}) <= $to && hex($_->{phys})
			+ hex($_->{end}) - hex($_->{start}) >= $from }
			of_type($boot, $map);
		is(join(' ', sort keys %got), $wanted,
			"$what: the rights of $part->{part}");
	}
}

sub recursion {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		input => 'recurse');
	is($boot->{status}, 1, "$arch, recursion: stops");
	said($boot, qr/^traps: PANIC: double fault/m,
		"$arch, recursion: a double fault");
	said($boot, qr/^BUG: the stack pointer is bad, hence the double fault:/m,
		"$arch, recursion: says why");
	said($boot, qr/^[ER]IP: \S+recurse\+/m, "$arch, recursion: says who");
}

# RAM that leaves no block of 64 KiB free.
sub no_room {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch);
	my ($brk) = grep { $_->{part} eq 'brk' } of_type($boot, 'image');
	my $end = (hex($brk->{end}) + 0xffff) >> 16 << 6;	# KiB
	my $boot2 = boot(chapter => $CHAPTER, arch => $arch,
		append => join ' ', 'memmap=exactmap memmap=640K@0',
		sprintf('memmap=%dK@16M', $end - 16384),
		map { sprintf 'memmap=60K@0x%x', 0x2000000 + 0x200000 * $_ }
			0 .. 19);
	is($boot2->{status}, 1, "$arch, RAM in small pieces: stops");
	said($boot2, qr/^Kernel\ panic.*Cannot\ map\ RAM:\ .*\ has\ no\ free
		\ block\ of\ 64\ KiB/mx, "$arch, RAM in small pieces: says why");
}
