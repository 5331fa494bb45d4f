// SPDX-License-Identifier: GPL-2.0-or-later
/* Files under the user's cache directory: contents hashes, sealed files, locks. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "target/internal.h"

/*
 * A fast 128-bit hash in four lanes. It tells contents apart and notices
 * damage; it does not defend against an adversary, who could as well replace
 * the cached objects.
 */
#define PRIME_A 0x9e3779b97f4a7c15ULL
#define PRIME_B 0xd6e8feb86659fd93ULL

static inline uint64_t mix(uint64_t lane, uint64_t value)
{
	lane = (lane ^ value) * PRIME_A;
	return lane ^ (lane >> 29);
}

struct digest digest_bytes(struct digest seed, const void *data, size_t size)
{
	uint64_t lane[4] = {seed.a, seed.b, seed.a ^ PRIME_A, seed.b ^ PRIME_B};
	const uint8_t *at = data;
	size_t left = size;
	uint64_t word;

	for (; left >= 32; left -= 32, at += 32) {
		for (unsigned int i = 0; i < 4; i++) {
			memcpy(&word, at + 8 * i, 8);
			lane[i] = mix(lane[i], word);
		}
	}
	while (left) {
		size_t step = left < 8 ? left : 8;

		word = 0;
		memcpy(&word, at, step);
		lane[0] = mix(lane[0], word);
		at += step;
		left -= step;
	}
	for (unsigned int i = 0; i < 4; i++) {
		lane[i] = (lane[i] ^ size) * PRIME_B;
		lane[i] ^= lane[i] >> 32;
	}
	return (struct digest){mix(lane[0], lane[1]) * PRIME_B ^ mix(lane[2], lane[3]),
			       mix(lane[3], lane[0]) * PRIME_B ^ mix(lane[1], lane[2])};
}

struct digest digest_string(struct digest seed, const char *text)
{
	return digest_bytes(seed, text ? text : "", text ? strlen(text) + 1 : 0);
}

struct digest digest_file(struct digest seed, const char *path)
{
	size_t size = 0;
	char *text = NULL;

	if (!read_file(path, &text, &size))
		seed = digest_bytes(seed, text, size);
	free(text);
	return digest_bytes(seed, &size, sizeof(size));
}

struct digest digest_facts(struct digest seed, const char *path)
{
	struct stat st;
	uint64_t facts[3] = {0};

	if (!stat(path, &st)) {
		facts[0] = (uint64_t)st.st_mtim.tv_sec;
		facts[1] = (uint64_t)st.st_mtim.tv_nsec;
		facts[2] = (uint64_t)st.st_size;
	}
	return digest_bytes(seed, facts, sizeof(facts));
}

struct digest digest_stat(struct digest seed, const char *path)
{
	struct stat st;
	uint64_t place[2] = {0};

	if (!stat(path, &st)) {
		place[0] = st.st_ino;
		place[1] = st.st_dev;
	}
	return digest_bytes(digest_facts(digest_string(seed, path), path), place, sizeof(place));
}

void digest_text(struct digest digest, char text[DIGEST_TEXT])
{
	snprintf(text, DIGEST_TEXT, "%016llx%016llx", (unsigned long long)digest.a,
		 (unsigned long long)digest.b);
}

char *format_path(const char *format, ...)
{
	va_list arguments;
	char *path;
	int length;

	va_start(arguments, format);
	length = vasprintf(&path, format, arguments);
	va_end(arguments);
	return length < 0 ? NULL : path;
}

int make_directories(const char *path)
{
	char *copy = strdup(path);
	int error = 0;

	if (!copy)
		return -ENOMEM;
	for (char *at = copy + 1; !error; at++) {
		char end = *at;

		if (end != '/' && end)
			continue;
		*at = '\0';
		if (mkdir(copy, 0777) && errno != EEXIST)
			error = -errno;
		*at = end;
		if (!end)
			break;
	}
	free(copy);
	return error;
}

static int remove_tree_at(int parent, const char *name)
{
	struct dirent *entry;
	int fd;
	DIR *dir;

	if (!unlinkat(parent, name, 0))
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return -ENOMEM;
	}
	while ((entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			remove_tree_at(fd, entry->d_name);
	}
	closedir(dir);
	return unlinkat(parent, name, AT_REMOVEDIR) ? -errno : 0;
}

int remove_tree(const char *path)
{
	return remove_tree_at(AT_FDCWD, path);
}

int read_file(const char *path, char **text, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error = 0;
	struct stat st;
	size_t done = 0;
	ssize_t got;
	char *data;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode)) {
		close(fd);
		return -EINVAL;
	}
	data = malloc((size_t)st.st_size + 1);
	if (!data) {
		close(fd);
		return -ENOMEM;
	}
	while (done < (size_t)st.st_size) {
		got = read(fd, data + done, (size_t)st.st_size - done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0) {
			error = got ? -errno : 0;
			break;
		}
		done += (size_t)got;
	}
	close(fd);
	if (error) {
		free(data);
		return error;
	}
	data[done] = '\0';
	*text = data;
	if (size)
		*size = done;
	return 0;
}

struct seal {
	char magic[8];
	uint64_t size;
	struct digest digest;
};
#define SEAL_MAGIC "ring3 1"

static int write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size) {
		ssize_t done = write(fd, at, size);

		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return -errno;
		at += done;
		size -= (size_t)done;
	}
	return 0;
}

int sealed_write(const char *path, const void *data, size_t size)
{
	struct seal seal = {.magic = SEAL_MAGIC, .size = size};
	static const char zero[8];
	char *temporary = format_path("%s.%d.tmp", path, (int)getpid());
	int fd, error;

	if (!temporary)
		return -ENOMEM;
	seal.digest = digest_bytes((struct digest){0, 0}, data, size);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	error = fd < 0 ? -errno : 0;
	if (!error)
		error = write_all(fd, data, size);
	if (!error)
		error = write_all(fd, zero, -size & 7);
	if (!error)
		error = write_all(fd, &seal, sizeof(seal));
	if (fd >= 0 && close(fd) && !error)
		error = -errno;
	if (!error && rename(temporary, path))
		error = -errno;
	if (error && fd >= 0)
		unlink(temporary);
	free(temporary);
	return error;
}

int sealed_map(const char *path, struct mapping *mapping)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct digest digest;
	struct seal seal;
	struct stat st;
	void *base;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || (size_t)st.st_size < sizeof(seal)) {
		close(fd);
		return -EUCLEAN;
	}
	base = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
	close(fd);
	if (base == MAP_FAILED)
		return -errno;
	memcpy(&seal, (const char *)base + st.st_size - sizeof(seal), sizeof(seal));
	if (memcmp(seal.magic, SEAL_MAGIC, sizeof(seal.magic)) ||
	    ((seal.size + 7) & ~7ULL) + sizeof(seal) != (size_t)st.st_size)
		goto damaged;
	digest = digest_bytes((struct digest){0, 0}, base, seal.size);
	if (digest.a != seal.digest.a || digest.b != seal.digest.b)
		goto damaged;
	*mapping = (struct mapping){
		.data = base, .size = seal.size, .base = base, .length = (size_t)st.st_size};
	return 0;
damaged:
	munmap(base, (size_t)st.st_size);
	return -EUCLEAN;
}

void mapping_close(struct mapping *mapping)
{
	if (mapping->base)
		munmap(mapping->base, mapping->length);
	*mapping = (struct mapping){0};
}

int cache_lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return -errno;
	while (flock(fd, LOCK_EX)) {
		int error = -errno;

		if (error == -EINTR)
			continue;
		close(fd);
		return error;
	}
	return fd;
}

uint32_t pool_add(struct pool *pool, const char *text, size_t length)
{
	uint32_t at;

	if (pool->size + length + 1 > pool->room) {
		size_t room = (pool->size + length + 1) * 2;
		char *data = realloc(pool->data, room);

		if (!data)
			return UINT32_MAX;
		pool->data = data;
		pool->room = room;
	}
	at = (uint32_t)pool->size;
	memcpy(pool->data + at, text, length);
	pool->data[at + length] = '\0';
	pool->size += length + 1;
	return at;
}
