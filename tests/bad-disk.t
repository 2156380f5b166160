#!/usr/bin/perl
# Disks that are cut short, changed, or that cannot be read.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my $READ_ERROR = qr/^Boot: disk read error/m;
my $SETUP_SUM = qr/^Boot: wrong checksum, the disk is damaged/m;
my $KERNEL_SUM = qr/^The kernel's checksum is wrong: it was damaged/m;
my $NO_TRAILER =
	qr/^No command line behind the kernel: not a whole disk\./m;
my $TRAILER_SUM =
	qr/^The disk's trailer is damaged: its checksum is wrong\./m;
my $TRIES = 3;			# as the boot sector has it

my $initrd = spill('initrd' x 5000);

for my $arch (archs()) {
	cut_short($arch);
	changed($arch);
	trailer($arch);
	unreadable($arch);
	on_screen($arch);
}
done_testing();

# Boot a disk made of these bytes; it must fail, and say why.
sub fails {
	my ($what, $sentence, $bytes, %o) = @_;
	my $disk = spill($bytes);
	my $boot = boot(chapter => 2, disk => $disk, %o);
	is($boot->{status}, 1, "$what: fails")
		or Boot::show($boot, 'an honest failure');
	said($boot, $sentence, "$what: says why");
	unlink $disk;
}

sub works {
	my ($what, %o) = @_;
	my $boot = boot(chapter => 2, %o);
	is($boot->{status}, 0, "$what: boots")
		or Boot::show($boot, 'a good end');
	said($boot, qr/^checkpoint \d: /m, "$what: gets to its checkpoint");
}

# The number of a sector, and how the disk looks that ends before it.
sub cut_short {
	my ($arch) = @_;
	my $bytes = slurp(make_disk(2, $arch, 'checkpoint=exit', $initrd));
	my %at = sectors($bytes);
	my %cut = (
		'before the setup' => $at{setup},
		'inside the setup' => $at{setup} + 3,
		'before the setup ends' => $at{kernel} - 1,
		'before the kernel' => $at{kernel},
		'inside the kernel' => $at{kernel} + 100,
		'before the kernel ends' => $at{trailer} - 1,
		'before the trailer' => $at{trailer},
		'inside the trailer' => $at{trailer} + 2,
		'before the initrd' => $at{initrd},
		'inside the initrd' => $at{initrd} + 20,
		'before the initrd ends' => $at{initrd} + 58,
	);
	fails("$arch, a disk that ends $_", $READ_ERROR,
		substr($bytes, 0, 512 * $cut{$_}), arch => $arch)
		for share($arch, sort { $cut{$a} <=> $cut{$b} } keys %cut);
	my $whole = spill(substr $bytes, 0, 512 * ($at{initrd} + 59));
	works("$arch, a disk that ends with the initrd", arch => $arch,
		disk => $whole);
	# QEMU's floppy controller knows no error: it reads zeros there.
	fails("$arch, a floppy that ends inside the setup", $SETUP_SUM,
		substr($bytes, 0, 512 * 4), arch => $arch, via => 'floppy');
	fails("$arch, a floppy that ends inside the kernel", $NO_TRAILER,
		substr($bytes, 0, 512 * ($at{kernel} + 100)),
		arch => $arch, via => 'floppy');

	my $first = slurp(make_disk(1, $arch));
	fails("kernel 1, $arch, a disk that ends inside the setup",
		$READ_ERROR, substr($first, 0, 512 * 3),
		chapter => 1, arch => $arch);
}

sub flip {
	my ($bytes, $at) = @_;
	substr($bytes, $at, 1) ^= "\x10";
	return $bytes;
}

# One byte of the image is not what it was. The setup's sum is checked by
# our own boot sector; other loaders change the setup themselves. The
# kernel's is checked behind every loader.
sub changed {
	my ($arch) = @_;
	my $image = slurp(image(2, $arch));
	my %at = sectors($image);
	my $kernel = 512 * $at{kernel};
	my %setup = (
		'of the boot sector\'s text' => index($image, 'damaged'),
		'behind the boot sector' => 512 + 0x80,
		'in the middle of the setup' => 512 * 4 + 99,
		'at the end of the setup' => $kernel - 1,
	);
	for (share($arch, sort keys %setup)) {
		my $bad = flip($image, $setup{$_});
		fails("$arch, a byte $_", qr/^Boot: wrong checksum, /m,
			pad($bad), arch => $arch);
	}
	my $text = index($image, 'This kernel needs a CPU with CPUID');
	my %kernel = (
		'of the kernel\'s head' => $text,
		'in the middle of the kernel'
			=> int(($kernel + length $image) / 2),
		'just before the checksum' => length($image) - 5,
		'at the end of the image' => length($image) - 1,
	);
	for (share($arch, map { my $at = $_; map { [$at, $_] }
			qw(disk kernel grub) } sort keys %kernel)) {
		my ($at, $via) = @$_;
		my $boot = boot(chapter => 2, arch => $arch, via => $via,
			image => spill(flip($image, $kernel{$at})));
		is($boot->{status}, 1, "$arch, a byte $at, $via: fails");
		said($boot, $KERNEL_SUM, "$arch, a byte $at, $via: says why");
	}
	my $first = slurp(image(1, $arch));
	fails("kernel 1, $arch, a byte of the setup", $SETUP_SUM,
		pad(flip($first, 0x400)), chapter => 1, arch => $arch);
}

sub pad { return pack 'a' . (1440 << 10), $_[0] }

# The image alone, without what mkdisk.pl puts behind it; then a trailer
# that has one byte changed: of its text, its number, its padding, its sum.
sub trailer {
	my ($arch) = @_;
	my $image = slurp(image(2, $arch));
	fails("$arch, a disk without a trailer",
		$NO_TRAILER,
		pad($image), arch => $arch);
	fails("$arch, another one's trailer",
		$NO_TRAILER,
		pad($image . 'R2Ktales'), arch => $arch);

	my $disk = slurp(make_disk(2, $arch, 'checkpoint=exit', $initrd));
	my %at = sectors($disk);
	my $at = 512 * $at{trailer};
	my %byte = (
		'the initrd\'s size' => 9,
		'the command line' => 16 + 3,
		'the zeros' => 3 * 512,
		'the sum' => 5 * 512 - 1,
	);
	fails("$arch, a byte of $_ in the trailer", $TRAILER_SUM,
		flip($disk, $at + $byte{$_}), arch => $arch)
		for share($arch, sort keys %byte);
}

# QEMU's blkdebug: reads that touch these sectors fail, each as often as
# it is in the list; 'always' as the first word means every time.
sub sick {
	my ($disk, @sectors) = @_;
	my $once = @sectors && $sectors[0] eq 'always' ? 'off' : 'on';
	shift @sectors if $once eq 'off';
	my $rules = join '', map { "[inject-error]\nevent = \"read_aio\"\n"
		. "errno = \"5\"\nonce = \"$once\"\nsector = \"$_\"\n" } @sectors;
	return 'blkdebug:' . spill($rules) . ":$disk";
}

sub unreadable {
	my ($arch) = @_;
	my $disk = make_disk(2, $arch, 'checkpoint=exit', $initrd);
	my %at = sectors(slurp($disk));
	my $all = sick($disk, 'always', 1 .. 2879);
	for my $via (qw(disk floppy)) {
		my $boot = boot(chapter => 2, arch => $arch, via => $via,
			disk => $all);
		my $what = "$arch, $via, no read after the first works";
		is($boot->{status}, 1, "$what: fails");
		said($boot, $via eq 'disk' ? $READ_ERROR : $SETUP_SUM,
			"$what: says so");
	}
	for (share($arch, qw(setup kernel trailer initrd))) {
		my $sector = $at{$_} + 1;
		my $boot = boot(chapter => 2, arch => $arch,
			disk => sick($disk, 'always', $sector));
		is($boot->{status}, 1, "$arch, a bad sector in the $_: fails");
		said($boot, $READ_ERROR, "$arch, a bad sector in the $_: says so");
	}
	for my $failures (1 .. $TRIES) {
		my @bad = map { ($at{setup} + 2, $at{kernel} + 7,
			$at{initrd} + 3) } 1 .. $failures;
		my $sick = sick($disk, @bad);
		my $what = "$arch, $failures failed reads of a sector";
		if ($failures < $TRIES) {
			works($what, arch => $arch, disk => $sick);
		} else {
			my $boot = boot(chapter => 2, arch => $arch,
				disk => $sick);
			is($boot->{status}, 1, "$what: too many");
			said($boot, $READ_ERROR, "$what: says so");
		}
	}
	my $first = make_disk(1, $arch);
	works("kernel 1, $arch, a read that fails once", chapter => 1,
		arch => $arch, disk => sick($first, 2));
	my $boot = boot(chapter => 1, arch => $arch,
		disk => sick($first, 'always', 2));
	is($boot->{status}, 1, "kernel 1, $arch, a bad sector: fails");
	said($boot, $READ_ERROR, "kernel 1, $arch, a bad sector: says so");
}

# The boot sector's, the setup's and the head's sentences on the screen.
sub on_screen {
	my ($arch) = @_;
	my $disk = slurp(make_disk(2, $arch, 'checkpoint=exit', $initrd));
	my %at = sectors($disk);
	my %bad = (
		'a disk that is cut short' => [$READ_ERROR,
			substr $disk, 0, 512 * 5],
		'a changed setup' => [$SETUP_SUM, flip($disk, 0x800)],
		'a changed trailer' => [qr/^No command line behind/m,
			flip($disk, 512 * $at{trailer})],
		'a changed kernel' => [$KERNEL_SUM,
			flip($disk, 512 * $at{trailer} - 1)],
	);
	for (share($arch, sort keys %bad)) {
		my ($sentence, $bytes) = @{$bad{$_}};
		my $machine = session(arch => $arch, disk => spill($bytes));
		like($machine->screen($sentence), $sentence,
			"$arch, $_: on the screen");
		$machine->finish('stop');
	}
}
