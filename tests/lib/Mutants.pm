package Mutants;
# Faults put into the tangled sources on purpose. A test that finds none of
# them is worth little. tests/host/mutants lists those of pure functions:
# tests/host.t shows which one ours find, and tests/upstream.t which Linux's
# own suite finds. tests/broken lists those that a boot must show, for
# tools/mutants. A paragraph each:
#
#	name file subject
#	upstream: sees it | misses it
#	arch: the only one where it is a fault
#	as: part of the name of the test that fails
#	what is wrong, in words
#	- lines of the source as they are
#	+ lines to put in their place, if any
#
# The subject is a program of tests/host, or a test file.
use strict;
use warnings;
use Exporter qw(import);
use File::Path qw(make_path);

our @EXPORT_OK = qw(mutants mutate mutated slurp);

sub slurp {
	open my $file, '<', $_[0] or die "$_[0]: $!\n";
	local $/;
	return scalar <$file>;
}

# All of them: hashes with list, name, file, subject, words, old, new, and
# what else they say.
sub mutants {
	my ($list) = @_;
	my @all;
	for my $text (split /\n\n+/, slurp($list) =~ s/^#.*\n//mgr) {
		my %m = (list => $list);
		for (split /\n/, $text) {
			if (/^([-+])(.*)/) {
				$m{$1 eq '-' ? 'old' : 'new'} .= "$2\n";
			} elsif (/^upstream: (sees|misses) it$/) {
				$m{upstream} = $1;
			} elsif (/^(arch|as): (.+)$/) {
				$m{$1} = $2;
			} elsif ($m{name}) {
				$m{words} = join ' ', $m{words} // (), $_;
			} else {
				@m{qw(name file subject)} = split;
			}
		}
		next unless $m{name};
		defined $m{$_} or die "$list: $m{name} has no $_\n"
			for qw(name file subject words old);
		$m{new} //= '';
		push @all, \%m;
	}
	return @all;
}

# The text of a source of this tree, with the fault in it. The lines must be
# there, and once only.
sub mutated {
	my ($m, $tree) = @_;
	my $source = slurp("$tree/$m->{file}");
	my $count = () = $source =~ /^\Q$m->{old}\E/mg;
	die "mutant $m->{name}: its lines stand $count times in " .
		"$m->{file}; mend $m->{list}\n" if $count != 1;
	return $source =~ s/^\Q$m->{old}\E/$m->{new}/mr;
}

# Write the mutant into a folder of its own, and return its path. A file
# that is right stays untouched, so that make need not build it again.
sub mutate {
	my ($m, $tree, $out) = @_;
	my $source = mutated($m, $tree);
	make_path("$out/$m->{name}");
	my ($base) = $m->{file} =~ m{([^/]+)$};
	my $path = "$out/$m->{name}/$base";
	return $path if -e $path && slurp($path) eq $source;
	open my $file, '>', $path or die "$path: $!\n";
	print $file $source;
	close $file or die "$path: $!\n";
	return $path;
}

1;
