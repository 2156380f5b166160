#!/usr/bin/perl
# tools/compare: a real Linux's lines beside ours. A log like those that
# readers have is made of Linux's lines in tests/linux; Debian's kernel is
# loaded and booted in the long form only, and that is skipped where it
# cannot be had.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

sub compare {
	my ($status, $said) = quiet_run("$root/tools/compare", @_);
	return ($status, $said);
}

# Sections are told by their titles; their numbers may change.
sub own_log {
	my ($arch, $stamp) = @_;
	my $linux = slurp("$root/tests/linux/$arch-pc-512M.txt");
	my $lines = () = $linux =~ /^(?:BIOS-e820|last_pfn|ACPI: \w{4} 0x|memblock_add|Zone ranges|  \w+ +\[mem|Initmem|Memory:)/mg;
	my ($status, $said) = compare('--log',
		spill($linux =~ s/^/$stamp/mgr . "${stamp}usb 1-1: new device\r\n"));
	is($status, 0, "$arch: a log of the reader's") or diag($said);
	my ($title, %under);
	for (split /\n/, $said) {
		$title = $1 if /^[\dA-Z]+\.\d+ (.*)  \(\S+\)$/;
		push @{$under{$title}}, $1 if /^    (.*)/;
	}
	my @shown = map { @$_ } values %under;
	cmp_ok(scalar @shown, '>=', $lines, "$arch: the lines are shown");
	ok(!(grep { /usb/ || /^\[ *0\./ } @shown), "$arch: and no other, without stamps");
	my %want = ('The map, in C' => 'BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable',
		memblock => 'memblock_add: [', Zones => 'Initmem setup node 0');
	for my $section (sort keys %want) {
		ok((grep { index($_, $want{$section}) == 0 } @{$under{$section}}),
			"$arch: $want{$section}... is told in '$section'");
	}
	my ($i) = grep { $shown[$_] eq 'Zone ranges:' } 0 .. $#shown;
	like($shown[$i + 1], qr/^  DMA +\[mem 0x/, "$arch: a line that goes on stays with its first");
}

sub no_log {
	my ($status, $said) = compare('--log', spill("hello\nworld\n"));
	isnt($status, 0, 'a log without memory');
	like($said, qr/^tools\/compare: not a line of it is of memory/m, '  is told');
	($status, $said) = compare('--log', "$tmp/none");
	like($said, qr/^tools\/compare: \S+: No such file/m, 'a log that there is not');
}

sub beside {
	my ($arch) = @_;
	my ($status, $said) = compare('--arch', $arch, '--mem', '512M');
	SKIP: {
		skip(($said =~ /^tools\/compare: (.*)/m)[0], 3) if $status == 77;
		is($status, 0, "$arch: Debian's Linux and ours") or diag($said);
		my ($same) = $said =~ /^(\d+) lines are the same, \d+ differ\.$/m;
		cmp_ok($same // 0, '>=', 40, "$arch: most lines are the same");
		like($said, qr/^  - Memory: .*\n  \+ Memory: /m, "$arch: and some differ");
	}
}

own_log('x86_64', '[    0.004711] ');
own_log('i386', 'Nov 29 06:00:00 desk kernel: ');
no_log();
if (long_form()) {
	beside($_) for archs();
}
done_testing();
