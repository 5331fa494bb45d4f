/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The tools of the 2.4 scheme, as modutils 2.4.27 had them; argv[0] is the
 * tool's own name, they return the exit status.
 */
#ifndef RING3_MODUTILS_TOOLS_H
#define RING3_MODUTILS_TOOLS_H

#include "tools/modutils/messages.h"

#define MODUTILS_VERSION "2.4.27"

int modutils_insmod(int argc, char **argv);
int modutils_rmmod(int argc, char **argv);
int modutils_lsmod(int argc, char **argv);
int modutils_ksyms(int argc, char **argv);
int modutils_modinfo(int argc, char **argv);
int modutils_modprobe(int argc, char **argv);
int modutils_depmod(int argc, char **argv);

/*
 * Is it Linux 2.4 that the tools are for? --scheme X says so, and is taken out
 * of the arguments; else the kernel's release does. -EINVAL after a message:
 * there is no such scheme.
 */
int modutils_is_wanted(int *argc, char **argv);

/* To terminal and pipes, from now on: the tool's own name is before each error. */
void modutils_start(struct messages *messages, const char *name);
/* -s */
void modutils_to_syslog(struct messages *messages, const char *name);
/* -V: "insmod version 2.4.27", and whose it is. */
void modutils_print_version(FILE *to, const char *name);

#endif
