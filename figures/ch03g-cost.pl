#!/usr/bin/perl
# What cleaning, memblock and the direct map cost as they grow: three
# panels, both axes logarithmic, one scale of instructions for all.
# boot: chapter=3 arch=x86_64 mem=64M append="bench=1" icount=yes
# boot: chapter=3 arch=x86_64 mem=1G append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=16G append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=64G append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=64M cpu=qemu64,-pse append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=1G cpu=qemu64,-pse append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=16G cpu=qemu64,-pse append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=64M cpu=max append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=1G cpu=max append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=16G cpu=max append="bench=map" icount=yes
# boot: chapter=3 arch=x86_64 mem=64G cpu=max append="bench=map" icount=yes
use strict;
use warnings;
use JSON::PP;

my ($bottom, $top, $decade) = (3, 9, 0.72);	# powers of ten; cm

# The points of each curve: [n, instructions].
my %of = map { ($_ => { points($_) }) } @ARGV;
my $all = $of{$ARGV[0]};
my @map = map { $_->{map} } map { $of{$_} } @ARGV;

print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
axis_of_costs();
panel(0, 2.4, 'entries of a map', [4, 8, 16, 32, 64, 128], [4, 16, 64],
	[$all->{'clean-at-random'}, 'ink', 'cleaning', 0]);
panel(3.85, 2.5, 'regions', [10, 100, 1000, 10000], [10, 100, 1000, 10000],
	[$all->{'add-down'}, 'warm', 'adding\\\\downwards', 0.16],
	[$all->{'add-scattered'}, 'ink', 'scattered', -0.17],
	[$all->{'add-up'}, 'leaf', 'upwards', 0.09],
	[$all->{alloc}, 'quiet', 'one search', -0.05]);
panel(8.15, 2.9, 'RAM', [map { 64 * 4 ** $_ } 0 .. 5], [64, 1024, 16384],
	[[map { @$_ } @map[4 .. 6]], 'warm', 'by 4\\,KiB', 0.05, 'left'],
	[[map { @$_ } @map[0 .. 3]], 'ink', 'by 2\\,MiB', 0],
	[[map { @$_ } @map[7 .. 10]], 'leaf', 'by 1\\,GiB', 0]);
print "\\end{tikzpicture}\n";

sub points {
	my ($file) = @_;
	my %curve;
	open my $in, '<', $file or die "$file: $!\n";
	for (map { decode_json($_) } grep { /^\{"t":"bench-/ } <$in>) {
		push @{$curve{$_->{what}}}, [$_->{n}, $_->{cost}];
	}
	return %curve;
}

sub log10 { return log($_[0]) / log 10 }
sub height { return (log10($_[0]) - $bottom) * $decade }

sub axis_of_costs {
	for ($bottom .. $top) {
		my $y = ($_ - $bottom) * $decade;
		printf "\\node[left,inner sep=2pt] at (-0.05,%g) {\$10^%d\$};\n", $y, $_;
	}
	printf "\\node[rotate=90,quiet] at (-0.85,%g) {guest instructions};\n", ($top - $bottom) * $decade / 2;
}

# Curves are [points, colour, name, what the name is raised by in cm, side].
sub panel {
	my ($left, $width, $what, $range, $ticks, @curves) = @_;
	my $scale = $width / log($range->[-1] / $range->[0]);
	my $x = sub { $left + $scale * log($_[0] / $range->[0]) };
	printf "\\draw[thin rule,draw=quiet!35] (%g,%g) -- +(%g,0);\n", $left, $_ * $decade, $width for 1 .. $top - $bottom - 1;
	printf "\\draw (%g,0) rectangle (%g,%g);\n", $left, $left + $width, ($top - $bottom) * $decade;
	printf "\\draw (%g,0) -- +(0,-0.07) node[below,inner sep=2pt] {%s};\n", $x->($_), label($what, $_) for @$ticks;
	printf "\\node[title,below] at (%g,-0.32) {%s};\n", $left + $width / 2, $what;
	for (@curves) {
		my ($points, $colour, $name, $raise, $side) = @$_;
		my @at = map { sprintf '(%.3f,%.3f)', $x->($_->[0]), height($_->[1]) } @$points;
		print "\\draw[$colour,line width=0.9pt] ", join(' -- ', @at), ";\n";
		print "\\fill[$colour] $_ circle (1.1pt);\n" for @at;
		printf "\\node[%s,inner sep=2.5pt,align=left,%s] at (%.3f,%.3f) {%s};\n", $side // 'right', $colour, $x->($points->[-1][0]),
			height($points->[-1][1]) + $raise, $name;
	}
}

sub label {
	my ($what, $n) = @_;
	return $n < 1024 ? "$n\\,MiB" : $n / 1024 . '\\,GiB' if $what eq 'RAM';
	(my $text = $n) =~ s/(?<=\d)(?=\d{3}$)/,/;
	return $text;
}
