#!/usr/bin/perl
# Which way opened it? Where A20 is shut, it was shut by a boot sector that
# comes before the kernel's.
# Needs: x86_64
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(2, 'x86_64');
opened('as the machine comes', 'A20: open already', boot(chapter => 2));
opened('shut', 'A20: opened by the BIOS', hooked(2, 'x86_64', 13));
opened('shut, and the BIOS will not open it',
	'A20: opened by the keyboard controller', hooked(2, 'x86_64', 14));

my $disk = without('a20_by_8042');
opened('without a20_by_8042', 'A20: opened by port 0x92',
	hooked(2, 'x86_64', 14, $disk));
$disk = without('a20_by_8042', 'a20_by_port_92');
my $boot = hooked(2, 'x86_64', 14, $disk);
is($boot->{status}, 1, 'without all ways: the bad status');
shows($boot->{log}, qr/^The A20 line stays closed: no method opens it\.\n\z/m,
	'without all ways: the sentence is the last line');
done_testing();

sub opened {
	my ($how, $line, $boot) = @_;
	lines_are(join('', $boot->{log} =~ /^(A20: .*\n)/mg), [$line], $how);
}

# A disk with the reader's kernel, from whose a20.asm these calls have been
# taken out.
sub without {
	my (@calls) = @_;
	my ($tree, $out) = map { "$tmp/$_" . @calls } qw(tree out);
	quiet_run('cp', '-a', tree(2), $tree);
	quiet_run('cp', '-a', built(2, 'x86_64'), $out);
	my $asm = slurp("$tree/arch/x86/boot/a20.asm");
	for (@calls) {
		ok($asm =~ s/^\s*call\s+$_\b.*\n//mg, "a20.asm calls $_");
	}
	spill($asm, "$tree/arch/x86/boot/a20.asm");
	my ($status, $text) = quiet_run('make', '-C', $tree, "O=$out",
		'ARCH=x86_64', 'CMDLINE=checkpoint=exit');
	is($status, 0, "it builds without @calls") or diag($text);
	return "$out/disk.img";
}
