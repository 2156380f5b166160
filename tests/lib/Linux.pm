package Linux;
# What Linux said of its memory on the machines we boot on, beside what we
# say there. Each file tests/linux/ARCH-MACHINE-SIZE.txt has one boot's
# lines. Ours must be the same, in the same order. What depends on a
# kernel's own size, or on what its header tells a loader, is not left
# out: it is computed here, from our record and image.
use strict;
use warnings;
no warnings 'portable';
use Boot;
use Exporter qw(import);
use List::Util qw(max min);
use Test::More;

our @EXPORT = qw(check_beside_linux);

use constant { PAGE => 4096, MIB => 1 << 20, TWO_GIB => 1 << 31, RSRV_KERN => 0x20,
	LOWMEM => 896 << 20 };		# what i386 maps; 879 MiB in Linux's

# The initrds with which Linux was booted, in bytes. On x86_64 only the
# number of pages is known.
my %initrd_size = (i386 => 0x52ff4, x86_64 => 0x51ff4);

# The command line of Linux's boots; "debug" does what "ignore_loglevel"
# does there.
my $LINE = 'console=ttyS0 earlyprintk=serial,ttyS0 memblock=debug debug '
	. 'nokaslr panic=-1';

# What Debian's 6.1 prints of the machine: the 6.18 of our files was built
# without DMI. Newer kernels print the third line too.
my $BIOS = 'BIOS 1.16.2-debian-1.16.2-1 04/01/2014';
my %machine = (pc => 'Standard PC (i440FX + PIIX, 1996)',
	q35 => 'Standard PC (Q35 + ICH9, 2009)');

# What chapter 5 prints of nodes and zones. Where NODE_DATA(0) lies depends
# on what else has been allocated.
my $ZONES = qr/^(?:No\ NUMA|Faking\ a\ node|NODE_DATA|\d+MB\ (?:HIGH|LOW)MEM
	|\ \ (?:mapped\ )?low\ ram:|Zone\ ranges:|\ \ (?:DMA|DMA32|Normal
	|HighMem)\ +(?:\[mem|empty$)|Movable\ zone|\ \ Node\ \d
	|Early\ memory\ node|\ \ node\ +\d|Initmem\ setup|On\ node\ \d
	|Fallback\ order|Built\ \d|Policy\ zone)/x;

my %iomem_name = (usable => 'System RAM', reserved => 'Reserved',
	'ACPI data' => 'ACPI Tables',
	'ACPI NVS' => 'ACPI Non-volatile Storage');

sub check_beside_linux {
	my ($arch) = @_;
	plan skip_all => "not asked for $arch" unless grep { $_ eq $arch } archs();
	my $chapter = max(grep { $_ >= 3 } chapters());
	plan skip_all => 'no kernel has a memblock yet' unless $chapter;
	my $initrd = spill("\x5a" x $initrd_size{$arch});
	my %our = (chapter => $chapter, arch => $arch, initrd => $initrd,
		part => parts_of_image($chapter, $arch));
	my @files = sort glob "$root/tests/linux/$arch-*.txt";
	check_machine(\%our, $_) for @files;
	done_testing();
}

# Where our kernel's parts are, [from, to): the same on every machine.
sub parts_of_image {
	my ($chapter, $arch) = @_;
	my $boot = boot(chapter => $chapter, arch => $arch);
	my %part = map { ($_->{part} => [hex $_->{start}, 1 + hex $_->{end}]) }
		grep { $_->{t} eq 'image' } @{$boot->{record}};
	ok($part{brk}, "$arch: the record says where the kernel is");
	return \%part;
}

# Linux was booted without a second serial port, and the firmware's tables
# tell: so no record here.
sub check_machine {
	my ($our, $file) = @_;
	my ($machine, $mem) = $file =~ /-(pc|q35)-(\w+)\.txt$/;
	my ($chapter, $arch) = @$our{qw(chapter arch)};
	my $what = "$arch, $machine, $mem";
	my $linux = slurp($file);
	my $boot = boot(chapter => $chapter, arch => $arch, via => 'kernel',
		machine => $machine, mem => $mem, initrd => $our->{initrd},
		append => $LINE, input => 'cat /proc/iomem', record => 'none');
	is($boot->{status}, 0, "$what: boots")
		or Boot::show($boot, 'a good end');
	my @lines = lines($boot->{log}, $chapter);
	same_lines(\@lines, [expected($our, $linux)],
		"$what: says of its memory what Linux says");
	check_dmi($boot, $machine, $what) if $chapter > 3;
	check_iomem($boot, $our, $linux, $what);
	check_memory($boot, $linux, $what) if $chapter > 5;
}

# How much there is, and how much of it the allocator has. A kernel's own
# size is in the numbers: ours needs less.
sub check_memory {
	my ($boot, $linux, $what) = @_;
	my (@ours, @linux);
	for ([\@ours, $boot->{log}], [\@linux, $linux]) {
		my ($numbers, $log) = @$_;
		@$numbers = $log =~ m{^Memory: (\d+)K/(\d+)K available \((?:\d+K \w+(?: code)?, ){5}(\d+)K reserved, 0K cma-reserved(?:, \d+K highmem)?\)$}m;
		push @$numbers, $log =~ /^Freeing initrd memory: (\d+)K$/m;
	}
	is(scalar @ours, 4, "$what: says how much memory there is") or return;
	is($ours[1], $linux[1], "$what: all of it is as much as Linux's");
	cmp_ok($ours[0], '>=', $linux[0], "$what: available is as much, or more");
	cmp_ok($ours[2], '<', $linux[2], "$what: reserved is less");
	is($ours[3], $linux[3], "$what: the initrd comes back");
}

# On failure, only what differs is shown: "-" wanted, "+" found.
sub same_lines {
	my ($found, $wanted, $name) = @_;
	ok("@$found" eq "@$wanted", $name) and return;
	my ($from, $to) = map { spill(join '', map { "$_\n" } @$_) }
		$wanted, $found;
	my ($status, $text) = quiet_run('diff', '-U1', $from, $to);
	diag($text =~ s/\A(---|\+\+\+).*\n(\+\+\+).*\n//r);
}

# The lines of a log that we compare, without a function's offsets.
sub lines {
	my ($log, $chapter) = @_;
	my ($dumps, @lines) = (0);
	for (split /\n/, $log) {
		$dumps++ if /^MEMBLOCK configuration:/;
		next if /^(MEMBLOCK| memory| reserved)/ && $dumps != 1;
		next if $chapter < 4 && /^(ACPI:|found SMP)/;
		s/(?<=\w)\+0x\w+\/0x\w+$//;
		s/^(NODE_DATA\(0\) allocated) \[mem 0x\w+-0x\w+\]$/$1/;
		push @lines, $_ if $chapter > 4 && /$ZONES/;
		push @lines, $_ if /^(BIOS-|NX\ |e820:\ (update|remove|reserve)
			|last_pfn|found\ SMP|memblock_(add|remove):|MEMBLOCK
			|\ (memory|reserved)(\.cnt|\ size|\[)
			|memblock_phys_\w+:\ .*\ init_mem_mapping$
			|(Move\ |Allocated\ new\ )?RAMDISK
			|ACPI:\ (Early|Reserving|[A-Z]{4}\ 0x)
			|\[mem\ .*available\ for\ PCI)/x;
	}
	return @lines;
}

# Linux's lines, as they must be with a kernel of our size.
sub expected {
	my ($our, $linux) = @_;
	my ($ramdisk) = $linux =~ /^RAMDISK: \[mem (0x\w+)/m;
	my ($initrd, $size) = (hex $ramdisk, -s $our->{initrd});
	# A loader puts the initrd above 2 GiB only where the header allows.
	$initrd = (TWO_GIB - 1 - $size) & ~(PAGE - 1)
		if $initrd >= TWO_GIB;
	my @reserved = reserved($our, $linux, [$initrd, $initrd + whole($size)]);
	my $end = max(map { hex($_) << 12 } $linux =~ /^last_pfn = (\w+)/mg);
	my $high = $end > LOWMEM && $our->{arch} eq 'i386';
	my @lines;
	for (lines($linux, $our->{chapter})) {
		if (/^ reserved\[/) {
			push @lines, splice @reserved;
			next;
		}
		s/(?<= reserved size = )0x(\w+)/number_like($1, sum(@reserved))/e;
		s/^( reserved\.cnt  = ).*/sprintf '%s0x%x', $1, scalar @reserved/e;
		s/^(RAMDISK: ).*/$1 . mem($initrd, whole($size))/e;
		if ($high) {
			s/^\d+(?=MB HIGHMEM)/($end - LOWMEM) >> 20/e;
			s/^\d+(?=MB LOWMEM)/LOWMEM >> 20/e;
			s/(?<=low ram: 0 - )\w+$/sprintf '%08x', LOWMEM/e;
			s/^(  Normal .*-)0x\w+/$1 . number_like('0' x 16, LOWMEM - 1)/e;
			s/^(  HighMem +\[mem )0x\w+/$1 . number_like('0' x 16, LOWMEM)/e;
			my $new = LOWMEM - whole($size);
			s/^(Allocated new RAMDISK: ).*/$1 . mem($new, $size)/e;
			s/^Move RAMDISK from .*/'Move RAMDISK from '
				. mem($initrd, $size) . ' to '
				. mem($new, $size)/e;
			s/max_addr=0x\w+/sprintf 'max_addr=0x%08x', LOWMEM/e;
			s/^(memblock_phys_free: )\[.*?\]/sprintf
				'%s[0x%08x-0x%08x]', $1, LOWMEM - (4 << 20),
				LOWMEM - 1/e;
		}
		push @lines, $_;
	}
	my $i = 0;
	s/^ reserved\[[^]]*\]/sprintf ' reserved[0x%x]', $i++/e for @lines;
	return @lines;
}

# Up to whole pages.
sub whole { return ($_[0] + PAGE - 1) & ~(PAGE - 1) }

sub number_like { return sprintf '0x%0*x', length $_[0], $_[1] }

sub mem { return sprintf '[mem 0x%08x-0x%08x]', $_[0], $_[0] + $_[1] - 1 }

# The first dump's reservations: Linux's below 1 MiB, then our kernel with
# the page tables that were laid out behind it, then the initrd.
sub reserved {
	my ($our, $linux, $initrd) = @_;
	my @lines = grep { /\[(0x\w+)/ && hex $1 < MIB }
		$linux =~ /^ reserved\[\w+\]\t(.*)$/mg;
	my ($width) = map { length } $linux =~ /^ reserved\[\w+\]\t\[0x(\w+)-/m;
	my %part = %{$our->{part}};
	my $kernel = [$part{text}[0], $part{bss}[1]];
	my @ranges = $part{brk}[1] > $part{brk}[0] ? $part{brk} : ();
	if (@ranges && $ranges[0][0] <= $kernel->[1]) {
		$kernel->[1] = $ranges[0][1];
		@ranges = ();
	}
	push @ranges, $initrd;
	for ($kernel, @ranges) {
		my ($from, $to) = @$_;
		push @lines, sprintf '[0x%0*x-0x%0*x], 0x%0*x bytes flags: 0x%x',
			$width, $from, $width, $to - 1, $width, $to - $from,
			RSRV_KERN;
	}
	return map { " reserved[]\t$_" } @lines;
}

sub sum {
	my $sum = 0;
	$sum += hex for map { /, (0x\w+) bytes/ } @_;
	return $sum;
}

# Between the end of the map's lines and the first that changes it.
sub check_dmi {
	my ($boot, $machine, $what) = @_;
	my ($between) = $boot->{log} =~ /.*^BIOS-e820: .*?\n(.*?)^e820: update/ms;
	is(join('', ($between // '') =~ /^((?:SMBIOS|DMI:) .*\n)/mg),
		"SMBIOS 2.8 present.\nDMI: QEMU $machine{$machine}, $BIOS\n"
		. "DMI: Memory slots populated: 1/1\n",
		"$what: the machine's name, as Debian's Linux says it");
}

# The ranges of the firmware in /proc/iomem, from the map that Linux
# printed and what it then changed; and our kernel's own below its RAM.
sub check_iomem {
	my ($boot, $our, $linux, $what) = @_;
	my @top;
	while ($linux =~ /^BIOS-e820: \[mem (\w+)-(\w+)\] (.*)$/mg) {
		my ($from, $to, $name) = (hex $1, hex $2, $iomem_name{$3});
		next if $our->{arch} eq 'i386' && $to >> 32;
		push @top, [0, PAGE - 1, 'Reserved'] if !$from;
		push @top, [$from || PAGE, $to, $name];
	}
	my ($said) = $boot->{log} =~ m{^monitor> cat /proc/iomem\n(.*?)^monitor>}ms;
	my @lines = split /\n/, $said // '';
	my %of_firmware = reverse %iomem_name;
	same_lines([grep { / : (.*)/ && $of_firmware{$1} } @lines],
		[map { iomem_line(@$_) } @top],
		"$what: /proc/iomem has the firmware's ranges");
	my %part = %{$our->{part}};
	my @inside = map { '  ' . iomem_line($part{$_->[0]}[0],
		$part{$_->[0]}[1] - 1, "Kernel $_->[1]") }
		['text', 'code'], ['rodata', 'rodata'], ['data', 'data'],
		['bss', 'bss'];
	same_lines([grep { / : Kernel / } @lines], \@inside,
		"$what: and our kernel's");
}

sub iomem_line { return sprintf '%08x-%08x : %s', @_ }

1;
