#!/usr/bin/perl
# The order of mm_core_init(): that the source's table has Linux's calls in
# Linux's order, that it agrees with what became of every other order, and
# that this can be seen again. tests/order.json is what make order found;
# a few of its boots are made again, by SEED=, all in the long form.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Order qw(runs move judge);
use Test::More;

my ($CHAPTER) = reverse chapters();
plan skip_all => 'no kernel that makes all calls' if $CHAPTER < 8;

# v6.18's calls (mm/mm_init.c: mm_core_init()).
my @LINUX = qw(arch_mm_preinit hugetlb_bootmem_alloc build_all_zonelists
	page_alloc_init_cpuhp alloc_tag_sec_init page_ext_init_flatmem
	mem_debugging_and_hardening_init kfence_alloc_pool_and_metadata
	report_meminit kmsan_init_shadow stack_depot_early_init kho_memory_init
	memblock_free_all mem_init kmem_cache_init page_ext_init_flatmem_late
	kmemleak_init ptlock_cache_init pgtable_cache_init
	debug_objects_mem_init vmalloc_init page_ext_init init_espfix_bsp
	pti_init kmsan_init_runtime mm_cache_init execmem_init);
use constant AT_FIRST => 3;		# MEMBLOCK | ESTIMATE

# Orders that the table calls wrong, and that work: why.
my $cpuhp = 'page_alloc_init_cpuhp is empty here, and so needs no zonelists';
my $takers = 'kmsan_init_shadow and those behind it are empty here, and take nothing';
my %EXPLAINED = (x86_64 => [
	[qr/^build_all_zonelists 0>[12]$/, $cpuhp],
	[qr/^memblock_free_all 3>2$/, $takers],
], i386 => [
	[qr/^build_all_zonelists 1>[23]$/, $cpuhp],
	[qr/^memblock_free_all 4>3$/, $takers],
	[qr/^arch_mm_preinit 0>[456]$/,
		'only looks at mem_map; bounce buffers would need memblock'],
	[qr/^mem_init 5>[01234]$|^memblock_free_all 4>5$/,
		'takes no pages, and nobody here asks after_bootmem'],
]);
my $seed = $ENV{SEED} // time % 1_000_000;
my $found = runs("$root/tests/order.json");

source();
for my $arch (archs()) {
	letters($arch);
	table($arch);
	input($arch);
}
again();
done_testing();

sub source {
	my $text = slurp(tree($CHAPTER) . '/mm/mm_core.c');
	my ($body) = $text =~ /^void __init mm_core_init\(void\)\n\{(.*?)^\}/ms;
	my @calls = grep { $_ ne 'mm_core_init_in_order' }
		$body =~ /\b(\w+)\((?:NULL)?\)/g;
	is("@calls", "@LINUX", "the function makes Linux's calls, in its order");
}

# What nm says of names that may be overridden.
sub letters {
	my ($arch) = @_;
	my $letter = sub {
		my ($chapter, $name) = @_;
		return (quiet_run('nm', built($chapter, $arch) . '/vmlinux'))[1]
			=~ /^\w+ (\w) \Q$name\E$/m ? $1 : '-';
	};
	my $own = $arch eq 'i386' ? 'T' : 'W';
	my %want = (mm_core_init => 'T', arch_mm_preinit => $own,
		mem_init => 'T', pgtable_cache_init => 'W',
		kfence_alloc_pool_and_metadata => 'W');
	is($letter->($CHAPTER, $_), $want{$_}, "$arch: nm says $want{$_} of $_")
		for sort keys %want;
	is($letter->(7, $_), $_ eq 'mm_core_init' ? 'W' : '-',
		"$arch: and of kernel 7's $_") for
		-e built(7, $arch) . '/vmlinux' ? sort keys %want : ();
}

# The table against all that was found.
sub table {
	my ($arch) = @_;
	my $r = $found->{$arch};
	is(join(' ', map { $_->{name} } @{$r->{table}}), "@LINUX",
		"$arch: the table has Linux's calls, in its order");
	is_deeply([judge($r->{table}, AT_FIRST, @LINUX)], [],
		"$arch: and calls that order right");
	my $n = @{$r->{calls}};
	is(scalar @{$r->{orders}}, $n * ($n - 1), "$arch: all moves were tried");
	my %used;
	for my $o (@{$r->{orders}}) {
		my ($who, $lacks) = judge($r->{table}, AT_FIRST,
			move($r->{table}, $r->{calls}, @$o{qw(from to)}));
		my $works = $o->{verdict} eq 'works';
		my $name = "$o->{call} $o->{from}>$o->{to}";
		next if !!$works eq !defined $who && pass("$arch: $name: "
			. ($works ? 'right, and works' : "wrong, and $o->{verdict}"));
		my ($why) = grep { $name =~ $_->[0] } @{$EXPLAINED{$arch}};
		$used{$why->[1]} = 1 if $why;
		ok($why, "$arch: $name: $o->{verdict}, the table says "
			. (defined $who ? "wrong at $who" : 'right')
			. ($why ? ": $why->[1]" : ''));
	}
	is(scalar keys %used, scalar @{$EXPLAINED{$arch}},
		"$arch: each explanation has something to explain");
}

# What is no order ends with a sentence, or is told and is none.
sub input {
	my ($arch) = @_;
	my %says = (
		'kmalloc' => [1, 'mm_order=: mm_core_init() has no call kmalloc'],
		'mem_init,mem_init' => [1, 'mm_order=: mem_init comes twice'],
		'mem_init,' => [1, 'mm_order=: mm_core_init() has no call '],
		'' => [0, "Malformed early option 'mm_order'"],
		'x' x 900 => [0, "Malformed early option 'mm_order'"],
		'mem_init mm_order=kmalloc' => [0, "Malformed early option 'mm_order'"],
		'mem_init,memblock_free_all,' . 'x' x 772 =>
			[1, 'mm_order=: mm_core_init() has no call xxx'],
		'x' x 800 => [0, "Malformed early option 'mm_order'"],
		join(',', @LINUX) => [0, 'mm_order: execmem_init'],
	);
	for my $order (share($arch, sort keys %says)) {
		my ($status, $text) = @{$says{$order}};
		my $boot = boot(chapter => $CHAPTER, arch => $arch,
			append => "mm_order=$order checkpoint=exit");
		my $short = length $order > 40 ? substr($order, 0, 40) . '…' : $order;
		is($boot->{status}, $status, "$arch: mm_order=$short ends with $status");
		said($boot, $text, "$arch: and a sentence");
	}
}

# Some of the boots once more.
sub again {
	my $out = "$tmp/order.json";
	my @sample = long_form() ? () : ('--sample', 2, '--seed', $seed);
	my ($status, $said) = quiet_run("$root/tools/order", '--chapter', $CHAPTER,
		'--to', $out, $ENV{CHECK_ARCH} ? ('--arch', $ENV{CHECK_ARCH}) : (),
		@sample);
	is($status, 0, "SEED=$seed: orders can be tried") or return diag($said);
	my $new = runs($out);
	for my $arch (archs()) {
		is("@{$new->{$arch}{calls}}", "@{$found->{$arch}{calls}}",
			"$arch: the same calls have something to do");
		for my $o (@{$new->{$arch}{orders}}) {
			my ($old) = grep { "@$_{qw(from to)}" eq "@$o{qw(from to)}" }
				@{$found->{$arch}{orders}};
			my $verdicts = sub { join ' ', map { "$_=$_[0]{cases}{$_}{verdict}" }
				sort keys %{$_[0]{cases}} };
			is($verdicts->($o), $verdicts->($old),
				"$arch, SEED=$seed: $o->{call} $o->{from}>$o->{to} again");
		}
	}
}
