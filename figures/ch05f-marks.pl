#!/usr/bin/perl
# What each zone gives to a request that could use the highest one: all
# pages above the mark min and what is kept. From two boots' records.
# boot: chapter=5 arch=x86_64 mem=6G
# boot: chapter=5 arch=i386 mem=2G
use strict;
use warnings;
use JSON::PP;

my @title = ('x86\_64 with 6 GiB, a request for Normal', 'i386 with 2 GiB, a request for HighMem');
my ($width, $row, $y) = (8.6, 0.88, 0);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
for my $n (0 .. $#ARGV) {
	open my $in, '<', $ARGV[$n] or die "$ARGV[$n]: $!\n";
	my @zone = grep { $_->{t} eq 'zone' && $_->{present} } map { decode_json($_) } grep { /^\{/ } <$in>;
	printf "\\node[title,anchor=south west] at (0,%g) {%s};\n", $y + 0.55, $title[$n];
	for my $z (@zone) {
		my $kept = $z->{reserve}[$#zone];
		my ($floor, $all) = ($z->{min} + $kept, $z->{managed});
		my $x = ($floor > $all ? $all : $floor) / $all * $width;
		printf "\\node[left] at (-0.05,%g) {%s};\n", $y + 0.25, $z->{name};
		printf "\\draw[fill=used] (0,%g) rectangle +(%g,0.5);\n", $y, $width;
		printf "\\draw[fill=mark] (0,%g) rectangle +(%g,0.5);\n", $y, $x;
		printf "\\node[right,note] at (%g,%g) {%s of %s};\n", $width + 0.05, $y + 0.25,
			$floor >= $all ? 'none' : commas($all - $floor), commas($all);
		printf "\\node[quiet,inner sep=1.5pt,anchor=north west] at (0,%g) {min %s, kept %s};\n", $y, commas($z->{min}), commas($kept);
		$y -= $row;
	}
	$y -= 0.62;
}
print "\\end{tikzpicture}\n";

sub commas { my ($n) = @_; 1 while $n =~ s/^(\d+)(\d{3})/$1,$2/; return $n }
