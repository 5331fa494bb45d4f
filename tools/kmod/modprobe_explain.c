// SPDX-License-Identifier: GPL-2.0-or-later
/* --explain: why each module would be loaded, left out or refused. */
#include <stdlib.h>
#include "tools/kmod/modprobe.h"

/* "it was asked for", "ext4 needs it (.../modules.dep)", ... */
static void print_reason(const struct modprobe *modprobe, const struct pool_module *module)
{
	char place[PATH_MAX];

	if (module->softdep)
		printf("softdep of %s, %s", module->wanted_by->name,
		       config_place(module->softdep, place));
	else if (module->wanted_by)
		printf("%s needs it, %s/modules.dep", module->wanted_by->name,
		       modprobe->pool.directory);
	else if (module->found_by && module->alias)
		printf("alias %s stands for it, %s", module->alias,
		       config_place(module->found_by, place));
	else if (module->alias)
		printf("alias %s stands for it, %s/%s", module->alias, modprobe->pool.directory,
		       module->found_in);
	else
		printf("asked for by name");
}

static void print_options(const struct modprobe *modprobe, const struct pool_module *module)
{
	const struct config_entry *entry = modprobe->config.first[CONFIG_OPTIONS];
	char place[PATH_MAX];

	for (; entry; entry = entry->next)
		if (modprobe_is_option_of(entry, module))
			printf("%s: options %s: %s\n", module->name, entry->value,
			       config_place(entry, place));
}

static void explain_load(const struct modprobe *modprobe, const struct pool_module *module)
{
	const struct config_entry *command = modprobe_command(modprobe, CONFIG_INSTALL, module);
	char place[PATH_MAX];

	if (command && !module->ignores_command)
		printf("%s: runs '%s', %s: ", module->name, command->value,
		       config_place(command, place));
	else if (module->path)
		printf("%s: loads %s: ", module->name, module->path);
	else
		printf("%s: has no file: ", module->name);
	print_reason(modprobe, module);
	putchar('\n');
	print_options(modprobe, module);
}

static void explain_forbidden(const struct modprobe *modprobe, const struct pool_module *module)
{
	const struct config_entry *entry = modprobe_forbidden(modprobe, module);
	char place[PATH_MAX];

	printf("%s: refused: forbid %s, %s: ", module->name, entry->name,
	       config_place(entry, place));
	print_reason(modprobe, module);
	putchar('\n');
}

void modprobe_explain(struct modprobe *modprobe, struct pool_module *module,
		      enum modprobe_verdict verdict)
{
	const struct config_entry *entry;
	char place[PATH_MAX];

	switch (verdict) {
	case VERDICT_LOAD:
		explain_load(modprobe, module);
		return;
	case VERDICT_FORBIDDEN:
		explain_forbidden(modprobe, module);
		return;
	case VERDICT_IN_KERNEL:
		printf("%s: skipped: %s: ", module->name,
		       pool_is_builtin(&modprobe->pool, module) ? "built into the kernel"
								: "loaded already");
		break;
	case VERDICT_BLACKLISTED:
		entry = config_find(modprobe->config.first[CONFIG_BLACKLIST], module->name);
		printf("%s: skipped: blacklist, %s: ", module->name, config_place(entry, place));
		break;
	}
	print_reason(modprobe, module);
	putchar('\n');
}
