/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a process that outlives its caller gives back. */
#ifndef RING3_BACKGROUND_H
#define RING3_BACKGROUND_H

/*
 * Close every descriptor but the standard ones and keep, which may move: where
 * it is now. It is closed on exec.
 */
int background_close(int keep);
/* The standard ones become /dev/null, and the working directory the root. */
void background_quiet(void);

#endif
