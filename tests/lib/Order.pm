package Order;
# What the table in the source says of an order of mm_core_init()'s calls.
use strict;
use warnings;
use Exporter qw(import);
use JSON::PP;

our @EXPORT_OK = qw(runs full_order judge);

# What `make order` has found: tests/order.json, or another file.
sub runs {
	my ($file) = @_;
	open my $in, '<', $file or die "$file: $!\n";
	local $/;
	return decode_json(<$in>);
}

# All calls, in the order in which mm_order= with these names makes them.
sub full_order {
	my ($table, @named) = @_;
	my %named = map { $_ => 1 } @named;
	return map { $named{$_->{name}} ? shift @named : $_->{name} } @$table;
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
