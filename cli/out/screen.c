// SPDX-License-Identifier: GPL-2.0-only
/* A view that is shown again and again; see screen.h. */
#include "screen.h"

#include <errno.h>
#include <stdio.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "../interrupt.h"
#include "term.h"

static struct {
	bool on;
	bool keys;
	int frames;
	struct termios before;
} screen;

/* Keys are read as they come, and not shown. */
static void take_keys(void)
{
	struct termios raw;

	/* whoever has the terminal may change it; others would be stopped */
	if (!isatty(STDIN_FILENO) || tcgetpgrp(STDIN_FILENO) != getpgrp() ||
	    tcgetattr(STDIN_FILENO, &screen.before))
		return;
	raw = screen.before;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	screen.keys = !tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

void screen_begin(bool wanted)
{
	screen.on = wanted && term_there();
	if (!screen.on)
		return;
	take_keys();
	/* the other screen, no cursor */
	fputs("\033[?1049h\033[?25l\033[2J", stdout);
	fflush(stdout);
}

void screen_end(struct out *out)
{
	if (screen.on) {
		fputs("\033[?25h\033[?1049l", stdout);
		fflush(stdout);
	}
	if (screen.keys)
		tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
	screen.on = false;
	screen.keys = false;
	/* errors are answers of the usual form */
	if (!screen.frames)
		return;
	out_line_begin(out);
	out_line_drop(out);
}

bool screen_on(void)
{
	return screen.on;
}

void screen_frame_begin(struct out *out)
{
	out_line_begin(out);
	if (screen.on)
		fputs("\033[H", stdout);
	else if (screen.frames && !out_is_json(out))
		out_say(out, "%s", "");
	screen.frames++;
	out_each_line_ends(out, screen.on ? "\033[K" : NULL);
}

int screen_frame_end(struct out *out)
{
	int err = out_line_end(out);

	if (!err && screen.on) {
		fputs("\033[J", stdout);
		err = fflush(stdout) ? -errno : 0;
	}
	return err;
}

static long left_ms(const struct timespec *until)
{
	struct timespec now;
	long ms;

	clock_gettime(CLOCK_MONOTONIC, &now);
	ms = (until->tv_sec - now.tv_sec) * 1000 +
	     (until->tv_nsec - now.tv_nsec) / 1000000;
	return ms > 0 ? ms : 0;
}

int screen_wait(long ms)
{
	struct timespec until;
	int err;
	char key;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += ms % 1000 * 1000000;
	for (;;) {
		err = interrupt_wait(screen.keys ? STDIN_FILENO : -1, left_ms(&until));
		if (err < 0)
			return err;
		if (err > 0 && (read(STDIN_FILENO, &key, 1) != 1 || key == 'q'))
			return -EINTR;
		if (!left_ms(&until))
			return 0;
	}
}
