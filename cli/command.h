/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands as records.  main.c parses by them, calls run() and prints what it
 * left behind; a command itself parses, prints and exits nowhere else.
 */
#ifndef SWORNADM_COMMAND_H
#define SWORNADM_COMMAND_H

#include <stdbool.h>

#include "args/options.h"
#include "back/back.h"
#include "failure.h"
#include "out/out.h"

#define COMMAND_ARGS_MAX	32
#define COMMAND_OPTIONS_MAX	(NR_OPTIONS + 1)

/**
 * struct context - a command being run
 * @args: what stood on the command line beside options; NULL-terminated
 * @exit: exit code of a command that has answered: that may be bad news
 */
struct context {
	const char *args[COMMAND_ARGS_MAX + 1];
	int nr_args;
	struct options options;
	const struct back *back;
	struct out *out;
	struct failure *failure;
	enum exit_code exit;
};

/**
 * struct command - a command
 * @name: one word, or two
 * @args: its arguments, as the help text shows them
 * @min_args: @max_args: how many of them
 * @fsck: its exit codes are those of fsck
 * @words: arguments from the second on are taken as they are, also if they
 *	look like options
 * @options: those it takes, %OPT_END last; --json and --help are understood
 * @help: one line
 * @doc: more, for --help
 * @run: 0 or a negative errno, noted in the context's failure
 */
struct command {
	const char *name;
	const char *args;
	int min_args;
	int max_args;
	bool fsck;
	bool words;
	const enum option_id *options;
	const char *help;
	const char *doc;
	int (*run)(struct context *c);
};

/* cmd/disk/ */
extern const struct command command_create;
extern const struct command command_open;
extern const struct command command_close;
extern const struct command command_list;
extern const struct command command_status;
extern const struct command command_info;
extern const struct command command_compact;
extern const struct command command_clean;
extern const struct command command_checkpoint;
extern const struct command command_verify;
extern const struct command command_stats;
extern const struct command command_tune;
extern const struct command command_top;
extern const struct command command_map;
extern const struct command command_events;
extern const struct command command_metrics;
extern const struct command command_message;
extern const struct command command_remove;
extern const struct command command_wipe;
/* cmd/offline/ */
extern const struct command command_check;
extern const struct command command_dump;
extern const struct command command_repair;
/* cmd/ram/ */
extern const struct command command_ram_create;
extern const struct command command_ram_list;
extern const struct command command_ram_status;
extern const struct command command_ram_resize;
extern const struct command command_ram_remove;
extern const struct command command_ram_monitor;
/* cmd/mbox/ */
extern const struct command command_mbox_create;
extern const struct command command_mbox_list;
extern const struct command command_mbox_remove;
extern const struct command command_mbox_monitor;
/* cmd/ */
extern const struct command command_version;

#endif /* SWORNADM_COMMAND_H */
