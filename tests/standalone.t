#!/usr/bin/perl
# The tangled tree of a chapter stands alone: copied somewhere else it
# builds by `make`, with gcc and with clang, and what it builds boots. In
# the short form: the last kernel's, with either compiler on one of the
# architectures, and kernel 1's.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Checkpoint;
use Test::More;

my %compilers = (
	x86_64 => [[], ['CC=clang']],
	i386 => [[], ['CC=clang --target=i686-linux-gnu']],
);

for my $chapter (long_form() ? chapters() : one_more()) {
	my $copy = copy($chapter);
	for my $arch (archs()) {
		stands_alone($chapter, $arch, $copy, @$_)
			for $chapter == 1 ? [] : share($arch, @{$compilers{$arch}});
	}
	cleans_up($chapter, $copy);
}
done_testing();

sub copy {
	my ($chapter) = @_;
	my $to = "$tmp/ch$chapter";
	my ($status, $said) = quiet_run('cp', '-r', tree($chapter), $to);
	is($status, 0, "kernel $chapter: there is a tree to copy")
		or diag($said);
	quiet_run('rm', '-rf', "$to/out");
	unlike(join('', map { slurp($_) } files($to)), qr/\Q$root\E/,
		"kernel $chapter: nothing in it names our folder");
	return $to;
}

# The last chapter, and the first, which has no C.
sub one_more {
	my @all = chapters();
	return @all > 1 ? @all[0, -1] : @all;
}

sub files {
	my ($dir) = @_;
	my (undef, $names) = quiet_run('find', $dir, '-type', 'f');
	return split /\n/, $names;
}

# Without our environment, and without our folder as the current one.
sub build {
	my ($tree, @args) = @_;
	return quiet_run('env', '-i', "PATH=$ENV{PATH}", 'make', '-C', $tree,
		'-j2', @args);
}

sub stands_alone {
	my ($chapter, $arch, $tree, @compiler) = @_;
	my $what = "kernel $chapter, $arch, " . ($compiler[0] // 'gcc');
	my $out = "$tmp/out" . join '-', $chapter, $arch, scalar @compiler;
	# x86_64 is what the Makefile builds when nobody asks.
	my @arch = $arch eq 'x86_64' ? () : ("ARCH=$arch");
	my ($status, $said) = build($tree, @arch, @compiler, "O=$out");
	is($status, 0, "$what: builds") or diag($said);
	unlike($said, qr/warning/i, "$what: without a warning")
		or diag($said);
	my $boot = boot(chapter => $chapter, arch => $arch,
		image => "$out/image", $chapter > 1
		? (append => 'kunit.enable=1') : ());
	is($boot->{status}, 0, "$what: boots")
		or Boot::show($boot, 'a good end');
	said($boot, qr/^checkpoint $chapter: /m, "$what: to its checkpoint");
	check_ktap($boot, $what) if $chapter > 1;
	($status, $said) = build($tree, @arch, @compiler, "O=$out", '-q');
	is($status, 0, "$what: a second make has nothing to do");
	recompiles_one($what, $tree, @arch, @compiler, "O=$out")
		if $chapter > 1;
	quiet_run('rm', '-rf', $out);
}

# An edit in one source compiles that one only.
sub recompiles_one {
	my ($what, $tree, @args) = @_;
	my ($status, $said) = build($tree, @args, qw(-n V=1 -W lib/string.c));
	my @compiled = $said =~ m{ -c -o (\S+\.o) }g;
	like("@compiled", qr{^\S+/lib/string\.o$}, "$what: an edit compiles one file");
}

# By default it builds into the tree itself, and make clean undoes that.
sub cleans_up {
	my ($chapter, $tree) = @_;
	my @before = sort { $a cmp $b } files($tree);
	my ($arch) = archs();
	my ($status, $said) = build($tree, "ARCH=$arch");
	is($status, 0, "kernel $chapter: builds inside the tree") or diag($said);
	ok(-s "$tree/out/$arch/image", "kernel $chapter: into out/$arch");
	build($tree, "ARCH=$arch", 'clean');
	is_deeply([sort { $a cmp $b } files($tree)], \@before,
		"kernel $chapter: make clean leaves what was there");
}
