// SPDX-License-Identifier: GPL-2.0-or-later
/* What a probe's spec may say, what is refused of it and where, and how arguments are printed. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "probe/fetch.h"

/* "twice" is the name of two symbols, "none" of no symbol. */
static unsigned int count(void *context, const char *name)
{
	return strcmp(name, "none") ? 1 + !strcmp(name, "twice") : 0;
}

static struct probe_spec parse(const char *text)
{
	struct probe_spec spec;
	struct spec_problem problem;

	if (spec_parse(&spec, text, count, NULL, &problem))
		fail_msg("%s: %s at %u", text, problem.message, problem.column);
	return spec;
}

/* ---- kind, name, place ---- */

static void expect_names(const char *text, const char *group, const char *name)
{
	struct probe_spec spec = parse(text);

	assert_string_equal(spec.group, group);
	assert_string_equal(spec.name, name);
	spec_release(&spec);
}

static void a_probe_without_a_name_gets_one_of_its_place(void **state)
{
	expect_names("p func", "kprobes", "p_func_0");
	expect_names("p func+16", "kprobes", "p_func_16");
	expect_names("p func+0x10", "kprobes", "p_func_16");
	expect_names("p mod:func", "kprobes", "p_mod_func_0");
	expect_names("p func.isra.0", "kprobes", "p_func_isra_0_0");
	expect_names("r func", "kprobes", "r_func_0");
	expect_names("p func%return", "kprobes", "r_func_0");
	expect_names("r16 mod:func", "kprobes", "r_mod_func_0");
	expect_names("p 0x1234", "kprobes", "p_0x1234");
	expect_names("p:name func", "kprobes", "name");
	expect_names("p:group/name func", "group", "name");
	expect_names("p:group.name func", "group", "name");
	expect_names("p:a-b/name func", "a-b", "name");
	expect_names("p:group/ func", "group", "p_func_0");
}

static void a_place_is_a_symbol_or_an_address(void **state)
{
	struct probe_spec spec = parse("p mod:func+0x1f");

	assert_string_equal(spec.symbol, "mod:func");
	assert_int_equal(spec.offset, 0x1f);
	assert_false(spec.is_return);
	assert_true(spec_names_module(&spec, "mod"));
	assert_false(spec_names_module(&spec, "mo"));
	assert_false(spec_names_module(&spec, "mod2"));
	spec_release(&spec);

	spec = parse("p 4096");
	assert_null(spec.symbol);
	assert_int_equal(spec.address, 4096);
	assert_false(spec_names_module(&spec, "mod"));
	spec_release(&spec);

	spec = parse("r4096:x func");
	assert_true(spec.is_return);
	assert_int_equal(spec.maxactive, 4096);
	spec_release(&spec);
}

static void blanks_separate_words_however_many(void **state)
{
	struct probe_spec spec = parse("  p:x\tfunc   a=%di \n");
	char *text = spec_text(&spec);

	assert_string_equal(text, "p:x func a=%di");
	assert_int_equal(spec.nr_arguments, 1);
	free(text);
	spec_release(&spec);
}

/* ---- refusals ---- */

#define NAME32  "abcdefghijklmnopqrstuvwxyzabcdef"
#define NAME64  NAME32 NAME32
#define PLUS0   "+0("
#define PLUS0_7 PLUS0 PLUS0 PLUS0 PLUS0 PLUS0 PLUS0 PLUS0

static const struct refusal {
	const char *text;
	unsigned int column;
	const char *message;
	int error;
} refusals[] = {
	{"", 0, "A probe begins with 'p' or 'r'", -EINVAL},
	{"func", 0, "A probe begins with 'p' or 'r'", -EINVAL},
	{"px func", 1, "After 'p' or 'r' comes ':' or a blank", -EINVAL},
	{"p", 2, "What is to be probed is not specified", -EINVAL},
	{"p3 func", 1, "Maxactive is not for kprobe", -EINVAL},
	{"r0 func", 1, "Invalid maxactive number", -EINVAL},
	{"r3x func", 1, "Invalid maxactive number", -EINVAL},
	{"r4097:a func", 1, "Maxactive is too big", -EINVAL},
	{"p: func", 2, "Event name is not specified", -EINVAL},
	{"p:/a func", 2, "Group name is not specified", -EINVAL},
	{"p:1g/a func", 2, "Group name must follow the same rules as C identifiers", -EINVAL},
	{"p:" NAME64 "/a func", 2, "Group name is too long", -EINVAL},
	{"p:g/1a func", 4, "Event name must follow the same rules as C identifiers", -EINVAL},
	{"p:a-b func", 2, "Event name must follow the same rules as C identifiers", -EINVAL},
	{"p:" NAME64 " func", 2, "Event name is too long", -EINVAL},
	{"p func%retur", 6, "Invalid probed address suffix", -EINVAL},
	{"p func+", 2, "Invalid probed address or symbol", -EINVAL},
	{"p func-4", 2, "Invalid probed address or symbol", -EINVAL},
	{"p func+4x", 2, "Invalid probed address or symbol", -EINVAL},
	{"p func+0x100000000", 2, "Invalid probed address or symbol", -EINVAL},
	{"p none", 2, "Invalid probed address or symbol", -ENOENT},
	{"p:a none+4", 4, "Invalid probed address or symbol", -ENOENT},
	{"p twice", 2, "The symbol is not unique", -EADDRNOTAVAIL},
	{"r func+4", 2, "Retprobe address must be an function entry", -EINVAL},
	{"p func+4%return", 2, "Retprobe address must be an function entry", -EINVAL},
	{"p f =%di", 4, "Argument name is not specified", -EINVAL},
	{"p f 1a=%di", 4, "Argument name must follow the same rules as C identifiers", -EINVAL},
	{"p f " NAME32 "g=%di", 4, "Argument name is too long", -EINVAL},
	{"p f a=%di a=%si", 10, "This argument name is already used", -EINVAL},
	{"p f %di arg1=%si", 8, "This argument name is already used", -EINVAL},
	{"p f common_pid=%di", 4, "This argument name is already used", -EINVAL},
	{"p f a=", 6, "No argument expression", -EINVAL},
	{"p f @" NAME64, 4, "Argument expression is too long", -EINVAL},
	{"p f di", 4, "Invalid fetch argument", -EINVAL},
	{"p f a=%rdi", 6, "Invalid register name", -EINVAL},
	{"p f a=%", 6, "Invalid register name", -EINVAL},
	{"p f $retval", 4, "$retval is not available on probe", -EINVAL},
	{"p f $nothing", 4, "Invalid $-variable specified", -EINVAL},
	{"p f $stackx", 4, "Invalid $-variable specified", -EINVAL},
	{"p f $stack2049", 4, "Invalid stack number", -EINVAL},
	{"p f $arg0", 4, "Invalid argument number", -EINVAL},
	{"p f $arg2049", 4, "Invalid argument number", -EINVAL},
	{"p f+4 $arg1", 6, "Invalid $-variable specified", -EINVAL},
	{"p 0x1000 $arg1", 9, "Invalid $-variable specified", -EINVAL},
	{"r f $arg1", 4, "Invalid $-variable specified", -EINVAL},
	{"p f @+4", 4, "File offset is not available with kprobe", -EINVAL},
	{"p f @0x", 4, "Invalid memory address", -EINVAL},
	{"p f @data+z", 4, "Invalid memory address", -EINVAL},
	{"p f +4", 4, "Dereference needs a brace", -EINVAL},
	{"p f +x(%di)", 4, "Invalid dereference offset", -EINVAL},
	{"p f +0(%di", 10, "Dereference brace is not closed", -EINVAL},
	{"p f +0(+0(%di)", 13, "Dereference brace is not closed", -EINVAL},
	{"p f +0(%di)x", 11, "Invalid fetch argument", -EINVAL},
	{"p f +0(%nix)", 7, "Invalid register name", -EINVAL},
	{"p f +0(+8(%nix))", 10, "Invalid register name", -EINVAL},
	{"p f +0($comm)", 7, "$comm can not be dereferenced", -EINVAL},
	{"p f +0(\\\"x\")", 7, "$comm can not be dereferenced", -EINVAL},
	{"p f \\x", 5, "Invalid immediate value", -EINVAL},
	{"p f \\\"abc", 9, "String is not closed with '\"'", -EINVAL},
	{"p f %di:x128", 8, "Unknown type is specified", -EINVAL},
	{"p f %di:", 8, "Unknown type is specified", -EINVAL},
	{"p f $comm:x64", 10, "$comm and immediate-string only accepts string type", -EINVAL},
	{"p f %di:string", 8, "String accepts only memory argument", -EINVAL},
	{"p f $stack:symstr", 11, "Symbol String doesn't accept data/userdata", -EINVAL},
	{"p f +u0(%di):symstr", 13, "Symbol String doesn't accept data/userdata", -EINVAL},
	{"p f %di:b4@0/24", 8, "Unknown type is specified", -EINVAL},
	{"p f %di:b0@0/32", 8, "Invalid bitfield", -EINVAL},
	{"p f %di:b4/32", 8, "Invalid bitfield", -EINVAL},
	{"p f %di:b4@29/32", 8, "Invalid bitfield", -EINVAL},
	{"p f +0(%di):x8[4", 16, "Array is not closed", -EINVAL},
	{"p f +0(%di):x8[4]x", 17, "Array has wrong suffix", -EINVAL},
	{"p f +0(%di):x8[0]", 15, "Invalid array size", -EINVAL},
	{"p f +0(%di):x8[-1]", 15, "Invalid array size", -EINVAL},
	{"p f +0(%di):x8[65]", 15, "Array number is too big", -EINVAL},
	{"p f $stack1:x8[8]", 12, "String accepts only memory argument", -EINVAL},
	{"p f " PLUS0_7 PLUS0_7 PLUS0 "%di)))))))))))))))", 7, "Dereference is too much nested",
	 -EINVAL},
};

static void what_is_refused_is_told_with_its_place(void **state)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *refusal = &refusals[i];
		struct spec_problem problem;
		struct probe_spec spec;
		int error = spec_parse(&spec, refusal->text, count, NULL, &problem);

		if (error != refusal->error || strcmp(problem.message, refusal->message) ||
		    problem.column != refusal->column)
			fail_msg("'%s' gives %d, '%s' at %u", refusal->text, error, problem.message,
				 problem.column);
		spec_release(&spec);
	}
}

static void sizes_have_limits(void **state)
{
	char text[8192];
	size_t length = sprintf(text, "p f");
	struct spec_problem problem;
	struct probe_spec spec;

	for (int i = 0; i < MAX_TRACE_ARGS; i++)
		length += sprintf(text + length, " %%di");
	assert_int_equal(spec_parse(&spec, text, count, NULL, &problem), 0);
	spec_release(&spec);
	sprintf(text + length, " %%di");
	assert_int_equal(spec_parse(&spec, text, count, NULL, &problem), -E2BIG);
	assert_string_equal(problem.message, "Too many arguments are specified");
	spec_release(&spec);

	/* 6 * 64 * 8 bytes are the 3072 that one record may have. */
	length = sprintf(text, "p f");
	for (int i = 0; i < 6; i++)
		length += sprintf(text + length, " +0(%%di):x64[64]");
	assert_int_equal(spec_parse(&spec, text, count, NULL, &problem), 0);
	spec_release(&spec);
	sprintf(text + length, " %%di:x8");
	assert_int_equal(spec_parse(&spec, text, count, NULL, &problem), -E2BIG);
	assert_int_equal(problem.column, length + 1);
	spec_release(&spec);
}

static void dereferences_nest_fourteen_deep(void **state)
{
	struct probe_spec spec = parse("p f " PLUS0_7 PLUS0_7 "%di))))))))))))))");

	assert_int_equal(spec.arguments[0].nr_steps, 14);
	spec_release(&spec);
}

/* ---- fetching and printing ---- */

static struct r3_box *box;

static const char strings[2][8] = {"one", "a\"b"};
static struct {
	uint64_t number;
	int8_t small[4];
	const void *unreadable;
	const char *string[2];
	uint32_t bits;
	const void *self;
} record = {
	.number = 0x1122334455667788,
	.small = {-1, 2, 'c', 0},
	.unreadable = (void *)8,
	.string = {strings[0], strings[1]},
	.bits = 0x5a,
	.self = &record,
};
#define OFFSET(member) (int)offsetof(__typeof__(record), member)

/* What the argument prints when di points at the record. */
static void expect(const char *kind, const char *fetch, const char *expected)
{
	uint64_t stack[16] __attribute__((aligned(128))) = {[0] = 0x100, [1] = 7, [2] = 8};
	struct arch_registers registers = {
		.rdi = (uint64_t)&record,
		.rsi = (uint64_t)-2,
		.rax = 42,
		.rip = 0x1000,
		.r15 = 15,
		.rsp = (uint64_t)stack,
	};
	const struct fetch_source source = {box, &registers, "insmod"};
	char spec_text[256], buffer[1024];
	struct text text = {.buffer = buffer, .size = sizeof(buffer)};
	struct probe_spec spec;

	assert_int_equal(arch_traps_install(), 0); /* cmocka has put its own handlers there */
	snprintf(spec_text, sizeof(spec_text), "%s func %s", kind, fetch);
	spec = parse(spec_text);
	fetch_argument(&spec.arguments[0], &source, &text);
	if (strcmp(buffer, expected))
		fail_msg("'%s' prints %s instead of %s", fetch, buffer, expected);
	spec_release(&spec);
}

__attribute__((format(printf, 2, 3))) static void expect_of(const char *expected,
							    const char *format, ...)
{
	char fetch[128];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(fetch, sizeof(fetch), format, arguments);
	va_end(arguments);
	expect("p", fetch, expected);
}

static void registers_and_variables_are_fetched(void **state)
{
	expect("p", "%ax", "0x2a");
	expect("p", "%r15", "0xf");
	expect("p", "%ip", "0x1000");
	expect("p", "%si", "0xfffffffffffffffe");
	expect("r", "$retval", "0x2a");
	expect("p", "$arg2:s32", "-2");
	expect("p", "$arg7", "0x7");
	expect("p", "$arg8:u8", "8");
	expect("p", "$stack0", "0x100");
	expect("p", "$stack2", "0x8");
	expect("p", "$comm", "\"insmod\"");
	expect("p", "$comm:string", "\"insmod\"");
	expect("p", "\\10", "0xa");
	expect("p", "\\-1:s8", "-1");
	expect("p", "\\\"text\"", "\"text\"");
}

static void numbers_are_printed_by_their_type(void **state)
{
	expect("p", "%si:u8", "254");
	expect("p", "%si:u16", "65534");
	expect("p", "%si:u32", "4294967294");
	expect("p", "%si:u64", "18446744073709551614");
	expect("p", "%si:s8", "-2");
	expect("p", "%si:s64", "-2");
	expect("p", "%si:x8", "0xfe");
	expect("p", "%si:x16", "0xfffe");
	expect("p", "%si:x32", "0xfffffffe");
	expect("p", "\\65:char", "'A'");
	expect("p", "\\0:char", "'\\x00'");
	/* Bits 1 to 4 of 0x5a are 1101. */
	expect_of("13", "+%d(%%di):b4@1/32", OFFSET(bits));
	expect("p", "\\0x5a:b4@1/8", "13");
}

static void memory_is_followed(void **state)
{
	expect("p", "+0(%di)", "0x1122334455667788");
	expect("p", "+1(%di):x16", "0x6677");
	expect_of("0x1122334455667788", "+0(+%d(%%di))", OFFSET(self));
	expect_of("\"one\"", "+0(+%d(%%di)):string", OFFSET(string));
	expect_of("\"a\"b\"", "+0(+%d(+%d(%%di))):string", OFFSET(string[1]), OFFSET(self));
	expect_of("0x1122334455667788", "@%#lx", (unsigned long)&record);
	expect_of("\"one\"", "\\%lu:string", (unsigned long)strings[0]);
	expect_of("0x1122334455667788", "-8(\\%lu)", (unsigned long)&record + 8);
}

static void arrays_are_printed_in_braces(void **state)
{
	expect_of("{-1,2,99,0}", "+%d(%%di):s8[4]", OFFSET(small));
	expect_of("{0xff}", "+%d(%%di):x8[1]", OFFSET(small));
	expect_of("{'\xff','\x02','c','\\x00'}", "+%d(%%di):char[4]", OFFSET(small));
	expect_of("{\"one\",\"a\"b\"}", "+%d(%%di):string[2]", OFFSET(string));
	expect_of("{(fault),\"one\",\"a\"b\"}", "+%d(%%di):string[3]", OFFSET(unreadable));
}

static void what_cannot_be_read_is_a_fault(void **state)
{
	expect("p", "+0(%si)", "(fault)");
	expect("p", "+0(%si):string", "(fault)");
	expect("p", "+0(+0(%si)):string", "(fault)");
	expect_of("(fault)", "+0(+%d(%%di)):u8", OFFSET(unreadable));
	/* The record is not where a box has user memory. */
	expect("p", "+u0(%di)", "(fault)");
	expect("p", "+0(%di):ustring", "(fault)");
	/* Another stack begins there. */
	expect("p", "$stack2048", "0x0");
}

static void symbols_are_printed_with_offset_and_size(void **state)
{
	unsigned long address = (unsigned long)r3_symbol(box, "printk");
	char expected[64], fetch[64];

	if (!address)
		address = (unsigned long)r3_symbol(box, "_printk");
	assert_int_not_equal(address, 0);
	r3_symbol_name(box, address + 1, expected, sizeof(expected));
	assert_non_null(strstr(expected, "printk+0x1/0x"));
	snprintf(fetch, sizeof(fetch), "\\%#lx:symbol", address + 1);
	expect("p", fetch, expected);
	expect("p", "\\3:symbol", "0x3");
	expect("p", "%ax:symstr", "\"0x2a\"");
	expect_of("(fault)", "+0(+%d(%%di)):symstr", OFFSET(unreadable));
}

static int boot(void **state)
{
	struct r3_box_options options = {.size = sizeof(options)};

	return r3_box_new(&box, &options);
}

static int stop(void **state)
{
	r3_box_free(box);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_probe_without_a_name_gets_one_of_its_place),
		cmocka_unit_test(a_place_is_a_symbol_or_an_address),
		cmocka_unit_test(blanks_separate_words_however_many),
		cmocka_unit_test(what_is_refused_is_told_with_its_place),
		cmocka_unit_test(sizes_have_limits),
		cmocka_unit_test(dereferences_nest_fourteen_deep),
		cmocka_unit_test(registers_and_variables_are_fetched),
		cmocka_unit_test(numbers_are_printed_by_their_type),
		cmocka_unit_test(memory_is_followed),
		cmocka_unit_test(arrays_are_printed_in_braces),
		cmocka_unit_test(what_cannot_be_read_is_a_fault),
		cmocka_unit_test(symbols_are_printed_with_offset_and_size),
	};

	return cmocka_run_group_tests_name("specs and arguments of probes", tests, boot, stop);
}
