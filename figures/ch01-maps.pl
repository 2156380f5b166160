#!/usr/bin/perl
# Whole maps side by side, from the records of four boots. What begins
# somewhere in one of them has its height in all; heights are not to scale.
# boot: chapter=1 arch=x86_64
# boot: chapter=1 arch=i386
# boot: chapter=1 arch=x86_64 machine=q35
# boot: chapter=1 arch=x86_64 mem=6G
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @titles = ('x86\_64, pc,\\\\128 MiB', 'i386, pc,\\\\128 MiB', 'x86\_64, q35,\\\\128 MiB', 'x86\_64, pc,\\\\6 GiB');
my ($width, $pitch, $row) = (2.3, 2.75, 0.43);

# A map: what begins at an address, [from, to, kind]; gaps too.
my @maps = map { [with_gaps(ranges($_))] } @ARGV;
my %at = map { $_ => 1 } map { @$_[0, 1] } map { @$_ } @maps;
my @addresses = sort { $a <=> $b } keys %at;
@at{@addresses} = map { $_ * $row } 0 .. $#addresses;
my %first = map { ("@$_" => 1) } @{$maps[0]};

print "\\begin{tikzpicture}\n";
for my $address (@addresses) {
	printf "\\draw[thin rule,draw=quiet!45] (-0.12,%g) -- (%g,%g);\n", $at{$address}, 3 * $pitch + $width, $at{$address};
	printf "\\node[left,inner sep=2pt,font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (-0.1,%g) {0x%x};\n", $at{$address}, $address;
}
for my $i (0 .. $#maps) {
	my $x = $i * $pitch;
	piece($x, @$_) for @{$maps[$i]};
	printf "\\node[title,anchor=north] at (%g,-0.15) {%s};\n", $x + $width / 2, $titles[$i];
}
print "\\end{tikzpicture}\n";

sub ranges {
	my ($file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	return map { [hex $_->{addr}, hex($_->{addr}) + hex $_->{size}, $_->{type} == 1 ? 'free' : 'reserved'] }
		grep { $_->{t} eq 'e820' } map { decode_json($_) } grep { /^\{/ } <$in>;
}

sub with_gaps {
	my @pieces;
	for (@_) {
		my $end = @pieces ? $pieces[-1][1] : 0;
		push @pieces, [$end, $_->[0], 'gap'] if $_->[0] != $end;
		push @pieces, $_;
	}
	return @pieces;
}

sub piece {
	my ($x, $from, $to, $kind) = @_;
	my $box = sprintf '(%g,%g) rectangle (%g,%g)', $x, $at{$from}, $x + $width, $at{$to};
	my $new = !$first{"$from $to $kind"};
	if ($kind eq 'gap') {
		print "\\fill[white] $box;\\fill[pattern=north east lines,pattern color=quiet!50] $box;\\draw $box;\n";
		return;
	}
	printf "\\draw[fill=%s] %s;\n", !$new ? $kind : $kind eq 'free' ? 'warm!22' : 'warm!55', $box;
	printf "\\node[font=\\fontsize{7}{8}\\selectfont] at (%g,%g) {%s};\n", $x + $width / 2, ($at{$from} + $at{$to}) / 2,
		size($to - $from);
}

# In the largest unit that divides it.
sub size {
	my ($bytes) = @_;
	for (['GiB', 1 << 30], ['MiB', 1 << 20]) {
		my ($unit, $of) = @$_;
		return $bytes / $of . " $unit" if $bytes % $of == 0;
	}
	(my $kib = $bytes / 1024) =~ s/(?<=\d)(?=(\d{3})+$)/,/g;
	return "$kib KiB";
}
