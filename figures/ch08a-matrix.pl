#!/usr/bin/perl
# What became of each order of mm_core_init(), from tests/order.json, and
# what the table in the source says of it.
# reads: tests/order.json tests/lib/Order.pm
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../tests/lib";
use Order qw(runs move judge);

my $runs = runs("$FindBin::Bin/../tests/order.json");
my @calls = @{$runs->{i386}{calls}};
my %colour = (works => 'free', says => 'data', tests => 'mark', stops => 'used',
	hangs => 'reserved');
my ($c, $left) = (0.62, 4.6);
my $font = '\\fontsize{6.5}{7.5}\\selectfont';
print "\\begin{tikzpicture}[font=$font]\n";
for my $i (0 .. $#calls) {
	printf "\\node[left,inner sep=1pt,font=%s\\ttfamily] at (%g,%g) {%s \\textrm{%d}};\n",
		'\\fontsize{6}{7}\\selectfont', $left - 0.05, -($i + 0.5) * $c,
		$calls[$i] =~ s/_/\\_/gr, $i + 1;
}
panel('i386', $left);
panel('x86_64', $left + 7 * $c + 0.45);
my %seen = map { $_->{verdict} => 1 } map { @{$_->{orders}} } values %$runs;
my $x = 0.7;
for (grep { $seen{ $_->[0] } } ['works', 'works', 1.9], ['says', 'says something else', 3.2],
	['tests', 'a test finds damage', 3.2], ['stops', 'stops with a message', 3.3], ['hangs', 'hangs', 1]) {
	printf "\\draw[fill=%s] (%g,-5.1) rectangle +(0.32,0.22); \\node[right,inner sep=2pt] at (%g,-4.99) {%s};\n",
		$colour{$_->[0]}, $x, $x + 0.35, $_->[1];
	$x += $_->[2];
}
print "\\end{tikzpicture}\n";

sub panel {
	my ($arch, $x0) = @_;
	my $r = $runs->{$arch};
	my $skip = @calls - @{$r->{calls}};	# i386 has one more, the first
	my %cell;
	for my $o (@{$r->{orders}}) {
		my ($f, $t) = ($o->{from} + $skip, $o->{to} + $skip);
		my $wrong = judge($r->{table}, 3, move($r->{table}, $r->{calls}, @$o{qw(from to)}));
		$cell{"$f $t"} = [$o->{verdict}, $wrong];
	}
	my $n = @{$r->{calls}};
	printf "\\node[title] at (%g,0.6) {%s};\n", $x0 + $n * $c / 2, $arch =~ s/_/\\_/r;
	for my $f ($skip .. $#calls) {
		printf "\\node at (%g,0.18) {%d};\n", $x0 + ($f - $skip + 0.5) * $c, $f + 1;
		for my $t ($skip .. $#calls) {
			my ($verdict, $wrong) = @{$cell{"$f $t"} // ['', 0]};
			my ($a, $b) = ($x0 + ($t - $skip) * $c, -$f * $c);
			printf "\\draw[fill=%s] (%.3f,%.3f) rectangle +(%g,-%g);\n",
				$verdict ? $colour{$verdict} : 'quiet', $a, $b, $c, $c;
			printf "\\draw[line width=0.6pt] (%.3f,%.3f) -- +(0.2,-0.2) (%.3f,%.3f) -- +(0.2,0.2);\n",
				$a + $c / 2 - 0.1, $b - $c / 2 + 0.1, $a + $c / 2 - 0.1, $b - $c / 2 - 0.1 if $wrong;
		}
	}
}
