/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The files of a box: one FUSE tree with everything that its clients are to
 * see instead of the host's, served from threads of the process that holds it.
 */
#ifndef RING3_FILES_H
#define RING3_FILES_H

#include <stdbool.h>
#include <sys/types.h>

struct r3_box;
struct files;

/*
 * Serve fuse_fd, an opened /dev/fuse that is mounted (or about to be) with
 * rootmode=40000,user_id=0,group_id=0,allow_other. The descriptor is ours from
 * then on, also on failure. Clients' pids are looked up in /proc: mount it from
 * a process that is still in our PID namespace (its children may be in another),
 * or nobody has a capability. Those of init's user namespace count, which is
 * that of the mount: init is any process in there, as our PID namespace names it.
 */
int files_start(struct r3_box *box, int fuse_fd, pid_t init, struct files **files);
/* Every file fails from now on. Waits for what kernel code does for a reader or writer. */
void files_stop(struct files *files);

/* What to bind, once the tree is mounted: an optional target may be absent on the host. */
struct files_mount {
	const char *path;   /* in the FUSE tree */
	const char *target; /* absolute path in the box */
	bool is_directory;
	bool optional;
	bool scheme24; /* only where the kernel is one of 2.4 */
};
extern const struct files_mount files_mounts[]; /* ends with path NULL */

#endif
