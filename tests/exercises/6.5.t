#!/usr/bin/perl
# What a type can have: the command largest.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my ($M, $R, $U) = ('GFP_DMA|__GFP_MOVABLE', 'GFP_DMA|__GFP_RECLAIMABLE',
	'GFP_DMA');
my @types = qw(Movable Unmovable Reclaimable);

for my $arch (archs()) {
	my $x86_64 = $arch eq 'x86_64';
	still_passes(6, $arch);
	# Who has what at the start: the pageblocks differ.
	asks($arch, 'fresh', [], Movable => 10, 10,
		Unmovable => $x86_64 ? 8 : 9, 9, Reclaimable => 'none', 'none');
	asks($arch, 'after a claim', ['alloc 4 __GFP_RECLAIMABLE'],
		Reclaimable => 'none', 9);
	# 256, 128, 64 and 56 pages are left; low is 53, and 52 on i386.
	my @typed = map { "alloc $_ $M" } 10, 10, 10, 9;
	my @left = (256 => 7, 128 => 6, 64 => 3, 56 => $x86_64 ? 1 : 2);
	for my $order (undef, 7, 6, 3) {
		push @typed, "alloc $order $U" if defined $order;
		my ($pages, $largest) = splice @left, 0, 2;
		asks($arch, "$pages pages of zone DMA are left", \@typed,
			Unmovable => $largest, 9, Movable => 'none', 10);
	}
	# All of a claimed block is taken; then a part comes back.
	@typed = map { "alloc $_ $R" } 3, 9, 8, 7, 6, 5, 4, 3;
	asks($arch, 'all is taken', \@typed, Reclaimable => 'none', 'none');
	asks($arch, 'a block waits on a per-CPU list',
		[@typed, 'free 0x400'], Reclaimable => 3, 'none');
	my @said = answers(boot(chapter => 6, arch => $arch, input =>
		'largest Nonsense;largest HighAtomic;largest'));
	like($said[$_], qr/^usage: largest/, "$arch: a bad word is refused")
		for 0 .. 2;
}
done_testing();

# After what was typed, each type must have these orders of the two zones.
sub asks {
	my ($arch, $when, $typed, @wanted) = @_;
	my $second = $arch eq 'x86_64' ? 'DMA32' : 'Normal';
	my %wanted = map { $wanted[3 * $_], join '',
		line('DMA', $wanted[3 * $_ + 1]),
		line($second, $wanted[3 * $_ + 2]) } 0 .. $#wanted / 3;
	my @ask = grep { exists $wanted{$_} } @types;
	my @said = answers(boot(chapter => 6, arch => $arch, input =>
		join ';', @$typed, map { "largest $_" } @ask));
	is($said[@$typed + $_] // '', $wanted{$ask[$_]},
		"$arch, $when: $ask[$_]") for 0 .. $#ask;
}

sub line {
	my ($zone, $order) = @_;
	return "zone $zone: " . ($order eq 'none' ? $order : "order $order")
		. "\n";
}
