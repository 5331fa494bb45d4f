// SPDX-License-Identifier: GPL-2.0-or-later
/* The console level: which lines of the log reach whoever shows it. */
#include <stdlib.h>
#include <string.h>
#include "box/cmdline.h"
#include "box/console.h"
#include "loader/loader.h"
#include "loader/symbol_table.h"

/* CONFIG_CONSOLE_LOGLEVEL_QUIET and CONSOLE_LOGLEVEL_DEBUG */
#define LEVEL_QUIET   4
#define LEVEL_DEBUG   10
#define LEVEL_NONE    (-1)

#define MINIMUM_LEVEL 2 /* of console_printk[]: minimum_console_loglevel */

/* CONFIG_CONSOLE_LOGLEVEL_DEFAULT, CONFIG_MESSAGE_LOGLEVEL_DEFAULT and so on, as in Debian */
static const int defaults[CONSOLE_LEVELS] = {7, 4, 1, 7};

void console_boot(struct r3_box *box)
{
	const char *level = cmdline_find(box, "loglevel");

	memcpy(box->sysctls.printk, defaults, sizeof(defaults));
	box->console_levels = box->sysctls.printk;
	box->sysctls.saved_console_level = LEVEL_NONE;
	if (level)
		console_set_level(box, atoi(level));
	else if (cmdline_find(box, "quiet"))
		console_set_level(box, LEVEL_QUIET);
	else if (cmdline_find(box, "debug"))
		console_set_level(box, LEVEL_DEBUG);
}

void console_adopt(struct r3_box *box)
{
	int *levels = symbol_table_find(box->kernel, "console_printk");

	if (!levels)
		return;
	levels[0] = box->console_levels[0];
	box->console_levels = levels;
}

void console_forget(struct r3_box *box)
{
	box->console_levels = box->sysctls.printk;
}

void console_set_level(struct r3_box *box, int level)
{
	__atomic_store_n(&box->console_levels[0], level, __ATOMIC_RELAXED);
	__atomic_store_n(&box->console_limited, true, __ATOMIC_RELAXED);
}

void console_silence(struct r3_box *box)
{
	int none = LEVEL_NONE;

	__atomic_compare_exchange_n(&box->sysctls.saved_console_level, &none,
				    box->console_levels[0], false, __ATOMIC_RELAXED,
				    __ATOMIC_RELAXED);
	console_set_level(box, box->console_levels[MINIMUM_LEVEL]);
}

void console_restore(struct r3_box *box)
{
	int saved = __atomic_exchange_n(&box->sysctls.saved_console_level, LEVEL_NONE,
					__ATOMIC_RELAXED);

	if (saved != LEVEL_NONE)
		console_set_level(box, saved);
}

void console_change(struct r3_box *box, int level)
{
	if (level < box->console_levels[MINIMUM_LEVEL])
		level = box->console_levels[MINIMUM_LEVEL];
	console_set_level(box, level);
	/* Nothing to come back to: that was its end as well. */
	__atomic_store_n(&box->sysctls.saved_console_level, LEVEL_NONE, __ATOMIC_RELAXED);
}

bool console_shows(const struct r3_box *box, int level)
{
	int limit = __atomic_load_n(&box->console_levels[0], __ATOMIC_RELAXED);

	/* Kernel code may have changed it as well. */
	if (limit == defaults[0] && !__atomic_load_n(&box->console_limited, __ATOMIC_RELAXED))
		return true;
	return level < limit;
}
