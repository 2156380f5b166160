#!/usr/bin/perl
# Let the table decide: mm_order=sort.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

# The order that the exercise asks for.
sub sorted {
	my @left = sort { $a->{name} cmp $b->{name} } @_;
	my ($facts, @order) = (3);
	while (@left) {
		my ($next) = grep {
			my $call = $_;
			!($call->{needs} & ~$facts) && !grep { $_ != $call
				&& $_->{needs} & $call->{ends} } @left;
		} @left;
		last unless $next;
		push @order, $next->{name};
		$facts = ($facts | $next->{gives}) & ~$next->{ends};
		@left = grep { $_ != $next } @left;
	}
	return @order;
}

for my $arch (archs()) {
	still_passes(8, $arch);
	my $boot = boot(chapter => 8, arch => $arch,
		append => 'mm_order=sort kunit.enable=1 checkpoint=exit');
	is($boot->{status}, 0, "$arch: comes up, and passes its self-tests");
	is(join(' ', $boot->{log} =~ /^mm_order: (\w+)$/mg),
		join(' ', sorted(grep { $_->{t} eq 'mm_call' } @{$boot->{record}})),
		"$arch: in the order that the table allows");
}
done_testing();
