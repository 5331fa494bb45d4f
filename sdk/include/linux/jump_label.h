/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef _LINUX_JUMP_LABEL_H
#define _LINUX_JUMP_LABEL_H

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/types.h>

struct jump_entry;

/* enabled: users; entries: the sites, bit 0 set if the key began as true. */
struct static_key {
	atomic_t enabled;
	union {
		unsigned long type;
		struct jump_entry *entries;
	};
};
#define JUMP_TYPE_FALSE 0UL
#define JUMP_TYPE_TRUE  1UL
#define JUMP_TYPE_MASK  3UL

/* Offsets from each field; key: bit 0 is what the branch site means by "not a jump". */
struct jump_entry {
	s32 code;
	s32 target;
	long key;
};

struct static_key_true {
	struct static_key key;
};
struct static_key_false {
	struct static_key key;
};
#define STATIC_KEY_INIT_TRUE                                                                       \
	{                                                                                          \
		.enabled = {1},                                                                    \
		{                                                                                  \
			.type = JUMP_TYPE_TRUE                                                     \
		}                                                                                  \
	}
#define STATIC_KEY_INIT_FALSE                                                                      \
	{                                                                                          \
		.enabled = {0},                                                                    \
		{                                                                                  \
			.type = JUMP_TYPE_FALSE                                                    \
		}                                                                                  \
	}
#define STATIC_KEY_TRUE_INIT                                                                       \
	(struct static_key_true)                                                                   \
	{                                                                                          \
		.key = STATIC_KEY_INIT_TRUE,                                                       \
	}
#define STATIC_KEY_FALSE_INIT                                                                      \
	(struct static_key_false)                                                                  \
	{                                                                                          \
		.key = STATIC_KEY_INIT_FALSE,                                                      \
	}
#define DEFINE_STATIC_KEY_TRUE(name) struct static_key_true name = STATIC_KEY_TRUE_INIT
#define DEFINE_STATIC_KEY_TRUE_RO(name)                                                            \
	struct static_key_true name __section(".data..ro_after_init") = STATIC_KEY_TRUE_INIT
#define DECLARE_STATIC_KEY_TRUE(name) extern struct static_key_true name
#define DEFINE_STATIC_KEY_FALSE(name) struct static_key_false name = STATIC_KEY_FALSE_INIT
#define DEFINE_STATIC_KEY_FALSE_RO(name)                                                           \
	struct static_key_false name __section(".data..ro_after_init") = STATIC_KEY_FALSE_INIT
#define DECLARE_STATIC_KEY_FALSE(name) extern struct static_key_false name

#define __JUMP_TABLE_ENTRY                                                                         \
	"	.pushsection __jump_table, \"aw\"\n"                                                     \
	"	.balign 8\n"                                                                             \
	"	.long 1b - .\n"                                                                          \
	"	.long %l[l_yes] - .\n"                                                                   \
	"	.quad %c0 + %c1 - .\n"                                                                   \
	"	.popsection\n"
/* A five-byte nop, to become a jump. */
static __always_inline bool arch_static_branch(struct static_key *const key, const bool branch)
{
	asm goto("1:	.byte 0x0f, 0x1f, 0x44, 0x00, 0x00\n" __JUMP_TABLE_ENTRY
		 :
		 : "i"(key), "i"(branch)
		 :
		 : l_yes);
	return false;
l_yes:
	return true;
}
/* A jump, to become a nop; five bytes long, which .byte and .long make sure of. */
static __always_inline bool arch_static_branch_jump(struct static_key *const key, const bool branch)
{
	asm goto("1:	.byte 0xe9\n"
		 "	.long %l[l_yes] - (1b + 5)\n" __JUMP_TABLE_ENTRY
		 :
		 : "i"(key), "i"(branch)
		 :
		 : l_yes);
	return false;
l_yes:
	return true;
}

void __wrong_static_key_type(void) __compiletime_error("not a static key");
#define static_branch_likely(x)                                                                    \
	({                                                                                         \
		bool __branch;                                                                     \
		if (__same_type(*x, struct static_key_true))                                       \
			__branch = !arch_static_branch(&(x)->key, true);                           \
		else if (__same_type(*x, struct static_key_false))                                 \
			__branch = !arch_static_branch_jump(&(x)->key, true);                      \
		else                                                                               \
			__wrong_static_key_type();                                                 \
		likely(__branch);                                                                  \
	})
#define static_branch_unlikely(x)                                                                  \
	({                                                                                         \
		bool __branch;                                                                     \
		if (__same_type(*x, struct static_key_true))                                       \
			__branch = arch_static_branch_jump(&(x)->key, false);                      \
		else if (__same_type(*x, struct static_key_false))                                 \
			__branch = arch_static_branch(&(x)->key, false);                           \
		else                                                                               \
			__wrong_static_key_type();                                                 \
		unlikely(__branch);                                                                \
	})
#define static_key_false(key) arch_static_branch(key, false)
#define static_key_true(key)  (!arch_static_branch(key, true))

void static_key_slow_inc(struct static_key *key);
void static_key_slow_dec(struct static_key *key);
void static_key_enable(struct static_key *key);
void static_key_disable(struct static_key *key);
int static_key_count(struct static_key *key);
/* Is one of their branches in that code, end included? */
int jump_label_text_reserved(void *start, void *end);
#define static_key_enabled(x)    (static_key_count((struct static_key *)(x)) > 0)
#define static_branch_inc(x)     static_key_slow_inc(&(x)->key)
#define static_branch_dec(x)     static_key_slow_dec(&(x)->key)
#define static_branch_enable(x)  static_key_enable(&(x)->key)
#define static_branch_disable(x) static_key_disable(&(x)->key)

#endif
