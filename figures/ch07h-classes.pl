#!/usr/bin/perl
# What kmalloc() gives for each size, from the record's caches.
# boot: chapter=7 arch=x86_64 mem=128M append="random_seed=1"
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @sizes = sort { $a <=> $b } map { $_->{object_size} } grep { $_->{name} =~ /^kmalloc-\d/ }
	map { decode_json($_) } grep { /^\{"t":"cache"/ } <$in>;
my ($w, $h, $max) = (9.6, 4.2, 1024);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
print "\\begin{scope}\n\\clip (0,0) rectangle ($w,$h);\n\\fill[reserved!50] (0,0) -- ($w,$h) -- ($w,0) -- cycle;\n\\end{scope}\n";
print "\\draw (0,0) rectangle ($w,$h);\n\\draw[thin rule] (0,0) -- ($w,$h);\n";
my ($last, @at) = (0);
for (grep { $_ <= $max } @sizes) {
	push @at, sprintf('(%.3f,%.3f)', $last / $max * $w, $_ / $max * $h), sprintf('(%.3f,%.3f)', $_ / $max * $w, $_ / $max * $h);
	$last = $_;
}
print "\\draw[ink,line width=0.9pt] ", join(' -- ', @at), ";\n";
for (64, 96, 128, 192, 256, 512, 1024) {
	printf "\\draw (%.3f,0) -- +(0,-0.07) node[below,inner sep=2pt%s] {%d};\n", $_ / $max * $w, $_ == 96 ? ',yshift=-6pt' : '', $_;
	printf "\\node[left,inner sep=2pt] at (-0.05,%.3f) {%d};\n", $_ / $max * $h, $_ if $_ != 96 && $_ != 64;
}
printf "\\node[title,below] at (%g,-0.6) {asked for, bytes};\n\\node[rotate=90,text=quiet] at (-0.9,%g) {given};\n", $w / 2, $h / 2;
print "\\end{tikzpicture}\n";
