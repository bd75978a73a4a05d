# SPDX-License-Identifier: GPL-2.0-only
#
# The results as JSON: one object a row.  What this run cannot know is null.
# usage: awk -v qemu=VERSION -f json.awk TARGETS RESULTS

FNR == NR {
	if ($0 !~ /^#/ && NF == 3)
		target[$1, $2] = $3
	next
}

$1 == "info" { info[$2] = $3 }

$1 == "row" {
	model = $2; job = $3; system_name = $4; kib = $5; rate = $7 / 1024
	row = sprintf("    {\"model\": \"%s\", \"job\": \"%s\", \"system\": \"%s\"", model, job, system_name)
	row = row sprintf(", \"mibps\": %.1f, \"iops\": %d", rate, $8)
	row = row sprintf(", \"lat_mean_us\": %.1f, \"lat_p99_us\": %.1f", $9, $10)
	# On a model that waits, time is not instructions.
	row = row ", \"instr_per_4k\": " (model == "ram" ? sprintf("%d", 1e9 / (rate * 256) + 0.5) : "null")
	row = row ", \"below_written_per_byte\": " per_byte($11, kib)
	row = row ", \"below_read_per_byte\": " per_byte($12, kib)
	if (system_name == "sworndisk" && (model, job) in target) {
		wanted = target[model, job]
		row = row sprintf(", \"target\": %.1f, \"met\": %s", wanted, rate >= wanted ? "true" : "false")
	} else {
		row = row ", \"target\": null, \"met\": null"
	}
	rows[++count] = row "}"
}

function per_byte(sectors, kib) {
	return sectors == "-" ? "null" : sprintf("%.3f", sectors / 2 / kib)
}

END {
	printf "{\n  \"kernel\": \"%s\",\n  \"qemu\": \"%s\",\n  \"rows\": [\n", info["kernel"], qemu
	for (i = 1; i <= count; i++)
		printf "%s%s\n", rows[i], i < count ? "," : ""
	print "  ]\n}"
}
