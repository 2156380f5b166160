#!/usr/bin/perl
# What the user prefers: min_free_kbytes= on the command line.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	my ($mem, $computed) = $arch eq 'i386' ? ('2G', 3830) : ('6G', 10032);
	still_passes(5, $arch);
	my $is = sub {
		my ($value) = @_;
		my $boot = boot(chapter => 5, arch => $arch, mem => $mem,
			append => "min_free_kbytes=$value",
			input => 'cat /proc/sys/vm/min_free_kbytes');
		return ($boot, (answers($boot))[0]);
	};
	my ($boot, $kbytes) = $is->(20000);
	is($kbytes, "20000\n", "$arch: the user's number is taken");
	said($boot, "min_free_kbytes is not updated to $computed because user "
		. "defined value 20000 is preferred\n", "$arch: and told");
	my ($normal) = grep { $_->{t} eq 'zone' && $_->{name} eq 'Normal' }
		@{$boot->{record}};
	is($normal->{min}, 2500, "$arch: zone Normal has its share")
		if $arch eq 'x86_64';
	($boot, $kbytes) = $is->(5);
	is($kbytes, "$computed\n", "$arch: a small number changes nothing");
	unlike($boot->{log}, qr/is preferred/, "$arch: and is not told");
	($boot, $kbytes) = $is->('many');
	is($kbytes, "$computed\n", "$arch: a word changes nothing");
	said($boot, "Malformed early option 'min_free_kbytes'",
		"$arch: and is called malformed");
}
done_testing();
