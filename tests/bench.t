#!/usr/bin/perl
# The counting of instructions: that two runs count the same, that nothing
# is missing, neither of the boot's milestones nor of the benchmarks, and
# that costs grow as chapter 3 says they do.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use List::Util qw(min);
use Test::More;

# What every kernel passes from its chapter on, where it comes in the boot.
my @milestones = ([2, 'start_kernel'], [2, 'e820__memory_setup'],
	[2, 'parse_early_param'], [4, 'dmi_setup'],
	[3, 'e820__memblock_setup'], [3, 'init_mem_mapping'],
	[3, 'reserve_initrd'], [4, 'acpi_boot_table_init'],
	[5, 'paging_init'], [2, 'setup_arch'], [5, 'mm_core_init'],
	[5, 'page_alloc_init_late'], [3, 'mark_rodata_ro'], [2, 'checkpoint']);

for my $arch (archs()) {
	milestones($_, $arch) for grep { $_ >= 2 } chapters();
}
my $chapter = min(grep { $_ >= 3 } chapters());
for my $arch ($chapter ? archs() : ()) {
	my %cost = counted($arch, mem => '64M', append => 'bench=1');
	my %again = counted($arch, mem => '64M', append => 'bench=1');
	is_deeply(\%again, \%cost, "$arch: a second run counts the same");
	for my $list (qw(add reserve)) {
		check_insertions($arch, $list, \%cost);
	}
	within($arch, 'cleaning, 32 times the entries', 32, 32 * 32 / 2,
		$cost{"clean-$_"}{128} / $cost{"clean-$_"}{4})
		for qw(in-order at-random);
	within($arch, 'a search past ten times the gaps', 8, 12,
		$cost{alloc}{10000} / $cost{alloc}{1000});
	check_mapping($arch, $cost{map}{64}) if $arch eq 'x86_64';
}
for my $arch (archs()) {
	check_start($_, $arch) for grep { $_ >= 5 } chapters();
}
done_testing();

# In the order of the boot, later from one to the next, and the same twice;
# none where the CPU does not count.
sub milestones {
	my ($chapter, $arch) = @_;
	my $what = "kernel $chapter, $arch, milestones";
	my @found = passed($chapter, $arch);
	is_deeply([map { $_->{name} } @found], [map { $_->[1] }
		grep { $_->[0] <= $chapter } @milestones], "$what: all, in order");
	my $sum = 0;
	my @bad = grep { $sum += $_->{cost}; $_->{count} != $sum
		|| ($_->{cost} <= 0) != ($_ == $found[0]) } @found;
	is("@{[map { $_->{name} } @bad]}", '',
		"$what: each after the first costs something");
	is_deeply([passed($chapter, $arch)], \@found, "$what: again the same");
	my $cpu = $arch eq 'i386' ? 'qemu32' : 'qemu64';
	is_deeply([passed($chapter, $arch, cpu => "$cpu,-tsc")], [],
		"$what: none without the counter");
	my ($dmi) = grep { $_->{name} eq 'dmi_setup' } @found;
	# 64 KiB in steps of 16 bytes are searched twice.
	within($arch, 'a look at a place for an anchor', 1, 100,
		$dmi->{cost} / (2 * 65536 / 16)) if $dmi;
}

sub passed {
	my ($chapter, $arch, %o) = @_;
	my $boot = boot(chapter => $chapter, arch => $arch, icount => 1, %o);
	is($boot->{status}, 0, "kernel $chapter, $arch: boots")
		or Boot::show($boot, 'a good end');
	return grep { $_->{t} eq 'milestone' } @{$boot->{record}};
}

# A reference to {what}{n}: instructions.
sub counted {
	my ($arch, %o) = @_;
	my $boot = boot(chapter => $chapter, arch => $arch, icount => 1, %o);
	is($boot->{status}, 0, "$arch, $o{mem}, $o{append}: boots")
		or Boot::show($boot, 'a good end');
	my %cost;
	for (grep { $_->{t} =~ /^bench-/ } @{$boot->{record}}) {
		$cost{$_->{what}}{$_->{n}} = $_->{cost};
	}
	return %cost;
}

sub within {
	my ($arch, $what, $least, $most, $found) = @_;
	ok($least <= $found && $found <= $most, "$arch: $what")
		or diag("wanted $least to $most, got $found");
}

# Upwards hardly more than in proportion; otherwise the square.
sub check_insertions {
	my ($arch, $list, $cost) = @_;
	my %grows = map { ($_ => $cost->{"$list-$_"}{10000}
		/ $cost->{"$list-$_"}{1000}) } qw(up down scattered);
	within($arch, "$list, upwards", 10, 20, $grows{up});
	within($arch, "$list, $_", 60, 110, $grows{$_}) for qw(down scattered);
}

# From start_kernel() to the end of mm_core_init(), with 2 GiB.
sub check_start {
	my ($chapter, $arch) = @_;
	my %step = map { $_->{name} => $_ } passed($chapter, $arch, mem => '2G');
	within("kernel $chapter, $arch", 'the start, with mm_core_init()', 1e6,
		$arch eq 'i386' ? 13e6 : 3e6, $step{mm_core_init}{count});
	check_struct_pages($arch, \%step) if $chapter == 5;
}

# What a struct page costs, at the start or put off.
sub check_struct_pages {
	my ($arch, $step) = @_;
	my $pages = (2 << 30) / 4096;
	my ($early, $late) = ($step->{paging_init}{cost},
		$step->{page_alloc_init_late}{cost});
	within($arch, 'a struct page', 8, 14, ($early + $late) / $pages);
	within($arch, 'most of it is put off', 4 * $early, 10 * $early, $late)
		if $arch eq 'x86_64';
}

# A thousand times the memory, by pages of 1 GiB and of 2 MiB.
sub check_mapping {
	my ($arch, $small) = @_;
	my %by = map { my $cpu = $_; my %cost = counted($arch, mem => '64G',
		cpu => $cpu, append => 'bench=map'); ($cpu => $cost{map}{65536}) }
		qw(max qemu64);
	within($arch, '64 GiB by 1 GiB', 1, 3, $by{max} / $small);
	within($arch, '64 GiB by 2 MiB', 10, 100, $by{qemu64} / $small);
}
