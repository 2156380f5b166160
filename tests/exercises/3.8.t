#!/usr/bin/perl
# An address for a device: where the gaps are, and where they are not.
# Needs: x86_64 i386
use strict;
use warnings;
no warnings 'portable';
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

still_passes(3, 'x86_64');
my @small = qw(0x100000 0x1000 0x100000 16 0x80000000 0 24 0x40000000
	0x1000);
for my $arch (qw(x86_64 i386)) {
	my $iomem = bars($arch, 'pc', \@small, '0x08000000-0x080fffff',
		'0x08100000-0x08100fff', '0x08200000-0x082fffff',
		'0x08101000-0x0810100f', 'no room for 0x80000000 bytes',
		'usage', 'usage', '0x40000000-0x7fffffff',
		'0x08102000-0x08102fff');
	apart($iomem, "$arch, pc");
	is(() = $iomem =~ /: device$/mg, 6, "$arch, pc: /proc/iomem has six");
}
my $iomem = bars('x86_64', 'q35', [('0x40000000') x 2, '0x10000000', '0x1000'],
	'0x40000000-0x7fffffff', 'no room for 0x40000000 bytes',
	'0x10000000-0x1fffffff', '0x08000000-0x08000fff');
apart($iomem, 'q35');
done_testing();

# Ask for these sizes, expect these answers; returns /proc/iomem.
sub bars {
	my ($arch, $machine, $sizes, @wanted) = @_;
	my $log = boot(chapter => 3, arch => $arch, machine => $machine,
		input => join ';', (map { "bar $_" } @$sizes),
		'cat /proc/iomem')->{log};
	my @got = $log =~ /^monitor> bar [^\n]*\n([^\n]*)$/mg;
	for my $i (0 .. $#wanted) {
		my $want = $wanted[$i] =~ /^0x/ ? "[mem $wanted[$i]]" : $wanted[$i];
		like($got[$i] // '', qr/^\Q$want\E/, "$arch, $machine: bar $sizes->[$i]");
	}
	my ($text) = $log =~ /^monitor> cat \S+\n(.*?)^monitor> /ms;
	return $text // '';
}

# No two ranges of one depth may overlap.
sub apart {
	my ($text, $what) = @_;
	my %end;
	my $bad = 0;
	while ($text =~ /^( *)(\w+)-(\w+) : /mg) {
		my ($depth, $from, $to) = (length $1, hex $2, hex $3);
		$bad++ if exists $end{$depth} && $from <= $end{$depth};
		$end{$depth} = $to;
	}
	ok($text && !$bad, "$what: no two ranges overlap");
}
