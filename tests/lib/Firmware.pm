package Firmware;
# ACPI tables of our own making. They come to kernel 4 as an initrd, and
# acpi_rsdp= on its command line points at them.
use strict;
use warnings;
use Boot;
use Exporter qw(import);

our @EXPORT = qw(table rsdp root sum initrd_at bringing);

use constant SIZE => 0x80000;		# of the initrd
my %at;					# where it is, by architecture

# A table: its head and a body. length and sum (added to the right sum)
# may lie.
sub table {
	my ($signature, $body, %o) = @_;
	my $bytes = pack('a4 V C C a6 a8 V a4 V', $signature,
		$o{length} // 36 + length $body, $o{revision} // 1, 0,
		$o{oem} // 'BOCHS ', 'MADE-UP ', 1, 'R2K ', 1) . $body;
	substr($bytes, 9, 1) = pack 'C', (-sum($bytes) + ($o{sum} // 0)) & 255;
	return $bytes;
}

sub sum { return unpack '%8C*', $_[0] }

sub rsdp {
	my (%o) = @_;
	my $bytes = pack 'a8 C a6 C V V Q< C x3', 'RSD PTR ', 0, 'BOCHS ',
		$o{revision} // 0, $o{rsdt} // 0, 36, $o{xsdt} // 0, 0;
	substr($bytes, 8, 1) = pack 'C', -sum(substr $bytes, 0, 20) & 255;
	substr($bytes, 32, 1) = pack 'C',
		(-sum($bytes) + ($o{sum} // 0)) & 255;
	return $bytes;
}

# An RSDP at offset 0 and an RSDT or XSDT at 0x100: (offset => bytes).
sub root {
	my ($arch, $kind, @entries) = @_;
	my $b = initrd_at($arch);
	my $rsdp = $kind eq 'XSDT'
		? rsdp(revision => 2, rsdt => $b + 0x80, xsdt => $b + 0x100)
		: rsdp(rsdt => $b + 0x100);
	return (0 => $rsdp, 0x100 => table($kind, pack $kind eq 'XSDT'
		? '(Q<)*' : 'V*', @entries));
}

# Where an initrd of our size comes to lie: a first boot has to tell.
sub initrd_at {
	my ($arch) = @_;
	return $at{$arch} //= do {
		my $boot = boot(chapter => 4, arch => $arch,
			via => 'kernel', initrd => spill("\0" x SIZE));
		hex(($boot->{log} =~ /^RAMDISK: \[mem 0x(\w+)-/m)[0] // 0);
	};
}

# Options of boot() for a machine with these pieces, offset => bytes, in
# its initrd; the RSDP is at offset 0.
sub bringing {
	my ($arch, $pieces, $append) = @_;
	my $bytes = "\0" x SIZE;
	substr($bytes, $_, length $pieces->{$_}) = $pieces->{$_}
		for keys %$pieces;
	return (arch => $arch, via => 'kernel', initrd => spill($bytes),
		append => sprintf('acpi_rsdp=%x %s', initrd_at($arch),
		$append // ''));
}

1;
