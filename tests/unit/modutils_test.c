// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The user half of the 2.4 scheme on a kernel that is played here: what it is
 * asked, in which order, and what the image holds that it gets. argv[1]: where
 * the objects are.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include <ring3/scheme24.h>
#include "elf/elf_view.h"
#include "tools/modutils/modutils.h"

#define ADDRESS   0x10400000L
#define HELPER_AT 0x10300000L

static const char *directory;

/* What the kernel has, and what became of it. */
static struct {
	long address; /* that create_module gives, or -errno */
	int init_error;
	bool is_checksummed, tells_lies, is_large;
	const char *loaded; /* a module besides helper */
	char calls[256];    /* the first letters of those that were made */
	uint8_t *image;
	size_t size;
	unsigned int tainted;
	FILE *out;
	char *said;
	size_t said_size;
} kernel;

static void note(const char *call)
{
	strncat(kernel.calls, call, sizeof(kernel.calls) - strlen(kernel.calls) - 1);
}

static long fake_create(void *context, const char *name, size_t size)
{
	note("c");
	kernel.size = size;
	return kernel.address;
}

static int fake_init(void *context, const char *name, const void *image)
{
	note("i");
	free(kernel.image);
	kernel.image = malloc(kernel.size);
	memcpy(kernel.image, image, kernel.size);
	return kernel.init_error;
}

static int fake_delete(void *context, const char *name)
{
	note("d");
	return 0;
}

struct export
{
	const char *name;
	uint64_t value;
};

static const struct export plain_exports[] = {{"kernel_log", 0x10000100},
					      {"small_number", 0x7f},
					      {"GPLONLY_gpl_helper", 0x10000200}},
			   versioned_exports[] = {{"kernel_log_R1234abcd", 0x10000100},
						  {"small_number", 0x7f},
						  {"GPLONLY_gpl_helper_R1234abcd", 0x10000200},
						  {"Using_Versions", 1}},
			   helper_exports[] = {{"module_help", HELPER_AT + 0x40}},
			   versioned_helper_exports[] = {
				   {"module_help_R1234abcd", HELPER_AT + 0x40}};

static int answer_symbols(const struct export *exports, size_t count, void *buffer, size_t size,
			  size_t *result)
{
	struct r3_24_symbol *symbols = buffer;
	size_t used = count * sizeof(*symbols), needed = used;

	for (size_t i = 0; i < count; i++)
		needed += strlen(exports[i].name) + 1;
	*result = needed;
	if (needed > size)
		return -ENOSPC;
	for (size_t i = 0; i < count; i++) {
		symbols[i].value = exports[i].value;
		symbols[i].name = kernel.tells_lies ? size + 100 : used;
		strcpy((char *)buffer + used, exports[i].name);
		used += strlen(exports[i].name) + 1;
	}
	*result = count;
	return 0;
}

/* More than fits into any first buffer; what is wanted comes last. */
static int answer_much(void *buffer, size_t size, size_t *result)
{
	enum { COUNT = 3000 };
	static const char format[] = "a_name_that_is_long_enough_%04zu";
	struct export *exports = calloc(COUNT + 3, sizeof(*exports));
	char(*names)[sizeof(format)] = calloc(COUNT, sizeof(*names));
	int error;

	assert_true(exports && names);
	for (size_t i = 0; i < COUNT; i++) {
		snprintf(names[i], sizeof(*names), format, i);
		exports[i] = (struct export){names[i], i};
	}
	memcpy(exports + COUNT, plain_exports, sizeof(plain_exports));
	error = answer_symbols(exports, COUNT + 3, buffer, size, result);
	note(error == -ENOSPC ? "n" : "y");
	free(exports);
	free(names);
	return error;
}

static int fake_query(void *context, const char *name, int which, void *buffer, size_t size,
		      size_t *result)
{
	char names[64];
	size_t length = 0;

	switch (which) {
	case R3_QM_MODULES:
		note("m");
		length = snprintf(names, sizeof(names), "helper%c%s", 0,
				  kernel.loaded ? kernel.loaded : "");
		*result = kernel.loaded ? 2 : 1;
		memcpy(buffer, names, length + 1);
		return 0;
	case R3_QM_INFO:
		*(struct r3_24_info *)buffer = (struct r3_24_info){
			.addr = HELPER_AT, .size = 4096, .flags = R3_24_RUNNING};
		return 0;
	case R3_QM_SYMBOLS:
		if (name && strcmp(name, "helper"))
			return answer_symbols(NULL, 0, buffer, size, result);
		if (name)
			return answer_symbols(kernel.is_checksummed ? versioned_helper_exports
								    : helper_exports,
					      1, buffer, size, result);
		if (kernel.is_large)
			return answer_much(buffer, size, result);
		return kernel.is_checksummed
			       ? answer_symbols(versioned_exports, 4, buffer, size, result)
			       : answer_symbols(plain_exports, 3, buffer, size, result);
	default:
		fail_msg("query %d", which);
		return -EINVAL;
	}
}

static int fake_taint(void *context, unsigned int bits)
{
	kernel.tainted |= bits;
	return 0;
}

static const struct module_calls fake_calls = {.create = fake_create,
					       .init = fake_init,
					       .delete = fake_delete,
					       .query = fake_query,
					       .taint = fake_taint};

static int setup(void **state)
{
	free(kernel.image);
	free(kernel.said);
	memset(&kernel, 0, sizeof(kernel));
	kernel.address = ADDRESS;
	return 0;
}

static struct module_image read_object(const char *name)
{
	struct module_image image;
	struct elf_problem problem;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.o", directory, name);
	if (image_read_file(&image, path, &problem))
		fail_msg("%s: %s", path, problem.message);
	return image;
}

static int insert_image(struct insert *insert, const struct module_image *image)
{
	struct messages messages = {.from = "insmod"};
	int error;

	free(kernel.said);
	kernel.out = open_memstream(&kernel.said, &kernel.said_size);
	messages.out = messages.err = kernel.out;
	insert->release = "2.4.37-ring3";
	insert->path = "/there/object.o";
	error = insert_object(&fake_calls, insert, image, &messages);
	fclose(kernel.out);
	assert_string_equal(messages.from, "insmod");
	return error;
}

static int insert(const char *name, struct insert *insert)
{
	struct module_image image = read_object(name);
	int error = insert_image(insert, &image);

	image_release(&image);
	return error;
}

static int insert_with(const char *name, char *argument)
{
	char *arguments[] = {argument, NULL};

	return insert(name, &(struct insert){.arguments = arguments});
}

static void assert_said(const char *text)
{
	if (!strstr(kernel.said, text))
		fail_msg("'%s' is not in:\n%s", text, kernel.said);
}

static const struct r3_24_module *module(void)
{
	assert_non_null(kernel.image);
	return (const void *)kernel.image;
}

/* What is at an address of the module. */
static void *at(uint64_t address)
{
	assert_in_range(address, kernel.address, kernel.address + kernel.size - 1);
	return kernel.image + (address - kernel.address);
}

/* Where a symbol is that the module exports; 0: it does not. */
static uint64_t exported(const char *name)
{
	const struct r3_24_symbol *symbols = module()->nsyms ? at(module()->syms) : NULL;

	for (unsigned int i = 0; i < module()->nsyms; i++)
		if (!strcmp(at(symbols[i].name), name))
			return symbols[i].value;
	return 0;
}

/* What the entries of keep[] point to: the parameters, in the order of the source. */
enum { NUMBER, LIST, WORD, WORDS, NAMES, SMALL, BYTE, LARGE, ODD, SHORT_ARRAY, COMMON };
static void *variable(unsigned int which)
{
	uint64_t *keep = at(exported("keep"));

	return at(keep[which]);
}

static void the_kernel_is_asked_then_gives_memory_then_starts_the_image(void **state)
{
	struct insert what = {};

	assert_int_equal(insert("plain", &what), 0);
	assert_string_equal(kernel.calls, "mci");
	assert_int_equal(what.address, ADDRESS);
	assert_int_equal(what.size, kernel.size);
	assert_int_equal(kernel.said_size, 0);
}

static void the_image_begins_with_struct_module(void **state)
{
	assert_int_equal(insert("plain", &(struct insert){.is_autoclean = true}), 0);
	assert_int_equal(module()->size_of_struct, sizeof(struct r3_24_module));
	assert_int_equal(module()->size, kernel.size);
	assert_string_equal(at(module()->name), "object");
	assert_int_equal(module()->flags, R3_24_AUTOCLEAN);
	assert_int_equal(module()->usecount, 0);
	assert_int_equal(module()->next | module()->refs, 0);
	assert_non_null(at(module()->init));
	assert_non_null(at(module()->cleanup));
	assert_int_equal(module()->ex_table_start | module()->can_unload, 0);
}

static void a_module_that_is_used_becomes_a_dependency(void **state)
{
	const struct r3_24_ref *ref;

	assert_int_equal(insert("plain", &(struct insert){}), 0);
	assert_int_equal(module()->ndeps, 1);
	ref = at(module()->deps);
	assert_int_equal(ref->dep, HELPER_AT);
	assert_int_equal(ref->ref, ADDRESS);
	assert_int_equal(ref->next_ref, 0);
}

static void an_object_without_a_table_exports_all_globals(void **state)
{
	assert_int_equal(insert("plain", &(struct insert){}), 0);
	assert_true(exported("shared") && exported("common_array") && exported("narrow"));
	/* not these: they are the kernel's, a weak one that nobody has, or insmod's own */
	assert_int_equal(exported("kernel_log") | exported("nobody") | exported("init_module"), 0);
	assert_int_equal(exported("__this_module"), 0);
}

static void an_object_with_a_table_exports_what_is_in_it(void **state)
{
	assert_int_equal(insert("exports", &(struct insert){.has_no_ksymoops = true}), 0);
	assert_int_equal(module()->nsyms, 1);
	assert_in_range(exported("shared"), ADDRESS, ADDRESS + kernel.size);

	assert_int_equal(insert("no-exports", &(struct insert){.has_no_ksymoops = true}), 0);
	assert_int_equal(module()->nsyms, 0);
	assert_int_equal(module()->syms, 0);

	assert_int_equal(
		insert("plain", &(struct insert){.has_no_ksymoops = true, .exports_nothing = true}),
		0);
	assert_int_equal(module()->nsyms, 0);
}

static void ksymoops_finds_file_and_sections(void **state)
{
	static const char *const objects[] = {"plain", "exports", "no-exports"};

	for (size_t i = 0; i < 3; i++) {
		const struct r3_24_symbol *symbols;
		unsigned int found = 0;

		assert_int_equal(insert(objects[i], &(struct insert){.name = "other"}), 0);
		assert_int_equal(
			exported("__insmod_other_O/there/object.o_M0000000000000000_V132133"),
			ADDRESS);
		symbols = at(module()->syms);
		for (unsigned int j = 0; j < module()->nsyms; j++)
			found += !strncmp(at(symbols[j].name), "__insmod_other_S.", 17);
		assert_int_equal(found, 4); /* .text .rodata .data .bss */
	}
}

static void parameters_are_stored_in_the_image(void **state)
{
	char *arguments[] = {
		"number=0x11",       "list=-1,010", "word=a b", "words=\"x,\\\"y\\101\\n\",z",
		"names=abc,defghij", "small=-2",    "byte=200", "large=-5000000000",
		"ignored",           NULL};

	assert_int_equal(insert("plain", &(struct insert){.arguments = arguments}), 0);
	assert_int_equal(*(int *)variable(NUMBER), 0x11);
	assert_int_equal(((int *)variable(LIST))[0], -1);
	assert_int_equal(((int *)variable(LIST))[1], 8);
	assert_int_equal(((int *)variable(LIST))[2], 3);
	assert_string_equal(at(*(uint64_t *)variable(WORD)), "a b");
	assert_string_equal(at(((uint64_t *)variable(WORDS))[0]), "x,\"yA\n");
	assert_string_equal(at(((uint64_t *)variable(WORDS))[1]), "z");
	assert_string_equal((char *)variable(NAMES), "abc");
	assert_string_equal((char *)variable(NAMES) + 8, "defghij");
	assert_int_equal(*(short *)variable(SMALL), -2);
	assert_int_equal(*(unsigned char *)variable(BYTE), 200);
	assert_true(*(long *)variable(LARGE) == -5000000000);
}

static void what_is_not_given_keeps_its_value(void **state)
{
	assert_int_equal(insert_with("plain", "list=7,7"), 0);
	assert_int_equal(*(int *)variable(NUMBER), 3);
	assert_int_equal(*(long *)variable(LARGE), 5);
	assert_string_equal(at(*(uint64_t *)variable(WORD)), "none");
	assert_int_equal(((int *)variable(COMMON))[99], 0);
}

static void wrong_parameters_are_refused_in_modutils_words(void **state)
{
	static const struct {
		char *argument;
		const char *said;
	} wrong[] = {
		{"nosuch=1", "invalid parameter parm_nosuch"},
		{"number=", NULL}, /* no value is none */
		{"number=1,2", "too many values for number (max 1)"},
		{"number=x", "invalid argument syntax for number: 'x'"},
		{"number=1x", "invalid argument syntax for number: 'x'"},
		{"list=1", "too few values for list (min 2)"},
		{"list=1,2,3,4,5", "too many values for list (max 4)"},
		{"word=a,b", "too many values for word (max 1)"},
		{"word=\"a", "improperly terminated string argument for word"},
		{"word=\"a\"b", "invalid argument syntax for word: 'b'"},
		{"names=12345678", "string too long for names (max 7)"},
		{"short_array=1,2,3", "values for short_array go beyond the end of the variable"},
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		kernel.calls[0] = '\0';
		assert_int_equal(insert_with("plain", wrong[i].argument),
				 wrong[i].said ? -EINVAL : 0);
		if (!wrong[i].said)
			continue;
		assert_said("/there/object.o: ");
		assert_said(wrong[i].said);
		assert_string_equal(kernel.calls, "m"); /* the kernel was asked for nothing */
	}
}

static void definitions_that_are_wrong_are_told_and_matter_when_they_are_used(void **state)
{
	assert_int_equal(insert("odd", &(struct insert){}), 0);
	assert_said("/there/object.o parameter odd has unknown format character 'x'\n");
	assert_said("Warning: /there/object.o symbol for parameter lost not found\n");
	assert_said("Warning: /there/object.o parameter small has max < min!\n");
	assert_said("Module object loaded, with warnings\n");
	assert_int_equal(insert_with("odd", "lost=1"), -EINVAL);
	assert_said("/there/object.o: symbol for parameter lost not found\n");
	assert_int_equal(insert_with("odd", "odd=1"), -EINVAL);
	assert_said("/there/object.o: unknown parameter type 'x' for odd\n");
	assert_string_equal(kernel.calls, "mcimm");
}

static void a_string_that_fills_its_array_to_the_nul_is_taken(void **state)
{
	assert_int_equal(insert_with("plain", "names=1234567"), 0);
	assert_string_equal((char *)variable(NAMES), "1234567");
}

static void narrow_places_are_relocated_and_nothing_beside_them(void **state)
{
	uint8_t *narrow;
	uint64_t distance;

	assert_int_equal(insert("plain", &(struct insert){}), 0);
	narrow = at(exported("narrow"));
	assert_memory_equal(narrow, "\x7f\x7f\0\x7f\0\0\0", 7);
	memcpy(&distance, narrow + 7, 8);
	assert_true(exported("narrow") + 7 + distance == exported("shared"));
	assert_int_equal(narrow[15], 0x55);
}

static void what_does_not_fit_is_refused_and_the_memory_given_back(void **state)
{
	kernel.address = 0x7f0000000000;
	assert_int_equal(insert("plain", &(struct insert){}), -ENOEXEC);
	assert_said("Relocation overflow of type 11");
	assert_said("Hint: the module was compiled without -mcmodel=kernel");
	assert_string_equal(kernel.calls, "mcd");
}

static void an_init_that_fails_is_told_and_the_module_deleted(void **state)
{
	kernel.init_error = -ENODEV;
	assert_int_equal(insert("plain", &(struct insert){}), -ENODEV);
	assert_said("/there/object.o: init_module: No such device\nHint: insmod errors can be");
	assert_string_equal(kernel.calls, "mcid");
}

static void a_kernel_without_memory_is_told(void **state)
{
	kernel.address = -ENOMEM;
	assert_int_equal(insert("plain", &(struct insert){}), -ENOMEM);
	assert_said("can't allocate kernel memory for module; needed ");
	kernel.address = -EPERM;
	assert_int_equal(insert("plain", &(struct insert){}), -EPERM);
	assert_said("create_module: Operation not permitted");
	assert_string_equal(kernel.calls, "mcmc");
}

static void a_name_that_is_loaded_is_refused_before_the_object_is_read(void **state)
{
	kernel.loaded = "object";
	assert_int_equal(insert("plain", &(struct insert){}), -EEXIST);
	assert_said("insmod: a module named object already exists");
	assert_string_equal(kernel.calls, "m");
	/* who was slower than another insmod has no reason to complain */
	kernel.loaded = NULL;
	kernel.address = -EEXIST;
	assert_int_equal(insert("plain", &(struct insert){}), -EEXIST);
	assert_int_equal(kernel.said_size, 0);
}

static void a_dry_run_links_and_changes_nothing(void **state)
{
	struct insert what = {.is_dry = true, .prints_map = true};

	kernel.loaded = "object";
	assert_int_equal(insert("plain", &what), 0);
	assert_string_equal(kernel.calls, "m");
	assert_int_equal(what.address, 0x12340000);
	assert_said("Sections:       Size      Address           Align\n"
		    ".this           000000b8  0000000012340000  2**3\n");
	assert_said("\n\nSymbols:\n");
	assert_said("000000001234");
	assert_said(" T shared\n");
	assert_said(" t init_module\n");
	assert_said(" d __this_module\n");
}

static void a_probe_stops_before_there_is_memory(void **state)
{
	assert_int_equal(insert("plain", &(struct insert){.is_probe = true}), 0);
	assert_int_equal(insert_with("plain", "list=1"), -EINVAL);
	assert_string_equal(kernel.calls, "mm");
}

static void checksums_must_be_equal_where_both_have_them(void **state)
{
	kernel.is_checksummed = true;
	assert_int_equal(insert("versions", &(struct insert){}), 0);
	assert_int_equal(insert("wrong-versions", &(struct insert){}), -ENOENT);
	assert_said("/there/object.o: unresolved symbol kernel_log_R0badc0de\n");
	assert_said("/there/object.o: unresolved symbol module_help_R0badc0de\n");
	assert_said("Hint: module helper exports it as module_help_R1234abcd: build");
	assert_int_equal(insert("wrong-versions", &(struct insert){.is_quiet = true}), -ENOENT);
	assert_int_equal(kernel.said_size, 0);
	assert_string_equal(kernel.calls, "mcimm");
}

static void checksums_are_ignored_where_one_side_has_none(void **state)
{
	kernel.is_checksummed = true;
	assert_int_equal(insert("plain", &(struct insert){}), 0);
	kernel.is_checksummed = false;
	/* without checksums the release has to be the same */
	assert_int_equal(insert("versions", &(struct insert){}), 0);
	assert_string_equal(kernel.calls, "mcimci");
}

static void another_release_is_refused_unless_forced(void **state)
{
	assert_int_equal(insert("other-kernel", &(struct insert){}), -EPROTO);
	assert_said("/there/object.o: kernel-module version mismatch\n"
		    "\t/there/object.o was compiled for kernel version 2.4.36\n"
		    "\twhile this kernel is version 2.4.37-ring3.\n");
	assert_int_equal(insert("other-kernel", &(struct insert){.is_quiet = true}), -EPROTO);
	assert_int_equal(kernel.said_size, 0);
	assert_int_equal(insert("other-kernel", &(struct insert){.is_forced = true}), 0);
	assert_said("Warning: kernel-module version mismatch\n");
	assert_said("Warning: loading /there/object.o will taint the kernel: forced load\n"
		    "  See http://www.tux.org/lkml/#export-tainted for information about tainted "
		    "modules\n");
	assert_said("Module object loaded, with warnings\n");
	assert_int_equal(kernel.tainted, TAINT_FORCED);
	assert_int_equal(insert("no-version", &(struct insert){.is_forced = true}), -ENOEXEC);
	assert_said("couldn't find the kernel version the module was compiled for\n");
}

static void gpl_only_symbols_are_for_modules_with_such_a_license(void **state)
{
	const struct r3_24_symbol *symbols;

	assert_int_equal(insert("plain", &(struct insert){}), 0);
	assert_int_equal(kernel.tainted, 0);
	symbols = at(module()->syms);
	assert_non_null(symbols);
	/* a weak one, so that its absence is no error */
	assert_int_equal(insert("proprietary", &(struct insert){}), 0);
	assert_said("Warning: loading /there/object.o will taint the kernel: non-GPL license - "
		    "Proprietary\n");
	assert_int_equal(kernel.tainted, TAINT_PROPRIETARY);
}

static void each_step_is_told_with_its_addresses(void **state)
{
	struct messages messages = {.from = "insmod", .is_verbose = true};
	struct module_image image = read_object("plain");
	char *arguments[] = {"number=8", NULL};
	struct insert what = {
		.path = "/there/object.o", .release = "2.4.37-ring3", .arguments = arguments};

	free(kernel.said);
	messages.out = messages.err = open_memstream(&kernel.said, &kernel.said_size);
	assert_int_equal(insert_object(&fake_calls, &what, &image, &messages), 0);
	fclose(messages.out);
	image_release(&image);
	assert_said("kernel  query_module  1 modules with 1 symbols, and 3 symbols of its own\n");
	assert_said("insmod  resolve       module_help                      0x0000000010300040  "
		    "[helper]\n");
	assert_said("insmod  resolve       kernel_log                       0x0000000010000100  "
		    "kernel\n");
	assert_said("insmod  parameter     number=8 ");
	assert_said("kernel  create_module object, ");
	assert_said(" bytes: at 0x10400000\n");
	assert_said("insmod  place         .this           0x10400000, 184 bytes\n");
	assert_said("insmod  relocate      .text ");
	assert_said("insmod  fill in       struct module: init 0x104");
	assert_said("kernel  init_module   object: the image was accepted, its init returned 0\n");
}

static void a_kernel_that_lies_is_not_believed(void **state)
{
	kernel.tells_lies = true;
	assert_int_equal(insert("plain", &(struct insert){}), -EPROTO);
	assert_said("insmod: module helper: QM_SYMBOLS: Protocol error\n");
	assert_string_equal(kernel.calls, "m");
}

static void a_kernel_with_much_to_tell_is_asked_again(void **state)
{
	kernel.is_large = true;
	assert_int_equal(insert("plain", &(struct insert){}), 0);
	assert_string_equal(kernel.calls, "mnyci");
}

static void files_that_are_no_objects_are_refused(void **state)
{
	struct module_image image = read_object("plain");
	Elf64_Ehdr *header = (void *)image.data;

	header->e_machine = EM_386;
	assert_int_equal(insert_image(&(struct insert){}, &image), -ENOEXEC);
	assert_said("/there/object.o: ELF file /there/object.o not for this architecture\n");
	header->e_machine = EM_X86_64;
	header->e_type = ET_EXEC;
	assert_int_equal(insert_image(&(struct insert){}, &image), -ENOEXEC);
	assert_said("not a relocatable object\n");
	header->e_ident[0] = 'E';
	assert_int_equal(insert_image(&(struct insert){}, &image), -ENOEXEC);
	assert_said("is not an ELF file\n");
	assert_string_equal(kernel.calls, "mmm");
	image_release(&image);
}

/* Its end is missing: no matter where, it is said, and nothing is asked for. */
static void a_file_that_was_cut_off_is_refused(void **state)
{
	struct module_image whole = read_object("exports"), cut = whole;
	size_t refused = 0;

	for (cut.size = 0; cut.size < whole.size; cut.size += 7) {
		kernel.calls[0] = '\0';
		cut.data = malloc(cut.size ? cut.size : 1); /* exactly, so that ASan sees */
		memcpy(cut.data, whole.data, cut.size);
		assert_int_equal(insert_image(&(struct insert){}, &cut), -ENOEXEC);
		assert_string_equal(kernel.calls, "m");
		assert_true(kernel.said_size > 0);
		free(cut.data);
		refused++;
	}
	assert_true(refused > 100);
	image_release(&whole);
}

static void names_of_modules_come_from_their_files(void **state)
{
	static const char *const names[][2] = {
		{"a.o", "a"},         {"/x/y.o", "y"}, {"./b.mod", "b"},  {"c.o.gz", "c"},
		{"d-e.f.o", "d-e.f"}, {".o", ".o"},    {"plain", "plain"}};
	char name[64];

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		module_name_of(names[i][0], name, sizeof(name));
		assert_string_equal(name, names[i][1]);
	}
}

#define TEST(function) cmocka_unit_test_setup(function, setup)

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST(the_kernel_is_asked_then_gives_memory_then_starts_the_image),
		TEST(the_image_begins_with_struct_module),
		TEST(a_module_that_is_used_becomes_a_dependency),
		TEST(an_object_without_a_table_exports_all_globals),
		TEST(an_object_with_a_table_exports_what_is_in_it),
		TEST(ksymoops_finds_file_and_sections),
		TEST(parameters_are_stored_in_the_image),
		TEST(what_is_not_given_keeps_its_value),
		TEST(wrong_parameters_are_refused_in_modutils_words),
		TEST(definitions_that_are_wrong_are_told_and_matter_when_they_are_used),
		TEST(a_string_that_fills_its_array_to_the_nul_is_taken),
		TEST(narrow_places_are_relocated_and_nothing_beside_them),
		TEST(what_does_not_fit_is_refused_and_the_memory_given_back),
		TEST(an_init_that_fails_is_told_and_the_module_deleted),
		TEST(a_kernel_without_memory_is_told),
		TEST(a_name_that_is_loaded_is_refused_before_the_object_is_read),
		TEST(a_dry_run_links_and_changes_nothing),
		TEST(a_probe_stops_before_there_is_memory),
		TEST(checksums_must_be_equal_where_both_have_them),
		TEST(checksums_are_ignored_where_one_side_has_none),
		TEST(another_release_is_refused_unless_forced),
		TEST(gpl_only_symbols_are_for_modules_with_such_a_license),
		TEST(each_step_is_told_with_its_addresses),
		TEST(a_kernel_that_lies_is_not_believed),
		TEST(a_kernel_with_much_to_tell_is_asked_again),
		TEST(files_that_are_no_objects_are_refused),
		TEST(a_file_that_was_cut_off_is_refused),
		TEST(names_of_modules_come_from_their_files),
	};

	directory = argc > 1 ? argv[1] : ".";
	return cmocka_run_group_tests(tests, NULL, NULL);
}
