#!/usr/bin/perl
# Fewer calls: the initrd comes whole, in less than 100 calls.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(2, 'x86_64');
for (['disk', 1048576], ['floppy', 524288]) {
	my ($via, $size) = @$_;
	my $bytes = "y\n" x ($size / 2);
	my $boot = boot(chapter => 2, via => $via, initrd => spill($bytes));
	my ($initrd) = grep { $_->{t} eq 'initrd' } @{$boot->{record}};
	is($initrd->{size}, $size, "$via: the initrd's size");
	is($initrd->{sum}, unpack('%32C*', $bytes), "$via: its sum");
	my ($calls) = $boot->{log} =~ /^INT 0x13: (\d+) calls$/m;
	ok($calls, "$via: INT 0x13: N calls");
	ok(($calls // 100) < 100, "$via: N below 100")
		if $via eq 'disk';
}
done_testing();
