// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Facts of earlier runs, so that only files that changed are read. A file is
 * known by device, inode, size and both its times of change: the kernel sets
 * ctime at each change, and nobody can set it back. Whatever is doubtful is not
 * used: a cache with a wrong checksum, and a file that changed so shortly before
 * it was read that a later change could bear the same time.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "tools/kmod/depmod.h"
#include "tools/kmod/file.h"

#define CACHE_DIR         "/var/cache/ring3-kmod"
#define CACHE_ENVIRONMENT "RING3_DEPMOD_CACHE" /* another directory; empty: no cache */
/* The last digit changes when facts do. */
#define CACHE_MAGIC       UINT64_C(0x7233646570000002)
#define CACHE_MAX_SIZE    ((size_t)1 << 30)
/* The coarsest time stamps of a file system are FAT's. */
#define SETTLED_SECONDS   3

struct cache_head {
	uint64_t magic, checksum, count, size; /* of all, with the head */
};

struct cache_key {
	uint64_t device, inode, size;
	int64_t mtime, mtime_ns, ctime, ctime_ns;
};

/* Followed by the path with its NUL, then the facts, then zeros up to a multiple of 8. */
struct cache_entry {
	struct cache_key key;
	uint64_t path_size, ends[NR_FACT_LISTS]; /* of facts */
};

struct cache {
	char *data;
	size_t *slots; /* where entries are, by path; 0: free */
	size_t nr_slots;
};

static size_t round_up(size_t size)
{
	return (size + sizeof(uint64_t) - 1) & ~(sizeof(uint64_t) - 1);
}

static uint64_t checksum(const char *data, size_t size)
{
	uint64_t sum = size, word;

	for (size_t at = 0; at + sizeof(word) <= size; at += sizeof(word)) {
		memcpy(&word, data + at, sizeof(word));
		sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
		sum ^= sum >> 29;
	}
	return sum;
}

static struct cache_key key_of(const struct stat *status)
{
	return (struct cache_key){
		.device = status->st_dev,
		.inode = status->st_ino,
		.size = status->st_size,
		.mtime = status->st_mtim.tv_sec,
		.mtime_ns = status->st_mtim.tv_nsec,
		.ctime = status->st_ctim.tv_sec,
		.ctime_ns = status->st_ctim.tv_nsec,
	};
}

/* false: there is to be no cache. One file for each directory of modules. */
static bool cache_path(const struct depmod_options *options, char directory[PATH_MAX],
		       char path[PATH_MAX])
{
	const char *wanted = getenv(CACHE_ENVIRONMENT);
	char name[PATH_MAX];

	/* Staged trees come and go, often under names of their own. */
	if (wanted ? !*wanted : options->is_staged)
		return false;
	snprintf(directory, PATH_MAX, "%s", wanted ? wanted : CACHE_DIR);
	snprintf(name, sizeof(name), "%s", options->input);
	return snprintf(path, PATH_MAX, "%s/%s-%08x", directory, options->release,
			hash_text(name)) < PATH_MAX;
}

static const struct cache_entry *entry_at(const struct cache *cache, size_t at)
{
	return (const void *)(cache->data + at);
}

static const char *entry_path(const struct cache_entry *entry)
{
	return (const char *)(entry + 1);
}

static size_t slot_of(const struct cache *cache, const char *path)
{
	size_t i = hash_text(path) & (cache->nr_slots - 1);

	while (cache->slots[i] && strcmp(entry_path(entry_at(cache, cache->slots[i])), path))
		i = (i + 1) & (cache->nr_slots - 1);
	return i;
}

static struct facts entry_facts(const struct cache_entry *entry)
{
	/* shared: nobody writes to facts */
	struct facts facts = {.data = (char *)entry_path(entry) + entry->path_size,
			      .is_shared = true};

	for (enum fact_list list = 0; list < NR_FACT_LISTS; list++)
		facts.ends[list] = entry->ends[list];
	return facts;
}

/* Is the entry at this place whole? Its size, 0 if not. */
static size_t check_entry(const struct cache *cache, size_t at, size_t size)
{
	const struct cache_entry *entry = entry_at(cache, at);
	size_t left = size - at, facts_size;
	struct facts facts;

	if (left < sizeof(*entry))
		return 0;
	left -= sizeof(*entry);
	facts_size = entry->ends[NR_FACT_LISTS - 1];
	if (!entry->path_size || entry->path_size > left ||
	    entry_path(entry)[entry->path_size - 1] || facts_size > left - entry->path_size ||
	    round_up(entry->path_size + facts_size) > left)
		return 0;
	facts = entry_facts(entry);
	if (!facts_are_whole(&facts, facts_size))
		return 0;
	return sizeof(*entry) + round_up(entry->path_size + facts_size);
}

static bool load_entries(struct cache *cache, size_t size)
{
	const struct cache_head *head = (const void *)cache->data;
	size_t at = sizeof(*head), length;

	if (size < sizeof(*head) || head->magic != CACHE_MAGIC || head->size != size ||
	    head->count > size / sizeof(struct cache_entry) ||
	    head->checksum != checksum(cache->data + sizeof(*head), size - sizeof(*head)))
		return false;
	for (cache->nr_slots = 2; cache->nr_slots < 2 * head->count;)
		cache->nr_slots *= 2;
	cache->slots = calloc(cache->nr_slots, sizeof(*cache->slots));
	for (uint64_t i = 0; cache->slots && i < head->count; i++, at += length) {
		length = check_entry(cache, at, size);
		if (!length)
			return false;
		cache->slots[slot_of(cache, entry_path(entry_at(cache, at)))] = at;
	}
	return cache->slots;
}

/* The whole file, if it is root's or our own and nobody else may write to it. */
static char *read_cache(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat status;
	char *data = NULL;

	if (fd < 0)
		return NULL;
	if (!fstat(fd, &status) && S_ISREG(status.st_mode) &&
	    (!status.st_uid || status.st_uid == geteuid()) && !(status.st_mode & 022) &&
	    (size_t)status.st_size <= CACHE_MAX_SIZE)
		data = malloc(status.st_size + 1);
	*size = data ? status.st_size : 0;
	if (data && file_read(fd, data, *size)) {
		free(data);
		data = NULL;
	}
	close(fd);
	return data;
}

struct cache *cache_open(const struct depmod_options *options)
{
	char directory[PATH_MAX], path[PATH_MAX];
	struct cache *cache;
	size_t size;

	if (!cache_path(options, directory, path))
		return NULL;
	cache = calloc(1, sizeof(*cache));
	if (!cache)
		return NULL;
	cache->data = read_cache(path, &size);
	if (cache->data && load_entries(cache, size))
		return cache;
	cache_close(cache);
	return NULL;
}

bool cache_find(const struct cache *cache, const char *path, const struct stat *status,
		struct facts *facts)
{
	struct cache_key key = key_of(status);
	const struct cache_entry *entry;
	size_t at;

	if (!cache)
		return false;
	at = cache->slots[slot_of(cache, path)];
	entry = entry_at(cache, at);
	if (!at || memcmp(&entry->key, &key, sizeof(key)))
		return false;
	*facts = entry_facts(entry);
	return true;
}

static bool has_settled(const struct stat *status, const struct timespec *began)
{
	return status->st_ctim.tv_sec + SETTLED_SECONDS < began->tv_sec &&
	       status->st_mtim.tv_sec + SETTLED_SECONDS < began->tv_sec;
}

static void add_entry(struct buffer *out, const struct module *module)
{
	static const char zeros[sizeof(uint64_t)];
	struct cache_entry entry = {.key = key_of(&module->status),
				    .path_size = strlen(module->path) + 1};
	size_t facts_size = module->facts.ends[NR_FACT_LISTS - 1];
	size_t size = entry.path_size + facts_size;

	for (enum fact_list list = 0; list < NR_FACT_LISTS; list++)
		entry.ends[list] = module->facts.ends[list];

	buffer_add(out, &entry, sizeof(entry));
	buffer_add(out, module->path, entry.path_size);
	buffer_add(out, module->facts.data, facts_size);
	buffer_add(out, zeros, round_up(size) - size);
}

void cache_save(const struct depmod_options *options, const struct modules *modules,
		const struct timespec *began)
{
	struct cache_head head = {.magic = CACHE_MAGIC};
	char directory[PATH_MAX], path[PATH_MAX];
	struct published file = {0};

	if (!cache_path(options, directory, path))
		return;
	/* The environment's directory is there, or is not to be; the usual one is made. */
	if (!getenv(CACHE_ENVIRONMENT) && mkdir(directory, 0755) && errno != EEXIST)
		return;
	if (access(directory, W_OK))
		return;
	buffer_add(&file.content, &head, sizeof(head));
	for (size_t i = 0; i < modules->count; i++) {
		if (modules->modules[i]->facts.error ||
		    !has_settled(&modules->modules[i]->status, began))
			continue;
		add_entry(&file.content, modules->modules[i]);
		head.count++;
	}
	if (!file.content.failed) {
		head.size = file.content.size;
		head.checksum =
			checksum(file.content.data + sizeof(head), head.size - sizeof(head));
		memcpy(file.content.data, &head, sizeof(head));
		file.name = strrchr(path, '/') + 1;
		publish(directory, &file, 1);
	}
	buffer_release(&file.content);
}

void cache_close(struct cache *cache)
{
	if (!cache)
		return;
	free(cache->slots);
	free(cache->data);
	free(cache);
}
