#!/usr/bin/perl
# What taking a block and giving it back cost, by order.
# boot: chapter=6 arch=x86_64 mem=128M append="bench=1" icount=yes
use strict;
use warnings;
use JSON::PP;

my ($bottom, $top, $decade) = (1, 5, 0.95);
# Linux 6.1 on the same virtual machine, as far as it was counted: taking and giving back.
my %linux = (0 => 700, 1 => 776, 2 => 816, 3 => 884, 4 => 1598, 5 => 1948, 9 => 9969, 10 => 33654);
my %of;
open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
push @{$of{$_->{what}}}, [$_->{n}, $_->{cost}] for map { decode_json($_) } grep { /^\{"t":"bench-pair/ } <$in>;
my $step = 0.62;
my $width = 10 * $step + 0.6;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
for ($bottom .. $top) {
	my $y = ($_ - $bottom) * $decade;
	printf "\\node[left,inner sep=2pt] at (-0.05,%g) {\$10^%d\$};\n", $y, $_;
	printf "\\draw[thin rule,draw=quiet!35] (0,%g) -- +(%g,0);\n", $y, $width if $_ > $bottom && $_ < $top;
}
printf "\\node[rotate=90,quiet] at (-0.85,%g) {guest instructions};\n", ($top - $bottom) * $decade / 2;
printf "\\draw (0,0) rectangle (%g,%g);\n", $width, ($top - $bottom) * $decade;
printf "\\draw (%g,0) -- +(0,-0.07) node[below,inner sep=2pt] {%d};\n", 0.3 + $_ * $step, $_ for 0 .. 10;
printf "\\node[title,below] at (%g,-0.32) {order};\n", $width / 2;
curve('leaf', 'taking', @{$of{'pair-alloc'}});
curve('ink', 'giving back', @{$of{'pair-free'}});
curve('quiet', 'Linux 6.1, both', map { [$_, $linux{$_}] } sort { $a <=> $b } keys %linux);
print "\\end{tikzpicture}\n";

sub curve {
	my ($colour, $name, @points) = @_;
	my @at = map { sprintf '(%.3f,%.3f)', 0.3 + $_->[0] * $step, (log($_->[1]) / log(10) - $bottom) * $decade } @points;
	print "\\draw[$colour,line width=0.9pt] ", join(' -- ', @at), ";\n";
	print "\\fill[$colour] $_ circle (1.1pt);\n" for @at;
	printf "\\node[right,inner sep=4pt,$colour] at (%.3f,%.3f) {%s};\n", $width, (log($points[-1][1]) / log(10) - $bottom) * $decade, $name;
}
