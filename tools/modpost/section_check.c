// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * References that outlive what they point to: from code that stays to code or
 * data that is freed after init, from what is exported to it, between init and
 * exit, and from exception tables to what is not code. Which pairs, and which
 * names are let through, is as in Linux 6.1's modpost or in 6.12's.
 */
#include <errno.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

/* What a section's name says about it. */
enum {
	IS_TEXT = 1,
	IS_ANY_TEXT = 2, /* also text that has a reason to be elsewhere */
	IS_DATA = 4,
	IS_INIT = 8,
	IS_MEMINIT = 16, /* gone in 6.12 */
	IS_EXIT = 32,
	IS_INIT_DATA = 64,
	IS_PCI_FIXUP = 128,
	IS_HEAD = 256,
	IS_EXPORT = 512, /* an entry of the table of exports */
	IS_NOTE = 1024,  /* .export_symbol */
	IS_EXCEPTION = 2048,
	IS_REPLACEMENT = 4096,
	IS_EXEMPT = 8192,
};

#define IS_CHECKED                                                                                 \
	(IS_TEXT | IS_DATA | IS_INIT | IS_MEMINIT | IS_EXIT | IS_PCI_FIXUP | IS_EXPORT | IS_NOTE | \
	 IS_EXCEPTION)

static const struct {
	const char *pattern;
	unsigned int kinds;
} kinds_of_sections[] = {
	{".text", IS_TEXT | IS_ANY_TEXT},
	{".text.*", IS_TEXT | IS_ANY_TEXT},
	{".sched.text", IS_TEXT | IS_ANY_TEXT},
	{".kprobes.text", IS_TEXT | IS_ANY_TEXT},
	{".cpuidle.text", IS_TEXT | IS_ANY_TEXT},
	{".noinstr.text", IS_TEXT | IS_ANY_TEXT},
	{".ltext", IS_TEXT | IS_ANY_TEXT},
	{".ltext.*", IS_TEXT | IS_ANY_TEXT},
	{".ref.text", IS_ANY_TEXT},
	{".head.text", IS_ANY_TEXT},
	{".head.text*", IS_HEAD},
	{".spinlock.text", IS_ANY_TEXT},
	{".fixup", IS_ANY_TEXT},
	{".entry.text", IS_ANY_TEXT},
	{".exception.text", IS_ANY_TEXT},
	{".coldtext", IS_ANY_TEXT},
	{".softirqentry.text", IS_ANY_TEXT},
	{".irqentry.text", IS_ANY_TEXT},
	{".data", IS_DATA},
	{".data.rel", IS_DATA},
	{".init.*", IS_INIT},
	{".init.text", IS_ANY_TEXT},
	{".init.setup", IS_INIT_DATA},
	{".init.rodata", IS_INIT_DATA},
	{".init.data", IS_INIT_DATA},
	{".meminit.*", IS_MEMINIT},
	{".meminit.text", IS_ANY_TEXT},
	{".meminit.rodata", IS_INIT_DATA},
	{".meminit.data", IS_INIT_DATA},
	{".exit.*", IS_EXIT},
	{".exit.text", IS_ANY_TEXT},
	{".pci_fixup_early", IS_PCI_FIXUP},
	{".pci_fixup_header", IS_PCI_FIXUP},
	{".pci_fixup_final", IS_PCI_FIXUP},
	{".pci_fixup_enable", IS_PCI_FIXUP},
	{".pci_fixup_resume", IS_PCI_FIXUP},
	{".pci_fixup_resume_early", IS_PCI_FIXUP},
	{".pci_fixup_suspend", IS_PCI_FIXUP},
	{"___ksymtab*", IS_EXPORT},
	{".export_symbol", IS_NOTE},
	{"__ex_table", IS_EXCEPTION},
	{".altinstr_replacement", IS_REPLACEMENT},
	{".comment*", IS_EXEMPT},
	{".debug*", IS_EXEMPT},
	{".zdebug*", IS_EXEMPT},
	{".GCC.command.line", IS_EXEMPT},
	{".mdebug*", IS_EXEMPT},
	{".pdr", IS_EXEMPT},
	{".stab*", IS_EXEMPT},
	{".note*", IS_EXEMPT},
	{".got*", IS_EXEMPT},
	{".toc*", IS_EXEMPT},
	{".gnu.lto*", IS_EXEMPT},
	{".discard.*", IS_EXEMPT},
};

struct reference {
	unsigned int from_kinds, to_kinds;
	const char *from_section, *to_section;
	const Elf64_Sym *from, *to;          /* NULL: no symbol is near */
	const char *from_symbol, *to_symbol; /* "" then */
	uint64_t from_address, to_address;
	bool to_executable;
};

struct check {
	struct modpost *mp;
	struct mp_module *module;
	const char *path; /* of the object, by which Linux 6.1 calls the module */
	const struct elf_view *view;
	unsigned int *kinds; /* by section */
	struct symbol_index symbols;
	bool since_6_6;
};

static unsigned int kinds_of(const char *name, bool since_6_6)
{
	unsigned int i, kinds = 0;

	for (i = 0; i < sizeof(kinds_of_sections) / sizeof(kinds_of_sections[0]); i++)
		if (!fnmatch(kinds_of_sections[i].pattern, name, 0))
			kinds |= kinds_of_sections[i].kinds;
	if (since_6_6 && !strncmp(name, ".meminit.", strlen(".meminit.")))
		kinds = 0;
	if (since_6_6 && !strcmp(name, ".llvm.call-graph-profile"))
		kinds = IS_EXEMPT;
	return kinds;
}

static bool match(const char *string, const char *const *patterns)
{
	for (; *patterns; patterns++)
		if (!fnmatch(*patterns, string, 0))
			return true;
	return false;
}

#define PATTERNS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Is the pair of sections one that should not be? */
static bool is_mismatch(const struct reference *ref, bool since_6_6)
{
	unsigned int from = ref->from_kinds, to = ref->to_kinds;
	unsigned int init = IS_INIT | IS_MEMINIT;

	if (from & (IS_TEXT | IS_DATA) && to & (init | IS_EXIT))
		return true;
	if (from & init && to & IS_EXIT)
		return true;
	if (from & IS_EXIT && to & init)
		return true;
	if (from & (IS_PCI_FIXUP | IS_MEMINIT) && to & IS_INIT)
		return true;
	if (from & IS_EXPORT && to & (IS_INIT | IS_EXIT))
		return true;
	return from & IS_EXCEPTION && (to & IS_REPLACEMENT || !(to & IS_ANY_TEXT));
}

/* Data whose name says that it knows what it refers to. */
static bool is_tolerated_data(const struct check *check, const struct reference *ref)
{
	const char *from = ref->from_symbol;
	bool is_parameter = !strncmp(from, "__param", strlen("__param"));
	bool is_ops = !strncmp(from, "__param_ops_", strlen("__param_ops_"));

	/* A parameter with permission 0 may lie in init data, its callbacks in init text. */
	if ((is_parameter && ref->to_kinds & IS_INIT_DATA) ||
	    (is_ops && !strcmp(ref->to_section, ".init.text")))
		return true;
	if (!(ref->to_kinds & (IS_INIT | IS_MEMINIT | IS_EXIT)))
		return false;
	if (match(from, PATTERNS("*_ops", "*_probe", "*_console")))
		return true;
	if (check->since_6_6)
		return false;
	if (match(from, PATTERNS("*_template", "*_timer", "*_sht", "*_probe_one")))
		return true;
	return (ref->to_kinds & IS_MEMINIT ||
		(ref->to_kinds & IS_EXIT && !check->mp->options.extra_warnings)) &&
	       match(from, PATTERNS("*driver"));
}

/* Names that Linux has agreed to let through, though their sections clash. */
static bool is_tolerated(const struct check *check, const struct reference *ref)
{
	bool to_init = ref->to_kinds & (IS_INIT | IS_MEMINIT);

	if (ref->from_kinds & IS_DATA && is_tolerated_data(check, ref))
		return true;
	if (to_init && ref->from_kinds & IS_HEAD)
		return true;
	if (match(ref->to_symbol, PATTERNS("__init_begin", "_sinittext", "_einittext")))
		return true;
	/* A clone that the compiler made for an init caller. */
	if (to_init && ref->from_kinds & IS_ANY_TEXT &&
	    match(ref->from_symbol, PATTERNS("*.constprop.*")))
		return true;
	return !check->since_6_6 && !strncmp(ref->from_symbol, ".L", 2);
}

static void name_reference(const struct check *check, const Elf64_Rela *rela,
			   unsigned int from_section, const Elf64_Sym *target,
			   struct reference *ref)
{
	const struct elf_view *view = check->view;
	bool is_new = check->since_6_6;

	ref->from_address = rela->r_offset;
	ref->from = symbol_index_before(&check->symbols, from_section, rela->r_offset, !is_new);
	ref->from_symbol = ref->from ? elf_symbol_name(view, ref->from) : "";
	ref->to = target;
	ref->to_address = target->st_value + rela->r_addend;
	if (!*elf_symbol_name(view, target))
		ref->to = symbol_index_near(&check->symbols, target->st_shndx,
					    is_new ? ref->to_address : (uint64_t)rela->r_addend,
					    is_new ? 20 : 19, is_new);
	ref->to_symbol = ref->to ? elf_symbol_name(view, ref->to) : "";
}

static void report_new(struct check *check, const struct reference *ref)
{
	unsigned int offset = ref->from_address - (ref->from ? ref->from->st_value : 0);
	char address[16] = "";

	if (!*ref->to_symbol)
		snprintf(address, sizeof(address), "0x%x", (unsigned int)ref->to_address);
	mp_warn(check->mp,
		"%s: section mismatch in reference: %s%s0x%x (section: %s) -> %s%s (section: %s)",
		check->module->name, ref->from_symbol, *ref->from_symbol ? "+" : "", offset,
		ref->from_section, ref->to_symbol, address, ref->to_section);
}

static const char *or_unknown(const char *name)
{
	return *name ? name : "(unknown)";
}

static const char *kind_of_symbol(const Elf64_Sym *symbol)
{
	if (!symbol)
		return "(unknown reference)";
	return ELF64_ST_TYPE(symbol->st_info) == STT_FUNC ? "function" : "variable";
}

static const char *parentheses(const Elf64_Sym *symbol)
{
	return symbol && ELF64_ST_TYPE(symbol->st_info) == STT_FUNC ? "()" : "";
}

static void report_old(struct check *check, const struct reference *ref)
{
	if (ref->from_kinds & IS_EXCEPTION)
		mp_warn(check->mp,
			"%s(%s+0x%lx): Section mismatch in reference from the %s %s%s to the %s "
			"%s:%s%s",
			check->path, ref->from_section, (long)ref->from_address,
			kind_of_symbol(ref->from), or_unknown(ref->from_symbol),
			parentheses(ref->from), kind_of_symbol(ref->to), ref->to_section,
			or_unknown(ref->to_symbol), parentheses(ref->to));
	else
		mp_warn(check->mp,
			"%s: section mismatch in reference: %s (section: %s) -> %s (section: %s)",
			check->path, or_unknown(ref->from_symbol), ref->from_section,
			or_unknown(ref->to_symbol), ref->to_section);
}

static void report_export(struct check *check, const struct reference *ref)
{
	const char *kind = ref->to_kinds & IS_INIT ? "init" : "exit";

	if (check->since_6_6)
		mp_warn(check->mp,
			"%s: %s: EXPORT_SYMBOL used for %s symbol. Remove __%s or EXPORT_SYMBOL.",
			check->module->name, ref->to_symbol, kind, kind);
	else
		mp_warn(check->mp, "%s: EXPORT_SYMBOL used for init/exit symbol: %s (section: %s)",
			check->path, or_unknown(ref->to_symbol), ref->to_section);
}

/* After the line about an exception table: what is known about its target. */
static void explain_exception(struct check *check, const struct reference *ref)
{
	static const char unlisted[] = "The relocation at %s+0x%lx references\n"
				       "section \"%s\" which is not in the list of\n"
				       "authorized sections.  If you're adding a new section\n"
				       "and/or if this reference is valid, add \"%s\" to the\n"
				       "list of authorized sections to jump to on fault.\n"
				       "This can be achieved by adding \"%s\" to%s\n"
				       "OTHER_TEXT_SECTIONS in scripts/mod/modpost.c.";
	const char *from = ref->from_section, *to = ref->to_section;
	long address = ref->from_address;

	if (ref->to_kinds & IS_REPLACEMENT)
		mp_fatal(check->mp,
			 "The relocation at %s+0x%lx references\n"
			 "section \"%s\" which is black-listed.\n"
			 "Something is seriously wrong and should be fixed.\n"
			 "You might get more information about where this is\n"
			 "coming from by using scripts/check_extable.sh %s",
			 from, address, to, check->since_6_6 ? check->module->name : check->path);
	else if (!ref->to_executable)
		mp_error(check->mp, "%s+0x%lx references non-executable section '%s'", from,
			 address, to);
	else if (check->since_6_6)
		mp_warn(check->mp, unlisted, from, address, to, to, to, "");
	else
		mp_note(check->mp, unlisted, from, address, to, to, to, " ");
}

static void check_reference(struct check *check, const Elf64_Rela *rela, unsigned int from_section,
			    const Elf64_Sym *target, struct reference *ref)
{
	if (!is_mismatch(ref, check->since_6_6))
		return;
	name_reference(check, rela, from_section, target, ref);
	/* Linux 6.1 lets no name through here. */
	if ((check->since_6_6 || !(ref->from_kinds & IS_EXCEPTION)) && is_tolerated(check, ref))
		return;
	check->mp->section_mismatches++;
	if (ref->from_kinds & IS_EXPORT)
		report_export(check, ref);
	else if (check->since_6_6)
		report_new(check, ref);
	else
		report_old(check, ref);
	if (ref->from_kinds & IS_EXCEPTION)
		explain_exception(check, ref);
}

/* A note makes an export, and the export itself is checked. */
static int check_note(struct check *check, const Elf64_Rela *rela, unsigned int from_section,
		      const Elf64_Sym *target, struct reference *ref)
{
	unsigned int errors = check->mp->errors;
	int ret = export_read_note(check->mp, check->module, &check->symbols, rela, target,
				   from_section);

	if (ret || check->mp->errors != errors || !(ref->to_kinds & (IS_INIT | IS_EXIT)))
		return ret;
	ref->to_symbol = elf_symbol_name(check->view, target);
	report_export(check, ref);
	return 0;
}

static int check_relocations(struct check *check, unsigned int index)
{
	const struct elf_view *view = check->view;
	const Elf64_Shdr *section = &view->sections[index];
	const uint8_t *data = elf_section_data(view, index);
	size_t i, count = section->sh_size / sizeof(Elf64_Rela);
	unsigned int from = section->sh_info, kinds = check->kinds[from];
	int ret = 0;

	if (!data || kinds & IS_EXEMPT || !(kinds & IS_CHECKED))
		return 0;
	for (i = 0; i < count && !ret; i++) {
		struct reference ref = {.from_kinds = kinds};
		const Elf64_Sym *target;
		unsigned int to;
		Elf64_Rela rela;
		size_t symbol;

		memcpy(&rela, data + i * sizeof(rela), sizeof(rela)); /* need not be aligned */
		symbol = ELF64_R_SYM(rela.r_info);
		if (symbol >= view->nr_symbols)
			continue; /* the loader's to refuse */
		target = &view->symbols[symbol];
		to = target->st_shndx < view->nr_sections ? target->st_shndx : 0;
		ref.from_section = elf_section_name(view, from);
		ref.to_section = elf_section_name(view, to);
		ref.to_kinds = check->kinds[to];
		ref.to_executable = view->sections[to].sh_flags & SHF_EXECINSTR;
		if (kinds & IS_NOTE) /* without -M, too: 6.5 has notes, and does not pass it */
			ret = check_note(check, &rela, from, target, &ref);
		else if (to)
			check_reference(check, &rela, from, target, &ref);
	}
	return ret;
}

static int check_sections(struct check *check)
{
	const struct elf_view *view = check->view;
	unsigned int i;
	int ret = 0;

	for (i = 0; i < view->nr_sections; i++)
		check->kinds[i] = kinds_of(elf_section_name(view, i), check->since_6_6);
	for (i = 1; i < view->nr_sections && !ret; i++) {
		const Elf64_Shdr *section = &view->sections[i];

		if (section->sh_type == SHT_PROGBITS && !(section->sh_flags & SHF_ALLOC) &&
		    !(check->kinds[i] & IS_EXEMPT))
			mp_warn(check->mp,
				"%s (%s): unexpected non-allocatable section.\n"
				"Did you forget to use \"ax\"/\"aw\" in a .S file?\n"
				"Note that for example <linux/init.h> contains\n"
				"section definitions for use in .S files.\n",
				check->since_6_6 ? check->module->name : check->path,
				elf_section_name(view, i));
		if (section->sh_type == SHT_RELA && section->sh_info < view->nr_sections)
			ret = check_relocations(check, i);
	}
	return ret;
}

int section_check(struct modpost *mp, struct mp_module *module, const char *path,
		  const struct elf_view *view)
{
	struct check check = {mp, module, path, view, NULL, {}, mp->options.since_6_6};
	int ret;

	check.kinds = calloc(view->nr_sections, sizeof(*check.kinds));
	if (!check.kinds)
		return -ENOMEM;
	ret = symbol_index_open(&check.symbols, view, check.since_6_6);
	if (!ret)
		ret = check_sections(&check);
	symbol_index_close(&check.symbols);
	free(check.kinds);
	return ret;
}
