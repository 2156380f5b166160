#!/usr/bin/perl
# Sixteen pages, step by step: blocks as the buddy system leaves them. The
# steps are computed here, by the rule of the text.
use strict;
use warnings;

my @free = ([], [], [], [], [0]);	# block numbers by order
my %owned;
my ($w, $h, $gap) = (0.62, 0.42, 0.2);
my $row = 0;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8}\\selectfont]\n";
printf "\\node[text=quiet,inner sep=1pt] at (%g,0.35) {%d};\n", ($_ + 0.5) * $w, $_ for 0 .. 15;
draw('all free');
take(0); draw('one page wanted');
take(2); draw('four pages wanted');
take(0); draw('another page wanted');
give(0); draw('page 0 given back');
give(1); draw('page 1 given back');
give(4); draw('the four given back');
print "\\end{tikzpicture}\n";

sub take {
	my ($order) = @_;
	my ($o) = grep { @{$free[$_]} } $order .. 4;
	my $p = shift @{$free[$o]};
	while ($o > $order) {
		$o--;
		unshift @{$free[$o]}, $p + 2 ** $o;
	}
	$owned{$p} = $order;
}

sub give {
	my ($p) = @_;
	my $o = delete $owned{$p};
	while ($o < 4) {
		my $buddy = $p ^ 2 ** $o;
		last unless grep { $_ == $buddy } @{$free[$o]};
		@{$free[$o]} = grep { $_ != $buddy } @{$free[$o]};
		$p &= $buddy;
		$o++;
	}
	unshift @{$free[$o]}, $p;
}

sub draw {
	my ($what) = @_;
	my $y = -$row++ * ($h + $gap);
	printf "\\node[left,inner sep=3pt] at (0,%g) {%s};\n", $y - $h / 2, $what;
	for my $o (0 .. 4) {
		block($_, $o, $y, 'free') for @{$free[$o]};
	}
	block($_, $owned{$_}, $y, 'used') for keys %owned;
}

sub block {
	my ($p, $o, $y, $colour) = @_;
	printf "\\draw[fill=%s] (%g,%g) rectangle (%g,%g); \\node at (%g,%g) {%d};\n", $colour, $p * $w, $y - $h, ($p + 2 ** $o) * $w, $y,
		($p + 2 ** $o / 2) * $w, $y - $h / 2, $o;
}
