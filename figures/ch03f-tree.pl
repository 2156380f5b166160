#!/usr/bin/perl
# The tree of resources, drawn from a record: siblings below each other,
# children at the right of their parent.
# boot: chapter=3 arch=x86_64 mem=128M
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my ($width, $height, $pitch, $indent) = (5.2, 0.5, 0.68, 6.0);
my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{/ } <> };
my @rows = grep { $_->{t} eq 'resource' } @lines;

# A child's first line is beside its parent; so a row is new only for
# those that do not come right behind a range one level up.
my ($row, $before) = (-1, undef);
for (@rows) {
	$row++ unless $before && $_->{depth} > $before->{depth};
	@$_{qw(x y)} = ($_->{depth} * $indent, -$pitch * $row);
	$before = $_;
}
print "\\begin{tikzpicture}\n";
my @last;
for (@rows) {
	my ($x, $y, $depth) = @$_{qw(x y depth)};
	printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n",
		$_->{name} =~ /^System RAM|^Kernel/ ? 'free' : 'reserved', $x, $y, $x + $width, $y + $height;
	printf "\\node[anchor=west,inner sep=3pt] at (%g,%g) {\\ttfamily %08x-%08x};\n", $x, $y + $height / 2,
		hex $_->{start}, hex $_->{end};
	printf "\\node[anchor=east,inner sep=3pt] at (%g,%g) {%s};\n", $x + $width, $y + $height / 2, $_->{name};
	my $sibling = $last[$depth];
	printf "\\draw[arrow] (%g,%g) -- (%g,%g);\n", $x + 0.5, $sibling->{y}, $x + 0.5, $y + $height if $sibling;
	my $parent = $depth && !$sibling ? $last[$depth - 1] : undef;
	printf "\\draw[arrow] (%g,%g) -- (%g,%g);\n", $parent->{x} + $width, $y + $height / 2, $x, $y + $height / 2
		if $parent;
	$last[$depth] = $_;
	$#last = $depth;
}
print "\\end{tikzpicture}\n";
