#!/usr/bin/perl
# All blocks of sixteen pages; in colour those that have page 5, and their
# buddies.
use strict;
use warnings;

my ($w, $h) = (0.72, 0.5);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
for my $o (0 .. 4) {
	my $y = -(4 - $o) * ($h + 0.12);
	printf "\\node[left,inner sep=3pt] at (0,%g) {order %d};\n", $y - $h / 2, $o;
	for (my $p = 0; $p < 16; $p += 2 ** $o) {
		my $mine = $p == (5 & ~(2 ** $o - 1));
		my $buddy = $o < 4 && $p == ((5 & ~(2 ** $o - 1)) ^ 2 ** $o);
		my $text = $o == 0 ? sprintf('%04b', $p) : $o == 4 ? '0000' : sprintf('%04b', $p);
		printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g); \\node[font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,%g) {%s};\n",
			$mine ? 'used' : $buddy ? 'mark' : 'white', $p * $w, $y - $h, ($p + 2 ** $o) * $w, $y, ($p + 2 ** $o / 2) * $w, $y - $h / 2, $text;
	}
}
my $y = -5 * ($h + 0.12) - 0.35;
printf "\\draw[fill=used] (0,%g) rectangle +(0.4,0.25); \\node[right] at (0.45,%g) {has page 5};\n", $y, $y + 0.125;
printf "\\draw[fill=mark] (3,%g) rectangle +(0.4,0.25); \\node[right] at (3.45,%g) {its buddy};\n", $y, $y + 0.125;
print "\\end{tikzpicture}\n";
