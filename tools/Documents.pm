package Documents;
# The one place that knows which documents there are, and in which order:
# what is said of them in chapters/order, and by their names.
#
# A line of chapters/order is
#	KERNEL PATH [only]
# the number of the kernel that first has the document, its path below
# chapters, and `only` when no later kernel has it. Kernel N is made of the
# lines up to N, in the order of the file.
use strict;
use warnings;
use Exporter qw(import);

our @EXPORT_OK = qw(documents document kernels of_kernel in_book files_of
	woven);

# What a document's name says: its kind, the kernel that it is of, the
# number of what it is woven into (3, A, S3), and the name of that.
#	NN-name.nw		the story
#	workshop/XN-name.nw	of appendix X, what kernel N is the first to need
#	selftests/NN-name.nw	what kernel NN runs to test itself
sub document {
	my ($path) = @_;
	return { path => $path, folder => $1, kind => 'workshop', name => $4,
		kernel => $3 + 0, number => $2, stem => "workshop-$2" }
		if $path =~ m{^(.*)/workshop/([A-Z])(\d+)-([^/]+)\.nw$};
	return { path => $path, folder => $1, kind => 'selftests', name => $3,
		kernel => $2 + 0, number => 'S' . ($2 + 0),
		stem => "selftests-$2" }
		if $path =~ m{^(.*)/selftests/(\d+)-([^/]+)\.nw$};
	return { path => $path, folder => $1, kind => 'story', name => $3,
		kernel => $2 + 0, number => $2 + 0, stem => "$2-$3" }
		if $path =~ m{^(.*)/(\d+)-([^/]+)\.nw$};
	return undef;
}

# All documents of a folder, in the order of its file `order`. It and the
# folder must agree.
sub documents {
	my ($folder) = @_;
	my (@all, %line);
	open my $in, '<', "$folder/order" or die "$folder/order: $!\n";
	while (<$in>) {
		next if /^\s*(?:#|$)/;
		my ($kernel, $path, $only) = /^(\d+)\s+(\S+)(?:\s+(only))?\s*$/
			or die "$folder/order:$.: not KERNEL PATH [only]\n";
		my $said = "$folder/order:$.: $path";
		my $document = document("$folder/$path")
			// die "$said: no document has such a name\n";
		die "$said: there is no such file\n" unless -e "$folder/$path";
		die "$said: is in line $line{$path} already\n"
			if $line{$path};
		die "$said: by its name it is of kernel $document->{kernel}, "
			. "not of $kernel\n"
			if $document->{kernel} != $kernel;
		$line{$path} = $.;
		push @all, { %$document, only => $only };
	}
	my @lost = grep { !$line{substr $_, length($folder) + 1} }
		glob "$folder/*.nw $folder/*/*.nw";
	die "$lost[0]: is not in $folder/order\n" if @lost;
	die "$folder/order: names no document\n" unless @all;
	return @all;
}

# The numbers of all kernels: a story tells each.
sub kernels {
	return sort { $a <=> $b }
		map { $_->{kind} eq 'story' ? $_->{kernel} : () } @_;
}

# The documents that make kernel N.
sub of_kernel {
	my ($n, @all) = @_;
	return grep { $_->{only} ? $_->{kernel} == $n : $_->{kernel} <= $n }
		@all;
}

# In the order of the book: stories, workshop, self-tests.
my %PLACE = (story => 0, workshop => 1, selftests => 2);
sub in_book {
	return sort { $PLACE{$a->{kind}} <=> $PLACE{$b->{kind}}
		|| $a->{stem} cmp $b->{stem} || $a->{kernel} <=> $b->{kernel}
		|| $a->{name} cmp $b->{name} } @_;
}

# The files that are woven into the same chapter or appendix as this one,
# in their order: those of an appendix follow one another.
sub files_of {
	my ($path) = @_;
	my $document = document($path) or return $path;
	return $path if $document->{kind} ne 'workshop';
	my $all = "$document->{folder}/workshop/$document->{number}";
	return map { $_->{path} } in_book(map { document($_) // () }
		glob $all . '[0-9]*');
}

# What is woven: { stem, kind, number, paths }, in the order of the book.
sub woven {
	my @woven;
	for (in_book(@_)) {
		push @woven, { %$_{qw(stem kind number)}, paths => [] }
			unless @woven && $woven[-1]{stem} eq $_->{stem};
		push @{$woven[-1]{paths}}, $_->{path};
	}
	return @woven;
}

1;
