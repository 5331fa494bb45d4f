/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A probe on each instruction of a module, by tests/modules/probes/probe_everywhere.c. */
#ifndef RING3_PROBE_EVERYWHERE_H
#define RING3_PROBE_EVERYWHERE_H

#include <ring3/ring3.h>

/* PROBE_EVERYWHERE.ko, loaded once; then probes on the module of that name. They stay. */
void probe_everywhere(struct r3_box *box, const char *path, const char *module);
/* Remove them all: fails the test unless some were hit, and all were registered but for a few. */
void probe_nowhere(struct r3_box *box);

#endif
