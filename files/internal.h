/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of this folder share; nothing outside of it includes this. */
#ifndef RING3_FILES_INTERNAL_H
#define RING3_FILES_INTERNAL_H

#define FUSE_USE_VERSION 34

#include <fuse_lowlevel.h>
#include <linux/capability.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>
#include "box/box.h"
#include "box/caller.h"
#include "box/requests.h"
#include "files/files.h"

#define MAX_WORKERS     64
#define SYSFS_FILE_SIZE 4096 /* PAGE_SIZE: of any text file there */

struct handle;
struct kmsg;

struct files {
	struct r3_box *box;
	struct fuse_session *session;
	struct user_namespace user_namespace; /* of the clients */
	struct requests requests;
	struct timespec started; /* all times of all files */
	pthread_mutex_t lock;    /* the rest, innermost */
	pthread_t workers[MAX_WORKERS];
	unsigned int nr_workers, nr_idle;
	struct handle *handles;
	struct builtin *builtins; /* built-in parts with parameters; never fewer */
	unsigned int nr_builtins;
	const struct object **scanned; /* where they were looked for */
	unsigned int nr_scanned;
	struct kmsg *kmsg;
};

/*
 * What reading and writing one kind of file does. Text files have show, which
 * writes their whole text; others read and reply themselves. Each returns a
 * negative errno or, for write, what was taken.
 */
struct file_class {
	int (*open)(struct handle *handle, fuse_req_t request, int flags);
	void (*release)(struct handle *handle);
	int (*show)(struct handle *handle, FILE *text);
	void (*read)(struct handle *handle, fuse_req_t request, size_t size, off_t offset,
		     int flags);
	ssize_t (*write)(struct handle *handle, fuse_req_t request, const char *data, size_t size,
			 off_t offset);
	/* lseek() within it; SEEK_END is asked for as its attributes. NULL: EINVAL. */
	int (*seek)(struct handle *handle, off_t offset, int whence);
	/* Replies; poll is its own. NULL: always ready. */
	void (*poll)(struct handle *handle, fuse_req_t request, struct fuse_pollhandle *poll);
	bool no_partial_read; /* nothing but its beginning can be read (binary values of sysctl) */
	bool strict_access;   /* uid 0 is bound by the mode as well (sysfs, sysctl) */
	bool runs_modules;    /* a module's own code runs, in which current->comm is the caller's */
};

/* One open file or directory. */
struct handle {
	struct handle *next, **link; /* files->handles */
	struct files *files;
	const struct file_class *class;
	uint64_t ino;
	unsigned int references; /* its being open, and who still needs it after the answer */
	pthread_mutex_t lock;    /* of what follows */
	char *text; /* as of its last read from the beginning; or a directory's entries */
	size_t length;
	bool shows_addresses; /* to who opened it */
	void *data;           /* the class's own */
};

/*
 * A file's number says what it is, so that nothing must be remembered for the
 * kernel: its kind, the serial number of its module, and which of them it is.
 */
enum kind {
	FIXED,
	MODULE,
	ATTRIBUTE,
	SUBDIRECTORY,
	PARAMETER,
	SECTION,
	NOTE,
	HOLDER,
	BUILTIN,
	BUILTIN_UEVENT,
	BUILTIN_PARAMETERS,
	BUILTIN_PARAMETER,
};
#define INO(kind, serial, which)                                                                   \
	((uint64_t)(kind) << 56 | (uint64_t)(serial) << 28 | (uint64_t)(which))
#define INO_KIND(ino)   ((enum kind)((ino) >> 56))
#define INO_SERIAL(ino) ((ino) >> 28 & 0xfffffff)
#define INO_WHICH(ino)  ((ino)&0xfffffff)

struct node {
	uint64_t ino;
	mode_t mode;
	off_t size;
	const struct file_class *class;
};

/* A directory's entries are added one by one. */
struct listing {
	fuse_req_t request;
	char *text;
	size_t length, room;
	int error;
};
void listing_add(struct listing *listing, const char *name, uint64_t ino, mode_t mode);

/* ---- tree.c: the fixed part of the tree ---- */
extern const struct fuse_lowlevel_ops tree_operations;
int node_lookup(struct files *files, uint64_t parent, const char *name, struct node *node);
void handle_put(struct handle *handle);

/* ---- sysfs.c: below sys/module; lookup gives -ENOENT, list adds what is there ---- */
int sysfs_lookup(struct files *files, uint64_t parent, const char *name, struct node *node);
void sysfs_list(struct files *files, uint64_t parent, struct listing *listing);
void sysfs_describe(uint64_t ino, struct node *node);
int sysfs_readlink(struct files *files, uint64_t ino, char *target, size_t size);
/* ---- parameters.c ---- */
int parameters_lookup(struct files *files, uint64_t parent, const char *name, struct node *node);
void parameters_list(struct files *files, uint64_t parent, struct listing *listing);
bool parameters_exist(const struct object *object);
extern const struct file_class parameter_class;
/* ---- builtin.c: built-in parts, which have directories for their parameters ---- */
struct builtin_parameter {
	char *name;
	const struct object *object;
	unsigned int index, mode;
};
struct builtin {
	char *name;
	struct builtin_parameter *parameters;
	unsigned int nr_parameters;
};
/* Look for new ones; they stay where they are, under files->lock. */
void builtins_scan(struct files *files);
void builtins_free(struct files *files);
int builtin_lookup(struct files *files, uint64_t parent, const char *name, struct node *node);
void builtin_list(struct files *files, uint64_t parent, struct listing *listing);
/* ---- proc.c, kallsyms.c, sysctl.c, kmsg.c, uevent.c ---- */
extern const struct file_class modules_class, ksyms_class, version_class, cmdline_class,
	kallsyms_class, kmsg_class;
extern const struct file_class tainted_class, modprobe_class, modules_disabled_class, printk_class,
	printk_devkmsg_class, kptr_restrict_class, dmesg_restrict_class, ostype_class,
	osrelease_class, uts_version_class, kprobes_optimization_class;
/* ---- trace.c ---- */
extern const struct file_class trace_class;
/* ---- kprobes.c ---- */
extern const struct file_class kprobes_list_class, kprobes_enabled_class, kprobes_blacklist_class;
/* r3rt_probes_enabled() or r3rt_probes_optimization(); or -EIO. */
int probes_switch(struct r3_box *box, uint64_t entry, int value);
int probes_switch_show(struct r3_box *box, uint64_t entry, FILE *text);
ssize_t uevent_store(struct handle *handle, fuse_req_t request, const char *data, size_t size,
		     off_t offset);
extern const char *const devkmsg_names[NR_DEVKMSG];
int kmsg_start(struct files *files);
void kmsg_stop(struct files *files); /* its thread ends, readers get EINTR */
void kmsg_free(struct files *files);

/* ---- privilege.c ---- */
/* Has the caller this capability in the user namespace of the box? */
bool request_capable(fuse_req_t request, int capability);
/* A class's open: kallsyms_show_value(file->f_cred), who opens it counts. */
int open_with_addresses(struct handle *handle, fuse_req_t request, int flags);

#endif
