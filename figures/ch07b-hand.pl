#!/usr/bin/perl
# A slab of eight objects and its free list, step by step: the kernel's list, by the text's rule.
# boot: chapter=7 arch=x86_64 mem=128M append="random_seed=1" input="cache create box 500;cache box alloc;cache box free #1;slab #1"
use strict;
use warnings;

# The record is written before the prompt, so its boot's console is read.
my $log = $ARGV[0] =~ s/json$/log/r;
open my $in, '<', $log or die "$log: $!\n";
my ($places) = map { /^ffff\w+:((?: +\d+){8})\s*$/ ? $1 : () } <$in>;
die "$log: no slab is drawn\n" if !$places;
my @list;
$list[(split ' ', $places)[$_] - 1] = $_ for 0 .. 7;
die "@list: the text has other objects\n" if "@list" !~ /^5 3 4 1 7 /;
my %out;
my ($w, $h) = (1.16, 0.46);
my $row = 0;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
draw('all are free');
take(); draw('one is wanted');
take(); take(); draw('and two more');
give(3); draw('object 3 comes back');
print "\\end{tikzpicture}\n";

sub take { $out{shift @list} = 1 }
sub give { delete $out{$_[0]}; unshift @list, $_[0] }

sub draw {
	my ($what) = @_;
	my $y = -$row++ * 1.75;
	printf "\\node[left,align=right,text width=1.6cm,inner sep=3pt] at (0,%g) {%s};\n", $y - $h / 2, $what;
	for (0 .. 7) {
		printf "\\draw[fill=%s] (%g,%g) rectangle +(%g,%g);\n", $out{$_} ? 'used' : 'white', $_ * $w, $y - $h, $w, $h;
		printf "\\node at (%g,%g) {%d};\n", ($_ + 0.5) * $w, $y - $h / 2, $_;
	}
	printf "\\draw[fill=reserved] (%g,%g) rectangle +(0.3,%g);\n", 8 * $w, $y - $h, $h;
	printf "\\node[title] (f%d) at (%g,%g) {first};\n", $row, 8 * $w + 1.1, $y + 0.5;
	my $x = ($list[0] + 0.5) * $w;
	printf "\\draw[arrow,rounded corners=3pt] (f%d.west) -- (%g,%g) -- (%g,%g);\n", $row, $x, $y + 0.5, $x, $y + 0.02;
	# Each link below the row, at a depth of its own.
	for my $i (0 .. $#list - 1) {
		my ($a, $b) = @list[$i, $i + 1];
		my $depth = $y - $h - 0.14 - 0.085 * $i;
		printf "\\draw[arrow,line width=0.45pt,rounded corners=2pt] (%g,%g) -- (%g,%g) -- (%g,%g) -- (%g,%g);\n",
			($a + 0.64) * $w, $y - $h, ($a + 0.64) * $w, $depth, ($b + 0.36) * $w, $depth, ($b + 0.36) * $w, $y - $h - 0.01;
	}
}
