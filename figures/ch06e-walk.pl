#!/usr/bin/perl
# One request of order 4 in zone DMA, down through the halves of the block
# of order 9 that the record has, and back. Widths are not to scale.
# boot: chapter=6 arch=x86_64 mem=128M
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my ($block) = grep { $_->{t} eq 'block' && $_->{zone} eq 'DMA' && $_->{type} eq 'Movable' } map { decode_json($_) } grep { /^\{/ } <$in>;
my ($pfn, $from) = @$block{qw(pfn order)};
my ($w, $h) = (6.4, 0.46);
print "\\begin{tikzpicture}[font=\\fontsize{7.5}{9}\\selectfont]\n";
for my $o (reverse 4 .. $from) {
	my $row = $from - $o;
	my $y = -$row * ($h + 0.34);
	my $width = $w / 1.55 ** $row;
	printf "\\node[left,inner sep=3pt] at (0,%g) {order %d};\n", $y - $h / 2, $o;
	printf "\\draw[fill=%s] (0,%g) rectangle (%g,%g); \\node[font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (%g,%g) {%x};\n",
		$o == 4 ? 'used' : 'white', $y - $h, $width, $y, $width / 2, $y - $h / 2, $pfn;
	next if $o == $from;
	my $x = $width + 0.12;
	printf "\\draw[fill=mark] (%g,%g) rectangle (%g,%g); \\node[font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (%g,%g) {%x};\n",
		$x, $y - $h, $x + $width, $y, $x + $width / 2, $y - $h / 2, $pfn + 2 ** $o;
	printf "\\node[note,right,inner sep=4pt] at (%g,%g) {listed; later %x xor %x};\n", $x + $width, $y - $h / 2, $pfn, 2 ** $o;
	printf "\\draw[arrow] (%g,%g) -- (%g,%g);\n", $width / 2, $y + 0.34, $width / 2, $y + 0.02;
	printf "\\draw[arrow,densely dashed] (%g,%g) -- (%g,%g);\n", $x + 0.3 * $width, $y, $x + 0.3 * $width, $y + 0.32;
}
print "\\end{tikzpicture}\n";
