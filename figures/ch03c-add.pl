#!/usr/bin/perl
# The first MiB is reserved over what is reserved in it: before and after.
# boot: chapter=3 arch=x86_64
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{"t":"memblock","type":"reserved"/ } <> };
my @after = grep { $_->[0] < 0x100000 } map { [hex $_->{base}, hex($_->{base}) + hex $_->{size}, $_->{flags}] } @lines;
die "the first MiB is not what the figure tells of\n"
	unless @after == 3 && $after[1][2] == 0x20 && $after[0][0] == 0 && $after[2][1] == 0x100000;
my $early = 0x10000;	# what early_reserve_memory() took at the start
my @before = ([0, $early, 0], @after[1, 2]);
my @piece = ([$early, $after[0][1], 0]);

my @at = (0, $early, $after[1][0], $after[1][1], 0x100000);
my @place = (2.6, 4.4, 8.2, 10.4, 13.4);
my %x = map { $at[$_] => $place[$_] } 0 .. $#at;

sub row {
	my ($y, $name, $style, @ranges) = @_;
	printf "\\node[left,align=right] at (2.5,%g) {%s};\n", $y + 0.25, $name;
	for (@ranges) {
		my ($from, $to, $flags) = @$_;
		printf "\\draw[%s] (%g,%g) rectangle (%g,%g);\n\\node at (%g,%g) {flags \\ttfamily 0x%x};\n",
			$flags ? 'fill=used' : $style, $x{$from}, $y, $x{$to}, $y + 0.5, ($x{$from} + $x{$to}) / 2, $y + 0.25, $flags;
	}
}
print "\\begin{tikzpicture}\n";
row(3.0, 'before', 'fill=reserved', @before);
row(2.0, 'asked for', 'fill=white', [0, 0x100000, 0]);
row(1.0, 'missing', 'fill=mark', @piece);
row(0, 'after', 'fill=reserved', @after);
printf "\\draw[thin rule,dash pattern=on 1pt off 2pt] (%g,-0.1) -- (%g,3.6);\n" .
	"\\node[below,inner sep=2pt] at (%g,-0.1) {\\ttfamily 0x%x};\n", $x{$_}, $x{$_}, $x{$_}, $_ for @at;
print "\\end{tikzpicture}\n";
