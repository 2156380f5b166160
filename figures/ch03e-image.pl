#!/usr/bin/perl
# The parts of the kernel image and the rights of their pages, at the
# address where it is linked and in the direct map: from a boot's record.
# boot: chapter=3 arch=x86_64 mem=128M
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

open my $in, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
my @record = map { decode_json($_) } grep { /^\{/ } <$in>;
my %maps = map { my $type = $_; ($type => [map { [hex $_->{phys},
	hex($_->{phys}) + hex($_->{end}) - hex($_->{start}) + 1, $_->{rights}] }
	grep { $_->{t} eq $type } @record]) } qw(imagemap directmap);
my %part = map { $_->{part} => $_ } grep { $_->{t} eq 'image' } @record;
my $first = hex $part{text}{start};
my $end = (hex($part{brk}{end}) + 0xfff) & ~0xfff;
my $large = ($first & ~0x1fffff) + 0x200000;

# What changes anywhere has its height; heights are not to scale.
my %at;
for (map { @$_ } values %maps) {
	$at{$_} = 1 for grep { $_ >= $first && $_ <= $large } @$_[0, 1];
}
$at{$_} = 1 for $first, $end, $large;
my @borders = sort { $a <=> $b } keys %at;
my $row = 0.5;
@at{@borders} = map { $_ * $row } 0 .. $#borders;
my $height = $#borders * $row;

my %name;
for my $i (0 .. $#borders - 1) {
	my ($from, $to) = @borders[$i, $i + 1];
	my @in = grep { hex($part{$_}{start}) < $to && hex($part{$_}{end}) >= $from } keys %part;
	$name{$from} = @in ? join ', ', sort { hex $part{$a}{start} <=> hex $part{$b}{start} } @in
		: $from >= $end ? 'not the image' : rights('imagemap', $from) eq '' ? 'guard page' : 'function names';
}
my ($init_code) = grep { $name{$_} eq 'init' } @borders[0 .. $#borders - 1];
$name{$init_code} = 'init code' if defined $init_code;
$_ eq 'init' and $_ = 'init data' for values %name;
# The symbol at which a part begins.
my %symbol = (text => '_text', rodata => '__start_rodata', data => '__end_rodata',
	'init code' => '_sinittext', 'init data' => '_einittext', 'not the image' => '_brk_end',
	'function names' => 'kallsyms_relative_base', 'guard page' => 'stack_guard');

my %colour = ('r-x' => 'code', 'r--' => 'reserved', 'rw-' => 'data', '' => 'white', 'rwx' => 'mark');
print "\\begin{tikzpicture}\n";
column(0, 'imagemap');
column(6.6, 'directmap');
for my $i (0 .. $#borders) {
	printf "\\node[left,inner sep=2pt,font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (-0.1,%g) {0x%x};\n", $at{$borders[$i]}, $borders[$i];
	printf "\\draw[thin rule] (-0.12,%g) -- (0,%g);\n", ($at{$borders[$i]}) x 2;
	next if $i == $#borders;
	printf "\\node[text=quiet] at (4.6,%g) {%s};\n", $at{$borders[$i]} + $row / 2, $name{$borders[$i]};
	my $symbol = $symbol{$name{$borders[$i]}} or next;
	printf "\\node[right,inner sep=2pt,font=\\fontsize{7}{8}\\selectfont\\ttfamily] at (9.3,%g) {%s};\n",
		$at{$borders[$i]}, $symbol =~ s/_/\\_/gr;
}
printf "\\node[title,anchor=south] at (1.3,%g) {%s};\n", $height + 0.08, 'where it is linked';
printf "\\node[title,anchor=south] at (7.9,%g) {%s};\n", $height + 0.08, 'direct map';
print "\\end{tikzpicture}\n";

sub rights {
	my ($map, $phys) = @_;
	my ($run) = grep { $_->[0] <= $phys && $phys < $_->[1] } @{$maps{$map}};
	return $run ? $run->[2] : '';
}

sub column {
	my ($x, $map) = @_;
	for my $i (0 .. $#borders - 1) {
		my $rights = rights($map, $borders[$i]);
		my $box = sprintf '(%g,%g) rectangle (%g,%g)', $x, $at{$borders[$i]}, $x + 2.6, $at{$borders[$i + 1]};
		print "\\fill[pattern=north east lines,pattern color=quiet!50] $box;\n" if $rights eq '';
		printf "\\draw%s %s;\n", $rights eq '' ? '' : "[fill=$colour{$rights}]", $box;
		printf "\\node[font=\\figuresize\\ttfamily] at (%g,%g) {%s};\n", $x + 1.3, $at{$borders[$i]} + $row / 2, $rights;
	}
}
