#!/usr/bin/perl
# Large, and in time: KFENCE's pool.
# Needs: x86_64 i386
use strict;
use warnings;
no warnings 'portable';
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(8, $arch);
	my $boot = boot(chapter => 8, arch => $arch, append => 'checkpoint=exit');
	my $late = boot(chapter => 8, arch => $arch, append => 'checkpoint=exit '
		. 'mm_order=memblock_free_all,kfence_alloc_pool_and_metadata');
	my ($from, $to) = $boot->{log} =~
		/^kfence: pool \[mem (0x[0-9a-f]{8})-(0x[0-9a-f]{8})\]$/m;
	ok(defined $to, "$arch: the pool is told") or next;
	is(hex($to) + 1 - hex $from, 2 << 20, "$arch: it has 2 MiB");
	is(hex($from) % 4096, 0, "$arch: and is made of pages");
	said($late, "kfence: too late for a pool\n", "$arch: too late is told");
	is($late->{status}, 0, "$arch: and the kernel comes up");
	my ($with, $without) = map { $_->{log} =~ /(\d+)K reserved/ } $boot, $late;
	cmp_ok($with - $without, '>=', 2044, "$arch: the pool is reserved");
	cmp_ok($with - $without, '<=', 2052, "$arch: and no more than that");
}
done_testing();
