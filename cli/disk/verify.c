// SPDX-License-Identifier: GPL-2.0-only
/* The driver's report on verifying; see verify.h. */
#include "verify.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../args/number.h"
#include "include/uapi/sworndisk_target.h"
#include "send.h"

/* The value of NAME:NUMBER in a line. */
static int word_number(const char *line, const char *name, uint64_t *value)
{
	size_t n = strlen(name);
	const char *at = line;

	while ((at = strchr(at, ' '))) {
		char digits[24];

		at++;
		if (strncmp(at, name, n) || at[n] != ':')
			continue;
		snprintf(digits, sizeof(digits), "%.*s",
			 (int)strspn(at + n + 1, "0123456789"), at + n + 1);
		return number_parse(digits, value) ? -EPROTO : 0;
	}
	return -EPROTO;
}

static int parse_head(const char *line, struct verify_report *r, uint64_t *all)
{
	const struct {
		const char *name;
		uint64_t *value;
	} words[] = {
		{ "percent", &r->percent },
		{ "lba", &r->lba },
		{ "data_blocks", &r->data_blocks },
		{ "nodes", &r->nodes },
		{ "errors", &r->errors },
		{ "unlisted", &r->unlisted },
		{ "started", &r->started_s },
		{ "ended", &r->ended_s },
		{ "places", all },
	};
	int err = sscanf(line, SWORN_MSG_VERIFY " %15s", r->phase) == 1 ? 0 : -EPROTO;

	for (size_t i = 0; !err && i < sizeof(words) / sizeof(words[0]); i++)
		err = word_number(line, words[i].name, words[i].value);
	return err;
}

static int parse_place(const char *line, struct verify_report *r)
{
	struct verify_place p;
	void *more;

	if (sscanf(line, "%23s %" SCNu64 " %" SCNu64 " %" SCNu64, p.kind,
		   &p.first_lba, &p.last_lba, &p.block) != 4)
		return -EPROTO;
	more = reallocarray(r->place, r->nr_places + 1, sizeof(p));
	if (!more)
		return -ENOMEM;
	r->place = more;
	r->place[r->nr_places++] = p;
	return 0;
}

int verify_parse(const char *answer, struct verify_report *r, uint64_t *all)
{
	char *text = strdup(answer), *save = NULL, *line;
	int err;

	if (!text)
		return -ENOMEM;
	line = strtok_r(text, "\n", &save);
	err = line ? parse_head(line, r, all) : -EPROTO;
	while (!err && (line = strtok_r(NULL, "\n", &save)))
		err = parse_place(line, r);
	free(text);
	return err;
}

int verify_read(const struct back *back, const char *name,
		struct verify_report *r, struct failure *f)
{
	uint64_t all = 0;
	size_t before;
	int err;

	*r = (struct verify_report){ 0 };
	do {
		char message[64], *reply = NULL;

		before = r->nr_places;
		snprintf(message, sizeof(message), SWORN_MSG_VERIFY " "
			 SWORN_VERIFY_DO_REPORT " %zu", before);
		err = send_message(back, name, message, NULL, &reply, f);
		if (!err) {
			err = verify_parse(reply ? reply : "", r, &all);
			if (err)
				fail(f, err, "disk \"%s\": the driver's report on verifying is not understood: \"%.100s\"",
				     name, reply ? reply : "");
		}
		free(reply);
		/* it may have begun anew, and have found nothing since */
	} while (!err && r->nr_places > before && r->nr_places < all);
	return err;
}

void verify_free(struct verify_report *r)
{
	free(r->place);
	r->place = NULL;
	r->nr_places = 0;
}
