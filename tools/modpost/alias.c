// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * MODULE_DEVICE_TABLE(type, name) leaves a symbol
 * __mod_<type>__<name>_device_table on the table. Here its entries become
 * MODULE_ALIAS lines, as depmod and modprobe want them.
 */
#include <stdlib.h>
#include <string.h>
#include "alias.h"
#include "devicetable.h"

/* clang-format off */
#define OFFSETS(id, member) offsetof(struct id, member), sizeof(((struct id *)0)->member)
#define ALWAYS(tag, id, member)	      {tag, OFFSETS(id, member), 0, 0, FIELD_ALWAYS}
#define UNLESS(tag, id, member, any)  {tag, OFFSETS(id, member), any, 0, FIELD_ANY}
#define IF_FLAG(tag, id, member, bit) {tag, OFFSETS(id, member), 0, bit, FIELD_FLAG}
#define FIELDS(id, ...)		      .entry_size = sizeof(struct id), .fields = {__VA_ARGS__}
#define WRITER(id, function)	      .entry_size = sizeof(struct id), .write = function

static const struct alias_bus buses[] = {
	{"acpi", "acpi*:", WRITER(acpi_device_id, alias_acpi)},
	{"amba", "amba:", WRITER(amba_id, alias_amba)},
	{"auxiliary", "auxiliary:", WRITER(name32_device_id, alias_name32)},
	{"bcma", "bcma:", FIELDS(bcma_device_id,
		UNLESS("m", bcma_device_id, manuf, 0xffff),
		UNLESS("id", bcma_device_id, id, 0xffff),
		UNLESS("rev", bcma_device_id, rev, 0xff),
		UNLESS("cl", bcma_device_id, class, 0xff)), .open_end = true},
	{"cdx", "cdx:", WRITER(cdx_device_id, alias_cdx)},
	{"coreboot", "coreboot:", FIELDS(coreboot_device_id,
		ALWAYS("t", coreboot_device_id, tag))},
	{"cpu", "cpu:", WRITER(cpu_feature, alias_cpu)},
	{"dfl", "dfl:", FIELDS(dfl_device_id,
		ALWAYS("t", dfl_device_id, type),
		ALWAYS("f", dfl_device_id, feature_id)), .open_end = true},
	{"dmi", "dmi*", WRITER(dmi_system_id, alias_dmi)},
	{"eisa", "eisa:s", WRITER(eisa_device_id, alias_eisa)},
	{"fslmc", "fsl-mc:", WRITER(fsl_mc_device_id, alias_fslmc)},
	{"hdaudio", "hdaudio:", FIELDS(hda_device_id,
		UNLESS("v", hda_device_id, vendor_id, 0),
		UNLESS("r", hda_device_id, rev_id, 0),
		UNLESS("a", hda_device_id, api_version, 0)), .open_end = true},
	{"hid", "hid:", FIELDS(hid_device_id,
		UNLESS("b", hid_device_id, bus, 0xffff),
		UNLESS("g", hid_device_id, group, 0),
		UNLESS("v", hid_device_id, vendor, 0xffffffff),
		UNLESS("p", hid_device_id, product, 0xffffffff))},
	{"i2c", "i2c:", WRITER(name20_device_id, alias_name20)},
	{"i3c", "i3c:", FIELDS(i3c_device_id,
		IF_FLAG("dcr", i3c_device_id, dcr, 1),
		IF_FLAG("manuf", i3c_device_id, manuf_id, 2),
		IF_FLAG("part", i3c_device_id, part_id, 4),
		IF_FLAG("ext", i3c_device_id, extra_info, 8)), .flags_size = 1},
	{"ieee1394", "ieee1394:", FIELDS(ieee1394_device_id,
		IF_FLAG("ven", ieee1394_device_id, vendor_id, 1),
		IF_FLAG("mo", ieee1394_device_id, model_id, 2),
		IF_FLAG("sp", ieee1394_device_id, specifier_id, 4),
		IF_FLAG("ver", ieee1394_device_id, version, 8)),
		.flags_size = 4, .open_end = true},
	{"input", "input:", WRITER(input_device_id, alias_input)},
	{"ipack", "ipack:", FIELDS(ipack_device_id,
		UNLESS("f", ipack_device_id, format, 0xff),
		UNLESS("v", ipack_device_id, vendor, 0xffffffff),
		UNLESS("d", ipack_device_id, device, 0xffffffff)), .open_end = true},
	{"isapnp", "pnp:d", WRITER(isapnp_device_id, alias_isapnp)},
	{"ishtp", "ishtp:", WRITER(ishtp_device_id, alias_ishtp)},
	{"mdio", "mdio:", WRITER(mdio_device_id, alias_mdio)},
	{"mei", "mei:", WRITER(mei_cl_device_id, alias_mei)},
	{"mhi", "mhi:", WRITER(name32_device_id, alias_name32)},
	{"mhi_ep", "mhi_ep:", WRITER(name32_device_id, alias_name32)},
	{"of", "of:", WRITER(of_device_id, alias_of)},
	{"pci", "pci:", WRITER(pci_device_id, alias_pci)},
	{"pcmcia", "pcmcia:", FIELDS(pcmcia_device_id,
		IF_FLAG("m", pcmcia_device_id, manf_id, 0x001),
		IF_FLAG("c", pcmcia_device_id, card_id, 0x002),
		IF_FLAG("f", pcmcia_device_id, func_id, 0x004),
		IF_FLAG("fn", pcmcia_device_id, function, 0x008),
		IF_FLAG("pfn", pcmcia_device_id, device_no, 0x100),
		IF_FLAG("pa", pcmcia_device_id, prod_id_hash[0], 0x010),
		IF_FLAG("pb", pcmcia_device_id, prod_id_hash[1], 0x020),
		IF_FLAG("pc", pcmcia_device_id, prod_id_hash[2], 0x040),
		IF_FLAG("pd", pcmcia_device_id, prod_id_hash[3], 0x080)),
		.flags_size = 2, .open_end = true},
	{"platform", "platform:", WRITER(name20_device_id, alias_name20)},
	{"pnp", "pnp:d", WRITER(pnp_device_id, alias_pnp)},
	{"pnp_card", "pnp:d", WRITER(pnp_card_device_id, alias_pnp_card), .called = "pnp"},
	{"rapidio", "rapidio:", FIELDS(rio_device_id,
		UNLESS("v", rio_device_id, vid, 0xffff),
		UNLESS("d", rio_device_id, did, 0xffff),
		UNLESS("av", rio_device_id, asm_vid, 0xffff),
		UNLESS("ad", rio_device_id, asm_did, 0xffff)), .open_end = true},
	{"rpmsg", "rpmsg:", WRITER(name32_device_id, alias_name32)},
	{"sdio", "sdio:", FIELDS(sdio_device_id,
		UNLESS("c", sdio_device_id, class, 0xff),
		UNLESS("v", sdio_device_id, vendor, 0xffff),
		UNLESS("d", sdio_device_id, device, 0xffff)), .open_end = true},
	{"sdw", "sdw:", FIELDS(sdw_device_id,
		UNLESS("m", sdw_device_id, mfg_id, 0),
		UNLESS("p", sdw_device_id, part_id, 0),
		UNLESS("v", sdw_device_id, sdw_version, 0),
		UNLESS("c", sdw_device_id, class_id, 0)), .open_end = true},
	{"serio", "serio:", FIELDS(serio_device_id,
		UNLESS("ty", serio_device_id, type, 0xff),
		UNLESS("pr", serio_device_id, proto, 0xff),
		UNLESS("id", serio_device_id, id, 0xff),
		UNLESS("ex", serio_device_id, extra, 0xff)), .open_end = true},
	{"slim", "slim:", WRITER(slim_device_id, alias_slim)},
	{"spi", "spi:", WRITER(name32_device_id, alias_name32)},
	{"ssam", "ssam:", FIELDS(ssam_device_id,
		ALWAYS("d", ssam_device_id, domain),
		ALWAYS("c", ssam_device_id, category),
		IF_FLAG("t", ssam_device_id, target, 1),
		IF_FLAG("i", ssam_device_id, instance, 2),
		IF_FLAG("f", ssam_device_id, function, 4)), .flags_size = 1},
	{"ssb", "ssb:", FIELDS(ssb_device_id,
		UNLESS("v", ssb_device_id, vendor, 0xffff),
		UNLESS("id", ssb_device_id, coreid, 0xffff),
		UNLESS("rev", ssb_device_id, revision, 0xff)), .open_end = true},
	{"tbsvc", "tbsvc:", WRITER(tb_service_id, alias_tbsvc)},
	{"tee", "tee:", WRITER(tee_client_device_id, alias_tee)},
	{"typec", "typec:", FIELDS(typec_device_id,
		ALWAYS("id", typec_device_id, svid),
		UNLESS("m", typec_device_id, mode, 7))},
	{"ulpi", "ulpi:", WRITER(ulpi_device_id, alias_ulpi)},
	{"usb", "usb:", WRITER(usb_device_id, alias_usb)},
	{"vchiq", "vchiq:", WRITER(vchiq_device_id, alias_name32)},
	{"virtio", "virtio:", FIELDS(virtio_device_id,
		UNLESS("d", virtio_device_id, device, 0xffffffff),
		UNLESS("v", virtio_device_id, vendor, 0xffffffff)), .open_end = true},
	{"vmbus", "vmbus:", WRITER(hv_vmbus_device_id, alias_vmbus)},
	{"wmi", "wmi:", WRITER(wmi_device_id, alias_wmi)},
	{"x86cpu", "cpu:", WRITER(x86_cpu_id, alias_x86cpu)},
};
/* clang-format on */

void alias_value(struct text *alias, const char *tag, bool counts, uint32_t value,
		 unsigned int size)
{
	if (counts)
		text_printf(alias, "%s%0*X", tag, 2 * size, value);
	else
		text_printf(alias, "%s*", tag);
}

void alias_open_end(struct text *alias)
{
	if (!alias->failed && alias->data[alias->length - 1] != '*')
		text_printf(alias, "*");
}

void alias_emit(struct alias_table *table, struct text *alias)
{
	struct text *out = &table->module->aliases;
	const char *c;

	if (alias->failed) {
		out->failed = true;
		return;
	}
	text_printf(out, "MODULE_ALIAS(\"");
	for (c = alias->data; *c; c++)
		text_printf(out, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
	text_printf(out, "\");\n");
	text_release(alias);
}

static uint32_t load(const uint8_t *entry, unsigned int size)
{
	uint32_t value = 0;

	memcpy(&value, entry, size); /* both ends are little-endian */
	return value;
}

static void write_fields(struct alias_table *table, const uint8_t *entry)
{
	const struct alias_bus *bus = table->bus;
	uint32_t flags = load(entry, bus->flags_size);
	const struct alias_field *field;
	struct text alias = {};

	text_printf(&alias, "%s", bus->prefix);
	for (field = bus->fields; field->tag; field++) {
		uint32_t value = load(entry + field->offset, field->size);
		bool counts = field->kind == FIELD_ALWAYS ||
			      (field->kind == FIELD_ANY && value != field->any) ||
			      (field->kind == FIELD_FLAG && flags & field->flag);

		alias_value(&alias, field->tag, counts, value, field->size);
	}
	if (bus->open_end)
		alias_open_end(&alias);
	alias_emit(table, &alias);
}

static const struct alias_bus *find_bus(const char *type, size_t length)
{
	unsigned int i;

	for (i = 0; i < sizeof(buses) / sizeof(buses[0]); i++)
		if (strlen(buses[i].type) == length && !memcmp(buses[i].type, type, length))
			return &buses[i];
	return NULL;
}

static bool is_zero(const uint8_t *data, size_t size)
{
	while (size)
		if (data[--size])
			return false;
	return true;
}

/* What stands where the empty entry should. */
static void show_entry(struct alias_table *table, const char *type, const uint8_t *entry)
{
	const struct alias_bus *bus = table->bus;
	struct text bytes = {};
	unsigned int i;

	for (i = 0; i < bus->entry_size; i++)
		text_printf(&bytes, "0x%02x ", entry[i]);
	if (!bytes.failed)
		mp_note(table->mp, "%s: struct %s_device_id is %u bytes.  The last of %zu is:\n%s",
			table->module->name, type, bus->entry_size, table->count + 1, bytes.data);
	text_release(&bytes);
}

static void write_table(struct alias_table *table, const uint8_t *data, size_t size)
{
	const struct alias_bus *bus = table->bus;
	const char *name = table->module->name, *type = bus->called ? bus->called : bus->type;
	size_t i;

	if (!size || size % bus->entry_size) {
		mp_fatal(table->mp,
			 "%s: sizeof(struct %s_device_id)=%u is not a modulo of the size of "
			 "section __mod_%s__<identifier>_device_table=%zu.\n"
			 "Fix definition of struct %s_device_id in mod_devicetable.h",
			 name, type, bus->entry_size, type, size, type);
		return;
	}
	table->entries = data;
	table->count = size / bus->entry_size - 1;
	if (!is_zero(data + size - bus->entry_size, bus->entry_size)) {
		show_entry(table, type, data + size - bus->entry_size);
		mp_fatal(table->mp, "%s: struct %s_device_id is not terminated with a NULL entry!",
			 name, type);
		return;
	}
	for (i = 0; i < table->count; i++) {
		if (bus->write)
			bus->write(table, data + i * bus->entry_size);
		else
			write_fields(table, data + i * bus->entry_size);
	}
}

/* A copy, aligned as its entries want. NULL: out of bounds or memory. */
static uint8_t *copy_table(const struct elf_view *view, const Elf64_Sym *symbol)
{
	const Elf64_Shdr *section = &view->sections[symbol->st_shndx];
	const uint8_t *data = elf_section_data(view, symbol->st_shndx);
	uint8_t *copy;

	if (symbol->st_size > section->sh_size ||
	    symbol->st_value > section->sh_size - symbol->st_size)
		return NULL;
	if (!data && symbol->st_size > 1 << 20) /* .bss may claim any size */
		return NULL;
	copy = calloc(1, symbol->st_size + 1);
	if (copy && data)
		memcpy(copy, data + symbol->st_value, symbol->st_size);
	return copy;
}

void alias_device_table(struct modpost *mp, struct mp_module *module, const struct elf_view *view,
			const Elf64_Sym *symbol)
{
	static const char prefix[] = "__mod_", suffix[] = "_device_table";
	struct alias_table table = {.mp = mp, .module = module};
	const char *name = elf_symbol_name(view, symbol), *type, *end;
	size_t length = strlen(name);
	uint8_t *data;

	if (ELF64_ST_TYPE(symbol->st_info) != STT_OBJECT ||
	    length < strlen(prefix) + strlen(suffix) || strncmp(name, prefix, strlen(prefix)) ||
	    strcmp(name + length - strlen(suffix), suffix))
		return;
	type = name + strlen(prefix);
	end = strstr(type, "__");
	if (!end)
		return;
	table.bus = find_bus(type, end - type);
	if (!table.bus) {
		/* Drivers have such tables for buses that cannot load modules, memstick's for one.
		 */
		if (mp->options.extra_warnings)
			mp_warn(mp, "%s: there are no aliases for MODULE_DEVICE_TABLE of type %.*s",
				module->name, (int)(end - type), type);
		return;
	}
	data = copy_table(view, symbol);
	if (data)
		write_table(&table, data, symbol->st_size);
	else
		mp_error(mp, "%s: %s is out of the bounds of its section", module->name, name);
	free(data);
}
