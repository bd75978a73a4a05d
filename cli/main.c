// SPDX-License-Identifier: GPL-2.0-only
/* swornadm: the command line, the table of commands, the exit code. */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "args/scan.h"
#include "command.h"

static const struct command *const commands[] = {
	&command_create,
	&command_open,
	&command_close,
	&command_list,
	&command_status,
	&command_info,
	&command_compact,
	&command_clean,
	&command_checkpoint,
	&command_verify,
	&command_stats,
	&command_tune,
	&command_top,
	&command_map,
	&command_events,
	&command_metrics,
	&command_message,
	&command_remove,
	&command_wipe,
	&command_check,
	&command_dump,
	&command_repair,
	&command_ram_create,
	&command_ram_list,
	&command_ram_status,
	&command_ram_resize,
	&command_ram_remove,
	&command_ram_monitor,
	&command_mbox_create,
	&command_mbox_list,
	&command_mbox_remove,
	&command_mbox_monitor,
	&command_version,
};

#define NR_COMMANDS (sizeof(commands) / sizeof(commands[0]))

/* Does @word begin the name, which goes on? */
static bool begins(const char *name, const char *word)
{
	size_t n = strlen(word);

	return !strncmp(name, word, n) && name[n] == ' ';
}

/* How many of the words are the command's name? */
static int words_of(const struct command *command, int argc, char **argv)
{
	if (!strcmp(command->name, argv[0]))
		return 1;
	return argc > 1 && begins(command->name, argv[0]) &&
	       !strcmp(strchr(command->name, ' ') + 1, argv[1]) ? 2 : 0;
}

static const struct command *find_command(int argc, char **argv, int *words)
{
	for (size_t i = 0; i < NR_COMMANDS; i++) {
		*words = words_of(commands[i], argc, argv);
		if (*words)
			return commands[i];
	}
	return NULL;
}

static bool is_first_word(const char *word)
{
	for (size_t i = 0; i < NR_COMMANDS; i++)
		if (begins(commands[i]->name, word))
			return true;
	return false;
}

static void usage(FILE *to)
{
	fputs("Usage: swornadm COMMAND [ARGUMENT...]\n"
	      "Create, open and inspect SwornDisks: encrypted, authenticated, fresh block\n"
	      "devices on storage that is not trusted.\n\nCommands:\n", to);
	for (size_t i = 0; i < NR_COMMANDS; i++)
		fprintf(to, "  %-11s %-23s %s\n", commands[i]->name,
			commands[i]->args, commands[i]->help);
	fputs("\n\"swornadm COMMAND --help\" tells more; so does swornadm(8).\n", to);
}

/**
 * struct parsing - state of a command line being parsed
 * @options: argp's records, made from those the command names
 */
struct parsing {
	const struct command *command;
	struct context *context;
	struct argp_option options[COMMAND_OPTIONS_MAX + 2];
	enum option_id ids[COMMAND_OPTIONS_MAX + 2];
	int nr_options;
};

static void add_option(struct parsing *p, enum option_id id)
{
	options_describe(id, &p->options[p->nr_options]);
	p->ids[p->nr_options] = id;
	p->nr_options++;
}

static int take_argument(struct parsing *p, const char *arg,
			 struct argp_state *state)
{
	struct context *c = p->context;

	if (c->nr_args == p->command->max_args) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE,
			  "argument \"%s\" is one too many", arg);
		return EINVAL;
	}
	c->args[c->nr_args++] = arg;
	/* What a message says is not ours to understand. */
	if (p->command->words && c->nr_args == 1)
		while (state->next < state->argc && c->nr_args < p->command->max_args)
			c->args[c->nr_args++] = state->argv[state->next++];
	return 0;
}

static error_t parse_one(int key, char *arg, struct argp_state *state)
{
	struct parsing *p = state->input;

	if (key == ARGP_KEY_ARG)
		return take_argument(p, arg, state);
	for (int i = 0; i < p->nr_options; i++)
		if (p->options[i].key == key)
			return options_set(&p->context->options, p->ids[i], arg,
					   p->context->failure) ? EINVAL : 0;
	return ARGP_ERR_UNKNOWN;
}

static void hint_usage(const struct command *command, struct failure *f)
{
	fail_hint(f, "usage: swornadm %s %s%s; \"swornadm %s --help\" tells more",
		  command->name, command->options[0] ? "[OPTION...] " : "",
		  command->args, command->name);
}

/* argp would add a note on its own conventions. */
static char *filter_help(int key, const char *text, void *input)
{
	(void)input;
	return key == ARGP_KEY_HELP_DUP_ARGS_NOTE ? NULL : (char *)text;
}

/* A guess, for a command line that cannot be understood. */
static bool asks_for(int argc, char **argv, const char *word)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--"); i++)
		if (!strcmp(argv[i], word))
			return true;
	return false;
}

static int check_arguments(const struct command *command, struct context *c)
{
	const char *missing = command->args;

	if (c->nr_args >= command->min_args)
		return 0;
	for (int i = 0; i < c->nr_args; i++)
		missing += strcspn(missing, " ") + 1;
	return fail_exit(c->failure, EINVAL, EXIT_USAGE, "%.*s is missing",
			 (int)strcspn(missing, " "), missing);
}

static int parse(struct parsing *p, struct argp *argp, int argc, char **argv)
{
	const struct command *command = p->command;
	struct context *c = p->context;
	int err;

	for (const enum option_id *id = command->options; *id != OPT_END; id++)
		add_option(p, *id);
	add_option(p, OPT_JSON);
	add_option(p, OPT_HELP);
	*argp = (struct argp){
		.options = p->options,
		.parser = parse_one,
		.args_doc = command->args,
		.doc = command->doc,
		.help_filter = filter_help,
	};
	err = scan_options(p->options, command->words, argc, argv, c->failure);
	if (!err)
		err = argp_parse(argp, argc, argv, ARGP_NO_EXIT | ARGP_NO_ERRS |
				 ARGP_NO_HELP | (command->words ? ARGP_IN_ORDER : 0),
				 NULL, p);
	if (c->options.given[OPT_HELP])
		return 0;
	if (!err)
		err = check_arguments(command, c);
	if (err) {
		fail_exit(c->failure, EINVAL, EXIT_USAGE, "the command line is wrong");
		hint_usage(command, c->failure);
	}
	return err;
}

static int choose_back(struct context *c)
{
	const char *dir = secure_getenv("SWORNADM_FAKE");

	c->back = dir ? back_fake(dir) : &back_kernel;
	return c->back ? 0 : fail(c->failure, ENOENT,
				  "SWORNADM_FAKE \"%s\" is not a folder", dir);
}

static void show_help(const struct command *command, const struct argp *argp)
{
	char name[64];

	snprintf(name, sizeof(name), "swornadm %s", command->name);
	argp_help(argp, stdout, ARGP_HELP_USAGE | ARGP_HELP_PRE_DOC |
		  ARGP_HELP_LONG | ARGP_HELP_POST_DOC, name);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct failure failure = { 0 };
	struct context context = { .failure = &failure };
	struct parsing parsing = { .command = command, .context = &context };
	struct argp argp = { 0 };
	int err;

	err = parse(&parsing, &argp, argc, argv);
	context.out = out_create(context.options.given[OPT_JSON] ||
				 (err && asks_for(argc, argv, "--json")));
	if (!context.out)
		return EXIT_FAILED;
	if (!err && context.options.given[OPT_HELP]) {
		show_help(command, &argp);
		out_destroy(context.out);
		return EXIT_DONE;
	}
	if (!err)
		err = choose_back(&context);
	if (!err)
		err = command->run(&context);
	if (!err) {
		err = out_finish(context.out);
		if (err)
			fail(&failure, err, "standard output: %s", strerror(-err));
	}
	if (err) {
		fail(&failure, err, "%s", strerror(abs(err)));
		if (command->fsck)
			failure.exit = failure_exit_fsck(&failure);
		out_failure(context.out, command->name, &failure);
	}
	out_destroy(context.out);
	return err ? failure_exit(&failure) : context.exit;
}

static int no_command(int argc, char **argv)
{
	struct failure failure = { 0 };
	struct out *out = out_create(argc && asks_for(argc, argv, "--json"));

	if (!argc)
		fail_exit(&failure, EINVAL, EXIT_USAGE, "no command is given");
	else if (is_first_word(argv[0]) && argc > 1 && argv[1][0] != '-')
		fail_exit(&failure, EINVAL, EXIT_USAGE,
			  "\"%s %s\" is not a command", argv[0], argv[1]);
	else
		fail_exit(&failure, EINVAL, EXIT_USAGE, "\"%s\" is not a command%s", argv[0],
			  is_first_word(argv[0]) ? " by itself" : "");
	fail_hint(&failure, "\"swornadm --help\" lists the commands");
	out_failure(out, NULL, &failure);
	out_destroy(out);
	return failure_exit(&failure);
}

/* Keys pass through this program: none of it may reach a core file. */
static void forbid_core(void)
{
	const struct rlimit none = { 0, 0 };

	prctl(PR_SET_DUMPABLE, 0);
	setrlimit(RLIMIT_CORE, &none);
}

static bool is_help(const char *word)
{
	return !strcmp(word, "--help") || !strcmp(word, "-h");
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;
	char *version[] = { "version" };
	int words;

	if (argc < 2)
		return no_command(0, NULL);
	if (is_help(argv[1]) || (argc == 3 && is_first_word(argv[1]) && is_help(argv[2]))) {
		usage(stdout);
		return EXIT_DONE;
	}
	if (!strcmp(argv[1], "--version"))
		command = find_command(1, version, &words);
	else
		command = find_command(argc - 1, argv + 1, &words);
	if (!command)
		return no_command(argc - 1, argv + 1);
	return run(command, argc - words, argv + words);
}

int main(int argc, char **argv)
{
	forbid_core();
	exit(dispatch(argc, argv));
}
