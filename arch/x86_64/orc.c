// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading .orc_unwind and .orc_unwind_ip: arch/x86/include/asm/orc_types.h of each release. */
#include <stdlib.h>
#include <string.h>
#include "arch/x86_64/orc.h"
#include "arch/x86_64/trap.h"

struct orc_table {
	size_t count;
	struct orc entries[];
};

/* An entry of the section: two offsets, then bit fields that have changed over time. */
struct raw_orc {
	int16_t sp_offset, bp_offset;
	uint16_t bits;
} __attribute__((packed));

/* Before 6.4: sp_reg:4, bp_reg:4, type:2 (call, regs, partial), 6.3: signal:1, end:1. */
static void translate_old(const struct r3_box *box, const struct raw_orc *raw, struct orc *orc)
{
	bool end = raw->bits & (box_release_before(box, 6, 3) ? 1 << 10 : 1 << 11);

	switch (raw->bits >> 8 & 3) {
	case 0:
		orc->type = ORC_CALL;
		break;
	case 1:
		orc->type = ORC_REGS;
		break;
	case 2:
		orc->type = ORC_REGS_PARTIAL;
		break;
	default:
		orc->type = ORC_UNDEFINED;
		break;
	}
	orc->signal = orc->type != ORC_CALL;
	if (orc->sp_base == ORC_REG_UNDEFINED)
		orc->type = end ? ORC_END_OF_STACK : ORC_UNDEFINED;
}

static void translate(const struct r3_box *box, const struct raw_orc *raw, struct orc *orc)
{
	orc->sp_offset = raw->sp_offset;
	orc->bp_offset = raw->bp_offset;
	orc->sp_base = raw->bits & 15;
	orc->bp_base = raw->bits >> 4 & 15;
	if (box_release_before(box, 6, 4)) {
		translate_old(box, raw, orc);
		return;
	}
	/* type:3, signal:1 */
	orc->type = raw->bits >> 8 & 7;
	orc->signal = raw->bits & 1 << 11;
}

/* The undefined entry that ends a section gives way to the one that starts the next there. */
static int compare(const void *a, const void *b)
{
	const struct orc *one = a, *other = b;

	if (one->ip != other->ip)
		return one->ip < other->ip ? -1 : 1;
	return (one->type != ORC_UNDEFINED) - (other->type != ORC_UNDEFINED);
}

static struct orc_table *make_table(const struct object *object)
{
	const struct r3_section *ips = object_section(object, ".orc_unwind_ip");
	const struct r3_section *orcs = object_section(object, ".orc_unwind");
	uint64_t delta = object->box->space.alias_delta;
	struct orc_table *table;
	const struct raw_orc *raw;
	const int32_t *ip;
	int32_t distance;
	size_t count = 0;

	if (ips && orcs && ips->size / sizeof(*ip) == orcs->size / sizeof(*raw))
		count = ips->size / sizeof(*ip);
	table = malloc(sizeof(*table) + count * sizeof(table->entries[0]));
	if (!table)
		return NULL;
	table->count = count;
	for (size_t i = 0; i < count; i++) {
		/* in the writable view, which is there before the object is protected */
		ip = (const int32_t *)(ips->address + delta) + i;
		raw = (const struct raw_orc *)(orcs->address + delta) + i;
		memcpy(&distance, ip, sizeof(distance)); /* aligned or not */
		table->entries[i].ip = (uint64_t)ip - delta + distance;
		translate(object->box, raw, &table->entries[i]);
	}
	qsort(table->entries, count, sizeof(table->entries[0]), compare);
	return table;
}

/* Made by whoever needs it first; two threads may do so at once, one wins. */
static const struct orc_table *table_of(const struct object *object)
{
	struct orc_table **place = &((struct object *)object)->orc;
	struct orc_table *table = __atomic_load_n(place, __ATOMIC_ACQUIRE), *none = NULL;

	if (table)
		return table;
	table = make_table(object);
	if (!table)
		return NULL;
	if (__atomic_compare_exchange_n(place, &none, table, false, __ATOMIC_ACQ_REL,
					__ATOMIC_ACQUIRE))
		return table;
	free(table);
	return none;
}

const struct orc *orc_find(const struct object *object, uint64_t ip)
{
	const struct orc_table *table = table_of(object);
	size_t low = 0, high;

	if (!table || !table->count)
		return NULL;
	/* the last entry at or before ip */
	for (high = table->count; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (table->entries[middle].ip <= ip)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &table->entries[low - 1] : NULL;
}
