// SPDX-License-Identifier: GPL-2.0-or-later
/* Which scheme the tools are for, and what the 2.4 scheme's have in common. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <syslog.h>
#include "tools/modutils/tools.h"

/* "2.4.37-ring3" is, "2.6.0" is not; older ones than 2 had no such calls. */
static bool is_old_kernel(void)
{
	struct utsname uts;
	unsigned long major, minor;
	char *end;

	if (uname(&uts))
		return false;
	major = strtoul(uts.release, &end, 10);
	minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
	return end != uts.release && major == 2 && minor < 6;
}

static void take_out(int *argc, char **argv, int first, int count)
{
	for (int i = first; i + count <= *argc; i++)
		argv[i] = argv[i + count];
	*argc -= count;
}

int modutils_is_wanted(int *argc, char **argv)
{
	static const char option[] = "--scheme";
	const char *scheme = NULL;

	for (int i = 1; i < *argc && strcmp(argv[i], "--") && !scheme;) {
		size_t length = strlen(option);

		if (!strcmp(argv[i], option)) {
			scheme = i + 1 < *argc ? argv[i + 1] : "";
			take_out(argc, argv, i, i + 1 < *argc ? 2 : 1);
		} else if (!strncmp(argv[i], option, length) && argv[i][length] == '=') {
			scheme = argv[i] + length + 1;
			take_out(argc, argv, i, 1);
		} else {
			i++;
		}
	}
	if (!scheme)
		return is_old_kernel();
	if (!strcmp(scheme, "2.4"))
		return true;
	if (!strcmp(scheme, "2.6"))
		return false;
	fprintf(stderr, "%s: --scheme is 2.4 or 2.6, not '%s'\n", program_invocation_short_name,
		scheme);
	return -EINVAL;
}

void modutils_start(struct messages *messages, const char *name)
{
	*messages = (struct messages){.from = name, .out = stdout, .err = stderr};
}

void modutils_to_syslog(struct messages *messages, const char *name)
{
	openlog(name, LOG_CONS, LOG_DAEMON);
	messages->out = messages->err = NULL;
}

void modutils_print_version(FILE *to, const char *name)
{
	fprintf(to, "%s version %s\nring3-kmod %s\n", name, MODUTILS_VERSION, RING3_VERSION);
}
