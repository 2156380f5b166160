#!/usr/bin/perl
# RSDP, RSDT and FADT, byte by byte, with addresses from a boot's record.
# boot: chapter=4 arch=i386
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my ($root) = grep { $_->{t} eq 'acpi_root' } @record;
my %table = map { $_->{sig} => $_ } grep { $_->{t} eq 'acpi' } @record;
my @listed = grep { $_->{sig} !~ /^(?:DSDT|FACS)$/ } grep { $_->{t} eq 'acpi' } @record;
my $byte = 0.225;	# cm

print "\\begin{tikzpicture}\n";
strip(0, 'RSDP', $root->{rsdp}, [8, 'RSD PTR', 'free'], [1, 'sum: 8', 'free'], [6, 'OEM ID', 'free'],
	[1, 'revision: 15', 'free'], [4, 'RSDT', 'mark']);
strip(-1.9, 'RSDT', $root->{root}, [4, 'RSDT', 'free'], [4, 'length', 'data'], [28, 'rest of the head', 'free'],
	map { [4, $_->{sig}, 'mark'] } @listed);
strip(-3.8, 'FADT', $table{FACP}{start}, [4, 'FACP', 'free'], [4, 'length', 'data'], [28, 'rest of the head', 'free'],
	[4, 'FACS', 'mark'], [4, 'DSDT', 'mark'], [6, '\\dots', 'free']);
lead(18, 0, 0, -1.9);
lead(38, -1.9, 0, -3.8);
print "\\end{tikzpicture}\n";

# A table: its name and address, and its fields: bytes, text, colour. Offsets stand below.
sub strip {
	my ($y, $name, $address, @fields) = @_;
	my $at = 0;
	printf "\\node[left,align=right,inner sep=3pt] at (0,%g) {\\textbf{%s}\\\\[-1pt]{\\fontsize{6.6}{7.6}\\selectfont\\ttfamily %s}};\n",
		$y + 0.25, $name, $address;
	for my $field (@fields) {
		my ($bytes, $text, $colour) = @$field;
		my ($from, $to) = ($at * $byte, ($at + $bytes) * $byte);
		printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n", $colour, $from, $y, $to, $y + 0.5;
		printf "\\node[font=\\fontsize{6.6}{7.6}\\selectfont] at (%g,%g) {%s};\n", ($from + $to) / 2,
			$y + ($bytes > 1 ? 0.25 : 0.65), $text;	# a byte is too narrow for its name
		printf "\\node[below right,inner sep=1pt,text=quiet,font=\\fontsize{5.6}{6}\\selectfont] at (%g,%g) {%d};\n",
			$from, $y, $at if $bytes > 1;
		$at += $bytes;
	}
}

# From the middle of a field to the beginning of the next table.
sub lead {
	my ($at, $y, $x, $to) = @_;
	printf "\\draw[pointer] (%g,%g) -- ++(0,-0.75) -| (%g,%g);\n", $at * $byte, $y + 0.12, $x + 0.3, $to + 0.5;
}
