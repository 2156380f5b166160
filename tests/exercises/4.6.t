#!/usr/bin/perl
# Counting processors: the table APIC, and what may be wrong with it.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Firmware;
use Test::More;

my $arch = 'x86_64';
my $b = initrd_at($arch);
still_passes(4, $arch);

my $boot = boot(chapter => 4, arch => $arch, qemu => ['-smp 3']);
shows($boot->{log}, qr/^ACPI: Reserving \w{4} table .*\nACPI: LAPIC/m,
	'-smp 3: behind the reservations');
said_of($boot, [map { lapic($_, $_, 'enabled') } 0 .. 2], '-smp 3: three');

my $cpu = entry(0, 7, 9, 1);
bad('a processor that is switched off', $cpu . entry(0, 1, 2, 0xfffffffe),
	[lapic(7, 9, 'enabled'), lapic(1, 2, 'disabled')]);
bad('entries of other types', "\1\x0c" . 'x' x 10 . $cpu . "\2\2" . $cpu,
	[(lapic(7, 9, 'enabled')) x 2]);
bad('a length of 0', $cpu . "\4\0xxxx" . $cpu,
	[lapic(7, 9, 'enabled'), 'ACPI: [APIC:0x04] Invalid zero length']);
bad('an entry past the end', $cpu . "\0\x08xxx",
	[lapic(7, 9, 'enabled'), 'ACPI: [APIC:0x00] runs past its table']);
bad('an entry of one byte at the end', $cpu . "\1",
	[lapic(7, 9, 'enabled')]);
bad('a short entry', "\0\4xx" . $cpu, [lapic(7, 9, 'enabled')]);
bad('no room for the head', undef, []);
done_testing();

sub lapic {
	return sprintf 'ACPI: LAPIC (acpi_id[0x%02x] lapic_id[0x%02x] %s)', @_;
}

sub entry { return pack 'C C C C V', $_[0], 8, @_[1 .. 3] }

sub bad {
	my ($name, $entries, $wanted) = @_;
	my $apic = table('APIC', defined $entries
		? pack('V V', 0xfee00000, 1) . $entries : 'xx');
	my $boot = boot(chapter => 4, bringing($arch, {
		root($arch, 'RSDT', $b + 0x1000), 0x1000 => $apic,
	}));
	is($boot->{status}, 0, "$name: lives");
	said_of($boot, $wanted, "$name: what is said");
}

sub said_of {
	my ($boot, $wanted, $name) = @_;
	is_deeply([$boot->{log} =~ /^(ACPI: (?:LAPIC|\[APIC:).*)$/mg],
		$wanted, $name);
}
