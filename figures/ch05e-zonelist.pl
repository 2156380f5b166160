#!/usr/bin/perl
# The zonelist of i386, and where requests enter it: from a boot's record.
# boot: chapter=5 arch=i386 mem=2G
use strict;
use warnings;
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my %zone = map { $_->{name} => $_ } grep { $_->{t} eq 'zone' } @record;
my @list = map { $_->{zone} } grep { $_->{t} eq 'zonelist' } @record;
my %request = (HighMem => 'a page for a process', Normal => 'a page with an address', DMA => 'a buffer for the floppy');
my %colour = (DMA => 'mark', Normal => 'used', HighMem => 'reserved');
print "\\begin{tikzpicture}[font=\\fontsize{7.4}{8.6}\\selectfont]\n";
my $x = 0;
for (@list) {
	my $n = $zone{$_}{present};
	1 while $n =~ s/^(\d+)(\d{3})/$1,$2/;
	printf "\\node[box=%s,minimum width=2.5cm,minimum height=0.95cm] (%s) at (%g,0) {%s\\\\%s pages};\n", $colour{$_}, $_, $x, $_, $n;
	printf "\\node[note] (r%s) at (%g,1.35) {%s};\n\\draw[arrow] (r%s) -- (%s);\n", $_, $x, $request{$_}, $_, $_;
	$x += 3.6;
}
printf "\\node[box,minimum width=1.2cm,minimum height=0.95cm] (end) at (%g,0) {NULL};\n", $x - 0.5;
my @names = (@list, 'end');
printf "\\draw[arrow] (%s) -- (%s);\n", @names[$_, $_ + 1] for 0 .. $#names - 1;
print "\\end{tikzpicture}\n";
