#!/usr/bin/perl
# Larger pages: 1 GiB where the CPU has them.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(2, 'x86_64');
walk('qemu64', 'PGD PUD PMD', 2048);
walk('max', 'PGD PUD', 1048576);
done_testing();

sub walk {
	my ($cpu, $levels, $size) = @_;
	my $log = boot(chapter => 2, cpu => $cpu,
		input => 'pagewalk 0xffff888001000000')->{log};
	is(join(' ', $log =~ /^(P\w\w)\[/mg), $levels, "$cpu: the levels");
	shows($log, qr/^ffff888001000000 is at .* a page of $size KiB$/m,
		"$cpu: a page of $size KiB");
	is(boot(chapter => 2, cpu => $cpu,
		append => 'kunit.enable=1')->{status}, 0,
		"$cpu: the self-tests pass");
}
