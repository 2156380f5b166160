#!/usr/bin/perl
# Memory that keeps its name: reserve_mem=.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(3, $arch);
	my $long = 'abcdefghijklmnop';
	my $boot = boot(chapter => 3, arch => $arch, append =>
		'reserve_mem=2M:4096:trace reserve_mem=64K:1M:oops ' .
		"reserve_mem=4K:4K:trace reserve_mem=1K:16:$long " .
		'reserve_mem=0:16:none reserve_mem=8G:4K:big ' .
		'reserve_mem=4K:3:odd reserve_mem=4K:4K:',
		input => 'reserve_mem trace;reserve_mem oops;' .
			'reserve_mem big;reserve_mem none');
	my $log = $boot->{log};
	my $n = qr/0x[0-9a-f]{8,16}/;
	my ($from, $to) = $log =~ /^trace: \[($n)-($n)\]$/m;
	is(hex($to // 0) - hex($from // 0), (2 << 20) - 1,
		"$arch: 2 MiB for the first name");
	my ($low, $high) = $log =~ /^oops: \[($n)-($n)\]$/m;
	is(hex($high // 0) - hex($low // 0), (64 << 10) - 1,
		"$arch: 64 KiB for the second");
	ok(defined $low && hex($low) % (1 << 20) == 0,
		"$arch: aligned as was asked");
	for ([$from, $to], [$low, $high]) {
		my ($start, $end) = map { hex($_ // 0) } @$_;
		ok(scalar(grep { $_->{t} eq 'memblock' &&
			$_->{type} eq 'reserved' && $_->{flags} & 0x20 &&
			hex($_->{base}) <= $start && $end <
			hex($_->{base}) + hex $_->{size} }
			@{$boot->{record}}), "$arch: reserved for the kernel");
	}
	shows($log, qr/^reserve_mem: \Q$_\E:/m, "$arch: $_ is refused")
		for 'trace', $long, 'none', 'big', 'odd', '';
	shows($log, qr/^$_: not reserved$/m, "$arch: $_ is not known")
		for qw(big none);
}
done_testing();
