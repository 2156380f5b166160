#!/usr/bin/perl
# Whatever the book cites of Linux v6.18 is there. tests/linux/cited-6.18.txt
# has the paths and names that are cited, written by tools/cited from lists of
# all that Linux has; a citation that is not in that file fails, and so does
# the name of a function that only we have where Linux's is claimed.
#
# What counts as a claim, in the prose of all documents, in comments, answers:
#   `path: name()`      in backticks, and without them in a comment of the
#                       code: Linux's file of that path has that name. Names
#                       after it in the same list, and those before
#                       `in path` or `(path)`, are of that file too.
#   `path`              Linux has the file or directory, or our trees or the
#                       project have it; in an *In Linux* note, Linux.
#   `name()`            Linux has a function or macro of that name somewhere.
#   [[name()]]          ours: our trees have it, or Linux does.
#   name() in a comment is ours or Linux's; after "Linux's" or "Linux:", its.
# So backticks say Linux, double brackets say ours. Many of our files have
# Linux's paths, and functions that Linux has not: what ctags finds in our
# tree of a path, and the facts do not have, must stand in double brackets.
# A short path (`init_64.c`) is one beside the path before it, or any that
# ends so.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Cited qw(cited prose comments ours facts fault);
use Test::More;

plan skip_all => 'the documents are not about one kernel'
	if $ENV{CHECK_CHAPTER};
plan skip_all => 'the kernels have not been tangled'
	unless glob "$root/tangle/ch*";
my ($linux, $ours) = (facts(), ours());

sub faults { return grep { defined } map { fault($_, $linux, $ours) } @_ }

# First that this test can fail: true and false sentences.
my ($only_ours) = grep { !$linux->{$_} && $ours->{$_}{'mm/memblock.c'} }
	sort grep { length } keys %$ours;
my @true = ('`mm/memblock.c: memblock_add_range()`, `memblock_double_array()`',
	"[[$only_ours()]] in `mm/memblock.c`", "[[$only_ours()]]",
	'`memblock_add_range()`', '`mm/memblock.c`', '`arch/x86/boot/main.asm`',
	"::: {.linux}\n`arch/x86/mm/init.c` and `init_64.c`\n:::");
my @false = ("`mm/memblock.c: $only_ours()`", "`$only_ours()`",
	"`memblock_add_range()` and `$only_ours()` in `mm/memblock.c`",
	"`mm/memblock.c: memblock_add_range()`, `phys_pte_init()`",
	'`mm/no_such_file.c`', '`no_such_name()`', '[[no_such_name()]]',
	"::: {.linux}\n`arch/x86/boot/main.asm`\n:::");
is_deeply([faults(prose('', $_))], [], "true: $_") for @true;
is(scalar(faults(prose('', $_))), 1, "false: $_") for @false;
is(scalar(faults(comments('', $_))), 1, "false: $_")
	for "/* Linux: mm/memblock.c: $only_ours(). */",
	"/*\n * See mm/memblock.c:\n * no_such_name().\n */",
	"\tcall\tx\t; Linux's $only_ours()", '; mm/no_such_file.c';

my @claims = cited();
my %cited = map { join("\t", grep { defined } @$_{qw(path name)}) => 1 }
	@claims;
cmp_ok(scalar(keys %cited), '>', keys(%{$linux->{''}}) / 2,
	'the documents cite what the facts are about');
my %faults;
for my $claim (@claims) {
	my $file = $claim->{at} =~ s/:\d+$//r;
	my $fault = fault($claim, $linux, $ours);
	push @{$faults{$file}}, defined $fault ? "$claim->{at}: $fault" : ();
}
is_deeply($faults{$_}, [], $_) for sort keys %faults;
done_testing();
