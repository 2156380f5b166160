#!/usr/bin/perl
# The slab allocator, from outside: its caches beside Linux's, slabtop's
# reading of them, and what is said of each mistake at the prompt.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my ($CHAPTER) = reverse chapters();
plan skip_all => 'no kernel that has a slab allocator' if $CHAPTER < 7;

my %linux = (x86_64 => 'x86_64-pc-512M', i386 => 'i386-pc-2G');

for my $arch (archs()) {
	caches($arch);
	mistakes($arch);
	watched($arch);
	options($arch);
	costs($arch);
}
done_testing();

# Type commands; what follows each of them on the console.
sub type {
	my ($arch, $append, @input) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '128M',
		append => $append, input => join ';', @input);
	my $log = $boot->{log} =~ s/\r//gr;
	my @said = map { s/^.*\n//r } split /^monitor> (?=.)/m, $log;
	shift @said;
	return ($boot, @said);
}

sub rows {
	my ($text) = @_;
	return map { [(split)[0, 3, 4, 5]] } grep { /^(?:dma-)?kmalloc-/ && !/-cg-/ }
		split /\n/, $text;
}

sub caches {
	my ($arch) = @_;
	my ($boot, $slabinfo, $meminfo) = type($arch, '',
		'cat /proc/slabinfo', 'cat /proc/meminfo');
	my $theirs = slurp("$root/tests/linux/slabinfo-$linux{$arch}.txt");
	is(join("\n", map { "@$_" } rows($slabinfo)),
		join("\n", map { "@$_" } rows($theirs)),
		"$arch: kmalloc's caches are Linux's, in its order");
	like($slabinfo, qr/kmalloc-96 .*\nkmem_cache_node .*\nkmem_cache /,
		"$arch: the first caches were the first");
	my ($head) = $theirs =~ /^(.*\n.*\n)/;
	is(substr($slabinfo, 0, length $head), $head, "$arch: slabinfo's head");
	is(scalar(grep { !/^\S{1,17} +\d+ +\d+ +\d+ +\d+ +\d+ : tunables    0    0    0 : slabdata +\d+ +\d+ +0$/ }
		grep { !/^slabinfo|^#/ } split /\n/, $slabinfo), 0, "$arch: its rows");
	like($boot->{log}, $arch eq 'i386' ?
		qr/^SLUB: HWalign=32, Order=0-3, MinObjects=0, CPUs=1, Nodes=1\r?$/m :
		qr/^SLUB: HWalign=64, Order=0-3, MinObjects=0, CPUs=1, Nodes=1\r?$/m,
		"$arch: the line about it");
	my $pages = 0;
	for (split /\n/, $slabinfo) {
		my @f = split;
		$pages += $f[5] * $f[-2] if @f > 10 && $f[0] !~ /^#/;
	}
	my ($kb) = $meminfo =~ /^Slab: +(\d+) kB/m;
	is($kb, 4 * $pages, "$arch: meminfo has as many pages of slabs");
	slabtop($arch, $slabinfo, $pages);
}

# procps' own reader of the file, with the file mounted over this machine's.
sub slabtop {
	my ($arch, $slabinfo, $pages) = @_;
	my $name = spill($slabinfo);
	my ($status, $text) = quiet_run('unshare', '-rm', 'sh', '-c',
		"mount --bind $name /proc/slabinfo || exit 98; exec slabtop -o -s n");
	SKIP: {
		skip "$arch: namespaces, or slabtop, cannot be had", 3
			if $status == 98 || $status == 127 || $text =~ /unshare/;
		is($status, 0, "$arch: slabtop reads slabinfo") or diag $text;
		my $slabs = grep { (split)[-2] } grep { /slabdata/ && !/^#/ }
			split /\n/, $slabinfo;
		like($text, qr{Active / Total Caches \(% used\) +: \d+ / $slabs \b|Caches .*: $slabs / \d+},
			"$arch: it counts the caches") or diag $text;
		like($text, qr/\bkmalloc-96 *$/m, "$arch: and lists them");
	}
}

# What is freed wrongly is told, with cache and caller, and stays.
sub mistakes {
	my ($arch) = @_;
	my ($boot, @said) = type($arch, '', 'kmalloc 100', 'kfree #1', 'kfree #1',
		'kmalloc 100', 'kfree #2+8', 'cache create one 88', 'cache one alloc',
		'cache kmalloc-128 free #3', 'kfree 24', 'kfree 0xffffffff', 'kmalloc 9000',
		'kfree #4+4096', 'kfree #4', 'kfree #4', 'kfree #2', 'cache one free #3',
		'kmalloc 0', 'kfree 0', 'cache one destroy', 'cache one',
		'kmalloc 64', 'kmalloc 64', 'kfree #6', 'kfree #7', 'kfree #6', 'kmalloc 64');
	like($said[2], qr/^BUG kmalloc-128 \(Not tainted\): Object already free$/m,
		"$arch: a double free at the head");
	like($said[2], qr/^FIX kmalloc-128: Object at 0x\w+ not freed, called from cmd_kfree/m,
		"$arch: says who did it");
	like($said[4], qr/^BUG kmalloc-128 .*: Invalid object pointer 0x\w+, freed in cmd_kfree/m,
		"$arch: a pointer inside");
	like($said[7], qr/Wrong slab cache. kmalloc-128 but object is from one; called from (?:act|cmd_cache)\+/,
		"$arch: a wrong cache");
	like($said[$_], qr/^kfree: \w+ is no object of a cache, and not freed; called from cmd_kfree/m,
		"$arch: no object ($_)") for 8, 9, 11, 13;
	unlike($said[$_], qr/BUG|WARN/, "$arch: what is right is right ($_)")
		for 0, 1, 3, 5, 6, 10, 12, 14 .. 18, 20 .. 23;
	like($said[19], qr/^cache one: there is none/, "$arch: a cache goes");
	is($boot->{status}, 0, "$arch: and the kernel goes on") or diag $boot->{log};
	numbers($arch);
}

# No number is cut to what a word, or an object's size, has room for.
sub numbers {
	my ($arch) = @_;
	my ($boot, @said) = type($arch, '', 'kmalloc 100', 'slab #4294967297',
		'slab #1+4294967296', 'cache create x 4294967304',
		'cache create x 100 4294967304', 'cache x', 'kmalloc 64', 'kmalloc 64',
		'kfree #2', 'kfree #3', 'kfree #2', 'cache kmalloc-64 shrink',
		'kmalloc 2000', 'kfree #4', 'cache kmalloc-2k destroy', 'kmalloc 2000');
	unlike($said[$_], qr/^kmalloc-128/m, "$arch: no object ($_)") for 1, 2;
	like($said[3], $arch eq 'i386' ? qr/neither a number/ : qr/^kmem_cache_create\(x\) failed/m,
		"$arch: no size");
	like($said[4], $arch eq 'i386' ? qr/neither a number/ : qr/^kmem_cache_create\(x\) failed/m,
		"$arch: no alignment");
	like($said[5], qr/^cache x: there is none/, "$arch: no cache");
	like($said[11], qr/^BUG kmalloc-64 .*: Freelist cycle detected$/m, "$arch: a ring ends");
	like($said[14], qr/^kmem_cache_destroy kmalloc-2k: nobody has it/m, "$arch: kmalloc's caches stay");
	like($said[15], qr/of kmalloc-2k/, "$arch: and serve");
	is($boot->{status}, 0, "$arch: all of that ends");
}

# What slab_debug= finds.
sub watched {
	my ($arch) = @_;
	my ($boot, @said) = type($arch, 'slab_debug=FZPU,kmalloc-64,kmalloc-12*',
		'kmalloc 50', 'poke #1+50 0x12', 'kfree #1', 'kmalloc 64', 'poke #2+64 1',
		'kfree #2', 'kmalloc 64', 'kfree #3', 'poke #3 0', 'kmalloc 64', 'kmalloc 128',
		'kmalloc 128', 'kfree #5', 'kfree #6', 'kfree #5', 'kmalloc 32', 'kfree #7',
		'cache kmalloc-64 check');
	like($said[2], qr/^\[kmalloc Redzone overwritten\] 0x(\w+)-0x\1 \@offset=\d+\. First byte 0x12 instead of 0xcc$/m,
		"$arch: behind what was asked for");
	like($said[2], qr/^BUG kmalloc-64 \(Not tainted\): Object corrupt$/m, "$arch: in whose cache");
	like($said[2], qr/^Allocated in cmd_kmalloc\+\S+ age=\d+ cpu=0 pid=0$/m, "$arch: by whom");
	like($said[2], qr/^Redzone  \w+: (?:cc ){8}.*\nObject   \w+: 6b/m, "$arch: with its bytes");
	like($said[2], qr/^FIX kmalloc-64: Restoring kmalloc Redzone 0x\w+-0x\w+=0xcc$/m,
		"$arch: what is done");
	like($said[5], qr/^\[Right Redzone overwritten\]/m, "$arch: behind the object");
	like($said[9], qr/^\[Poison overwritten\] .* First byte 0x0 instead of 0x6b$/m,
		"$arch: after the free");
	like($said[9], qr/^Freed in cmd_kfree\+/m, "$arch: and who freed it");
	like($said[14], qr/^BUG kmalloc-128 .*: Object already free$/m, "$arch: a double free anywhere");
	unlike($said[16], qr/BUG/, "$arch: what is not named is not watched");
	is($boot->{status}, 0, "$arch: the kernel goes on");
}

sub options {
	my ($arch) = @_;
	my ($boot, @said) = type($arch, 'slab_min_objects=32 slab_max_order=1 slab_debug=q,foo slab_nomerge',
		'cache kmalloc-512', 'cache create other 64', 'cache other');
	like($boot->{log}, qr/^slab_debug option 'q' unknown. skipped\r?$/m, "$arch: an unknown letter");
	like($boot->{log}, qr/^SLUB: HWalign=\d+, Order=0-1, MinObjects=32,/m, "$arch: orders and objects");
	like($said[0], qr/slabs of order 1 with 16 objects/, "$arch: have their effect");
	like($said[2], qr/^other: objects of 64 bytes/m, "$arch: slab_nomerge");
	($boot, @said) = type($arch, '', 'cache create other 64');
	like($said[0], qr/^other shares the slabs of kmalloc-64$/m, "$arch: else slabs are shared");
	($boot) = type($arch, 'slab_max_order=x slab_debug=' . 'f' x 140, 'cache');
	like($boot->{log}, qr/^slab_max_order=x: a number up to 10 is wanted\r?$/m, "$arch: no number");
	like($boot->{log}, qr/^slab_debug=: longer than 127 bytes\r?$/m, "$arch: no end");
	($boot, @said) = type($arch, 'slab_max_order=10 slab_min_objects=32767 ' .
		'random_seed=abc failslab', 'kmalloc 8', 'slab #1');
	like($boot->{log}, qr/^random_seed=: a number is wanted\r?$/m, "$arch: no seed");
	like($boot->{log}, qr/^FAULT_INJECTION: failed to parse arguments\r?$/m, "$arch: no failures");
	like($said[1], qr/^15872 more$/m, "$arch: the picture of a large slab ends");
}

# What an object costs, in guest instructions, and what is lost to slabs.
# The limits are a third of what Linux takes on x86_64, two fifths on i386.
sub costs {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '128M',
		append => 'bench=1 random_seed=1', icount => 1);
	my %cost;
	$cost{$_->{what}}{$_->{n}} = $_->{cost}
		for grep { $_->{t} =~ /^bench-/ } @{$boot->{record}};
	cmp_ok($cost{cache}{64}, '<=', 75, "$arch: 64 bytes of a cache, and back");
	cmp_ok($cost{kmalloc}{100}, '<=', 80, "$arch: kmalloc(100), and back");
	my ($taken, $least) = map { $cost{"loss-$_"}{10000} } qw(taken least);
	cmp_ok($taken, '<=', $least * 1.02, "$arch: hardly a slab more than sizes and rules want");
	my ($theirs) = slurp("$root/tests/linux/objects.txt") =~ /^$arch (\d+)$/m;
	is($taken, $theirs + ($arch eq 'i386' ? 4096 : 0), "$arch: what Linux takes, or a page more, as the book says");
	my $shown = $theirs =~ s/\B(?=(?:\d{3})+$)/,/gr;
	like(slurp("$root/chapters/07-slab.nw"), qr/\b$shown\b/, "$arch: which the book has");
}
