#!/usr/bin/perl
# An object of kmalloc-64, plain and watched, from two records.
# boot: chapter=7 arch=x86_64 mem=128M append="random_seed=1"
# boot: chapter=7 arch=x86_64 mem=128M append="random_seed=1 slab_debug=FZPU,kmalloc-64"
use strict;
use warnings;
use JSON::PP;

my @c = map { cache($_) } @ARGV;
my ($plain, $watched) = @c;
my $scale = 12.8 / $watched->{size};
print "\\begin{tikzpicture}[font=\\fontsize{6.4}{7.6}\\selectfont]\n";
my $y = 0;
node('plain', $y);
my $x = 0;
for my $i (0 .. int($watched->{size} / $plain->{size}) - 1) {
	piece($plain->{object_size}, 'used', 'object', $y);
}
edge($x, $y);
$x = 0;
$y = -1.5;
node('watched', $y);
my $left = $watched->{align} > 8 ? $watched->{align} : 8;
my $tracks = 48;
piece($left, 'mark', 'red zone', $y);
piece($watched->{object_size}, 'used', 'object', $y);
piece($watched->{inuse} - $watched->{object_size}, 'mark', 'Z', $y);
piece(8, 'data', 'link', $y);
piece($tracks / 2, 'reserved', 'allocated', $y);
piece($tracks / 2, 'reserved', 'freed', $y);
piece(4, 'data', '', $y);
my $rest = $watched->{size} - $x;
piece($rest, 'white', 'padding 5a', $y);
edge($x, $y);
printf "\\node[note] at (%.3f,%g) {%d to %d: size asked for};\n", ($x - $rest - 2) * $scale, $y - 0.98, $x - $rest - 4, $x - $rest;
printf "\\draw[thin rule] (%.3f,%g) -- +(0,-0.33);\n", ($x - $rest - 2) * $scale, $y - 0.5;
print "\\end{tikzpicture}\n";

sub cache {
	open my $in, '<', $_[0] or die "$_[0]: $!\n";
	my ($c) = grep { $_->{name} eq 'kmalloc-64' } map { decode_json($_) } grep { /^\{"t":"cache"/ } <$in>;
	return $c;
}

sub node { printf "\\node[title,anchor=south west,inner sep=1pt] at (0,%g) {%s};\n", $_[1] + 0.05, $_[0] }

sub piece {
	my ($bytes, $colour, $text, $y) = @_;
	printf "\\draw[fill=%s] (%.3f,%g) rectangle (%.3f,%g);\n", $colour, $x * $scale, $y, ($x + $bytes) * $scale, $y - 0.5;
	printf "\\node at (%.3f,%g) {%s};\n", ($x + $bytes / 2) * $scale, $y - 0.25, $text;
	printf "\\draw[thin rule] (%.3f,%g) -- +(0,-0.1) node[below,inner sep=1pt,text=quiet] {%s};\n", $x * $scale, $y - 0.5, $x
		if $bytes >= 20 && $text !~ /padding/ || $text eq 'Z';
	printf "\\draw[thin rule] (%.3f,%g) -- +(0,0.1) node[above,inner sep=1pt,text=quiet] {%s};\n", $x * $scale, $y, $x
		if $text eq 'link';
	$x += $bytes;
}

sub edge {
	printf "\\draw[thin rule] (%.3f,%g) -- +(0,-0.1) node[below,inner sep=1pt,text=quiet] {%s};\n",
		$_[0] * $scale, $_[1] - 0.5, $_[0];
}
