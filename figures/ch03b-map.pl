#!/usr/bin/perl
# The map as the firmware delivered it, and as the kernel uses it. Heights
# are not to scale; what begins somewhere in one has its height in both.
# boot: chapter=3 arch=x86_64 mem=128M
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my %name = (1 => 'usable', 2 => 'reserved');
my ($width, $pitch, $row) = (3.6, 4.3, 0.5);
my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{/ } <> };
my @columns = (['e820_firmware', 'as delivered'], ['e820', 'as used']);
my @maps = map { [with_gaps(below_4g($_->[0]))] } @columns;
my %at = map { $_ => 1 } map { @$_[0, 1] } map { @$_ } @maps;
my @addresses = sort { $a <=> $b } keys %at;
@at{@addresses} = map { $_ * $row } 0 .. $#addresses;
my %before = map { ("@$_" => 1) } @{$maps[0]};

print "\\begin{tikzpicture}\n";
for my $address (@addresses) {
	printf "\\draw[thin rule,draw=quiet!45] (-0.12,%g) -- (%g,%g);\n", $at{$address}, $pitch + $width, $at{$address};
	printf "\\node[left,inner sep=2pt,font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (-0.1,%g) {0x%x};\n", $at{$address}, $address;
}
for my $i (0 .. $#maps) {
	my $x = $i * $pitch;
	piece($i, $x, @$_) for @{$maps[$i]};
	printf "\\node[title,anchor=north] at (%g,-0.15) {%s};\n", $x + $width / 2, $columns[$i][1];
}
print "\\end{tikzpicture}\n";

sub below_4g {
	my ($t) = @_;
	return grep { $_->[0] < 1 << 32 } map { [hex $_->{addr}, hex($_->{addr}) + hex $_->{size}, $_->{type}] }
		grep { $_->{t} eq $t } @lines;
}

sub with_gaps {
	my @pieces;
	for (@_) {
		my $end = @pieces ? $pieces[-1][1] : 0;
		push @pieces, [$end, $_->[0], 0] if $_->[0] != $end;
		push @pieces, $_;
	}
	return @pieces;
}

sub piece {
	my ($i, $x, $from, $to, $type) = @_;
	my $box = sprintf '(%g,%g) rectangle (%g,%g)', $x, $at{$from}, $x + $width, $at{$to};
	my $middle = sprintf '(%g,%g)', $x + $width / 2, ($at{$from} + $at{$to}) / 2;
	if (!$type) {
		print "\\fill[white] $box;\\fill[pattern=north east lines,pattern color=quiet!50] $box;\\draw $box;\n";
		return;
	}
	my $new = $i && !$before{"$from $to $type"};
	printf "\\draw[fill=%s] %s;\n\\node%s at %s {%s};\n", $type == 1 ? 'free' : 'reserved', $box,
		$new ? '[font=\\figuresize\\bfseries]' : '', $middle, $name{$type} // "type $type";
}
