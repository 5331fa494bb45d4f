// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>
#include "box/box.h"
#include "front/place.h"

#define SUFFIX      ".sock"
#define MODE_FOLDER 0700
#define MASK_SOCKET 0177 /* mode 0600 */
#define MAX_WAITING 128  /* of callers that the box has not taken yet */

bool place_name_is_valid(const char *name)
{
	size_t length = strlen(name);

	if (length > PLACE_NAME_MAX || !isalnum((unsigned char)*name))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			return false;
	return true;
}

static bool is_users_folder(const char *path)
{
	struct stat status;

	return path && *path == '/' && stat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
	       status.st_uid == geteuid();
}

static int choose(char *path, size_t size)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char users[64];
	int length;

	snprintf(users, sizeof(users), "/run/user/%u", geteuid());
	if (is_users_folder(runtime))
		length = snprintf(path, size, "%s/ring3", runtime);
	else if (is_users_folder(users))
		length = snprintf(path, size, "%s/ring3", users);
	else
		length = snprintf(path, size, "/tmp/ring3-%u", geteuid());
	return length < (int)size ? 0 : r3_fail(-ENAMETOOLONG, "%s is too long a path", runtime);
}

int place_open(struct place *place, bool make)
{
	struct stat status;
	int error = choose(place->path, sizeof(place->path));

	if (error)
		return error;
	if (make && mkdir(place->path, MODE_FOLDER) && errno != EEXIST)
		return r3_fail(-errno, "%s cannot be made: %s", place->path, strerror(errno));
	place->folder = open(place->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (place->folder < 0 && errno == ENOENT)
		return -ENOENT;
	if (place->folder < 0)
		return r3_fail(-errno,
			       "%s, where boxes are found, is no folder that can be used: %s",
			       place->path, strerror(errno));
	error = fstat(place->folder, &status) ? -errno : 0;
	if (!error && (status.st_uid != geteuid() || status.st_mode & 077))
		error = -EPERM;
	if (!error)
		return 0;
	place_close(place);
	return r3_fail(error, "%s, where boxes are found, must be yours and of mode 0700",
		       place->path);
}

void place_close(struct place *place)
{
	close(place->folder);
	place->folder = -1;
}

/* Through the descriptor: the folder is the one that was checked, and its path may be long. */
static int address_of(const struct place *place, const char *name, struct sockaddr_un *address)
{
	int length = snprintf(address->sun_path, sizeof(address->sun_path),
			      "/proc/self/fd/%d/%s" SUFFIX, place->folder, name);

	address->sun_family = AF_UNIX;
	return length < (int)sizeof(address->sun_path) ? 0 : -ENAMETOOLONG;
}

/* flags: SOCK_NONBLOCK, or 0 to wait while the box has too many callers. */
static int connect_to(const struct place *place, const char *name, int flags)
{
	struct sockaddr_un address;
	int error = address_of(place, name, &address), fd;

	if (error)
		return error;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
	if (fd < 0)
		return -errno;
	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0)
		return fd;
	error = -errno;
	close(fd);
	return error;
}

/* With the folder's lock. -ENOENT: nobody has the name; what a dead box left is gone. */
static int check_name(const struct place *place, const char *name)
{
	char file[PLACE_NAME_MAX + sizeof(SUFFIX)];
	int fd = connect_to(place, name, SOCK_NONBLOCK);

	if (fd >= 0)
		close(fd);
	if (fd >= 0 || fd == -EAGAIN)
		return 0;
	if (fd != -ECONNREFUSED)
		return fd;
	snprintf(file, sizeof(file), "%s" SUFFIX, name);
	return unlinkat(place->folder, file, 0) ? -errno : -ENOENT;
}

static int locked_check(const struct place *place, const char *name)
{
	int error;

	flock(place->folder, LOCK_EX);
	error = check_name(place, name);
	flock(place->folder, LOCK_UN);
	return error;
}

static int bind_socket(const struct place *place, const char *name)
{
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	struct sockaddr_un address;
	int error = fd < 0 ? -errno : address_of(place, name, &address);
	mode_t mask;

	if (fd < 0)
		return error;
	if (!error) {
		mask = umask(MASK_SOCKET);
		error = bind(fd, (struct sockaddr *)&address, sizeof(address)) ||
					listen(fd, MAX_WAITING)
				? -errno
				: 0;
		umask(mask);
	}
	if (!error)
		return fd;
	close(fd);
	return error;
}

int place_listen(const struct place *place, const char *name)
{
	int result;

	flock(place->folder, LOCK_EX);
	result = check_name(place, name);
	if (result == -ENOENT)
		result = bind_socket(place, name);
	else if (!result)
		result = -EADDRINUSE;
	flock(place->folder, LOCK_UN);
	if (result == -EADDRINUSE)
		return r3_fail(result, "there is a box '%s' already", name);
	return result < 0 ? r3_fail(result, "no socket for '%s' in %s: %s", name, place->path,
				    strerror(-result))
			  : result;
}

void place_leave(const struct place *place, const char *name, int listening)
{
	char file[PLACE_NAME_MAX + sizeof(SUFFIX)];

	snprintf(file, sizeof(file), "%s" SUFFIX, name);
	flock(place->folder, LOCK_EX);
	unlinkat(place->folder, file, 0);
	close(listening);
	flock(place->folder, LOCK_UN);
}

int place_connect(const struct place *place, const char *name, int *pid)
{
	int fd = connect_to(place, name, 0);

	if (fd == -ECONNREFUSED) {
		fd = locked_check(place, name);
		fd = fd ? fd : connect_to(place, name, 0);
	}
	if (fd == -ENOENT)
		return r3_fail(fd, "there is no box '%s'", name);
	if (fd < 0)
		return r3_fail(fd, "the box '%s' cannot be reached: %s", name, strerror(-fd));
	if (place_is_mine(fd, pid))
		return fd;
	close(fd);
	return r3_fail(-EPERM, "the box '%s' is another user's", name);
}

static int is_socket(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, SUFFIX);
}

int place_each(const struct place *place, int (*visit)(void *context, const char *name),
	       void *context)
{
	struct dirent **entries;
	int count = scandirat(place->folder, ".", &entries, is_socket, alphasort), result = 0;

	if (count < 0)
		return r3_fail(-errno, "%s: %s", place->path, strerror(errno));
	for (int i = 0; i < count; i++) {
		char *name = entries[i]->d_name;

		*strrchr(name, '.') = '\0';
		if (!result && place_name_is_valid(name) && locked_check(place, name) != -ENOENT)
			result = visit(context, name);
		free(entries[i]);
	}
	free(entries);
	return result;
}

bool place_is_mine(int socket, int *pid)
{
	socklen_t size = sizeof(struct ucred);
	struct ucred peer;

	if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) || peer.uid != geteuid())
		return false;
	*pid = peer.pid;
	return true;
}
