package Exercise;
# What the tests of the exercises share: they boot the reader's kernel,
# and look at what it printed.
use strict;
use warnings;
use Boot;
use Checkpoint;
use Exporter qw(import);
use Test::More;

our @EXPORT = qw(exercises needs still_passes hooked after_totals
	lines_are shows answer);

# The exercises of all chapters, in order: [number, title].
sub exercises {
	my @all;
	for my $file (documents('--kind', 'story')) {
		my ($chapter) = $file =~ m{/0*(\d+)-};
		my $n = 0;
		for (slurp("$root/$file") =~ /^:{3,} *\{\.exercise\b(.*)\}$/mg) {
			push @all, ["$chapter." . ++$n,
				/title="([^"]*)"/ ? $1 : ''];
		}
	}
	return @all;
}

# The architectures for which a test wants the kernel to be built.
sub needs {
	my ($test) = @_;
	return split ' ', slurp($test) =~ /^# Needs: (.*)$/m ? $1 : 'x86_64';
}

# Whatever else it does now, the kernel must do what it did before. Only
# tests/answers.t spares the self-tests, in the short form.
sub still_passes {
	my ($chapter, $arch) = @_;
	return if $ENV{UNTOUCHED};
	subtest "$arch: the kernel still passes its checkpoint" => sub {
		Checkpoint::check_one($chapter, $arch, 'pc', '128M',
			$ENV{SPARE_SELFTESTS} ? 0 : 1);
	};
}

# Boot from behind the boot sector that spoils the BIOS, in this mode of
# tests/loader/bios-hook.asm: the kernel as it is built, or another disk.
sub hooked {
	my ($chapter, $arch, $mode, $disk) = @_;
	my ($status, $text) = quiet_run('nasm', '-f', 'bin', "-DMODE=$mode",
		'-o', "$tmp/hook", "$root/tests/loader/bios-hook.asm");
	die $text if $status;
	$disk //= make_disk($chapter, $arch, 'checkpoint=exit');
	return boot(chapter => $chapter, arch => $arch, disk => "$tmp/hook",
		qemu => ["-drive file=$disk,format=raw,if=ide"]);
}

# Of the lines between kernel 1's totals and its checkpoint, those that
# match: there may be others, of other exercises.
sub after_totals {
	my ($boot, $pattern) = @_;
	my ($text) = $boot->{log} =~
		/^total: [^\n]*\n(?!total: )(.*?)^checkpoint 1: /ms;
	return join '', grep { $_ =~ $pattern } split /^/, $text // '';
}

# What was printed must be these lines.
sub lines_are {
	my ($got, $wanted, $name) = @_;
	is($got, join('', map { "$_\n" } @$wanted), $name);
}

# Somewhere in it stands this. The text is long, so a failure shows none.
sub shows {
	my ($text, $pattern, $name) = @_;
	ok($text =~ $pattern, $name);
}

# The numbers of the reader's answer, when an exercise asks for numbers.
sub answer { return split ' ', $ENV{ANSWER} // '' }

1;
