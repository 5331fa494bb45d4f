// SPDX-License-Identifier: GPL-2.0-or-later
/* WARN and BUG: a ud2 that __bug_table knows, lib/bug.c of Linux. */
#include <stddef.h>
#include <string.h>
#include "arch/x86_64/trap.h"
#include "probe/probe.h"

/*
 * struct bug_entry with relative pointers and CONFIG_DEBUG_BUGVERBOSE, as all targets have it.
 * Aligned or not.
 */
struct bug_entry {
	int32_t address;
	int32_t file;
	uint16_t line;
	uint16_t flags;
} __attribute__((packed));

#define FLAG_WARNING      (1 << 0)
#define FLAG_ONCE         (1 << 1)
#define FLAG_DONE         (1 << 2)
#define FLAG_NO_CUT_HERE  (1 << 3)
#define FLAG_TAINT(flags) ((flags) >> 8)

/* The entry in the writable view, which is there before the object is protected. */
static struct bug_entry *find_bug(struct r3_box *box, uint64_t rip)
{
	const struct object *object = object_of_address(box, rip);
	uint64_t delta = box->space.alias_delta;
	const struct r3_section *section;
	struct bug_entry *bugs;

	section = object ? object_section(object, "__bug_table") : NULL;
	if (!section)
		return NULL;
	bugs = box_writable(box, section->address);
	for (size_t i = 0; i < section->size / sizeof(*bugs); i++) {
		if ((uint64_t)&bugs[i] - delta + bugs[i].address == rip)
			return &bugs[i];
	}
	return NULL;
}

bool arch_is_bug(struct r3_box *box, uint64_t address)
{
	return find_bug(box, address) != NULL;
}

/* The name comes from the module: it may lie anywhere. */
static void copy_string(char *to, size_t size, uint64_t from)
{
	size_t i;

	for (i = 0; i < size - 1; i++) {
		if (arch_copy_nofault(&to[i], from + i, 1) || !to[i])
			break;
	}
	to[i] = '\0';
}

/* Has this WARN_ONCE been seen before? From now on it has. */
static bool once_done(struct bug_entry *bug)
{
	uint8_t *flags = (uint8_t *)bug + offsetof(struct bug_entry, flags);

	return __atomic_fetch_or(flags, FLAG_DONE, __ATOMIC_RELAXED) & FLAG_DONE;
}

enum bug_kind arch_report_bug(struct thread *thread, const struct arch_registers *registers)
{
	struct r3_box *box = thread->box;
	struct bug_entry *bug;
	unsigned int taint;
	uint8_t ud2[2];
	char file[512];

	if (points_read(box, registers->rip, ud2, 2) || ud2[0] != 0x0f || ud2[1] != 0x0b)
		return BUG_NONE;
	bug = find_bug(box, registers->rip);
	if (!bug)
		return BUG_NONE;
	if ((bug->flags & (FLAG_WARNING | FLAG_ONCE)) == (FLAG_WARNING | FLAG_ONCE) &&
	    once_done(bug))
		return BUG_WARNING;
	copy_string(file, sizeof(file),
		    (uint64_t)bug + offsetof(struct bug_entry, file) - box->space.alias_delta +
			    bug->file);
	if (!(bug->flags & FLAG_NO_CUT_HERE))
		box_printk(box, LEVEL_WARNING, "------------[ cut here ]------------");
	if (bug->flags & FLAG_WARNING) {
		taint = FLAG_TAINT(bug->flags) ? FLAG_TAINT(bug->flags) : TAINT_WARN;
		arch_warn(thread, registers, file, bug->line, taint);
		return BUG_WARNING;
	}
	box_printk(box, LEVEL_CRIT, "kernel BUG at %s:%u!", file, bug->line);
	return BUG_FATAL;
}
