/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who allocated what: the leak report. */
#ifndef RING3_ACCOUNT_H
#define RING3_ACCOUNT_H

#include "box/box.h"

struct accounts;
struct object;
struct site; /* where a module asks for one kind of memory */

struct accounts *accounts_new(struct r3_box *box);
void accounts_free(struct accounts *accounts);

/* The innermost address in a module on the way to the hypercall under way; 0: no module asked. */
uint64_t account_owner(struct thread *thread);
/* Count an allocation where it was asked for, and take it back; NULL: it is nobody's. */
struct site *account_charge(struct r3_box *box, uint64_t owner, const char *kind, uint64_t size);
void account_release(struct r3_box *box, struct site *site, uint64_t size);
/* Memory that is not the slab's: pages, vmalloc, per-CPU. */
void account_add(struct r3_box *box, uint64_t pointer, uint64_t size, const char *kind,
		 uint64_t owner);
void account_remove(struct r3_box *box, uint64_t pointer);
/* Code of a module is about to go away: remember by name what it still owns. */
void account_code_gone(struct object *object, uint64_t base, uint64_t size);
int account_each(struct r3_box *box, int (*visit)(void *context, const struct r3_leak *leak),
		 void *context);

#endif
