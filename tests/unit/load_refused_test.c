// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What load_module() refuses after the checks of the object, and what it lets
 * in with a remark: errno and log lines of the real kernel, one rule a test.
 * A real module is built with the SDK and broken in memory.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <ring3/ring3.h>
#include "elf_fixture.h"

static const char *user_path; /* refuser.ko, which uses the exports of refused.ko */

/* The log of the box at hand, "<level>text\n" a line. */
static char logged[16384];

static void remember(void *context, const struct r3_log_record *record)
{
	size_t used = strlen(logged);

	snprintf(logged + used, sizeof(logged) - used, "<%d>%.*s\n", record->level,
		 (int)record->length, record->text);
}

/* The box at hand; every test has one, and leaves it to leave_box(). */
static struct r3_box *box;

static void boot(unsigned int flags, const char *cmdline)
{
	logged[0] = '\0';
	assert_int_equal(
		r3_box_new(&box, &(struct r3_box_options){.size = sizeof(struct r3_box_options),
							  .flags = flags,
							  .cmdline = cmdline,
							  .cpus = 1,
							  .memory = 32 << 20,
							  .log = remember}),
		0);
}

static int leave_box(void **state)
{
	r3_box_free(box);
	box = NULL;
	return 0;
}

static int count_one(void *context, const struct r3_module_info *info)
{
	++*(unsigned int *)context;
	return 0;
}

static unsigned int count_modules(void)
{
	unsigned int count = 0;

	assert_int_equal(r3_module_each(box, count_one, &count), 0);
	return count;
}

static void assert_logged(const char *line)
{
	if (!strstr(logged, line))
		fail_msg("the log lacks\n%s\nit is\n%s", line, logged);
}

#define expect(line, ...) snprintf(line, 512, __VA_ARGS__)

/* ---- finding things in the module ---- */

static char *find_bytes(struct ko *ko, const char *section, const char *bytes)
{
	char *at = memmem(ko_contents(ko, section), ko_section(ko, section)->sh_size, bytes,
			  strlen(bytes));

	if (!at)
		fail_msg("%s does not hold %s", section, bytes);
	return at;
}

static Elf64_Sym *find_symbol(struct ko *ko, const char *name)
{
	Elf64_Sym *symbols = ko_contents(ko, ".symtab");
	const char *strings = ko_contents(ko, ".strtab");

	for (size_t i = 1; i < ko_section(ko, ".symtab")->sh_size / sizeof(*symbols); i++)
		if (!strcmp(strings + symbols[i].st_name, name))
			return &symbols[i];
	fail_msg("the module has no symbol %s", name);
	return NULL;
}

/* The first relocation of .init.text of that type. */
static Elf64_Rela *find_relocation(struct ko *ko, unsigned int type)
{
	Elf64_Rela *relocations = ko_contents(ko, ".rela.init.text");

	for (size_t i = 0; i < ko_section(ko, ".rela.init.text")->sh_size / sizeof(*relocations);
	     i++)
		if (ELF64_R_TYPE(relocations[i].r_info) == type)
			return &relocations[i];
	fail_msg("no relocation of type %u", type);
	return NULL;
}

static char *string_of(struct ko *ko, const char *name)
{
	return (char *)ko_contents(ko, ".strtab") + find_symbol(ko, name)->st_name;
}

/* ---- the breakages ---- */

static void unchanged(struct ko *ko, char *line)
{
	expect(line, "<6>refused: init, weak unbound");
}

static void garbage_signature(struct ko *ko, char *line)
{
	ko_append(ko, "ZZZZZZZZZZZZZZZZZZZZ~Module signature appended~\n", 48);
}

static void empty_signature(struct ko *ko, char *line)
{
	ko_append(ko, "\0\0\0\0\0\0\0\0\0\0\0\0~Module signature appended~\n", 40);
	expect(line, "<3>module: not signed with expected PKCS#7 message");
}

static void bad_magic(struct ko *ko, char *line)
{
	ko->data[1] = 'F';
	expect(line, "<3>Invalid ELF header magic: != \177ELF");
}

static void no_module(struct ko *ko, char *line)
{
	strcpy(ko_name(ko, ".gnu.linkonce.this_module"), ".gnu.linkonce.this_mxxxxx");
	expect(line, "<4>refused: No module found in object");
}

static void vermagic_flags(struct ko *ko, char *line)
{
	char *magic = find_bytes(ko, ".modinfo", "vermagic=") + strlen("vermagic="), *smp;
	char original[128];

	snprintf(original, sizeof(original), "%s", magic);
	smp = strstr(magic, " SMP ");
	assert_non_null(smp);
	smp[3] = 'Q';
	expect(line, "<3>refused: version magic '%s' should be '%s'", magic, original);
}

static void no_vermagic(struct ko *ko, char *line)
{
	find_bytes(ko, ".modinfo", "vermagic=")[7] = 'x';
	expect(line, "<4>refused: bad vermagic: kernel tainted.");
}

static void proprietary(struct ko *ko, char *line)
{
	memcpy(find_bytes(ko, ".modinfo", "license=GPL"), "license=XYZ", 11);
	expect(line, "<4>refused: module license 'XYZ' taints kernel.");
}

static void no_license(struct ko *ko, char *line)
{
	find_bytes(ko, ".modinfo", "license=GPL")[6] = 'x';
	expect(line, "<4>refused: module license 'unspecified' taints kernel.");
}

static void modinfo_word(struct ko *ko, const char *word)
{
	char *version = find_bytes(ko, ".modinfo", "version=1.2.3");

	memset(version, 0, strlen(version));
	strcpy(version, word);
}

static void staging(struct ko *ko, char *line)
{
	modinfo_word(ko, "staging=Y");
	expect(line, "<4>refused: module is from the staging directory, the quality is unknown, "
		     "you have been warned.");
}

static void test_module(struct ko *ko, char *line)
{
	modinfo_word(ko, "test=Y");
	expect(line, "<4>refused: loading test module taints kernel.");
}

static void out_of_tree(struct ko *ko, char *line)
{
	expect(line, "<4>refused: loading out-of-tree module taints kernel.");
}

static void write_exec(struct ko *ko, char *line)
{
	ko_section(ko, ".init.text")->sh_flags |= SHF_WRITE;
	expect(line, "<3>refused: section .init.text (index %u) has invalid WRITE|EXEC flags",
	       ko_index(ko, ".init.text"));
}

static void common_symbol(struct ko *ko, char *line)
{
	find_symbol(ko, "_printk")->st_shndx = SHN_COMMON;
	expect(line, "<4>refused: please compile with -fno-common");
}

static void symbol_index(struct ko *ko, char *line)
{
	find_symbol(ko, "_printk")->st_shndx = 0x7000;
	expect(line, "<3>refused: Symbol _printk has an invalid section index 28672 (max %u)",
	       ko_header(ko)->e_shnum - 1);
}

static void unknown_symbol(struct ko *ko, char *line)
{
	memcpy(string_of(ko, "_printk"), "_prinxk", 7);
	expect(line, "<4>refused: Unknown symbol _prinxk (err -2)");
}

static void strong_import(struct ko *ko, char *line)
{
	find_symbol(ko, "refused_nowhere")->st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE);
	expect(line, "<4>refused: Unknown symbol refused_nowhere (err -2)");
}

static void relocation_type(struct ko *ko, char *line)
{
	Elf64_Rela *relocation = find_relocation(ko, R_X86_64_PLT32);

	relocation->r_info = ELF64_R_INFO(ELF64_R_SYM(relocation->r_info), 99);
	expect(line, "<3>module: refused: Unknown rela relocation: 99");
}

static void relocation_nonzero(struct ko *ko, char *line)
{
	Elf64_Rela *relocation = find_relocation(ko, R_X86_64_PLT32);

	((uint8_t *)ko_contents(ko, ".init.text"))[relocation->r_offset] = 0x55;
	expect(line, "<3>module: x86/modules: Skipping invalid relocation target, existing value "
		     "is nonzero for type 4, loc ");
}

static void relocation_32s_overflow(struct ko *ko, char *line)
{
	find_relocation(ko, R_X86_64_32S)->r_addend = 0x7fffffffffffL;
	expect(line, "<3>module: overflow in relocation type 11 val ");
}

static void relocation_32_overflow(struct ko *ko, char *line)
{
	Elf64_Rela *relocation = find_relocation(ko, R_X86_64_32S);

	relocation->r_info = ELF64_R_INFO(ELF64_R_SYM(relocation->r_info), R_X86_64_32);
	relocation->r_addend = -0x7fffffffffffL;
	expect(line, "<3>module: overflow in relocation type 10 val ");
}

static void overflow_advice(struct ko *ko, char *line)
{
	relocation_32s_overflow(ko, line);
	expect(line, "<3>module: `refused' likely not compiled with -mcmodel=kernel");
}

static void bss_beyond_memory(struct ko *ko, char *line)
{
	Elf64_Shdr *section = ko_section(ko, ".comment");

	section->sh_type = SHT_NOBITS;
	section->sh_flags = SHF_ALLOC | SHF_WRITE;
	section->sh_size = (uint64_t)1 << 31;
}

struct rule {
	const char *name;
	void (*break_it)(struct ko *ko, char *line);
	unsigned int flags, box_flags;
	const char *cmdline;
	int error;
};

static const struct rule rules[] = {
	{"a module as built loads; a weak import stays unbound", unchanged, .error = 0},
	{"garbage before the signature's marker: EBADMSG", garbage_signature, .error = -EBADMSG},
	{"a signature is not looked at if vermagic is ignored", garbage_signature,
	 .flags = R3_LOAD_IGNORE_VERMAGIC},
	{"a signature is not looked at if versions are ignored", garbage_signature,
	 .flags = R3_LOAD_IGNORE_MODVERSIONS},
	{"a signature that is not PKCS#7 is remarked", empty_signature, .error = 0},
	{"sig_enforce: unsigned is EKEYREJECTED", unchanged, .box_flags = R3_BOX_SIG_ENFORCE,
	 .error = -EKEYREJECTED},
	{"sig_enforce: other than PKCS#7 is EKEYREJECTED", empty_signature,
	 .box_flags = R3_BOX_SIG_ENFORCE, .error = -EKEYREJECTED},
	{"the object's checks speak through the log", bad_magic, .error = -ENOEXEC},
	{"no struct module", no_module, .error = -ENOEXEC},
	{"module_blacklist= of the command line: EPERM", unchanged,
	 .cmdline = "quiet module_blacklist=other,refused ro", .error = -EPERM},
	{"vermagic differs in its flags", vermagic_flags, .error = -ENOEXEC},
	{"vermagic differs, but is ignored", vermagic_flags, .flags = R3_LOAD_IGNORE_VERMAGIC},
	{"no vermagic: a forced load", no_vermagic, .error = 0},
	{"a licence that is not GPL-compatible taints", proprietary, .error = 0},
	{"no licence taints", no_license, .error = 0},
	{"staging taints", staging, .error = 0},
	{"test taints", test_module, .error = 0},
	{"no intree taints", out_of_tree, .error = 0},
	{"a section both writable and executable", write_exec, .error = -ENOEXEC},
	{"a common symbol", common_symbol, .error = -ENOEXEC},
	{"a symbol in a section that is none", symbol_index, .error = -ENOEXEC},
	{"an import that nobody exports: ENOENT", unknown_symbol, .error = -ENOENT},
	{"a weak import made strong: ENOENT", strong_import, .error = -ENOENT},
	{"an unknown relocation type", relocation_type, .error = -ENOEXEC},
	{"a relocation's place is not zero", relocation_nonzero, .error = -ENOEXEC},
	{"R_X86_64_32S overflows", relocation_32s_overflow, .error = -ENOEXEC},
	{"R_X86_64_32 overflows", relocation_32_overflow, .error = -ENOEXEC},
	{"an overflow comes with its usual cause", overflow_advice, .error = -ENOEXEC},
	{"more memory than there is: ENOMEM", bss_beyond_memory, .error = -ENOMEM},
};
#define NR_RULES (sizeof(rules) / sizeof(*rules))

/* Lines that a rule's name does not tell apart by errno alone. */
static void set_line(const struct rule *rule, char *line)
{
	if (rule->flags)
		line[0] = '\0';
	if (rule->box_flags & R3_BOX_SIG_ENFORCE)
		expect(line, "<5>Loading of %s is rejected",
		       rule->break_it == unchanged ? "unsigned module"
						   : "module with unsupported crypto");
	if (rule->cmdline)
		expect(line, "<3>Module refused is blacklisted");
}

static void test_rule(void **state)
{
	const struct rule *rule = *state;
	struct ko ko = ko_copy();
	char line[512] = "";
	int error;

	boot(rule->box_flags, rule->cmdline);
	rule->break_it(&ko, line);
	set_line(rule, line);
	error = r3_module_load_buffer(box, ko.data, ko.size, "", rule->flags, NULL);
	if (error != rule->error)
		fail_msg("%d instead of %d: %s\n%s", error, rule->error, r3_error(), logged);
	assert_logged(line);
	assert_int_equal(count_modules(), !error);
	if (error) {
		struct ko good = ko_copy();

		assert_string_not_equal(r3_error(), "");
		/* a refusal leaves nothing behind that would disturb the next load */
		if (!rule->box_flags && !rule->cmdline)
			assert_int_equal(
				r3_module_load_buffer(box, good.data, good.size, "", 0, NULL), 0);
		ko_free(&good);
	}
	ko_free(&ko);
}

/* ---- two modules ---- */

static void test_loaded_already(void **state)
{
	struct ko ko = ko_copy();

	boot(0, NULL);
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), 0);
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), -EEXIST);
	assert_int_equal(count_modules(), 1);
	assert_int_equal(r3_module_unload(box, "refused", 0), 0);
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), 0);
	ko_free(&ko);
}

static void test_duplicate_export(void **state)
{
	struct ko ko = ko_copy();

	boot(0, NULL);
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), 0);
	memcpy(find_bytes(&ko, ".modinfo", "name=refused"), "name=refusex", 12);
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), -ENOEXEC);
	assert_logged("<3>refusex: exports duplicate symbol refused_export (owned by refused)");
	ko_free(&ko);
}

/* The name that the file's .modinfo lacks is in its struct module. */
static void test_no_name(void **state)
{
	struct ko ko = ko_copy();

	boot(0, NULL);
	find_bytes(&ko, ".modinfo", "name=refused")[3] = 'x';
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), 0);
	assert_int_equal(r3_module_unload(box, "refused", 0), 0);
	ko_free(&ko);
}

/* refused.ko, then refuser.ko with its bytes from (in .modinfo) changed into to. */
static void load_pair(const char *license, const char *from, const char *to, int error)
{
	struct ko ko = ko_copy(), user = ko_load(user_path);

	boot(0, NULL);
	memcpy(find_bytes(&ko, ".modinfo", "license=GPL"), license, strlen(license));
	memcpy(find_bytes(&user, ".modinfo", from), to, strlen(to));
	assert_int_equal(r3_module_load_buffer(box, ko.data, ko.size, "", 0, NULL), 0);
	assert_int_equal(r3_module_load_buffer(box, user.data, user.size, "", 0, NULL), error);
	ko_free(&ko);
	ko_free(&user);
}

static void test_used(void **state)
{
	load_pair("license=GPL", "license=GPL", "license=GPL", 0);
	assert_int_equal(r3_module_unload(box, "refused", 0), -EWOULDBLOCK);
	assert_int_equal(r3_module_unload(box, "refuser", 0), 0);
	assert_int_equal(r3_module_unload(box, "refused", 0), 0);
}

static void test_gpl_only(void **state)
{
	load_pair("license=GPL", "license=GPL", "license=XYZ", -ENOENT);
	assert_logged("<4>refuser: Unknown symbol refused_gpl (err -2)");
	/* what failed holds nothing */
	assert_int_equal(r3_module_unload(box, "refused", 0), 0);
}

static void test_namespace(void **state)
{
	load_pair("license=GPL", "import_ns=", "impxrt_ns=", -EINVAL);
	assert_logged("<3>refuser: module uses symbol (refused_ns) from namespace REFUSED, but "
		      "does not import it.");
	assert_logged("<4>refuser: Unknown symbol refused_ns (err -22)");
}

static void test_proprietary_owner(void **state)
{
	/* the taint is inherited with the first symbol, then GPL-only ones are out of sight */
	load_pair("license=XYZ", "license=GPL", "license=GPL", -ENOENT);
	assert_logged("from proprietary module refused");
}

#define TEST(rule, function)                                                                       \
	{                                                                                          \
		.name = rule, .test_func = function, .teardown_func = leave_box                    \
	}

int main(int argc, char **argv)
{
	enum { NR_PAIRS = 7 };
	struct CMUnitTest tests[NR_RULES + NR_PAIRS] = {
		TEST("a module that is loaded: EEXIST", test_loaded_already),
		TEST("an export that is another's: ENOEXEC", test_duplicate_export),
		TEST("struct module names what .modinfo does not", test_no_name),
		TEST("a used module is not unloaded", test_used),
		TEST("EXPORT_SYMBOL_GPL is invisible to a proprietary module", test_gpl_only),
		TEST("a namespace must be imported: EINVAL", test_namespace),
		TEST("a proprietary owner taints, GPL-only symbols do not mix",
		     test_proprietary_owner),
	};

	if (argc != 3) {
		fprintf(stderr, "usage: %s refused.ko refuser.ko\n", argv[0]);
		return 2;
	}
	ko_read(argv[1]);
	user_path = argv[2];
	for (size_t i = 0; i < NR_RULES; i++)
		tests[NR_PAIRS + i] = (struct CMUnitTest){
			.name = rules[i].name,
			.test_func = test_rule,
			.teardown_func = leave_box,
			.initial_state = (void *)&rules[i],
		};
	return cmocka_run_group_tests_name("load_refused", tests, NULL, NULL);
}
