# SPDX-License-Identifier: GPL-2.0-only
#
# The results as a table for each model: a line a job, a column a system.
# usage: awk -v systems="NAME..." -f table.awk TARGETS RESULTS

FNR == NR {
	if ($0 !~ /^#/ && NF == 3)
		target[$1, $2] = $3
	next
}

$1 == "info" { info[$2] = $3 }

$1 == "row" {
	if (!(($2, "jobs") in jobs_seen)) {
		jobs_seen[$2, "jobs"] = 1
		models[++model_count] = $2
	}
	if (!(($2, $3) in job_seen)) {
		job_seen[$2, $3] = 1
		job_of[$2, ++job_count[$2]] = $3
	}
	rate[$2, $3, $4] = $7 / 1024
}

$1 == "missing" { absent[++absent_count] = $0 }

function show(value) {
	return value < 10 ? sprintf("%.2f", value) : value < 100 ? sprintf("%.1f", value) : sprintf("%.0f", value)
}

function ratio(model, job, peer) {
	if (!((model, job, peer) in rate) || !((model, job, "sworndisk") in rate))
		return "-"
	return sprintf("%.2f", rate[model, job, "sworndisk"] / rate[model, job, peer])
}

END {
	count = split(systems, system_of, " ")
	compared = (" " systems " ") ~ / sworndisk /
	for (m = 1; m <= model_count; m++) {
		model = models[m]
		printf "\nmodel %s, kernel %s, MiB/s\n\n%-26s", model, info["kernel"], "job"
		for (s = 1; s <= count; s++)
			printf " %9s", system_of[s]
		if (compared)
			printf " %8s %-4s %7s %7s", "target", "met", "/xts", "/aead-j"
		printf "\n"
		for (j = 1; j <= job_count[model]; j++) {
			job = job_of[model, j]
			printf "%-26s", job
			for (s = 1; s <= count; s++) {
				key = model SUBSEP job SUBSEP system_of[s]
				printf " %9s", key in rate ? show(rate[key]) : "-"
			}
			if (compared) {
				wanted = (model, job) in target ? target[model, job] : ""
				key = model SUBSEP job SUBSEP "sworndisk"
				met = wanted == "" || !(key in rate) ? "-" : rate[key] >= wanted ? "yes" : "NO"
				printf " %8s %-4s %7s %7s", wanted == "" ? "-" : wanted, met, \
					ratio(model, job, "xts"), ratio(model, job, "aead-j")
			}
			printf "\n"
		}
	}
	for (i = 1; i <= absent_count; i++) {
		sub(/^missing /, "", absent[i])
		print "not measured: " absent[i]
	}
}
