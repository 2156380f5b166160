#!/usr/bin/perl
# The fixmap of both architectures, from their records. Not to scale.
# boot: chapter=4 arch=x86_64 mem=128M
# boot: chapter=4 arch=i386 mem=128M
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @records = map {
	my $file = $_;
	[do { local @ARGV = $file; map { decode_json($_) } grep { /^\{/ } <> }]
} @ARGV;
print "\\begin{tikzpicture}\n\\renewcommand\\mapwidth{3.1}\n";
draw('x86\\_64', 0, @{$records[0]});
draw('i386', 7.7, @{$records[1]});
print "\\end{tikzpicture}\n";

sub draw {
	my ($arch, $x, @record) = @_;
	my %page = map { $_->{name} => $_ } grep { $_->{t} eq 'fixmap' } @record;
	my @slots = grep { $_->{t} eq 'slot' } @record;
	my $digits = $arch eq 'i386' ? 8 : 16;
	my $end = hex($page{FIX_BTMAP_END}{virt}) + 0x1000;
	my $apic = hex $page{FIX_APIC_BASE}{virt};
	print "\\begin{scope}[xshift=${x}cm]\n";
	my $y = 0;
	for my $slot (@slots) {
		next if $slot->{i} > 2 && $slot->{i} < 7;
		if ($slot->{i} == 2) {
			$y = gap($y, 0.5, '\\dots');
			next;
		}
		$y = region($y, 0.55, 'code', "slot $slot->{i}", hex $slot->{virt}, $digits);
	}
	note($y - 0.55 * 2.5 - 0.5, "lowest: $page{FIX_BTMAP_BEGIN}{index}");
	note($y - 0.275, "top: $page{FIX_BTMAP_END}{index}");
	if ($end < $apic) {
		address($y, $end, $digits);
		$y = gap($y, 0.7, 'not used');
	}
	$y = region($y, 0.5, 'mark', 'local APIC', $apic, $digits);
	note($y - 0.25, "index $page{FIX_APIC_BASE}{index}");
	if ($arch ne 'i386') {
		$y = region($y, 0.5, 'free', 'vsyscall', 0xffffffffff600000, $digits);
		note($y - 0.25, 'index ' . ((hex($page{FIXADDR_TOP}{virt}) - 0xffffffffff600000) >> 12));
		$y = gap($y, 0.7, 'not used');
	}
	$y = region($y, 0.5, 'free', 'not used', hex $page{FIXADDR_TOP}{virt}, $digits);
	note($y - 0.25, $arch eq 'i386' ? 'index 0, never mapped' : 'index 0');
	print "\\node[title] at (\\mapwidth/2,", $y + 0.35, ") {$arch};\n\\end{scope}\n";
}

sub region {
	my ($y, $height, $colour, $text, $addr, $digits) = @_;
	my $top = $y + $height;
	print "\\region{$y}{$top}{$colour}{$text}\n";
	address($y, $addr, $digits);
	return $top;
}

sub gap {
	my ($y, $height, $text) = @_;
	my $top = $y + $height;
	print "\\gapregion{$y}{$top}{$text}\n";
	return $top;
}

sub address {
	my ($y, $addr, $digits) = @_;
	printf "\\address{%g}{0x%0${digits}x}\n", $y, $addr;
}

sub note {
	my ($y, $text) = @_;
	printf "\\sidenote{%g}{%s}\n", $y, $text;
}
