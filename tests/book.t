#!/usr/bin/perl
# The book as it was built: links that lead somewhere, nothing fetched
# from elsewhere, PDF and HTML that agree, and the volumes with each other.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use Compress::Zlib qw(uncompress);
use File::Basename qw(basename dirname);
use File::Temp qw(tempdir);
use Test::More;
use Unicode::Normalize qw(NFKC);

my $html = "$root/build/book/html";
my $tex = "$root/build/book/tex";
# Of each chapter its kind. On paper the story is one volume, the workshop
# another, and the self-tests are in none.
my @chapters = map { (split /:/)[0] } documents('--woven');
my %kind = map { (split /:/)[0, 1] } documents('--woven');
my %volume = (book => { kind => 'story', file => 'reset-to-kmalloc.pdf' },
	workshop => { kind => 'workshop',
		file => 'reset-to-kmalloc-workshop.pdf' });
for my $volume (values %volume) {
	$volume->{path} = "$root/build/book/pdf/$volume->{file}";
	$volume->{chapters} = [grep { $kind{$_} eq $volume->{kind} } @chapters];
}
my @volumes = grep { @{$volume{$_}{chapters}} } sort keys %volume;

plan skip_all => 'the book is not about one chapter' if $ENV{CHECK_CHAPTER};
plan skip_all => 'the book has not been built' unless -e "$html/index.html"
	|| -e $volume{book}{path};
eval { require Mojo::DOM; 1 } or BAIL_OUT('Mojo::DOM is not installed');

# A chapter is cut into pages; what is said of a whole one is seen on the
# page that is for printing.
sub whole { return "$_[0]-whole.html" }

my %dom;				# of each page, by its file's name
my %ids;				# page => { id => 1 }
read_pages();
pages();
links();
self_contained();
chunks_in_order();
for (@volumes) {
	pdf($_);
	chunk_numbers_agree($_);
	divided_chunks($_);
	other_volume($_);
	log_is_clean($_);
}
skipped_sections();
files_are_the_tree();
chunks_have_places();
members();
readme_shows_this_boot();
said_sentences();
figures_are_drawn_again();
done_testing();

# What a table says that the kernel says stands in the kernel's source.
# A sentence in a source may be cut into several strings.
sub said_sentences {
	my $source = join "\n", map { slurp($_) } grep { -f }
		split /\n/, `find '$root/tangle' -name '*.asm' -o -name '*.c'`;
	utf8::decode($source);
	$source =~ s/"\s*\n\s*(?:db\s*)?"//g;
	for my $chapter (documents('--all')) {
		my $text = slurp("$root/$chapter");
		utf8::decode($text);
		my ($table) = $text =~ /((?:^\|.*\n)+)\nTable:.*\{#tab:bad-worlds/m
			or next;
		my $varies = qr/(?:0x)?\x{2026}|\(\w+\)[ ]needs[ ]a[ ]CPU[ ]with
			|:[ ]ignored|;[ ]the[ ]rest[ ]is[ ]ignored/x;
		my @rows = map { s/^\s+|\s+$//gr } map { (split /\|/)[2] }
			split /\n/, $table;
		# A table of what happens has the kernel's words in marks of code,
		# and behind `panic:`.
		my $told = $rows[0] !~ /^What is said/;
		@rows = map { (/`([^`]+)`/g, /\bpanic: ([^`]*)/) } @rows if $told;
		my @said = grep { length >= 12 && !/^(?::?-|What is said)/ }
			map { s/^\s+|\s+$//gr } map { split $varies } @rows;
		cmp_ok(scalar @said, '>', $told ? 1 : 5,
			"$chapter: a table of what is said");
		for my $said (map { s/\.$//r } @said) {
			# A number may be one that is printed.
			my $form = quotemeta($said) =~ s/\b(\d+)\b/(?:$1|%[a-z]+)/gr;
			ok($source =~ /$form/, "$chapter: the kernel can say '$said'");
		}
	}
}

# A figure waits for each file of the project that its script names.
sub figures_are_drawn_again {
	for my $script (glob "$root/figures/*.pl") {
		my ($name) = basename($script) =~ /(.*)\.pl/;
		my %reads = map { $_ => 1 }
			slurp($script) =~ m{FindBin::Bin/\.\./([\w/.-]+\.\w+)}g;
		for my $file (sort keys %reads) {
			my ($status, $said) = quiet_run('make', '-n', '-C', $root,
				'-f', 'figures/Makefile', '-W', $file, '-o',
				"figures/$name.pl", "build/figures/body/$name.drawn");
			like($said, qr{figures/\Q$name\E\.pl }, "$name is drawn again with $file");
		}
	}
}

# The boot in the README is a picture of what the kernel prints now.
sub readme_shows_this_boot {
	my $dir = tempdir(CLEANUP => 1);
	chdir $root or die "$root: $!\n";
	my ($status) = quiet_run('tools/pictures', '--boot', "$dir/boot.svg");
	is($status, 0, 'README: the picture of a boot can be made');
	ok(slurp("$dir/boot.svg") eq slurp('book/pictures/boot.svg'),
		'README: it is the one that is shown')
		or diag('run tools/pictures and commit what it makes');
}

sub read_pages {
	for my $file (sort glob "$html/*.html") {
		my $text = slurp($file);
		utf8::decode($text);
		my $page = basename($file);
		$dom{$page} = Mojo::DOM->new($text);
		$ids{$page}{$_}++ for $dom{$page}->find('[id]')
			->map(attr => 'id')->each;
	}
}

sub pages {
	ok($dom{"$_.html"}, "$_.html is there")
		for 'index', 'bibliography', 'index-subjects', 'files',
		'index-identifiers', 'index-chunks', @chapters;
	for my $page (sort keys %dom) {
		my $title = $dom{$page}->at('title');
		ok($title && $title->text =~ /\w/, "$page has a title");
		my @twice = grep { $ids{$page}{$_} > 1 } sort keys %{$ids{$page}};
		is("@twice", '', "$page: every id is there once");
	}
	for my $chapter (@chapters) {
		my $dom = $dom{whole($chapter)} or next;
		cmp_ok($dom->find('.chunk')->size, '>', 0,
			"$chapter.html has chunks");
		my @bare = grep { !length($_->attr('alt') // '')
			&& !$_->ancestors('figure')->size }
			$dom->find('img')->each;
		is(scalar @bare, 0, "$chapter.html: pictures have words too");
	}
}

# Every link into the book, from pages and style sheets.
sub links {
	for my $page (sort keys %dom) {
		my @broken = grep { broken($page, $_) } addresses($dom{$page});
		is("@broken", '', "$page: every link leads somewhere");
	}
}

sub addresses {
	my ($dom) = @_;
	my @found;
	for my $attribute (qw(href src poster data)) {
		push @found, $dom->find("[$attribute]")
			->map(attr => $attribute)->each;
	}
	push @found, map { map { (split ' ', $_)[0] } split /,/, $_ }
		$dom->find('[srcset]')->map(attr => 'srcset')->each;
	return @found;
}

sub broken {
	my ($page, $address) = @_;
	return 0 if $address =~ /^(https?|mailto|data):/;
	my ($file, $id) = $address =~ /^([^#]*)(?:#(.*))?$/;
	s/%(\w\w)/chr hex $1/ge for grep { defined } $file, $id;
	utf8::decode($id) if defined $id && !utf8::is_utf8($id);
	$file = $page if $file eq '';
	return 1 unless -e "$html/$file";
	return 0 unless defined $id && $id ne '' && $ids{$file};
	return !$ids{$file}{$id};
}

# Nothing is fetched from another machine; readers may follow a link.
sub self_contained {
	for my $page (sort keys %dom) {
		my $dom = $dom{$page};
		my @outside = grep { m{^(https?:)?//} } map { $_->attr('src')
			// $_->attr('href') // $_->attr('data') // '' }
			$dom->find('[src], [data], link[href], image[href], use[href]')
			->each;
		is("@outside", '', "$page: fetches nothing from elsewhere");
		check_css("$page: its style", join "\n", $dom->find('style')
			->map('all_text')->each, $dom->find('[style]')
			->map(attr => 'style')->each);
		check_js("$page: its scripts", join "\n",
			$dom->find('script:not([src])')->map('all_text')->each);
	}
	check_css(basename($_), slurp($_)) for glob "$html/*.css";
	check_js(basename($_), slurp($_)) for glob "$html/*.js";
	for my $svg (glob "$html/figures/*.svg") {
		unlike(slurp($svg), qr{(?:href|src)\s*=\s*["']https?:|url\(\s*["']?https?:},
			basename($svg) . ': fetches nothing from elsewhere');
	}
}

sub check_css {
	my ($what, $css) = @_;
	my @urls = $css =~ /url\(\s*["']?([^"')]+)/g;
	push @urls, $css =~ /\@import\s+["']([^"']+)/g;
	my @bad = grep { !/^(data:|#)/ && (m{^(https?:)?//}
		|| !-e "$html/" . s/[?#].*//r) } @urls;
	is("@bad", '', "$what: names files of the book only");
}

sub check_js {
	my ($what, $js) = @_;
	my @bad = $js =~ m{((?:fetch|import|open|src\s*=|XMLHttpRequest\S*)\s*\(?\s*["'`]https?://[^"'`]*)}g;
	is("@bad", '', "$what: asks no other machine");
}

# Chunks are numbered through, in the order in which they are read.
sub chunks_in_order {
	for my $chapter (@chapters) {
		my $dom = $dom{whole($chapter)} or next;
		my @numbers = $dom->find('.chunk > .chunk-name > .chunk-number')
			->map('text')->each;
		my ($first) = ($numbers[0] // '') =~ /^(\d+|[A-Z]|S\d+)\./;
		is_deeply(\@numbers, [map { "$first.$_" } 1 .. @numbers],
			"$chapter.html: chunks are numbered from $first.1 on")
			if defined $first;
		my @ids = $dom->find('.chunk')->map(attr => 'id')->each;
		is(scalar(grep { defined } @ids), scalar @numbers,
			"$chapter.html: every chunk can be linked to");
	}
}

sub pdf {
	my ($volume) = @_;
	my $pdf = $volume{$volume}{path};
	ok(-s $pdf, "$volume: the PDF is there") or return;
	my ($status, $info) = quiet_run('pdfinfo', $pdf);
	is($status, 0, "$volume: pdfinfo opens it") or diag($info);
	like($info, qr/^Title: +\S/m, "$volume: it has a title");
	my ($pages) = $info =~ /^Pages: +(\d+)/m;
	cmp_ok($pages // 0, '>', 20, "$volume: and pages");
	my $text = pdf_text($volume);
	like($text, qr/^\s*Contents\s*$/m, "$volume: a table of contents");
	for my $chapter (@{$volume{$volume}{chapters}}) {
		my $dom = $dom{"$chapter.html"} or next;
		my $title = $dom->at('h1') ? $dom->at('h1')->all_text : '';
		$title =~ s/^\s*(?:Workshop)?(?:\d+|[A-Z])\s+//;
		$title =~ s/\s+/ /g;
		my $words = join '\s+', map { quotemeta } split ' ', $title;
		my $times = () = $text =~ /$words/g;
		cmp_ok($times, '>', 1, "$volume: '$title' is in the contents and on its page");
	}
	my (undef, $fonts) = quiet_run('pdffonts', $pdf);
	my @loose = grep { / no +\w+ +\w+ +\d+ +\d+$/ } split /\n/, $fonts;
	is("@loose", '', "$volume: every font is embedded");
}

sub pdf_text {
	my ($volume) = @_;
	return $volume{$volume}{text} //= do {
		my (undef, $text) = quiet_run('pdftotext', '-layout',
			$volume{$volume}{path}, '-');
		utf8::decode($text);
		# The fonts' ligatures are letters again.
		$text =~ s/([\x{fb00}-\x{fb06}])/NFKC($1)/ger;
	};
}

# A chunk that a page divides goes on at the top of the next with its next
# line: no figure has come between, above or below. Between two names of
# chunks a blank line shows no number.
sub divided_chunks {
	my ($volume) = @_;
	return unless -s $volume{$volume}{path};
	my ($last, $divided, @parted);
	for my $page (split /\f/, pdf_text($volume)) {
		my @lines = grep { /\S/ } split /\n/, $page;
		my ($head) = grep { $_ < @lines && $lines[$_] =~ /, continued\s*$/ } 0 .. 2;
		if (defined $head) {
			my ($first) = $lines[$head + 1] =~ /^\s*(\d+)(?:\s|$)/;
			my $skips = $lines[$head + 1] =~ /^\s*\d+\s+\x{27e8}/;
			$divided++;
			push @parted, $lines[$head] =~ s/^\s+//r
				unless $first && $last && ($first == $last + 1
					|| $skips && $first == $last + 2);
		}
		my ($foot) = grep { $lines[$_] =~ /^\s*continues \x{21aa}/ } 0 .. $#lines;
		($last) = $foot ? $lines[$foot - 1] =~ /^\s*(\d+)(?:\s|$)/ : ();
	}
	cmp_ok($divided, '>', 10, "$volume: pages divide chunks");
	is_deeply(\@parted, [], "$volume: and nothing comes between their lines");
}

# The number and the name that stand over each chunk, in both.
sub chunk_numbers_agree {
	my ($volume) = @_;
	return unless -s $volume{$volume}{path};
	my @web = map { my $dom = $dom{whole($_)}; $dom
		? $dom->find('.chunk:not(.slot)')->map(sub { heading($_->at('.chunk-number')->text,
			$_->at('.name')->all_text) })->each : () }
		@{$volume{$volume}{chapters}};
	my @paper = map { heading(@$_) } headings(pdf_text($volume));
	cmp_ok(scalar @paper, '>', 0, "$volume: there are chunks")
		or diag('no heading of a chunk was recognised');
	is(scalar @paper, scalar @web,
		"$volume: PDF and HTML have as many chunks");
	my @differ = grep { ($web[$_] // '') ne ($paper[$_] // '') }
		0 .. ($#web > $#paper ? $#web : $#paper);
	is(scalar @differ, 0, "$volume: their numbers and names are the same")
		or diag(map { "HTML: $web[$_]\nPDF:  $paper[$_]\n" }
			grep { defined $web[$_] && defined $paper[$_] }
			@differ[0 .. ($#differ > 4 ? 4 : $#differ)]);
}

# Spaces, quotes and the breaks of long names are the typesetter's affair.
sub heading {
	my ($number, $name) = @_;
	$name =~ s/[⟨⟩≡+\s]|\x{27e8}|\x{27e9}|\x{2261}//g;
	$name =~ s/[\x{2018}\x{2019}']//g;
	$name =~ s/[\x{ad}\x{2010}-\x{2014}-]//g;
	return "$number $name";
}

# "1.23 <name> =" at the beginning of a line; a long name may go on in
# the next one.
sub headings {
	my ($text) = @_;
	my @found;
	while ($text =~ /^\s*((?:\d+|[A-Z]|S\d+)\.\d+)\s+\x{27e8}((?:[^\x{27e9}]|\n)*?)\x{27e9}\s*\+?\s*\x{2261}/mg) {
		push @found, [$1, $2];
	}
	return @found;
}

# Named destinations of a PDF: name => the page, as a reader's program
# counts.
sub destinations {
	my ($volume) = @_;
	return $volume{$volume}{destinations} //= do {
		my (undef, $text) = quiet_run('pdfinfo', '-dests',
			$volume{$volume}{path});
		+{ map { /^ *(\d+) .*"(.*)"$/ ? ($2 => $1) : () }
			split /\n/, $text };
	};
}

# Links into the other volume lead to places that it has, and the story
# says of the workshop's sections that they are there.
sub other_volume {
	my ($volume) = @_;
	my ($other) = grep { $_ ne $volume } @volumes or return;
	my $there = destinations($other);
	my $bytes = slurp($volume{$volume}{path});
	my (%lead, @lost);
	while ($bytes =~ m{/ObjStm.*?stream\r?\n(.*?)\r?\nendstream}gs) {
		my $objects = uncompress($1) // next;
		$lead{$2} = $1 while $objects =~
			m{/GoToR/F\(([^)]*)\)/D\(([^)]*)\)}g;
	}
	cmp_ok(scalar keys %lead, '>', 0,
		"$volume: links lead to the $other");
	push @lost, $_ for grep { $lead{$_} ne $volume{$other}{file}
		|| !$there->{$_} } sort keys %lead;
	is("@lost", '', "$volume: to places that are there");
	my $text = pdf_text($volume);
	my $named = () = $text =~ /\bWorkshop\s+[A-Z]\.\d/g;
	cmp_ok($named, $volume eq 'book' ? '>' : '==', 0,
		"$volume: its text names sections of the other as it should");
}

# A file's page is the file of the last kernel, and each line leads to the
# chunk that it stands in.
sub files_are_the_tree {
	my ($last) = reverse chapters();
	my $tree = tree($last);
	return unless -d $tree;
	my %page = map { /^file-/ ? ($dom{$_}->at('h1')->all_text => $_) : () }
		keys %dom;
	my (@differ, @loose);
	for my $path (sort keys %page) {
		my $dom = $dom{$page{$path}};
		my $text = $dom->at('pre.file')->all_text;
		my $file = -e "$tree/$path" ? slurp("$tree/$path") : '';
		utf8::decode($file);
		push @differ, $path if $file ne $text;
		my $runs = $dom->find('pre.file .run');
		push @loose, $path if $runs->size != $dom->find(
			'pre.file .run > a.n:first-child[href*="#c"]')->size
			|| $runs->map(sub { $_->find('i')->size })->reduce(
				sub { $a + $b }, 0) != ($text =~ tr/\n//);
	}
	cmp_ok(scalar keys %page, '>', 50, 'files have pages');
	is("@differ", '', "which are the files of kernel $last, letter by letter");
	is("@loose", '', 'and all of their lines lead to a chunk');
}

# Every chunk of code names the file that it flows into; in a file that the
# last kernel has, it leads there, to the chunk's own lines.
sub chunks_have_places {
	my (@nameless, @wrong);
	my $linked = 0;
	for my $chapter (@chapters) {
		my $dom = $dom{whole($chapter)} or next;
		for my $chunk ($dom->find('.chunk')->each) {
			my $number = $chunk->at('.chunk-number')->text;
			my $place = $chunk->at('.place');
			push @nameless, $number unless $place;
			my ($page, $line) = ($place ? $place->attr('href') // '' : '')
				=~ /^(.*)#(L\d+)$/ or next;
			$linked++;
			my $at = $ids{$page}{$line};
			push @wrong, $number unless $at;
		}
	}
	is("@nameless", '', 'every chunk says where it flows');
	cmp_ok($linked, '>', 100, 'and leads to its file');
	is("@wrong", '', 'which has the line');
}

# What stands behind an arrow is a member, and links to no macro that has
# the same name.
sub members {
	my ($members, @others) = (0);
	for my $page (map { whole($_) } @chapters) {
		my $text = slurp("$html/$page");
		$members += () = $text =~ /-&gt;<\/span><a href="[^"]*" data-of="\w+">/g;
		push @others, "$page: $1" while $text =~ /-&gt;<\/span><a href="[^"]*">(\w+)/g;
	}
	cmp_ok($members, '>', 100, 'names behind an arrow link to their struct');
	is("@others", '', 'and to nothing else');
}

# A section that may be skipped says so.
sub skipped_sections {
	my $in_source = () = join("\n", map { slurp("$root/$_") }
		documents('--all')) =~ /^#+ .*\{[^}]*\.skip\b/mg;
	my $shown = 0;
	$shown += $dom{$_}->find('.skip-note')->size
		for grep { !$dom{$_}->at('body.whole') } keys %dom;
	is($shown, $in_source, 'sections that may be skipped say so');
}

sub log_is_clean {
	my ($volume) = @_;
	my $log = "$tex/$volume.log";
	ok(-s $log, "$volume: LaTeX's log is there") or return;
	my $text = slurp($log);
	# What the eye does not see: tables round by a point, and pages end
	# where a line does, a quarter of one lower or higher.
	my @wide = grep { my $least = /vbox/ ? 3 : 1;
			/\(([\d.]+)pt/ && $1 > $least }
		$text =~ /^(Overfull \\[hv]box .*)$/mg;
	is(join("\n", @wide), '', "$volume: no overfull box");
	is(join("\n", $text =~ /^(.*(?:undefined references|[Rr]eference `[^']*'.* undefined|multiply.defined).*)$/mg),
		'', "$volume: no undefined and no doubled reference");
	is(join("\n", $text =~ /^(Missing character.*)$/mg), '',
		"$volume: no letter without a glyph");
}
