#!/usr/bin/perl
# A few lines in the chapters come from a debugger session, not from a
# plain boot, and so cannot be cut from one. Here the machine says them
# again: each such listing must be what it says now. And where prose goes on
# with addresses that stand in a transcript, they must be those.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Exercise;
use Test::More;

plan skip_all => 'the chapters are not about one kernel'
	if $ENV{CHECK_CHAPTER};
my ($chapter1, $chapter2, $chapter6, $chapter7, $chapter8) = map { join '',
	map { slurp("$root/$_") } documents('--new', $_) } 1, 2, 6, 7, 8;

# The lines of the listing that follows this sentence.
sub listing {
	my ($text, $sentence) = @_;
	my ($lines) = $text =~ /\Q$sentence\E[^\n]*\n\n```\n(.*?)^```$/ms;
	ok(defined $lines, "'$sentence' is followed by a listing");
	return split /\n/, $lines // '';
}

sub all_said {
	my ($said, @lines) = @_;
	$said =~ s/\r//g;
	like($said, qr/^\Q$_\E$/m, $_) for @lines;
}

my $registers = qx(printf 'info registers\\nquit\\n' | qemu-system-x86_64 \\
	-accel tcg -cpu qemu64 -S -display none -monitor stdio 2>&1);
all_said($registers, listing($chapter1, 'Among the lines are'));
all_said(hooked(1, 'x86_64', 1)->{log}, listing($chapter1, 'The log has'));

# A byte changed in the middle of the kernel.
my $bytes = slurp(make_disk(2, 'x86_64', 'checkpoint=exit'));
substr($bytes, 40000, 1) ^= "\x01";
open my $out, '>:raw', "$tmp/damaged" or die "$tmp/damaged: $!\n";
print $out $bytes;
close $out;
all_said(boot(chapter => 2, arch => 'x86_64', disk => "$tmp/damaged")->{log},
	listing($chapter2, 'this is all that the machine says before it stops'));

# The pages on the list of chapter 6, the two objects and the struct page of
# chapter 7's walk, and the byte that chapter 8 follows.
my @pages = map { /^0x/ ? hex : $_ } $chapter6 =~ /pages (0x\w+) to (0x\w+)\. Two of them are left\..*?(\d+) pages were fetched, from (0x\w+) on, and (\d+) wait/s;
my $list = boot(chapter => 6, arch => 'x86_64', mem => '128M',
	input => 'alloc 0;alloc 0;alloc 0;cat /proc/zoneinfo;alloc 4 GFP_DMA|__GFP_MOVABLE')->{log};
my ($first, $last, $more, $next, $wait) = @pages;
my ($block) = $chapter6 =~ /Order 9 has one, at page (0x\w+)\./;
is(join(' ', map { hex } $list =~ /^pages (0x\w+)-/mg), join(' ', $last - 1, $last, $next, hex $block),
	'chapter 6: the three pages, and the block of the walk');
is("$first $more " . join(' ', $list =~ /^ +count: +([1-9]\d*)/mg),
	join(' ', $last - 6, $wait + 1, $wait), 'chapter 6: how many there were, and wait');
my ($object, $after, $page) = $chapter7 =~ /object 3 of the slab in page 0x\w+,\s+`(\w+)`.*?\bit is `(\w+)`\..*?its struct page is at `(\w+)`/s;
my $two = boot(chapter => 7, arch => 'x86_64', append => 'random_seed=1',
	input => 'kmalloc 100;kmalloc 100')->{log};
is(join(' ', $two =~ /^#\d: (\w+),/mg), "$object $after", 'chapter 7: the two objects');
is(hex(substr $page, 8), (hex(substr $object, 8) >> 12) * 64, 'chapter 7: the struct page');
my ($byte) = $chapter8 =~ /it is physical byte 0x(\w+),/;
my $given = boot(chapter => 8, arch => 'x86_64', append => 'random_seed=8',
	input => 'kmalloc 100')->{log};
like($given, qr/^#1: ffff8880*$byte, /m, 'chapter 8: the byte');
my ($in_page) = $chapter8 =~ /and byte 0x(\w+) of the page is the beginning/;
is(hex($byte) & 0xfff, hex $in_page, 'chapter 8: its place in the page');
done_testing();
