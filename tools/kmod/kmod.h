/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tools of ring3-kmod. argv[0] is the tool's own name; they return the exit status. */
#ifndef RING3_KMOD_KMOD_H
#define RING3_KMOD_KMOD_H

#include <limits.h>
#include <stddef.h>

int kmod_insmod(int argc, char **argv);
int kmod_rmmod(int argc, char **argv);
int kmod_lsmod(int argc, char **argv);
int kmod_modinfo(int argc, char **argv);
int kmod_static_nodes(int argc, char **argv);

/* What --version prints. */
void kmod_print_version(void);

#define MODULES_ROOT "/lib/modules"

/*
 * ROOT/lib/modules/RELEASE; NULL: no root, the running kernel. 0, or -errno
 * after a message.
 */
int kmod_directory(const char *root, const char *release, char directory[PATH_MAX]);

/* A wrong option: getopt_long() returned option and has said why, or cannot say why. */
int kmod_bad_option(int option);

#endif
