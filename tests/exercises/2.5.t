#!/usr/bin/perl
# Poke: a command that writes.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my $addr = '0xffff888000500000';
still_passes(2, 'x86_64');
my $log = boot(chapter => 2, input => "poke $addr 0 l;poke $addr 0x4f21 w;"
	. "peek $addr 4 b;poke $addr 0x61 b;peek $addr 4 b;help")->{log};
is(join('', $log =~ /^ffff888000500000: ((?:[0-9a-f]{2} ){4})/mg),
	'21 4f 00 00 61 4f 00 00 ', 'a word, then a byte');
shows($log, qr/^  peek .*\n(?:  p.*\n)*?  poke .*\n(?:  p.*\n)*  reboot/m,
	'help lists it between peek and reboot');
done_testing();
