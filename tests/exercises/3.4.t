#!/usr/bin/perl
# What is free: the ranges that memory has and reserved has not.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

# From the record, in another way than the kernel's: page by page would be
# slow, so each free range is cut by each reservation.
sub free_ranges {
	my ($boot) = @_;
	my %list = (memory => [], reserved => []);
	push @{$list{$_->{type}}}, [hex $_->{base},
		hex($_->{base}) + hex $_->{size}]
		for grep { $_->{t} eq 'memblock' } @{$boot->{record}};
	my @free = @{$list{memory}};
	for my $r (@{$list{reserved}}) {
		@free = map {
			my ($from, $to) = @$_;
			$r->[1] <= $from || $to <= $r->[0] ? $_ :
				grep { $_->[0] < $_->[1] }
				[$from, $r->[0]], [$r->[1], $to];
		} @free;
	}
	return @free;
}

for my $arch (archs()) {
	my $d = $arch eq 'i386' ? 8 : 16;
	still_passes(3, $arch);
	for my $machine (qw(pc q35)) {
		my $boot = boot(chapter => 3, arch => $arch,
			machine => $machine, input => 'memblock free');
		my $sum = 0;
		my $wanted = '';
		for (free_ranges($boot)) {
			my ($from, $to) = @$_;
			$wanted .= sprintf "free [0x%0${d}x-0x%0${d}x], " .
				"0x%0${d}x bytes\n", $from, $to - 1,
				$to - $from;
			$sum += $to - $from;
		}
		$wanted .= sprintf "free size = 0x%0${d}x\n", $sum;
		my $got = join '', map { "$_\n" }
			$boot->{log} =~ /^(free (?:\[|size).*)$/mg;
		is($got, $wanted, "$arch, $machine: every free range");
	}
	shows(boot(chapter => 3, arch => $arch,
		input => 'memblock')->{log}, qr/^ reserved\[0x0\]\t/m,
		"$arch: memblock alone prints the lists");
}
done_testing();
