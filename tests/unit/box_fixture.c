// SPDX-License-Identifier: GPL-2.0-or-later
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "box_fixture.h"

struct fixture fixture;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

bool fixture_arguments(int argc, char **argv, int least)
{
	const char **where[] = {&fixture.directory, &fixture.target, &fixture.headers,
				&fixture.source};

	for (int i = 0; i < 4 && i + 1 < argc; i++)
		*where[i] = argv[i + 1];
	return argc > least;
}

static void remember(void *context, const struct r3_log_record *record)
{
	size_t used;

	pthread_mutex_lock(&log_lock);
	used = strlen(fixture.log);
	snprintf(fixture.log + used, sizeof(fixture.log) - used, "<%d>%.*s\n", record->level,
		 (int)record->length, record->text);
	pthread_mutex_unlock(&log_lock);
}

struct r3_box *fixture_boot_cpus(unsigned int flags, unsigned int cpus)
{
	struct r3_box *box = NULL;
	struct r3_box_options options = {.size = sizeof(options),
					 .target = fixture.target,
					 .headers = fixture.headers,
					 .source = fixture.source,
					 .flags = flags,
					 .cpus = cpus,
					 .modules_dir = fixture.directory,
					 .log = remember};

	fixture.log[0] = '\0';
	if (r3_box_new(&box, &options))
		fail_msg("%s", r3_error());
	return box;
}

struct r3_box *fixture_boot(unsigned int flags)
{
	return fixture_boot_cpus(flags, 0);
}

int fixture_load(struct r3_box *box, const char *name, const char *parameters)
{
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s.ko", fixture.directory, name);
	return r3_module_load(box, path, parameters, 0, NULL);
}

void fixture_load_ok(struct r3_box *box, const char *name, const char *parameters)
{
	int error = fixture_load(box, name, parameters);

	if (error)
		fail_msg("%s: %d, %s\nlog:\n%s", name, error, r3_error(), fixture.log);
}

void assert_logged(const char *text)
{
	if (!strstr(fixture.log, text))
		fail_msg("the log lacks \"%s\"; it is:\n%s", text, fixture.log);
}

void assert_not_logged(const char *text)
{
	if (strstr(fixture.log, text))
		fail_msg("the log has \"%s\"; it is:\n%s", text, fixture.log);
}

static int fail_leak(void *context, const struct r3_leak *leak)
{
	fail_msg("%s left %lu bytes of %s, allocated in %s", leak->module,
		 (unsigned long)leak->bytes, leak->kind, leak->function);
	return 1;
}

void assert_clean(struct r3_box *box)
{
	struct r3_box_report report;

	assert_int_equal(r3_leak_each(box, fail_leak, NULL), 0);
	assert_int_equal(r3_box_report(box, &report), 0);
	if (report.warnings || report.oopses)
		fail_msg("%u warnings, %u oopses; the log is:\n%s", (unsigned int)report.warnings,
			 (unsigned int)report.oopses, fixture.log);
}

void fixture_checks_itself(const char *name)
{
	struct r3_box *box = fixture_boot(0);
	char line[64];

	fixture_load_ok(box, name, "");
	snprintf(line, sizeof(line), "<6>%s: ok\n", name);
	assert_logged(line);
	assert_int_equal(r3_module_unload(box, name, 0), 0);
	assert_clean(box);
	r3_box_free(box);
}
