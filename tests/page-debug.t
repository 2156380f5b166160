#!/usr/bin/perl
# What is said of pages that are not as they should be, of allocations that
# fail, and what the parameters for that do: page_poison=, init_on_alloc=,
# init_on_free=, fail_page_alloc=.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Checkpoint;
use Test::More;

my ($CHAPTER) = reverse chapters();
plan skip_all => 'no kernel that has a page allocator' if $CHAPTER < 6;

# parameters, what "mem auto-init" says of them, and before that
my @fills = (
	['', 'off', 'off'],
	['init_on_alloc=1', 'on', 'off'],
	['init_on_free=y', 'off', 'on'],
	['page_poison=1', 'off', 'off'],
	['page_poison=on init_on_alloc=on init_on_free=1', 'off', 'off',
		'mem auto-init: CONFIG_PAGE_POISONING is on, will take precedence over init_on_alloc and init_on_free'],
);

my $CALLS = qr/Call Trace:\n(?: [ \w.?]+\+0x\w+\/0x\w+\n)+/;

for my $arch (archs()) {
	fills($arch, @$_) for @fills[0, 3], share($arch, @fills[1, 2, 4]);
	reports($arch);
	corruption($arch);
	failure($arch);
	injection($arch);
	injected_nonsense($arch);
	longer_list($arch);
}
done_testing();

# The self-tests pass, in the long form all of them; and the line is Linux's.
sub fills {
	my ($arch, $append, $alloc, $free, $before) = @_;
	my $what = "$arch, " . ($append || 'no parameter');
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '64M',
		append => "kunit.enable=1 $append"
		. (long_form() ? '' : ' kunit.filter_glob=page_debug'));
	is($boot->{status}, 0, "$what: boots, and passes its tests")
		or Boot::show($boot, 'a good end');
	check_ktap($boot, $what);
	said($boot, qr/^mem auto-init: stack:off, heap alloc:$alloc, heap free:$free$/m,
		"$what: is said");
	said($boot, qr/^\Q$before\E$/m, "$what: who wins is said") if $before;
	is(scalar(() = $boot->{log} =~ /^mem auto-init: clearing system memory may take some time\.\.\.$/mg),
		$free eq 'on' ? 1 : 0, "$what: so is that it takes time");
	my $poison = $append =~ /page_poison/ ? 1 : 0;
	is(scalar(() = $boot->{log} =~ /^    ok \d+ poison_is_there$/mg),
		$poison, "$what: the test of poison is run if it has a point");
}

# The log after the suite, whose reports go there.
sub log_of_suite {
	my ($arch, $append) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '64M',
		append => "kunit.enable=1 kunit.filter_glob=page_debug $append",
		input => 'dmesg');
	return $boot->{log} =~ s/.*^monitor> dmesg\n//msr;
}

# pfn, what is shown of it, why
sub bad_page {
	my ($refs, $head, $flags, $why) = @_;
	return qr/^BUG: Bad page state in process swapper\/0  pfn:([0-9a-f]{5})
page: refcount:$refs mapcount:0 mapping:0+ index:0x0 pfn:0x\w+
$head(?:flags: 0x\w+\($flags(?:node=0\|)?zone=\d\)
)(?:page_type: \w+\(\w+\)
)?(?:raw: [0-9a-f ]+
)+(?:head: [0-9a-f ]+
)*page dumped because: \Q$why\E
$CALLS/m;
}

sub reports {
	my ($arch) = @_;
	my $log = log_of_suite($arch, '');
	my $head = qr/head: order:2 mapcount:0 entire_mapcount:0 nr_pages_mapped:0 pincount:0\n/;
	for (['a wrong order', 0, '', '', "order is not the allocation's"],
		['a page inside a block', 0, '', '', 'VM_BUG_ON_PAGE(page_ref_count(page) == 0)'],
		['a tail page', 1, $head, 'head\|', 'VM_BUG_ON_PAGE(page_ref_count(page) == 0)'],
		['a page of the kernel', 0, '', 'reserved\|', 'PAGE_FLAGS_CHECK_AT_FREE flag(s) set']) {
		my ($what, @shown) = @$_;
		like($log, bad_page(@shown), "$arch: $what is refused in Linux's words");
	}
	for ('compound_head not consistent', 'nonzero mapcount') {
		like($log, qr/^page dumped because: $_$/m, "$arch: $_");
	}
	is(scalar(() = $log =~ /^BUG: Bad page state/mg), 10,
		"$arch: and the second free of a page");
}

sub corruption {
	my ($arch) = @_;
	my $log = log_of_suite($arch, 'page_poison=1');
	like($log, qr/^pagealloc: single bit error\n\w+123: ba\n$CALLS/m,
		"$arch: one bit in a free page");
	like($log, qr/^pagealloc: memory corruption\n\w+ff0:(?: 77){10}\n$CALLS/m,
		"$arch: some bytes");
	like($log, qr/^page dumped because: pagealloc: corrupted page details$/m,
		"$arch: and whose page it was");
}

# More than there is: the report.
sub failure {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '64M',
		input => join ';', ('alloc 10') x 16);
	my $number = qr/\d+kB/;
	said($boot, qr/^swapper\/0: page allocation failure: order:10, mode:0xcc0\(GFP_KERNEL\), nodemask=\(null\)\n$CALLS/m,
		"$arch: what was wanted, and by whom");
	said($boot, qr/^Mem-Info:\nactive_anon:0 inactive_anon:0 isolated_anon:0\n/m,
		"$arch: the report follows");
	said($boot, qr/^(?:Node 0 )?Normal free:$number boost:0kB min:$number low:$number high:$number reserved_highatomic:\d+KB free_highatomic:\d+KB active_anon:0kB .* present:$number managed:$number mlocked:0kB bounce:0kB free_pcp:$number local_pcp:$number free_cma:0kB\nlowmem_reserve\[\]:(?: \d+){4}$/m,
		"$arch: a zone's marks") if $arch eq 'i386';
	said($boot, qr/^(?:Node 0 )?DMA: 0\*4kB (?:\d+\*\d+kB (?:\([UMEH]+\) )?){9}\d+\*4096kB (?:\([UMEH]+\) )?= (\d+)kB$/m,
		"$arch: its lists");
	for ($boot->{log} =~ /^((?:Node 0 )?\w+: \d+\*4kB .*)$/mg) {
		my ($sum) = /= (\d+)kB$/;
		$sum -= $1 * $2 while /(\d+)\*(\d+)kB/g;
		is($sum, 0, "$arch: a line of lists adds up");
	}
	said($boot, qr/^0 total pagecache pages\n\d+ pages RAM\n0 pages HighMem\/MovableOnly\n\d+ pages reserved$/m,
		"$arch: and all memory");
}

sub injection {
	my ($arch) = @_;
	# From kernel 7 on, slabs of order 1 and 2 are made before anybody types.
	my $space = $CHAPTER < 7 ? 0 : 7;
	my $boot = boot(chapter => $CHAPTER, arch => $arch,
		append => "fail_page_alloc=2,100,$space,2",
		input => join ';', ('alloc 3 GFP_ATOMIC') x 6, 'alloc 3',
			'alloc 0 GFP_ATOMIC');
	my @forced = $boot->{log} =~ /^FAULT_INJECTION: forcing a failure\.\nname fail_page_alloc, interval 2, probability 100, space [01], times (\d)\n$CALLS/mg;
	is("@forced", '2 1', "$arch: every second fails, twice");
	unlike($boot->{log}, qr/page allocation failure/,
		"$arch: and is no shortage");
	my @asked = $boot->{log} =~ /^monitor> alloc[^\n]*\r?\n(\w+)/mg;
	my @failed = grep { $asked[$_] eq 'FAULT_INJECTION' } 0 .. $#asked;
	is("@failed", '1 3', "$arch: the others get what they want");
}

sub injected_nonsense {
	my ($arch) = @_;
	for my $value (share($arch, '=', '=1', '=1,2,3', '=1,2,3,x', '=1,2,3,4,5',
		'')) {
		my $boot = boot(chapter => $CHAPTER, arch => $arch,
			append => "fail_page_alloc$value");
		is($boot->{status}, 0, "$arch, fail_page_alloc$value: boots");
		said($boot, qr/^FAULT_INJECTION: failed to parse arguments$/m,
			"$arch, fail_page_alloc$value: is told");
	}
}

# memblock's list of memory has grown to two pages. The first one's bytes are
# gone when the second one is given back.
sub longer_list {
	my ($arch) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => '256M',
		append => 'page_poison=1 memmap='
		. join ',', map { '4K$' . (20 + $_) . 'M' } 0 .. 139);
	is($boot->{status}, 0, "$arch: a list of two pages is given back");
	unlike($boot->{log}, qr/WARNING|BUG/, "$arch: whole, though the first is filled at once");
}
