#!/usr/bin/perl
# How long each fact of mm_core_init() holds, and who needs it: from the
# table in the record, with the names of the facts from the chapter.
# boot: chapter=8 arch=x86_64
# reads: tests/order.json chapters/08-order.nw
use strict;
use warnings;
use FindBin;
use JSON::PP;
use lib "$FindBin::Bin/../tests/lib";
use Order qw(runs);

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @call = grep { $_->{t} eq 'mm_call' } map { decode_json($_) } grep { /^\{/ } <$in>;
my %busy = map { $_ => 1 } @{runs("$FindBin::Bin/../tests/order.json")->{i386}{calls}};
open my $nw, '<', "$FindBin::Bin/../chapters/08-order.nw" or die $!;
my %name = map { /^\t([A-Z_]+)\s*= 1 << (\d+),/ ? ($2 => $1) : () } <$nw>;
my ($h, $w, $left) = (0.36, 0.34, 4.55);
my $tt = '\\fontsize{5.8}{6.6}\\selectfont\\ttfamily';
print "\\begin{tikzpicture}[font=\\fontsize{6}{7}\\selectfont]\n";
for my $i (0 .. $#call) {
	my $y = -($i + 0.5) * $h;
	printf "\\fill[used] (0,%g) rectangle (%g,%g);\n", $y - $h / 2 + 0.02, $left - 0.05, $y + $h / 2 - 0.02
		if $busy{$call[$i]{name}};
	printf "\\node[left,inner sep=2pt,font=%s] at (%g,%g) {%s};\n", $tt, $left - 0.05, $y, $call[$i]{name} =~ s/_/\\_/gr;
	printf "\\draw[draw=quiet!35,line width=0.3pt] (%g,%g) -- (%g,%g);\n", $left, $y, $left + $w * keys %name, $y;
}
for my $bit (sort { $a <=> $b } keys %name) {
	my $x = $left + ($bit + 0.5) * $w;
	my ($from) = $bit < 2 ? -1 : grep { $call[$_]{gives} >> $bit & 1 } 0 .. $#call;
	my ($to) = grep { $call[$_]{ends} >> $bit & 1 } 0 .. $#call;
	my $top = $from < 0 ? 0.1 : -($from + 0.5) * $h;
	my $bottom = defined $to ? -($to + 0.5) * $h : -@call * $h - 0.1;
	printf "\\fill[data] (%g,%g) rectangle (%g,%g);\n", $x - 0.07, $bottom, $x + 0.07, $top;
	printf "\\draw (%g,%g) -- (%g,%g);\n", $x - 0.11, $_, $x + 0.11, $_
		for $from < 0 ? () : $top, defined $to ? $bottom : ();
	printf "\\fill (%g,%g) circle (1.3pt);\n", $x, -($_ + 0.5) * $h
		for grep { $call[$_]{needs} >> $bit & 1 } 0 .. $#call;
	printf "\\node[rotate=60,anchor=south west,inner sep=1pt,font=%s] at (%g,0.12) {%s};\n", $tt, $x - 0.08,
		$name{$bit} =~ s/_/\\_/gr;
}
print "\\end{tikzpicture}\n";
