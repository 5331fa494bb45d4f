// SPDX-License-Identifier: GPL-2.0-or-later
/* Reading module files: what finit_module and init_module refuse before they look inside. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "elf/elf_view.h"
#include "elf_fixture.h"

static char folder[] = "/tmp/ring3-unit-XXXXXX";
static const char *module_path;

static const char *in_folder(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static int make_folder(void **state)
{
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
	return rmdir(folder);
}

static void expect_error(const char *path, int error, const char *advice)
{
	struct elf_problem problem = {{0}, {0}};
	struct module_image image;

	assert_int_equal(image_read_file(&image, path, &problem), error);
	assert_null(image.data);
	assert_string_equal(problem.message, ""); /* the kernel logs none of these */
	assert_memory_equal(problem.advice, advice, strlen(advice));
	assert_int_equal(image_read_file(&image, path, NULL), error);
}

static void write_file(const char *path, const void *data, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static void test_whole_file(void **state)
{
	struct ko ko = ko_copy();
	struct module_image image;

	assert_int_equal(image_read_file(&image, module_path, NULL), 0);
	assert_int_equal(image.compression, IMAGE_PLAIN);
	assert_int_equal(image.size, ko.size);
	assert_memory_equal(image.data, ko.data, ko.size);
	assert_int_equal(image.signature_error, -ENODATA);
	image_release(&image);
	ko_free(&ko);
}

static void test_no_file(void **state)
{
	expect_error(in_folder("absent.ko"), -ENOENT, "There is no such file; ");
}

static void test_directory(void **state)
{
	expect_error(folder, -EINVAL, "This is no regular file; ");
}

static void test_device(void **state)
{
	expect_error("/dev/null", -EINVAL, "This is no regular file; ");
}

static void test_pipe(void **state)
{
	const char *path = in_folder("pipe");

	assert_int_equal(mkfifo(path, 0600), 0);
	expect_error(path, -EINVAL, "This is no regular file; ");
	unlink(path);
}

static void test_empty(void **state)
{
	const char *path = in_folder("empty.ko");

	write_file(path, "", 0);
	expect_error(path, -EINVAL, "The file is empty; ");
	unlink(path);
}

static void test_too_big(void **state)
{
	const char *path = in_folder("big.ko");

	write_file(path, "", 0);
	assert_int_equal(truncate(path, IMAGE_MAX_SIZE + 1), 0);
	expect_error(path, -EFBIG, "No module is that large; ");
	unlink(path);
}

static void test_open_for_writing(void **state)
{
	const char *path = in_folder("busy.ko");
	struct module_image image;
	struct ko ko = ko_copy();
	int fd;

	write_file(path, ko.data, ko.size);
	fd = open(path, O_WRONLY);
	assert_true(fd >= 0);
	expect_error(path, -ETXTBSY, "A program has the file open for writing; ");
	close(fd);
	assert_int_equal(image_read_file(&image, path, NULL), 0);
	assert_int_equal(image.size, ko.size);
	image_release(&image);
	unlink(path);
	ko_free(&ko);
}

/* finit_module has a line for what is short, and a marker alone is no signature. */
static void test_marker_only(void **state)
{
	static const char marker[] = "~Module signature appended~\n";
	const char *path = in_folder("marker.ko");
	struct elf_problem problem;
	struct module_image image;
	struct elf_view view;

	write_file(path, marker, 28);
	assert_int_equal(image_read_file(&image, path, NULL), 0);
	assert_int_equal(image.signature_error, -ENODATA);
	assert_int_equal(elf_open(&view, image.data, image.size, &problem), -ENOEXEC);
	assert_string_equal(problem.message, "Invalid ELF header len 28");
	image_release(&image);
	unlink(path);
}

/* init_module refuses what cannot hold a header before anything is logged. */
static void test_short_memory(void **state)
{
	struct elf_problem problem = {{0}, {0}};
	struct module_image image;
	uint8_t bytes[64] = "\177ELF";

	assert_int_equal(image_read_memory(&image, NULL, 0, &problem), -ENOEXEC);
	assert_int_equal(image_read_memory(&image, bytes, 63, &problem), -ENOEXEC);
	assert_string_equal(problem.message, "");
	assert_int_equal(image_read_memory(&image, bytes, 64, &problem), 0);
	assert_int_equal(image.size, 64);
	image_release(&image);
}

static void test_memory_is_copied(void **state)
{
	struct ko ko = ko_copy();
	struct module_image image;
	struct elf_view view;

	assert_int_equal(image_read_memory(&image, ko.data, ko.size, NULL), 0);
	memset(ko.data, 0, ko.size);
	ko_free(&ko);
	assert_int_equal(elf_open(&view, image.data, image.size, NULL), 0);
	assert_string_equal(elf_module_name(&view), "elf_module");
	image_release(&image);
}

#define TEST(rule, function)                                                                       \
	{                                                                                          \
		.name = rule, .test_func = function                                                \
	}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		TEST("a file is read whole", test_whole_file),
		TEST("no such file: ENOENT", test_no_file),
		TEST("a directory: EINVAL", test_directory),
		TEST("a device: EINVAL", test_device),
		TEST("a pipe that nobody writes to: EINVAL, at once", test_pipe),
		TEST("an empty file: EINVAL", test_empty),
		TEST("a file beyond the bound: EFBIG", test_too_big),
		TEST("a file that is open for writing: ETXTBSY", test_open_for_writing),
		TEST("a marker alone is a short file", test_marker_only),
		TEST("memory below a header: ENOEXEC, nothing logged", test_short_memory),
		TEST("memory is copied", test_memory_is_copied),
	};

	module_path = argv[1];
	ko_read(module_path);
	return cmocka_run_group_tests_name("elf_image", tests, make_folder, remove_folder);
}
