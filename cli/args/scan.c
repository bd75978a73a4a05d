// SPDX-License-Identifier: GPL-2.0-only
/* A look at the command line; see scan.h. */
#include "scan.h"

#include <errno.h>
#include <string.h>

static const struct argp_option *find_long(const struct argp_option *options,
					   const char *name, size_t bytes)
{
	for (; options->name; options++)
		if (strlen(options->name) == bytes &&
		    !memcmp(options->name, name, bytes))
			return options;
	return NULL;
}

static const struct argp_option *find_short(const struct argp_option *options,
					    char letter)
{
	for (; options->name; options++)
		if (options->key == letter)
			return options;
	return NULL;
}

/* How many words it takes: 1, or 2 if its value is the next one. */
static int scan_long(const struct argp_option *options, const char *word,
		     bool last, struct failure *f)
{
	size_t bytes = strcspn(word + 2, "=");
	bool has_value = word[2 + bytes] == '=';
	const struct argp_option *option = find_long(options, word + 2, bytes);

	if (!option)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "\"%.*s\" is not an option of this command",
				 (int)bytes + 2, word);
	if (!option->arg && has_value)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--%s takes no value: \"%s\"", option->name, word);
	if (option->arg && !has_value && last)
		return fail_exit(f, EINVAL, EXIT_USAGE,
				 "--%s: its value, %s, is missing", option->name,
				 option->arg);
	return option->arg && !has_value ? 2 : 1;
}

/* A cluster of letters, the last of which may have a value. */
static int scan_short(const struct argp_option *options, const char *word,
		      bool last, struct failure *f)
{
	for (const char *p = word + 1; *p; p++) {
		const struct argp_option *option = find_short(options, *p);

		if (!option)
			return fail_exit(f, EINVAL, EXIT_USAGE,
					 "\"-%c\" is not an option of this command",
					 *p);
		if (!option->arg)
			continue;
		if (p[1])
			return 1;
		if (last)
			return fail_exit(f, EINVAL, EXIT_USAGE,
					 "-%c: its value, %s, is missing", *p,
					 option->arg);
		return 2;
	}
	return 1;
}

int scan_options(const struct argp_option *options, bool words, int argc,
		 char **argv, struct failure *f)
{
	int i = 1, taken;

	while (i < argc && strcmp(argv[i], "--")) {
		const char *word = argv[i];
		bool last = i == argc - 1;

		if (word[0] != '-' || !word[1]) {
			if (words)
				return 0;
			taken = 1;
		} else if (word[1] == '-') {
			taken = scan_long(options, word, last, f);
		} else {
			taken = scan_short(options, word, last, f);
		}
		if (taken < 0)
			return taken;
		i += taken;
	}
	return 0;
}
