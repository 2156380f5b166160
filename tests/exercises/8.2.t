#!/usr/bin/perl
# In which order was it? The command order.
# Needs: x86_64 i386
use strict;
use warnings;
use FindBin;
use lib "$FindBin::Bin/../lib";
use Boot;
use Exercise;
use Test::More;

for my $arch (archs()) {
	still_passes(8, $arch);
	my $lists = sub {
		my ($append) = @_;
		my $boot = boot(chapter => 8, arch => $arch, input => 'order',
			append => $append);
		return ((answers($boot))[0], map { $_->{name} }
			grep { $_->{t} eq 'mm_call' } @{$boot->{record}});
	};
	my $text = sub { my $n; join '', map { sprintf "%2d %s\n", ++$n, $_ } @_ };
	my ($said, @calls) = $lists->('');
	is($said, $text->(@calls), "$arch: Linux's order");
	my ($p) = grep { $calls[$_] eq 'mem_debugging_and_hardening_init' } 0 .. $#calls;
	my ($q) = grep { $calls[$_] eq 'report_meminit' } 0 .. $#calls;
	@calls[$p, $q] = @calls[$q, $p];
	($said) = $lists->("mm_order=$calls[$p],$calls[$q]");
	is($said, $text->(@calls), "$arch: another");
}
done_testing();
