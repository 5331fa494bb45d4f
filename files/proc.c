// SPDX-License-Identifier: GPL-2.0-or-later
/* /proc: modules (kernel/module/procfs.c), version and cmdline. */
#include <errno.h>
#include <string.h>
#include "files/internal.h"
#include "loader/module_view.h"
#include "loader/symbol_table.h"
#include "scheme24/scheme24.h"

static void write_users(const struct r3_module *module, FILE *text)
{
	bool any = false;

	for (const struct module_use *use = module->users; use; use = use->next_user) {
		fprintf(text, "%s,", use->user->name);
		any = true;
	}
	if (module->init && !module->exit) {
		fputs("[permanent],", text);
		any = true;
	}
	if (!any)
		fputc('-', text);
}

static void write_module(struct handle *handle, struct r3_module *module, FILE *text)
{
	static const char *const states[] = {"Live", "Loading", "Unloading"};
	static const char *const marks[] = {"", "+", "-"};
	const struct object *object = module->object;
	char letters[16];

	fprintf(text, "%s %lu ", module->name,
		(unsigned long)(object->init_size + object->core_size));
	if (module->box->options.flags & R3_BOX_NO_UNLOAD) {
		fputs("- -", text); /* print_unload_info() without CONFIG_MODULE_UNLOAD */
	} else {
		fprintf(text, "%d ", module_references(module));
		write_users(module, text);
	}
	fprintf(text, " %s 0x%016lx", states[module->state],
		handle->shows_addresses ? (unsigned long)object->core_base : 0UL);
	taint_letters(module->taints, letters);
	if (module->taints || module->state != MODULE_LIVE)
		fprintf(text, " (%s%s)", letters, marks[module->state]);
	fputc('\n', text);
}

static int modules_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;

	if (box_enter(box))
		return -EIO;
	module_lock(box);
	if (box_is_24(box))
		scheme24_show_modules(box, text);
	for (struct r3_module *module = box->modules; module && !box_is_24(box);
	     module = module->next)
		if (module->state != MODULE_UNFORMED)
			write_module(handle, module, text);
	module_unlock(box);
	box_leave(box);
	return 0;
}

const struct file_class modules_class = {
	.open = open_with_addresses,
	.show = modules_show,
};

/* What insmod of 2.4 took the kernel's symbols from, before query_module(). */
static int ksyms_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;
	int error;

	if (!box_is_24(box))
		return -ENOENT;
	if (box_enter(box))
		return -EIO;
	error = scheme24_show_symbols(box, text);
	box_leave(box);
	return error;
}

const struct file_class ksyms_class = {
	.show = ksyms_show,
};

static int version_show(struct handle *handle, FILE *text)
{
	struct r3_box *box = handle->files->box;
	const char *banner;

	module_lock(box);
	banner = symbol_table_find(box->kernel, "linux_banner");
	module_unlock(box);
	if (!banner)
		return -EIO;
	/* "Linux version RELEASE (": in the 2.4 scheme it is another one. */
	fprintf(text, "Linux version %s %s", r3_box_release(box), strchr(banner, '('));
	return 0;
}

const struct file_class version_class = {
	.show = version_show,
};

static int cmdline_show(struct handle *handle, FILE *text)
{
	const char *cmdline = handle->files->box->options.cmdline;

	fprintf(text, "%s\n", cmdline ? cmdline : "");
	return 0;
}

const struct file_class cmdline_class = {
	.show = cmdline_show,
};
