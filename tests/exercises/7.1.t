#!/usr/bin/perl
# Seven hundred bytes: size, order, objects, link.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 4, "four numbers: ANSWER='S O N L'");
my $boot = boot(chapter => 7, arch => 'x86_64',
	input => 'cache create seven 700;cache seven');
my @true = $boot->{log} =~ /^seven: .* every (\d+); link at (\d+)\r?\n  slabs of order (\d+) with (\d+) objects/m;
@true = @true[0, 2, 3, 1];
for ('from one to the next', 'the order', 'objects in a slab', 'the link') {
	my ($true, $told) = (shift @true, shift @answer // 'nothing');
	# Not by is(): it would print the number that is to be found.
	ok($told eq $true, "$_: as computed ($told)");
}
done_testing();
