/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RING3_LOG_H
#define RING3_LOG_H

#include "box/box.h"

struct log;

struct log *log_new(struct r3_box *box);
void log_free(struct log *log);
/* Complete the line that waits for its continuation. */
void log_flush(struct r3_box *box);

#endif
