#!/usr/bin/perl
# Whose address is this? page takes a virtual address.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my %at = (
	x86_64 => [qw(0xffff888001000123 0xffffffff81000123 0xffff8880000fffff)],
	i386 => [qw(0xc1000123 0xc1000fff 0xc00fffff)],
);
my %away = (x86_64 => '0xffff8880f0000000', i386 => '0xf7fff000');

for my $arch (archs()) {
	still_passes(5, $arch);
	my $boot = boot(chapter => 5, arch => $arch, input => join ';',
		(map { "page virt:$_" } @{$at{$arch}}, $away{$arch}),
		'page 0x1000', 'page');
	my @said = answers($boot);
	like($said[$_], qr/^page 0x1000: struct page at .*\n  flags /,
		"$arch: $at{$arch}[$_] is in page 0x1000") for 0, 1;
	like($said[2], qr/^page 0xff: struct page at /,
		"$arch: $at{$arch}[2] is in page 0xff");
	my $address = $away{$arch} =~ s/^0x//r;
	is($said[3], "page: $address is not mapped\n",
		"$arch: an address without a page is told");
	is($said[4], $said[0], "$arch: a number is a number still")
		unless !defined $said[4];
	like($said[5], qr/usage|page /, "$arch: without a word there is usage");
}
done_testing();
