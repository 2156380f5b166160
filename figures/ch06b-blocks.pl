#!/usr/bin/perl
# Free blocks below 32 MiB, in rows of 4 MiB, from the record.
# boot: chapter=6 arch=x86_64 mem=128M
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @block = grep { $_->{t} eq 'block' } map { decode_json($_) } grep { /^\{/ } <$in>;
my ($w, $h) = (11.4, 0.46);
print "\\begin{tikzpicture}[font=\\fontsize{6.5}{7.5}\\selectfont]\n";
for my $row (0 .. 7) {
	my $y = -$row * ($h + 0.14);
	printf "\\node[left,inner sep=2pt,font=\\fontsize{5.8}{6.4}\\selectfont\\ttfamily] at (0,%g) {%05x};\n", $y - $h / 2, $row * 1024;
	printf "\\draw[fill=quiet!55] (0,%g) rectangle (%g,%g);\n", $y - $h, $w, $y;
	for (grep { $_->{pfn} >> 10 == $row } @block) {
		my $x = ($_->{pfn} & 1023) / 1024 * $w;
		my $size = 2 ** $_->{order} / 1024 * $w;
		my $colour = $_->{type} eq 'Movable' ? 'free' : $_->{type} eq 'Unmovable' ? 'mark' : 'data';
		printf "\\draw[fill=%s,line width=%gpt] (%.4f,%g) rectangle (%.4f,%g);\n", $colour, $size > 0.22 ? 0.3 : 0.08, $x, $y - $h, $x + $size, $y;
		printf "\\node at (%.4f,%g) {%d};\n", $x + $size / 2, $y - $h / 2, $_->{order} if $size > 0.22;
	}
}
my $y = -8 * ($h + 0.14) - 0.2;
my $x = 0;
for (['free', 'free, movable'], ['mark', 'free, unmovable'], ['quiet!55', 'not free']) {
	printf "\\draw[fill=%s] (%g,%g) rectangle +(0.4,0.24); \\node[right] at (%g,%g) {%s};\n", $_->[0], $x, $y, $x + 0.45, $y + 0.12, $_->[1];
	$x += 3;
}
print "\\end{tikzpicture}\n";
