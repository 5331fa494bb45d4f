/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What each file that depmod makes consists of. */
#ifndef RING3_KMOD_DEPMOD_OUTPUT_H
#define RING3_KMOD_DEPMOD_OUTPUT_H

#include "tools/kmod/depmod.h"
#include "tools/kmod/index_write.h"

/* depmod_text.c: the whole file; -errno. */
int depmod_make_dep(const struct depmod *depmod, struct buffer *out);
int depmod_make_alias(const struct depmod *depmod, struct buffer *out);
int depmod_make_softdep(const struct depmod *depmod, struct buffer *out);
int depmod_make_weakdep(const struct depmod *depmod, struct buffer *out);
int depmod_make_symbols(const struct depmod *depmod, struct buffer *out);
int depmod_make_devname(const struct depmod *depmod, struct buffer *out); /* may complain */

/* depmod_json.c: name, file, needs and .modinfo of every module, to standard output. */
int depmod_write_json(const struct depmod *depmod);

/* The value of the next "key=value" of the module's .modinfo after *position; NULL: no more. */
const char *depmod_next_info(const struct module *module, const char *key, size_t *position);

/* Copies of texts, which stay where they are; all freed together. */
struct texts {
	struct text {
		struct text *next;
		size_t size, used;
		char text[]; /* of many */
	} * first;
};
void texts_release(struct texts *texts);

/*
 * depmod_index.c: the index's entries, whose texts live in depmod or in texts.
 * They complain of what is wrong in modules or in files of the kernel; -ENOENT:
 * of the latter, there is none.
 */
int depmod_collect_dep(const struct depmod *depmod, struct index_entries *entries,
		       struct texts *texts);
int depmod_collect_alias(const struct depmod *depmod, struct index_entries *entries,
			 struct texts *texts);
int depmod_collect_symbols(const struct depmod *depmod, struct index_entries *entries,
			   struct texts *texts);
int depmod_collect_builtin(const struct depmod *depmod, struct index_entries *entries,
			   struct texts *texts);
int depmod_collect_builtin_alias(const struct depmod *depmod, struct index_entries *entries,
				 struct texts *texts);

#endif
