// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What elf_open() and elf_check_module() refuse: errno and line of Linux's
 * elf_validity_check() and setup_load_info(), one rule a test.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "elf/elf_view.h"
#include "elf_fixture.h"

/* Breaks the module and writes the line that is due. */
struct refusal {
	const char *rule;
	void (*break_it)(struct ko *ko, char line[256]);
	int error; /* 0: must be accepted */
};

#define expect(line, ...) snprintf(line, 256, __VA_ARGS__)

static void short_header(struct ko *ko, char *line)
{
	ko_resize(ko, 10, 0);
	expect(line, "Invalid ELF header len 10");
}

static void no_bytes(struct ko *ko, char *line)
{
	ko_resize(ko, 0, 0);
	expect(line, "Invalid ELF header len 0");
}

static void bad_magic(struct ko *ko, char *line)
{
	ko->data[1] = 'F';
	expect(line, "Invalid ELF header magic: != \177ELF");
}

static void shared_object(struct ko *ko, char *line)
{
	ko_header(ko)->e_type = ET_DYN;
	expect(line, "Invalid ELF header type: 3 != 1");
}

static void other_machine(struct ko *ko, char *line)
{
	ko_header(ko)->e_machine = EM_386;
	expect(line, "Invalid architecture in ELF header: 3");
}

static void header_size(struct ko *ko, char *line)
{
	ko_header(ko)->e_shentsize = 40;
	expect(line, "Invalid ELF section header size");
}

static void table_beyond_file(struct ko *ko, char *line)
{
	ko_header(ko)->e_shoff = ko->size + 100;
	expect(line, "Invalid ELF section header overflow");
}

static void table_offset_overflows(struct ko *ko, char *line)
{
	ko_header(ko)->e_shoff = UINT64_MAX - 8;
	expect(line, "Invalid ELF section header overflow");
}

static void table_too_long(struct ko *ko, char *line)
{
	ko_header(ko)->e_shnum = 0xffff;
	expect(line, "Invalid ELF section header overflow");
}

static void cut_in_half(struct ko *ko, char *line)
{
	ko_resize(ko, ko->size / 2, 0);
	expect(line, "Invalid ELF section header overflow");
}

static void name_index_zero(struct ko *ko, char *line)
{
	ko_header(ko)->e_shstrndx = 0;
	expect(line, "Invalid ELF section name index: 0 || e_shstrndx (0) >= e_shnum (%d)",
	       ko_header(ko)->e_shnum);
}

static void name_index_too_big(struct ko *ko, char *line)
{
	unsigned int count = ko_header(ko)->e_shnum;

	ko_header(ko)->e_shstrndx = count;
	expect(line, "Invalid ELF section name index: %d || e_shstrndx (%d) >= e_shnum (%d)", count,
	       count, count);
}

static void no_sections(struct ko *ko, char *line)
{
	ko_header(ko)->e_shnum = 0;
	expect(line, "Invalid ELF section name index: %d || e_shstrndx (%d) >= e_shnum (0)",
	       ko_header(ko)->e_shstrndx, ko_header(ko)->e_shstrndx);
}

static void table_unaligned(struct ko *ko, char *line)
{
	uint64_t offset = ko_header(ko)->e_shoff;

	ko_resize(ko, ko->size + 1, 0);
	memmove(ko->data + offset + 1, ko->data + offset, ko->size - offset - 1);
	ko_header(ko)->e_shoff++;
	expect(line, "ELF Spec violation: section header table at unaligned offset %#llx",
	       (unsigned long long)offset + 1);
}

static void names_beyond_file(struct ko *ko, char *line)
{
	ko_section(ko, ".shstrtab")->sh_offset = ko->size - 1;
	expect(line, "Invalid ELF section hdr(type 3)");
}

static void names_end_overflows(struct ko *ko, char *line)
{
	ko_section(ko, ".shstrtab")->sh_size = UINT64_MAX;
	expect(line, "Invalid ELF section hdr(type 3)");
}

static void names_empty(struct ko *ko, char *line)
{
	ko_section(ko, ".shstrtab")->sh_size = 0;
	expect(line, "empty section name table");
}

static void names_unterminated(struct ko *ko, char *line)
{
	Elf64_Shdr *names = ko_section(ko, ".shstrtab");

	ko->data[names->sh_offset + names->sh_size - 1] = 'x';
	expect(line, "ELF Spec violation: section name table isn't null terminated");
}

static Elf64_Shdr *section_zero(struct ko *ko)
{
	return (Elf64_Shdr *)(ko->data + ko_header(ko)->e_shoff);
}

static void zero_has_size(struct ko *ko, char *line)
{
	section_zero(ko)->sh_size = 1;
	expect(line, "ELF Spec violation: section 0 type(0)!=SH_NULL or non-zero len or addr");
}

static void zero_has_address(struct ko *ko, char *line)
{
	section_zero(ko)->sh_addr = 0x1000;
	expect(line, "ELF Spec violation: section 0 type(0)!=SH_NULL or non-zero len or addr");
}

static void zero_has_type(struct ko *ko, char *line)
{
	section_zero(ko)->sh_type = SHT_PROGBITS;
	expect(line, "ELF Spec violation: section 0 type(1)!=SH_NULL or non-zero len or addr");
}

static void symtab_link_zero(struct ko *ko, char *line)
{
	ko_section(ko, ".symtab")->sh_link = 0;
	expect(line, "Invalid ELF sh_link!=SHN_UNDEF(0) or (sh_link(0) >= hdr->e_shnum(%d)",
	       ko_header(ko)->e_shnum);
}

static void symtab_link_too_big(struct ko *ko, char *line)
{
	unsigned int count = ko_header(ko)->e_shnum;

	ko_section(ko, ".symtab")->sh_link = count;
	expect(line, "Invalid ELF sh_link!=SHN_UNDEF(%d) or (sh_link(%d) >= hdr->e_shnum(%d)",
	       count, count, count);
}

static void section_beyond_file(struct ko *ko, char *line)
{
	ko_section(ko, ".modinfo")->sh_offset = ko->size + 5;
	expect(line, "Invalid ELF section in module (section %u type 1)", ko_index(ko, ".modinfo"));
}

static void section_end_overflows(struct ko *ko, char *line)
{
	ko_section(ko, ".comment")->sh_size = UINT64_MAX;
	expect(line, "Invalid ELF section in module (section %u type 1)", ko_index(ko, ".comment"));
}

static void section_name_offset(struct ko *ko, char *line)
{
	unsigned int index = ko_index(ko, ".modinfo");

	ko_section(ko, ".modinfo")->sh_name = ko_section(ko, ".shstrtab")->sh_size;
	expect(line, "Invalid ELF section name in module (section %u type 1)", index);
}

static void bss_name_offset(struct ko *ko, char *line)
{
	unsigned int index = ko_index(ko, ".bss");

	ko_section(ko, ".bss")->sh_name = UINT32_MAX;
	expect(line, "Invalid ELF section name in module (section %u type 8)", index);
}

static void comment_name_offset(struct ko *ko, char *line)
{
	ko_section(ko, ".comment")->sh_name = UINT32_MAX;
}

static void order_offset_before_name(struct ko *ko, char *line)
{
	unsigned int index = ko_index(ko, ".modinfo");

	section_name_offset(ko, line);
	section_zero(ko)[index].sh_offset = ko->size + 5;
	expect(line, "Invalid ELF section in module (section %u type 1)", index);
}

static void order_zero_before_sections(struct ko *ko, char *line)
{
	section_beyond_file(ko, line);
	zero_has_size(ko, line);
}

static void alignment_not_a_power(struct ko *ko, char *line)
{
	ko_section(ko, ".data")->sh_addralign = 24;
	expect(line, "Invalid ELF section alignment 0x18 (section %u type 1)",
	       ko_index(ko, ".data"));
}

static void alignment_too_big(struct ko *ko, char *line)
{
	ko_section(ko, ".bss")->sh_addralign = ELF_MAX_ALIGN * 2;
	expect(line, "Invalid ELF section alignment 0x200000 (section %u type 8)",
	       ko_index(ko, ".bss"));
}

static void alignment_of_nothing(struct ko *ko, char *line)
{
	ko_section(ko, ".comment")->sh_addralign = 24;
}

static void offset_unaligned(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".gnu.linkonce.this_module");

	section->sh_offset++;
	expect(line, "Invalid ELF section offset %#llx, not aligned (section %u type 1)",
	       (unsigned long long)section->sh_offset, ko_index(ko, ".gnu.linkonce.this_module"));
}

static void bss_huge(struct ko *ko, char *line)
{
	ko_section(ko, ".bss")->sh_size = UINT64_MAX - 64;
}

static void bss_sum_huge(struct ko *ko, char *line)
{
	ko_section(ko, ".bss")->sh_size = ELF_MAX_ALLOC;
}

static void strings_not_strings(struct ko *ko, char *line)
{
	ko_section(ko, ".strtab")->sh_type = SHT_NOBITS;
	expect(line, "Invalid ELF symbol string table type: 8");
}

static void strings_unterminated(struct ko *ko, char *line)
{
	Elf64_Shdr *strings = ko_section(ko, ".strtab");

	ko->data[strings->sh_offset + strings->sh_size - 1] = 'x';
	expect(line, "ELF Spec violation: symbol string table isn't null terminated");
}

static void strings_empty(struct ko *ko, char *line)
{
	ko_section(ko, ".strtab")->sh_size = 0;
	expect(line, "ELF Spec violation: symbol string table isn't null terminated");
}

static void symbol_entry_size(struct ko *ko, char *line)
{
	ko_section(ko, ".symtab")->sh_entsize = 16;
	expect(line, "Invalid ELF symbol table: entry size 16, offset %#llx",
	       (unsigned long long)ko_section(ko, ".symtab")->sh_offset);
}

static void symbols_unaligned(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".symtab");

	section->sh_offset += 4;
	expect(line, "Invalid ELF symbol table: entry size 24, offset %#llx",
	       (unsigned long long)section->sh_offset);
}

static void symbol_name(struct ko *ko, char *line)
{
	Elf64_Sym *symbols = ko_contents(ko, ".symtab");

	symbols[3].st_name = ko_section(ko, ".strtab")->sh_size;
	expect(line, "Invalid ELF symbol name offset %u (symbol 3)", symbols[3].st_name);
}

static void symbol_section_index(struct ko *ko, char *line)
{
	Elf64_Sym *symbols = ko_contents(ko, ".symtab");

	symbols[1].st_shndx = SHN_COMMON;
	symbols[2].st_shndx = 0x7000;
}

static void write_and_exec(struct ko *ko, char *line)
{
	ko_section(ko, ".init.text")->sh_flags |= SHF_WRITE;
}

static void relocation_type(struct ko *ko, char *line)
{
	Elf64_Rela *relocations = ko_contents(ko, ".rela.init.text");

	relocations[0].r_info = ELF64_R_INFO(ELF64_R_SYM(relocations[0].r_info), 0x63);
}

static void relocation_link(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".rela.init.text");

	section->sh_link = 1;
	expect(line, "Invalid ELF relocation section %u: sh_link 1, entry size 24, offset %#llx",
	       ko_index(ko, ".rela.init.text"), (unsigned long long)section->sh_offset);
}

static void relocation_entry_size(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".rela.init.text");

	section->sh_entsize = 0;
	expect(line, "Invalid ELF relocation section %u: sh_link %u, entry size 0, offset %#llx",
	       ko_index(ko, ".rela.init.text"), section->sh_link,
	       (unsigned long long)section->sh_offset);
}

static void relocations_unaligned(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".rela.init.text");

	section->sh_offset += 2;
	section->sh_addralign = 1;
	expect(line, "Invalid ELF relocation section %u: sh_link %u, entry size 24, offset %#llx",
	       ko_index(ko, ".rela.init.text"), section->sh_link,
	       (unsigned long long)section->sh_offset);
}

static void relocation_target(struct ko *ko, char *line)
{
	/* apply_relocations() passes over a section that there is none for */
	ko_section(ko, ".rela.init.text")->sh_info = ko_header(ko)->e_shnum;
	ko_section(ko, ".rela.init.text")->sh_entsize = 0;
}

static void relocation_symbol(struct ko *ko, char *line)
{
	Elf64_Rela *relocations = ko_contents(ko, ".rela.init.text");
	size_t count = ko_section(ko, ".symtab")->sh_size / sizeof(Elf64_Sym);

	relocations[1].r_info = ELF64_R_INFO((uint64_t)count, R_X86_64_PC32);
	expect(line, "Invalid ELF relocation 1 in section %u: symbol index %zu (max %zu)",
	       ko_index(ko, ".rela.init.text"), count, count - 1);
}

static void relocation_offset(struct ko *ko, char *line)
{
	Elf64_Rela *relocations = ko_contents(ko, ".rela.init.text");
	unsigned long long size = ko_section(ko, ".init.text")->sh_size;

	relocations[2].r_offset = size + 1;
	expect(line, "Invalid ELF relocation 2 in section %u: offset %#llx (section size %#llx)",
	       ko_index(ko, ".rela.init.text"), size + 1, size);
}

static void modinfo_unterminated(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".modinfo");

	ko->data[section->sh_offset + section->sh_size - 1] = 'x';
	expect(line, "ELF Spec violation: .modinfo isn't null terminated");
}

static void no_symbols(struct ko *ko, char *line)
{
	ko_section(ko, ".symtab")->sh_type = SHT_PROGBITS;
	expect(line, "elf_module: module has no symbols (stripped?)");
}

static void no_symbols_no_name(struct ko *ko, char *line)
{
	no_symbols(ko, line);
	ko_name(ko, ".modinfo")[1] = 'x';
	expect(line, "(missing .modinfo section or name field): module has no symbols (stripped?)");
}

static void no_module(struct ko *ko, char *line)
{
	strcpy(ko_name(ko, ".gnu.linkonce.this_module"), ".gnu.linkonce.this_mxxxxx");
	expect(line, "elf_module: No module found in object");
}

static void module_without_memory(struct ko *ko, char *line)
{
	ko_section(ko, ".gnu.linkonce.this_module")->sh_flags &= ~SHF_ALLOC;
	expect(line, "elf_module: No module found in object");
}

static void order_symbols_before_module(struct ko *ko, char *line)
{
	no_symbols(ko, line);
	strcpy(ko_name(ko, ".gnu.linkonce.this_module"), ".gnu.linkonce.this_mxxxxx");
}

static void unchanged(struct ko *ko, char *line)
{
}

static const struct refusal refusals[] = {
	{"the module as it was built is accepted", unchanged, 0},
	/* Linux's elf_validity_check(), in its order */
	{"no bytes: header len", no_bytes, -ENOEXEC},
	{"less than a header: header len", short_header, -ENOEXEC},
	{"magic", bad_magic, -ENOEXEC},
	{"type must be ET_REL", shared_object, -ENOEXEC},
	{"machine must be x86-64", other_machine, -ENOEXEC},
	{"e_shentsize must be 64", header_size, -ENOEXEC},
	{"e_shoff must be in the file", table_beyond_file, -ENOEXEC},
	{"e_shoff must not overflow", table_offset_overflows, -ENOEXEC},
	{"the whole section table must be in the file", table_too_long, -ENOEXEC},
	{"a file cut in half", cut_in_half, -ENOEXEC},
	{"e_shstrndx must not be 0", name_index_zero, -ENOEXEC},
	{"e_shstrndx must be below e_shnum", name_index_too_big, -ENOEXEC},
	{"e_shnum 0", no_sections, -ENOEXEC},
	{"section name table must be in the file", names_beyond_file, -ENOEXEC},
	{"section name table's end must not overflow", names_end_overflows, -ENOEXEC},
	{"section name table must not be empty", names_empty, -ENOEXEC},
	{"section name table must end in NUL", names_unterminated, -ENOEXEC},
	{"section 0 must have no size", zero_has_size, -ENOEXEC},
	{"section 0 must have no address", zero_has_address, -ENOEXEC},
	{"section 0 must be SHT_NULL", zero_has_type, -ENOEXEC},
	{"section 0 is checked before the others", order_zero_before_sections, -ENOEXEC},
	{"symbol table's sh_link must not be 0", symtab_link_zero, -ENOEXEC},
	{"symbol table's sh_link must be a section", symtab_link_too_big, -ENOEXEC},
	{"a section must be in the file", section_beyond_file, -ENOEXEC},
	{"a section's end must not overflow", section_end_overflows, -ENOEXEC},
	{"an allocated section's name must be in the table", section_name_offset, -ENOEXEC},
	{"a section's place is checked before its name", order_offset_before_name, -ENOEXEC},
	{"a section without memory may be called anything", comment_name_offset, 0},
	/* ours: what Linux trusts */
	{"section table must be aligned", table_unaligned, -ENOEXEC},
	{"the name of .bss must be in the table, as in 6.12", bss_name_offset, -ENOEXEC},
	{"alignment must be a power of two", alignment_not_a_power, -ENOEXEC},
	{"alignment is bounded", alignment_too_big, -ENOEXEC},
	{"alignment of a section without memory does not matter", alignment_of_nothing, 0},
	{"contents must be aligned in the file", offset_unaligned, -ENOEXEC},
	{"a .bss that memory cannot hold", bss_huge, -ENOMEM},
	{"sections that memory cannot hold together", bss_sum_huge, -ENOMEM},
	{"symbol names must be SHT_STRTAB, as in 6.12", strings_not_strings, -ENOEXEC},
	{"symbol names must end in NUL", strings_unterminated, -ENOEXEC},
	{"symbol names must not be empty", strings_empty, -ENOEXEC},
	{"symbol table's entry size", symbol_entry_size, -ENOEXEC},
	{"symbol table must be aligned", symbols_unaligned, -ENOEXEC},
	{"a symbol's name must be in the table", symbol_name, -ENOEXEC},
	{"relocations must use the symbol table", relocation_link, -ENOEXEC},
	{"relocations' entry size", relocation_entry_size, -ENOEXEC},
	{"relocations must be aligned", relocations_unaligned, -ENOEXEC},
	{"a relocation's symbol must exist", relocation_symbol, -ENOEXEC},
	{"a relocation's place must be in its section", relocation_offset, -ENOEXEC},
	{"relocations for no section are passed over", relocation_target, 0},
	{".modinfo must end in NUL", modinfo_unterminated, -ENOEXEC},
	/* refused later by Linux, so not here */
	{"st_shndx is left to symbol resolution", symbol_section_index, 0},
	{"WRITE|EXEC is left to the layout", write_and_exec, 0},
	{"relocation types are left to the relocation", relocation_type, 0},
	/* setup_load_info() */
	{"no symbol table", no_symbols, -ENOEXEC},
	{"no symbol table and no name", no_symbols_no_name, -ENOEXEC},
	{"no struct module", no_module, -ENOEXEC},
	{"struct module without SHF_ALLOC", module_without_memory, -ENOEXEC},
	{"symbols are looked for before struct module", order_symbols_before_module, -ENOEXEC},
};
#define NR_REFUSALS (sizeof(refusals) / sizeof(*refusals))

static int open_module(struct elf_view *view, const struct ko *ko, struct elf_problem *problem)
{
	int error = elf_open(view, ko->data, ko->size, problem);

	return error ? error : elf_check_module(view, problem);
}

static void test_refusal(void **state)
{
	const struct refusal *refusal = *state;
	struct elf_problem problem = {{0}, {0}};
	struct ko ko = ko_copy();
	struct elf_view view;
	char line[256] = "";

	refusal->break_it(&ko, line);
	assert_int_equal(open_module(&view, &ko, &problem), refusal->error);
	assert_string_equal(problem.message, line);
	if (refusal->error) /* one sentence that says what to do */
		assert_int_equal(problem.advice[strlen(problem.advice) - 1], '.');
	else
		assert_string_equal(problem.advice, "");
	assert_int_equal(open_module(&view, &ko, NULL), refusal->error);
	ko_free(&ko);
}

/* Touch all that a view hands out; the sanitizers judge. Returns what it saw, to be used. */
static size_t walk(const struct elf_view *view)
{
	size_t seen = 0, count;

	for (unsigned int i = 0; i <= view->nr_sections; i++) {
		const uint8_t *bytes = elf_section_data(view, i);
		const Elf64_Rela *relocations = elf_relocations(view, i, &count);

		seen += strlen(elf_section_name(view, i));
		for (size_t j = 0; bytes && j < view->sections[i].sh_size; j++)
			seen += bytes[j];
		for (size_t j = 0; j < count; j++)
			seen += view->symbols[ELF64_R_SYM(relocations[j].r_info)].st_info;
	}
	for (size_t i = 0; i < view->nr_symbols; i++)
		seen += strlen(elf_symbol_name(view, &view->symbols[i]));
	for (const char *p = NULL; (p = elf_modinfo_next(view, "alias", p));)
		seen += strlen(p);
	if (elf_module_name(view))
		seen += strlen(elf_module_name(view));
	return seen;
}

static void test_every_truncation(void **state)
{
	struct elf_problem problem;
	struct elf_view view;

	for (size_t size = ko_size(); size-- > 0;) {
		struct ko ko = ko_copy();

		ko_resize(&ko, size, 0);
		assert_int_equal(elf_open(&view, ko.data, ko.size, &problem), -ENOEXEC);
		assert_string_not_equal(problem.message, "");
		ko_free(&ko);
	}
}

/* Bytes of header, section table, symbols and relocations. */
static bool describes(const struct ko *ko, size_t offset)
{
	static const char *const tables[] = {".symtab", ".rela.init.text",
					     ".rela.gnu.linkonce.this_module", ".modinfo",
					     ".gnu.linkonce.this_module"};

	if (offset < sizeof(Elf64_Ehdr) || offset >= ko_header(ko)->e_shoff)
		return true;
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		if (offset - ko_section(ko, tables[i])->sh_offset <
		    ko_section(ko, tables[i])->sh_size)
			return true;
	return false;
}

static void test_every_byte(void **state)
{
	static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
	size_t accepted = 0, refused = 0, seen = 0;
	struct ko original = ko_copy(), ko = ko_copy();
	struct elf_problem problem;
	struct elf_view view;
	int error;

	for (size_t at = 0; at < ko.size; at++) {
		if (!describes(&original, at))
			continue;
		for (size_t i = 0; i < sizeof(values); i++) {
			ko.data[at] = values[i];
			problem.message[0] = 0;
			error = elf_open(&view, ko.data, ko.size, &problem);
			if (!error) {
				seen += walk(&view);
				accepted++;
			} else if (error == -ENOEXEC) {
				assert_string_not_equal(problem.message, "");
				refused++;
			} else {
				assert_int_equal(error, -ENOMEM);
			}
		}
		ko.data[at] = original.data[at];
	}
	assert_true(accepted > 1000 && refused > 1000 && seen > 1000);
	ko_free(&original);
	ko_free(&ko);
}

int main(int argc, char **argv)
{
	struct CMUnitTest tests[NR_REFUSALS + 2] = {
		{.name = "no truncation is accepted", .test_func = test_every_truncation},
		{.name = "any changed byte is refused or harmless", .test_func = test_every_byte},
	};

	ko_read(argv[1]);
	for (size_t i = 0; i < NR_REFUSALS; i++)
		tests[i + 2] = (struct CMUnitTest){
			.name = refusals[i].rule,
			.test_func = test_refusal,
			.initial_state = (void *)&refusals[i],
		};
	return cmocka_run_group_tests_name("elf_open", tests, NULL, NULL);
}
