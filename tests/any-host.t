#!/usr/bin/perl
# Our tools on other hosts than this: a package that cannot be had is told
# from a tool that fails, a missing package is named, and tools/check-bare
# sees what was skipped needlessly.
use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use FindBin;
use Test::More;

my $root = abs_path("$FindBin::Bin/..");
my $tmp = tempdir(CLEANUP => 1);

# A command of this name that does no more than this.
sub fake {
	my ($name, $script) = @_;
	mkdir "$tmp/bin";
	put("bin/$name", "#!/bin/sh\n$script\n");
	chmod 0755, "$tmp/bin/$name";
}

sub put {
	my ($name, $text) = @_;
	open my $file, '>', "$tmp/$name" or die "$tmp/$name: $!\n";
	print $file $text;
	close $file or die "$tmp/$name: $!\n";
}

sub answers {
	my ($command, $status, $text, $what) = @_;
	my $out = `$command 2>&1`;
	is($? >> 8, $status, $what) or diag($out);
	like($out, $text, "$what: it says so");
}

for ([native => 'this host( runs them itself| cannot run i386 programs)'],
     [qemu => 'qemu-i386 runs them']) {
	local $ENV{RUN_I386} = $_->[0];
	answers("$root/tools/setup --doctor", 0, qr/^i386 programs: .*$_->[1]/m,
		"the doctor of $_->[0] i386 programs");
}

delete $ENV{INSTALL};
my $upstream = "PATH=$tmp/bin:\$PATH UPSTREAM_STORE=$tmp/store " .
	"$root/tools/check-upstream";
fake('apt-get', 'echo "E: Unable to locate package" >&2; exit 100');
answers($upstream, 77, qr/^check-upstream: linux-source-\S+ cannot be had: E: Unable to locate package$/m,
	'a package that cannot be had');
answers("INSTALL=no $upstream", 77,
	qr/^check-upstream: INSTALL=no: linux-source-\S+ is not loaded$/m,
	'a package that must not be loaded');
fake('apt-get', ': >package.deb');
fake('dpkg-deb', 'exit 0');
fake('tar', 'echo "tar: xz: Cannot exec" >&2; exit 2');
answers($upstream, 1, qr/^check-upstream: linux-source-\S+ does not unpack: see \S+unpack\.log$/m,
	'a tool that fails');

my $judge = "$root/tools/check-bare --judge $tmp/log";
my $skip = "skipped: tests/upstream.t: linux-source-6.12 cannot be had: E\n";
for ([0, "12 passed, 0 failed\n", 'nothing skipped', '0 skipped'],
     [0, "${skip}12 passed, 0 failed, 1 skipped\n", 'what cannot be had',
      '1 skipped, for what cannot be had'],
     [1, "${skip}skipped: tests/b.t: not built\n12 passed, 0 failed, 2 skipped\n",
      'a needless skip', 'needlessly:\nskipped: tests/b.t: not built'],
     [1, "12 passed, 0 failed, 1 skipped\n", 'a skip without a reason',
      'no reason'],
     [1, "12 passed, 10 failed\n", 'a failure', '10 failed'],
     [1, "make: *** [Makefile:40: check] Error 1\n", 'no last line',
      'did not come to its last line']) {
	my ($status, $log, $what, $says) = @$_;
	put('log', $log);
	answers($judge, $status, qr/^check-bare: .*$says/m, $what);
}

done_testing();
