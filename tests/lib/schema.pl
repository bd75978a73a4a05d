#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# schema.pl SCHEMA <ANSWER: does a JSON text keep to a schema?  It knows the
# words that docs/schema uses, and dies of any other.

use strict;
use warnings;
use JSON::PP;

sub slurp
{
	my ($path) = @_;
	open(my $f, '<', $path) or die "$path: $!\n";
	local $/;
	return decode_json(<$f>);
}

my $root = slurp($ARGV[0]);
my %notes = map { $_ => 1 } qw($schema $defs title description);

sub type_of
{
	my ($v) = @_;
	return 'null' if !defined($v);
	return 'boolean' if JSON::PP::is_bool($v);
	return 'object' if ref($v) eq 'HASH';
	return 'array' if ref($v) eq 'ARRAY';
	my $text = encode_json([$v]);
	return $text =~ /^\["/ ? 'string' : $text =~ /^\[-?\d+\]$/ ? 'integer' : 'number';
}

sub wrong;

sub wrong_object
{
	my ($schema, $v, $at) = @_;
	my $known = $schema->{properties} // {};

	foreach (@{$schema->{required} // []}) {
		return "$at: $_ is missing" if !exists $v->{$_};
	}
	foreach my $name (sort keys %$v) {
		my $of = $known->{$name} // $schema->{additionalProperties} // {};
		return "$at: $name is not known" if !ref($of) || JSON::PP::is_bool($of);
		my $why = wrong($of, $v->{$name}, "$at.$name");
		return $why if $why;
	}
	return;
}

sub wrong
{
	my ($schema, $v, $at) = @_;
	my %left = map { $_ => 1 } grep { !$notes{$_} } keys %$schema;

	if (delete $left{'$ref'}) {
		my ($name) = $schema->{'$ref'} =~ m{^#/\$defs/(\w+)$} or die "$schema->{'$ref'}?\n";
		my $why = wrong($root->{'$defs'}{$name}, $v, $at);
		return $why if $why;
	}
	if (delete $left{anyOf}) {
		my @why = map { wrong($_, $v, $at) // '' } @{$schema->{anyOf}};
		return join('; or ', @why) if !grep { $_ eq '' } @why;
	}
	if (delete $left{type}) {
		return "$at is no $schema->{type}" if type_of($v) ne $schema->{type};
	}
	if (delete $left{const}) {
		return "$at is not the one value" if encode_json([$v]) ne encode_json([$schema->{const}]);
	}
	if (delete $left{enum}) {
		return "$at is \"$v\"" if !grep { $_ eq $v } @{$schema->{enum}};
	}
	if (delete $left{pattern}) {
		return "$at is \"$v\"" if $v !~ /$schema->{pattern}/;
	}
	if (delete $left{minimum}) {
		return "$at is $v" if $v < $schema->{minimum};
	}
	if (ref($v) eq 'HASH') {
		my $why = wrong_object($schema, $v, $at);
		return $why if $why;
	}
	delete @left{qw(properties required additionalProperties)};
	if (delete $left{items}) {
		for my $i (0 .. $#$v) {
			my $why = wrong($schema->{items}, $v->[$i], "${at}[$i]");
			return $why if $why;
		}
	}
	die "schema: words not known: " . join(' ', sort keys %left) . "\n" if %left;
	return;
}

my $text = do { local $/; <STDIN> };
my $why = wrong($root, decode_json($text), '$');
if ($why) {
	print STDERR "$ARGV[0]: $why\n";
	exit 1;
}
