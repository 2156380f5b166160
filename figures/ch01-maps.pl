#!/usr/bin/perl
# Whole maps side by side, from the records of four boots. Every range and
# every gap has the same height.
# boot: chapter=1 arch=x86_64
# boot: chapter=1 arch=i386
# boot: chapter=1 arch=x86_64 machine=q35
# boot: chapter=1 arch=x86_64 mem=6G
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @titles = ('x86\_64, pc, 128 MiB', 'i386, pc, 128 MiB', 'x86\_64, q35, 128 MiB', 'x86\_64, pc, 6 GiB');
print "\\begin{tikzpicture}\n";
my $x = 0;
for my $file (@ARGV) {
	my @lines = do { local @ARGV = $file; map { decode_json($_) } grep { /^\{/ } <> };
	my ($y, $end) = (0, 0);
	for (grep { $_->{t} eq 'e820' } @lines) {
		my ($from, $size) = (hex $_->{addr}, hex $_->{size});
		$y = piece($x, $y, $end, $from, 'gap') if $from != $end;
		$end = $from + $size;
		$y = piece($x, $y, $from, $end, $_->{type} == 1 ? 'free' : 'reserved');
	}
	printf "\\node[left,inner sep=1pt,font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (%g,%g) {%x};\n", $x - 0.05, $y, $end;
	printf "\\node[title] at (%g,-0.42) {%s};\n", $x + 0.55, shift @titles;
	$x += 3.45;
}
print "\\end{tikzpicture}\n";


sub piece {
	my ($x, $y, $from, $to, $kind) = @_;
	my $top = $y + ($kind eq 'gap' ? 0.42 : 0.56);
	if ($kind eq 'gap') {
		print "\\fill[pattern=north east lines,pattern color=quiet!50] ($x,$y) rectangle (@{[$x + 1.5]},$top);\n";
		print "\\draw ($x,$y) rectangle (@{[$x + 1.5]},$top);\n";
	} else {
		print "\\draw[fill=$kind] ($x,$y) rectangle (@{[$x + 1.5]},$top);\n";
		printf "\\node[font=\\fontsize{6.6}{7}\\selectfont] at (%g,%g) {%s};\n", $x + 0.75, ($y + $top) / 2, size($to - $from);
	}
	printf "\\node[left,inner sep=1pt,font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (%g,%g) {%x};\n", $x - 0.05, $y, $from;
	return $top;
}

sub size {
	my ($bytes) = @_;
	for (['GiB', 1 << 30], ['MiB', 1 << 20], ['KiB', 1 << 10]) {
		my ($unit, $of) = @$_;
		next if $bytes < $of;
		return $bytes % $of ? sprintf('%.1f %s', $bytes / $of, $unit) : $bytes / $of . " $unit";
	}
	return $bytes;
}
