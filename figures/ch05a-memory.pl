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
my @parts = map { [parts($_)] } @ARGV[0, 1];
my ($tall) = sort { $b <=> $a } map { height(0.75, @$_) } @parts;
column(1.6, 'kernel 4', @{$parts[0]});
column(8.0, 'kernel 5', @{$parts[1]});
print "\\end{tikzpicture}\n";

# [from, to, name], from the first address to the end of memory.
sub parts {
	my ($file) = @_;
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
	my ($pos, @parts) = (0);
	for (@taken) {
		push @parts, [$pos, $_->[0], 'free'] if $_->[0] > $pos;
		push @parts, $_;
		$pos = $_->[1];
	}
	return @parts, $pos < $end ? [$pos, $end, 'free'] : ();
}

# With free parts of this height.
sub height { my ($free, @parts) = @_; my $sum = 0; $sum += $_->[2] eq 'free' ? $free : 0.5 for @parts; return $sum }

# Both columns are of one height.
sub column {
	my ($x, $title, @parts) = @_;
	my $free = ($tall - height(0, @parts)) / grep { $_->[2] eq 'free' } @parts;
	my $y = 0;
	for (@parts) {
		my ($from, $to, $name) = @$_;
		$y = part($x, $y, $name eq 'free' ? $free : 0.5, $name eq 'free' ? 'white' : $name eq 'struct pages' ? 'mark' : 'used', $name, $from);
	}
	label($x, $y, $parts[-1][1]);
	printf "\\node[title,anchor=south] at (%g,%g) {%s};\n", $x + 1.7, $y + 0.08, $title;
}

sub part {
	my ($x, $y, $height, $colour, $name, $from) = @_;
	printf "\\draw[fill=%s] (%g,%g) rectangle +(3.4,%g); \\node at (%g,%g) {%s};\n", $colour, $x, $y, $height, $x + 1.7, $y + $height / 2, $name;
	label($x, $y, $from);
	return $y + $height;
}

sub label { printf "\\node[left,inner sep=2pt,font=\\fontsize{6}{7}\\selectfont\\ttfamily] at (%g,%g) {0x%07x};\n", @_[0, 1], $_[2] }
