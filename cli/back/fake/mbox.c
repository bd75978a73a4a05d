// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailboxes that are files; see mbox.h and files.h.  In the fake's folder:
 *
 *	mbox/NAME	a mailbox: its state, and how many readers wait
 *	mbox-events	what a watch sees: lines "EVENT NAME"
 *	fail/mbox-CALL	the call fails: an errno
 *
 * What is made is noted in the log.
 */
#include "../mbox.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "files.h"

static char *box_path(char path[PATH_MAX], const char *name)
{
	return fake_path(path, "mbox/%s", name);
}

static const char *state_word(const char *text)
{
	static const char *const words[] = { "empty", "filling", "full", "reading", "spent" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i], text))
			return words[i];
	return "unknown";
}

static int load(const char *name, struct back_mbox *box)
{
	char path[PATH_MAX], state[16] = "empty";
	FILE *file = fopen(box_path(path, name), "re");

	if (!file)
		return -ENODEV;
	*box = (struct back_mbox){ .kind = "rendezvous", .size_bytes = 4096, .mode = 0600,
				   .major = 240 };
	snprintf(box->name, sizeof(box->name), "%.31s", name);
	if (fscanf(file, "%15s %u", state, &box->waiting) < 1)
		box->waiting = 0;
	box->state = state_word(state);
	fclose(file);
	return 0;
}

static int prepare(bool change, struct failure *f)
{
	char path[PATH_MAX];

	box_path(path, "");
	if (access(path, F_OK) && !change)
		return -ENOENT;
	mkdir(path, 0700);
	return fake_fails("mbox-prepare", f);
}

static int create(const struct back_mbox_spec *spec, struct back_mbox *made, struct failure *f)
{
	char path[PATH_MAX];
	int err = fake_fails("mbox-create", f);

	if (err)
		return err;
	fake_note("mbox create %s kind=%s size=%u once=%d owner=%u:%u mode=%o timeout=%u",
		  spec->name, spec->buffer ? "buffer" : "rendezvous", spec->size_bytes, spec->once,
		  spec->uid, spec->gid, spec->set_mode ? spec->mode : 0600, spec->timeout_ms);
	fake_write(box_path(path, spec->name), "empty 0");
	err = load(spec->name, made);
	made->kind = spec->buffer ? "buffer" : "rendezvous";
	made->once = spec->once;
	return err ? fail(f, err, "create: %s", strerror(-err)) : 0;
}

static int list(struct back_mbox **boxes, size_t *nr, struct failure *f)
{
	struct dirent **names;
	char path[PATH_MAX];
	int n = fake_names(box_path(path, ""), &names);

	*nr = n > 0 ? (size_t)n : 0;
	*boxes = calloc(*nr + 1, sizeof(**boxes));
	if (!*boxes)
		return fail(f, ENOMEM, "out of memory");
	for (int i = 0; i < n; i++) {
		load(names[i]->d_name, &(*boxes)[i]);
		free(names[i]);
	}
	free(names);
	return fake_fails("mbox-list", f);
}

static int remove_box(const char *name, struct failure *f)
{
	char path[PATH_MAX];
	int err = fake_fails("mbox-remove", f);

	if (!err && unlink(box_path(path, name)))
		err = fail(f, ENODEV, "there is no mailbox \"%s\"", name);
	return err;
}

static int watch(back_mbox_event *take, void *arg, struct failure *f)
{
	char path[PATH_MAX], event[16], name[32];
	FILE *file = fopen(fake_path(path, "mbox-events"), "re");
	struct back_mbox box;
	int stop = 0;

	while (!stop && file && fscanf(file, "%15s %31s", event, name) == 2)
		stop = take(event, load(name, &box) ? NULL : &box, arg);
	if (file)
		fclose(file);
	return stop ? stop : fake_fails("mbox-watch", f);
}

const struct back_mboxes back_mbox_fake = {
	.prepare = prepare,
	.create = create,
	.list = list,
	.remove = remove_box,
	.watch = watch,
};
