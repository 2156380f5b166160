#!/usr/bin/perl
# What struct pages cost against the size of memory: at the start, and
# what was put off. Both axes logarithmic.
# boot: chapter=5 arch=x86_64 mem=64M icount=yes
# boot: chapter=5 arch=x86_64 mem=256M icount=yes
# boot: chapter=5 arch=x86_64 mem=1G icount=yes
# boot: chapter=5 arch=x86_64 mem=3G icount=yes
# boot: chapter=5 arch=x86_64 mem=4G icount=yes
# boot: chapter=5 arch=x86_64 mem=16G icount=yes
# boot: chapter=5 arch=x86_64 mem=64G icount=yes
# boot: chapter=5 arch=i386 mem=64M icount=yes
# boot: chapter=5 arch=i386 mem=256M icount=yes
# boot: chapter=5 arch=i386 mem=1G icount=yes
# boot: chapter=5 arch=i386 mem=3G icount=yes
use strict;
use warnings;
use JSON::PP;

my @mib = (64, 256, 1024, 3072, 4096, 16384, 65536, 64, 256, 1024, 3072);
my ($bottom, $top, $decade) = (5, 9, 1.0);
my (%early, %late);
for my $i (0 .. $#ARGV) {
	open my $in, '<', $ARGV[$i] or die "$ARGV[$i]: $!\n";
	my %cost = map { $_->{name} => $_->{cost} } grep { $_->{t} eq 'milestone' }
		map { decode_json($_) } grep { /^\{/ } <$in>;
	my $arch = $i < 7 ? 'x86' : 'i386';
	push @{$early{$arch}}, [$mib[$i], $cost{paging_init} + $cost{mm_core_init}];
	push @{$late{$arch}}, [$mib[$i], $cost{page_alloc_init_late}] if $cost{page_alloc_init_late} > 1e5;
}
my ($width, $left) = (9.0, 0);
my $scale = $width / log(65536 / 64);
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
for ($bottom .. $top) {
	my $y = ($_ - $bottom) * $decade;
	printf "\\draw[thin rule,draw=quiet!35] (0,%g) -- +(%g,0); \\node[left] at (0,%g) {\$10^%d\$};\n", $y, $width, $y, $_;
}
printf "\\draw (0,0) rectangle (%g,%g);\n", $width, ($top - $bottom) * $decade;
for (64, 256, 1024, 3072, 4096, 16384, 65536) {
	printf "\\draw (%g,0) -- +(0,-0.07) node[below%s] {%s};\n", px($_), $_ == 3072 ? ',xshift=-5pt' : $_ == 4096 ? ',xshift=5pt' : '', $_ < 1024 ? "$_ MiB" : $_ / 1024 . ' GiB';
}
printf "\\node[rotate=90,quiet] at (-0.95,%g) {guest instructions};\n", ($top - $bottom) * $decade / 2;
curve($early{x86}, 'ink', 'x86\_64, at the start', -1, 'right');
curve($late{x86}, 'leaf', 'x86\_64, put off', -1, 'right');
curve($early{i386}, 'warm,dashed', 'i386, all', 2, 'above left');
print "\\end{tikzpicture}\n";

sub px { return $scale * log($_[0] / 64) }
sub py { return (log($_[0]) / log(10) - $bottom) * $decade }

sub curve {
	my ($points, $colour, $name, $at, $side) = @_;
	printf "\\draw[draw=%s,line width=0.9pt] %s;\n", $colour, join ' -- ', map { sprintf '(%g,%g)', px($_->[0]), py($_->[1]) } @$points;
	$colour =~ s/,.*//;
	printf "\\fill[%s] (%g,%g) circle (1.3pt);\n", $colour, px($_->[0]), py($_->[1]) for @$points;
	printf "\\node[text=%s,%s] at (%g,%g) {%s};\n", $colour, $side, px($points->[$at][0]), py($points->[$at][1]), $name;
}
