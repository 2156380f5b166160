#!/usr/bin/perl
# Is this the same machine? The kernel's checksum of the firmware's map
# beside one that is computed from the record.
# Needs: x86_64 i386
use strict;
use warnings;
no warnings 'portable';
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(3, 'x86_64');
my $plain = sum_of('x86_64', 'pc', '128M');
is(sum_of('x86_64', 'pc', '128M', 'mem=64M'), $plain,
	'mem= does not change it');
isnt(sum_of('x86_64', 'q35', '128M'), $plain, 'another board does');
isnt(sum_of('x86_64', 'pc', '256M'), $plain, 'another size does');
sum_of('i386', 'pc', '128M');
done_testing();

sub sum_of {
	my ($arch, $machine, $mem, $append) = @_;
	my $boot = boot(chapter => 3, arch => $arch, machine => $machine,
		mem => $mem, append => $append // '');
	my ($line) = $boot->{log} =~
		/^e820: CRC-32 of the firmware's map: (\S+)$/m;
	my $map = join '', map { pack 'Q< Q< V', hex $_->{addr}, hex $_->{size},
		$_->{type} } grep { $_->{t} eq 'e820_firmware' } @{$boot->{record}};
	is($line, sprintf('0x%08x', crc32($map)),
		"$arch, $machine, $mem" . ($append ? ", $append" : ''));
	return $line // '';
}

sub crc32 {
	my ($crc) = 0xffffffff;
	for my $byte (unpack 'C*', $_[0]) {
		$crc ^= $byte;
		$crc = $crc & 1 ? $crc >> 1 ^ 0xedb88320 : $crc >> 1 for 1 .. 8;
	}
	return $crc ^ 0xffffffff;
}
