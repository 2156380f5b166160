#!/usr/bin/perl
# Zone DMA: what it spans, what is there, what of it is reserved. Not to
# scale.
# boot: chapter=5 arch=x86_64 mem=128M
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my ($zone) = grep { $_->{t} eq 'zone' } @record;
my $end = $zone->{start} + $zone->{spanned};
my @pieces;			# [from, to, kind]: frames
my $pos = 0;
for (grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' } @record) {
	my ($from, $to) = (hex($_->{base}) >> 12, (hex($_->{base}) + hex $_->{size}) >> 12);
	last if $from >= $end;
	$to = $end if $to > $end;
	push @pieces, [$pos, $from, 'hole'] if $from > $pos;
	push @pieces, [$from, $to, $to <= 0x100 ? 'reserved' : 'present'];
	$pos = $to;
}
my %colour = (hole => 'white', reserved => 'reserved', present => 'used');
my %says = (hole => 'no memory', reserved => 'present, reserved', present => 'present, free');
my %width = map { $_ => 2.6 } 0 .. $#pieces;
$width{0} = 1.5;
$width{$#pieces} = 5.6;
my ($x, @edge) = (0);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
for my $i (0 .. $#pieces) {
	my ($from, $to, $kind) = @{$pieces[$i]};
	printf "\\draw[fill=%s] (%g,0) rectangle +(%g,0.9); \\node[align=center] at (%g,0.45) {%s\\\\%s};\n",
		$colour{$kind}, $x, $width{$i}, $x + $width{$i} / 2, commas($to - $from), $says{$kind};
	printf "\\node[below,inner sep=2pt,font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,0) {0x%x};\n", $x, $from;
	push @edge, $x;
	$x += $width{$i};
}
printf "\\node[below,inner sep=2pt,font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,0) {0x%x};\n", $x, $end;
printf "\\draw[brace] (%g,1.0) -- (%g,1.0) node[midway,above=4pt] {spanned: %s, present: %s};\n", $edge[1], $x,
	commas($zone->{spanned}), commas($zone->{present});
print "\\end{tikzpicture}\n";

sub commas { my ($n) = @_; 1 while $n =~ s/^(\d+)(\d{3})/$1,$2/; return $n }
