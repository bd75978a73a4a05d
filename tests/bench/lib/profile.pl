# SPDX-License-Identifier: GPL-2.0-only
#
# usage: perl profile.pl LINES SYMBOLS... COUNTS
#
# The last file is what the plugin counted, the others hold lines "symbol ADDRESS
# NAME [MODULE]" and "row MODEL JOB SYSTEM KIB MSEC ...": section by section a job.

use strict;
use warnings;
no warnings 'portable';

my $lines = shift;
my $counts = pop;
my (%name_at, @jobs);
for my $file (@ARGV) {
	open my $in, '<', $file eq '-' ? '/dev/stdin' : $file or die "$file: $!\n";
	while (<$in>) {
		my @word = split;
		if (@word >= 3 && $word[0] eq 'symbol') {
			my $module = defined $word[3] ? $word[3] =~ tr/[]//dr : 'kernel';
			# The assembler's labels inside a function are symbols too.
			next if $word[2] =~ /^_.*\d{3,}$/;
			# Of several names at one place, the first will do.
			$name_at{hex $word[1]} //= [$word[2], $module];
		} elsif (@word && $word[0] eq 'row') {
			push @jobs, { name => $word[2], system => $word[3], blocks => $word[4] / 4,
				idle => $word[5] * 1e6 };
		}
	}
}
my @addresses = sort { $a <=> $b } keys %name_at;

# The last symbol that does not begin after the address.
sub symbol_of {
	my $address = shift;
	my ($low, $high) = (0, $#addresses);
	while ($low < $high) {
		my $middle = int(($low + $high + 1) / 2);
		if ($addresses[$middle] <= $address) { $low = $middle } else { $high = $middle - 1 }
	}
	return $addresses[$low];
}

sub report {
	my ($job, $cost, $calls, $user) = @_;
	my $blocks = $job->{blocks};
	my (%of_module, $total);
	$total = $user;
	for my $symbol (keys %$cost) {
		$of_module{$name_at{$symbol}[1]} += $cost->{$symbol};
		$total += $cost->{$symbol};
	}
	# The clock also runs while all wait for a timer.
	my $idle = $job->{idle} > $total ? ($job->{idle} - $total) / $blocks : 0;
	printf "\n%s on %s: %d instructions for each 4 KiB and %d ns idle; %d in user space, %s\n\n",
		$job->{name}, $job->{system}, $total / $blocks, $idle, $user / $blocks,
		join ', ', map { sprintf '%d in %s', $of_module{$_} / $blocks, $_ }
		sort { $of_module{$b} <=> $of_module{$a} } grep { $of_module{$_} >= $blocks } keys %of_module;
	printf "%10s %6s %9s  %s\n", 'instr/4K', '%', 'calls', 'function';
	my $left = $lines;
	for my $symbol (sort { $cost->{$b} <=> $cost->{$a} } keys %$cost) {
		last unless $left--;
		my ($name, $module) = @{$name_at{$symbol}};
		printf "%10.1f %6.2f %9.3f  %s%s\n", $cost->{$symbol} / $blocks,
			100 * $cost->{$symbol} / $total, ($calls->{$symbol} // 0) / $blocks, $name,
			$module eq 'kernel' ? '' : " [$module]";
	}
}

my (%cost, %calls, $seen);
open my $in, '<', $counts or die "$counts: $!\n";
while (<$in>) {
	my ($address, $instructions, $times) = split;
	if ($address eq 'section') {
		%cost = %calls = ();
	} elsif ($address eq 'user') {
		my $job = shift @jobs or die "more sections than jobs\n";
		report($job, \%cost, \%calls, $instructions);
		$seen++;
	} else {
		$address = hex $address;
		my $symbol = symbol_of($address);
		$cost{$symbol} += $instructions;
		$calls{$symbol} += $times if $symbol == $address;
	}
}
die "the profile holds no job\n" unless $seen;
warn "no section for $_->{name}\n" for @jobs;
