#!/usr/bin/perl
# Put off on i386, too: struct pages of high memory.
# Needs: i386 x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my $LINE = 'node 0 deferred pages initialised';

still_passes(5, $_) for archs();
my $boot = boot(chapter => 5, arch => 'i386', mem => '3G', icount => 1);
my %cost = map { $_->{name} => $_->{cost} }
	grep { $_->{t} eq 'milestone' } @{$boot->{record}};
ok(($cost{paging_init} // 1e9) < 4_400_000,
	'3 GiB: half of the start has gone');
ok(($cost{page_alloc_init_late} // 0) > 4_000_000, '3 GiB: to the end');
said($boot, $LINE, '3 GiB: and it is said');
$boot = boot(chapter => 5, arch => 'i386', mem => '3G',
	append => 'kunit.enable=1');
is($boot->{status}, 0, '3 GiB: the self-tests pass')
	or Boot::show($boot, 'a good end');
said($boot, 'On node 0, zone HighMem: 32 pages in unavailable ranges',
	'3 GiB: the hole at the end is where it was');
$boot = boot(chapter => 5, arch => 'i386', mem => '3G', input =>
	'page 0xbffdf;page 0xbffe0');
my @said = answers($boot);
like($said[0], qr/flags 0x80000000: \(node 0, zone HighMem\)\n  refcount 1/,
	'3 GiB: the last page is described');
like($said[1], qr/ reserved .*zone HighMem/, '3 GiB: the tables behind it too');
for ('512M', '896M') {
	my $small = boot(chapter => 5, arch => 'i386', mem => $_,
		append => 'kunit.enable=1');
	is($small->{status}, 0, "$_: the self-tests pass");
	unlike($small->{log}, qr/$LINE/, "$_: nothing is put off");
}
done_testing();
