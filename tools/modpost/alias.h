/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One device table of a module, and the ways to write its aliases. */
#ifndef RING3_MODPOST_ALIAS_H
#define RING3_MODPOST_ALIAS_H

#include "internal.h"

struct alias_table {
	struct modpost *mp;
	struct mp_module *module;
	const struct alias_bus *bus;
	const uint8_t *entries;
	size_t count; /* without the terminator */
};

/*
 * A field of an alias: its tag, then its value in hexadecimal, as many digits
 * as it has, or "*" if it matches anything.
 */
struct alias_field {
	const char *tag;
	uint8_t offset, size;
	uint32_t any;  /* the value that matches anything ... */
	uint32_t flag; /* ... or else the bit of the flags that says the field counts */
	enum { FIELD_ALWAYS, FIELD_ANY, FIELD_FLAG } kind;
};

struct alias_bus {
	const char *type; /* first argument of MODULE_DEVICE_TABLE */
	const char *prefix;
	uint16_t entry_size;
	/* Either write the aliases of one entry ... */
	void (*write)(struct alias_table *table, const void *entry);
	/* ... or list its fields. */
	struct alias_field fields[10];
	uint8_t flags_size; /* match_flags are the entry's first bytes */
	bool open_end;      /* ends in "*", for fields yet to come */
	const char *called; /* in messages; NULL: the type */
};

/* Buses whose aliases are no plain list of fields: alias_special.c, alias_usb.c. */
void alias_of(struct alias_table *table, const void *entry);
void alias_acpi(struct alias_table *table, const void *entry);
void alias_pci(struct alias_table *table, const void *entry);
void alias_cdx(struct alias_table *table, const void *entry);
void alias_pnp(struct alias_table *table, const void *entry);
void alias_pnp_card(struct alias_table *table, const void *entry);
void alias_isapnp(struct alias_table *table, const void *entry);
void alias_input(struct alias_table *table, const void *entry);
void alias_dmi(struct alias_table *table, const void *entry);
void alias_mdio(struct alias_table *table, const void *entry);
void alias_amba(struct alias_table *table, const void *entry);
void alias_x86cpu(struct alias_table *table, const void *entry);
void alias_cpu(struct alias_table *table, const void *entry);
void alias_mei(struct alias_table *table, const void *entry);
void alias_vmbus(struct alias_table *table, const void *entry);
void alias_tee(struct alias_table *table, const void *entry);
void alias_wmi(struct alias_table *table, const void *entry);
void alias_ishtp(struct alias_table *table, const void *entry);
void alias_ulpi(struct alias_table *table, const void *entry);
void alias_slim(struct alias_table *table, const void *entry);
void alias_fslmc(struct alias_table *table, const void *entry);
void alias_tbsvc(struct alias_table *table, const void *entry);
void alias_usb(struct alias_table *table, const void *entry);
void alias_eisa(struct alias_table *table, const void *entry);
/* "prefix" and the name that the entry begins with. */
void alias_name20(struct alias_table *table, const void *entry);
void alias_name32(struct alias_table *table, const void *entry);

/* Append tag and value, or tag and "*". */
void alias_value(struct text *alias, const char *tag, bool counts, uint32_t value,
		 unsigned int size);
/* Append "*" unless the alias ends in one. */
void alias_open_end(struct text *alias);
/* Write the MODULE_ALIAS line and release the text. */
void alias_emit(struct alias_table *table, struct text *alias);

#endif
