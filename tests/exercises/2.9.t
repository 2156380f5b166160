#!/usr/bin/perl
# All of the tables: two ranges.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(2, 'x86_64');
my $log = boot(chapter => 2, input => 'ptdump')->{log};
my ($text) = $log =~ /^monitor> ptdump\n(.*?)^monitor> /ms;
my @lines = split /\n/, $text // '';
is(scalar @lines, 2, 'two lines');
like($lines[0] // '', qr/^ffff888000000000-ffff8880ffffffff\b.*\bNX\b/,
	'the direct map, with NX');
like($lines[1] // '', qr/^ffffffff81000000-ffffffff81[0-9a-f]+\b(?!.*NX)/,
	'the kernel, without');
done_testing();
