#!/usr/bin/perl
# One page keeps them apart: /proc/buddyapart.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

# A request that may wait and gets nothing empties the per-CPU lists.
my @drain = (('alloc 10 GFP_DMA|GFP_KERNEL|__GFP_MOVABLE|0x2000') x 4,
	'free 0x400', 'free 0x800', 'free 0xc00');
my @eight = ('alloc 0 GFP_DMA') x 8;	# pages 0x100-0x107

# What is typed, and zone DMA's row then: the first columns, others are 0.
my @story = (
	['nothing is in use', []],
	['one page', ['alloc 0 GFP_DMA'], (0) x 8, 1],
	['its buddy, too', ['alloc 0 GFP_DMA'], 2],
	['a page that waits is not free', ['free 0x100'], 1],
	['a block of two is no single page', ['alloc 1 GFP_DMA'], 1],
);
my @drained = (
	['0x100, 0x102, 0x103, 0x104', [@eight, map({ "free $_" } qw(0x101
		0x105 0x106 0x107)), @drain], 2, 1, 1],
	['0x104', [map({ "free $_" } qw(0x100 0x102 0x103)), @drain],
		(0) x 8, 1],
	['the first of sixteen, 0x1f0', ['free 0x104', @drain,
		'alloc 7 GFP_DMA', 'alloc 6 GFP_DMA', 'alloc 5 GFP_DMA',
		'alloc 4 GFP_DMA', 'alloc 0 GFP_DMA', @drain], (0) x 4, 1],
);

for my $arch (archs()) {
	still_passes(6, $arch);
	follow($arch, @$_) for \@story, \@drained;
}
done_testing();

sub follow {
	my ($arch, @story) = @_;
	my (@input, @at);
	for (@story) {
		push @input, @{$_->[1]}, 'cat /proc/buddyinfo',
			'cat /proc/buddyapart', 'cat /proc/buddyinfo';
		push @at, @input - 2;
	}
	my @said = answers(boot(chapter => 6, arch => $arch,
		input => join ';', @input));
	for (@story) {
		my ($name, undef, @row) = @$_;
		my $at = shift @at;
		push @row, (0) x (11 - @row);
		my $row = sprintf 'Node 0, zone %8s ' . '%6u ' x 11 . "\n",
			'DMA', @row;
		my ($got) = ($said[$at] // '') =~ /^(.*zone +DMA .*\n)/m;
		is($got, $row, "$arch, $name");
		is($said[$at + 1], $said[$at - 1],
			"$arch, $name: looking changes nothing");
		my @zones = ($said[$at] // '') =~ /^Node 0, zone/mg;
		is(scalar @zones, 2, "$arch, $name: two zones have pages");
	}
}
