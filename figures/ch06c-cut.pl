#!/usr/bin/perl
# Two ranges of free pages, cut into blocks by the rule of the text.
use strict;
use warnings;

my ($w, $h) = (0.7, 0.5);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
printf "\\node[text=quiet,inner sep=1pt] at (%g,0.2) {%d};\n", ($_ + 0.5) * $w, $_ for 0 .. 15;
my $y = 0;
for ([5, 16, '5 to 15'], [5, 15, '5 to 14']) {
	my ($p, $end, $name) = @$_;
	printf "\\node[left,inner sep=4pt] at (0,%g) {%s};\n", $y - $h / 2, $name;
	printf "\\draw[fill=reserved] (0,%g) rectangle (%g,%g);\n", $y - $h, 16 * $w, $y;
	while ($p < $end) {
		my $o = 0;
		$o++ while $p % 2 ** ($o + 1) == 0;
		$o-- while $p + 2 ** $o > $end;
		printf "\\draw[fill=white] (%g,%g) rectangle (%g,%g); \\node at (%g,%g) {order %d};\n", $p * $w, $y - $h, ($p + 2 ** $o) * $w, $y,
			($p + 2 ** $o / 2) * $w, $y - $h / 2, $o if $o;
		printf "\\draw[fill=white] (%g,%g) rectangle (%g,%g); \\node at (%g,%g) {0};\n", $p * $w, $y - $h, ($p + 1) * $w, $y,
			($p + 0.5) * $w, $y - $h / 2 if !$o;
		$p += 2 ** $o;
	}
	$y -= $h + 0.25;
}
print "\\end{tikzpicture}\n";
