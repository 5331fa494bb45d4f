// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What modpost looks for in an object: exports as Linux up to 6.4 and since
 * writes them, imports, tables of devices, references between sections that
 * stay and sections that go, types that refer to each other.
 */
#define INFO(tag, text)                                                                            \
	static const char info_##tag[] __attribute__((section(".modinfo"), used)) = #tag "=" text;
#define ENTRY(sym, kind, ns)                                                                       \
	asm(".section __ksymtab_strings,\"a\"\n__kstrtab_" #sym ": .asciz \"" #sym                 \
	    "\"\n__kstrtabns_" #sym ": .asciz \"" ns "\"\n.previous\n.section \"___ksymtab" kind   \
	    "+" #sym "\", \"a\"\n__ksymtab_" #sym ": .long " #sym " - .\n.previous");
#define NOTE(sym, license, ns)                                                                     \
	asm(".section .export_symbol,\"a\"\n__export_symbol_" #sym ": .asciz \"" license           \
	    "\"\n.asciz \"" ns "\"\n.balign 8\n.quad " #sym "\n.previous");
#define TABLE(bus, size)                                                                           \
	unsigned char ids_##bus[2 * (size)] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};             \
	extern __typeof__(ids_##bus) __mod_##bus##__ids_device_table                               \
		__attribute__((alias("ids_" #bus)));

INFO(license, "GPL")
INFO(version, "1")
INFO(import_ns, "SPACE")
INFO(description, "a seed")

struct part {
	struct whole *whole;
	enum { FIRST = 1, SECOND } kind;
	unsigned int low : 3, high : 5;
};

struct whole {
	struct part parts[4];
	union {
		long number;
		char text[8];
		const volatile struct part *part;
	};
	int (*call)(struct whole *whole, ...);
	struct hidden *hidden;
};

int taken(void);
int spaced(void);

int old_way(struct whole *whole)
{
	return taken() + whole->number;
}
ENTRY(old_way, "", "")

struct whole old_data = {.call = (void *)old_way};
ENTRY(old_data, "_gpl", "SPACE")

int new_way(const struct part *part, long x[3])
{
	return spaced() + part->low + x[0];
}
NOTE(new_way, "GPL", "SPACE")

int new_data;
NOTE(new_data, "", "")

__attribute__((section(".init.text"), noinline)) int init_module(void)
{
	return taken();
}

__attribute__((section(".exit.text"), noinline)) void cleanup_module(void)
{
	spaced();
}

int stays(void)
{
	return init_module();
}

void *driver[] = {init_module, cleanup_module};
asm(".section __ex_table,\"a\"\n.long stays - ., old_data - .\n.previous");

TABLE(usb, 32)
TABLE(pci, 40)
TABLE(of, 200)
TABLE(pnp, 16)
TABLE(pnp_card, 80)
TABLE(input, 232)
TABLE(acpi, 32)
TABLE(virtio, 8)
TABLE(amba, 16)
TABLE(dmi, 344)
