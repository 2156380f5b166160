package Cited;
# What the book cites of Linux: finds each path, and each name that has a
# path or the brackets of a call; says of each whether it is Linux's, ours or
# nobody's. tests/cited.t tells the rules, tools/cited writes the facts.
use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter qw(import);
use File::Basename qw(basename dirname);

our $root;
BEGIN { $root = abs_path(dirname(__FILE__) . '/../..') }
use lib "$root/book";
use Nw ();

our @EXPORT_OK = qw(cited prose comments ours facts fault candidates);
our $facts = "$root/tests/linux/cited-6.18.txt";

# Functions of others that the book names, and whose they are.
my %others = (GetMemoryMap => 'UEFI', AT => 'ld', malloc => 'C',
	__builtin_return_address => 'gcc');

my $file = qr{(?<![\w/.<*-])(?:[\w-]+/)*[^\W_](?:[\w-]*\.)+
	(?:[chS]|rst|asm|pl|py|sh|t|nw)\b(?![/*])}x;
my $directory = qr{(?:arch|drivers|fs|include|init|kernel|lib|mm|scripts|tools
	|Documentation)(?:/[\w-]+)+/?}x;
my $name = qr/\w+\(\)|\w*[a-z]_\w+(?=[,.)`])(?!\.\w)/;
my $and = qr/,?\s+and\s+|,\s+/;

# All claims of all documents. A claim is { at, path, name, ours }: one of
# path and name may be missing, ours is true of what [[...]] names.
sub cited {
	my @claims;
	for my $chapter (Nw::chapters(map { "$root/$_" }
			split /\n/, `"$root/tools/chapters" --all`)) {
		for my $item (@{$chapter->{items}}) {
			my $at = substr($item->{path}, 1 + length $root)
				. ":$item->{line}";
			push @claims, $item->{kind} eq 'docs'
				? prose($at, $item->{text})
				: comments($at, join "\n", map { join '',
					map { ref ? () : $_ } @{$_->{parts}}
				} @{$item->{lines}});
		}
	}
	push @claims, prose($_, Nw::slurp("$root/$_"))
		for qw(book/frontmatter.md book/afterword.md README.md);
	for (glob "$root/answers/*") {
		my ($text) = Nw::slurp($_) =~ /^(.*?)(?=^diff|\z)/ms;
		push @claims, prose(substr($_, 1 + length $root), $text),
			comments(substr($_, 1 + length $root), join "\n",
				map { s/^\+//r } grep { /^\+/ && !/^\+\+\+/ }
				split /\n/, Nw::slurp($_));
	}
	return @claims;
}

# Claims of prose: in what stands in backticks or in [[double brackets]].
# Names that stand before `in path` or `(path)`, or follow `path: name()` in
# one list, are of that path.
sub prose {
	my ($at, $text) = @_;
	my ($first) = $at =~ /:(\d+)$/;
	$text =~ s/^```.*?^```$/$& =~ s{[^\n]}{}gr/gems;
	my (@claims, $last, $list);
	my ($line, $note, @run) = ($first // 1, 0);
	while ($text =~ /\G(.*?)(?:`([^`]+)`|\[\[(.+?)\]\]+|\z)/gs) {
		my ($between, $span, $own) = ($1, $2, defined $3);
		$span = $3 if $own;
		$line += $between =~ tr/\n//;
		undef $last if $between =~ /\n\n/;
		$note = ($1 // '') eq 'linux' while $between =~ /^:::(?: \{\.(\w+))?.*$/mg;
		last if !defined $span;
		my $place = defined $first ? $at =~ s/\d+$/$line/r : $at;
		my %new = (at => $place, ours => $own,
			note => $note);
		if ($span =~ /^($file|$directory)(?::\s+(.*))?$/s) {
			my ($path, $names) = ($1, $2);
			if ($between =~ /^\s+(?:in|of)\s+$|^\s+\($/) {
				$_->{path} = $path for @run;
			}
			@run = ();
			push @claims, { %new, path => $path, near => $last };
			$last = $path if $path =~ m{/};
			push @claims, { %new, path => $path, near => $last,
				name => $1 } while ($names // '') =~
				/(\w+)(?:\(\))?/g;
			$list = defined $names ? $path : undef;
		} elsif ($span =~ /^(?:(\w+)\(.*\)|(?:struct )?(\w+))$/) {
			my $called = $1 // $2;
			my $call = $span =~ /\)$/;
			undef $list if $between !~ /^$and$/;
			@run = () if $between !~ /^$and$/;
			push @run, { %new, name => $called, near => $last,
				path => $list, call => $call };
			push @claims, $run[-1];
		} else {
			undef $list;
			@run = ();
		}
		$line += $span =~ tr/\n//;
	}
	return grep { $_->{path} || $_->{call} } @claims;
}

# Claims of the comments in code, which know no backticks.
sub comments {
	my ($at, $text) = @_;
	my ($line) = $at =~ /:(\d+)$/;
	my (@claims, @said);
	for (split(/\n/, $text), '') {
		my ($comment) = m{(?:/\*+|^\s*\*|(?:^|\s);|^\s*#(?=\s|$))(.*)};
		if (defined $comment) {
			push @said, $comment;
		} elsif (@said) {
			push @claims, comment(defined $line
				? $at =~ s/\d+$/$line - @said/er : $at, "@said");
			@said = ();
		}
		$line++ if defined $line;
	}
	return @claims;
}

sub comment {
	my ($at, $text) = @_;
	my (@claims, $last);
	while ($text =~ /($file)(?::\s+((?:(?:$and)?$name)+))?|(\w+)\(\)/g) {
		my ($path, $names, $bare) = ($1, $2, $3);
		push @claims, { at => $at, name => $bare, call => 1,
			either => $` !~ /Linux(?:'s|:)?\s+$/ } if defined $bare;
		next if !defined $path;
		push @claims, { at => $at, path => $path, near => $last };
		$last = $path if $path =~ m{/};
		push @claims, { at => $at, path => $path, near => $last, name => $1 }
			while ($names // '') =~ /(\w*[a-z]\w*)(?:\(\)|(?=[,.)]|$))/g;
	}
	return @claims;
}

# Facts, one a line: a path, or a path, a tab and a name that the file
# defines. A second tab comes before the reason why no list has the name.
sub facts {
	my (%linux, $in) = ('' => {});
	open $in, '<', $facts or return \%linux;
	while (<$in>) {
		next if /^#/;
		chomp;
		my ($path, $name) = split /\t/;
		$linux{''}{$path} = 1;
		$linux{$name}{$path} = 1 if defined $name;
	}
	return \%linux;
}

# The same of our own trees.
sub ours {
	my %ours = ('' => { map { s{.*?/tangle/ch\d+/}{}r => 1 }
		split /\n/, `find '$root'/tangle/ch*/` });
	for (map { Nw::slurp($_) } glob "$root/answers/*.patch") {
		$ours{''}{$1} = 1 while /^\+<<(\S+\/\S+)>>=$/mg;
	}
	open my $tags, '-|', 'ctags', '-R', '--kinds-C=+p', '--langmap=Asm:+.asm',
		'-x', '--_xformat=%N %F', glob "$root/tangle/ch*" or die "ctags: $!\n";
	while (<$tags>) {
		$ours{$1}{$2} = 1 if m{^(\S+) .*?/tangle/ch\d+/(.*)$};
	}
	close $tags or die "ctags failed\n";
	return \%ours;
}

my %by_name;
sub by_name {
	my %names;
	push @{$names{basename($_)}}, $_ for sort keys %{$_[0]};
	return \%names;
}

# The paths that a short one may mean: one in the directory that was named
# before it, or all that end so.
sub candidates {
	my ($path, $near, $paths) = @_;
	$path =~ s{/$}{};
	return $path if $paths->{$path};
	if ($near && $path !~ m{/}) {
		my $beside = dirname($near) . "/$path";
		return $beside if $paths->{$beside};
	}
	my $names = $by_name{$paths} //= by_name($paths);
	return grep { m{/\Q$path\E$} } @{$names->{basename($path)} // []};
}

# What is wrong with a claim; nothing when it is true.
sub fault {
	my ($claim, $linux, $ours) = @_;
	my ($path, $name) = @$claim{qw(path name)};
	my $own = defined $name ? $ours->{$name} // {} : {};
	if (!defined $path) {
		return if $linux->{$name} || $others{$name};
		return if %$own && ($claim->{ours} || $claim->{either});
		return %$own ? "$name() is ours, not Linux's: write [[$name()]]"
			: "Linux has no $name(), nor have we";
	}
	my @linux = candidates($path, $claim->{near}, $linux->{''});
	my @ours = candidates($path, $claim->{near}, $ours->{''});
	if (!defined $name) {
		return if @linux || !$claim->{note} && @ours;
		return if grep { -e "$root/$_$path" } '', qw(answers/ tests/);
		return @ours ? "$path is ours, not Linux's"
			: "Linux has no $path, nor have we";
	}
	my $theirs = $linux->{$name} // {};
	return if grep { $theirs->{$_} } @linux;
	my $mine = grep { $own->{$_} } @ours;
	return if $mine && $claim->{ours};
	return "$path: $name() is ours, not Linux's: write [[$name()]]" if $mine;
	return "Linux has no $name() in $path";
}
1;
