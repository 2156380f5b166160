#!/usr/bin/perl
# Only this one: failures of one cache.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

my @input = ('kmalloc 100 GFP_ATOMIC', 'kmalloc 60 GFP_ATOMIC', 'kmalloc 100');
for my $arch (archs()) {
	still_passes(7, $arch);
	my $all = 'failslab=1,100,0,-1';
	my $log = log_of($arch, "$all failslab_cache=kmalloc-128");
	shows($log, qr/^kmalloc\(100\): NULL$/m, "$arch: of kmalloc-128 none can be had");
	shows($log, qr/^#1: \w+, of kmalloc-64/m, "$arch: of kmalloc-64 one can");
	shows($log, qr/^#2: \w+, of kmalloc-128/m, "$arch: and who can wait gets one");
	$log = log_of($arch, $all);
	shows($log, qr/^kmalloc\(100\): NULL$(?s:.*)^kmalloc\(60\): NULL$/m, "$arch: without a name both fail");
	my $long = 'x' x 40;
	$log = log_of($arch, "failslab_cache=$long");
	shows($log, qr/^.*failslab_cache.*$(?s:.*)^SLUB:/m, "$arch: a long name is refused");
	shows($log, qr/^#1: \w+, of kmalloc-128/m, "$arch: and nothing fails");
}
done_testing();

sub log_of {
	my ($arch, $append) = @_;
	my $log = boot(chapter => 7, arch => $arch, append => $append,
		input => join ';', @input)->{log} =~ s/\r//gr;
	return $log =~ s/^(?:Kernel c|C)ommand line: .*\n//mgr;
}
