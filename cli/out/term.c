// SPDX-License-Identifier: GPL-2.0-only
/* What standard output can show; see term.h. */
#include "term.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../args/number.h"

bool term_there(void)
{
	return isatty(STDOUT_FILENO);
}

static int from_environment(const char *name)
{
	const char *text = getenv(name);
	uint64_t n;

	return text && !number_parse(text, &n) && n && n < 10000 ? (int)n : 0;
}

static struct winsize window(void)
{
	struct winsize w = { 0 };

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w))
		w = (struct winsize){ 0 };
	return w;
}

int term_width(void)
{
	int n = from_environment("COLUMNS");

	if (!n)
		n = window().ws_col;
	return !n ? 80 : n < TERM_WIDTH_MIN ? TERM_WIDTH_MIN : n;
}

int term_height(void)
{
	int n = from_environment("LINES");

	if (!n)
		n = window().ws_row;
	return n ? n : 24;
}

bool term_colour(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return term_there() && (!no || !*no) && term && strcmp(term, "dumb") != 0;
}

bool term_unicode(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}
