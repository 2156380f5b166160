#!/usr/bin/perl
# A few lines in the chapters come from a debugger session, not from a
# plain boot, and so cannot be cut from one. Here the machine says them
# again: each such listing must be what it says now.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Exercise;
use Test::More;

plan skip_all => 'the chapters are not about one kernel'
	if $ENV{CHECK_CHAPTER};
my ($chapter1, $chapter2) = map { join '', map { slurp("$root/$_") }
	documents('--new', $_) } 1, 2;

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
done_testing();
