#!/usr/bin/perl
# Who maps it: from a physical address to the virtual ones.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my %wanted = (
	x86_64 => {
		'0x1000000' => "ffff888001000000 r--\nffffffff81000000 r-x\n",
		'0xb8123' => "ffff8880000b8123 rw-\n",
		'0x7000ff0' => "ffff888007000ff0 rw-\n",
	},
	i386 => {
		'0x1000000' => "c1000000 r-x\n",
		'0xb8123' => "c00b8123 rwx\n",
		'0x7000ff0' => "c7000ff0 rwx\n",
	},
);
for my $arch (qw(x86_64 i386)) {
	my $w = $wanted{$arch};
	$w->{0} = "nobody maps 0x0\n";
	$w->{'0xc0000000'} = "nobody maps 0xc0000000\n";
	still_passes(3, $arch);
	my @asked = sort keys %$w;
	my $log = boot(chapter => 3, arch => $arch,
		input => join ';', map { "whomaps $_" } @asked)->{log};
	for (@asked) {
		my ($got) = $log =~ /^monitor> whomaps $_\n(.*?)^monitor> /ms;
		is($got, $w->{$_}, "$arch: whomaps $_");
	}
}
done_testing();
