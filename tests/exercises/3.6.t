#!/usr/bin/perl
# A secret from the loader: the seed is added up, and is gone.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;
no warnings 'portable';

my $AT = 0x71000;			# behind the zero page
my $HEAD = 16;

for my $arch (archs()) {
	my @seed = map { my $n = $_; pack 'C*', map { 1 + $_ * 7 % 255 } 1 .. $n }
		1, 32, 20480;
	my ($notes, @at) = chain([9, $seed[0]], [2, 'a device tree'],
		[9, $seed[1]], [9, ''], [9, $seed[2]]);
	my @peek = map { sprintf "peek %#x %d b", base($arch) + $_->[0],
		$_->[1] } [$at[0], 17], [$at[1] + $HEAD, 13], [$at[2], 48],
		[$at[4], 32], [$at[4] + $HEAD + 20480 - 16, 16];
	my $boot = boot(chapter => 3, arch => $arch, via => 'kernel',
		image => loader($arch, $notes), input => join ';', @peek);
	for my $seed (@seed) {
		my $says = sprintf 'setup_data: a seed of %d bytes, sum %d',
			length $seed, unpack '%32C*', $seed;
		shows($boot->{log}, qr/^$says$/m, "$arch: $says");
	}
	is(scalar(() = $boot->{log} =~ /a seed of/g), 3,
		"$arch: three seeds, and no other");
	my @seen = map { peeked($boot, $_) } @peek;
	is(substr($seen[0], 0, 8), pack('Q<', $at[1]), "$arch: next is left");
	is(substr($seen[0], 8, 4), pack('V', 9), "$arch: the type is left");
	is(substr($seen[0], 12), "\0" x 5, "$arch: no length, and no seed");
	is($seen[1], 'a device tree', "$arch: another note is left");
	is(substr($seen[2], 12), "\0" x 36, "$arch: the second seed is gone");
	is(substr($seen[3], 12), "\0" x 20, "$arch: the third one's head");
	is($seen[4], "\0" x 16, "$arch: and its end");
	still_passes(3, $arch);
}
done_testing();

sub base { return $_[0] eq 'i386' ? 0xc0000000 : -0x778000000000 }

# Notes behind one another: their bytes, and where each is.
sub chain {
	my (@notes) = @_;
	my ($bytes, $at, @at) = ('', $AT);
	while (my $note = shift @notes) {
		my ($type, $data) = @$note;
		my $padded = $data . "\xff" x (-length($data) % 16);
		push @at, $at;
		$at += $HEAD + length $padded;
		$bytes .= pack('Q< V V', @notes ? $at : 0, $type,
			length $data) . $padded;
	}
	return ($bytes, @at);
}

# The kernel, with a loader before it that leaves the notes.
sub loader {
	my ($arch, $notes) = @_;
	my $page = "\0" x 4096;
	my $map = pack '(Q< Q< V)*', 0, 0x9fc00, 1, 0x100000, 0x7ee0000, 1;
	substr($page, 0x1e8, 1) = pack 'C', 2;
	substr($page, 0x2d0, length $map) = $map;
	$page .= $notes . "\0" x (-length($notes) % 512);
	my ($status, $text) = quiet_run('nasm', '-f', 'bin',
		'-DPAGE="' . spill($page) . '"', '-DPAGE_BYTES=' . length $page,
		"-DSETUP_DATA=$AT", '-o', "$tmp/setup",
		"$root/tests/loader/protocol.asm");
	die $text if $status;
	my $image = slurp(image(3, $arch));
	my $kernel = substr $image, 512 * {sectors($image)}->{kernel};
	my $bytes = slurp("$tmp/setup");
	substr($bytes, 0x1f4, 4) = pack 'V', length($kernel) / 16;
	return spill($bytes . $kernel);
}

# The bytes that the monitor showed after this command.
sub peeked {
	my ($boot, $command) = @_;
	my ($text) = $boot->{log} =~ /^monitor> \Q$command\E\n(.*?)^monitor> /ms;
	my $bytes = '';
	for (split /\n/, $text // '') {
		my ($hex) = /^\w+:? +((?:[0-9a-f]{2} ?)+)/ or next;
		$bytes .= pack 'C*', map { hex } split ' ', $hex;
	}
	return $bytes;
}
