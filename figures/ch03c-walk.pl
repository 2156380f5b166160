#!/usr/bin/perl
# The free walk over the lists of the checkpoint, step by step.
# boot: chapter=3 arch=x86_64
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{"t":"memblock"/ } <> };
my %list;
push @{$list{$_->{type}}}, [hex $_->{base}, hex($_->{base}) + hex $_->{size}] for @lines;
my @memory = @{$list{memory}};
my @reserved = @{$list{reserved}};
my $end = 1 << 40;
my @gaps = map { [$_ ? $reserved[$_ - 1][1] : 0, $_ < @reserved ? $reserved[$_][0] : $end] } 0 .. @reserved;

my %seen = map { $_->[0] => 1, $_->[1] => 1 } @memory, @reserved;
my @at = (sort({ $a <=> $b } keys %seen), $end);
my $left = 2.4;
my $width = 11.2 / $#at;
my %x = map { $at[$_] => $left + $_ * $width } 0 .. $#at;

# The steps of __next_mem_range(): [a, b, from, to] with what is given, if anything.
my @steps;
my ($ai, $bi) = (0, 0);
while ($ai < @memory) {
	my ($m, $g) = ($memory[$ai], $gaps[$bi]);
	my $from = $g->[0] > $m->[0] ? $g->[0] : $m->[0];
	my $to = $g->[1] < $m->[1] ? $g->[1] : $m->[1];
	push @steps, [$ai, $bi, $from < $to ? ($from, $to) : ()];
	if ($to == $m->[1]) { $ai++ } else { $bi++ }
}

sub bar {
	my ($y, $h, $fill, $from, $to) = @_;
	# A gap that is empty is a stroke.
	return printf "\\draw[line width=2.6pt] (%g,%g) -- (%g,%g);\n", $x{$from}, $y, $x{$from}, $y + $h if $from == $to;
	printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n", $fill, $x{$from}, $y, $x{$to}, $y + $h;
}

print "\\begin{tikzpicture}\n";
my $y = 0;
my $top = 0.5;
printf "\\node[note,anchor=base east] at (0.9,%g) {step};\n\\node[note,anchor=base] at (1.25,%g) {a};\n" .
	"\\node[note,anchor=base] at (1.9,%g) {b};\n", ($y + 0.66) x 3;
my $n = 0;
for (@steps) {
	my ($i, $j, $from, $to) = @$_;
	printf "\\node[note,anchor=east] at (0.9,%g) {%d};\n\\node at (1.25,%g) {%d};\n\\node at (1.9,%g) {%d};\n",
		$y + 0.21, ++$n, $y + 0.21, $i, $y + 0.21, $j;
	bar($y + 0.32, 0.14, 'data', @{$memory[$i]});
	bar($y + 0.16, 0.14, 'free', @{$gaps[$j]});
	bar($y, 0.14, 'ink!70', $from, $to) if defined $from;
	$y -= 0.6;
}
my $bottom = $y + 0.5;
for (@at) {
	printf "\\draw[thin rule,dash pattern=on 1pt off 2pt] (%g,%g) -- (%g,%g);\n", $x{$_}, $bottom, $x{$_}, $top;
	printf "\\node[rotate=40,anchor=east,inner sep=1pt] at (%g,%g) {%s};\n", $x{$_} + 0.08, $bottom - 0.06,
		$_ == $end ? 'end' : sprintf '\\ttfamily 0x%x', $_;
}
print "\\end{tikzpicture}\n";
