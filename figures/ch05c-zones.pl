#!/usr/bin/perl
# The zones of four machines, with the holes between their memory. Below
# 1 GiB heights are logarithmic.
# boot: chapter=5 arch=x86_64 mem=128M
# boot: chapter=5 arch=x86_64 mem=6G
# boot: chapter=5 arch=i386 mem=2G
# boot: chapter=5 arch=x86_64 mem=6G append="kernelcore=50%"
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @title = ('x86\_64\\\\128 MiB', 'x86\_64\\\\6 GiB', 'i386\\\\2 GiB', 'x86\_64, 6 GiB\\\\kernelcore=50\%');
my %colour = (DMA => 'mark', DMA32 => 'data', Normal => 'used', HighMem => 'reserved', Movable => 'warm!14');
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
for my $mib (16, 128, 896, 2048, 3072, 4096, 6144, 7168) {
	my $y = height($mib << 20);
	printf "\\draw[thin rule,draw=quiet!30] (0,%g) -- (12.6,%g);\n", $y, $y;
	printf "\\node[left,inner sep=2pt] at (0,%g) {%s};\n", $y, $mib < 1024 ? "$mib MiB" : $mib / 1024 . ' GiB';
}
for my $i (0 .. $#ARGV) {
	open my $in, '<', $ARGV[$i] or die "$ARGV[$i]: $!\n";
	my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
	my $x = 0.7 + $i * 3.1;
	my @memory = map { [hex $_->{base}, hex($_->{base}) + hex $_->{size}] }
		grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' } @record;
	for my $zone (grep { $_->{t} eq 'zone' && $_->{spanned} } @record) {
		my ($from, $to) = map { $_ * 4096 } $zone->{start}, $zone->{start} + $zone->{spanned};
		printf "\\draw[fill=white] (%g,%g) rectangle (%g,%g);\n", $x, height($from), $x + 1.8, height($to);
		for (@memory) {
			my ($a, $b) = ($_->[0] > $from ? $_->[0] : $from, $_->[1] < $to ? $_->[1] : $to);
			next if $a >= $b || height($b) - height($a) < 0.02;
			printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g);\n", $colour{$zone->{name}}, $x, height($a), $x + 1.8, height($b);
		}
		my ($last) = sort { $b->[1] <=> $a->[1] } grep { $_->[0] < $to && $_->[1] > $from } @memory;
		my $low = $from > $last->[0] ? $from : $last->[0];
		my $high = $to < $last->[1] ? $to : $last->[1];
		printf "\\node at (%g,%g) {%s};\n", $x + 0.9, (height($low) + height($high)) / 2, $zone->{name}
			if height($high) - height($low) > 0.25;
	}
	printf "\\node[title,anchor=north] at (%g,-0.1) {%s};\n", $x + 0.9, $title[$i];
}
print "\\end{tikzpicture}\n";

sub height {
	my $gib = $_[0] / (1 << 30);
	return 2.3 + ($gib - 1) * 0.72 if $gib > 1;
	return 2.3 * log($_[0] / (2 << 20) + 1) / log(513);
}
