// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tree as libfuse asks for it. Of modules the kernel caches nothing: names
 * and attributes are asked for each time, reads and writes come as they are made.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "files/internal.h"

/* ---- the fixed part ---- */

#define ALWAYS 1e6 /* seconds that the kernel may believe what does not change */

enum {
	ROOT = FUSE_ROOT_ID,
	DEV,
	DEV_KMSG,
	PROC,
	PROC_CMDLINE,
	PROC_KALLSYMS,
	PROC_KSYMS,
	PROC_MODULES,
	PROC_VERSION,
	PROC_SYS,
	PROC_SYS_DEBUG,
	KPROBES_OPTIMIZATION,
	PROC_SYS_KERNEL,
	DMESG_RESTRICT,
	KPTR_RESTRICT,
	MODPROBE,
	MODULES_DISABLED,
	OSRELEASE,
	OSTYPE,
	PRINTK,
	PRINTK_DEVKMSG,
	TAINTED,
	VERSION,
	SYS,
	SYS_KERNEL,
	SYS_KERNEL_DEBUG,
	KPROBES,
	KPROBES_BLACKLIST,
	KPROBES_ENABLED,
	KPROBES_LIST,
	RING3,
	RING3_TRACE,
	SYS_MODULE,
	NR_FIXED
};

static const struct fixed {
	const char *name;
	uint64_t parent;
	mode_t mode;
	const struct file_class *class;
} fixed[NR_FIXED] = {
	[ROOT] = {"", 0, S_IFDIR | 0555, NULL},
	[DEV] = {"dev", ROOT, S_IFDIR | 0555, NULL},
	[DEV_KMSG] = {"kmsg", DEV, S_IFREG | 0644, &kmsg_class},
	[PROC] = {"proc", ROOT, S_IFDIR | 0555, NULL},
	[PROC_CMDLINE] = {"cmdline", PROC, S_IFREG | 0444, &cmdline_class},
	[PROC_KALLSYMS] = {"kallsyms", PROC, S_IFREG | 0444, &kallsyms_class},
	[PROC_KSYMS] = {"ksyms", PROC, S_IFREG | 0444, &ksyms_class},
	[PROC_MODULES] = {"modules", PROC, S_IFREG | 0444, &modules_class},
	[PROC_VERSION] = {"version", PROC, S_IFREG | 0444, &version_class},
	[PROC_SYS] = {"sys", PROC, S_IFDIR | 0555, NULL},
	[PROC_SYS_DEBUG] = {"debug", PROC_SYS, S_IFDIR | 0555, NULL},
	[KPROBES_OPTIMIZATION] = {"kprobes-optimization", PROC_SYS_DEBUG, S_IFREG | 0644,
				  &kprobes_optimization_class},
	[PROC_SYS_KERNEL] = {"kernel", PROC_SYS, S_IFDIR | 0555, NULL},
	[DMESG_RESTRICT] = {"dmesg_restrict", PROC_SYS_KERNEL, S_IFREG | 0644,
			    &dmesg_restrict_class},
	[KPTR_RESTRICT] = {"kptr_restrict", PROC_SYS_KERNEL, S_IFREG | 0644, &kptr_restrict_class},
	[MODPROBE] = {"modprobe", PROC_SYS_KERNEL, S_IFREG | 0644, &modprobe_class},
	[MODULES_DISABLED] = {"modules_disabled", PROC_SYS_KERNEL, S_IFREG | 0644,
			      &modules_disabled_class},
	[OSRELEASE] = {"osrelease", PROC_SYS_KERNEL, S_IFREG | 0444, &osrelease_class},
	[OSTYPE] = {"ostype", PROC_SYS_KERNEL, S_IFREG | 0444, &ostype_class},
	[PRINTK] = {"printk", PROC_SYS_KERNEL, S_IFREG | 0644, &printk_class},
	[PRINTK_DEVKMSG] = {"printk_devkmsg", PROC_SYS_KERNEL, S_IFREG | 0644,
			    &printk_devkmsg_class},
	[TAINTED] = {"tainted", PROC_SYS_KERNEL, S_IFREG | 0644, &tainted_class},
	[VERSION] = {"version", PROC_SYS_KERNEL, S_IFREG | 0444, &uts_version_class},
	[SYS] = {"sys", ROOT, S_IFDIR | 0555, NULL},
	[SYS_KERNEL] = {"kernel", SYS, S_IFDIR | 0755, NULL},
	[SYS_KERNEL_DEBUG] = {"debug", SYS_KERNEL, S_IFDIR | 0700, NULL},
	[KPROBES] = {"kprobes", SYS_KERNEL_DEBUG, S_IFDIR | 0755, NULL},
	[KPROBES_BLACKLIST] = {"blacklist", KPROBES, S_IFREG | 0400, &kprobes_blacklist_class},
	[KPROBES_ENABLED] = {"enabled", KPROBES, S_IFREG | 0600, &kprobes_enabled_class},
	[KPROBES_LIST] = {"list", KPROBES, S_IFREG | 0400, &kprobes_list_class},
	[RING3] = {"ring3", SYS_KERNEL_DEBUG, S_IFDIR | 0755, NULL},
	[RING3_TRACE] = {"trace", RING3, S_IFREG | 0400, &trace_class},
	[SYS_MODULE] = {"module", SYS, S_IFDIR | 0755, NULL},
};

static bool is_in_sysfs(uint64_t ino)
{
	return INO_KIND(ino) != FIXED || ino == SYS_MODULE;
}

static void describe(uint64_t ino, struct node *node)
{
	*node = (struct node){.ino = ino};
	if (INO_KIND(ino) != FIXED) {
		sysfs_describe(ino, node);
	} else if (ino < NR_FIXED) {
		node->mode = fixed[ino].mode;
		node->class = fixed[ino].class;
	}
}

int node_lookup(struct files *files, uint64_t parent, const char *name, struct node *node)
{
	if (is_in_sysfs(parent))
		return sysfs_lookup(files, parent, name, node);
	for (uint64_t ino = ROOT + 1; ino < NR_FIXED; ino++) {
		if (fixed[ino].parent == parent && !strcmp(fixed[ino].name, name)) {
			describe(ino, node);
			return 0;
		}
	}
	return -ENOENT;
}

void listing_add(struct listing *listing, const char *name, uint64_t ino, mode_t mode)
{
	const struct stat attributes = {.st_ino = ino, .st_mode = mode};
	size_t size = fuse_add_direntry(listing->request, NULL, 0, name, NULL, 0);

	if (listing->length + size > listing->room) {
		size_t room = 2 * listing->room + size + 4096;
		char *text = realloc(listing->text, room);

		if (!text) {
			listing->error = -ENOMEM;
			return;
		}
		listing->text = text;
		listing->room = room;
	}
	/* The offset that an entry has is where the next one begins. */
	fuse_add_direntry(listing->request, listing->text + listing->length, size, name,
			  &attributes, listing->length + size);
	listing->length += size;
}

static void list(struct files *files, uint64_t parent, struct listing *listing)
{
	listing_add(listing, ".", parent, S_IFDIR);
	listing_add(listing, "..", parent, S_IFDIR);
	if (is_in_sysfs(parent)) {
		sysfs_list(files, parent, listing);
		return;
	}
	for (uint64_t ino = ROOT + 1; ino < NR_FIXED; ino++)
		if (fixed[ino].parent == parent)
			listing_add(listing, fixed[ino].name, ino, fixed[ino].mode);
}

static void fill_stat(const struct files *files, const struct node *node, struct stat *st)
{
	*st = (struct stat){
		.st_ino = node->ino,
		.st_mode = node->mode,
		.st_nlink = S_ISDIR(node->mode) ? 2 : 1,
		.st_size = node->size,
		.st_blksize = 4096,
		.st_atim = files->started,
		.st_mtim = files->started,
		.st_ctim = files->started,
	};
}

/* ---- open files ---- */

static struct handle *handle_new(struct files *files, uint64_t ino, const struct file_class *class)
{
	struct handle *handle = calloc(1, sizeof(*handle));

	if (!handle)
		return NULL;
	handle->files = files;
	handle->ino = ino;
	handle->class = class;
	handle->references = 1;
	pthread_mutex_init(&handle->lock, NULL);
	pthread_mutex_lock(&files->lock);
	handle->next = files->handles;
	handle->link = &files->handles;
	if (handle->next)
		handle->next->link = &handle->next;
	files->handles = handle;
	pthread_mutex_unlock(&files->lock);
	return handle;
}

void handle_put(struct handle *handle)
{
	struct files *files = handle->files;

	if (__atomic_sub_fetch(&handle->references, 1, __ATOMIC_ACQ_REL))
		return;
	if (handle->class && handle->class->release)
		handle->class->release(handle);
	pthread_mutex_lock(&files->lock);
	*handle->link = handle->next;
	if (handle->next)
		handle->next->link = handle->link;
	pthread_mutex_unlock(&files->lock);
	pthread_mutex_destroy(&handle->lock);
	free(handle->text);
	free(handle);
}

static struct handle *handle_of(const struct fuse_file_info *info)
{
	return (struct handle *)info->fh;
}

/* inode_permission() for a caller; wanted: R_OK | W_OK. */
static bool mode_allows(fuse_req_t request, const struct node *node, int wanted)
{
	const struct fuse_ctx *caller = fuse_req_ctx(request);
	int shift = caller->uid == 0 ? 6 : caller->gid == 0 ? 3 : 0;

	return ((int)(node->mode >> shift) & wanted) == wanted;
}

/*
 * CAP_DAC_OVERRIDE is above the mode, except that sysfs and sysctl want some
 * write or read bit set (KERNFS_ROOT_EXTRA_OPEN_PERM_CHECK, sysctl_perm()).
 */
static int check_open(fuse_req_t request, const struct node *node, int flags)
{
	int access = flags & O_ACCMODE;
	int wanted = (access != O_WRONLY ? R_OK : 0) | (access != O_RDONLY ? W_OK : 0);
	int any = node->mode | node->mode >> 3 | node->mode >> 6;

	if (flags & O_TRUNC)
		wanted |= W_OK;
	if (fuse_req_ctx(request)->uid)
		return mode_allows(request, node, wanted) ? 0 : -EACCES;
	return node->class->strict_access && (any & wanted) != wanted ? -EACCES : 0;
}

static void op_open(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info)
{
	struct files *files = fuse_req_userdata(request);
	struct handle *handle;
	struct node node;
	int error;

	describe(ino, &node);
	error = node.class ? check_open(request, &node, info->flags) : -ENODEV;
	if (error) {
		fuse_reply_err(request, -error);
		return;
	}
	handle = handle_new(files, ino, node.class);
	if (!handle) {
		fuse_reply_err(request, ENOMEM);
		return;
	}
	if (node.class->open)
		error = node.class->open(handle, request, info->flags);
	if (error) {
		handle->class = NULL;
		handle_put(handle);
		fuse_reply_err(request, -error);
		return;
	}
	info->fh = (uint64_t)handle;
	info->direct_io = 1;
	info->noflush = 1;
	if (fuse_reply_open(request, info))
		handle_put(handle); /* the caller was killed meanwhile: no release will come */
}

static void op_release(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info)
{
	handle_put(handle_of(info));
	fuse_reply_err(request, 0);
}

/* Its whole text, made anew at each read from the beginning, as seq_file does. */
static int refresh(struct handle *handle)
{
	char *text = NULL;
	size_t length = 0;
	FILE *stream = open_memstream(&text, &length);
	int error;

	if (!stream)
		return -ENOMEM;
	error = handle->class->show(handle, stream);
	if (fclose(stream) && !error)
		error = -ENOMEM;
	if (error) {
		free(text);
		return error;
	}
	free(handle->text);
	handle->text = text;
	handle->length = length;
	return 0;
}

static void reply_part(fuse_req_t request, const char *text, size_t length, size_t size,
		       off_t offset)
{
	if (offset < 0 || (size_t)offset >= length) {
		fuse_reply_buf(request, NULL, 0);
		return;
	}
	if (size > length - offset)
		size = length - offset;
	fuse_reply_buf(request, text + offset, size);
}

static void take_comm(const struct handle *handle, fuse_req_t request)
{
	char comm[CALLER_COMM_SIZE];

	if (!handle->class->runs_modules)
		return;
	if (!caller_comm(fuse_req_ctx(request)->pid, comm))
		strcpy(comm, "<...>"); /* as in traces of Linux */
	box_set_comm(handle->files->box, comm);
}

static void op_read(fuse_req_t request, fuse_ino_t ino, size_t size, off_t offset,
		    struct fuse_file_info *info)
{
	struct handle *handle = handle_of(info);
	int error = 0;

	if (handle->class->read) {
		handle->class->read(handle, request, size, offset, info->flags);
		return;
	}
	if (!handle->class->show) {
		fuse_reply_err(request, EIO);
		return;
	}
	/* Once it is answered the file may be closed, by another thread. */
	__atomic_add_fetch(&handle->references, 1, __ATOMIC_RELAXED);
	take_comm(handle, request);
	pthread_mutex_lock(&handle->lock);
	if (!offset || !handle->text)
		error = refresh(handle);
	if (error)
		fuse_reply_err(request, -error);
	else if (offset && handle->class->no_partial_read)
		fuse_reply_buf(request, NULL, 0);
	else
		reply_part(request, handle->text, handle->length, size, offset);
	pthread_mutex_unlock(&handle->lock);
	handle_put(handle);
}

static void op_write(fuse_req_t request, fuse_ino_t ino, const char *data, size_t size,
		     off_t offset, struct fuse_file_info *info)
{
	struct handle *handle = handle_of(info);
	ssize_t done = -EIO;

	take_comm(handle, request);
	if (handle->class->write)
		done = handle->class->write(handle, request, data, size, offset);
	if (done < 0)
		fuse_reply_err(request, (int)-done);
	else
		fuse_reply_write(request, done);
}

static void op_lseek(fuse_req_t request, fuse_ino_t ino, off_t offset, int whence,
		     struct fuse_file_info *info)
{
	struct handle *handle = handle_of(info);
	int error = -EINVAL; /* not ENOSYS, or no lseek ever comes again */

	if (handle->class->seek)
		error = handle->class->seek(handle, offset, whence);
	if (error)
		fuse_reply_err(request, -error);
	else
		fuse_reply_lseek(request, 0);
}

static void op_poll(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info,
		    struct fuse_pollhandle *poll)
{
	struct handle *handle = handle_of(info);

	if (handle->class->poll) {
		handle->class->poll(handle, request, poll);
		return;
	}
	if (poll)
		fuse_pollhandle_destroy(poll);
	fuse_reply_poll(request, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM);
}

/* ---- names and attributes ---- */

static void op_lookup(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	struct files *files = fuse_req_userdata(request);
	struct fuse_entry_param entry = {0};
	struct node node;
	int error = node_lookup(files, parent, name, &node);

	if (error) {
		fuse_reply_err(request, -error);
		return;
	}
	entry.ino = node.ino;
	if (INO_KIND(node.ino) == FIXED) {
		entry.entry_timeout = ALWAYS;
		/* lseek(SEEK_END) in /dev/kmsg shows as a question for its attributes. */
		entry.attr_timeout = S_ISDIR(node.mode) ? ALWAYS : 0;
	}
	fill_stat(files, &node, &entry.attr);
	fuse_reply_entry(request, &entry);
}

static void op_getattr(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info)
{
	struct files *files = fuse_req_userdata(request);
	struct handle *handle = info && info->fh ? handle_of(info) : NULL;
	struct node node;
	struct stat st;

	/* fstat() does not name the open file, lseek(SEEK_END) does: fuse_file_llseek(). */
	if (handle && handle->class && handle->class->seek)
		handle->class->seek(handle, 0, SEEK_END);
	describe(ino, &node);
	fill_stat(files, &node, &st);
	fuse_reply_attr(request, &st, 0);
}

static void op_setattr(fuse_req_t request, fuse_ino_t ino, struct stat *attributes, int to_set,
		       struct fuse_file_info *info)
{
	const int ignored = FUSE_SET_ATTR_SIZE | FUSE_SET_ATTR_ATIME | FUSE_SET_ATTR_MTIME |
			    FUSE_SET_ATTR_ATIME_NOW | FUSE_SET_ATTR_MTIME_NOW | FUSE_SET_ATTR_CTIME;
	struct files *files = fuse_req_userdata(request);
	struct node node;
	struct stat st;

	if (to_set & ~ignored) {
		fuse_reply_err(request, EPERM);
		return;
	}
	describe(ino, &node);
	fill_stat(files, &node, &st);
	fuse_reply_attr(request, &st, 0);
}

static void op_access(fuse_req_t request, fuse_ino_t ino, int mask)
{
	struct node node;

	describe(ino, &node);
	if (fuse_req_ctx(request)->uid == 0 || mode_allows(request, &node, mask & 7))
		fuse_reply_err(request, 0);
	else
		fuse_reply_err(request, EACCES);
}

static void op_readlink(fuse_req_t request, fuse_ino_t ino)
{
	char target[512];
	int error = sysfs_readlink(fuse_req_userdata(request), ino, target, sizeof(target));

	if (error)
		fuse_reply_err(request, -error);
	else
		fuse_reply_readlink(request, target);
}

static void op_opendir(fuse_req_t request, fuse_ino_t ino, struct fuse_file_info *info)
{
	struct files *files = fuse_req_userdata(request);
	struct listing listing = {.request = request};
	struct handle *handle;
	struct node node;

	describe(ino, &node);
	if (fuse_req_ctx(request)->uid && !mode_allows(request, &node, R_OK)) {
		fuse_reply_err(request, EACCES);
		return;
	}
	handle = handle_new(files, ino, NULL);
	if (handle)
		list(files, ino, &listing);
	if (!handle || listing.error) {
		if (handle)
			handle_put(handle);
		free(listing.text);
		fuse_reply_err(request, ENOMEM);
		return;
	}
	handle->text = listing.text;
	handle->length = listing.length;
	info->fh = (uint64_t)handle;
	if (fuse_reply_open(request, info))
		handle_put(handle);
}

static void op_readdir(fuse_req_t request, fuse_ino_t ino, size_t size, off_t offset,
		       struct fuse_file_info *info)
{
	struct handle *handle = handle_of(info);
	size_t used = 0;

	if (offset < 0 || (size_t)offset >= handle->length) {
		fuse_reply_buf(request, NULL, 0);
		return;
	}
	/* Whole entries only; struct fuse_dirent: ino, off, namelen, type, name. */
	while (offset + used < handle->length) {
		const char *entry = handle->text + offset + used;
		uint64_t next;

		memcpy(&next, entry + 8, sizeof(next));
		if (next - offset > size)
			break;
		used = next - offset;
	}
	/* As in op_read(): once it is answered it may be closed. */
	__atomic_add_fetch(&handle->references, 1, __ATOMIC_RELAXED);
	fuse_reply_buf(request, handle->text + offset, used);
	handle_put(handle);
}

/* ---- what nobody may ---- */

static void op_create(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
		      struct fuse_file_info *info)
{
	fuse_reply_err(request, EACCES);
}

static void op_mknod(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode,
		     dev_t device)
{
	fuse_reply_err(request, EPERM);
}

static void op_mkdir(fuse_req_t request, fuse_ino_t parent, const char *name, mode_t mode)
{
	fuse_reply_err(request, EPERM);
}

static void op_remove(fuse_req_t request, fuse_ino_t parent, const char *name)
{
	fuse_reply_err(request, EPERM);
}

static void op_symlink(fuse_req_t request, const char *target, fuse_ino_t parent, const char *name)
{
	fuse_reply_err(request, EPERM);
}

static void op_rename(fuse_req_t request, fuse_ino_t parent, const char *name,
		      fuse_ino_t new_parent, const char *new_name, unsigned int flags)
{
	fuse_reply_err(request, EPERM);
}

static void op_link(fuse_req_t request, fuse_ino_t ino, fuse_ino_t parent, const char *name)
{
	fuse_reply_err(request, EPERM);
}

const struct fuse_lowlevel_ops tree_operations = {
	.lookup = op_lookup,
	.getattr = op_getattr,
	.setattr = op_setattr,
	.access = op_access,
	.readlink = op_readlink,
	.open = op_open,
	.release = op_release,
	.read = op_read,
	.write = op_write,
	.lseek = op_lseek,
	.poll = op_poll,
	.opendir = op_opendir,
	.readdir = op_readdir,
	.releasedir = op_release,
	.create = op_create,
	.mknod = op_mknod,
	.mkdir = op_mkdir,
	.unlink = op_remove,
	.rmdir = op_remove,
	.symlink = op_symlink,
	.rename = op_rename,
	.link = op_link,
};
