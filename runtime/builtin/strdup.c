// SPDX-License-Identifier: GPL-2.0-or-later
/* Copies of strings and memory in fresh memory. */
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

void *kmemdup(const void *src, size_t len, gfp_t gfp)
{
	void *copy = kmalloc(len, gfp);

	if (copy)
		memcpy(copy, src, len);
	return copy;
}
EXPORT_SYMBOL(kmemdup);

char *kmemdup_nul(const char *s, size_t len, gfp_t gfp)
{
	char *copy;

	if (!s)
		return NULL;
	copy = kmalloc(len + 1, gfp);
	if (copy) {
		memcpy(copy, s, len);
		copy[len] = '\0';
	}
	return copy;
}
EXPORT_SYMBOL(kmemdup_nul);

char *kstrdup(const char *s, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strlen(s), gfp) : NULL;
}
EXPORT_SYMBOL(kstrdup);

char *kstrndup(const char *s, size_t len, gfp_t gfp)
{
	return s ? kmemdup_nul(s, strnlen(s, len), gfp) : NULL;
}
EXPORT_SYMBOL(kstrndup);

/* Linux shares strings of its own read-only data; a copy is as good. */
const char *kstrdup_const(const char *s, gfp_t gfp)
{
	return kstrdup(s, gfp);
}
EXPORT_SYMBOL(kstrdup_const);

void kfree_const(const void *x)
{
	kfree(x);
}
EXPORT_SYMBOL(kfree_const);

static int count_words(const char *str)
{
	bool inside = false;
	int count = 0;

	for (; *str; str++) {
		if (isspace(*str)) {
			inside = false;
		} else if (!inside) {
			inside = true;
			count++;
		}
	}
	return count;
}

/* argv[-1] keeps the copy that the words point into. */
char **argv_split(gfp_t gfp, const char *str, int *argcp)
{
	char *copy = kstrndup(str, KMALLOC_MAX_SIZE - 1, gfp);
	char **argv, **word;
	bool inside = false;
	int count;

	if (!copy)
		return NULL;
	count = count_words(copy);
	argv = kmalloc_array(count + 2, sizeof(*argv), gfp);
	if (!argv) {
		kfree(copy);
		return NULL;
	}
	*argv++ = copy;
	for (word = argv; *copy; copy++) {
		if (isspace(*copy)) {
			*copy = '\0';
			inside = false;
		} else if (!inside) {
			inside = true;
			*word++ = copy;
		}
	}
	*word = NULL;
	if (argcp)
		*argcp = count;
	return argv;
}
EXPORT_SYMBOL(argv_split);

void argv_free(char **argv)
{
	argv--;
	kfree(argv[0]);
	kfree(argv);
}
EXPORT_SYMBOL(argv_free);
