#!/usr/bin/perl
# Hostile memory maps, handed to kernel 2 through the boot protocol by
# loader/protocol.asm. It may live or stop, but must say what is wrong,
# and end in order.
use strict;
use warnings;
no warnings qw(portable);		# numbers of 64 bits
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Checkpoint;
use Test::More;

my $MAX = 128;
my $NO_TRUST = 'No E820 map to trust; sizes come from an older call.';
my $PANIC = 'Kernel panic - not syncing: No memory map: '
	. 'E820 has none, nor do E801h and 88h';
my $ALL = 0xffffffffffffffff;

my @ram = ([0, 0x9fc00, 1], [0x100000, 0x7ee0000, 1]);
my @many = map { [0x100000000 + $_ * 0x2000, 0x1000, 2] } 1 .. $MAX;
my %type = (1 => 'usable', 2 => 'reserved', 3 => 'ACPI data',
	4 => 'ACPI NVS', 5 => 'unusable', 7 => 'persistent (type 7)',
	12 => 'persistent (type 12)', 0xefffffff => 'soft reserved');

for my $arch (archs()) {
	distrusted($arch, 'empty', []);
	distrusted($arch, 'of one entry', [$ram[1]]);
	distrusted($arch, 'of one empty entry', [[0x100000, 0, 1]]);
	distrusted($arch, 'of empty entries', [map { [$_ << 20, 0, 1] } 1 .. 5]);
	distrusted($arch, 'that wraps past 2^64',
		[@ram, [0xfffffffffffff000, 0x2000, 2]],
		qr/^e820: entry 2 wraps past 2\^64$/m);
	distrusted($arch, 'with an entry of 2^64 - 1 bytes from 4096 on',
		[$ram[0], [4096, $ALL, 1], $ram[1]],
		qr/^e820: entry 1 wraps past 2\^64$/m);

	taken($arch, 'good', \@ram);
	taken($arch, 'with an entry that ends at 2^64',
		[@ram, [0xfffffffffffff000, 0x1000, 2]]);
	taken($arch, 'that is all of the address space but a byte',
		[@ram, [0, $ALL, 2]]);
	taken($arch, 'unsorted', [[0xfffc0000, 0x40000, 2], $ram[1],
		[0xf0000, 0x10000, 2], $ram[0]]);
	taken($arch, 'overlapping', [@ram, [0x80000, 0x100000, 2],
		[0x200000, 0x1000, 3], @ram, [0x1fffff, 2, 4]]);
	taken($arch, 'of strange types', [@ram, map { [$_ << 24, 0x1000,
		(0, 3 .. 8, 12, 0xefffffff, 0xfffffffe, 0xffffffff)[$_ - 8]] }
		8 .. 18]);
	taken($arch, 'without RAM', [map { [$_->[0], $_->[1], 2] } @ram]);
	taken($arch, 'of 128 entries', [@ram, @many[0 .. $MAX - 3]]);
	taken($arch, 'with empty entries', [$ram[0], [0, 0, 1], $ram[1],
		[$ALL, 0, 2], [0x5000, 0, 3]],
		says => qr/^e820: 3 empty entries left out$/m);
	for my $claim (129, 200, 255) {
		taken($arch, "of 128 entries that claims $claim",
			[@ram, @many[0 .. $MAX - 3]], claim => $claim, says =>
			qr/^e820: the loader claims $claim entries, 128 fit$/m);
	}
	taken($arch, 'of 2 entries that claims 255', \@ram, claim => 255,
		says => qr/^e820: the loader claims 255 entries, 128 fit$/m,
		also => qr/^e820: 126 empty entries left out$/m);
	less_than_told($arch);
	far_command_line($arch);
	on_screen($arch);
	gap_for_devices($arch, $_) for grep { $_ >= 3 } chapters();
}
done_testing();

# A zero page as the loader's; e801 and int88 in KiB above 1 MiB.
sub zero_page {
	my ($map, %o) = @_;
	my $page = "\0" x 4096;
	substr($page, 0x002, 2) = pack 'v', $o{int88} // 0;
	substr($page, 0x1e0, 4) = pack 'V', $o{e801} // 0;
	substr($page, 0x1e8, 1) = pack 'C', $o{claim} // scalar @$map;
	my $table = join '', map { pack 'Q< Q< V', @$_ } @$map;
	substr($page, 0x2d0, length $table) = $table;
	return $page;
}

# An image with our set-up before the kernel's protected-mode part.
sub loader {
	my ($arch, $map, %o) = @_;
	my $page = spill(zero_page($map, %o));
	my $setup = "$tmp/setup";
	my ($status, $text) = quiet_run('nasm', '-f', 'bin', '-Wall',
		"-DPAGE=\"$page\"", @{$o{words} // []}, '-o', $setup,
		"$root/tests/loader/protocol.asm");
	die $text if $status;
	my $image = slurp(image($o{chapter} // 2, $arch));
	my $kernel = substr $image, 512 * {sectors($image)}->{kernel};
	my $bytes = slurp($setup);
	substr($bytes, 0x1f4, 4) = pack 'V', length($kernel) / 16;
	unlink $page;
	return spill($bytes . $kernel);
}

sub run_map {
	my ($arch, $map, %o) = @_;
	my $file = loader($arch, $map, %o);
	my $boot = boot(chapter => $o{chapter} // 2, arch => $arch, via => 'kernel',
		image => $file, mem => $o{mem} // '128M');
	unlink $file;
	return $boot;
}

# The kernel turns to the older calls' numbers, or stops without them.
sub distrusted {
	my ($arch, $name, $map, $says) = @_;
	my $what = "$arch, a map $name";
	my %answer = (
		'E801' => [129920, 64512, 'BIOS-e801', 129920],
		'88h' => [0, 64512, 'BIOS-88', 64512],
	);
	for my $call (sort keys %answer) {
		my ($e801, $int88, $who, $k) = @{$answer{$call}};
		my $boot = run_map($arch, $map, e801 => $e801,
			int88 => $int88);
		is($boot->{status}, 0, "$what, $call: lives")
			or Boot::show($boot, 'a good end');
		said($boot, qr/^\Q$NO_TRUST\E$/m, "$what, $call: says so");
		said($boot, $says, "$what, $call: says why") if $says;
		is_deeply([$boot->{log} =~ /^(BIOS-\w+: .*)$/mg],
			["$who: [mem 0x0000000000000000-0x000000000009efff] usable",
			sprintf('%s: [mem 0x%016x-0x%016x] usable', $who,
				1 << 20, (1 << 20) + ($k << 10) - 1)],
			"$what, $call: the map from it");
		check_map($boot, "$what, $call");
	}
	my $boot = run_map($arch, $map);
	is($boot->{status}, 1, "$what, no call: stops");
	said($boot, qr/^\Q$PANIC\E$/m, "$what, no call: says why");
	said($boot, $says, "$what, no call: says why the map is bad") if $says;
}

# The kernel lives and prints the map as it is given, less what is empty.
sub taken {
	my ($arch, $name, $map, %o) = @_;
	my $what = "$arch, a map $name";
	my $boot = run_map($arch, $map, %o);
	is($boot->{status}, 0, "$what: lives")
		or Boot::show($boot, 'a good end');
	for my $says (grep { $_ } @o{qw(says also)}) {
		said($boot, $says, "$what: says so");
	}
	my @lines = map { sprintf 'BIOS-e820: [mem 0x%016x-0x%s] %s', $_->[0],
		last_byte($_), $type{$_->[2]} // "type $_->[2]" }
		grep { $_->[1] } @$map;
	is_deeply([$boot->{log} =~ /^(BIOS-\w+: .*)$/mg], \@lines,
		"$what: printed as given");
	check_map($boot, $what);
}

# The map has RAM where there is none: the kernel's head tries it out.
sub less_than_told {
	my ($arch) = @_;
	my $boot = run_map($arch, \@ram, mem => '8M');
	is($boot->{status}, 1, "$arch, a map of more than there is: stops");
	said($boot, qr/^Not enough memory: this kernel needs RAM up to /m,
		"$arch, a map of more than there is: says so");
}

# A command line that the early map does not reach is not read.
sub far_command_line {
	my ($arch) = @_;
	my $file = loader($arch, \@ram, words => ['-DCMD_LINE_PTR=0xffffff00']);
	my $boot = boot(chapter => 2, arch => $arch, via => 'kernel',
		image => $file, mem => '128M', input => 'exit');
	unlink $file;
	said($boot, qr/^The command line at 0xffffff00 is out of reach: ignored/m,
		"$arch, a command line out of reach: says so");
	said($boot, qr/^checkpoint 2:/m,
		"$arch, a command line out of reach: goes on without");
}

# The largest gap below 4 GiB is for devices, if it has 4 MiB. If not,
# Linux names 4 MiB by a guess: 1 MiB behind the end of RAM, with two lines
# of complaint; on i386 at 256 MiB, without a word.
sub gap_for_devices {
	my ($arch, $chapter) = @_;
	my ($end, $least) = (0xbffe0000, 0x400000);
	my $guess = $arch eq 'i386' ? 0x10000000 : $end + 0x100000;
	my @complaint = $arch eq 'i386' ? () : (
		'Cannot find an available gap in the 32-bit address range',
		'PCI devices with unassigned 32-bit BARs may not work!');
	my %found = (0 => 0, $least - 4096 => 0, $least => $end,
		$least + 4096 => $end);
	for my $gap (sort { $a <=> $b } keys %found) {
		my $what = sprintf 'kernel %d, %s, a gap of %#x bytes',
			$chapter, $arch, $gap;
		my $from = $end + $gap;
		my $boot = run_map($arch, [[0, 0x9fc00, 1],
			[0x100000, $end - 0x100000, 1],
			[$from, 0x100000000 - $from, 2]],
			chapter => $chapter, mem => '3G');
		is($boot->{status}, 0, "$what: lives")
			or Boot::show($boot, 'a good end');
		my ($start, $size) = $found{$gap} ? ($end, $gap)
			: ($guess, $least);
		is_deeply([$boot->{log} =~ /^(Cannot\ find\ .*|PCI\ .*
			|.*\ available\ for\ PCI\ .*)$/mgx],
			[$found{$gap} ? () : @complaint, sprintf('[mem %#010x-'
			. '%#010x] available for PCI devices', $start,
			$start + $size - 1)], "$what: what devices get");
	}
}

sub last_byte {
	my ($entry) = @_;
	use integer;
	return sprintf '%016x', $entry->[0] + $entry->[1] - 1;
}

sub on_screen {
	my ($arch) = @_;
	my $machine = session(arch => $arch, image => loader($arch, []));
	my $sentence = qr/^\Q$PANIC\E/m;
	like($machine->screen($sentence), $sentence,
		"$arch, no map at all: on the screen");
	$machine->finish('stop');
}
