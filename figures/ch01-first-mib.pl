#!/usr/bin/perl
# The first MiB, drawn from the map in a record.
# boot: chapter=1 arch=x86_64
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{/ } <> };
my @map = grep { $_->[0] < 0x100000 } map { [hex $_->{addr}, hex($_->{addr}) + hex $_->{size}, $_->{type}] }
	grep { $_->{t} eq 'e820' } @lines;

# What is where: bottom, top, name. The map says how each is shaded.
my $ebda = $map[1][0];
my @what = (
	[0, 0x400, 'interrupt vector table'],
	[0x400, 0x500, 'BIOS data area'],
	[0x500, 0x7c00, 'free'],
	[0x7c00, 0x7e00, 'boot sector'],
	[0x7e00, $ebda, 'free'],
	[$ebda, 0xa0000, 'EBDA'],
	[0xa0000, 0xc0000, 'memory of the video card'],
	[0xc0000, 0xe0000, 'ROMs of cards, video BIOS first'],
	[0xe0000, 0xf0000, 'BIOS, lower half'],
	[0xf0000, 0x100000, 'BIOS, upper half'],
);
my $y = 0;
print "\\begin{tikzpicture}\n\\renewcommand\\mapwidth{5.2}\n";
for (@what) {
	my ($from, $to, $name) = @$_;
	my $height = $to - $from > 0x40000 ? 1.5 : $to - $from > 0x10000 ? 0.95 : 0.56;
	my ($entry) = grep { $_->[0] <= $from && $to <= $_->[1] } @map;
	my $fill = !$entry ? 'white' : $entry->[2] == 1 ? 'free' : 'reserved';
	my $top = $y + $height;
	print "\\region{$y}{$top}{$fill}{}\n";
	print "\\fill[pattern=north east lines,pattern color=quiet!50] (0,$y) rectangle (\\mapwidth,$top);\n"
		unless $entry;
	print "\\fill[mark] (0.02,$y) rectangle (\\mapwidth-0.02,$top);\n\\draw (0,$y) rectangle (\\mapwidth,$top);\n"
		if $name eq 'boot sector';
	printf "\\node[%sinner sep=1.5pt] at (\\mapwidth/2,%g) {%s};\n", $entry ? '' : 'fill=white,', ($y + $top) / 2, $name
		if $name;
	printf "\\address{%g}{0x%05x}\n", $y, $from;
	$y = $top;
}
printf "\\address{%g}{0x100000}\n", $y;
# The entries of the map, as braces at the right.
my %at;
$y = 0;
for (@what) {
	my ($from, $to) = @$_;
	$at{$from} = $y;
	$y += $to - $from > 0x40000 ? 1.5 : $to - $from > 0x10000 ? 0.95 : 0.56;
	$at{$to} = $y;
}
for (@map) {
	my ($from, $to, $type) = @$_;
	printf "\\draw[brace] (5.35,%g) -- node[note,right=4pt] {\\texttt{0x%05x}--\\texttt{0x%05x}\\\\%s} (5.35,%g);\n",
		$at{$to} - 0.03, $from, $to - 1, $type == 1 ? 'usable' : 'reserved', $at{$from} + 0.03;
}
printf "\\draw[brace] (5.35,%g) -- node[note,right=4pt] {in no entry} (5.35,%g);\n", $at{$map[2][0]} - 0.03,
	$at{$map[1][1]} + 0.03;
print "\\end{tikzpicture}\n";
