// SPDX-License-Identifier: GPL-2.0-or-later
/* Aliases that are more than a list of fields. An example stands with each. */
#include <ctype.h>
#include <string.h>
#include "alias.h"
#include "devicetable.h"

/* A name in a table need not end in NUL. */
static void write_name(struct alias_table *table, const char *name, size_t size, const char *end)
{
	struct text alias = {};

	text_printf(&alias, "%s%.*s%s", table->bus->prefix, (int)strnlen(name, size), name, end);
	alias_emit(table, &alias);
}

/* i2c:lm75 */
void alias_name20(struct alias_table *table, const void *entry)
{
	write_name(table, entry, 20, "");
}

void alias_name32(struct alias_table *table, const void *entry)
{
	write_name(table, entry, 32, "");
}

/* eisa:sADP7770* */
void alias_eisa(struct alias_table *table, const void *entry)
{
	write_name(table, entry, 8, "*");
}

/* Open Firmware node names have no blanks, the strings of a driver may. */
static void blanks_to_underscores(struct text *alias)
{
	size_t i;

	for (i = 0; i < alias->length; i++)
		if (isspace((unsigned char)alias->data[i]))
			alias->data[i] = '_';
}

/* of:N*T*Cfsl,imx6q and of:N*T*Cfsl,imx6qC*: another compatible string may follow. */
void alias_of(struct alias_table *table, const void *entry)
{
	const struct of_device_id *id = entry;
	const char *ends[] = {"", "C*"};
	struct text alias;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		memset(&alias, 0, sizeof(alias));
		text_printf(&alias, "of:N%.32sT%.32s", *id->name ? id->name : "*",
			    *id->type ? id->type : "*");
		if (*id->compatible)
			text_printf(&alias, "%sC%.128s", *id->type ? "*" : "", id->compatible);
		text_printf(&alias, "%s", ends[i]);
		blanks_to_underscores(&alias);
		alias_emit(table, &alias);
	}
}

/* acpi*:PNP0C0B:* by name, acpi*:0106??:* by class. */
void alias_acpi(struct alias_table *table, const void *entry)
{
	const struct acpi_device_id *id = entry;
	struct text alias = {};
	int shift;

	text_printf(&alias, "acpi*:");
	if (*id->id)
		text_printf(&alias, "%.16s", id->id);
	for (shift = 16; !*id->id && shift >= 0; shift -= 8) {
		if (id->class_mask >> shift & 0xff)
			text_printf(&alias, "%02x", id->class >> shift & 0xff);
		else
			text_printf(&alias, "??");
	}
	text_printf(&alias, ":*");
	alias_emit(table, &alias);
}

/* pci:v00008086d00001234sv*sd*bc02sc00i* */
void alias_pci(struct alias_table *table, const void *entry)
{
	static const struct {
		const char *tag;
		unsigned int shift;
	} classes[] = {{"bc", 16}, {"sc", 8}, {"i", 0}};
	const struct pci_device_id *id = entry;
	struct text alias = {};
	unsigned int i;

	if (id->override_only > 1) {
		mp_warn(table->mp, "Unknown PCI driver_override alias %08X", id->override_only);
		return;
	}
	for (i = 0; i < 3; i++) {
		uint8_t mask = id->class_mask >> classes[i].shift;

		if (mask != 0 && mask != 0xff) {
			mp_warn(table->mp, "Can't handle masks in %s:%04X", table->module->name,
				id->class_mask);
			return;
		}
	}
	text_printf(&alias, "%s", id->override_only ? "vfio_pci:" : "pci:");
	alias_value(&alias, "v", id->vendor != ~0u, id->vendor, 4);
	alias_value(&alias, "d", id->device != ~0u, id->device, 4);
	alias_value(&alias, "sv", id->subvendor != ~0u, id->subvendor, 4);
	alias_value(&alias, "sd", id->subdevice != ~0u, id->subdevice, 4);
	for (i = 0; i < 3; i++)
		alias_value(&alias, classes[i].tag, id->class_mask >> classes[i].shift & 0xff,
			    id->class >> classes[i].shift & 0xff, 1);
	alias_open_end(&alias);
	alias_emit(table, &alias);
}

/* cdx:v10EEd1001sv*sd*c* */
void alias_cdx(struct alias_table *table, const void *entry)
{
	const struct cdx_device_id *id = entry;
	struct text alias = {};

	if (id->override_only > 1) {
		mp_warn(table->mp, "Unknown CDX driver_override alias %08X", id->override_only);
		return;
	}
	text_printf(&alias, "%s", id->override_only ? "vfio_cdx:" : "cdx:");
	alias_value(&alias, "v", id->vendor != 0xffff, id->vendor, 2);
	alias_value(&alias, "d", id->device != 0xffff, id->device, 2);
	alias_value(&alias, "sv", id->subvendor != 0xffff, id->subvendor, 2);
	alias_value(&alias, "sd", id->subdevice != 0xffff, id->subdevice, 2);
	alias_value(&alias, "c", id->class_mask == 0xffffff, id->class, 4);
	alias_emit(table, &alias);
}

/* pnp:dPNP0501* and, as ACPI names it, acpi*:PNP0501:* */
static void write_pnp(struct alias_table *table, const char id[8])
{
	struct text alias = {};
	unsigned int i;

	text_printf(&alias, "pnp:d%.8s*", id);
	alias_emit(table, &alias);
	text_printf(&alias, "acpi*:");
	for (i = 0; i < 8 && id[i]; i++)
		text_printf(&alias, "%c", toupper((unsigned char)id[i]));
	text_printf(&alias, ":*");
	alias_emit(table, &alias);
}

void alias_pnp(struct alias_table *table, const void *entry)
{
	const struct pnp_device_id *id = entry;

	write_pnp(table, id->id);
}

static bool card_has_device(const struct pnp_card_device_id *card, const char device[8])
{
	unsigned int i;

	for (i = 0; i < 8 && *card->devices[i]; i++)
		if (!strncmp(card->devices[i], device, 8))
			return true;
	return false;
}

/* Each device of each card, once; a card that lists one twice writes it twice. */
void alias_pnp_card(struct alias_table *table, const void *entry)
{
	const struct pnp_card_device_id *card = entry, *earlier;
	unsigned int i;

	for (i = 0; i < 8 && *card->devices[i]; i++) {
		for (earlier = (const void *)table->entries; earlier < card; earlier++)
			if (card_has_device(earlier, card->devices[i]))
				break;
		if (earlier == card)
			write_pnp(table, card->devices[i]);
	}
}

/* pnp:dPNP0501*: three letters of five bits, four digits, in EISA's byte order. */
void alias_isapnp(struct alias_table *table, const void *entry)
{
	const struct isapnp_device_id *id = entry;
	uint16_t vendor = id->vendor, function = id->function;
	struct text alias = {};

	text_printf(&alias, "pnp:d%c%c%c%x%x%x%x*", 'A' + (vendor >> 2 & 0x3f) - 1,
		    'A' + ((vendor & 3) << 3 | (vendor >> 13 & 7)) - 1,
		    'A' + (vendor >> 8 & 0x1f) - 1, function >> 4 & 15, function & 15,
		    function >> 12 & 15, function >> 8 & 15);
	alias_emit(table, &alias);
}

static void write_bits(struct text *alias, const char *tag, bool counts, const uint64_t *bits,
		       unsigned int first, unsigned int last)
{
	unsigned int i;

	text_printf(alias, "%s*", tag);
	for (i = first; counts && i <= last; i++)
		if (bits[i / 64] & 1ull << i % 64)
			text_printf(alias, "%X,*", i);
}

/* input:b*v*p*e*-e*1,*k*110,*r*0,*1,*amlsfw */
void alias_input(struct alias_table *table, const void *entry)
{
	const struct input_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "input:");
	alias_value(&alias, "b", id->flags & 1, id->bustype, 2);
	alias_value(&alias, "v", id->flags & 2, id->vendor, 2);
	alias_value(&alias, "p", id->flags & 4, id->product, 2);
	alias_value(&alias, "e", id->flags & 8, id->version, 2);
	text_printf(&alias, "-");
	write_bits(&alias, "e", id->flags & 0x010, id->ev, 0, 0x1f);
	/* Keys below 0x71 are those that every keyboard has. */
	write_bits(&alias, "k", id->flags & 0x020, id->key, 0x71, 0x2ff);
	write_bits(&alias, "r", id->flags & 0x040, id->rel, 0, 0x0f);
	write_bits(&alias, "a", id->flags & 0x080, id->abs, 0, 0x3f);
	write_bits(&alias, "m", id->flags & 0x100, id->msc, 0, 0x07);
	write_bits(&alias, "l", id->flags & 0x200, id->led, 0, 0x0f);
	write_bits(&alias, "s", id->flags & 0x400, id->snd, 0, 0x07);
	write_bits(&alias, "f", id->flags & 0x800, id->ff, 0, 0x7f);
	write_bits(&alias, "w", id->flags & 0x1000, id->sw, 0, 0x10);
	alias_emit(table, &alias);
}

/* dmi*:svn*LENOVO*:pvr*ThinkPadT60*: */
void alias_dmi(struct alias_table *table, const void *entry)
{
	/* In the order of /sys/class/dmi/id/modalias; slots are enum dmi_field. */
	static const struct {
		const char *tag;
		uint8_t slot;
	} fields[] = {
		{"bvn", 1},  {"bvr", 2},  {"bd", 3},  {"br", 4},   {"efr", 5},
		{"svn", 6},  {"pn", 7},   {"pvr", 8}, {"rvn", 13}, {"rn", 14},
		{"rvr", 15}, {"cvn", 18}, {"ct", 19}, {"cvr", 20},
	};
	const struct dmi_system_id *id = entry;
	const struct dmi_strmatch *match;
	struct text alias = {};
	unsigned int i, j;

	text_printf(&alias, "dmi*");
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		for (match = id->matches; match < id->matches + 4; match++) {
			if ((match->slot & 0x7f) != fields[i].slot)
				continue;
			text_printf(&alias, ":%s*", fields[i].tag);
			for (j = 0; j < sizeof(match->substr) && match->substr[j]; j++)
				if (match->substr[j] > ' ' && match->substr[j] < 127 &&
				    match->substr[j] != ':')
					text_printf(&alias, "%c", match->substr[j]);
			text_printf(&alias, "*");
		}
	}
	text_printf(&alias, ":");
	alias_emit(table, &alias);
}

/* mdio:0000000000100010010001010101???? */
void alias_mdio(struct alias_table *table, const void *entry)
{
	const struct mdio_device_id *id = entry;
	struct text alias = {};
	int bit;

	text_printf(&alias, "mdio:");
	for (bit = 31; bit >= 0; bit--)
		text_printf(&alias, "%c",
			    !(id->phy_id_mask >> bit & 1) ? '?'
			    : id->phy_id >> bit & 1       ? '1'
							  : '0');
	alias_emit(table, &alias);
}

/* amba:d0004180[02468ACE] and such: digits, or what a masked one may be */
void alias_amba(struct alias_table *table, const void *entry)
{
	const struct amba_id *id = entry;
	struct text alias = {};
	unsigned int i;
	int shift;

	if ((id->id & id->mask) != id->id) {
		mp_fatal(table->mp,
			 "%s: Masked-off bit(s) of AMBA device ID are non-zero: id=0x%08X, "
			 "mask=0x%08X.  Please fix this driver.",
			 table->module->name, id->id, id->mask);
		return;
	}
	text_printf(&alias, "amba:d");
	for (shift = 28; shift >= 0; shift -= 4) {
		unsigned int digit = id->id >> shift & 15, mask = id->mask >> shift & 15;

		if (mask == 0) {
			text_printf(&alias, "?");
		} else if (mask == 15) {
			text_printf(&alias, "%X", digit);
		} else {
			text_printf(&alias, "[");
			for (i = 0; i < 16; i++)
				if ((i & mask) == digit)
					text_printf(&alias, "%X", i);
			text_printf(&alias, "]");
		}
	}
	alias_emit(table, &alias);
}

/* cpu:type:x86,ven0000fam0006mod*:feature:*0081* */
void alias_x86cpu(struct alias_table *table, const void *entry)
{
	const struct x86_cpu_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "cpu:type:x86,");
	alias_value(&alias, "ven", id->vendor != 0xffff, id->vendor, 2);
	alias_value(&alias, "fam", id->family, id->family, 2);
	alias_value(&alias, "mod", id->model, id->model, 2);
	text_printf(&alias, ":feature:*");
	if (id->feature)
		text_printf(&alias, "%04X*", id->feature);
	alias_emit(table, &alias);
}

void alias_cpu(struct alias_table *table, const void *entry)
{
	const struct cpu_feature *id = entry;
	struct text alias = {};

	text_printf(&alias, "cpu:type:*:feature:*%04X*", id->feature);
	alias_emit(table, &alias);
}

/* The 16 bytes as a UUID's text; little-endian ones store the first three groups reversed. */
static void write_uuid(struct text *alias, const uint8_t bytes[16], bool little_endian,
		       bool upper_case)
{
	static const uint8_t swapped[16] = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
	unsigned int i;

	for (i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			text_printf(alias, "-");
		text_printf(alias, upper_case ? "%02X" : "%02x",
			    bytes[little_endian ? swapped[i] : i]);
	}
}

/* mei:nfc:0bb17a78-2a8e-4c50-94d4-50266723775c:*:* */
void alias_mei(struct alias_table *table, const void *entry)
{
	const struct mei_cl_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "mei:%.32s:", *id->name ? id->name : "*");
	write_uuid(&alias, id->uuid, true, false);
	alias_value(&alias, ":", id->version != 0xff, id->version, 1);
	text_printf(&alias, ":*");
	alias_emit(table, &alias);
}

/* vmbus: and 32 digits, in the order of memory */
void alias_vmbus(struct alias_table *table, const void *entry)
{
	const struct hv_vmbus_device_id *id = entry;
	struct text alias = {};
	unsigned int i;

	text_printf(&alias, "vmbus:");
	for (i = 0; i < 16; i++)
		text_printf(&alias, "%02x", id->guid[i]);
	alias_emit(table, &alias);
}

void alias_tee(struct alias_table *table, const void *entry)
{
	const struct tee_client_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "tee:");
	write_uuid(&alias, id->uuid, false, false);
	text_printf(&alias, "*");
	alias_emit(table, &alias);
}

/* wmi:95F24279-4D7B-4334-9387-ACCDC67EF61C */
void alias_wmi(struct alias_table *table, const void *entry)
{
	const struct wmi_device_id *id = entry;
	size_t length = strnlen(id->guid_string, sizeof(id->guid_string));

	if (length != UUID_STRING_LEN)
		mp_warn(table->mp, "Invalid WMI device id 'wmi:%.*s' in '%s'", (int)length,
			id->guid_string, table->module->name);
	else
		write_name(table, id->guid_string, length, "");
}

/* ishtp:{33AECD58-B679-4E54-9BD9-A04D34F0C226} */
void alias_ishtp(struct alias_table *table, const void *entry)
{
	const struct ishtp_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "ishtp:{");
	write_uuid(&alias, id->guid, true, true);
	text_printf(&alias, "}");
	alias_emit(table, &alias);
}

/* ulpi:v0451p1507 */
void alias_ulpi(struct alias_table *table, const void *entry)
{
	const struct ulpi_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "ulpi:v%04xp%04x", id->vendor, id->product);
	alias_emit(table, &alias);
}

/* slim:217:250:* */
void alias_slim(struct alias_table *table, const void *entry)
{
	const struct slim_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "slim:%x:%x:*", id->manf_id, id->prod_code);
	alias_emit(table, &alias);
}

/* fsl-mc:v00001957ddpni */
void alias_fslmc(struct alias_table *table, const void *entry)
{
	const struct fsl_mc_device_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "fsl-mc:v%08Xd%.16s", id->vendor, id->obj_type);
	alias_emit(table, &alias);
}

/* tbsvc:knetworkp00000001v*r* */
void alias_tbsvc(struct alias_table *table, const void *entry)
{
	const struct tb_service_id *id = entry;
	struct text alias = {};

	text_printf(&alias, "tbsvc:k%.9s", id->match_flags & 1 ? id->protocol_key : "*");
	alias_value(&alias, "p", id->match_flags & 2, id->protocol_id, 4);
	alias_value(&alias, "v", id->match_flags & 4, id->protocol_version, 4);
	alias_value(&alias, "r", id->match_flags & 8, id->protocol_revision, 4);
	alias_open_end(&alias);
	alias_emit(table, &alias);
}
