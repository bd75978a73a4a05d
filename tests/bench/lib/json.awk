# SPDX-License-Identifier: GPL-2.0-only
#
# The results as JSON: one object a row.  What this run cannot know is null.
# usage: awk -v qemu=VERSION -f results.awk -f json.awk TARGETS RESULTS

function field(name, form, known) {
	return sprintf(", \"%s\": %s", name, known == "" ? "null" : sprintf(form, known))
}

function row(model, job, name,    text, rate, verdict, n, count, more, all, i) {
	text = sprintf("    {\"model\": \"%s\", \"job\": \"%s\", \"system\": \"%s\"", model, job, name)
	rate = measured(model, job, name, "mibps")
	text = text field("mibps", "%.1f", rate)
	text = text field("iops", "%d", measured(model, job, name, "iops"))
	text = text field("lat_mean_us", "%.1f", measured(model, job, name, "lat_mean_us"))
	text = text field("lat_p99_us", "%.1f", measured(model, job, name, "lat_p99_us"))
	# On a model that waits, time is not instructions.
	text = text field("instr_per_4k", "%d", model == "ram" && rate ? 1e9 / (rate * 256) + 0.5 : "")
	text = text field("below_written_per_byte", "%.3f", measured(model, job, name, "written"))
	text = text field("below_read_per_byte", "%.3f", measured(model, job, name, "read"))
	count = name == judged(model) ? target_count[model, job] : 0
	text = text field("target", "%s", count ? target_value[model, job, 1] : "")
	# A row is met when all its targets are, and not known when one of them is not.
	verdict = count ? "true" : ""
	for (n = 1; n <= count; n++) {
		if (met(model, job, n) == "NO")
			verdict = "false"
		else if (met(model, job, n) == "" && verdict == "true")
			verdict = ""
		all = all sprintf("%s{\"measure\": \"%s\", \"relation\": \"%s\", \"target\": %s%s}", \
			n > 1 ? ", " : "", target_measure[model, job, n], \
			target_relation[model, job, n], target_value[model, job, n], \
			field("value", "%.4g", measured(model, job, name, target_measure[model, job, n])))
	}
	text = text field("met", "%s", verdict)
	text = text field("lat_max_s", "%.4f", measured(model, job, name, "lat_max_s"))
	n = split(measures[model, job], more, " ")
	for (i = 1; i <= n; i++)
		if (more[i] != "mibps")
			text = text field(more[i], "%s", measured(model, job, name, more[i]))
	return text (count ? ", \"targets\": [" all "]" : "") "}"
}

END {
	printf "{\n  \"kernel\": \"%s\",\n  \"qemu\": \"%s\",\n  \"rows\": [", info["kernel"], qemu
	for (m = 1; m <= model_count; m++)
		for (j = 1; j <= job_count[models[m]]; j++) {
			count = split(systems_of[models[m], job_of[models[m], j]], names, " ")
			for (s = 1; s <= count; s++)
				printf "%s\n%s", any++ ? "," : "", row(models[m], job_of[models[m], j], names[s])
		}
	print "\n  ]\n}"
}
