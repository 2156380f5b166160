#!/usr/bin/perl
# Who left it open? The leak check names who opened each window.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(4, $arch);
	my $log = boot(chapter => 4, arch => $arch, input =>
		'memremap 0x1000 16;memremap 0x2000 1 ro;slots check;'
		. 'memremap 0x3000 8;memremap 0x4000 4')->{log};
	my ($check) = $log =~ /^monitor> slots check\n(.*?)^monitor> /ms;
	my @lines = ($check // '') =~
		/^slot (\d: \d+ bytes, opened by \w+)\+0x[^\n]*$/mg;
	is(join('; ', @lines), '0: 16 bytes, opened by cmd_memremap; '
		. '1: 1 bytes, opened by cmd_memremap', "$arch: both owners");
	shows($check // '', qr/early ioremap leak of 2 areas.*^slot 0: .*^slot 1: /ms,
		"$arch: after the warning");
}
done_testing();
