#!/usr/bin/perl
# A kernel of how many sectors? Those of the boot sector, then those of
# load_kernel() without the trailer.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @answer = answer();
is(scalar @answer, 2, "two numbers: ANSWER='<boot sector> <load_kernel>'");
my $image = slurp(image(2, 'x86_64'));
my ($setup, $paragraphs) = unpack 'x497 C x2 V', $image;
my $kernel = int((16 * $paragraphs + 511) / 512);
is(1 + $setup + $kernel, length($image) / 512, 'the image is as it should be');
# Not by is(): it would print the numbers that are to be found.
ok(($answer[0] // '') eq $setup, 'what the boot sector reads');
ok(($answer[1] // '') eq $kernel, 'what load_kernel reads');
done_testing();
