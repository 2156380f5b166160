package Boot;
# Boots kernels for the tests: through tools/boot when a boot is all that
# is wanted, through QEMU itself when somebody has to look at the screen,
# press keys or answer the monitor while the machine runs.
use strict;
use warnings;
use Carp qw(croak);
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(dirname);
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use IPC::Open2;
use JSON::PP;
use Time::HiRes qw(time);

our @EXPORT = qw($root $tmp archs chapters documents built tree image
	boot session
	answers said first_line slurp spill sectors make_disk quiet_run number
	long_form share);

# The long form of the tests: all of every matrix.
sub long_form { return $ENV{CHECK_ALL} ? 1 : 0 }

# Of cases that do not depend on the architecture each is tried on one of
# the two; in the long form, or when one is asked for, on both.
sub share {
	my ($arch, @cases) = @_;
	my @archs = archs();
	return @cases if long_form() || @archs == 1;
	my $odd = $arch eq 'i386' ? 1 : 0;
	return map { $cases[$_] } grep { $_ % 2 == $odd } 0 .. $#cases;
}

use constant TIME_LIMIT => 60;		# seconds; a boot takes half of one

our $root = abs_path(dirname(__FILE__) . '/../..');
our $tmp = tempdir('r2k-test-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $count = 0;

# What this run of the tests is about: CHECK_ARCH and CHECK_CHAPTER.
sub archs {
	return $ENV{CHECK_ARCH} ? $ENV{CHECK_ARCH} : qw(x86_64 i386);
}

sub chapters {
	return $ENV{CHECK_CHAPTER} + 0 if $ENV{CHECK_CHAPTER};
	return map { $_ + 0 } split /\n/, qx("$root/tools/chapters");
}

# The documents that tools/chapters names: their paths in the project.
sub documents {
	my @found = split /\n/, qx("$root/tools/chapters" @_);
	return @found ? @found : croak "tools/chapters @_ names no document";
}

sub tree { return sprintf '%s/tangle/ch%02d', $root, $_[0] }
sub built { return sprintf '%s/build/%s/ch%02d', $root, @_[1, 0] }
sub image { return built(@_) . '/image' }

sub slurp {
	my ($name) = @_;
	open my $in, '<:raw', $name or return '';
	local $/;
	return scalar(<$in>) // '';
}

# Write bytes to a new temporary file; its name.
sub spill {
	my ($bytes, $name) = @_;
	$name //= "$tmp/file" . ++$count;
	open my $out, '>:raw', $name or croak "$name: $!";
	print $out $bytes;
	close $out or croak "$name: $!";
	return $name;
}

# Run a command, quietly: (exit status, what it printed).
sub quiet_run {
	my $log = "$tmp/run" . ++$count;
	my $pid = fork // croak "fork: $!";
	if (!$pid) {
		open STDIN, '<', '/dev/null';
		open STDOUT, '>', $log;
		open STDERR, '>&', \*STDOUT;
		exec { $_[0] } @_ or exit 127;
	}
	waitpid $pid, 0;
	return ($? >> 8, slurp($log));
}

# A disk made of a kernel's image, a command line and an initrd.
sub make_disk {
	my ($chapter, $arch, $append, $initrd) = @_;
	my $disk = "$tmp/disk" . ++$count;
	return spill(pack("a1474560", slurp(image(1, $arch))), $disk)
		if $chapter == 1;
	my ($status, $text) = quiet_run('perl',
		tree($chapter) . '/arch/x86/boot/tools/mkdisk.pl', $disk,
		image($chapter, $arch), $append // '', $initrd // ());
	croak $text if $status;
	return $disk;
}

# Where the parts of an image or disk are, in sectors: setup (first one
# behind the boot sector), kernel, trailer, initrd.
sub sectors {
	my ($bytes) = @_;
	my $kernel = 1 + unpack 'x497 C', $bytes;
	my $trailer = $kernel + (16 * unpack 'x500 V', $bytes) / 512;
	return (setup => 1, kernel => $kernel, trailer => $trailer,
		initrd => $trailer + 5);
}

sub number { return $_[0] =~ /^0x/ ? hex $_[0] : $_[0] }

# Boot by tools/boot. Options are its own, by name; qemu is a list, icount
# true or false. Where nothing is said of a disk, QEMU hands the kernel over
# (-kernel), which costs half as much; kernel 1 has only its disk.
# A reference to: status (0 good, 1 bad, 2 neither), log, record (a list
# of objects), broken (lines of the record that are no JSON), stderr.
sub boot {
	my (%o) = @_;
	$o{via} //= 'kernel' unless $o{chapter} == 1 || defined $o{disk};
	my $mine = "$tmp/boot" . ++$count;
	my @args = ("$root/tools/boot", '--timeout', $o{timeout} // TIME_LIMIT,
		'--log', "$mine.log", '--record', "$mine.record");
	my @qemu = @{delete $o{qemu} // []};
	push @args, '--qemu', "@qemu" if @qemu;
	push @args, '--icount' if delete $o{icount};
	push @args, map { ("--$_", $o{$_}) } grep { $_ ne 'timeout' }
		sort keys %o;
	my ($status, $stderr) = quiet_run($^X, @args);
	my %r = (status => $status, stderr => $stderr,
		log => clean(slurp("$mine.log")), record => [], broken => []);
	for (split /\r?\n/, slurp("$mine.record")) {
		my $object = eval { decode_json($_) };
		push @{$object ? $r{record} : $r{broken}}, $object // $_;
	}
	unlink "$mine.log", "$mine.record";
	return \%r;
}

# A serial line's text: no carriage returns, no escapes that clear.
sub clean {
	my ($text) = @_;
	$text =~ s/\r//g;
	$text =~ s/\033\[[0-9;?]*[A-Za-z]//g;
	return $text;
}

# Does the log have this text? On failure, show its end.
sub said {
	my ($boot, $what, $name) = @_;
	my $found = ref $what ? $boot->{log} =~ $what
		: index($boot->{log}, $what) >= 0;
	Test::More::ok($found, $name) or show($boot, $what);
	return $found;
}

sub show {
	my ($boot, $what) = @_;
	my @lines = split /\n/, $boot->{log};
	splice @lines, 0, -25 if @lines > 25;
	Test::More::diag("wanted: $what\nstatus $boot->{status}; ",
		"$boot->{stderr}\n", join "\n", @lines);
}

sub first_line {
	my ($boot, $pattern) = @_;
	return $boot->{log} =~ /^(.*$pattern.*)$/m ? $1 : undef;
}

# What the monitor answered to each line that was typed into a boot.
sub answers {
	my ($boot) = @_;
	my (undef, @answers) = split /^monitor> /m, $boot->{log};
	s/^.*\n// for @answers;
	return @answers;
}

# A running machine. Options: chapter, arch, mem, machine, cpu, append,
# initrd, image, disk or cdrom; exits => 1 for the isa-debug-exit device:
# without it a kernel that stops stays, and its screen can be read.
sub session {
	my (%o) = (arch => 'x86_64', mem => '128M', machine => 'pc',
		append => '', @_);
	my $self = bless { seen => '', end => time + TIME_LIMIT,
		monitor => "$tmp/monitor" . ++$count,
		record => "$tmp/record" . $count }, __PACKAGE__;
	$o{cpu} //= $o{arch} eq 'i386' ? 'qemu32' : 'qemu64';
	my @medium = defined $o{cdrom} ? ('-cdrom', $o{cdrom})
		: defined $o{disk} ? ('-drive', "format=raw,if=ide,file=$o{disk}")
		: ('-kernel', $o{image} // image(@o{qw(chapter arch)}),
			'-append', $o{append},
			$o{initrd} ? ('-initrd', $o{initrd}) : ());
	$self->{pid} = open2($self->{out}, $self->{in},
		"qemu-system-$o{arch}", '-accel', 'tcg', '-cpu', $o{cpu},
		'-machine', $o{machine}, '-m', $o{mem}, '-display', 'none',
		'-no-reboot', '-net', 'none', @medium, '-serial', 'stdio',
		'-serial', "file:$self->{record}",
		'-monitor', "unix:$self->{monitor},server=on,wait=off",
		$o{exits} ? ('-device', 'isa-debug-exit,iobase=0xf4,iosize=4')
			: ());
	return $self;
}

# Read the console until it matches; what came, up to and with the match,
# or undef when the time is over or the machine has gone.
sub expect {
	my ($self, $pattern) = @_;
	while (1) {
		if ($self->{seen} =~ /\A(.*?$pattern)/s) {
			my $text = $1;
			substr $self->{seen}, 0, length $text, '';
			return $text;
		}
		$self->more or return undef;
	}
}

sub more {
	my ($self) = @_;
	my $left = $self->{end} - time;
	my $ready = '';
	vec($ready, fileno $self->{out}, 1) = 1;
	return 0 if $left <= 0 || !select $ready, undef, undef, $left;
	sysread $self->{out}, my $bytes, 4096 or return 0;
	$bytes =~ s/\r//g;
	$self->{seen} .= $bytes;
	return 1;
}

sub type {
	my ($self, $text) = @_;
	local $SIG{PIPE} = 'IGNORE';
	syswrite $self->{in}, $text;
}

# A command for QEMU's monitor, and its answer.
sub qemu {
	my ($self, $command) = @_;
	my $socket = $self->{socket};
	if (!$socket) {
		$socket = IO::Socket::UNIX->new(Peer => $self->{monitor})
			until $socket || time > $self->{end};
		$self->{socket} = $socket or croak 'no monitor';
		answer($self);
	}
	local $SIG{PIPE} = 'IGNORE';	# QEMU may be gone
	syswrite $socket, "$command\n";
	return answer($self);
}

sub answer {
	my ($self) = @_;
	my $text = '';
	while ($text !~ /\(qemu\) $/) {
		my $ready = '';
		vec($ready, fileno $self->{socket}, 1) = 1;
		last unless select $ready, undef, undef, 10;
		sysread $self->{socket}, my $bytes, 65536 or last;
		$text .= $bytes;
	}
	return $text;
}

# The text on the screen, 25 lines; waits until it matches.
sub screen {
	my ($self, $pattern) = @_;
	my $file = "$tmp/screen" . ++$count;
	my $text = '';
	do {
		return $text if $self->qemu("pmemsave 0xb8000 4000 \"$file\"")
			eq '';
		my @cells = unpack '(ax)*', slurp($file);
		tr/\0/ / for @cells;
		$text = join '', map { my $row = join '', @cells[
			80 * $_ .. 80 * $_ + 79]; "$row\n" } 0 .. 24
			if @cells == 2000;
		select undef, undef, undef, 0.02;
	} until $text =~ $pattern || time > $self->{end};
	return $text;
}

# End it. QEMU's exit status, or undef if we had to stop it.
sub finish {
	my ($self, $stop) = @_;
	my $pid = delete $self->{pid} or return undef;
	if ($stop || time > $self->{end}) {
		kill 'KILL', $pid;
		waitpid $pid, 0;
		return undef;
	}
	1 while $self->more;
	kill 'KILL', $pid if time > $self->{end};
	waitpid $pid, 0;
	return $? & 127 ? undef : $? >> 8;
}

sub DESTROY {
	my ($self) = @_;
	local ($?, $!, $@);
	$self->finish('stop') if $self->{pid};
}

1;
