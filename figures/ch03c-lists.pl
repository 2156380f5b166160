#!/usr/bin/perl
# Both lists of memblock at the checkpoint, and what is free.
# boot: chapter=3 arch=x86_64
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{"t":"memblock"/ } <> };
my %list;
push @{$list{$_->{type}}}, [hex $_->{base}, hex($_->{base}) + hex $_->{size}, $_->{flags}] for @lines;

my %seen = map { $_->[0] => 1, $_->[1] => 1 } map { @$_ } values %list;
my @at = sort { $a <=> $b } keys %seen;
my $width = 12.2 / $#at;
my %x = map { $at[$_] => 1.4 + $_ * $width } 0 .. $#at;

sub row {
	my ($y, $name, $fill, @ranges) = @_;
	printf "\\node[left] at (1.3,%g) {%s};\n\\draw[thin rule] (1.4,%g) -- (%g,%g);\n", $y + 0.25, $name, $y, 1.4 + 12.2, $y;
	for (@ranges) {
		my ($from, $to, $text) = @$_;
		printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n", $fill, $x{$from}, $y, $x{$to}, $y + 0.5;
		printf "\\node at (%g,%g) {%s};\n", ($x{$from} + $x{$to}) / 2, $y + 0.25, $text // '';
	}
}

# Free: each stretch that the one list has and the other has not.
my @free;
for my $i (0 .. $#at - 1) {
	my ($from, $to) = @at[$i, $i + 1];
	my $in = sub { grep { $_->[0] <= $from && $to <= $_->[1] } @{$list{$_[0]}} };
	next if !$in->('memory') || $in->('reserved');
	push @free, [$from, $to];
}
my $n = 0;
print "\\begin{tikzpicture}\n";
row(2.0, 'memory', 'data', map { [$_->[0], $_->[1], "\\ttfamily[" . $n++ . "]"] } @{$list{memory}});
$n = 0;
row(1.2, 'reserved', 'reserved', map { [$_->[0], $_->[1], "\\ttfamily[" . $n++ . "]"] } @{$list{reserved}});
row(0.4, 'free', 'mark', @free);
for (@at) {
	printf "\\draw[thin rule,dash pattern=on 1pt off 2pt] (%g,0.3) -- (%g,2.6);\n", $x{$_}, $x{$_};
	printf "\\node[rotate=40,anchor=east,inner sep=1pt] at (%g,0.24) {\\ttfamily 0x%x};\n", $x{$_} + 0.08, $_;
}
print "\\end{tikzpicture}\n";
