#!/usr/bin/perl
# 3072 bytes too many: the size of memory is the sum of its regions.
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
	for my $mem (qw(64M 300M)) {
		my $log = boot(chapter => 3, arch => $arch, mem => $mem,
			input => 'memblock')->{log};
		my ($told) = $log =~ /.*^ memory size = (0x[0-9a-f]+)/ms;
		my ($dump) = $log =~ /.*^MEMBLOCK configuration:\n(.*)/ms;
		my $sum = 0;
		$sum += hex for ($dump // '') =~
			/^ memory\[.*\], (0x[0-9a-f]+) bytes/mg;
		is(hex($told // 0), $sum, "$arch, $mem: size and sum agree");
	}
}
done_testing();
