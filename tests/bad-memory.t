#!/usr/bin/perl
# Machines with too little memory. The kernel must say how much it needs,
# and what it says must be true: that much is enough, and a MiB less is
# not.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my $CHAPTER = 2;
my %sizes = (i386 => [1, 2, 4], x86_64 => [2, 8, 16]);

for my $arch (archs()) {
	for my $via (qw(disk kernel)) {
		my $needed;
		for my $mem (@{$sizes{$arch}}) {
			$needed = too_little($arch, $via, $mem) // $needed;
		}
		$needed ? smallest($arch, $via, $needed)
			: fail("$arch, $via: nobody says how much is needed");
	}
	on_screen($arch);
}
done_testing();

sub too_little {
	my ($arch, $via, $mem) = @_;
	my $what = "$arch, $via, $mem MiB";
	my $boot = boot(chapter => $CHAPTER, arch => $arch, via => $via,
		mem => "${mem}M");
	is($boot->{status}, 1, "$what: fails")
		or Boot::show($boot, 'an honest failure');
	my $found = said($boot, qr/^Not enough memory: .*needs RAM up to (\d+) MiB/m,
		"$what: says how much it needs");
	return $found ? $1 // ($boot->{log} =~ /up to (\d+) MiB/)[0] : undef;
}

# SeaBIOS keeps 128 KiB at the top: a size that is a MiB more than the
# sentence says may be the smallest that QEMU can give.
sub smallest {
	my ($arch, $via, $needed) = @_;
	my $boot = boot(chapter => $CHAPTER, arch => $arch, via => $via,
		mem => $needed . 'M');
	my $top = hex(($boot->{log} =~ /^BIOS-e820: \[mem 0x0*100000-0x(\w+)\] usable/m)[0] // 0) + 1;
	if ($boot->{status} == 1 && $top < $needed << 20) {
		said($boot, "needs RAM up to $needed MiB",
			"$arch, $via, $needed MiB less the BIOS's: says so");
		$boot = boot(chapter => $CHAPTER, arch => $arch, via => $via,
			mem => $needed + 1 . 'M');
	}
	is($boot->{status}, 0, "$arch, $via: what it asks for is enough")
		or Boot::show($boot, 'a good end');
	$boot = boot(chapter => $CHAPTER, arch => $arch, via => $via,
		mem => $needed - 1 . 'M');
	is($boot->{status}, 1, "$arch, $via: a MiB less is not");
}

sub on_screen {
	my ($arch) = @_;
	for my $via (qw(disk kernel)) {
		my $machine = session(chapter => $CHAPTER, arch => $arch,
			mem => $sizes{$arch}[1] . 'M', $via eq 'disk'
			? (disk => make_disk($CHAPTER, $arch)) : ());
		my $sentence = qr/^Not enough memory: .*needs RAM up to \d+ MiB/m;
		like($machine->screen($sentence), $sentence,
			"$arch, $via: too little memory, on the screen");
		$machine->finish('stop');
	}
}
