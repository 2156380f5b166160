#!/usr/bin/perl
# Who lives where before any memory is handed out: the claims of a boot's
# record, and the ranges that its map calls usable.
# boot: chapter=3 arch=x86_64 mem=128M initrd=300000
use strict;
use warnings;
no warnings 'portable';
use JSON::PP;

my @lines = do { local @ARGV = $ARGV[0]; map { decode_json($_) } grep { /^\{/ } <> };
my %claim = map { $_->{who} => [hex $_->{base}, hex($_->{base}) + hex $_->{size}] } grep { $_->{t} eq 'claim' } @lines;
my @ram = map { [hex $_->{addr}, hex($_->{addr}) + hex $_->{size}] }
	grep { $_->{t} eq 'e820_firmware' && $_->{type} == 1 } @lines;
my ($tables) = map { [hex $_->{addr}, hex($_->{addr}) + hex $_->{size}] }
	grep { $_->{t} eq 'e820_firmware' && $_->{type} == 2 && hex $_->{addr} == $ram[-1][1] } @lines;

my @rows = (
	[@{$claim{'first 64 KiB'}}, 'mark', 'first 64 KiB',
		'the BIOS keeps its variables here'],
	[$claim{'first 64 KiB'}[1], $claim{BIOS}[0], 'free', '', ''],
	[@{$claim{BIOS}}, 'mark', 'EBDA, video, ROMs', 'the map calls its first ' . ($ram[0][1] - $claim{BIOS}[0]) / 1024 . ' KiB usable'],
	[$claim{BIOS}[1], $claim{kernel}[0], 'free', '', 'here the loader put the image'],
	[@{$claim{kernel}}, 'code', 'kernel', 'from \\texttt{\\_text} to the end of the bss'],
	[@{$claim{brk}}, 'code', 'brk', 'up to \\texttt{\\_end}'],
	[$claim{brk}[1], $claim{initrd}[0], 'free', 'most of RAM', ''],
	[@{$claim{initrd}}, 'data', 'initrd', 'at the top, where the loader put it'],
);
push @rows, [@$tables, 'reserved', 'reserved by the firmware', 'ACPI tables, on this machine'] if $tables;
my $y = 0;
print "\\begin{tikzpicture}\n\\renewcommand\\mapwidth{4.6}\n";
for (@rows) {
	my ($from, $to, $fill, $name, $note) = @$_;
	my $top = $y + ($name eq 'most of RAM' ? 1.2 : 0.62);
	print "\\region{$y}{$top}{$fill}{$name}\n";
	printf "\\address{%g}{0x%08x}\n", $y, $from;
	printf "\\sidenote{%g}{%s}\n", ($y + $top) / 2, $note if $note;
	$y = $top;
}
printf "\\address{%g}{0x%08x}\n\\end{tikzpicture}\n", $y, $rows[-1][1];
