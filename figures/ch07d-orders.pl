#!/usr/bin/perl
# The order of slabs by the size of objects, and what is left over: Linux's
# rule for one CPU, as the text has it; held against the record's caches.
# boot: chapter=7 arch=x86_64 mem=128M append="random_seed=1"
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
for (map { decode_json($_) } grep { /^\{"t":"cache"/ } <$in>) {
	die "$_->{name}: order $_->{order}\n" if $_->{order} != order($_->{size});
}
my ($w, $h) = (11.6 / 4096, 2.2);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
my @colours = ('white', 'used', 'data', 'mark');
my ($from, $is) = (8, order(8));
for (my $size = 8; $size <= 4104; $size += 8) {
	my $o = $size > 4096 ? -1 : order($size);
	next if $o == $is;
	printf "\\fill[%s] (%.3f,0) rectangle (%.3f,0.4);\n", $colours[$is], ($from - 8) * $w, ($size - 8) * $w;
	printf "\\node at (%.3f,0.2) {%d};\n", ($from + $size - 16) / 2 * $w, $is if $size - $from > 120;
	($from, $is) = ($size, $o);
}
print "\\draw (0,0) rectangle (11.6,0.4);\n\\node[left,inner sep=3pt] at (0,0.2) {order};\n";
printf "\\draw[fill=%s] (%g,0.6) rectangle +(0.3,0.22);\n\\node[right,inner sep=2pt] at (%g,0.71) {%d};\n",
	$colours[$_], 8 + $_ * 0.9, 8.3 + $_ * 0.9, $_ for 0 .. 3;
my $top = -0.4;
printf "\\draw (0,%g) rectangle (11.6,%g);\n", $top, $top - $h;
for (0, 5, 10, 15, 20) {
	my $y = $top - $h + $_ / 20 * $h;
	printf "\\node[left,inner sep=2pt] at (-0.05,%g) {%d\\%%};\n", $y, $_;
	printf "\\draw[thin rule,draw=quiet!35] (0,%g) -- (11.6,%g);\n", $y, $y if $_ && $_ < 20;
}
my @at;
for (my $size = 8; $size <= 4096; $size += 8) {
	my $bytes = 4096 << order($size);
	push @at, sprintf '(%.3f,%.3f)', ($size - 8) * $w, $top - $h + ($bytes % $size) / $bytes / 0.2 * $h;
}
print "\\draw[ink,line width=0.4pt] ", join(' -- ', @at), ";\n";
printf "\\draw (%.3f,%g) -- +(0,-0.07) node[below,inner sep=2pt] {%d};\n", ($_ - 8) * $w, $top - $h, $_ for 512, 1024, 2048, 3072, 4096;
printf "\\node[title,below] at (5.8,%g) {size of an object, bytes};\n", $top - $h - 0.35;
print "\\node[rotate=90,text=quiet] at (-0.95,", $top - $h / 2, ") {left over};\n";
print "\\end{tikzpicture}\n";

sub order_for { my ($bytes) = @_; my $o = 0; $o++ while 4096 << $o < $bytes; return $o }

sub order {
	my ($size) = @_;
	my $most = int(32768 / $size) || 1;
	my $min = order_for(($most < 8 ? $most : 8) * $size);
	for my $part (16, 8, 4, 2) {
		for my $o ($min .. 3) {
			return $o if (4096 << $o) % $size <= (4096 << $o) / $part;
		}
	}
	return order_for($size);
}
