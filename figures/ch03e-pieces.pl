#!/usr/bin/perl
# A range of RAM cut into pieces, a size of pages each: the lower RAM of a
# boot's record, for a CPU with pages of 1 GiB. Widths are not to scale.
# boot: chapter=3 arch=x86_64 mem=6G
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @size = ([1 << 12, '4 KiB', 'data'], [1 << 21, '2 MiB', 'code'], [1 << 30, '1 GiB', 'mark']);
my ($pos, $end) = lower_ram($ARGV[0]);
my @pieces;
for my $i (0, 1, 2, 1, 0) {
	my ($size, $name, $colour) = @{ $size[$i] };
	my $to = $end & ~($size - 1);
	# On the way up, only as far as the next size can begin.
	if (@pieces < 2) {
		my $next = $size[$i + 1][0];
		my $border = ($pos + $next - 1) & ~($next - 1);
		$to = $border if $border < $to;
	}
	next if $to <= $pos;
	push @pieces, [$pos, $to, $colour, sprintf '%d\\,$\\times$\\,%s', ($to - $pos) / $size, $name];
	$pos = $to;
}

my $width = 13.2 / @pieces;
print "\\begin{tikzpicture}\n\\renewcommand\\figuresize{\\fontsize{7.4}{9}\\selectfont}\n";
for my $i (0 .. $#pieces) {
	my ($from, $to, $colour, $text) = @{ $pieces[$i] };
	printf "\\draw[fill=%s] (%.3f,0) rectangle (%.3f,0.8);\n", $colour, $i * $width, ($i + 1) * $width;
	printf "\\node at (%.3f,0.4) {%s};\n", ($i + 0.5) * $width, $text;
	label($i * $width, $from, $i ? 'below' : 'below right');
}
label(13.2, $end, 'below left');
print "\\end{tikzpicture}\n";

sub label {
	my ($x, $address, $where) = @_;
	printf "\\draw[thin rule] (%.3f,0) -- (%.3f,-0.15);\n", $x, $x;
	printf "\\node[%s,inner sep=1.5pt,font=\\fontsize{6.2}{7}\\selectfont\\ttfamily] at (%.3f,-0.15) {0x%x};\n", $where, $x, $address;
}

# The region of memory that begins at 1 MiB.
sub lower_ram {
	my ($file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	for (map { decode_json($_) } grep { /^\{/ } <$in>) {
		return (hex $_->{base}, hex($_->{base}) + hex $_->{size})
			if $_->{t} eq 'memblock' && $_->{type} eq 'memory' && hex $_->{base} == 1 << 20;
	}
	die "$file: no memory begins at 1 MiB\n";
}
