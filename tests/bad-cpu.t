#!/usr/bin/perl
# CPUs that cannot run the kernel, and some that look as if they could
# not. Each must get one sentence, on the serial line and on the screen,
# and a failing exit status.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my $CHAPTER = 2;

# arch, CPU, what it lacks
my @bad = (
	[x86_64 => 'qemu32', 'long mode (64 bits)'],
	[x86_64 => 'qemu64,-lm', 'long mode (64 bits)'],
	[x86_64 => 'qemu64,-pae', 'PAE (physical address extension)'],
	[x86_64 => 'qemu64,-msr', 'RDMSR and WRMSR'],
	[x86_64 => '486', 'RDMSR and WRMSR'],
	[x86_64 => 'pentium', 'PAE (physical address extension)'],
	[i386 => 'qemu32,-pse', 'PSE (4 MiB pages)'],
	[i386 => '486', 'CMOV: an i686'],
	[i386 => 'pentium', 'CMOV: an i686'],
	[i386 => 'qemu32,-cmov', 'CMOV: an i686'],
);

# arch, CPU, the line about NX
my $active = 'NX (Execute Disable) protection: active';
my $missing = 'Notice: NX (Execute Disable) protection missing in CPU!';
my $non_pae = 'Notice: NX (Execute Disable) protection cannot be enabled: '
	. 'non-PAE kernel!';
my @good = (
	[x86_64 => 'qemu64,-nx', $missing],
	[x86_64 => 'qemu64', $active],
	[x86_64 => 'max', $active],
	[i386 => 'qemu32,-pae', $missing],
	[i386 => 'pentium2', $missing],
	[i386 => 'pentium3', $missing],
	[i386 => 'qemu32,+nx', $non_pae],
	[i386 => 'max', $non_pae],
);

for my $arch (archs()) {
	for (grep { $_->[0] eq $arch } @bad) {
		refused($_, 'disk');
		refused($_, 'kernel');
	}
	on_screen((grep { $_->[0] eq $arch } @bad)[0]);
	for (grep { $_->[0] eq $arch } @good) {
		survives($_);
	}
}
done_testing();

sub refused {
	my ($case, $via) = @_;
	my ($arch, $cpu, $lacks) = @$case;
	my $what = "$arch on $cpu, $via";
	my $boot = boot(chapter => $CHAPTER, arch => $arch, cpu => $cpu,
		via => $via);
	is($boot->{status}, 1, "$what: fails");
	said($boot, qr/^This kernel \($arch\) needs a CPU with \Q$lacks\E\.$/m,
		"$what: says that it needs $lacks");
	is(scalar(@{$boot->{record}}), 0, "$what: no record");
}

sub on_screen {
	my ($arch, $cpu, $lacks) = @{$_[0]};
	for my $via (qw(disk kernel)) {
		my $machine = session(chapter => $CHAPTER, arch => $arch,
			cpu => $cpu, $via eq 'disk'
			? (disk => make_disk($CHAPTER, $arch)) : ());
		my $sentence = qr/^This kernel \($arch\) needs a CPU with \Q$lacks\E\. /m;
		like($machine->screen($sentence), $sentence,
			"$arch on $cpu, $via: says it on the screen");
		like($machine->qemu('info registers'), qr/HLT=1/,
			"$arch on $cpu, $via: and halts");
		$machine->finish('stop');
	}
}

sub survives {
	my ($arch, $cpu, $nx) = @{$_[0]};
	my $what = "$arch on $cpu";
	my $boot = boot(chapter => $CHAPTER, arch => $arch, cpu => $cpu,
		append => 'kunit.enable=1');
	is($boot->{status}, 0, "$what: boots, and its self-tests pass")
		or Boot::show($boot, 'a good end');
	said($boot, qr/^\Q$nx\E$/m, "$what: $nx");
}
