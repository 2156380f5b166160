#!/usr/bin/perl
# The page allocator from outside: the hand-over and its record, mistakes
# of a caller, exhaustion, memblock asked too late, small and odd memories,
# and what pages cost.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use List::Util qw(sum0);
use Test::More;

my $CHAPTER = 6;
plan skip_all => "kernel $CHAPTER has not been built"
	unless grep { $_ >= $CHAPTER } chapters();
my $last = (sort { $a <=> $b } chapters())[-1];

for my $arch (archs()) {
	handed_over($arch, $_) for qw(64M 128M 2G), $arch eq 'x86_64' ? '6G' : ();
	split_and_merge($arch);
	mistakes($arch);
	exhaustion($arch);
	too_late($arch);
	smallest($arch);
	odd_memories($arch);
	costs($arch) if $last == $CHAPTER;
}
done_testing();

sub record_of {
	my ($boot, $type) = @_;
	return grep { $_->{t} eq $type } @{$boot->{record}};
}

# Free blocks are aligned, do not overlap, lie in no reserved range, and no
# two buddies of one order are free. Free and on lists is what is managed,
# but for the few pages that the kernel took for itself.
sub handed_over {
	my ($arch, $mem) = @_;
	my $what = "$arch, $mem";
	my $boot = boot(chapter => $last, arch => $arch, mem => $mem);
	my @block = sort { $a->{pfn} <=> $b->{pfn} } record_of($boot, 'block');
	is_deeply([grep { $_->{pfn} % 2 ** $_->{order} } @block], [],
		"$what: every free block is aligned");
	is_deeply([grep { $block[$_ - 1]{pfn} + 2 ** $block[$_ - 1]{order}
		> $block[$_]{pfn} } 1 .. $#block], [],
		"$what: and none overlaps the next");
	my %at = map { ("$_->{pfn} $_->{order}" => $_) } @block;
	is_deeply([grep { $_->{order} < 10
		&& $at{($_->{pfn} ^ 2 ** $_->{order}) . " $_->{order}"} }
		@block], [], "$what: no two buddies are free");
	for my $pcp (record_of($boot, 'pcp')) {
		my $free = sum0(map { 2 ** $_->{order} }
			grep { $_->{zone} eq $pcp->{zone} } @block);
		is($free, $pcp->{free}, "$what, $pcp->{zone}: the blocks are what the zone counts");
		my $given = $pcp->{managed} - $pcp->{free} - $pcp->{count};
		cmp_ok($given, '>=', 0, "$what, $pcp->{zone}: no page too many");
		cmp_ok($given, '<=', $last < 7 ? 16 : $last < 8 ? 32 : 112, "$what, $pcp->{zone}: and few have an owner");
	}
	my ($handover) = record_of($boot, 'handover');
	cmp_ok($handover->{pages}, '<=', $handover->{present},
		"$what: no more was handed over than there is");
}

# The halves that a block was cut into are there, and are one again. Which
# block it is, a first boot says.
sub split_and_merge {
	my ($arch) = @_;
	my $alloc = 'alloc 4 GFP_DMA|__GFP_MOVABLE';
	my $first = boot(chapter => $last, arch => $arch, input => $alloc);
	my ($pfn) = map { hex } $first->{log} =~ /^pages (0x[0-9a-f]+)-/m;
	my @said = answers(boot(chapter => $last, arch => $arch, input => sprintf
		'cat /proc/buddyinfo;%s;buddy 0x%x;cat /proc/buddyinfo;free 0x%2$x;cat /proc/buddyinfo',
		$alloc, $pfn));
	like($said[1], qr/^pages 0x@{[sprintf '%x', $pfn]}-/, "$arch: the same block again");
	my @halves = map { my $half = $pfn ^ 1 << $_;
		sprintf '%05x-%05x free Movable', $half, $half + (1 << $_) - 1 } 4 .. 8;
	is_deeply([grep { index($said[2], $_) < 0 } @halves], [], "$arch: five halves are listed");
	isnt($said[3], $said[0], "$arch: the lists have changed");
	is($said[5], $said[0], "$arch: and are as before when it came back");
}

# Each is told with the reason, and the block can still be freed rightly.
sub mistakes {
	my ($arch) = @_;
	my $head = 'alloc 4 GFP_DMA|__GFP_MOVABLE';
	my $boot = boot(chapter => $last, arch => $arch, input => $head);
	my ($pfn) = $boot->{log} =~ /^pages (0x[0-9a-f]+)-/m;
	my $tail = sprintf '0x%x', hex($pfn) + 3;
	for (["free $pfn 3", "order is not the allocation's", 'a smaller order'],
		["free $pfn 5", "order is not the allocation's", 'a larger order'],
		["free $tail", 'VM_BUG_ON_PAGE\(page_ref_count\(page\) == 0\)', 'a page in the middle'],
		['free 0', 'PAGE_FLAGS_CHECK_AT_FREE flag\(s\) set', 'a reserved page']) {
		my ($typed, $reason, $name) = @$_;
		my @said = answers(boot(chapter => $last, arch => $arch,
			input => "cat /proc/buddyinfo;$head;$typed;free $pfn;"
				. "cat /proc/buddyinfo;free $pfn"));
		like($said[2], qr/^BUG: Bad page state.*^page dumped because: $reason$/ms,
			"$arch: $name is told");
		is($said[3], '', "$arch: afterwards the block is freed as ever");
		is($said[4], $said[0], "$arch: and nothing is lost");
		like($said[5], qr/page dumped because: VM_BUG_ON_PAGE\(page_ref_count/,
			"$arch: a second time it is not");
	}
}

sub exhaustion {
	my ($arch) = @_;
	my $order = 2 ** 32 - ($arch eq 'i386');	# -1, and no 32 bits
	my @said = answers(boot(chapter => $last, arch => $arch, input =>
		join(';', ('alloc 10 GFP_DMA') x 4, 'alloc 11', 'alloc 0 0x18',
			'alloc 0 0x5', "alloc $order")));
	like($said[3], qr/page allocation failure: order:10.*alloc: no block of order 10/s,
		"$arch: a fourth block of 4 MiB below 16 MiB is refused, with a report");
	like($said[4], qr/WARNING.*order 11 is above the largest, 10/s, "$arch: order 11");
	like($said[5], qr/WARNING.*gfp 0x18 contradicts itself/s, "$arch: movable and reclaimable");
	like($said[6], qr/WARNING.*gfp 0x5 contradicts itself/s, "$arch: two zones");
	like($said[7], qr/WARNING.*alloc: no block of order $order$/s, "$arch: no order is cut off");
}

sub too_late {
	my ($arch) = @_;
	my ($said) = answers(boot(chapter => $last, arch => $arch,
		input => 'call memblock_ask_late'));
	like($said, qr/memblock has handed its memory over; ask the page allocator/,
		"$arch: memblock says that it is over");
}

sub smallest {
	my ($arch) = @_;
	my $boot = boot(chapter => $last, arch => $arch, mem => '20M',
		append => 'kunit.enable=1');
	is($boot->{status}, 0, "$arch: 20 MiB are enough, for the self-tests too");
	for my $mem (qw(37M 65M 1000000K)) {
		my $odd = boot(chapter => $last, arch => $arch, mem => $mem,
			append => 'kunit.enable=1');
		is($odd->{status}, 0, "$arch: $mem are no harder");
	}
}

# Zones that are empty, almost empty, or end where no block does.
sub odd_memories {
	my ($arch) = @_;
	for (['128M', 'memmap=15M$1M'], ['128M', 'memmap=14M$1M'],
		['512M', 'kernelcore=20M'], $arch eq 'i386' ?
		['512M', 'highmem=100001K'] : ['2G', 'kernelcore=10%']) {
		my ($mem, $append) = @$_;
		my $boot = boot(chapter => $last, arch => $arch, mem => $mem,
			append => "kunit.enable=1 $append");
		is($boot->{status}, 0, "$arch, $append: the self-tests pass")
			or Boot::show($boot, 'a good end');
	}
}

# In guest instructions, with the checks on.
sub costs {
	my ($arch) = @_;
	my $boot = boot(chapter => $last, arch => $arch, icount => 1,
		append => 'bench=1', timeout => 300);
	my %pair = map { $_->{n} => $_->{cost} } record_of($boot, 'bench-pair');
	my %most = (0 => 175, 4 => 530, 10 => 11_000);
	cmp_ok($pair{$_}, '<=', $most{$_}, "$arch: a pair of order $_")
		for sort { $a <=> $b } keys %most;
	my $large = boot(chapter => $last, arch => $arch, icount => 1,
		mem => '2G', timeout => 300);
	my %step = map { $_->{name} => $_->{count} } record_of($large, 'milestone');
	cmp_ok($step{mm_core_init}, '<=', $arch eq 'i386' ? 13e6 : 3e6,
		"$arch, 2 GiB: to the end of the hand-over");
	my ($handover) = record_of($large, 'handover');
	my $sum = sum0(map { $_->{cost} } grep { $_->{name}
		=~ /^(?:paging_init|mm_core_init|page_alloc_init_late)$/ }
		record_of($large, 'milestone'));
	cmp_ok($sum / $handover->{present}, '<=', 20,
		"$arch, 2 GiB: a page, described and handed over");
}
