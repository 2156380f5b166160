# What a boot's benchmarks counted, and a frame to show it in, whose upward
# axis is logarithmic.
package Costs;
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP;

our @EXPORT = qw(costs frame curve);
my ($width, $bottom, $decade, $x);

# The points of each benchmark in a record: [n, instructions].
sub costs {
	my ($file) = @_;
	my %of;
	open my $in, '<', $file or die "$file: $!\n";
	push @{$of{$_->{what}}}, [$_->{n}, $_->{cost}] for map { decode_json($_) } grep { /^\{"t":"bench-/ } <$in>;
	return \%of;
}

# From one power of ten to another, each as many cm high; $x says for n how
# many cm it lies from the left.
sub frame {
	($width, $bottom, my $top, $decade, $x) = @_;
	for ($bottom .. $top) {
		my $y = ($_ - $bottom) * $decade;
		printf "\\node[left,inner sep=2pt] at (-0.05,%g) {\$10^%d\$};\n", $y, $_;
		printf "\\draw[thin rule,draw=quiet!35] (0,%g) -- +(%g,0);\n", $y, $width if $_ > $bottom && $_ < $top;
	}
	printf "\\node[rotate=90,quiet] at (-0.85,%g) {guest instructions};\n", ($top - $bottom) * $decade / 2;
	printf "\\draw (0,0) rectangle (%g,%g);\n", $width, ($top - $bottom) * $decade;
}

# Points are [n, instructions]; the name stands at the right.
sub curve {
	my ($colour, $name, @points) = @_;
	my @y = map { (log($_->[1]) / log(10) - $bottom) * $decade } @points;
	my @at = map { sprintf '(%.3f,%.3f)', $x->($points[$_][0]), $y[$_] } 0 .. $#points;
	print "\\draw[$colour,line width=0.9pt] ", join(' -- ', @at), ";\n";
	print "\\fill[$colour] $_ circle (1.1pt);\n" for @at;
	printf "\\node[right,inner sep=3pt,$colour] at (%.3f,%.3f) {%s};\n", $width, $y[-1], $name;
}

1;
