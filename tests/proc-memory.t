#!/usr/bin/perl
# The files in /proc that tell of memory: in Linux's form, true to each
# other and to what the kernel said at its start; and read by procps' own
# free and vmstat, with the files mounted over this machine's.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my ($CHAPTER) = reverse chapters();
plan skip_all => 'no kernel that has a page allocator' if $CHAPTER < 6;

my @FILES = qw(meminfo buddyinfo pagetypeinfo vmstat zoneinfo);

for my $arch (archs()) {
	for my $mem (share($arch, '64M', '256M'), $arch eq 'i386' ? '2G' : '5G') {
		my $boot = boot(chapter => $CHAPTER, arch => $arch, mem => $mem,
			input => join ';', map { "cat /proc/$_" } @FILES);
		my %file = files($boot->{log});
		my $what = "$arch, $mem";
		is(join(' ', sort keys %file), join(' ', sort @FILES),
			"$what: the files are there") or next;
		meminfo($what, $arch, $boot, \%file);
		lists($what, $arch, \%file);
		procps($what, \%file);
	}
}
done_testing();

# What the console showed of each file, without the carriage returns.
sub files {
	my ($log) = @_;
	my %file;
	$log =~ s/\r//g;
	$file{$1} = $2 while $log =~ m{^monitor> cat /proc/(\w+)\n(.*?)(?=^monitor> )}msg;
	return %file;
}

# Every line that Linux 6.18 has in the same place, in its order.
sub meminfo {
	my ($what, $arch, $boot, $file) = @_;
	my @lines = split /\n/, $file->{meminfo};
	is(scalar(grep { !/^\w+(?:\(\w+\))?: +\d+ kB$/ || length(s/ kB$//r) < 24 } @lines), 0,
		"$what: meminfo's lines are Linux's") or diag($file->{meminfo});
	my @names = map { /^(.*):/ } @lines;
	my @linux = (qw(MemTotal MemFree MemAvailable Buffers Cached SwapCached
		Active Inactive Active(anon) Inactive(anon) Active(file)
		Inactive(file) Unevictable Mlocked),
		$arch eq 'i386' ? qw(HighTotal HighFree LowTotal LowFree) : (),
		qw(SwapTotal SwapFree Dirty Writeback AnonPages Mapped Shmem
		KReclaimable Slab SReclaimable SUnreclaim KernelStack PageTables
		SecPageTables NFS_Unstable Bounce WritebackTmp CommitLimit
		Committed_AS VmallocTotal VmallocUsed VmallocChunk Percpu Balloon
		DirectMap4k), $arch eq 'i386' ? 'DirectMap4M' : 'DirectMap2M');
	# All that this kernel has, and nothing else.
	is("@names", "@linux", "$what: all of them, in Linux's order");
	my %kb = map { /^(.*): +(\d+) kB$/ } @lines;
	my ($all, $reserved) = $boot->{log} =~ m{^Memory: \d+K/(\d+)K available .* (\d+)K reserved}m;
	my ($init) = $boot->{log} =~ /^Freeing unused kernel image \(initmem\) memory: (\d+)K$/m;
	is($kb{MemTotal}, $all - $reserved + $init, "$what: MemTotal is what the boot told");
	cmp_ok($kb{MemFree}, '<=', $kb{MemTotal}, "$what: free is no more than all");
	cmp_ok($kb{MemFree}, '>', $kb{MemTotal} - 2048, "$what: and nearly all");
	cmp_ok($kb{MemAvailable}, '<', $kb{MemFree}, "$what: some is kept");
	is($kb{HighTotal} + $kb{LowTotal}, $kb{MemTotal}, "$what: high and low are all")
		if $arch eq 'i386';
}

# Free blocks: once by order, once by type, once as pages of the zones.
sub lists {
	my ($what, $arch, $file) = @_;
	my (%by_order, %by_type, %pages, %free, $zone);
	my $row = qr/(?:\s*\d+ ){11}/;
	for (split /\n/, $file->{buddyinfo}) {
		like($_, qr/^Node 0, zone {1,8}\w+ $row$/, "$what: a line of buddyinfo is Linux's");
		my ($name, @n) = /zone +(\w+) +(.*)/ ? ($1, split ' ', $2) : next;
		$by_order{$name} = "@n";
		$pages{$name} += $n[$_] << $_ for 0 .. $#n;
	}
	my @type = split /\n/, $file->{pagetypeinfo};
	like("$type[0]\n$type[1]\n$type[2]\n$type[3]",
		qr/^Page block order: (?:9\nPages per block:  512|10\nPages per block:  1024)\n\nFree pages count per migrate type at order {7}0 {6}1 .* 10 $/,
		"$what: pagetypeinfo's head");
	for (@type) {
		my ($name, $type, $n) = /^Node    0, zone +(\w+), type +(\w+) +(.*)/ or next;
		my @n = split ' ', $n;
		$by_type{$name}[$_] += $n[$_] for 0 .. $#n;
	}
	is(join(' ', map { "$_: @{$by_type{$_}}" } sort keys %by_type),
		join(' ', map { "$_: $by_order{$_}" } sort keys %by_order),
		"$what: by type there are as many");
	is(scalar(grep { /^Number of blocks type +Unmovable +Movable +Reclaimable +HighAtomic $/ } @type),
		1, "$what: pageblocks have their head");
	is(scalar(grep { /^Node 0, zone {1,8}\w+(?: +\d+){4} $/ } @type),
		scalar keys %pages, "$what: and a line for each zone");
	for (split /\n/, $file->{zoneinfo}) {
		$zone = $1 if /^Node 0, zone +(\w+)/;
		$free{$zone} = $1 if /^  pages free +(\d+)/;
	}
	is($free{$_}, $pages{$_}, "$what: zoneinfo has as many free pages in $_")
		for sort keys %pages;
	my ($nr) = $file->{vmstat} =~ /^nr_free_pages (\d+)$/m;
	my $sum = 0;
	$sum += $_ for values %pages;
	is($nr, $sum, "$what: and so has vmstat");
}

# Run a command where these files stand in /proc.
sub with_files {
	my ($file, @command) = @_;
	my @mounts;
	for (keys %$file) {
		my $name = spill($file->{$_});
		push @mounts, "mount --bind $name /proc/$_ || exit 98";
	}
	return quiet_run('unshare', '-rm', 'sh', '-c',
		join('; ', @mounts, 'exec "$@"'), 'sh', @command);
}

sub procps {
	my ($what, $file) = @_;
	my ($status, $said) = quiet_run('unshare', '-rm', 'true');
	SKIP: {
		skip "$what: namespaces cannot be had, unshare -rm says $said", 1 if $status;
		skip "$what: procps is not there", 1
			if (quiet_run('sh', '-c', 'command -v free vmstat'))[0];
		my %kb = $file->{meminfo} =~ /^(\w+): +(\d+) kB$/mg;
		# Of files that this machine has not, no mount is possible.
		my %have = map { -e "/proc/$_" ? ($_ => $file->{$_}) : () } keys %$file;
		($status, $said) = with_files(\%have, 'free', '-k');
		is($status, 0, "$what: free runs") or diag($said);
		my @free = split ' ', ($said =~ /^Mem:(.*)$/m)[0];
		is("@free", join(' ', $kb{MemTotal}, $kb{MemTotal} - $kb{MemAvailable},
			$kb{MemFree}, 0, 0, $kb{MemAvailable}),
			"$what: and says what the kernel says");
		($status, $said) = with_files(\%have, 'vmstat', '-s', '-S', 'K');
		is($status, 0, "$what: vmstat -s runs") or diag($said);
		like($said, qr/^ +0 K paged in$/m, "$what: it reads vmstat");
		my ($total) = $said =~ /^ +(\d+) K total memory$/m;
		is($total, $kb{MemTotal}, "$what: and meminfo");
		my ($free) = $said =~ /^ +(\d+) K free memory$/m;
		is($free, $kb{MemFree}, "$what: free memory, too");
		($status, $said) = with_files(\%have, 'vmstat', '-n', '1', '1');
		is($status, 0, "$what: vmstat runs");
		is((split ' ', (split /\n/, $said)[-1])[3], $kb{MemFree},
			"$what: and has the same number in its table");
	}
}
