package Order;
# What the table in the source says of an order of mm_core_init()'s calls.
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(runs moved move judge);

# What `make order` has found: tests/order.json, or another file.
sub runs {
	my ($file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	local $/;
	return decode_json(<$in>);
}

# All calls, with one moved directly before or behind another.
sub moved {
	my ($table, $call, $behind, $place) = @_;
	my @order = grep { $_ ne $call } map { $_->{name} } @$table;
	my ($at) = grep { $order[$_] eq $place } 0 .. $#order;
	splice @order, $at + $behind, 0, $call;
	return @order;
}

# The move of a cell of the book's matrix: of those calls that do something,
# @$calls, the one of index $from is lifted out and set down again directly
# before the one of index $to, or, if it comes from above, directly behind.
sub move {
	my ($table, $calls, $from, $to) = @_;
	return moved($table, $calls->[$from], $to > $from ? 1 : 0, $calls->[$to]);
}

# The first call that lacks something, and what, as bits; or nothing.
# $at_first is what holds at the beginning: MM_AT_FIRST.
sub judge {
	my ($table, $at_first, @order) = @_;
	my %row = map { $_->{name} => $_ } @$table;
	my $facts = $at_first;
	for my $name (@order) {
		my $lacks = $row{$name}{needs} & ~$facts;
		return ($name, $lacks) if $lacks;
		$facts = ($facts | $row{$name}{gives}) & ~$row{$name}{ends};
	}
	return;
}

1;
