/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The tools of ring3-kmod. argv[0] is the tool's own name; they return the exit status. */
#ifndef RING3_KMOD_KMOD_H
#define RING3_KMOD_KMOD_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <syslog.h>

int kmod_insmod(int argc, char **argv);
int kmod_rmmod(int argc, char **argv);
int kmod_lsmod(int argc, char **argv);
int kmod_modinfo(int argc, char **argv);
int kmod_modprobe(int argc, char **argv);
int kmod_depmod(int argc, char **argv);
int kmod_static_nodes(int argc, char **argv);

/* What --version prints. */
void kmod_print_version(void);

#define MODULES_ROOT "/lib/modules"

/* The same path from the root. -errno. */
int kmod_absolute(const char *path, char absolute[PATH_MAX]);
/*
 * ROOT/lib/modules/RELEASE, from the root; NULL: no root, the running kernel. 0, or -errno
 * after a message.
 */
int kmod_directory(const char *root, const char *release, char directory[PATH_MAX]);

/* Make the directories that path lies in. -errno. */
int kmod_make_parents(const char *path);

/* -s and -v: where messages go, and down to which priority. */
struct kmod_messages {
	bool to_syslog;
	int level;
};
#define KMOD_MESSAGES ((struct kmod_messages){.level = LOG_ERR})
#define KMOD_MESSAGES_OPTIONS                                                                      \
	{"syslog", no_argument, NULL, 's'}, {"verbose", no_argument, NULL, 'v'},                   \
		{"version", no_argument, NULL, 'V'},                                               \
	{                                                                                          \
		"help", no_argument, NULL, 'h'                                                     \
	}

/* -s, -v, -V and -h, and wrong options. -1: go on; else the exit status. */
int kmod_common_option(int option, struct kmod_messages *messages, void (*print_help)(void));

/* A wrong option: getopt_long() returned option and has said why, or cannot say why. */
int kmod_bad_option(int option);

#endif
