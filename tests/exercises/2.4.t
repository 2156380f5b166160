#!/usr/bin/perl
# As little identity as possible: 2 MiB at 16 MiB, and it stays.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(2, 'x86_64');
my $log = boot(chapter => 2, input => join ';', map { "pagewalk $_" }
	qw(0x1000000 0x1200000 0 0xffff888000001000))->{log};
shows($log, qr/^0{9}1000000 is at .* a page of 2048 KiB$/m,
	'0x1000000: a page of 2048 KiB');
shows($log, qr/^0{9}1200000 is not mapped: this PMD is not present$/m,
	'0x1200000: this PMD is not present');
shows($log, qr/^0{16} is not mapped: this PMD is not present$/m,
	'0: this PMD is not present');
shows($log, qr/^ffff888000001000 is at physical 0x1000,/m,
	'0xffff888000001000: the direct map has it');
done_testing();
