#!/usr/bin/perl
# Who started me? The number that the loader left.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(2, 'x86_64');
for (['disk', '0xff'], ['kernel', '0xb0'], ['grub', '0x72']) {
	my ($via, $number) = @$_;
	my $boot = boot(chapter => 2, via => $via);
	my ($lines) = $boot->{log} =~ /^(Loader: .*\nCommand line)/m;
	is($lines, "Loader: $number\nCommand line", "by $via, the first line");
}
done_testing();
