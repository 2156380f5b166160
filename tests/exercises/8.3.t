#!/usr/bin/perl
# A word of warning: the runner says what a call lacks.
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
	my $lacks = sub {
		my $boot = boot(chapter => 8, arch => $arch, append =>
			"mm_order=$_[0] checkpoint=exit");
		return join '', map { "$_\n" } $boot->{log} =~ /^mm_order: (\w+ lacks .*)$/mg;
	};
	is($lacks->('kmem_cache_init,memblock_free_all'),
		"kmem_cache_init lacks PAGES\n", "$arch: slab before pages");
	is($lacks->('kmem_cache_init,build_all_zonelists'), "kmem_cache_init lacks ZONELISTS\n"
		. "kmem_cache_init lacks CHECKS\nkmem_cache_init lacks PAGES\n",
		"$arch: all that is lacking");
	is($lacks->('report_meminit,mem_debugging_and_hardening_init'),
		"report_meminit lacks CHECKS\n", "$arch: and the start goes on");
	is($lacks->('mem_init'), '', "$arch: nothing in the right order");
}
done_testing();
