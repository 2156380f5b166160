package Nw;
# Reads chapters through noweb's own markup, and says what is in them: prose, chunks, the
# quotes that the prose takes from a boot, the files that the chunks tangle to.
use strict;
use warnings;
use Encode 'decode';
use File::Basename 'dirname';
use lib dirname(__FILE__) . '/../tools';
use Documents;
use Exporter 'import';
our @EXPORT_OK = qw(chapters pieces quotes attributes is_root roots expand languages tags
	slurp write_if_changed failures fail);

my $MARKUP = ($ENV{NOWEB_LIB} // '/usr/lib/noweb') . '/markup';
my $QUOTED = qr/"(?:[^"\\]|\\.)*"/s;
my $ATTRIBUTES = qr/(?:[^}"]|$QUOTED)*/s;

# Errors are gathered, so that one run names them all.
binmode STDERR, ':encoding(UTF-8)';
my @failures;
sub fail { my ($place, $message) = @_; push @failures, "$place: $message"; return }
sub failures { print STDERR "$_\n" for @failures; return scalar @failures }

sub slurp {
	my ($path) = @_;
	open my $in, '<:raw', $path or die "$path: $!\n";
	local $/;
	my $text = scalar(<$in>) // '';
	return utf8::decode($text) ? $text : decode('UTF-8', $text);	# a console may print what is no UTF-8
}

# Keeps the time stamp of a file that would not change, so that nothing after it is remade.
sub write_if_changed {
	my ($path, $text) = @_;
	utf8::encode($text);
	if (-e $path && -s _ == length $text) {
		open my $in, '<:raw', $path or die "$path: $!\n";
		local $/;
		return if (<$in> // '') eq $text;
	}
	open my $out, '>:raw', $path or die "$path: $!\n";
	print $out $text;
	close $out or die "$path: $!\n";
}

# What is woven of these documents: a list of chapters { stem, kind, number, paths, items }. The
# documents of an appendix are one chapter. An item is
#   { kind => 'docs', path, line, text }                    text with its [[quotes]] as written
#   { kind => 'code', path, line, name, lines, defines }    a line is { line, parts },
#     and a part is a string, or a reference to the name of a chunk that is used there.
sub chapters {
	my (@paths) = @_;
	my @chapters;
	for my $path (@paths) {
		my $document = Documents::document($path)
			// { kind => 'front', number => '', stem => $path =~ m{([^/]+)\.\w+$} };
		push @chapters, { %$document{qw(stem kind number)}, paths => [], items => [] }
			if !@chapters || $chapters[-1]{stem} ne $document->{stem};
		push @{ $chapters[-1]{paths} }, $path;
		push @{ $chapters[-1]{items} }, map { +{ %$_, path => $path } } items($path);
	}
	return @chapters;
}

# Chunk name -> its pieces, in the order in which they are tangled, which is not that of the book.
sub pieces {
	my (@chapters) = @_;
	my ($any) = grep { $_ } map { Documents::document($_->{paths}[0]) } @chapters;
	my (%rank, %pieces);
	$rank{ $_->{path} } = keys %rank for $any ? Documents::documents($any->{folder}) : ();
	push @{ $pieces{ $_->{name} } }, $_
		for sort { $rank{ $a->{path} } <=> $rank{ $b->{path} } || $a->{line} <=> $b->{line} }
		grep { $_->{kind} eq 'code' } map { @{ $_->{items} } } @chapters;
	return \%pieces;
}

sub items {
	my ($path) = @_;
	open my $in, '-|:encoding(UTF-8)', $MARKUP, '-t', $path or die "$MARKUP: $!\n";
	my ($line, $item, $current, @items) = (1);
	while (<$in>) {
		chomp;
		my ($word, $rest) = /^@(\w+) ?(.*)$/s or die "$path: markup said: $_\n";
		if ($word eq 'begin') {
			$item = { kind => $rest =~ /^docs/ ? 'docs' : 'code', line => $line,
				text => '', lines => [], defines => [] };
			push @items, $item;
		} elsif ($word eq 'defn') {
			$item->{name} = $rest;
		} elsif ($item && $item->{kind} eq 'docs') {
			$item->{text} .= $word eq 'text' ? $rest : $word eq 'nl' ? "\n"
				: $word eq 'quote' ? '[[' : $word eq 'endquote' ? ']]' : '';
		} elsif ($word eq 'text' || $word eq 'use') {
			my $last = $item->{lines}[-1];
			push @{ $item->{lines} }, $last = { line => $line, parts => [] }
				if !$last || $last->{line} != $line;
			push @{ $last->{parts} }, $word eq 'use' ? \"$rest" : $rest if length $rest;
		} elsif ($word eq 'nl' && $item && $item->{kind} eq 'code' && $line > $item->{line}) {
			my $last = $item->{lines}[-1];
			push @{ $item->{lines} }, { line => $line, parts => [] }
				if !$last || $last->{line} != $line;
		} elsif ($word eq 'index' && $rest =~ /^defn (.*)/) {
			push @{ $item->{defines} }, $1;
		}
		$line++ if $word eq 'nl' || ($word eq 'index' && $rest eq 'nl');
	}
	close $in or die "$path: markup failed\n";
	return @items;
}

# {.class #id key=value key="va\"lue"} -> hash; what is inside quotes is otherwise taken as it stands.
sub attributes {
	my ($text) = @_;
	my %found;
	while ($text =~ /\G\s*(?:\.([\w-]+)|#([^\s}]+)|([\w-]+)=($QUOTED|[^\s}"]*))/gc) {
		if (defined $1) { $found{".$1"} = 1 }
		elsif (defined $2) { $found{id} = $2 }
		else {
			my ($key, $value) = ($3, $4);
			$value =~ s/\\"/"/g if $value =~ s/^"(.*)"$/$1/s;
			$found{$key} = $value;
		}
	}
	return \%found;
}

# What the prose of one chapter quotes from boots, in order: { kind => transcript|value, id, line,
# where, item, start, length, attributes }. The id joins what `boots` found to what `web` weaves.
sub quotes {
	my ($chapter) = @_;
	my @quotes;
	for my $item (grep { $_->{kind} eq 'docs' } @{ $chapter->{items} }) {
		my $text = $item->{text};
		while ($text =~ /^(`{3,})\h*\{($ATTRIBUTES)\}\h*\n(.*?)^\1`*\h*$ | \[\]\{($ATTRIBUTES)\}/xmsg) {
			my ($start, $length) = ($-[0], $+[0] - $-[0]);
			my $attributes = attributes($2 // $4);
			my $kind = defined $2 ? 'transcript' : 'value';
			next if !$attributes->{ $kind eq 'value' ? '.val' : '.transcript' };
			my $line = $item->{line} + (substr($text, 0, $start) =~ tr/\n//);
			push @quotes, { kind => $kind, item => $item, start => $start, length => $length,
				line => $line, where => "$item->{path}:$line", attributes => $attributes,
				id => "$chapter->{stem}#" . @quotes };
		}
	}
	return @quotes;
}

# A root chunk is a path; a phrase is for use inside others.
sub is_root { my ($name) = @_; return $name eq 'Makefile' || ($name !~ /\s/ && $name =~ m{/}) }

sub roots {
	my (@chapters) = @_;
	return grep { is_root($_) } sort keys %{ pieces(@chapters) };
}

# One file, tangled: a list of { text, item, line }, its origin with every line.
sub expand {
	my ($name, $pieces, $indent, @above) = @_;
	$indent //= '';
	my @lines;
	return () if grep { $_ eq $name } @above;
	for my $item (@{ $pieces->{$name} // [] }) {
		for my $line (@{ $item->{lines} }) {
			my $here = { text => @lines ? $indent : '', item => $item, line => $line->{line} };
			push @lines, $here;
			for my $part (@{ $line->{parts} }) {
				if (!ref $part) { $here->{text} .= $part; next }
				(my $blank = $here->{text}) =~ s/[^\t]/ /g;
				my ($first, @rest) = expand($$part, $pieces, $blank, @above, $name);
				next if !$first;
				$here->{text} .= $first->{text};
				# The first line of what is used is where a definition in it truly stands.
				@$here{qw(item line)} = @$first{qw(item line)} if $here->{text} =~ /^\s*\Q$first->{text}\E$/;
				push @lines, @rest;
				$here = $rest[-1] if @rest;
			}
		}
	}
	return @lines;
}

my %LANGUAGE = (asm => 'nasm', inc => 'nasm', c => 'c', h => 'c', lds => 'ld', ld => 'ld', S => 'ld',
	mk => 'make', pl => 'perl', pm => 'perl', t => 'perl', sh => 'sh');

# Chunk name -> { root, language }: those of the first file that it flows into.
sub languages {
	my (@chapters) = @_;
	my $pieces = pieces(@chapters);
	my %found;
	for my $root (roots(@chapters)) {
		my ($extension) = $root =~ /\.(\w+)(?:\.in)?$/;
		my $language = $root =~ m{(?:^|/)Makefile(?:\.\w+)?$} ? 'make' : $LANGUAGE{ $extension // '' } // 'text';
		my @queue = ($root);
		while (defined(my $name = shift @queue)) {
			next if $found{$name};
			$found{$name} = { root => $root, language => $language };
			push @queue, map { $$_ } grep { ref } map { @{ $_->{parts} } }
				map { @{ $_->{lines} } } @{ $pieces->{$name} // [] };
		}
	}
	return \%found;
}

# Definitions in files: runs ctags once over the given folder. Returns path -> list of tags
# { name, kind, line, end, scope, typeref, file }.
my %SCOPES = map { $_ => 1 } qw(struct union enum function package class typedef variable macro);
sub tags {
	my ($folder, @paths) = @_;
	my %tags;
	open my $in, '-|', 'ctags-universal', '-o', '-', '--sort=no', '--excmd=number', '--fields=efKnsSt',
		'--kinds-C=+lzp', '--langmap=C:.c.h', '-I', '__initdata,__initdata_memblock,__initconst,__meminitdata', map { "$folder/$_" } @paths or die "ctags: $!\n";
	while (<$in>) {
		next if /^!_TAG_/;
		chomp;
		my ($name, $path, undef, $kind, @fields) = split /\t/;
		my %tag = (name => $name, kind => $kind);
		for (@fields) {
			my ($key, $value) = /^(\w+):(.*)$/ or next;
			if ($SCOPES{$key}) { $tag{scope} = $value } else { $tag{$key} = $value }
		}
		$tag{file} = 1 if exists $tag{file};
		push @{ $tags{ substr $path, 1 + length $folder } }, \%tag;
	}
	close $in;
	return \%tags;
}

1;
