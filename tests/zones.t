#!/usr/bin/perl
# Nodes and zones from outside: /proc/zoneinfo beside Linux's, zones that
# the command line shapes, memories that are hard to describe, and one of
# 256 GiB. What Linux prints while it starts is compared by linux-*.t.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my $CHAPTER = 5;
plan skip_all => "kernel $CHAPTER has not been built"
	unless grep { $_ >= $CHAPTER } chapters();
my $last = (sort { $a <=> $b } chapters())[-1];

for my $arch (archs()) {
	zoneinfo($arch);
	settings($arch);
	movable($arch);
	pages($arch);
	crowded($arch);
}
fragmented() if grep { $_ eq 'x86_64' } archs();
large() if long_form() && grep { $_ eq 'x86_64' } archs();
done_testing();

# All lines of Linux's file, with numbers only where the machine decides.
sub form {
	my ($text) = @_;
	my @lines;
	for (split /\n/, $text) {
		s/(?<=[ (])\d+(?=[,)]|$)/N/g
			unless /^Node|spanned|present|start_pfn|cpu:|cma/;
		push @lines, $_;
	}
	return @lines;
}

sub zoneinfo {
	my ($arch) = @_;
	my ($machine) = grep { /zoneinfo-$arch/ }
		glob "$root/tests/linux/zoneinfo-*.txt";
	my ($mem) = $machine =~ /-(\w+)\.txt$/;
	my $linux = slurp($machine);
	# Linux's low memory ends at 879 MiB there, ours at 896.
	if ($arch eq 'i386') {
		$linux =~ s/221182/225280/g;
		$linux =~ s/298978/294880/g;
		$linux =~ s/225278/229376/g;
	}
	my $boot = boot(chapter => $last, arch => $arch, mem => $mem,
		input => 'cat /proc/zoneinfo');
	my ($ours) = answers($boot);
	is_deeply([form($ours)], [form($linux)],
		"$arch: /proc/zoneinfo has the form of Linux's");
}

sub record_of {
	my ($boot, $type) = @_;
	return grep { $_->{t} eq $type } @{$boot->{record}};
}

# The files of /proc/sys, and the sums behind them.
sub settings {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '512M',
		input => 'cat /proc/sys/vm/min_free_kbytes;'
		. 'cat /proc/sys/vm/lowmem_reserve_ratio');
	my ($kbytes, $ratio) = answers($boot);
	my @zones = record_of($boot, 'zone');
	my $pages = 0;
	$pages += $_->{managed} for @zones;
	is($kbytes, int(sqrt(4 * $pages * 16)) . "\n",
		"$arch: min_free_kbytes is the root of 16 times low memory");
	is($ratio, ($arch eq 'i386' ? "256\t32\t0\t0" : "256\t256\t32\t0")
		. "\n", "$arch: lowmem_reserve_ratio");
	my ($dma, $next) = @zones;
	is($dma->{reserve}[1], int($next->{managed} / 256),
		"$arch: DMA keeps a page for 256 of the next zone");
	my $min = int(int($kbytes / 4) * $next->{managed} / $pages);
	is($next->{min}, $min, "$arch: $next->{name} has its share");
	is($next->{low} - $min, int($min / 4), "$arch: and a quarter more");
}

# ZONE_MOVABLE, as the command line wants it.
sub movable {
	my ($arch) = @_;
	my %case = $arch eq 'x86_64' ? (
		'kernelcore=1G' => '0x100000000', 'kernelcore=4G' => '0x140400000',
		'kernelcore=50%' => '0x100400000',
		'movablecore=512M' => '0x1a0000000',
		'movablecore=1M' => '0x1bfc00000',
		'kernelcore=2G movablecore=512M' => '0x1a0000000',
		'kernelcore=100G' => '', 'kernelcore=0' => '',
		'movablecore=100%' => '', 'kernelcore=mirror' => '',
		'kernelcore=x' => '', 'kernelcore=101%' => '',
	) : (
		'kernelcore=1G' => '0x40400000', 'kernelcore=16M' => '0x38000000',
		'movablecore=25%' => '0x60000000', 'movablecore=100%' => '',
	);
	for my $append (share($arch, sort keys %case)) {
		my $boot = boot(chapter => $CHAPTER, arch => $arch,
			mem => $arch eq 'x86_64' ? '6G' : '2G',
			append => "$append kunit.enable=1 kunit.filter_glob=mm_init");
		my ($at) = $boot->{log} =~ /^  Node 0: 0x0*(\w+)$/m;
		is($boot->{status}, 0, "$arch, $append: boots")
			or Boot::show($boot, 'a good end');
		is($at ? "0x$at" : '', $case{$append},
			"$arch, $append: ZONE_MOVABLE begins where it should");
	}
}

# Frames of three kinds, as the prompt shows them.
sub pages {
	my ($arch) = @_;
	my ($hole, $none) = $arch eq 'i386' ? (0x7fff0, 0x80000)
		: (0xbffe0, 0xc0000);
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		mem => $arch eq 'i386' ? '2G' : '6G',
		input => join ';', map { "page $_" } 0x1000, $hole, $none);
	my @said = answers($boot);
	like($said[0], qr/: reserved \(node 0, zone (DMA32|Normal)\)/,
		"$arch: the kernel's first page is reserved");
	like($said[1], qr/: reserved .*\n  refcount 1, type none/,
		"$arch: a hole's page looks like one that is in use");
	like($said[2], qr/has no struct page/, "$arch: behind the last block");
}

# Low memory so full that the struct pages do not fit.
sub crowded {
	my ($arch) = @_;
	my ($mem, $full, $sentence) = $arch eq 'i386' ?
		('3G', 'memmap=870M$24M', 'Failed to allocate 25165824 bytes '
		. 'for node 0 memory map') :
		('24M', 'memmap=15M$1M memmap=6M$18M', 'Cannot describe [mem '
		. '0x0000000000000000-0x0000000007ffffff]: no memory is left '
		. 'for its struct pages');
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => $mem,
		append => $full);
	said($boot, "Kernel panic - not syncing: $sentence",
		"$arch: no room for struct pages is told");
	is($boot->{status}, 1, "$arch: and it ends in order");
}

# No block of 2 MiB is free: small pages hold the struct pages.
sub fragmented {
	my $full = join ' ', map { sprintf 'memmap=4K$0x%x', $_ * 0x200000 + 4096 }
		grep { $_ != 8 } 1 .. 11;
	my $boot = boot(chapter => $CHAPTER, arch => 'x86_64', mem => '24M',
		append => "$full kunit.enable=1");
	is($boot->{status}, 0, 'without a large block: boots');
	my ($section) = record_of($boot, 'section');
	is($section->{level}, 1, 'and has its struct pages in small pages');
}

# More memory than the host has; 4 GiB of it are struct pages.
sub large {
	my $boot = boot(chapter => $CHAPTER, arch => 'x86_64', mem => '256G',
		machine => 'q35', timeout => 300,
		qemu => ['-object', 'memory-backend-ram,id=m,size=256G,reserve=off',
		'-machine', 'memory-backend=m']);
	is($boot->{status}, 0, '256 GiB: boots') or Boot::show($boot, 'a good end');
	said($boot, 'node 0 deferred pages initialised',
		'256 GiB: most struct pages are made late');
	my ($memmap) = record_of($boot, 'memmap');
	is($memmap->{pages}, 67108864, '256 GiB: as many struct pages');
}
