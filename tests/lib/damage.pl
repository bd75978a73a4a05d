#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0-only
#
# damage.pl PLACES SEED KEY DATA [META]
#
# Damages a closed disk in so many places, one or a few at a time, and puts each
# back.  What "swornadm dump" says of the disk as it is, is the model: which bytes
# of which blocks are in use, and as what.  "swornadm check" must find each
# damaged place that is in use, there and nowhere else, and nothing when only
# what is not in use was damaged.

use strict;
use warnings;
use JSON::PP;

my ($places, $seed, $key, @paths) = @ARGV;
my $meta = $paths[-1];
my $data = $paths[0];
my @disk = (@paths, '--key-file', $key);
my (%file, %kind, %use);
my $checks = 0;
my %before_tail;

srand($seed);
foreach (@paths) {
	open($file{$_}, '+<:raw', $_) or die "$_: $!\n";
}

sub swornadm
{
	my ($command, @words) = @_;

	open(my $pipe, '-|', 'swornadm', $command, @words, '--json') or die "swornadm: $!\n";
	local $/;
	my $text = <$pipe>;
	close($pipe);
	return ($? >> 8, $text);
}

sub dump_of
{
	my ($part) = @_;
	my ($status, $text) = swornadm('dump', $part, @disk);

	die "dump $part ended with $status: $text" if $status;
	return decode_json($text);
}

sub peek
{
	my ($path, $block) = @_;
	my $fh = $file{$path};

	sysseek($fh, $block * 4096, 0);
	sysread($fh, my $bytes, 4096) == 4096 or die "$path, block $block: cannot be read\n";
	return $bytes;
}

sub poke
{
	my ($path, $block, $bytes) = @_;
	my $fh = $file{$path};

	sysseek($fh, $block * 4096, 0);
	syswrite($fh, $bytes) == 4096 or die "$path, block $block: cannot be written\n";
}

# So many bytes of a block are in use; a finding there has this level.
sub used
{
	my ($name, $path, $block, $bytes, $level) = @_;

	$use{$path}{$block} = { name => $name, bytes => $bytes, level => $level };
	push @{$kind{$name}}, [$path, $block];
}

my $all = dump_of('all');
my $records = dump_of('records');

used('superblock', $meta, $_->{block}, 4096, 'error') foreach @{$all->{superblocks}};
foreach my $pack (@{$all->{packs}}) {
	die "a pack is not usable\n" if !$pack->{usable};
	used('pack', $meta, $pack->{block}, 4096, 'error');
	# The older one's body may always be one that is being overwritten.
	used($pack->{in_force} ? 'pack' : 'older pack', $meta, $pack->{block} + $_, 4096,
	     $pack->{in_force} ? 'error' : 'note') foreach 1 .. $pack->{body_blocks};
}
foreach (@{$all->{journal_blocks}}) {
	next if $_->{seq} >= $all->{journal_next_seq};
	used('journal', $meta, $_->{block}, 96 + $_->{sealed_bytes}, 'error');
	push @{$kind{'journal tail'}}, [$meta, $_->{block}]
		if $_->{seq} >= $all->{journal_groups}[-1]{first_seq};
}
foreach my $bit (@{$all->{bits}}) {
	used('node', $meta, $_->{block}, 4096, 'error') foreach @{$bit->{nodes}};
}
used('data', $data, $_->{block}, 4096, 'error') foreach @{$records->{records}};
# If one of them is damaged the last commit looks cut off: then it does not count.
used('proving data', $data, $_->{block}, 4096, 'note') foreach @{$all->{proving_blocks}};
@{$kind{data}} = grep { $use{$_->[0]}{$_->[1]}{name} eq 'data' } @{$kind{data}};
printf("%s: %s\n", $meta, join(', ', map { scalar(@{$kind{$_}}) . " $_" } sort keys %kind));

sub unused
{
	for (;;) {
		my $path = $paths[rand @paths];
		my $block = int(rand((-s $path) / 4096));

		return [$path, $block] if !$use{$path}{$block};
	}
}

# What to do to a block, so that its first $bytes differ afterwards.
sub damage
{
	my ($path, $block, $old, $bytes) = @_;
	my ($new, $how) = ($old, int(rand(8)));

	if ($how == 0) {
		substr($new, 0, $bytes) = "\0" x $bytes;
	} elsif ($how == 1) {
		substr($new, 0, $bytes) = join('', map { chr(int(rand(256))) } 1 .. $bytes);
	} elsif ($how == 2) {
		# another block that is authentic, in the wrong place
		my $list = $kind{($use{$path}{$block} // { name => 'data' })->{name}};
		$new = peek(@{$list->[rand @$list]});
	}
	if (substr($new, 0, $bytes) eq substr($old, 0, $bytes)) {
		my $at = int(rand($bytes));
		substr($new, $at, 1) = chr(ord(substr($old, $at, 1)) ^ 1 << int(rand(8)));
	}
	return $new;
}

# Places to be damaged together; those that hide nothing of each other.
sub choose
{
	my @kinds = ('superblock', 'pack', 'older pack', 'journal', 'journal tail', 'node',
		'data', 'data', $kind{'proving data'} ? 'proving data' : 'data', 'unused', 'tail of a block');
	my $name = $kinds[rand @kinds];
	my %chosen;

	if ($name eq 'unused') {
		my $place = unused();
		return ([@$place, 0, 4096]);
	}
	if ($name eq 'tail of a block') {
		my ($path, $block) = @{$kind{journal}[rand @{$kind{journal}}]};
		my $from = $use{$path}{$block}{bytes};
		return $from < 4096 ? ([$path, $block, $from, 4096]) : choose();
	}
	my $nr = $name eq 'data' ? 1 + int(rand(20)) : 1;
	foreach (1 .. $nr) {
		my ($path, $block) = @{$kind{$name}[rand @{$kind{$name}}]};
		$chosen{"$path $block"} = [$path, $block, 0, $use{$path}{$block}{bytes}];
	}
	if ($name eq 'data' && rand() < 0.5) {
		my ($path, $block) = @{$kind{superblock}[rand 2]};
		$chosen{"$path $block"} = [$path, $block, 0, 4096];
	}
	return values %chosen;
}

sub found
{
	my ($answer, $level) = @_;
	my @at;

	foreach my $f (@{$answer->{findings}}) {
		next if $f->{level} ne $level;
		die "an error without a place: $f->{message}\n"
			if $level eq 'error' && !defined($f->{block});
		next if !defined($f->{block});
		push @at, map { "$f->{device} $_" } $f->{block} .. $f->{block} + $f->{blocks} - 1;
	}
	return @at;
}

sub check
{
	my ($what, $errors, $notes, $tail) = @_;
	# Only that tells a damaged end of the journal from one that was never written.
	my @min = $tail ? ('--min-commit', $all->{commit_id}) : ();
	my ($status, $text) = swornadm('check', @disk, '--data', @min);
	my $answer = eval { decode_json($text) } or die "$what: no answer, status $status: $text\n";
	my %noted = map { $_ => 1 } found($answer, 'note');

	$checks++;
	my $got = join("\n", sort(found($answer, 'error')));
	my $expected = join("\n", sort(@$errors));
	# Without the last commit the data of the one before must prove that, which may
	# have been given back and written anew.
	die "$what\nfound:\n$got\nexpected:\n$expected\n$text"
		if $got ne $expected && !($tail && $before_tail{$got});
	foreach (@$notes) {
		die "$what\nnot noted: $_\n$text" if !$noted{$_};
	}
	my $right = @$errors ? 4 : 0;
	die "$what: status $status, expected $right\n$text" if $status != $right;
}

check('the disk as it is', [], [], 1);
%before_tail = map { ("$meta $_->{block}" => 1) } grep {
	$_->{seq} == $all->{journal_groups}[-2]{first_seq} } @{$all->{journal_blocks}};
my %tail = map { ("@$_" => 1) } @{$kind{'journal tail'}};
my $done = 0;
my %count;
while ($done < $places) {
	my (@undo, @errors, @notes, @what);
	my $tail = 0;

	foreach (choose()) {
		my ($path, $block, $from, $to) = @$_;
		my $old = peek($path, $block);
		my $new = $old;
		my $use = $from ? undef : $use{$path}{$block};

		if ($from) {
			my $at = $from + int(rand($to - $from));
			substr($new, $at, 1) = chr(ord(substr($old, $at, 1)) ^ 1 << int(rand(8)));
		} else {
			$new = damage($path, $block, $old, $to);
		}
		poke($path, $block, $new);
		push @undo, [$path, $block, $old];
		$tail = 1 if $use && $tail{"$path $block"};
		push @what, ($use ? $use->{name} : 'not in use') . " $path $block";
		push @errors, "$path $block" if $use && $use->{level} eq 'error';
		push @notes, "$path $block" if $use && $use->{level} eq 'note';
		$count{$use ? $use->{name} : 'not in use'}++;
		$done++;
	}
	eval { check("seed $seed, damaged: " . join(', ', @what), \@errors, \@notes, $tail) };
	my $why = $@;
	poke(@$_) foreach reverse @undo;
	die $why if $why;
}
check('the disk put back', [], [], 1);
printf("%d places in %d checks: %s\n", $done, $checks,
	join(', ', map { "$count{$_} $_" } sort keys %count));
