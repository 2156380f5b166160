#!/usr/bin/perl
# Who has them? Counts by the place that called.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(7, $arch);
	my $log = boot(chapter => 7, arch => $arch, append => 'slab_debug=U,kmalloc-64,kmalloc-32,box',
		input => join ';', ('kmalloc 64') x 5, 'kfree #2', 'cache kmalloc-64 users',
		'cache create box 500', ('cache box alloc') x 20, 'cache box users',
		'cache kmalloc-128 users', 'cache kmalloc-32 users')->{log} =~ s/\r//gr;
	my ($users) = $log =~ /^monitor> cache kmalloc-64 users\n(.*?)^monitor> /ms;
	shows($users // '', qr/^ *4 cmd_kmalloc\+0x/m, "$arch: the prompt has four");
	my ($box) = $log =~ /^monitor> cache box users\n(.*?)^monitor> /ms;
	shows($box // '', qr/\A *20 (?:act|cmd_cache)\+0x\S+\n\z/, "$arch: full slabs are counted, too");
	shows($log, qr/^kmalloc-128 keeps no notes$/m, "$arch: without notes");
	my ($many) = $log =~ /^monitor> cache kmalloc-32 users\n(.*?)^monitor> /ms;
	my @n = ($many // '') =~ /^ *(\d+) \S+\+0x/mg;
	ok(@n && "@n" eq join(' ', sort { $b <=> $a } @n), "$arch: the largest number first");
}
done_testing();
