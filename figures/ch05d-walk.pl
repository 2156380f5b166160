#!/usr/bin/perl
# What memmap_init() writes, in its order, on a machine with 6 GiB: from
# memblock's memory, the zones, and what the record tells of sections.
# Not to scale.
# boot: chapter=5 arch=x86_64 mem=6G
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my @memory = map { [hex($_->{base}) >> 12, (hex($_->{base}) + hex $_->{size}) >> 12] }
	grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' } @record;
my @zone = grep { $_->{t} eq 'zone' && $_->{present} } @record;
my %present = map { $_->{nr} => 1 } grep { $_->{t} eq 'section' } @record;
my ($memmap) = grep { $_->{t} eq 'memmap' } @record;
my $deferred = $memmap->{deferred};
my (@piece, $hole, $step);	# [from, to, text, colour, step]
($hole, $step) = (0, 1);
for my $range (@memory) {
	for my $zone (@zone) {
		my ($zfrom, $zto) = ($zone->{start}, $zone->{start} + $zone->{spanned});
		my $from = $range->[0] > $zfrom ? $range->[0] : $zfrom;
		my $to = $range->[1] < $zto ? $range->[1] : $zto;
		next if $from >= $to;
		my $mine = $step++;
		if ($hole < $from) {
			my $end = $from;
			if (!$present{$from - 1 >> 15}) {
				$end = ($hole | 0x7fff) + 1;
				push @piece, [$end, $from, 'nothing', 'white', ''];
			}
			push @piece, [$hole, $end, 'hole', 'reserved', $step++];
		}
		my $stop = $deferred > $from && $deferred < $to ? $deferred : $to;
		push @piece, [$from, $stop, $zone->{name}, 'used', $mine];
		push @piece, [$stop, $to, 'put off', 'data', ''] if $stop < $to;
		$hole = $to;
	}
}
@piece = sort { $a->[0] <=> $b->[0] } @piece;
my %width = (hole => 0.95, nothing => 1.3, 'put off' => 1.9);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
my $x = 0;
for (@piece) {
	my ($from, $to, $text, $colour, $n) = @$_;
	my $w = $width{$text} // 1.5;
	printf "\\draw[fill=%s] (%g,0) rectangle +(%g,0.7); \\node at (%g,0.35) {%s};\n", $colour, $x, $w, $x + $w / 2, $text;
	printf "\\node[circle,draw=ink,inner sep=1.2pt,fill=white] at (%g,1.0) {%s};\n", $x + $w / 2, $n if $n;
	printf "\\node[rotate=40,anchor=north east,inner sep=1pt,font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,-0.03) {0x%x};\n", $x, $from;
	$x += $w;
}
printf "\\node[rotate=40,anchor=north east,inner sep=1pt,font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,-0.03) {0x%x};\n", $x, $piece[-1][1];
print "\\end{tikzpicture}\n";
