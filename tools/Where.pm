package Where;
# Leads from lines of the tangled trees to the chapters and back, by the
# maps that tools/tangle writes; and from a call trace to both.
use strict;
use warnings;
use Documents qw(document files_of);
use Exporter qw(import);

our @EXPORT_OK = qw(read_map origin places section rewrite decode);

sub slurp {
	open my $in, '<:raw', $_[0] or die "$_[0]: $!\n";
	local $/;
	return scalar(<$in>) // '';
}

# A map: path => runs of lines, in order, each { path, first, last, file,
# line, chunk }: lines first to last of path are those of file from line on.
sub read_map {
	my ($file) = @_;
	my %map;
	for (split /\n/, slurp($file)) {
		my %run;
		@run{qw(path first last file line chunk)} = split /\t/;
		push @{$map{$run{path}}}, \%run;
	}
	die "$file: an empty map\n" unless %map;
	return \%map;
}

# Where a line of a tangled file came from: { file, line, chunk }, or undef.
sub origin {
	my ($map, $path, $line) = @_;
	for (@{$map->{$path} // []}) {
		return { file => $_->{file}, chunk => $_->{chunk},
			line => $_->{line} + $line - $_->{first} }
			if $_->{first} <= $line && $line <= $_->{last};
	}
	return undef;
}

# The lines of tangled files that a chapter's line became: { path, line,
# chunk }; there may be none, and several.
sub places {
	my ($map, $file, $line) = @_;
	return map { { path => $_->{path}, chunk => $_->{chunk},
			line => $_->{first} + $line - $_->{line} } }
		grep { $_->{file} eq $file && $_->{line} <= $line
			&& $line <= $_->{line} + $_->{last} - $_->{first} }
		map { @{$map->{$_}} } sort keys %$map;
}

# The section that a document's line stands in: "3.2 Its title"; those of
# an appendix are numbered through its files.
my %sections;
sub section {
	my ($file, $line) = @_;
	my $found = '';
	for (@{$sections{$file} //= [sections($file)]}) {
		last if $_->[0] > $line;
		$found = $_->[1];
	}
	return $found;
}

sub sections {
	my ($file) = @_;
	my $document = document($file);
	my ($n, @found) = (0);
	for my $path (files_of($file)) {
		@found = map { [$_->[0], ($document ? "$document->{number}."
			. ++$n . ' ' : '') . $_->[1]] } headings($path);
		last if $path eq $file;
	}
	return @found;
}

# [line, title] of the sections of one file.
sub headings {
	my ($file) = @_;
	my ($number, $code, $fence, @found) = (0);
	for (split /\n/, slurp($file)) {
		$number++;
		if (/^<<.*>>=$/) { $code = 1 }
		elsif (/^@\s*$/) { $code = 0 }
		elsif ($code) { next }
		elsif (/^(```+|~~~+)/) { $fence = !$fence }
		elsif (!$fence && /^## +(.*?)(?: *\{[#.].*)?$/) {
			push @found, [$number, $1];
		}
	}
	return @found;
}

# What a compiler or an assembler said, about the chapters: the first place
# that a line names becomes the chapter's, and stands at the end as it was.
sub rewrite {
	my ($map, $text) = @_;
	return join '', map { rewrite_line($map, $_) } split /^/, $text;
}

sub rewrite_line {
	my ($map, $line) = @_;
	while ($line =~ m{([\w./+-]+)(?::| line )(\d+)(:\d+)?}g) {
		my ($start, $end, $path, $n, $column) = ($-[0], $+[0], $1, $2, $3);
		my $from = origin($map, $path, $n) or next;
		substr $line, $start, $end - $start, "$from->{file}:$from->{line}";
		$line =~ s/(?=\n|\z)/"  [$path:$n" . ($column \/\/ '') . ']'/e;
		last;
	}
	return $line;
}

# The call traces of a console's log, with lines, as Linux's own
# scripts/decode_stacktrace.sh finds them: two lines of text for each entry,
# or one where none is known.
# $vmlinux is the kernel that printed the log, $map the map of its tree.
sub decode {
	my ($log, $vmlinux, $map) = @_;
	my @entries = trace_entries($log);
	return unless @entries && -e $vmlinux;
	my $symbols = symbols($vmlinux);
	for my $entry (grep { defined $_->{name} } @entries) {
		my @same = @{$symbols->{$entry->{name}} // []} or next;
		my ($symbol) = grep { $_->[1] == $entry->{size} } @same;
		$entry->{address} = ($symbol // $same[0])->[0]
			+ $entry->{offset} - $entry->{back};
	}
	find_lines($vmlinux, $map, grep { defined $_->{address} } @entries);
	return map { decoded($map, $_) } @entries;
}

# What is said of where the kernel was: the instruction, the calls, the
# line of a warning. A return address is that of the next instruction.
sub trace_entries {
	my ($log) = @_;
	my ($in_trace, @entries);
	for (split /\r*\n/, $log) {
		if (/Call Trace:$/) { $in_trace = 1; next }
		my ($lead, $name, $offset, $size) =
			m{^(.*?)([\w.]+)\+0x([0-9a-f]+)/0x([0-9a-f]+)$};
		if (/^WARNING: .* at (\S+):(\d+) /) {
			push @entries, { path => $1, line => $2,
				shown => 'WARNING' };
		} elsif (defined $name && ($lead =~ /^[RE]IP: /
				|| $in_trace && $lead =~ /^ (?:\? )?$/)) {
			push @entries, { name => $name, offset => hex $offset,
				size => hex $size, back => $in_trace ? 1 : 0,
				shown => ($lead =~ /\?/ ? '? ' : '') . $name };
		} elsif ($in_trace && !/^ / ) {
			$in_trace = 0;
		}
	}
	return @entries;
}

# name => [address, size] of each function of that name.
sub symbols {
	my ($vmlinux) = @_;
	no warnings 'portable';			# addresses of 64 bits
	my (%symbols, @all);
	for (qx(nm -n '$vmlinux')) {
		push @all, [hex $1, $2] if /^(\w+) [tTwW] (\S+)$/;
	}
	my ($above, $next) = (0, 0);
	for (reverse @all) {
		my ($address, $name) = @$_;
		($above, $next) = ($next, $address) if $address != $next;
		push @{$symbols{$name}}, [$address, $above - $address];
	}
	return \%symbols;
}

# Ask the debug information; the innermost of inlined functions counts.
# NASM puts folders before a path; the tree's own begins behind them.
sub find_lines {
	my ($vmlinux, $map, @entries) = @_;
	my $addresses = join ' ', map { sprintf '0x%x', $_->{address} } @entries;
	return unless $addresses;
	my @lines = qx(addr2line -e '$vmlinux' $addresses);
	for (@entries) {
		my ($path, $line) = shift(@lines) =~ m{^(.*):(\d+)} or next;
		1 while !$map->{$path} && $path =~ s{^[^/]*/+}{};
		@$_{qw(path line)} = ($path, $line) if $map->{$path};
	}
}

sub decoded {
	my ($map, $entry) = @_;
	my $from = $entry->{line}
		&& origin($map, $entry->{path}, $entry->{line})
		or return "$entry->{shown}: no line is known";
	my ($section) = split ' ', section($from->{file}, $from->{line});
	return ("$entry->{shown} ($entry->{path}:$entry->{line})",
		"  $from->{file}:$from->{line}"
		. (defined $section ? ", section $section" : ''));
}

1;
