# SPDX-License-Identifier: GPL-2.0-only
#
# The results as tables for each model: throughput, a line a job and a column a
# system; what else there is a target for or was measured; and what sworndisk
# wrote below, by its own accounts.
# Of the systems those have a column that were measured.
# usage: awk -v systems="NAME..." -f results.awk -f table.awk TARGETS RESULTS

function show(known) {
	if (known == "")
		return "-"
	return sprintf(known < 0.1 ? "%.4f" : known < 1 ? "%.3f" : known < 10 ? "%.2f" : known < 100 ? "%.1f" : "%.0f", known)
}

function heading(first,    s) {
	printf "\n%-26s", first
	for (s = 1; s <= count; s++)
		printf " %9s", system_of[s]
}

function columns(model, job, measure,    s) {
	for (s = 1; s <= count; s++)
		printf " %9s", show(measured(model, job, system_of[s], measure))
}

function throughput(model,    j, job, n) {
	if (!((model, "kib") in has))
		return
	heading("MiB/s")
	if (compared)
		printf " %8s %-4s %7s %7s", "target", "met", "/xts", "/aead-j"
	printf "\n"
	for (j = 1; j <= job_count[model]; j++) {
		job = job_of[model, j]
		if (!((model, job, "kib") in has))
			continue
		printf "%-26s", job
		columns(model, job, "mibps")
		n = target_of(model, job, "mibps")
		if (compared)
			printf " %8s %-4s %7s %7s", n ? target_value[model, job, n] : "-", \
				n ? met(model, job, n) : "-", \
				show(measured(model, job, "sworndisk", "mibps/xts")), \
				show(measured(model, job, "sworndisk", "mibps/aead-j"))
		printf "\n"
	}
}

function other_line(model, job, measure,    n, what) {
	n = target_of(model, job, measure)
	what = job ": " measure
	printf "%-44s", what
	if (measure ~ /\//) {
		printf "%*s", 10 * (count - 1), ""
		printf " %9s", show(measured(model, job, judged(model), measure))
	} else {
		columns(model, job, measure)
	}
	if (n && compared)
		printf " %2s %-6s %-4s", target_relation[model, job, n], target_value[model, job, n], met(model, job, n)
	printf "\n"
}

function others(model,    j, job, n, i, k, names) {
	printf "\n%-44s", "beside that"
	for (i = 1; i <= count; i++)
		printf " %9s", system_of[i]
	printf "\n"
	for (j = 1; j <= job_count[model]; j++) {
		job = job_of[model, j]
		k = split(measures[model, job], names, " ")
		for (i = 1; i <= k; i++)
			other_line(model, job, names[i])
		for (n = 1; n <= target_count[model, job]; n++)
			if (target_measure[model, job, n] != "mibps" && !((model, job, target_measure[model, job, n]) in measure_seen))
				other_line(model, job, target_measure[model, job, n])
	}
}

# Blocks written for each block of the job's; both sums should be about the same.
function accounts(model,    j, job, user, sum, i, part) {
	split("data index journal checkpoint", part, " ")
	printf "\n%-26s %8s %8s %8s %8s %8s %8s %8s %8s\n", "written, blocks a block", "data", "index", \
		"journal", "packs", "sum", "devices", "(moved)", "nodes rd"
	for (j = 1; j <= job_count[model]; j++) {
		job = job_of[model, j]
		user = value[model, job, "sworndisk", "kib"] / 4
		if (!user || !((model, job, "data_written_blocks") in account))
			continue
		sum = 0
		printf "%-26s", job
		for (i = 1; i <= 4; i++) {
			printf " %8.4f", account[model, job, part[i] "_written_blocks"] / user
			sum += account[model, job, part[i] "_written_blocks"] / user
		}
		printf " %8.4f %8s %8.4f %8.4f\n", sum, show(measured(model, job, "sworndisk", "written")), \
			account[model, job, "moved_blocks"] / user, account[model, job, "cache_misses"] / user
	}
}

END {
	for (key in value) {
		split(key, word, SUBSEP)
		has[word[1], word[2], word[4]] = 1
		has[word[1], word[4]] = 1
		seen[word[1], word[3]] = 1
	}
	n = split(systems, known, " ")
	for (m = 1; m <= model_count; m++) {
		count = 0
		for (i = 1; i <= n; i++)
			if ((models[m], known[i]) in seen)
				system_of[++count] = known[i]
		compared = (models[m], judged(models[m])) in seen
		printf "\nmodel %s, kernel %s\n", models[m], info["kernel"]
		throughput(models[m])
		others(models[m])
		if ((models[m], "kib") in has && compared)
			accounts(models[m])
	}
	for (i = 1; i <= absent_count; i++) {
		sub(/^missing /, "", absent[i])
		print "not measured: " absent[i]
	}
}
