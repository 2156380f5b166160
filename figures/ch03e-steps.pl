#!/usr/bin/perl
# The order in which memory is mapped: steps from a seed at the top, from
# the memory that a boot has recorded. Heights are not to scale.
# boot: chapter=3 arch=x86_64 mem=6G
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @ram = memory($ARGV[0]);
my ($small, $step) = (1 << 21, 1 << 21);
my $end = $ram[-1][1] & ~($small - 1);
my @steps = ([$end - $small, $end, 'seed']);
for (my ($last, $n) = ($steps[0][0], 2); $last > 1 << 20; $n++) {
	$step <<= 8;
	my $start = ($last - 1) & ~($step - 1);
	$start = 1 << 20 if $start < 1 << 20;
	push @steps, [$_->[0], $_->[1], "step $n"] for pieces($start, $last);
	$last = $start;
}
push @steps, [0, 1 << 20, 'first MiB'];

# Every border has a place from left (0) to right.
my %at = map { $_ => 1 } map { @$_[0, 1] } @steps;
my @borders = sort { $a <=> $b } keys %at;
my $width = 13.2 / (@borders - 1);
@at{@borders} = map { $_ * $width } 0 .. $#borders;

print "\\begin{tikzpicture}\n\\renewcommand\\figuresize{\\fontsize{7.4}{9}\\selectfont}\n";
print "\\fill[pattern=north east lines,pattern color=quiet!50] (0,0) rectangle (13.2,0.9);\n";
my %colour = ('first MiB' => 'reserved', seed => 'mark', 'step 2' => 'data', 'step 3' => 'code');
for (@steps) {
	my ($from, $to, $name) = @$_;
	printf "\\draw[fill=%s] (%.3f,0) rectangle (%.3f,0.9);\n", $colour{$name} // 'white', $at{$from}, $at{$to};
	printf "\\node[align=center,font=\\fontsize{7}{8.4}\\selectfont] at (%.3f,0.45) {%s};\n", ($at{$from} + $at{$to}) / 2, $name;
}
print "\\draw (0,0) rectangle (13.2,0.9);\n";
for my $i (0 .. $#borders) {
	printf "\\draw[thin rule] (%.3f,0) -- (%.3f,%g);\n", ($at{$borders[$i]}) x 2, -0.15 - 0.35 * ($i % 2);
	printf "\\node[below,inner sep=1.5pt,font=\\fontsize{6.2}{7}\\selectfont\\ttfamily] at (%.3f,%g) {0x%x};\n", $at{$borders[$i]}, -0.15 - 0.35 * ($i % 2), $borders[$i];
}
# Tables come from the right.
for (['seed', 'step 2'], ['seed', 'step 3'], ['step 2', 'step 3']) {
	my ($x, $target) = map { middle($_) } @$_;
	printf "\\draw[arrow] (%.3f,0.9) .. controls +(0,%.2f) and +(0,%.2f) .. (%.3f,0.95);\n", $x, (0.5 + ($x - $target) / 12) x 2, $target;
}
print "\\node[note,above] at (8,1.95) {tables};\n\\end{tikzpicture}\n";

# The middle of the first piece of a step.
sub middle {
	my ($name) = @_;
	my ($piece) = grep { $_->[2] eq $name } @steps;
	return ($at{$piece->[0]} + $at{$piece->[1]}) / 2;
}

# The RAM in a range.
sub pieces {
	my ($start, $end) = @_;
	return grep { $_->[0] < $_->[1] } map { [max($_->[0], $start), min($_->[1], $end)] } @ram;
}

sub max { $_[0] > $_[1] ? $_[0] : $_[1] }
sub min { $_[0] < $_[1] ? $_[0] : $_[1] }

sub memory {
	my ($file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	return map { [hex $_->{base}, hex($_->{base}) + hex $_->{size}] }
		grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' } map { decode_json($_) } grep { /^\{/ } <$in>;
}
