#!/usr/bin/perl
# Ten thousand objects: asked for, in slabs, in whole pages; to scale.
# boot: chapter=7 arch=x86_64 mem=128M append="bench=1 random_seed=1" icount=yes
use strict;
use warnings;
use JSON::PP;

my %of;
open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
$of{$_->{what}} = $_ for map { decode_json($_) } grep { /^\{"t":"bench-loss/ } <$in>;
my @bars = (['asked for', $of{'loss-asked'}{cost}, 'used'], ['in slabs', $of{'loss-taken'}{cost}, 'data'],
	['in whole pages', $of{'loss-asked'}{n} * 4096, 'reserved']);
my $scale = 10.2 / $bars[2][1];
my $y = 0;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
for (@bars) {
	my ($name, $bytes, $colour) = @$_;
	my $text = sprintf '%.1f MiB', $bytes / 1048576;
	printf "\\node[left,inner sep=3pt] at (0,%g) {%s};\n", $y - 0.22, $name;
	printf "\\draw[fill=%s] (0,%g) rectangle (%.3f,%g);\n", $colour, $y, $bytes * $scale, $y - 0.44;
	printf "\\node[right,inner sep=3pt] at (%.3f,%g) {%s};\n", $bytes * $scale, $y - 0.22, $text;
	$y -= 0.66;
}
print "\\end{tikzpicture}\n";
