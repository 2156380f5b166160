#!/usr/bin/perl
# What taking a block and giving it back cost, by order.
# boot: chapter=6 arch=x86_64 mem=128M append="bench=1" icount=yes
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
use Costs;

# Linux 6.1 on the same virtual machine, as far as it was counted: taking and giving back.
my %linux = (0 => 700, 1 => 776, 2 => 816, 3 => 884, 4 => 1598, 5 => 1948, 9 => 9969, 10 => 33654);
my $of = costs($ARGV[0]);
my $step = 0.62;
my $width = 10 * $step + 0.6;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
frame($width, 1, 5, 0.95, \&x);
printf "\\draw (%g,0) -- +(0,-0.07) node[below,inner sep=2pt] {%d};\n", x($_), $_ for 0 .. 10;
printf "\\node[title,below] at (%g,-0.32) {order};\n", $width / 2;
curve('leaf', 'taking', @{$of->{'pair-alloc'}});
curve('ink', 'giving back', @{$of->{'pair-free'}});
curve('quiet', 'Linux 6.1, both', map { [$_, $linux{$_}] } sort { $a <=> $b } keys %linux);
print "\\end{tikzpicture}\n";

sub x { return 0.3 + $_[0] * $step }
