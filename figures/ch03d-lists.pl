#!/usr/bin/perl
# memblock's two lists and what is free, from the record of a boot.
# boot: chapter=3 arch=x86_64 mem=128M initrd=300000
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{/ } <> };
my %list;
for (grep { $_->{t} eq 'memblock' } @lines) {
	my ($from, $to) = (hex $_->{base}, hex($_->{base}) + hex $_->{size});
	my $l = $list{$_->{type}} //= [];
	if (@$l && $l->[-1][1] == $from) { $l->[-1][1] = $to }
	else { push @$l, [$from, $to] }
}
my %mark = (0 => 1, map { ($_->[0] => 1, $_->[1] => 1) } map { @$_ } values %list);
my @mark = sort { $a <=> $b } keys %mark;

# To no scale: each stretch between two marks is drawn by its length's logarithm.
my (%x, $x);
for my $i (0 .. $#mark) {
	$x += $i ? 0.25 + 0.13 * log(($mark[$i] - $mark[$i - 1]) / 1024 + 1) : 0;
	$x{$mark[$i]} = $x;
}
my $scale = 10.6 / $x;
$_ *= $scale for values %x;

sub inside { my ($at, $l) = @_; return grep { $_->[0] <= $at && $at < $_->[1] } @$l }
my @row = (['memory', 'used', sub { inside($_[0], $list{memory}) }],
	['reserved', 'mark', sub { inside($_[0], $list{reserved}) }],
	['free', 'white', sub { inside($_[0], $list{memory}) && !inside($_[0], $list{reserved}) }]);
print "\\begin{tikzpicture}\n";
for my $r (0 .. $#row) {
	my ($name, $fill, $test) = @{$row[$r]};
	my $y = -0.85 * $r;
	printf "\\node[left] at (-0.15,%g) {%s};\n", $y + 0.25, $name;
	printf "\\draw[thin rule] (0,%g) -- (10.6,%g);\n", $y, $y;
	my $i = 0;
	while ($i < $#mark) {
		my $j = $i;
		$j++ while $j < $#mark && $test->($mark[$j]);
		printf "\\draw[fill=%s] (%.2f,%g) rectangle (%.2f,%g);\n", $fill, $x{$mark[$i]}, $y, $x{$mark[$j]}, $y + 0.5 if $j > $i;
		$i = $j + ($j == $i);
	}
}
my %label = (0x9f000 => 1, 0x100000 => 1, 0x1000000 => 1, $list{memory}[-1][1] => 1, 0 => 1);
for (sort { $a <=> $b } keys %label) {
	next unless defined $x{$_};
	printf "\\draw[thin rule,dash pattern=on 1.5pt off 1.5pt] (%.2f,0.5) -- (%.2f,-1.85);\n", $x{$_}, $x{$_};
	printf "\\node[rotate=50,anchor=east,inner sep=2pt] at (%.2f,-1.9) {\\ttfamily 0x%x};\n", $x{$_} + 0.1, $_;
}
print "\\end{tikzpicture}\n";
