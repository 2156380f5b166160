#!/usr/bin/perl
# tools/tangle: what it must refuse, what it must leave alone, and where
# its maps lead compilers, debuggers and readers.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use File::Path qw(make_path);
use lib "$FindBin::Bin/../tools";
use Test::More;
use Where qw(read_map origin);

my $n = 0;

refuses('an undefined chunk', 3, qr/<<not there>> is not defined/,
	"<<a/b.c>>=\nint a;\n<<not there>>\n@\n");
refuses('an unused chunk', 4, qr/<<left over>> is never used/,
	"<<a/b.c>>=\nint a;\n@\n<<left over>>=\nint b;\n@\n");
refuses('a misspelt use', 2, qr/<<say helo>> is not defined; <<say hello>> is\. Misspelt\?/,
	"<<a/b.c>>=\n<<say helo>>\n@\n<<say hello>>=\nint b;\n@\n");
refuses('a misspelt definition', 4, qr/<<say helo>> is never used; <<say hello>> is\. Misspelt\?/,
	"<<a/b.c>>=\n<<say hello>>\n@\n<<say helo>>=\nint b;\n@\n");
refuses('a code line that begins with "@ "', 3, qr/a code line that begins with "@ "/,
	"<<a/b.c>>=\nint a;\n@ foo\nint b;\n@\n");
refuses('a lone << in code', 3, qr/a stray <<: no >> ends it/,
	"<<a/b.c>>=\nint a;\n<<oh dear\n@\n");
refuses('a stray << in the prose', 2, qr/a stray << in the prose/,
	"Prose.\nOne << two, and no chunk.\n<<a/b.c>>=\nint a;\n@\n");
refuses('shifts taken for a chunk', 2, qr/<<.*b\).*>> is not defined/,
	"<<a/b.c>>=\nint a = (1 << b) >> c;\n@\n");
refuses('a missing @', 3, qr/chunk 'a\/c\.c' begins inside a chunk/,
	"<<a/b.c>>=\nint a;\n<<a/c.c>>=\nint b;\n@\n");
refuses('a line that ends in CR LF', 2, qr/carriage return/,
	"<<a/b.c>>=\nint a;\r\n@\n");
refuses('a path out of the tree', 1, qr/'\.\.\/b\.c' leaves the tree/,
	"<<../b.c>>=\nint a;\n@\n");
several_errors();
across_chapters();
documents_of_kernels();
time_stamps();
stale_files();
indented_use();
errors_name_chapters();
where();
gdb() for grep { $_ eq 'x86_64' } archs();
done_testing();

# A tree of its own for each test: a chapters folder and an output.
sub setting {
	my (%files) = @_;
	my $dir = "$tmp/tangle" . ++$n;
	make_path("$dir/chapters");
	spill($files{$_}, "$dir/chapters/$_") for keys %files;
	return $dir;
}

# tangle, run in a folder: its status and what it said.
sub tangle {
	my ($dir, @args) = @_;
	return quiet_run('sh', '-c', 'cd "$0" && exec "$@"', $dir, $^X,
		"$root/tools/tangle", @args);
}

# Everything under a folder: name => [contents, time stamp].
sub snapshot {
	my ($dir) = @_;
	my %all;
	my @todo = ($dir);
	while (defined(my $name = shift @todo)) {
		push @todo, glob "$name/*" if -d $name;
		$all{$name} = [slurp($name), (stat _)[9]] if -f $name;
	}
	return \%all;
}

# The chapter is refused with its name and line; there was no tree, and
# there is none; there was one, and it stays as it is.
sub refuses {
	my ($what, $line, $says, $text) = @_;
	my $dir = setting('01-bad.nw' => $text);
	my ($status, $said) = tangle($dir, '--to', 'out', '--map', 'out.map',
		'chapters/01-bad.nw');
	isnt($status, 0, "$what: refused");
	like($said, qr{^chapters/01-bad\.nw:$line: .*$says}m,
		"$what: where and why");
	is_deeply([sort glob "$dir/*"], ["$dir/chapters"],
		"$what: nothing is written");
	spill("<<a/b.c>>=\nint good;\n@\n<<a/d.c>>=\nint d;\n@\n",
		"$dir/chapters/01-good.nw");
	($status) = tangle($dir, '--to', 'out', 'chapters/01-good.nw');
	is($status, 0, "$what: once mended, taken");
	utime 1e9, 1e9, "$dir/out/a/b.c";
	my $before = snapshot("$dir/out");
	tangle($dir, '--to', 'out', 'chapters/01-bad.nw');
	is_deeply(snapshot("$dir/out"), $before,
		"$what: the tree from before is untouched");
}

sub several_errors {
	my $dir = setting('01-bad.nw' => "<<a/b.c>>=\n<<one>>\n<<two>>\n@\n"
		. "<<three>>=\nx\n@\n");
	my ($status, $said) = tangle($dir, '--to', 'out', 'chapters/01-bad.nw');
	is(scalar(() = $said =~ /^chapters/mg), 3, 'every error is told at once');
	($status, $said) = tangle($dir, '--to', 'out', 'chapters/02-none.nw');
	isnt($status, 0, 'a chapter that is not there: refused');
	like($said, qr{chapters/02-none\.nw}, 'a chapter that is not there: named');
}

# A later chapter fills an earlier one's slot; errors name the right one.
sub across_chapters {
	my $dir = setting(
		'01-one.nw' => "<<a/b.c>>=\nint a;\n<<more>>\n@\n<<more>>=\n@\n",
		'02-two.nw' => "Prose.\n\n<<more>>=\nint b;\n@\n",
		'03-bad.nw' => "<<more>>=\n<<nobody>>\n@\n");
	my @chapters = map { "chapters/$_.nw" } qw(01-one 02-two 03-bad);
	my ($status) = tangle($dir, '--to', 'one', $chapters[0]);
	is($status, 0, 'an empty slot is legal');
	is(slurp("$dir/one/a/b.c"), "int a;\n\n", 'and empty')
		or diag(slurp("$dir/one/a/b.c"));
	tangle($dir, '--to', 'two', @chapters[0, 1]);
	is(slurp("$dir/two/a/b.c"), "int a;\nint b;\n",
		'a later chapter fills it');
	(undef, my $said) = tangle($dir, '--to', 'three', @chapters);
	like($said, qr{^chapters/03-bad\.nw:2: }m,
		'an error in a later chapter names that one');
}

# Which documents make which kernel, by an order of the test's own; and
# what is wrong with an order is told.
sub documents_of_kernels {
	my %text = map { $_ => "Prose.\n" } '01-one.nw', '02-two.nw',
		'workshop/A1-more.nw', 'workshop/A2-late.nw',
		'workshop/B2-last.nw', 'selftests/02-two.nw';
	my $order = "# which\n1 01-one.nw\n1 workshop/A1-more.nw only\n"
		. "2 workshop/B2-last.nw\n2 02-two.nw\n"
		. "2 workshop/A2-late.nw\n2 selftests/02-two.nw\n";
	my $dir = setting();
	make_path("$dir/tools", "$dir/chapters/workshop",
		"$dir/chapters/selftests");
	spill(slurp("$root/tools/$_"), "$dir/tools/$_")
		for qw(chapters Documents.pm);
	spill($text{$_}, "$dir/chapters/$_") for keys %text;
	my $ask = sub {
		my ($lines, @args) = @_;
		spill($lines, "$dir/chapters/order");
		my ($status, $said) = quiet_run($^X, "$dir/tools/chapters",
			@args);
		return ($status ? 'fails: ' : '')
			. join ' ', map { s{^chapters/}{}r } split /\n/, $said;
	};
	is($ask->($order), '01 02', 'two kernels');
	is($ask->($order, 1), '01-one.nw workshop/A1-more.nw',
		'the documents of kernel 1');
	is($ask->($order, 2), '01-one.nw workshop/B2-last.nw 02-two.nw '
		. 'workshop/A2-late.nw selftests/02-two.nw',
		'of kernel 2, in their order, without that of kernel 1 alone');
	is($ask->($order, '--new', 1), '01-one.nw workshop/A1-more.nw',
		'what kernel 1 is the first to have');
	is($ask->($order, '--all'), '01-one.nw 02-two.nw workshop/A1-more.nw '
		. 'workshop/A2-late.nw workshop/B2-last.nw selftests/02-two.nw',
		'all, in the order of the book');
	is($ask->($order, '--woven'), '01-one:story:1:chapters/01-one.nw '
		. '02-two:story:2:chapters/02-two.nw workshop-A:workshop:A:'
		. 'chapters/workshop/A1-more.nw,chapters/workshop/A2-late.nw '
		. 'workshop-B:workshop:B:chapters/workshop/B2-last.nw '
		. 'selftests-02:selftests:S2:chapters/selftests/02-two.nw',
		'an appendix is woven of all its documents');
	my %wrong = (
		'a file that is not in it' => [$order =~ s/^2 selftests.*\n//mr,
			qr{selftests/02-two\.nw: is not in chapters/order$}],
		'a file that is not there' => ["$order\n2 workshop/C2-x.nw\n",
			qr{order:9: workshop/C2-x\.nw: there is no such file$}],
		'a name of no kind' => ["$order\n2 two.nw\n",
			qr{order:9: two\.nw: no document has such a name$}],
		'a line that says it again' => ["${order}1 01-one.nw\n",
			qr{order:8: 01-one\.nw: is in line 2 already$}],
		'another kernel than the name says' => [$order =~ s/^2 w/1 w/mr,
			qr{order:4: \S+: by its name it is of kernel 2, not of 1$}],
		'a line of no sense' => ["${order}02-two.nw 2\n",
			qr{order:8: not KERNEL PATH \[only\]$}],
	);
	like($ask->($wrong{$_}[0], 2), qr/^fails: .*$wrong{$_}[1]/,
		"an order with $_") for sort keys %wrong;
	like($ask->($order, 3), qr/^fails: .*no kernel 3, there are 1 to 2$/,
		'no kernel of a number that is not there');
	like($ask->($order, '--kind', 'tale'), qr/^fails: .*nothing is there/,
		'and no empty answer');
}

sub time_stamps {
	my $dir = setting('01-a.nw' =>
		"<<a/b.c>>=\nint a;\n@\n<<a/c.c>>=\nint c;\n@\n");
	tangle($dir, '--to', 'out', 'chapters/01-a.nw');
	utime 1e9, 1e9, "$dir/out/a/b.c", "$dir/out/a/c.c";
	spill("<<a/b.c>>=\nint a;\n@\n<<a/c.c>>=\nint d;\n@\n",
		"$dir/chapters/01-a.nw");
	tangle($dir, '--to', 'out', 'chapters/01-a.nw');
	is((stat "$dir/out/a/b.c")[9], 1e9, 'a file that is the same keeps its time');
	isnt((stat "$dir/out/a/c.c")[9], 1e9, 'one that changed does not');
	is(slurp("$dir/out/a/c.c"), "int d;\n", 'and has changed');
}

sub stale_files {
	my $dir = setting('01-a.nw' =>
		"<<a/b.c>>=\nint a;\n@\n<<old/c.c>>=\nint c;\n@\n");
	tangle($dir, '--to', 'out', 'chapters/01-a.nw');
	make_path("$dir/out/out/x86_64");
	spill('object', "$dir/out/out/x86_64/a.o");
	spill("<<a/b.c>>=\nint a;\n@\n", "$dir/chapters/01-a.nw");
	tangle($dir, '--to', 'out', 'chapters/01-a.nw');
	ok(!-e "$dir/out/old/c.c", 'a file that no chapter has any more is removed');
	ok(-e "$dir/out/a/b.c", 'the others stay');
	ok(-e "$dir/out/out/x86_64/a.o", 'and so does what was built');
	is_deeply([grep { /stage|\.new$/ } glob "$dir/* $dir/out/*/*"], [],
		'nothing is left lying about');
}

# A use that stands indented indents what it uses, but no empty lines; an
# empty slot leaves none.
sub indented_use {
	my $dir = setting('01-a.nw' => "<<a/b.c>>=\nint f()\n{\n\t<<slot>>\n"
		. "\t<<body>>\n}\n@\n<<slot>>=\n@\n"
		. "<<body>>=\nif (a)\n\tb();\n\n#ifdef D\nc();\n#endif\n@\n");
	tangle($dir, '--to', 'out', '--map', 'out.map', 'chapters/01-a.nw');
	is(slurp("$dir/out/a/b.c"), "int f()\n{\n\n\tif (a)\n\t\tb();\n\n"
		. "#ifdef D\n\tc();\n#endif\n}\n",
		'an indented use');
	is(slurp("$dir/out.map"), join('', map { join("\t", 'a/b.c', @$_) . "\n" }
		[1, 3, 'chapters/01-a.nw', 2, 'a/b.c'],
		[4, 9, 'chapters/01-a.nw', 11, 'body'],
		[10, 10, 'chapters/01-a.nw', 6, 'a/b.c']), 'and its map');
}

# A chapter with an error in each language, before and behind a chunk
# that is included. What each tool says, sent through tools/where, must
# name the chapter and the line that has the word ERROR, and the tree's.
sub errors_name_chapters {
	my @lines = split /\n/, slurp("$root/tests/tangle/errors.nw");
	my %error;
	for (0 .. $#lines) {
		$error{$1} = $_ + 1 if $lines[$_] =~ /ERROR (\w+)/;
	}
	my $dir = setting('01-errors.nw' => join "\n", @lines, '');
	my ($status, $said) = tangle($dir, '--to', 'out', '--map', 'out.map',
		'chapters/01-errors.nw');
	is($status, 0, 'the chapter of errors tangles') or diag($said);
	my %tools = (
		c => 'gcc -fsyntax-only e/errors.c',
		clang => 'clang -fsyntax-only e/errors.c',
		# NASM removes its output when it fails: never a device.
		asm => 'nasm -f elf64 -o errors.o e/errors.asm',
		perl => 'perl -c e/errors.pl',
	);
	for my $tool (sort keys %tools) {
		my (undef, $text) = quiet_run('sh', '-c', "cd '$dir/out' && "
			. "$tools{$tool} 2>&1 | '$root/tools/where' "
			. "--map '$dir/out.map' --rewrite");
		my $kind = $tool eq 'clang' ? 'c' : $tool;
		for (sort grep { /^$kind\d/ } keys %error) {
			like($text, qr{chapters/01-errors\.nw:$error{$_}\b.*\[e/errors\.\w+:\d+},
				"$tool: error $_ is in line $error{$_}");
		}
		unlike($text, qr{^e/errors\S*:\d|at e/}m,
			"$tool: the chapter comes first");
	}
	unlike(join('', map { slurp($_) } glob "$dir/out/e/*"),
		qr/^\s*[#%] ?line/m, 'there are no line directives');
}

# Every line of every file of the last tree leads to a line of a chapter
# with the same text, and that one leads back to it.
sub where {
	my ($chapter) = reverse chapters();
	my $map = read_map(tree($chapter) . '.map');
	my (%text, %lines, @bad);
	for my $path (sort keys %$map) {
		my @lines = slurp(tree($chapter) . "/$path") =~ /^(.*)\n/mg;
		push @bad, "the end of $path"
			if @lines != $map->{$path}[-1]{last};
		for my $n (1 .. @lines) {
			my $from = origin($map, $path, $n);
			$text{$from->{file}} //= [split /\n/,
				slurp("$root/$from->{file}")];
			my $there = $text{$from->{file}}[$from->{line} - 1];
			push @bad, "$path:$n" if index($lines[$n - 1] =~ s/^\s+//r,
				$there =~ s/^\s+|@(?=<<|>>)//gr) < 0
				&& $there !~ /<<.*>>/;
		}
	}
	is("@bad", '', 'every line of the last tree is in a chapter');
	my ($path) = grep { m{^init/main\.c$} } keys %$map;
	my ($status, $said) = quiet_run("$root/tools/where", 'init/main.c:1');
	is($status, 0, 'tools/where knows init/main.c');
	my ($place) = $said =~ m{^(chapters/\S+\.nw:\d+)$}m;
	like($said, qr/^  in the chunk <<.+>>\n  in section \w+\.\d+ \S/m,
		'and its chunk and section');
	($status, $said) = quiet_run("$root/tools/where", $place // '?:1');
	like($said, qr{^tangle/ch\d\d/init/main\.c:1$}m, 'and the way back');
	($status) = quiet_run("$root/tools/where", 'init/main.c:99999');
	isnt($status, 0, 'but no line that is not there');
}

# gdb lists functions whole, from the tree, and knows their chapters.
sub gdb {
	my ($chapter) = reverse chapters();
	local $ENV{CHAPTER} = $chapter;
	my (undef, $text) = quiet_run('gdb', qw(-q -batch -nx),
		'-ex', 'directory ' . tree($chapter), '-x', "$root/tools/gdb.py",
		'-ex', 'list start_kernel', '-ex', 'chapter start_kernel',
		built($chapter, 'x86_64') . '/vmlinux');
	like($text, qr/^\d+\t\{\n(?:.*\n)*?\d+\t\tsetup_arch\(\);$/m,
		'gdb: list shows a function from the tree');
	like($text, qr{^init/main\.c:\d+\nchapters/\d\d-\S+\.nw:\d+\n  in the chunk <<.*>>\n  in section}m,
		'gdb: the command chapter leads to the book');
}
