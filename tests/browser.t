#!/usr/bin/perl
# The HTML as a reader meets it, in Debian's Chromium: from files and over
# http, on a desk and on a phone, light and dark. A search is typed, names
# are hovered and touched, links followed and gone back; no page is longer
# or heavier than it may be, and axe-core finds nothing in it.
#
# In the short form a sample of the pages, another one with each SEED; in
# the long form all of them.
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/lib";
use Boot;
use File::Basename qw(basename);
use File::Temp qw(tempdir);
use List::Util qw(shuffle);
use Test::More;

my $html = "$root/build/book/html";
plan skip_all => 'the book is not about one chapter' if $ENV{CHECK_CHAPTER};
plan skip_all => 'the HTML has not been built' unless -e "$html/index.html";
eval { require Browser; 1 } or BAIL_OUT("Mojolicious is not installed: $@");
plan skip_all => 'there is no Chromium' unless Browser::program();

# The limits of a page: bytes; and in the story, screens of 900 pixels.
use constant { BYTES => 150_000, SCREENS => 6, SCREEN => 900 };

my $seed = $ENV{SEED} // 1;
srand $seed;
my @all = map { basename($_) } sort glob "$html/*.html";
my %kind = map { (split /:/)[0, 1] } documents('--woven');
my @whole = grep { /-whole/ && slurp("$html/$_") =~ /<body class="\w+ whole\b/ } @all;
my @files = grep { /^file/ } @all;
my %not = map { $_ => 1 } @whole, @files;
my @sections = grep { !$not{$_} } @all;
my ($story) = grep { $kind{$_} eq 'story' } sort { $b cmp $a } keys %kind;

my $browser = Browser->start;
my ($served, $server) = serve();
END { kill 'TERM', $server if $server }

light_pages();
high_pages();
search($_) for places();
previews();
goes_and_comes($_) for places();
keys_stay();
files_by_kernel();
phone();
accessible();
nothing_leaves();
moved();
is("@{$browser->{errors}}", '', 'no script fails');
diag("seed $seed");
done_testing();

sub places { return ("file://$html", $served) }

# The pages over http, on some port of loopback.
sub serve {
	require IO::Socket::INET;
	my $port = IO::Socket::INET->new(Listen => 1,
		LocalAddr => '127.0.0.1')->sockport;
	my $pid = fork // die "fork: $!\n";
	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		exec $^X, "$root/tools/serve", $html, $port;
	}
	my $url = "http://127.0.0.1:$port";
	for (1 .. 200) {
		last if IO::Socket::INET->new(PeerAddr => "127.0.0.1:$port");
		select undef, undef, undef, 0.05;
	}
	return ($url, $pid);
}

sub some { my ($n, @of) = @_; return @of if long_form() || @of <= $n; return (shuffle @of)[0 .. $n - 1] }

sub light_pages {
	my %whole = map { $_ => 1 } @whole;
	my @heavy = grep { !$whole{$_} && -s "$html/$_" > BYTES } @all;
	is("@heavy", '', 'no page is heavier than ' . BYTES . ' bytes');
}

sub high_pages {
	$browser->screen(1440, SCREEN);
	my @story = grep { my $page = $_; grep { $kind{$_} =~ /story|front/
		&& $page =~ /^\Q$_\E[-.]/ } keys %kind } @sections;
	cmp_ok(scalar @story, '>', 40, 'the story has many pages');
	my @high;
	for my $page (some(12, @story)) {
		$browser->go("file://$html/$page");
		my $height = $browser->js('document.documentElement.scrollHeight');
		push @high, "$page: $height" if $height > SCREENS * SCREEN;
	}
	is("@high", '', 'none of them is longer than ' . SCREENS . ' screens');
}

sub at { return basename($browser->js('location.pathname')) }
sub hash { return $browser->js('decodeURIComponent(location.hash)') }

# What is typed, and what Enter must lead to.
sub search {
	my ($where) = @_;
	my $name = $where =~ /^file/ ? 'from a file' : 'over http';
	search_on_a_phone($where, "$name, on a phone");
	$browser->screen(1440, SCREEN);
	my @wanted = (['memblock_add_range', qr/^#c3\./],
		['memblock_add_range()', qr/^#c3\./], ['3.22', qr/^#c3\.22$/],
		['the old region wins', qr/^|^#/],
		['mm/memblock.c', qr/^$/, qr/^file-mm-memblock\.c/],
		['memblock_ad_range', qr/^#c3\./]);
	for (@wanted) {
		my ($typed, $hash, $page) = @$_;
		$browser->go("$where/index.html");
		$browser->key('/');
		$browser->type($typed);
		ok($browser->wait_for('document.querySelector("#results li[aria-selected=true]")'),
			"$name: '$typed' is found") or next;
		$browser->key('Enter');
		ok($browser->wait_for('!/index.html$/.test(location.pathname) && document.readyState === "complete"'),
			"$name: and Enter goes there") or next;
		like(hash(), $hash, "$name: to the right place");
		like(at(), $page, "$name: on the right page") if $page;
		ok($browser->js('!location.hash || !!document.getElementById(decodeURIComponent(location.hash.slice(1)))'),
			"$name: which is on the page");
	}
	# By the arrows to the second.
	$browser->go("$where/index.html");
	$browser->click('document.querySelector("#search-here")');
	$browser->type('buddy allocator');
	$browser->wait_for('document.querySelectorAll("#results li").length > 1');
	$browser->key('ArrowDown');
	is($browser->js('[...document.querySelectorAll("#results li")].findIndex(e => e.getAttribute("aria-selected") === "true")'),
		1, "$name: an arrow goes to the second");
	ok($browser->js('!!document.querySelector("#results mark")'),
		"$name: with what was found marked");
	$browser->key('Escape');
	ok($browser->js('!document.querySelector("#search").open'),
		"$name: Escape closes it");
}

sub search_on_a_phone {
	my ($where, $name) = @_;
	$browser->screen(390, 844, 1, 1);
	$browser->go("$where/index.html");
	$browser->tap('document.querySelector("#find")');
	ok($browser->wait_for('document.querySelector("#search").open'),
		"$name: a touch opens the search") or return;
	$browser->type('memblock_reserve');
	ok($browser->wait_for('document.querySelector("#results li")'),
		"$name: which finds");
	is($browser->js('document.documentElement.scrollWidth'), 390,
		"$name: within the screen");
	$browser->tap('document.querySelector("#results li")');
	ok($browser->wait_for('/^#c/.test(location.hash) && document.readyState === "complete"'),
		"$name: a touch goes there");
}

# A name's definition is shown beside it, and nothing moves.
sub previews {
	my $of_name = q{[...document.querySelectorAll('pre.code a:not(.use)')].find(e => /^\w+$/.test(e.textContent))};
	my $of_chunk = q{document.querySelector('pre.code a.use')};
	my @with = grep { my $text = slurp("$html/$_"); $text =~ /<pre class="code">.*?<a class="use"/s } @sections;
	for my $page (some(2, @with)) {
		$browser->screen(1440, SCREEN);
		$browser->go("file://$html/$page");
		for my $element ($of_chunk, $of_name) {
			next unless $browser->js("!!($element)");
			$browser->middle($element);
			my $before = layout();
			$browser->hover($element);
			ok($browser->wait_for('!document.querySelector("#preview").hidden'),
				"$page: a name's definition is shown");
			is(layout(), $before, "$page: and nothing moves");
			ok($browser->js('(() => { const r = document.querySelector("#preview").getBoundingClientRect(); return r.left >= 0 && r.right <= innerWidth && r.top >= 0; })()'),
				"$page: it is in the window");
			$browser->key('Escape');
			ok($browser->js('document.querySelector("#preview").hidden'),
				"$page: Escape takes it away");
		}
		$browser->screen(390, 844, 0, 1);
		$browser->go("file://$html/$page");
		$browser->tap($of_chunk);
		ok($browser->wait_for('!document.querySelector("#preview").hidden'),
			"$page: a finger shows it");
		is(at(), $page, "$page: and does not leave the page");
		$browser->tap($of_chunk);
		ok($browser->wait_for('/^#c/.test(location.hash)'),
			"$page: a second touch goes there");
	}
}

sub layout {
	return join ' ', @{$browser->js(q{[document.documentElement.scrollHeight, scrollX, scrollY,
		...[...document.querySelectorAll('main > *')].slice(0, 60).map(e => Math.round(e.getBoundingClientRect().top))]})};
}

# A link is followed, and the way back leads to where one was.
sub goes_and_comes {
	my ($where) = @_;
	my $wide = 0;
	for my $page (some(4, grep { /^\Q$story\E-/ && !/-whole/ } @sections)) {
		$browser->screen(($wide = !$wide) ? 1440 : 390, SCREEN);
		$browser->go("$where/$page");
		my $link = q{[...document.querySelectorAll('main p a[href]')].find(e => !e.hash && e.pathname !== location.pathname)};
		$link = q{document.querySelector('.turn a')} unless $browser->js("!!($link)");
		my $goal = basename($browser->js("$link.pathname"));
		$browser->click($link);
		ok($browser->wait_for("location.pathname.endsWith('/$goal') && document.readyState === 'complete'"),
			"$page: a link leads to $goal");
		$browser->js('setTimeout(() => history.back()); 0');
		ok($browser->wait_for("location.pathname.endsWith('/$page')"),
			"$page: and back");
	}
}

# The bare arrows scroll; letters lead; none does where a reader wants none.
sub keys_stay {
	$browser->screen(1440, SCREEN);
	$browser->go("file://$html/$story.html");
	for my $key (qw(ArrowRight ArrowLeft)) {
		$browser->key($key);
		select undef, undef, undef, 0.2;
		is(at(), "$story.html", "$key stays on the page");
	}
	$browser->key('n');
	ok($browser->wait_for("!location.pathname.endsWith('/$story.html') && document.readyState === 'complete'"), 'n goes to the next page');
	$browser->key('?');
	ok($browser->js('document.querySelector("#help").open'), 'a list of keys');
	$browser->click('document.querySelector("#keys-off")');
	$browser->key('Escape');
	my $here = at();
	$browser->key('n');
	select undef, undef, undef, 0.2;
	is(at(), $here, 'keys can be turned off');
	$browser->js('localStorage.clear()');
	my $tabs = $browser->js(q{[...document.querySelectorAll('pre[tabindex]')].filter(e => e.scrollWidth <= e.clientWidth + 1).length});
	is($tabs, 0, 'a listing that does not scroll is no tab stop');
}

sub files_by_kernel {
	$browser->screen(1440, SCREEN);
	$browser->go("file://$html/files.html");
	my $rows = $browser->js('document.querySelectorAll("table.files tbody tr").length');
	$browser->click('document.querySelector(".legend button")');
	my $left = $browser->js('document.querySelectorAll("table.files tbody tr:not([hidden])").length');
	cmp_ok($left, '<', $rows, 'the files of one kernel are fewer than all');
	for my $page (some(2, grep { /^file-/ } @files)) {
		$browser->go("file://$html/$page");
		my $line = q{(a => a[a.length >> 1])([...document.querySelectorAll('pre.file i')])};
		$browser->middle($line);
		ok($browser->js("(e => { const r = e.getBoundingClientRect(), a = document.elementFromPoint(r.x - 30, r.y + 5); return a.matches('a.n') && a.hash.startsWith('#c') && a.parentNode === e.parentNode; })($line)"),
			"$page: a line's number leads to its chunk");
		$browser->click('document.querySelector(".legend button")');
		ok($browser->js(q{(k => [...document.querySelectorAll('pre.file .run')].every(e => e.classList.contains(k) !== e.hasAttribute('hidden-run')))(document.querySelector('.legend button').className)}),
			"$page: one kernel's lines can be chosen");
	}
}

# On a phone no page is wider than the screen.
sub phone {
	$browser->screen(390, 844, 0, 1);
	for my $page (some(10, @sections), some(2, @files)) {
		$browser->go("file://$html/$page");
		is($browser->js('document.documentElement.scrollWidth'), 390,
			"$page: is as wide as a phone");
		next if $page =~ /^file/;
		is($browser->js(q{[...document.querySelectorAll('pre')].filter(e => e.scrollWidth > e.clientWidth + 1).length}),
			0, "$page: code goes on under itself");
	}
}

# What axe-core says of pages, light and dark, on a desk and on a phone, and
# of what opens over them. What has to do with neither colour nor links is
# the same in the dark.
sub accessible {
	my $axe = axe();
	SKIP: {
		skip $axe->{why}, 1 unless $axe->{script};
		for my $page (some(6, @sections), some(1, @files), long_form() ? @whole : ()) {
			faults($axe, $page, $_) for 1440, 390;
		}
		my $name = q{[...document.querySelectorAll('pre.code a')].find(e => e.hash.startsWith('#c'))};
		my ($code) = shuffle grep { slurp("$html/$_") =~ /<pre class="code">.*?<a class="use"/s } @sections;
		my %open = (search => sub { $browser->key('/'); $browser->type('memblock');
				$browser->wait_for('document.querySelector("#results li")') },
			'list of keys' => sub { $browser->key('?') },
			preview => sub { $browser->hover($name);
				$browser->wait_for('!document.querySelector("#preview").hidden') });
		for my $what (sort keys %open) { faults($axe, $code, $_, $what, $open{$what}) for 1440, 390 }
		my $menu = sub { $browser->click('document.querySelector("#menu")') };
		faults($axe, $code, 390, 'contents', $menu);
	}
}

sub faults {
	my ($axe, $page, $width, $what, $open) = @_;	# the last two: what is opened over it, and how
	for my $dark (0, 1) {
		$browser->screen($width, SCREEN, $dark);
		if (!$dark) {
			$browser->go("file://$html/$page");
			$browser->js($axe->{script} . ';0');
			$open->() if $what;
		}
		my $only = $dark ? q{runOnly: ['color-contrast', 'link-in-text-block'], } : '';
		my $found = $browser->js(qq{axe.run(document, { $only resultTypes: ['violations'] })
			.then(r => r.violations.map(v => v.id + ' (' + v.nodes.length + '): ' + v.nodes[0].html.slice(0, 160)))});
		is(join("\n", @$found), '', "$page" . ($what ? " with its $what" : '') . ": axe-core finds nothing at $width pixels, "
			. ($dark ? 'dark' : 'light'));
	}
}

# axe-core, from npm into build/, once.
sub axe {
	my $dir = "$root/build/axe";
	if (!-e "$dir/package/axe.min.js") {
		return { why => 'axe-core cannot be had: there is no npm' } unless grep { -x "$_/npm" } split /:/, $ENV{PATH};
		mkdir $dir;
		my ($status, $said) = quiet_run('sh', '-c', "cd '$dir' && timeout 100 npm pack --silent axe-core\@4 && tar xzf axe-core-*.tgz");
		return { why => 'axe-core cannot be had from npm' } if $status || !-e "$dir/package/axe.min.js";
	}
	return { script => slurp("$dir/package/axe.min.js") };
}

# The folder can be sent to somebody: where it lies, and how that is called,
# does not matter. Letters, drawings, search and previews come along.
sub moved {
	my $there = tempdir(CLEANUP => 1) . '/the book #1, 100%';
	my ($status, $said) = quiet_run('cp', '-r', $html, $there);
	is($status, 0, 'the folder is copied') or return diag($said);
	my $url = "file://$there" =~ s/([ #%])/sprintf '%%%02X', ord $1/ger;
	@{$browser->{requests}} = ();
	my ($drawn) = shuffle grep { slurp("$html/$_") =~ /<figure class="drawing"/ } @sections;
	$browser->screen(1440, SCREEN);
	$browser->go("$url/$drawn");
	is($browser->js('[...document.images].filter(e => !e.naturalWidth).length'), 0, "moved: $drawn has its drawings");
	is($browser->js('document.fonts.ready.then(f => [...f].filter(e => e.status === "loaded").length > 2 && ![...f].some(e => e.status === "error"))'),
		1, 'moved: and its letters');
	$browser->key('/');
	$browser->type('kmalloc');
	ok($browser->wait_for('document.querySelector("#results li[aria-selected=true]")'), 'moved: it can be searched');
	$browser->key('Enter');
	ok($browser->wait_for('/^#c/.test(location.hash) && document.readyState === "complete"'), 'moved: and leads on');
	my $name = q{document.querySelector('pre.code a[href]')};
	$browser->hover($name) if $browser->js("!!$name");
	ok(!$browser->js("!!$name") || $browser->wait_for('!document.querySelector("#preview").hidden'), 'moved: with its previews');
	my @outside = grep { !m{^(?:\Q$url\E/|data:|about:|blob:)} } @{$browser->{requests}};
	is("@outside", '', 'moved: all of it from the folder');
}

sub nothing_leaves {
	my @outside = grep { !m{^(?:file://\Q$html\E/|\Q$served\E/|data:|about:|blob:)} } @{$browser->{requests}};
	is("@outside", '', 'no request leaves the book');
}
