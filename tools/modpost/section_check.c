// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * References that outlive what they point to: from code that stays to code or
 * data that is freed after init, from what is exported to it, between init and
 * exit, and from exception tables to what is not code. The patterns are those
 * of Linux 6.12's modpost.
 */
#include <fnmatch.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

#define INIT_DATA ".init.setup", ".init.rodata", ".init.data"
#define INIT_ANY  ".init.*"
#define EXIT_ANY  ".exit.*"
#define DATA      ".data", ".data.rel"
#define TEXT                                                                                       \
	".text", ".text.*", ".sched.text", ".kprobes.text", ".cpuidle.text", ".noinstr.text",      \
		".ltext", ".ltext.*"
#define OTHER_TEXT                                                                                 \
	".ref.text", ".head.text", ".spinlock.text", ".fixup", ".entry.text", ".exception.text",   \
		".coldtext", ".softirqentry.text", ".irqentry.text"

#define PATTERNS(...) ((const char *const[]){__VA_ARGS__, NULL})

static bool match(const char *string, const char *const *patterns)
{
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, string, 0))
			return true;
	return false;
}

struct reference {
	const char *from_section, *to_section;
	const Elf64_Sym *from, *to; /* NULL: no symbol is near */
	const char *from_symbol, *to_symbol;
	uint64_t from_address, to_address;
	bool to_executable;
};

static bool is_exempt_section(const char *name)
{
	return match(name, PATTERNS(".comment*", ".debug*", ".zdebug*", ".GCC.command.line",
				    ".stab*", ".note*", ".got*", ".gnu.lto*", ".discard.*",
				    ".llvm.call-graph-profile"));
}

/* Names that Linux has agreed to let through, though their sections clash. */
static bool is_tolerated(const struct modpost *mp, const struct reference *ref)
{
	bool from_data = match(ref->from_section, PATTERNS(DATA));
	bool from_text =
		match(ref->from_section, PATTERNS(TEXT, OTHER_TEXT, ".init.text", ".exit.text"));
	bool to_init = match(ref->to_section, PATTERNS(INIT_ANY));
	const char *from = ref->from_symbol;

	/* A parameter with permission 0 may lie in init data, its callbacks in init text. */
	if (from_data && match(ref->to_section, PATTERNS(INIT_DATA)) &&
	    match(from, PATTERNS("__param*")))
		return true;
	if (from_data && !strcmp(ref->to_section, ".init.text") &&
	    match(from, PATTERNS("__param_ops_*")))
		return true;
	if (from_data && match(from, PATTERNS("*_ops", "*_probe", "*_console")))
		return true;
	if (from_data && !to_init && !mp->options.extra_warnings &&
	    match(from, PATTERNS("*driver")))
		return true;
	if (to_init && match(ref->from_section, PATTERNS(".head.text*")))
		return true;
	if (match(ref->to_symbol, PATTERNS("__init_begin", "_sinittext", "_einittext")))
		return true;
	/* A clone that the compiler made for an init caller. */
	if (from_text && to_init && match(from, PATTERNS("*.constprop.*")))
		return true;
	return !strncmp(from, ".L", 2);
}

/* The last symbol of a section at or before an address, NULL: none. */
static const Elf64_Sym *nearest_symbol(const struct elf_view *view, unsigned int section,
				       uint64_t address)
{
	const Elf64_Sym *best = NULL;
	size_t i;

	for (i = 1; i < view->nr_symbols; i++) {
		const Elf64_Sym *symbol = &view->symbols[i];

		if (symbol->st_shndx != section || symbol->st_value > address ||
		    ELF64_ST_TYPE(symbol->st_info) == STT_SECTION ||
		    !*elf_symbol_name(view, symbol))
			continue;
		if (!best || symbol->st_value > best->st_value)
			best = symbol;
	}
	return best;
}

static void name_reference(const struct elf_view *view, const Elf64_Rela *rela,
			   unsigned int from_section, const Elf64_Sym *target,
			   struct reference *ref)
{
	uint32_t type = ELF64_R_TYPE(rela->r_info);

	ref->from_address = rela->r_offset;
	ref->from = nearest_symbol(view, from_section, rela->r_offset);
	ref->from_symbol = ref->from ? elf_symbol_name(view, ref->from) : "";
	ref->to_address = target->st_value + rela->r_addend;
	if (type == R_X86_64_PC32 || type == R_X86_64_PLT32)
		ref->to_address += 4; /* relative to the end of the instruction */
	ref->to = target;
	if (ELF64_ST_TYPE(target->st_info) == STT_SECTION || !*elf_symbol_name(view, target))
		ref->to = nearest_symbol(view, target->st_shndx, ref->to_address);
	ref->to_symbol = ref->to ? elf_symbol_name(view, ref->to) : "";
}

static void report_mismatch(struct modpost *mp, const struct mp_module *module,
			    const struct reference *ref)
{
	char address[24] = "";

	if (!ref->to)
		snprintf(address, sizeof(address), "0x%llx", (unsigned long long)ref->to_address);
	mp_warn(mp,
		"%s: section mismatch in reference: %s%s0x%llx (section: %s) -> %s%s (section: %s)",
		module->name, ref->from_symbol, ref->from ? "+" : "",
		(unsigned long long)(ref->from_address - (ref->from ? ref->from->st_value : 0)),
		ref->from_section, ref->to_symbol, address, ref->to_section);
	mp->section_mismatches++;
}

static void report_export(struct modpost *mp, const struct mp_module *module,
			  const struct reference *ref)
{
	const char *kind = match(ref->to_section, PATTERNS(INIT_ANY)) ? "init" : "exit";

	mp_warn(mp, "%s: %s: EXPORT_SYMBOL used for %s symbol. Remove __%s or EXPORT_SYMBOL.",
		module->name, ref->to_symbol, kind, kind);
	mp->section_mismatches++;
}

static bool is_bad_exception_target(const char *section)
{
	return !match(section, PATTERNS(".init.text", ".exit.text", TEXT, OTHER_TEXT));
}

static void check_reference(struct modpost *mp, const struct mp_module *module,
			    const struct reference *ref)
{
	const char *from = ref->from_section, *to = ref->to_section;
	bool to_init = match(to, PATTERNS(INIT_ANY)), to_exit = match(to, PATTERNS(EXIT_ANY));

	if (match(from, PATTERNS("___ksymtab*", ".export_symbol"))) {
		if (to_init || to_exit)
			report_export(mp, module, ref);
	} else if (!strcmp(from, "__ex_table")) {
		if (!is_bad_exception_target(to))
			return;
		report_mismatch(mp, module, ref);
		if (!ref->to_executable)
			mp_error(mp, "%s+0x%llx references non-executable section '%s'", from,
				 (unsigned long long)ref->from_address, to);
	} else if ((match(from, PATTERNS(TEXT, DATA)) && (to_init || to_exit)) ||
		   (match(from, PATTERNS(INIT_ANY)) && to_exit) ||
		   (match(from, PATTERNS(EXIT_ANY)) && to_init)) {
		if (!is_tolerated(mp, ref))
			report_mismatch(mp, module, ref);
	}
}

/* May a reference from this section be wrong at all? Saves looking for names. */
static bool is_checked_section(const char *name)
{
	return match(name, PATTERNS("___ksymtab*", ".export_symbol", "__ex_table", TEXT, DATA,
				    INIT_ANY, EXIT_ANY));
}

static void check_relocations(struct modpost *mp, const struct mp_module *module,
			      const struct elf_view *view, unsigned int index)
{
	const Elf64_Shdr *section = &view->sections[index];
	const char *from = elf_section_name(view, section->sh_info);
	const Elf64_Rela *rela = elf_section_data(view, index);
	size_t i, count = section->sh_size / sizeof(*rela);

	if (!rela || !is_checked_section(from))
		return;
	for (i = 0; i < count; i++) {
		size_t symbol = ELF64_R_SYM(rela[i].r_info);
		struct reference ref = {.from_section = from};
		const Elf64_Sym *target;

		if (symbol >= view->nr_symbols)
			continue; /* the loader's to refuse */
		target = &view->symbols[symbol];
		if (!target->st_shndx || target->st_shndx >= view->nr_sections)
			continue;
		ref.to_section = elf_section_name(view, target->st_shndx);
		ref.to_executable = view->sections[target->st_shndx].sh_flags & SHF_EXECINSTR;
		if (!match(ref.to_section, PATTERNS(INIT_ANY, EXIT_ANY)) &&
		    strcmp(from, "__ex_table"))
			continue;
		name_reference(view, &rela[i], section->sh_info, target, &ref);
		check_reference(mp, module, &ref);
	}
}

void section_check(struct modpost *mp, const struct mp_module *module, const struct elf_view *view)
{
	unsigned int i;

	for (i = 1; i < view->nr_sections; i++) {
		const Elf64_Shdr *section = &view->sections[i];

		if (section->sh_type == SHT_PROGBITS && !(section->sh_flags & SHF_ALLOC) &&
		    !is_exempt_section(elf_section_name(view, i)))
			mp_warn(mp,
				"%s (%s): unexpected non-allocatable section. Did you forget to "
				"use \"ax\"/\"aw\" in a .S file?",
				module->name, elf_section_name(view, i));
		if (section->sh_type == SHT_RELA && section->sh_info < view->nr_sections)
			check_relocations(mp, module, view, i);
	}
}
