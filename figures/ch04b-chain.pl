#!/usr/bin/perl
# The tree of ACPI's tables, from a boot's record.
# boot: chapter=4 arch=x86_64
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my ($root) = grep { $_->{t} eq 'acpi_root' } @record;
my @tables = grep { $_->{t} eq 'acpi' } @record;
my %table = map { $_->{sig} => $_ } @tables;
my @listed = grep { $_->{sig} !~ /^(?:DSDT|FACS)$/ } @tables;
my $row = 0.95;

print "\\begin{tikzpicture}\n";
box('rsdp', 0, 0, 'RSDP', $root->{rsdp}, 20, 'mark');
box('root', 3.7, 0, 'RSDT', $root->{root}, 36 + 4 * @listed, 'used');
print "\\draw[pointer] (rsdp.east) -- (root.west);\n";
for my $i (0 .. $#listed) {
	my $name = $listed[$i]{sig};
	node($name, 7.4, -$i * $row, 'white');
	if ($i) {
		printf "\\draw[arrow] (root.east) -- ++(0.45,0) |- (%s.west);\n", $name;
	} else {
		print "\\draw[arrow] (root.east) -- ($name.west);\n";
	}
}
my $i = 0;
for my $name (grep { $table{$_} } qw(DSDT FACS)) {
	node($name, 11.1, -$i * $row, 'data');
	if ($i++) {
		print "\\draw[arrow] (FACP.east) -- ++(0.45,0) |- ($name.west);\n";
	} else {
		print "\\draw[arrow] (FACP.east) -- ($name.west);\n";
	}
}
my $y = -$#listed * $row - 0.75;
printf "\\node[note,text width=2.5cm,align=center] at (0,%g) {found by its signature\\\\below 1 MiB};\n", -1;
printf "\\node[note,text width=2.6cm,align=center] at (3.7,%g) {the list};\n", -0.7;
printf "\\node[note,text width=3cm,align=center] at (11.1,%g) {known to the FADT only};\n", -$i * $row + 0.05;
print "\\end{tikzpicture}\n";

sub node {
	my ($name, $x, $y, $colour) = @_;
	my $t = $table{$name};
	box($name, $x, $y, $name eq 'FACP' ? 'FACP (FADT)' : $name, $t->{start},
		hex($t->{end}) - hex($t->{start}) + 1, $colour);
}

sub box {
	my ($name, $x, $y, $text, $address, $bytes, $colour) = @_;
	printf "\\node[box=%s,minimum width=2.5cm,minimum height=0.74cm,inner sep=2pt] (%s) at (%g,%g) {%s\\\\[-1pt]{\\fontsize{6.6}{7.6}\\selectfont\\ttfamily %s}\\,{\\fontsize{6.6}{7.6}\\selectfont %d B}};\n",
		$colour, $name, $x, $y, $text, $address, $bytes;
}
