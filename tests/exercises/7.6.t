#!/usr/bin/perl
# Four of a size: copies of kmalloc()'s caches, chosen by the place.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @sizes = qw(96 192 8 16 32 64 128 256 512 1k 2k 4k 8k);
for my $arch (archs()) {
	still_passes(7, $arch);
	my %seen;
	for my $seed (1 .. 6) {
		my $log = boot(chapter => 7, arch => $arch, append => "random_seed=$seed",
			input => 'kmalloc 100;kmalloc 100;kmalloc 100 GFP_DMA;kmalloc 100 __GFP_RECLAIMABLE;cache create rnd 128;cat /proc/slabinfo')->{log} =~ s/\r//gr;
		my @of = $log =~ /^#\d+: \w+, of (\S+),/mg;
		is($of[0], $of[1], "$arch, seed $seed: one place, one copy");
		is("$of[2] $of[3]", 'dma-kmalloc-128 kmalloc-rcl-128', "$arch, seed $seed: other types stay");
		like($of[0], qr/^kmalloc-(?:rnd-0[123]-)?128$/, "$arch, seed $seed: of this size");
		$seen{$of[0]}++;
		next if $seed > 1;
		my @caches = reverse $log =~ /^((?:dma-)?kmalloc-\S+) /mg;
		is("@caches", join(' ', map { my $p = $_; map { "$p$_" } @sizes } 'kmalloc-',
			(map { "kmalloc-rnd-0$_-" } 1 .. 3), 'kmalloc-rcl-', 'dma-kmalloc-'),
			"$arch: all are there, in order");
		shows($log, qr/^rnd shares the slabs of kmalloc-128$/m, "$arch: only the normal ones are shared");
	}
	cmp_ok(scalar keys %seen, '>', 1, "$arch: seeds give different copies");
}
done_testing();
