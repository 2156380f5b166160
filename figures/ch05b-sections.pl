#!/usr/bin/perl
# Sections with RAM, their part of the vmemmap, and the physical memory
# behind it: from a boot's record. Not to scale.
# boot: chapter=5 arch=x86_64 mem=6G
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @section = grep { $_->{t} eq 'section' } map { decode_json($_) } grep { /^\{/ } <$in>;
my $SIZE = 128 << 20;
my @runs;			# [first, last] number of sections side by side
for (map { $_->{nr} } @section) {
	if (@runs && $runs[-1][1] == $_ - 1) { $runs[-1][1] = $_ } else { push @runs, [$_, $_] }
}
my %at = map { $_->{nr} => $_ } @section;
print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
my ($left, $middle, $right, $width) = (2.1, 6.6, 11.1, 1.9);
my @colour = qw(used data);
my $y = 0;
my (@virtual, $before);
for my $i (0 .. $#runs) {
	my ($from, $to) = @{$runs[$i]};
	if (defined $before) {
		gap($left, $y, 0.8, "sections $before--" . ($from - 1));
		gap($middle, $y, 0.8, 'not mapped');
		$y += 0.8;
	}
	my $height = 1.7;
	box($left, $y, $height, $colour[$i], "sections\\\\$from--$to");
	box($middle, $y, $height, $colour[$i], sprintf '%d MiB', 2 * ($to - $from + 1));
	label($left, $y, sprintf '0x%09x', $from * $SIZE);
	label($middle, $y, sprintf '%x', hex $at{$from}{virt});
	push @virtual, [$y, $height, $from, $to];
	$y += $height;
	$before = $to + 1;
}
label($left, $y, sprintf '0x%09x', $before * $SIZE);
label($middle, $y, sprintf '%x', hex($at{$before - 1}{virt}) + (2 << 20));

# The structures themselves, at the end of RAM.
my $place = 1.0;
gap($right, 0, $place, 'RAM');
for my $i (0 .. $#runs) {
	my ($from, $to) = @{$runs[$i]};
	my ($at, $height) = @{$virtual[$i]};
	box($right, $place, 1.1, $colour[$i], "structures\\\\of $from--$to");
	label($right, $place, sprintf '0x%09x', hex $at{$from}{phys});
	printf "\\draw[arrow] (%g,%g) -- (%g,%g);\n", $left + $width, $at + $height / 2, $middle - 0.05, $at + $height / 2;
	printf "\\draw[arrow] (%g,%g) -- (%g,%g);\n", $middle + $width, $at + $height / 2, $right - 0.05, $place + 0.55;
	$place += 1.1;
}
label($right, $place, sprintf '0x%09x', hex($at{$runs[-1][1]}{phys}) + (2 << 20));
gap($right, $place, $y - $place, 'RAM') if $y - $place > 0.4;
printf "\\node[title,anchor=south] at (%g,%g) {%s};\n", $_->[0] + $width / 2, $y + 0.15, $_->[1]
	for [$left, 'frames'], [$middle, 'vmemmap'], [$right, 'physical memory'];
print "\\end{tikzpicture}\n";

sub box { printf "\\draw[fill=%s] (%g,%g) rectangle +(%g,%g); \\node[align=center] at (%g,%g) {%s};\n", $_[3], $_[0], $_[1], $width, $_[2], $_[0] + $width / 2, $_[1] + $_[2] / 2, $_[4] }
sub gap { printf "\\draw (%g,%g) -- +(0,%g) (%g,%g) -- +(0,%g); \\node[text=quiet] at (%g,%g) {%s};\n", $_[0], $_[1], $_[2], $_[0] + $width, $_[1], $_[2], $_[0] + $width / 2, $_[1] + $_[2] / 2, $_[3] }
sub label { printf "\\node[left,inner sep=1.5pt,font=\\fontsize{5.8}{6.4}\\selectfont\\ttfamily] at (%g,%g) {%s};\n", $_[0], $_[1], $_[2] }
