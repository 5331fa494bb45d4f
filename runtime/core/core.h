/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of runtime/core and the target's own half know of each other. */
#ifndef RING3_CORE_H
#define RING3_CORE_H

#include <ring3/hypercall.h>

struct module;
struct kernel_param;
struct kernel_symbol;
struct modversion_info;
struct tracepoint;

/*
 * strcmp() == 0. What runs while an object is loaded may call nothing that
 * would have to be loaded first, least of all from the object itself.
 */
static inline int same_string(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* isspace(), without the table that it reads. */
static inline int is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || (unsigned char)c == 0xa0;
}

/* core/params.c */
typedef int (*param_unknown_fn)(char *name, char *value, const char *doing, void *context);
int param_parse(const char *doing, char *args, const struct kernel_param *params,
		unsigned int count, param_unknown_fn unknown, void *context, char **after);
void param_free_all(struct module *mod);

/* core/module.c */
const struct r3_section *object_section(const struct r3_object *object, const char *name);
bool object_has_code(const struct r3_object *object, unsigned long address, unsigned long length);
int object_refuse_entry(const struct r3_object *object, const char *section, unsigned int index);

void module_layout(struct module *mod, struct modversion_info *ver, struct kernel_param *kp,
		   struct kernel_symbol *ks, struct tracepoint *const *tp);

/* The target's half: linux/module_sections.c, builtin/. */
void module_fill_target(struct module *mod, const struct r3_module_description *description);
void module_forget_init(struct module *mod);
void module_quiesce(struct module *mod);
int module_dyndbg(struct module *mod, const char *query);

#endif
