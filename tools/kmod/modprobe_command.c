// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include "tools/kmod/buffer.h"
#include "tools/kmod/modprobe.h"

static const char variable[] = "$CMDLINE_OPTS";
static const char environment[] = "MODPROBE_MODULE";

const struct config_entry *modprobe_command(const struct modprobe *modprobe, enum config_kind kind,
					    const struct pool_module *module)
{
	const struct config_entry *first = modprobe->config.first[kind];
	const struct config_entry *entry = config_find(first, module->name);

	/* What a module was found by wins over a pattern that stands before it. */
	return entry && entry == module->found_by ? entry : config_match(first, module->name);
}

/* What the buffer holds as text, owned by the caller; NULL: there was no memory. */
static char *take_text(struct buffer *text)
{
	buffer_add_byte(text, '\0');
	if (!text->failed)
		return text->data;
	buffer_release(text);
	return NULL;
}

char *modprobe_expand(const char *command, const char *options)
{
	struct buffer text = {0};
	const char *found;

	for (; (found = strstr(command, variable)); command = found + strlen(variable)) {
		buffer_add(&text, command, found - command);
		buffer_add_text(&text, options);
	}
	buffer_add_text(&text, command);
	return take_text(&text);
}

int modprobe_run(const char *command, const struct pool_module *module, int *status)
{
	int result;

	fflush(stdout);
	if (setenv(environment, module->name, 1))
		return -errno;
	result = system(command);
	unsetenv(environment);
	if (result == -1)
		return -errno;
	/* Ended by a signal, it failed, too; a shell would say so. */
	*status = WIFSIGNALED(result) ? 128 + WTERMSIG(result) : WEXITSTATUS(result);
	return *status ? -EINVAL : 0;
}

bool modprobe_is_option_of(const struct config_entry *entry, const struct pool_module *module)
{
	return !strcmp(entry->name, module->name) ||
	       (module->alias && !strcmp(entry->name, module->alias));
}

int modprobe_options(const struct modprobe *modprobe, const struct pool_module *module,
		     const char *extra, char **options)
{
	const struct config_entry *entry = modprobe->config.first[CONFIG_OPTIONS];
	struct buffer text = {0};

	for (; entry; entry = entry->next)
		if (modprobe_is_option_of(entry, module)) {
			buffer_add_text(&text, entry->value);
			buffer_add_byte(&text, ' ');
		}
	if (extra)
		buffer_add_text(&text, extra);
	*options = NULL;
	if (!text.size && !text.failed)
		return 0;
	*options = take_text(&text);
	return *options ? 0 : -ENOMEM;
}
