#!/usr/bin/perl
# See a test fail: with an assertion, the case ends where it fails.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my $boot = boot(chapter => 2,
	append => 'kunit.enable=1 kunit.filter_glob=pagewalk');
is($boot->{status}, 1, 'the kernel leaves with the bad status');
is(scalar(() = $boot->{log} =~ /EXPECTATION FAILED/g), 0,
	'no expectation fails …');
is(scalar(() = $boot->{log} =~
	/# pagewalk_agrees_with_pa: ASSERTION FAILED/g), 1,
	'… but one assertion, in pagewalk_agrees_with_pa');
shows($boot->{log}, qr/^ +not ok 1 pagewalk_agrees_with_pa$/m,
	'not ok 1 pagewalk_agrees_with_pa');
is(scalar(() = $boot->{log} =~ /^ +ok \d+ pagewalk_/mg), 3,
	'three cases pass');
shows($boot->{log}, qr/^not ok 1 pagewalk$/m, 'not ok 1 pagewalk');
done_testing();
