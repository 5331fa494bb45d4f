// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's half of Linux 2.4's module scheme: rules and errors of
 * kernel/module.c of 2.4, with images that are put together here.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>
#include <ring3/ring3.h>
#include "box_fixture.h"
#include "image24.h"

static struct r3_box *boot24(void)
{
	return fixture_boot(R3_BOX_SCHEME_2_4);
}

static uint64_t create(struct r3_box *box, const char *name)
{
	uint64_t address = 0;
	int error = r3_create_module(box, name, IMAGE24_SIZE, &address);

	if (error)
		fail_msg("create_module(%s): %d, %s", name, error, r3_error());
	return address;
}

static int init(struct r3_box *box, const struct image24 *image)
{
	return r3_init_module(box, image->name, image, sizeof(*image));
}

/* Created and initialized, to be changed before by who needs it. */
static uint64_t load(struct r3_box *box, const char *name, uint64_t depends_on)
{
	struct image24 image;
	uint64_t address = create(box, name);

	image24_make(&image, name, address);
	if (depends_on)
		image24_depend(&image, depends_on);
	if (init(box, &image))
		fail_msg("init_module(%s): %s\nlog:\n%s", name, r3_error(), fixture.log);
	return address;
}

static struct r3_24_info info_of(struct r3_box *box, const char *name)
{
	struct r3_24_info info;
	size_t size = 0;

	assert_int_equal(r3_query_module(box, name, R3_QM_INFO, &info, sizeof(info), &size), 0);
	assert_int_equal(size, sizeof(info));
	return info;
}

/* The names that a query gives, with a blank behind each. */
static const char *names(struct r3_box *box, const char *name, int which)
{
	static char text[512];
	char buffer[256];
	size_t count = 0, length = 0, at = 0;

	assert_int_equal(r3_query_module(box, name, which, buffer, sizeof(buffer), &count), 0);
	text[0] = '\0';
	for (; count; count--) {
		length += snprintf(text + length, sizeof(text) - length, "%s ", buffer + at);
		at += strlen(buffer + at) + 1;
	}
	return text;
}

static void finish(struct r3_box *box)
{
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "");
	assert_clean(box);
	r3_box_free(box);
}

static void create_gives_cleared_memory_below_2_gib(void **state)
{
	static const char zeros[IMAGE24_SIZE - sizeof(struct r3_24_module) - 8];
	struct r3_box *box = boot24();
	uint64_t address = create(box, "seven77");
	const struct r3_24_module *module = (void *)address;
	struct r3_24_info info = info_of(box, "seven77");

	assert_true(address && address + IMAGE24_SIZE <= 1UL << 31);
	assert_int_equal(module->size_of_struct, sizeof(*module));
	assert_int_equal(module->size, IMAGE24_SIZE);
	assert_string_equal((const char *)module->name, "seven77");
	assert_memory_equal((const char *)(module + 1) + 8, zeros, sizeof(zeros));
	assert_true(info.addr == address && info.size == IMAGE24_SIZE);
	assert_true(!info.flags && !info.usecount);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "seven77 ");
	assert_int_equal(r3_delete_module(box, "seven77"), 0);
	finish(box);
}

static void create_refuses_what_2_4_refuses(void **state)
{
	const size_t least = sizeof(struct r3_24_module) + sizeof("m");
	struct r3_box *box = boot24();
	char name[80] = "";
	uint64_t address;

	assert_int_equal(r3_create_module(box, "m", least - 1, &address), -EINVAL);
	assert_int_equal(r3_create_module(box, "m", least, &address), 0);
	assert_int_equal(r3_create_module(box, "m", IMAGE24_SIZE, &address), -EEXIST);
	assert_int_equal(r3_create_module(box, "", IMAGE24_SIZE, &address), -EINVAL);
	assert_int_equal(r3_create_module(box, "n", 1UL << 40, &address), -ENOMEM);
	assert_int_equal(r3_create_module(box, "n", SIZE_MAX, &address), -ENOMEM);
	memset(name, 'n', sizeof(name) - 1);
	assert_int_equal(r3_create_module(box, name, IMAGE24_SIZE, &address), -ENAMETOOLONG);
	assert_int_equal(r3_delete_module(box, "m"), 0);
	finish(box);
}

static void init_and_cleanup_are_called(void **state)
{
	struct r3_box *box = boot24();
	uint64_t printk = (uint64_t)r3_symbol(box, "_printk"), address = create(box, "talks");
	struct image24 image;

	image24_make(&image, "talks", address);
	image24_log(&image, 0, "talks: hello", printk);
	image24_log(&image, 1, "talks: goodbye", printk);
	assert_int_equal(init(box, &image), 0);
	assert_logged("<6>talks: hello\n");
	assert_not_logged("goodbye");
	assert_int_equal(info_of(box, "talks").flags, R3_24_RUNNING);
	assert_int_equal(info_of(box, "talks").usecount, 0);
	assert_int_equal(r3_delete_module(box, "talks"), 0);
	assert_logged("<6>talks: goodbye\n");
	finish(box);
}

static double seconds(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static void time_passes_for_the_first_init(void **state)
{
	struct r3_box *box = boot24();
	uint64_t msleep = (uint64_t)r3_symbol(box, "msleep"), address = create(box, "sleeps");
	double start = seconds();
	struct image24 image;

	image24_make(&image, "sleeps", address);
	image24_call(&image, msleep, 50);
	assert_int_equal(init(box, &image), 0);
	assert_true(seconds() - start >= 0.050);
	assert_int_equal(r3_delete_module(box, "sleeps"), 0);
	finish(box);
}

static void a_module_without_init_and_cleanup_is_fine(void **state)
{
	struct r3_box *box = boot24();
	struct image24 image;

	image24_make(&image, "none", create(box, "none"));
	image.module.init = image.module.cleanup = 0;
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(r3_delete_module(box, "none"), 0);
	finish(box);
}

static void the_kernels_symbols_have_versions(void **state)
{
	static char buffer[1 << 20];
	const struct r3_24_symbol *symbols = (void *)buffer;
	struct r3_box *box = boot24();
	bool printk = false, versions = false;
	size_t needed = 0, count = 0;

	assert_int_equal(r3_query_module(box, NULL, R3_QM_SYMBOLS, buffer, 8, &needed), -ENOSPC);
	assert_true(needed > 8 && needed <= sizeof(buffer));
	assert_int_equal(r3_query_module(box, NULL, R3_QM_SYMBOLS, buffer, needed, &count), 0);
	assert_true(count > 100);
	for (size_t i = 0; i < count; i++) {
		const char *name = buffer + symbols[i].name;

		assert_true(symbols[i].name < needed);
		if (!strncmp(name, "_printk_R", 9)) {
			printk = symbols[i].value == (uint64_t)r3_symbol(box, "_printk");
			assert_int_equal(strlen(name), strlen("_printk_R") + 8);
		}
		versions |= !strcmp(name, "Using_Versions") && symbols[i].value == 1;
		/* they take a struct module of today */
		assert_null(strstr(name, "try_module_get"));
	}
	assert_true(printk && versions);
	finish(box);
}

static void a_module_exports_and_another_depends_on_it(void **state)
{
	struct r3_box *box = boot24();
	struct image24 image;
	char buffer[64];
	uint64_t lender = create(box, "lender"), user, entry;
	size_t count = 0;

	image24_make(&image, "lender", lender);
	image24_export(&image, "lend_R01234567", image.module.init);
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(
		r3_query_module(box, "lender", R3_QM_SYMBOLS, buffer, sizeof(buffer), &count), 0);
	assert_int_equal(count, 1);
	assert_int_equal(((struct r3_24_symbol *)buffer)->value, image.module.init);
	assert_string_equal(buffer + ((struct r3_24_symbol *)buffer)->name, "lend_R01234567");

	user = load(box, "user", lender);
	assert_string_equal(names(box, "user", R3_QM_DEPS), "lender ");
	assert_string_equal(names(box, "lender", R3_QM_REFS), "user ");
	assert_int_equal(info_of(box, "lender").flags, R3_24_RUNNING | R3_24_USED_ONCE);
	/* and in the modules' own memory */
	entry = ((struct r3_24_module *)lender)->refs;
	assert_int_equal(entry, user + offsetof(struct image24, deps));
	assert_int_equal(((struct r3_24_ref *)entry)->ref, user);
	load(box, "second", lender);
	assert_string_equal(names(box, "lender", R3_QM_REFS), "second user ");
	assert_int_equal(r3_delete_module(box, "lender"), -EBUSY);
	assert_int_equal(r3_delete_module(box, "second"), 0);
	assert_int_equal(((struct r3_24_module *)lender)->refs, entry);
	assert_int_equal(r3_delete_module(box, "user"), 0);
	assert_int_equal(((struct r3_24_module *)lender)->refs, 0);
	assert_int_equal(r3_delete_module(box, "lender"), 0);
	finish(box);
}

static void a_module_that_is_in_use_stays(void **state)
{
	struct r3_box *box = boot24();
	struct r3_24_module *module = (void *)load(box, "used", 0);

	module->usecount = 2; /* MOD_INC_USE_COUNT is code of the module's */
	assert_int_equal(info_of(box, "used").usecount, 2);
	assert_int_equal(r3_delete_module(box, "used"), -EBUSY);
	module->usecount = 0;
	assert_int_equal(r3_delete_module(box, "used"), 0);
	assert_int_equal(r3_delete_module(box, "used"), -ENOENT);
	finish(box);
}

static void can_unload_decides_instead_of_the_count(void **state)
{
	static const uint8_t busy[] = {CODE_RETURN(1)}, idle[] = {CODE_RETURN(0)};
	struct r3_box *box = boot24();
	uint64_t address = create(box, "decides");
	struct image24 image;

	image24_make(&image, "decides", address);
	image.module.can_unload = image24_at(&image, other);
	memcpy(image.other, busy, sizeof(busy));
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(info_of(box, "decides").usecount, -1);
	assert_int_equal(r3_delete_module(box, "decides"), -EBUSY);
	memcpy((void *)image.module.can_unload, idle, sizeof(idle));
	((struct r3_24_module *)address)->usecount = 5; /* nobody asks for it */
	assert_int_equal(r3_delete_module(box, "decides"), 0);
	finish(box);
}

/* Where a pointer of the header may be wrong, and what the log says then. */
static const struct lie {
	size_t field;
	size_t count_field; /* 0: none; then the count is what is wrong */
	const char *message;
} lies[] = {
	{offsetof(struct r3_24_module, name), 0, "init_module: mod->name out of bounds."},
	{offsetof(struct r3_24_module, syms), offsetof(struct r3_24_module, nsyms),
	 "init_module: mod->syms out of bounds."},
	{offsetof(struct r3_24_module, deps), offsetof(struct r3_24_module, ndeps),
	 "init_module: mod->deps out of bounds."},
	{offsetof(struct r3_24_module, init), 0, "init_module: mod->init out of bounds."},
	{offsetof(struct r3_24_module, cleanup), 0, "init_module: mod->cleanup out of bounds."},
	{offsetof(struct r3_24_module, ex_table_start), 0, "init_module: mod->ex_table_* invalid."},
	{offsetof(struct r3_24_module, ex_table_end), 0, "init_module: mod->ex_table_* invalid."},
	{offsetof(struct r3_24_module, can_unload), 0,
	 "init_module: mod->can_unload out of bounds."},
	{offsetof(struct r3_24_module, kallsyms_end), 0,
	 "init_module: mod->kallsyms out of bounds."},
	{offsetof(struct r3_24_module, kallsyms_start), 0, "init_module: mod->kallsyms invalid."},
	{offsetof(struct r3_24_module, archdata_end), 0,
	 "init_module: mod->archdata out of bounds."},
	{offsetof(struct r3_24_module, archdata_start), 0, "init_module: mod->archdata invalid."},
	{offsetof(struct r3_24_module, kernel_data), 0,
	 "init_module: mod->kernel_data must be zero."},
	{offsetof(struct r3_24_module, flags), 0, "init_module: mod->flags invalid."},
};

static void expect_lie(struct r3_box *box, const struct image24 *image, const char *message)
{
	fixture.log[0] = '\0';
	if (init(box, image) != -EINVAL)
		fail_msg("accepted in spite of: %s", message);
	assert_logged(message);
}

static void pointers_out_of_the_module_are_refused(void **state)
{
	struct r3_box *box = boot24();
	uint64_t address = create(box, "lies");
	const uint64_t bad[] = {1,
				address,
				address + 8,
				address + IMAGE24_SIZE + 1,
				address - 4096,
				UINT64_MAX,
				UINT64_MAX - 15,
				1UL << 63};
	struct image24 image;

	for (unsigned int i = 0; i < sizeof(lies) / sizeof(lies[0]); i++) {
		for (unsigned int j = 0; j < sizeof(bad) / sizeof(bad[0]); j++) {
			image24_make(&image, "lies", address);
			*(uint64_t *)((char *)&image + lies[i].field) = bad[j];
			if (lies[i].count_field)
				*(uint32_t *)((char *)&image + lies[i].count_field) = 1;
			expect_lie(box, &image, lies[i].message);
		}
		if (!lies[i].count_field)
			continue;
		image24_make(&image, "lies", address);
		*(uint32_t *)((char *)&image + lies[i].count_field) = UINT32_MAX;
		expect_lie(box, &image, lies[i].message);
	}
	/* after all of that it can still be initialized */
	image24_make(&image, "lies", address);
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(r3_delete_module(box, "lies"), 0);
	finish(box);
}

static void the_header_has_a_size_that_is_known(void **state)
{
	struct r3_box *box = boot24();
	uint64_t address = create(box, "header");
	struct image24 image;

	image24_make(&image, "header", address);
	image.module.size_of_struct = R3_24_MODULE_SIZE_MIN - 1;
	expect_lie(box, &image, "init_module: Invalid module header size.");
	image.module.size_of_struct = R3_24_MODULE_SIZE_MAX + 1;
	expect_lie(box, &image, "A new version of the modutils is likely needed.");
	image.module.size_of_struct = R3_24_MODULE_SIZE_MAX;
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(r3_delete_module(box, "header"), 0);

	/* A struct module without the optional fields: nobody looks at what is there. */
	image24_make(&image, "old", create(box, "old"));
	image.module.size_of_struct = R3_24_MODULE_SIZE_MIN;
	image.module.can_unload = image.module.kernel_data = 1;
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(r3_delete_module(box, "old"), 0);
	finish(box);
}

static void an_image_is_no_larger_than_its_module(void **state)
{
	struct r3_box *box = boot24();
	struct image24 image;

	image24_make(&image, "large", create(box, "large"));
	image.module.size = IMAGE24_SIZE + 1;
	expect_lie(box, &image,
		   "init_module: Size of initialized module exceeds size of created module.");
	image.module.size = 8; /* less than its own header */
	assert_int_equal(init(box, &image), -EINVAL);
	assert_int_equal(r3_delete_module(box, "large"), 0);
	finish(box);
}

static void an_image_that_ends_early_is_efault(void **state)
{
	struct r3_box *box = boot24();
	struct image24 image;

	image24_make(&image, "short", create(box, "short"));
	for (size_t size = 0; size < sizeof(image); size += size < 256 ? 1 : 511)
		assert_int_equal(r3_init_module(box, "short", &image, size), -EFAULT);
	assert_int_equal(info_of(box, "short").flags, 0);
	assert_int_equal(r3_delete_module(box, "short"), 0);
	finish(box);
}

static void an_image_has_the_name_that_was_created(void **state)
{
	struct r3_box *box = boot24();
	struct image24 image;

	assert_int_equal(r3_init_module(box, "nobody", &image, sizeof(image)), -ENOENT);
	image24_make(&image, "created", create(box, "created"));
	image.name[0] = 'C';
	fixture.log[0] = '\0';
	assert_int_equal(r3_init_module(box, "created", &image, sizeof(image)), -EINVAL);
	assert_logged("init_module: changed module name to `Created' from `created'");
	assert_int_equal(r3_delete_module(box, "created"), 0);
	finish(box);
}

static void names_of_symbols_lie_in_the_module(void **state)
{
	struct r3_box *box = boot24();
	uint64_t address = create(box, "names");
	const uint64_t bad[] = {0, address - 1, address + sizeof(struct image24), UINT64_MAX};
	struct image24 image;

	for (unsigned int i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		image24_make(&image, "names", address);
		image24_export(&image, "name", 0);
		image.symbols[0].name = bad[i];
		expect_lie(box, &image, "init_module: mod->syms[0].name out of bounds.");
	}
	/* one that does not end */
	memset(image.rest, 'n', sizeof(image.rest));
	image.symbols[0].name = image24_at(&image, rest);
	expect_lie(box, &image, "init_module: mod->syms[0].name out of bounds.");
	assert_int_equal(r3_delete_module(box, "names"), 0);
	finish(box);
}

static void dependencies_are_modules_and_others(void **state)
{
	struct r3_box *box = boot24();
	uint64_t first = create(box, "first"), second = create(box, "second");
	struct image24 image;

	image24_make(&image, "first", first);
	image24_depend(&image, first);
	expect_lie(box, &image, "init_module: self-referential dependency in mod->deps.");
	image.deps[0].dep = first + 16;
	expect_lie(box, &image, "init_module: found dependency that is (no longer?) a module.");
	image.deps[0].dep = UINT64_MAX;
	expect_lie(box, &image, "init_module: found dependency that is (no longer?) a module.");

	/* In a circle: 2.4 lets them in, and never out again by name. */
	image.deps[0].dep = second;
	assert_int_equal(init(box, &image), 0);
	image24_make(&image, "second", second);
	image24_depend(&image, first);
	image24_depend(&image, first); /* and twice */
	assert_int_equal(init(box, &image), 0);
	assert_string_equal(names(box, "second", R3_QM_DEPS), "first first ");
	assert_int_equal(r3_delete_module(box, "first"), -EBUSY);
	assert_int_equal(r3_delete_module(box, "second"), -EBUSY);
	assert_clean(box);
	r3_box_free(box);
}

static void what_init_returns_is_the_calls_error(void **state)
{
	static const uint8_t no_memory[] = {CODE_RETURN(-ENOMEM)}, odd[] = {CODE_RETURN(3)};
	struct r3_box *box = boot24();
	uint64_t lender = load(box, "lender", 0);
	struct image24 image;

	image24_make(&image, "fails", create(box, "fails"));
	image24_depend(&image, lender);
	memcpy(image.init, no_memory, sizeof(no_memory));
	assert_int_equal(init(box, &image), -ENOMEM);
	/* It stays created, with what it depends on. */
	assert_int_equal(info_of(box, "fails").flags, 0);
	assert_int_equal(info_of(box, "fails").usecount, 0);
	assert_string_equal(names(box, "lender", R3_QM_REFS), "fails ");
	memcpy(image.init, odd, sizeof(odd));
	assert_int_equal(init(box, &image), -EBUSY);
	assert_string_equal(names(box, "lender", R3_QM_REFS), "fails ");
	assert_int_equal(r3_delete_module(box, "lender"), -EBUSY);
	assert_int_equal(r3_delete_module(box, "fails"), 0);
	assert_int_equal(r3_delete_module(box, "lender"), 0);
	finish(box);
}

static void a_module_that_runs_is_not_written_over(void **state)
{
	struct r3_box *box = boot24();
	struct image24 image;

	image24_make(&image, "runs", load(box, "runs", 0));
	assert_int_equal(init(box, &image), -EBUSY);
	assert_int_equal(info_of(box, "runs").flags, R3_24_RUNNING);
	assert_int_equal(r3_delete_module(box, "runs"), 0);
	finish(box);
}

static void an_oops_in_init_leaves_the_module_as_it_is(void **state)
{
	static const uint8_t bad[] = {CODE_OOPS};
	struct r3_box *box = boot24();
	struct image24 image;

	image24_make(&image, "oopses", create(box, "oopses"));
	image24_export(&image, "oopses_init", image.module.init);
	memcpy(image.init, bad, sizeof(bad));
	assert_int_equal(init(box, &image), -R3_EOOPS);
	assert_logged("RIP: 0010:oopses_init+0x0");
	assert_logged(" " R3_24_RELEASE " #1");
	assert_int_equal(info_of(box, "oopses").flags, R3_24_INITIALIZING);
	assert_int_equal(info_of(box, "oopses").usecount, 1);
	assert_int_equal(r3_delete_module(box, "oopses"), -EBUSY);
	assert_int_equal(init(box, &image), -EBUSY);
	load(box, "lives", 0); /* the box does */
	assert_int_equal(r3_delete_module(box, "lives"), 0);
	r3_box_free(box);
}

static void an_oops_in_cleanup_keeps_the_memory_but_not_the_name(void **state)
{
	static const uint8_t bad[] = {CODE_OOPS};
	struct r3_box *box = boot24();
	struct image24 image;

	image24_make(&image, "oopses", create(box, "oopses"));
	memcpy(image.cleanup, bad, sizeof(bad));
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(r3_delete_module(box, "oopses"), -R3_EOOPS);
	assert_int_equal(r3_delete_module(box, "oopses"), -ENOENT);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "oopses ");
	load(box, "oopses", 0);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "oopses oopses ");
	assert_int_equal(r3_delete_module(box, "oopses"), 0);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "oopses ");
	r3_box_free(box);
}

static uint64_t load_autoclean(struct r3_box *box, const char *name, uint64_t depends_on)
{
	struct image24 image;
	uint64_t address = create(box, name);

	image24_make(&image, name, address);
	image.module.flags = R3_24_AUTOCLEAN;
	if (depends_on)
		image24_depend(&image, depends_on);
	assert_int_equal(init(box, &image), 0);
	return address;
}

static void reaping_takes_what_was_used_and_is_idle(void **state)
{
	struct r3_box *box = boot24();
	struct r3_24_module *idle, *visited, *busy;

	load(box, "wanted", 0);
	load_autoclean(box, "unused", 0);
	idle = (void *)load_autoclean(box, "idle", 0);
	visited = (void *)load_autoclean(box, "visited", 0);
	busy = (void *)load_autoclean(box, "busy", 0);
	idle->flags |= R3_24_USED_ONCE;
	visited->flags |= R3_24_USED_ONCE | R3_24_VISITED;
	busy->flags |= R3_24_USED_ONCE;
	busy->usecount = 1;
	/* As in 2.4 the first that goes makes all be looked at again, so "visited" goes with it. */
	assert_int_equal(r3_delete_module(box, NULL), 0);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "busy unused wanted ");
	busy->usecount = 0;
	busy->flags |= R3_24_VISITED;
	assert_int_equal(r3_delete_module(box, NULL), 0);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "busy unused wanted ");
	assert_int_equal(r3_delete_module(box, NULL), 0);
	assert_string_equal(names(box, NULL, R3_QM_MODULES), "unused wanted ");
	assert_int_equal(r3_delete_module(box, "unused"), 0);
	assert_int_equal(r3_delete_module(box, "wanted"), 0);
	finish(box);
}

static void reaping_follows_dependencies(void **state)
{
	struct r3_box *box = boot24();
	uint64_t lender = load_autoclean(box, "lender", 0);
	struct r3_24_module *user = (void *)load_autoclean(box, "user", lender);

	user->flags |= R3_24_USED_ONCE;
	((struct r3_24_module *)lender)->flags |= R3_24_VISITED;
	assert_int_equal(r3_delete_module(box, NULL),
			 0); /* one that was just freed has no respite */
	finish(box);
}

static void exception_tables_are_absolute(void **state)
{
	/* mov 0,%eax; then what is run instead: mov $7,%eax; ret */
	static const uint8_t code[] = {0x8b, 0x04, 0x25, 0, 0, 0, 0, 0xc3, CODE_RETURN(7)};
	struct r3_box *box = boot24();
	uint64_t result = 0;
	struct image24 image;

	image24_make(&image, "fixes", create(box, "fixes"));
	memcpy(image.other, code, sizeof(code));
	image.fixups[0] =
		(struct r3_24_exception){image24_at(&image, other), image24_at(&image, other) + 8};
	image.module.ex_table_start = image24_at(&image, fixups);
	image.module.ex_table_end = image.module.ex_table_start + sizeof(image.fixups[0]);
	assert_int_equal(init(box, &image), 0);
	assert_int_equal(r3_call(box, (void *)image24_at(&image, other), &result, 0), 0);
	assert_int_equal((int)result, 7);
	assert_int_equal(r3_delete_module(box, "fixes"), 0);
	finish(box);
}

static void get_kernel_syms_counts_and_lists(void **state)
{
	struct r3_24_kernel_symbol *table;
	struct r3_box *box = boot24();
	struct image24 image;
	long count;

	image24_make(&image, "lists", create(box, "lists"));
	image24_export(&image, "an_export_whose_name_is_longer_than_the_60_bytes_of_the_t", 5);
	assert_int_equal(init(box, &image), 0);
	count = r3_get_kernel_syms(box, NULL, 0);
	assert_true(count > 100);
	table = calloc(count, sizeof(*table));
	assert_int_equal(r3_get_kernel_syms(box, table, count), count);
	assert_string_equal(table[0].name, "#lists");
	assert_int_equal(table[1].value, 5);
	assert_string_equal(table[2].name, "#");
	free(table);
	assert_int_equal(r3_delete_module(box, "lists"), 0);
	finish(box);
}

static void queries_have_their_errors(void **state)
{
	struct r3_box *box = boot24();
	size_t ret = 0;
	char buffer[64];

	load(box, "asked", 0);
	assert_int_equal(r3_query_module(box, NULL, 0, NULL, 0, NULL), 0);
	assert_int_equal(r3_query_module(box, "nobody", R3_QM_INFO, buffer, 64, &ret), -ENOENT);
	assert_int_equal(r3_query_module(box, NULL, R3_QM_INFO, buffer, 64, &ret), -EINVAL);
	assert_int_equal(r3_query_module(box, NULL, R3_QM_DEPS, buffer, 64, &ret), -EINVAL);
	assert_int_equal(r3_query_module(box, NULL, R3_QM_REFS, buffer, 64, &ret), -EINVAL);
	assert_int_equal(r3_query_module(box, "asked", 6, buffer, 64, &ret), -EINVAL);
	assert_int_equal(r3_query_module(box, "asked", R3_QM_INFO, buffer, 8, &ret), -ENOSPC);
	assert_int_equal(ret, sizeof(struct r3_24_info));
	assert_int_equal(r3_query_module(box, NULL, R3_QM_MODULES, buffer, 5, &ret), -ENOSPC);
	assert_int_equal(ret, sizeof("asked"));
	assert_int_equal(r3_delete_module(box, "asked"), 0);
	finish(box);
}

static void a_box_has_one_scheme(void **state)
{
	struct r3_box *today = fixture_boot(0), *box;
	uint64_t address;
	size_t ret;

	assert_int_equal(r3_create_module(today, "m", IMAGE24_SIZE, &address), -ENOSYS);
	assert_int_equal(r3_query_module(today, NULL, R3_QM_MODULES, NULL, 0, &ret), -ENOSYS);
	assert_string_not_equal(r3_box_release(today), R3_24_RELEASE);
	r3_box_free(today);
	box = boot24();
	assert_string_equal(r3_box_release(box), R3_24_RELEASE);
	assert_int_equal(r3_module_load_buffer(box, "\177ELF", 4, "", 0, NULL), -ENOSYS);
	finish(box);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(create_gives_cleared_memory_below_2_gib),
		cmocka_unit_test(create_refuses_what_2_4_refuses),
		cmocka_unit_test(init_and_cleanup_are_called),
		cmocka_unit_test(time_passes_for_the_first_init),
		cmocka_unit_test(a_module_without_init_and_cleanup_is_fine),
		cmocka_unit_test(the_kernels_symbols_have_versions),
		cmocka_unit_test(a_module_exports_and_another_depends_on_it),
		cmocka_unit_test(a_module_that_is_in_use_stays),
		cmocka_unit_test(can_unload_decides_instead_of_the_count),
		cmocka_unit_test(pointers_out_of_the_module_are_refused),
		cmocka_unit_test(the_header_has_a_size_that_is_known),
		cmocka_unit_test(an_image_is_no_larger_than_its_module),
		cmocka_unit_test(an_image_that_ends_early_is_efault),
		cmocka_unit_test(an_image_has_the_name_that_was_created),
		cmocka_unit_test(names_of_symbols_lie_in_the_module),
		cmocka_unit_test(dependencies_are_modules_and_others),
		cmocka_unit_test(what_init_returns_is_the_calls_error),
		cmocka_unit_test(a_module_that_runs_is_not_written_over),
		cmocka_unit_test(an_oops_in_init_leaves_the_module_as_it_is),
		cmocka_unit_test(an_oops_in_cleanup_keeps_the_memory_but_not_the_name),
		cmocka_unit_test(reaping_takes_what_was_used_and_is_idle),
		cmocka_unit_test(reaping_follows_dependencies),
		cmocka_unit_test(exception_tables_are_absolute),
		cmocka_unit_test(get_kernel_syms_counts_and_lists),
		cmocka_unit_test(queries_have_their_errors),
		cmocka_unit_test(a_box_has_one_scheme),
	};

	fixture_arguments(argc, argv, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
