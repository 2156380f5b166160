#!/usr/bin/perl
# Who has what of 128 MiB at the end of kernel 4 and at the end of kernel
# 5: memblock's reservations in memory, from both records. Not to scale.
# boot: chapter=4 arch=x86_64 mem=128M
# boot: chapter=5 arch=x86_64 mem=128M
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

print "\\begin{tikzpicture}[font=\\fontsize{7}{8.2}\\selectfont]\n";
column(1.6, 'kernel 4', $ARGV[0]);
column(8.0, 'kernel 5', $ARGV[1]);
print "\\end{tikzpicture}\n";

sub column {
	my ($x, $title, $file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
	my ($text) = grep { $_->{t} eq 'image' && $_->{part} eq 'text' } @record;
	my ($section) = grep { $_->{t} eq 'section' } @record;
	my $end = 0;
	for (grep { $_->{t} eq 'memblock' && $_->{type} eq 'memory' } @record) {
		my $to = hex($_->{base}) + hex $_->{size};
		$end = $to if $to > $end;
	}
	my @taken;		# [from, to, name], the last ones joined
	for (grep { $_->{t} eq 'memblock' && $_->{type} eq 'reserved' } @record) {
		my ($from, $to) = (hex $_->{base}, hex($_->{base}) + hex $_->{size});
		last if $from >= $end;
		my $name = $from < 0x100000 ? 'the first MiB'
			: $from == hex $text->{start} ? 'the kernel'
			: $section && $from == hex $section->{phys} ? 'struct pages'
			: 'page tables, lists';
		if (@taken && $taken[-1][2] eq $name) { $taken[-1][1] = $to } else { push @taken, [$from, $to, $name] }
	}
	my ($y, $pos) = (0, 0);
	for (@taken) {
		my ($from, $to, $name) = @$_;
		$y = part($x, $y, 0.75, 'white', 'free', $pos) if $from > $pos;
		$y = part($x, $y, 0.5, $name eq 'struct pages' ? 'mark' : 'used', $name, $from);
		$pos = $to;
	}
	$y = part($x, $y, 0.5, 'white', 'free', $pos) if $pos < $end;
	label($x, $y, $end);
	printf "\\node[title,anchor=south] at (%g,%g) {%s};\n", $x + 1.7, $y + 0.08, $title;
}

sub part {
	my ($x, $y, $height, $colour, $name, $from) = @_;
	printf "\\draw[fill=%s] (%g,%g) rectangle +(3.4,%g); \\node at (%g,%g) {%s};\n", $colour, $x, $y, $height, $x + 1.7, $y + $height / 2, $name;
	label($x, $y, $from);
	return $y + $height;
}

sub label { printf "\\node[left,inner sep=2pt,font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,%g) {0x%07x};\n", @_[0, 1], $_[2] }
