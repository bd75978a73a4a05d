# SPDX-License-Identifier: GPL-2.0-only
#
# Reads targets and results into tables, for json.awk and table.awk:
# usage: awk -f results.awk -f OTHER.awk TARGETS RESULTS
#
#   models[1..model_count]                       in order
#   job_of[MODEL, 1..job_count[MODEL]]
#   systems_of[MODEL, JOB]                       blanks between
#   value[MODEL, JOB, SYSTEM, MEASURE]           only what was measured
#   measures[MODEL, JOB]                         beyond those that all rows have
#   target_count[MODEL, JOB], target_measure[MODEL, JOB, N], target_relation, target_value

FNR == NR {
	if ($0 !~ /^#/ && NF == 5) {
		n = ++target_count[$1, $2]
		target_measure[$1, $2, n] = $3
		target_relation[$1, $2, n] = $4
		target_value[$1, $2, n] = $5
	}
	next
}

$1 == "info" { info[$2] = $3 }

$1 == "missing" { absent[++absent_count] = $0 }

# row MODEL JOB SYSTEM USER-KIB MSEC KIB/S IOPS LAT-MEAN-US LAT-P99-US LAT-MAX-US WRITTEN READ
$1 == "row" {
	know($2, $3, $4)
	value[$2, $3, $4, "kib"] = $5
	value[$2, $3, $4, "mibps"] = $7 / 1024
	value[$2, $3, $4, "iops"] = $8
	value[$2, $3, $4, "lat_mean_us"] = $9
	value[$2, $3, $4, "lat_p99_us"] = $10
	value[$2, $3, $4, "lat_max_s"] = $11 / 1e6
	if ($12 != "-") {
		value[$2, $3, $4, "written"] = $12 / 2 / $5
		value[$2, $3, $4, "read"] = $13 / 2 / $5
	}
}

# figure MODEL JOB SYSTEM MEASURE VALUE
$1 == "figure" {
	know($2, $3, $4)
	if (!(($2, $3, $5) in measure_seen)) {
		measure_seen[$2, $3, $5] = 1
		measures[$2, $3] = measures[$2, $3] " " $5
	}
	value[$2, $3, $4, $5] = $6
}

# account MODEL JOB SYSTEM NAME:COUNT...: the disk's own counters over a row
$1 == "account" {
	for (i = 5; i <= NF; i++) {
		split($i, part, ":")
		account[$2, $3, part[1]] = part[2]
	}
}

function know(model, job, system_name) {
	if (!(model in model_seen)) {
		model_seen[model] = 1
		models[++model_count] = model
	}
	if (!((model, job) in job_seen)) {
		job_seen[model, job] = 1
		job_of[model, ++job_count[model]] = job
	}
	if (!((model, job, system_name) in system_seen)) {
		system_seen[model, job, system_name] = 1
		systems_of[model, job] = systems_of[model, job] " " system_name
	}
}

# Nothing, if it is not known.
function measured(model, job, system_name, measure,    part) {
	if (split(measure, part, "/") == 2) {
		if (!((model, job, system_name, part[1]) in value) ||
		    !((model, job, part[2], part[1]) in value) || !value[model, job, part[2], part[1]])
			return ""
		return value[model, job, system_name, part[1]] / value[model, job, part[2], part[1]]
	}
	return (model, job, system_name, measure) in value ? value[model, job, system_name, measure] : ""
}

# The system that the targets are for.
function judged(model) {
	if (model == "mailbox")
		return "sworn_mbox"
	return model == "blockram" ? "sworn_ram" : "sworndisk"
}

# "yes", "NO", or nothing if there is no such target, or no such figure
function met(model, job, n,    reached) {
	reached = measured(model, job, judged(model), target_measure[model, job, n])
	if (reached == "")
		return ""
	if (target_relation[model, job, n] == ">=")
		return reached >= target_value[model, job, n] ? "yes" : "NO"
	if (target_relation[model, job, n] == "<=")
		return reached <= target_value[model, job, n] ? "yes" : "NO"
	return reached < target_value[model, job, n] ? "yes" : "NO"
}

function target_of(model, job, measure,    n) {
	for (n = 1; n <= target_count[model, job]; n++)
		if (target_measure[model, job, n] == measure)
			return n
	return 0
}
