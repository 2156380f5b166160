#!/usr/bin/perl
# A cache for address spaces: mm_cache_init() in files of its own.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(8, $arch);
	my $boot = boot(chapter => 8, arch => $arch, input => 'cat /proc/slabinfo');
	my ($size) = $boot->{log} =~ /^mm_struct +\d+ +\d+ +(\d+) /m;
	is($size, 1024, "$arch: the cache is there, and its objects are aligned");
	ok(-e tree(8) . '/kernel/fork.c', "$arch: in kernel/fork.c");
	$boot = boot(chapter => 8, arch => $arch, append =>
		'mm_order=mm_cache_init,kmem_cache_init checkpoint=exit');
	is($boot->{status}, 1, "$arch: too early stops the kernel");
	said($boot, qr/^Kernel panic - not syncing: (?=.*mm_cache_init)(?=.*slab)/m,
		"$arch: with a sentence");
}
done_testing();
