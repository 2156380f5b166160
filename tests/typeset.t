#!/usr/bin/perl
# Runs of LaTeX: what one that was killed left behind does no harm to the
# next, and two runs are enough, since the first has contents as long as
# the right ones.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use File::Temp qw(tempdir);
use Test::More;

plan skip_all => 'the book is not about one chapter' if $ENV{CHECK_CHAPTER};
plan skip_all => 'there is no xelatex'
	unless grep { -x "$_/xelatex" } split /:/, $ENV{PATH};

my $dir = tempdir(CLEANUP => 1);
my $runs;
chdir $dir or die "$dir: $!\n";
spill(<<'EOF', 'doc.tex');
\documentclass{scrbook}
\newcommand\chapternumber[1]{\def\thechapter{#1}}
\setcounter{tocdepth}{2}\setcounter{secnumdepth}{2}
\begin{document}\frontmatter\tableofcontents\input{\jobname-parts}\end{document}
EOF
spill(<<'EOF', 'volume-parts.tex');
\setcounter{secnumdepth}{0}\input{front}\setcounter{secnumdepth}{2}\mainmatter
\chapternumber{B}\input{one}
EOF
spill("\\chapter{Before}\nText.\n", 'front.tex');
spill("\\chapter{A \\emph{title} of two {groups}}\n"
	. join('', map { "\\section{Section $_}\nText.\n\\newpage\n"
		. "\\subsection{Below}\nText.\n" } 1 .. 60), 'one.tex');

is(typeset('volume', 'doc.tex'), 0, 'a first run');
my $given = slurp('volume.given');
like($given, qr/\\numberline \{B\}A \\emph\{title\} of two \{groups\}\}/,
	'its contents are guessed: chapters');
like($given, qr/\\numberline \{B\.60\.1\}Below/, 'and what is below them');
is(typeset('--finish', 'doc.tex', 'volume'), 0, 'a second one');
is($runs, 1, 'is the last');
ok(-s 'volume.pdf', 'and there is a PDF');
is(slurp('volume.given'), slurp('volume.toc'), 'with the right contents');

my %whole = map { $_ => slurp("volume.$_") } qw(aux toc);
for my $kind (sort keys %whole) {
	my $text = $whole{$kind};
	for my $part (0.03, 0.5, 0.99) {
		spill($whole{$_}, "volume.$_") for keys %whole;
		spill(substr($text, 0, length($text) * $part), "volume.$kind");
		is(typeset('volume', 'doc.tex'), 0, "the .$kind was cut after $part of it");
		is(slurp("volume.$kind") =~ s/.*\n(?=.)//sr, $text =~ s/.*\n(?=.)//sr, 'and is whole again');
	}
}
spill('', 'volume.aux');
is(typeset('volume', 'doc.tex'), 0, 'an empty .aux');
done_testing();

sub typeset {
	my ($status, $said) = quiet_run("$root/book/typeset", @_);
	diag($said) if $status;
	$runs = () = $said =~ /^This is XeTeX/mg;
	return $status;
}
