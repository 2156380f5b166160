#!/usr/bin/perl
# What each zone of a machine gives to a request that could use Normal:
# all pages above the mark low and what is kept. From a boot's record.
# boot: chapter=5 arch=x86_64 mem=6G
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @zone = grep { $_->{t} eq 'zone' && $_->{present} } map { decode_json($_) } grep { /^\{/ } <$in>;
my $NORMAL = 2;			# its index, on x86_64
my ($width, $row) = (8.6, 0.95);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
for my $i (0 .. $#zone) {
	my ($z, $y) = ($zone[$i], -$i * $row);
	my $kept = $z->{reserve}[$NORMAL];
	my $floor = $z->{low} + $kept;
	my $all = $z->{managed};
	my $x = ($floor > $all ? $all : $floor) / $all * $width;
	printf "\\node[left] at (-0.05,%g) {%s};\n", $y + 0.25, $z->{name};
	printf "\\draw[fill=used] (0,%g) rectangle +(%g,0.5);\n", $y, $width;
	printf "\\draw[fill=mark] (0,%g) rectangle +(%g,0.5);\n", $y, $x;
	printf "\\node[right,note] at (%g,%g) {%s of %s};\n", $width + 0.05, $y + 0.25,
		$floor >= $all ? 'none' : commas($all - $floor), commas($all);
	printf "\\node[below,quiet,inner sep=1pt,anchor=north west] at (0,%g) {low %s, kept %s};\n", $y, commas($z->{low}), commas($kept);
}
print "\\end{tikzpicture}\n";

sub commas { my ($n) = @_; 1 while $n =~ s/^(\d+)(\d{3})/$1,$2/; return $n }
