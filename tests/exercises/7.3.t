#!/usr/bin/perl
# The price of being watched: kmalloc-192 on both architectures.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 2, "two numbers: ANSWER='N M'");
for my $arch ('x86_64', 'i386') {
	my $boot = boot(chapter => 7, arch => $arch, append => 'slab_debug=FZPU',
		input => 'cache kmalloc-192');
	my ($true) = $boot->{log} =~ /^kmalloc-192: .* every (\d+);/m;
	my $told = shift @answer // 'nothing';
	ok($told eq $true, "$arch: as computed ($told)");
}
done_testing();
