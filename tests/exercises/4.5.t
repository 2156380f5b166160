#!/usr/bin/perl
# The older root: acpi=rsdt.
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
my %pieces = (
	0 => rsdp(revision => 2, rsdt => $b + 0x100, xsdt => $b + 0x200),
	0x100 => table('RSDT', pack 'V', $b + 0x300),
	0x200 => table('XSDT', pack 'Q<', $b + 0x400),
	0x300 => table('OLDS', ''),
	0x400 => table('NEWS', ''),
);
still_passes(4, $arch);
found('', 'XSDT NEWS', 'without a word: the XSDT');
found('acpi=rsdt', 'RSDT OLDS', 'acpi=rsdt: the RSDT');
found('acpi=off', '', 'acpi=off: nothing');
my $boot = boot(chapter => 4, arch => $arch, append => 'acpi=maybe');
shows($boot->{log}, qr/^Malformed early option 'acpi'$/m,
	'acpi=maybe: malformed');
shows($boot->{log}, qr/^ACPI: RSDT .*\nACPI: FACP /m,
	'and the tables are found');
done_testing();

# Which tables are printed behind the RSDP.
sub found {
	my ($append, $wanted, $name) = @_;
	my $log = boot(chapter => 4, bringing($arch, \%pieces, $append))->{log};
	is(join(' ', grep { $_ ne 'RSDP' } $log =~ /^ACPI: (\S{4}) 0x/mg),
		$wanted, $name);
}
