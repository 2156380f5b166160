#!/usr/bin/perl
# The build's check of references into init memory (scripts/mod/modpost.pl):
# small sources with one reference each, compiled as the kernel's are, and
# the kernel itself, once as it is and once with a mark taken away.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Test::More;

my ($CHAPTER) = reverse chapters();
plan skip_all => 'no kernel that gives init memory back' if $CHAPTER < 6;

my $goes = <<'C';
#include <linux/init.h>
int goes(int n);
int __init __attribute__((__noinline__)) goes(int n) { return n + 1; }
int goes_data __initdata = 3;
extern const int goes_const[];
const int goes_const[] __initconst = { 1, 2 };
static int __init __attribute__((__noinline__, __used__)) local(void)
{
	return 5;
}
C

# what it is, more of the source, what is refused: from, section, to, section
my @cases = (
	['a call', 'int f(void); int f(void) { return goes(1); }',
		'f', '.text', 'goes', '.init.text'],
	['a call of a static function',
		'int f(void); int f(void) { return local(); }',
		'f', '.text', 'local', '.init.text'],
	['a read', 'int f(void); int f(void) { return goes_data; }',
		'f', '.text', 'goes_data', '.init.data'],
	['a write with a constant',
		'void f(void); void f(void) { goes_data = 77; }',
		'f', '.text', 'goes_data', '.init.data'],
	['a constant read', 'int f(int n); int f(int n) { return goes_const[n]; }',
		'f', '.text', 'goes_const', '.init.rodata'],
	['a pointer', 'int *p = &goes_data;',
		'p', '.data', 'goes_data', '.init.data'],
	['a table of constants', 'extern int (*const t[])(int);'
		. 'int (*const t[])(int) = { goes };',
		't', '.rodata', 'goes', '.init.text'],
	['an entry of a linker table',
		'static int (*const e)(int) __table(int *, ".monitor.x") = goes;',
		'e', '.monitor.x', 'goes', '.init.text'],
	['init code', 'int f(void); int __init f(void) { return goes(1); }'],
	['init data', 'int (*p)(int) __initdata = goes;'],
	['what is marked', 'int f(void); int __ref f(void) { return goes(1); }'
		. 'int *p __refdata = &goes_data;'
		. 'extern int (*const t[])(int);'
		. 'int (*const t[])(int) __refconst = { goes };'],
	['the way back', 'int f(int n); int f(int n) { return n; }'
		. 'int g(void); int __init g(void) { return f(goes_data); }'],
	['a switch in init code', 'int g(int n); int a(void), b(void), c(void),'
		. ' d(void), e(void); int __init g(int n) { switch (n) {'
		. 'case 0: return a(); case 1: return b(); case 2: return c();'
		. 'case 3: return d(); case 4: return e(); case 5: return a();'
		. '} return 9; }'],
	['a copy in the caller', 'static inline int __init i(int n)'
		. ' { return n * 2; } int f(int n); int f(int n)'
		. ' { return __builtin_constant_p(n) ? i(n) : n; }'],
);

for my $arch (archs()) {
	check($arch, @$_) for @cases;
	two_files($arch);
	my $ok = built($CHAPTER, $arch) . '/vmlinux.checked';
	ok(-e $ok, "$arch: the kernel has been checked");
	whole_kernel($arch) for share($arch, 1);
}
done_testing();

sub compiler {
	my ($arch) = @_;
	return ($arch eq 'i386' ? 'i686-linux-gnu-gcc' : 'gcc',
		$arch eq 'i386' ? qw(-m32 -march=i686 -DCONFIG_X86_32)
		: qw(-m64 -mcmodel=kernel -DCONFIG_X86_64),
		qw(-std=gnu11 -O2 -g -ffreestanding -fno-pic -fno-pie
		-fno-stack-protector -fno-asynchronous-unwind-tables -w -c),
		'-I' . tree($CHAPTER) . '/include',
		'-I' . tree($CHAPTER) . '/arch/x86/include');
}

my $n = 0;
sub compile {
	my ($arch, $source) = @_;
	my $file = spill($source, "$tmp/m" . ++$n . '.c');
	my ($status, $said) = quiet_run(compiler($arch), '-o', "$tmp/m$n.o",
		$file);
	die $said if $status;
	return "$tmp/m$n.o";
}

# What the check says of these objects, linked into one.
sub modpost {
	my ($arch, @objects) = @_;
	my ($status, $said) = quiet_run(
		$arch eq 'i386' ? ('i686-linux-gnu-ld', '-m', 'elf_i386')
		: ('ld', '-m', 'elf_x86_64'), '-r', '-o', "$tmp/m.o", @objects);
	die $said if $status;
	return quiet_run('perl', tree($CHAPTER) . '/scripts/mod/modpost.pl',
		"$tmp/m.o");
}

sub check {
	my ($arch, $what, $source, @bad) = @_;
	my ($status, $said) = modpost($arch, compile($arch, "$goes$source\n"));
	if (!@bad) {
		is($status, 0, "$arch, $what: passes") or diag($said);
		is($said, '', "$arch, $what: in silence");
		return;
	}
	isnt($status, 0, "$arch, $what: is refused");
	like($said, qr/^WARNING: modpost: vmlinux: section mismatch in reference: $bad[0]\+0x[0-9a-f]+ \(section: \Q$bad[1]\E\) -> $bad[2] \(section: \Q$bad[3]\E\)$/m,
		"$arch, $what: with both names");
	like($said, qr/^ERROR: modpost: Section mismatches detected\.$/m,
		"$arch, $what: as an error");
}

# A call from one file into another; and one of a weak function that is
# init, in whose place the linker takes one that stays.
sub two_files {
	my ($arch) = @_;
	my ($status, $said) = modpost($arch, compile($arch, $goes),
		compile($arch, 'int goes(int); int f(void) { return goes(2); }'));
	like($said, qr/reference: f\+0x[0-9a-f]+ \(section: \.text\) -> goes /,
		"$arch, a call into another file: is refused");
	my $weak = compile($arch, "#include <linux/init.h>\n"
		. 'int w(void); int __init __weak w(void) { return 1; }'
		. 'int f(void); int f(void) { return w(); }');
	($status) = modpost($arch, $weak);
	isnt($status, 0, "$arch, a weak init function: is refused");
	($status, $said) = modpost($arch, $weak,
		compile($arch, 'int w(void) { return 2; }'));
	is($status, 0, "$arch, another takes its place: passes") or diag($said);
}

# The tree of the last kernel, with a wrong reference: make stops at it.
sub whole_kernel {
	my ($arch) = @_;
	my $copy = "$tmp/tree-$arch";
	quiet_run('cp', '-r', tree($CHAPTER), $copy);
	my $file = "$copy/arch/x86/mm/init_free.c";
	my $text = slurp($file);
	ok($text =~ s/__ref free_initmem/free_initmem/,
		"$arch: there is a mark to take away");
	spill($text, $file);
	my ($status, $said) = quiet_run('make', '-C', $copy, "ARCH=$arch",
		'-j2', "O=$tmp/out-$arch", 'CCACHE=ccache');
	isnt($status, 0, "$arch: the build fails");
	like($said, qr/reference: free_initmem\+0x\w+ \(section: \.text\) -> e820__reallocate_tables \(section: \.init\.text\)/,
		"$arch: and names both functions and sections");
	ok(!-e "$tmp/out-$arch/vmlinux", "$arch: and makes no kernel");
	quiet_run('rm', '-rf', $copy, "$tmp/out-$arch");
}
