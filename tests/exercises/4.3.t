#!/usr/bin/perl
# A window as wide as it must be: several slots in a row.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;
no warnings 'portable';			# 64-bit numbers

my %first = (x86_64 => 0xffffffffff200000, i386 => 0xffdfe000);
my $arch;

for (archs()) {
	$arch = $_;
	still_passes(4, $arch);
	my @a = type_lines('memremap 0x1000000 0x200000', 'memremap 0x5000 1',
		"memunmap 0x@{[at(0)]} 0x200000", 'slots check',
		'memremap 0x1000000 0x200001', 'slots',
		'memremap 0x1000000 0x200000', 'peek phys:0x1000000 32');
	is($a[0], at(0) . "\n", "$arch: all eight in one");
	shows($a[1], qr/not found slot/, "$arch: then no more");
	is($a[2] . $a[3], '', "$arch: it closes, and none is open");
	shows($a[4], qr/^WARNING/m, "$arch: a byte more is refused");
	is(() = $a[5] =~ /free$/mg, 8, "$arch: all are free");
	is($a[7], "no slot to look through; see slots\n",
		"$arch: peek says once that there is no slot");

	@a = type_lines('memremap 0x1000000 0x40001', 'memremap 0x2000000 16',
		"memunmap 0x@{[at(0)]} 0x40001", 'memremap 0x3000000 1',
		'memremap 0x4000000 0x80000', 'memremap 0x5000000 0xc0001',
		'slots check', "peek 0x@{[at(4)]} 16", 'peek phys:0x4040000 16');
	is($a[0], at(0) . "\n", "$arch: two slots");
	is($a[1], at(2) . "\n", "$arch: the next is the third");
	is($a[3], at(0) . "\n", "$arch: a slot that was freed");
	is($a[4], at(3) . "\n", "$arch: two in a row");
	shows($a[5], qr/not found slot/, "$arch: four in a row are not there");
	shows($a[6], qr/leak of 3 areas/, "$arch: windows are counted");
	is(bytes($a[7]), bytes($a[8]), "$arch: the second slot of a window");
}
done_testing();

sub at { return sprintf '%x', $first{$arch} + $_[0] * 0x40000 }

sub bytes { return $_[0] =~ /: ((?:\w\w ){16})/ ? $1 : "none: $_[0]" }

sub type_lines {
	my @lines = @_;
	my $boot = boot(chapter => 4, arch => $arch,
		input => join ';', @lines);
	return (answers($boot))[0 .. $#lines];
}
