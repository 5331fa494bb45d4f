/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The console level. All of the log is shown until somebody sets one: the
 * kernel command line (loglevel=, quiet, debug), a client, or kernel code.
 */
#ifndef RING3_CONSOLE_H
#define RING3_CONSOLE_H

#include "box/box.h"

/* From the command line, before the runtime is there. */
void console_boot(struct r3_box *box);
/* The runtime's console_printk[] counts from now on, if it has one; console_forget(): no more. */
void console_adopt(struct r3_box *box);
void console_forget(struct r3_box *box);

/* Lines below level are shown. */
void console_set_level(struct r3_box *box, int level);
/* SYSLOG_ACTION_CONSOLE_OFF, _ON and _LEVEL of do_syslog(). */
void console_silence(struct r3_box *box);
void console_restore(struct r3_box *box);
void console_change(struct r3_box *box, int level);
/* Is a line of that level to be shown now? */
bool console_shows(const struct r3_box *box, int level);

#endif
