package Members;
# Which member of which struct a name behind a dot or an arrow is: from the types that ctags knows of variables,
# members and functions, and from the tokens that stand before it.
use strict;
use warnings;

sub new { return bless { members => {}, variables => {}, locals => {}, typedefs => {}, calls => {} }, shift }

# "struct:memblock_region *[2]" -> memblock_region; of a typedef, what it stands for.
sub type_of {
	my ($self, $typeref) = @_;
	my ($name) = ($typeref // '') =~ /^\w+:(?:(?:const|volatile|static|extern|inline|struct|union|__\w+)\s+)*(\w+)/ or return;
	return $self->{typedefs}{$name} // $name;
}

# A tag of a file, with the { item, line } of the chunk that it came from.
sub learn {
	my ($self, $tag, $origin, $root) = @_;
	my ($kind, $name) = @$tag{qw(kind name)};
	if ($kind eq 'member' && $tag->{scope}) {
		my $scope = $tag->{scope} =~ s/.*:://r;
		$self->{members}{$scope}{$name} //= { chunk => $origin->{item}, line => $origin->{line}, typeref => $tag->{typeref}, of => $scope };
		# What a nameless struct or union holds belongs to what it stands in.
		if ($scope =~ /^__anon/ && $tag->{scope} =~ /(\w+)::\w+$/) {
			$self->{members}{$1}{$name} //= { %{ $self->{members}{$scope}{$name} }, of => $1 };
		}
	} elsif ($kind eq 'typedef') {
		$self->{typedefs}{$name} = $1 if ($tag->{typeref} // '') =~ /^(?:struct|union):(\w+)/;
	} elsif ($kind eq 'function' || $kind eq 'prototype') {
		$self->{calls}{$name} //= $tag->{typeref};
	} elsif ($kind eq 'variable' || $kind eq 'externvar') {
		$self->{variables}{$name} //= $tag->{typeref};
		$self->{own}{$root}{$name} = $tag->{typeref};
	}
	return;
}

# A parameter or local variable of a function in a file.
sub local {
	my ($self, $tag, $function, $root) = @_;
	push @{ $self->{locals}{$root}{ $tag->{name} } }, [ $function->{line}, $function->{end} // $function->{line}, $tag->{typeref} ];
	return;
}

sub variable {
	my ($self, $name, $chunk, $line) = @_;
	my $root = $chunk->{root};
	my $at = $self->{at}{$root}{"$chunk $line"};
	for my $local (@{ $self->{locals}{$root}{$name} // [] }) {
		return $self->type_of($local->[2]) if defined $at && $at >= $local->[0] && $at <= $local->[1];
	}
	return $self->type_of($self->{own}{$root}{$name} // $self->{variables}{$name});
}

# Where the lines of chunks stand in a file.
sub placed { my ($self, $root, $at) = @_; $self->{at}{$root} = $at; return }

# A chunk begins.
sub begin { my ($self) = @_; @$self{qw(type before stack cast)} = (undef, '', [], undef); return }

# Takes the next token. For a name behind a dot or an arrow: the member { chunk, of }, or an empty one if it is not known
# which; for all else nothing.
sub follow {
	my ($self, $class, $text, $chunk, $line) = @_;
	return if $class eq 'comment' || $text !~ /\S/;
	my ($before, $type) = @$self{qw(before type)};
	my $stack = $self->{stack};
	$self->{before} = $text;
	if ($class eq 'name') {
		if ($before eq '.' || $before eq '->') {
			my $member = $type && $self->{members}{$type}{$text};
			if (!$member && !$type) {
				my %found = map { my $m = $self->{members}{$_}{$text}; $m ? ("$m->{chunk} $m->{line}" => $m) : () } keys %{ $self->{members} };
				($member) = values %found if keys %found == 1;
			}
			$self->{type} = $member ? $self->type_of($member->{typeref}) : '?';
			return $member || {};
		}
		if ($before eq 'struct' || $before eq 'union') { $self->{cast} = $self->{type} = $text; return }
		if ($self->{cast} && $before eq ')') { $self->{type} = $self->{cast}; $self->{cast} = undef; return }
		$self->{type} = $self->variable($text, $chunk, $line);
		$self->{called} = $text;
		return;
	}
	if ($text =~ /^[\[({]$/) {
		push @$stack, { open => $text, type => scalar($text eq '(' && $before =~ /^\w+$/ ? $self->type_of($self->{calls}{$before}) : $type) };
		$self->{type} = $text eq '{' ? $type : undef;
		$self->{cast} = undef;
	} elsif ($text =~ /^[\])}]$/) {
		my $opened = pop @$stack // {};
		$self->{type} = $text eq ']' ? $opened->{type} : $text eq ')' ? $opened->{type} // $type : undef;
		$self->{cast} = undef if $text ne ')';
	} elsif ($text eq ',' || $text eq '.' && $before =~ /^[{,]$/) {
		# Inside braces a dot begins a member of what is being initialised.
		my $inside = @$stack && $stack->[-1]{open} eq '{' ? $stack->[-1]{type} : undef;
		$self->{type} = $inside;
		$self->{cast} = undef if $text eq ',';
	} elsif ($text ne '.' && $text ne '->' && $text ne '=' && $text ne '*' && $text ne '&') {
		$self->{type} = undef;
		$self->{cast} = undef if $text ne ')';
	}
	return;
}

1;
