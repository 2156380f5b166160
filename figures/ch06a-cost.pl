#!/usr/bin/perl
# What two pages cost of memblock, and a page from the middle given back,
# against the pages that were asked for before; and of the page allocator.
# Both axes logarithmic.
# boot: chapter=6 arch=x86_64 mem=128M append="bench=1" icount=yes
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Costs;

my $of = costs($ARGV[0]);
my ($pair) = map { $_->[1] } grep { $_->[0] == 1 } @{$of->{pair}};
my @n = map { $_->[0] } @{$of->{'memblock-two'}};
my $width = 6.2;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
frame($width, 1, 6, 0.95, \&x);
for (@n) {
	(my $text = $_) =~ s/(?<=\d)(?=\d{3}$)/,/;
	printf "\\draw (%g,0) -- +(0,-0.07) node[below,inner sep=2pt] {%s};\n", x($_), $text;
}
printf "\\node[title,below] at (%g,-0.32) {pages asked for before};\n", $width / 2;
curve('warm', 'memblock: two pages side by side', @{$of->{'memblock-two'}});
curve('ink', 'memblock: one from the middle given back', @{$of->{'memblock-middle'}});
curve('leaf', 'kernel 6: two pages, taken and given back', map { [$_, $pair] } @n);
print "\\end{tikzpicture}\n";

sub x { return 0.4 + (log($_[0]) / log(10) - 1) * ($width - 0.8) / 3 }
