#!/usr/bin/perl
# The counting of instructions: that two runs count the same, that nothing
# is missing, and that costs grow as chapter 3 says they do.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use List::Util qw(min);
use Test::More;

my $chapter = min(grep { $_ >= 3 } chapters());
plan skip_all => 'no kernel has a memblock yet' unless $chapter;

for my $arch (archs()) {
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
done_testing();

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

# A thousand times the memory, by pages of 1 GiB and of 2 MiB.
sub check_mapping {
	my ($arch, $small) = @_;
	my %by = map { my $cpu = $_; my %cost = counted($arch, mem => '64G',
		cpu => $cpu, append => 'bench=map'); ($cpu => $cost{map}{65536}) }
		qw(max qemu64);
	within($arch, '64 GiB by 1 GiB', 1, 3, $by{max} / $small);
	within($arch, '64 GiB by 2 MiB', 10, 100, $by{qemu64} / $small);
}
