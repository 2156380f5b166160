package Checkpoint;
# What every kernel must show at its checkpoint, on any machine.
use strict;
use warnings;
use Boot;
use Exporter qw(import);
use HostileMap qw(verdict);
use Test::More;

our @EXPORT = qw(check_checkpoints check_ktap printed_map check_map);

my %sizes = (x86_64 => [qw(64M 512M 2G 6G)], i386 => [qw(64M 128M 512M 3G)]);

# What only some kernels have: kernel 1 has no command line, and so no
# self-tests; only kernel 1 adds its map up.
my %special = (
	1 => { totals => 1 },
);

sub check_checkpoints {
	my ($arch) = @_;
	if (!grep { $_ eq $arch } archs()) {
		plan skip_all => "not asked for $arch";
	}
	plan skip_all => 'no kernel has been built' unless chapters();
	for my $chapter (chapters()) {
		my ($first, @others) = points($chapter, $arch);
		check_one($chapter, $arch, @$first);
		check_one($chapter, $arch, @$_, long_form()) for @others;
	}
	done_testing();
}

# The machines that a kernel is tried on: the last one on all, an earlier
# one on the smallest and on the largest, unless it is the long form. On
# the first of them it also comes from a disk, and runs its self-tests.
sub points {
	my ($chapter, $arch) = @_;
	my @sizes = @{$sizes{$arch}};
	return (['pc', $sizes[0]], ['q35', $sizes[-1]])
		if $chapter != (chapters())[-1] && !long_form();
	return map { my $machine = $_; map { [$machine, $_] } @sizes } qw(pc q35);
}

# One boot, with self-tests and from a disk unless $selftests is 0.
sub check_one {
	my ($chapter, $arch, $machine, $mem, $selftests) = @_;
	my $what = "kernel $chapter, $arch, $machine, $mem";
	my $ktap = $chapter > 1 && ($selftests // 1);
	my $boot = boot(chapter => $chapter, arch => $arch, mem => $mem,
		machine => $machine, $ktap ? (via => 'disk',
		append => 'kunit.enable=1') : ());
	is($boot->{status}, 0, "$what: ends well")
		or Boot::show($boot, 'a good end');
	said($boot, qr/^checkpoint $chapter: \w.*$/m,
		"$what: says its checkpoint");
	unlike($boot->{log}, qr/Kernel panic|^WARNING|^BUG/m,
		"$what: nothing amiss on the way");
	check_linux($boot, $arch, "$machine-$mem", $what);
	check_record($boot, $chapter, $arch, $what);
	check_map($boot, $what, $chapter < 3 ? 'e820' : 'e820_firmware');
	check_memory($boot, $chapter, $arch, $what) if $chapter > 2;
	check_totals($boot, $what) if $special{$chapter}{totals};
	check_ktap($boot, $what) if $ktap;
}

# The lines that Linux prints on this machine, and nothing else.
sub check_linux {
	my ($boot, $arch, $machine, $what) = @_;
	my $linux = slurp("$root/tests/linux/$arch-$machine.txt");
	my $ours = join '', $boot->{log} =~ /^(BIOS-\w+: .*\n)/mg;
	my $theirs = join '', $linux =~ /^(BIOS-\w+: .*\n)/mg;
	is($ours, $theirs, "$what: Linux's own map");
	for my $line ($linux =~ /^(NX .*)$/mg) {
		next unless $boot->{log} =~ /Kernel command line/;
		said($boot, qr/^\Q$line\E$/m, "$what: $line");
	}
}

sub check_record {
	my ($boot, $chapter, $arch, $what) = @_;
	my @record = @{$boot->{record}};
	is("@{$boot->{broken}}", '', "$what: the record is JSON");
	is_deeply($record[0], { t => 'kernel', chapter => $chapter,
		arch => $arch }, "$what: the record's first object");
	is_deeply($record[-1], { t => 'end', status => 'ok' },
		"$what: the record's last object");
	is(scalar(grep { !defined $_->{t} } @record), 0,
		"$what: every object has a type");
	check_fields(\@record, $what);
}

# No field without a value; what looks like a number is one.
sub check_fields {
	my ($record, $what) = @_;
	my @bad;
	for my $object (@$record) {
		for my $key (sort keys %$object) {
			my $value = $object->{$key};
			push @bad, "$object->{t}.$key" unless defined $value
				&& (ref $value || ($value =~ /^0x/
				? $value =~ /^0x[0-9a-f]{1,16}$/
				: $value ne ''));
		}
	}
	is("@bad", '', "$what: every field has a value");
}

# The map on the console: [first, last, type] of each line.
sub printed_map {
	my ($boot) = @_;
	my %type = (usable => 1, reserved => 2, 'ACPI data' => 3,
		'ACPI NVS' => 4, unusable => 5, 'persistent (type 7)' => 7,
		'persistent (type 12)' => 12, 'soft reserved' => 0xefffffff);
	my @map;
	while ($boot->{log} =~
		/^BIOS-\w+: \[mem (0x\w{16})-(0x\w{16})\] (.*)$/mg) {
		my ($first, $last, $name) = ($1, $2, $3);
		push @map, [$first, $last, $type{$name}
			// ($name =~ /^type (\d+)$/ ? $1 : "'$name'")];
	}
	return @map;
}

# The record's map and the printed one are the same. From chapter 3 on the
# firmware's map has a type of its own, beside the map that is made of it.
sub check_map {
	my ($boot, $what, $type) = @_;
	use integer;				# 64 bits, and they wrap
	my (@map, @order);
	for (grep { $_->{t} eq ($type // 'e820') } @{$boot->{record}}) {
		my $last = hex64($_->{addr}) + hex64($_->{size}) - 1;
		push @map, [sprintf('0x%016x', hex64($_->{addr})),
			sprintf('0x%016x', $last), $_->{type}];
		push @order, $_->{i};
	}
	is_deeply(\@map, [printed_map($boot)],
		"$what: the record has the printed map");
	is_deeply(\@order, [0 .. $#order], "$what: in order");
}

# memblock knows all usable pages and no others, and what the kernel took
# and what it mapped is usable; "last_pfn" and the record say one number.
sub check_memory {
	my ($boot, $chapter, $arch, $what) = @_;
	my @entries = map { [hex64($_->[0]),
		hex64($_->[1]) - hex64($_->[0]) + 1, $_->[2]] }
		printed_map($boot);
	is(verdict(HostileMap::of_entries($chapter, $arch, @entries), $boot),
		'', "$what: all RAM is known, and only RAM is used");
	my ($limits) = grep { $_->{t} eq 'limits' } @{$boot->{record}};
	said($boot, sprintf('last_pfn = %#x max_arch_pfn = ',
		$limits->{max_pfn} // 0), "$what: the end of RAM, printed and recorded");
}

sub hex64 {
	no warnings 'portable';
	return hex $_[0];
}

# Kernel 1 adds its map up: on the console, and in the record.
sub check_totals {
	my ($boot, $what) = @_;
	my (%sum, @names);
	$sum{$_->{type}} += hex64($_->{size})
		for grep { $_->{t} eq 'e820' } @{$boot->{record}};
	my %total = map { ($_->{type} => hex64($_->{bytes})) }
		grep { $_->{t} eq 'total' } @{$boot->{record}};
	is_deeply(\%total, \%sum, "$what: the record's totals are the sums");
	my %name = (1 => 'usable', 2 => 'reserved', 3 => 'ACPI data',
		4 => 'ACPI NVS');
	for (sort keys %sum) {
		said($boot, qr/^total: $sum{$_} bytes \Q$name{$_}\E$/m,
			"$what: says how many bytes are $name{$_}");
	}
	is(scalar(() = $boot->{log} =~ /^total: /mg), scalar keys %sum,
		"$what: and no other total");
}

# KTAP: suites within a plan, tests within their suites' plans, all ok.
sub check_ktap {
	my ($boot, $what) = @_;
	my ($plan, $suites, @bad) = (-1, 0);
	my ($sub_plan, $sub) = (0, 0);
	for (split /\n/, $boot->{log}) {
		if (/^1\.\.(\d+)$/) { $plan = $1 }
		elsif (/^    # Subtest: \w+$/) { ($sub_plan, $sub) = (-1, 0) }
		elsif (/^    1\.\.(\d+)$/) { $sub_plan = $1 }
		elsif (/^    (not )?ok (\d+) \S/) {
			push @bad, $_ if $1 || $2 != ++$sub;
		} elsif (/^(not )?ok (\d+) \S/) {
			push @bad, $_ if $1 || $2 != ++$suites
				|| $sub_plan != $sub || !$sub;
		}
	}
	is(scalar(() = $boot->{log} =~ /^(?:    )?KTAP version 1$/mg),
		$plan + 1, "$what: KTAP of $plan suites");
	is($suites, $plan, "$what: the suites that were planned");
	cmp_ok($suites, '>', 0, "$what: some suite ran");
	is("@bad", '', "$what: every self-test passes");
}

1;
