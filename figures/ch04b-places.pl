#!/usr/bin/perl
# Where the anchors of the firmware's tables are looked for below 1 MiB,
# and where a boot found them.
# boot: chapter=4 arch=x86_64
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my ($acpi) = grep { $_->{t} eq 'acpi_root' } @record;
my ($mp) = grep { $_->{t} eq 'mptable' } @record;
my ($dmi) = grep { $_->{t} eq 'smbios' } @record;

# Bottom, top (cm), address below, colour, text.
my @pieces = (
	[0, 0.5, '0x0', 'reserved', '1 KiB: real mode\'s vectors'],
	[0.5, 1.3, '0x400', 'free', ''],
	[1.3, 1.8, '0x9fc00', 'reserved', 'EBDA, 1 KiB'],
	[1.8, 2.5, '0xa0000', 'free', ''],
	[2.5, 3.3, '0xe0000', 'reserved', '64 KiB'],
	[3.3, 4.8, '0xf0000', 'reserved', '64 KiB: the BIOS'],
);
my @columns = (
	['MP table', 'data', [0, 0.5], [1.3, 1.8], [3.3, 4.8]],
	['SMBIOS', 'used', [3.3, 4.8]],
	['ACPI', 'mark', [1.3, 1.8], [2.5, 4.8]],
);
my @found = ($mp->{start}, $dmi->{entry}, $acpi->{rsdp});

print "\\begin{tikzpicture}\n";
for (@pieces) {
	my ($bottom, $top, $address, $colour, $text) = @$_;
	print $text eq '' ? "\\gapregion[3.6]{$bottom}{$top}{}\n"
		: "\\region[3.6]{$bottom}{$top}{$colour}{$text}\n";
	print "\\address{$bottom}{$address}\n";
}
print "\\address{4.8}{0x100000}\n";
for my $i (0 .. $#columns) {
	my ($title, $colour, @ranges) = @{$columns[$i]};
	my $x = 4.3 + $i * 3.0;
	printf "\\node[title] at (%g,5.15) {%s};\n", $x + 1.1, $title;
	printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n", $colour, $x, $_->[0], $x + 2.2, $_->[1]
		for @ranges;
	my $offset = hex($found[$i]) - 0xf0000;
	my $y = 3.3 + 1.5 * $offset / 0x10000;
	printf "\\draw[draw=warm,line width=1.2pt] (%g,%g) -- (%g,%g);\n", $x, $y, $x + 2.2, $y;
	printf "\\node[note,above,inner sep=1.5pt] at (%g,%g) {\\ttfamily %s};\n", $x + 1.1, $y, $found[$i];
}
print "\\end{tikzpicture}\n";
