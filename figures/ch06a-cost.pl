#!/usr/bin/perl
# What two pages cost of memblock, and a page from the middle given back,
# against the pages that were asked for before; and of the page allocator.
# Both axes logarithmic.
# boot: chapter=6 arch=x86_64 mem=128M append="bench=1" icount=yes
use strict;
use warnings;
use JSON::PP;

my ($bottom, $top, $decade) = (1, 6, 0.95);
my %of;
open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
push @{$of{$_->{what}}}, [$_->{n}, $_->{cost}] for map { decode_json($_) } grep { /^\{"t":"bench-/ } <$in>;
my ($pair) = map { $_->[1] } grep { $_->[0] == 0 } @{$of{pair}};
my ($pair1) = map { $_->[1] } grep { $_->[0] == 1 } @{$of{pair}};
my @n = map { $_->[0] } @{$of{'memblock-two'}};
my $width = 6.2;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
for ($bottom .. $top) {
	my $y = ($_ - $bottom) * $decade;
	printf "\\node[left,inner sep=2pt] at (-0.05,%g) {\$10^%d\$};\n", $y, $_;
	printf "\\draw[thin rule,draw=quiet!35] (0,%g) -- +(%g,0);\n", $y, $width if $_ > $bottom && $_ < $top;
}
printf "\\node[rotate=90,quiet] at (-0.85,%g) {guest instructions};\n", ($top - $bottom) * $decade / 2;
printf "\\draw (0,0) rectangle (%g,%g);\n", $width, ($top - $bottom) * $decade;
for (@n) {
	(my $text = $_) =~ s/(?<=\d)(?=\d{3}$)/,/;
	printf "\\draw (%g,0) -- +(0,-0.07) node[below,inner sep=2pt] {%s};\n", x($_), $text;
}
printf "\\node[title,below] at (%g,-0.32) {pages asked for before};\n", $width / 2;
curve('warm', 'memblock: two pages side by side', 0, @{$of{'memblock-two'}});
curve('ink', 'memblock: one from the middle given back', 0, @{$of{'memblock-middle'}});
curve('leaf', 'kernel 6: two pages, taken and given back', 0, map { [$_, $pair1] } @n);
print "\\end{tikzpicture}\n";

sub log10 { return log($_[0]) / log 10 }
sub x { return 0.4 + (log10($_[0]) - 1) * ($width - 0.8) / 3 }

sub curve {
	my ($colour, $name, $raise, @points) = @_;
	my @at = map { sprintf '(%.3f,%.3f)', x($_->[0]), (log10($_->[1]) - $bottom) * $decade } @points;
	print "\\draw[$colour,line width=0.9pt] ", join(' -- ', @at), ";\n";
	print "\\fill[$colour] $_ circle (1.1pt);\n" for @at;
	printf "\\node[right,inner sep=3pt,$colour] at (%.3f,%.3f) {%s};\n", $width, (log10($points[-1][1]) - $bottom) * $decade + $raise, $name;
}
