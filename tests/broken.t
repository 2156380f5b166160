#!/usr/bin/perl
# Kernels broken on purpose: the test files must catch them. All of those in
# tests/broken in the long form (CHECK_ALL=1); else two, others every day.
# SEED= repeats a choice; tools/mutants NAME tries one alone. That the lines
# of each stand in some kernel's tree is seen always.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Mutants qw(mutants);
use Test::More;

use constant { SHORT => 2, DAY => 24 * 60 * 60 };

my @names = map { $_->{name} } grep { my $m = $_;
	!$m->{arch} || grep { $_ eq $m->{arch} } archs() }
	mutants("$root/tests/broken");
my $first = SHORT * ($ENV{SEED} // int(time / DAY));
@names = map { $names[($first + $_) % @names] } 0 .. SHORT - 1
	unless $ENV{CHECK_ALL};
for my $m (mutants("$root/tests/broken")) {
	ok(scalar(grep { index(slurp(tree($_) . "/$m->{file}"), $m->{old}) >= 0 }
		chapters()), "$m->{name}: its lines are there");
}
for my $name (@names) {
	my ($status, $text) = quiet_run("$root/tools/mutants", $name);
	my ($says) = $text =~ /^ok (\Q$name\E: .*)$/m;
	ok($status == 0 && $says, $says // "$name: is caught") or diag($text);
}
done_testing();
