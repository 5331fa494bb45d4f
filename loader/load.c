// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * finit_module: from the file's bytes to a live module, in the order of
 * load_module() in kernel/module/main.c. Nothing is trusted before it was
 * verified; whatever fails undoes what came before it, in reverse.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "box/account.h"
#include "box/cmdline.h"
#include "loader/internal.h"
#include "probe/event.h"
#include "target/target.h"

#define NAME_OFFSET 24 /* of struct module: an enum, a list_head, then the name */

/* What went wrong, as Linux logs it; what to do about it, as the caller reads it. */
static int refuse(struct r3_box *box, int error, const struct elf_problem *problem)
{
	if (*problem->message)
		box_printk(box, 3, "%s", problem->message);
	return r3_fail(error, "%s", *problem->advice ? problem->advice : problem->message);
}

/* module_sig_check: the signature itself is not checked yet, only whether there is one. */
static int check_signature(struct load_info *info, const struct module_image *image)
{
	bool mangled = info->flags & (R3_LOAD_IGNORE_MODVERSIONS | R3_LOAD_IGNORE_VERMAGIC);
	bool is_signed = image->is_signed && !mangled;
	int error = mangled ? -ENODATA : image->signature_error;

	if (!mangled && *image->signature_message)
		box_printk(info->box, 3, "%s", image->signature_message);
	if (error == -EBADMSG)
		return r3_fail(error, "the signature at the end of the file is malformed: sign the "
				      "module again, or cut the signature off");

	if (is_signed)
		trace_event(info->box, R3_TRACE_VERIFY, "", "signature", "not checked", 0,
			    image->signature_size, "signature of %zu bytes found, not checked",
			    image->signature_size);
	if (!is_signed && info->box->options.flags & R3_BOX_SIG_ENFORCE) {
		box_printk(info->box, 5, "Loading of %s is rejected",
			   error == -ENOPKG ? "module with unsupported crypto" : "unsigned module");
		return r3_fail(-EKEYREJECTED,
			       "the box enforces signatures and the module has none%s: sign it, or "
			       "boot the box without module.sig_enforce",
			       mangled ? " that counts (versions or vermagic are ignored)" : "");
	}
	info->is_signed = is_signed;
	return 0;
}

static int find_sections(struct load_info *info)
{
	struct elf_view *view = &info->view;

	info->modinfo = elf_find_section(view, ".modinfo", false);
	info->name = elf_modinfo(view, "name");
	if (!view->symtab) {
		box_printk(info->box, 4, "%s: module has no symbols (stripped?)",
			   info->name ? info->name : "(missing .modinfo section or name field)");
		return r3_fail(-ENOEXEC, "the module was stripped of its symbol table: use the "
					 "original file, or strip with --strip-debug only");
	}
	info->this_module = elf_find_section(view, ".gnu.linkonce.this_module", true);
	if (!info->this_module) {
		const char *name =
			info->name ? info->name : "(missing .modinfo section or name field)";

		if (box_release_before(info->box, 6, 4))
			box_printk(info->box, 4, "%s: No module found in object", name);
		else
			box_printk(info->box, 3,
				   "module %s: Exactly one .gnu.linkonce.this_module section must "
				   "exist.",
				   name);
		return r3_fail(-ENOEXEC,
			       "this is an object file, but no module: build it with "
			       "`ring3 build' or Kbuild, which link in the generated .mod.c");
	}
	if (!(info->flags & R3_LOAD_IGNORE_MODVERSIONS))
		info->versions = elf_find_section(view, "__versions", false);
	return 0;
}

static int find_name(struct load_info *info)
{
	const Elf64_Shdr *section = &info->view.sections[info->this_module];
	const char *data = elf_section_data(&info->view, info->this_module);
	struct r3_module *module = info->module;

	if (!info->name && data && section->sh_size >= NAME_OFFSET + sizeof(module->name))
		info->name = memchr(data + NAME_OFFSET, '\0', sizeof(module->name))
				     ? data + NAME_OFFSET
				     : NULL;
	if (!info->name || !*info->name)
		return r3_fail(-ENOEXEC, "the module has no name in .modinfo: rebuild it");
	snprintf(module->name, sizeof(module->name), "%s", info->name);
	info->name = module->name;
	return 0;
}

/* Kernel command line: module_blacklist=a,b */
static bool is_blacklisted(const struct r3_box *box, const char *name)
{
	const char *list = cmdline_find(box, "module_blacklist");
	size_t length = strlen(name);

	while (list && *list && *list != ' ') {
		size_t word = strcspn(list, ", ");

		if (word == length && !strncmp(list, name, length))
			return true;
		list += word;
		if (*list == ',')
			list++;
	}
	return false;
}

/* CONFIG_STRICT_MODULE_RWX */
static int enforce_rwx(struct load_info *info)
{
	const unsigned int shf_wx = SHF_WRITE | SHF_EXECINSTR;

	for (unsigned int i = 1; i < info->view.nr_sections; i++) {
		if ((info->view.sections[i].sh_flags & shf_wx) != shf_wx)
			continue;
		box_printk(info->box, 3, "%s: section %s (index %u) has invalid WRITE|EXEC flags",
			   info->name, elf_section_name(&info->view, i), i);
		return r3_fail(-ENOEXEC,
			       "section %s of %s is writable and executable, which no "
			       "kernel allows: give code and data sections of their own",
			       elf_section_name(&info->view, i), info->name);
	}
	return 0;
}

static int check_module_struct(struct load_info *info)
{
	const Elf64_Shdr *section = &info->view.sections[info->this_module];
	uint64_t size = 0, found = section->sh_size;
	int error = 0;

	/* Linux writes to it before it protects anything, and dies later. */
	if (section->sh_type != SHT_PROGBITS || !(section->sh_flags & SHF_WRITE)) {
		box_printk(info->box, 3, "%s: .gnu.linkonce.this_module must be writable data",
			   info->name);
		return r3_fail(-ENOEXEC,
			       "the struct module of %s is no data: build the module again",
			       info->name);
	}
	if (info->box->entries.module_size)
		error = call_runtime(info->box, info->box->entries.module_size, &size, 0);
	if (error || !size || found >= size)
		return error;
	box_printk(info->box, 3,
		   "%s: .gnu.linkonce.this_module section size must match the kernel's built "
		   "struct module size at run time",
		   info->name);
	return r3_fail(-ENOEXEC,
		       "%s was built with other headers: its struct module has %lu bytes, "
		       "%lu are needed",
		       info->name, (unsigned long)found, (unsigned long)size);
}

/* Reserve the name; wait for another load of it that is under way. */
static int add_unformed_module(struct load_info *info)
{
	struct r3_box *box = info->box;
	struct r3_module *module = info->module, *old = module_find(box, module->name);

	if (old && (old->state == MODULE_COMING || old->state == MODULE_UNFORMED)) {
		while (old && (old->state == MODULE_COMING || old->state == MODULE_UNFORMED) &&
		       !old->oopsed && !box->stopping) {
			/* Whoever loads it may be stopped, and change nothing any more. */
			if (!module_wait_change(box, 100))
				return r3_fail(-EINTR,
					       "a signal came while another load of %s "
					       "was under way",
					       module->name);
			old = module_find(box, module->name);
		}
		/* It failed: Linux does not try again by itself. */
		return old && old->state == MODULE_LIVE
			       ? r3_fail(-EEXIST, "%s was loaded by somebody else meanwhile",
					 module->name)
			       : r3_fail(-EBUSY, "another load of %s was under way, and failed",
					 module->name);
	}
	if (old && old->state == MODULE_LIVE)
		return r3_fail(-EEXIST, "%s is loaded already: unload it first, or leave it be",
			       module->name);
	if (old)
		return r3_fail(-EBUSY, "%s is just being unloaded: try again", module->name);
	return module_list(module);
}

static void note_unsigned(struct load_info *info)
{
	info->module->is_signed = info->is_signed;
	if (info->is_signed || target_is_builtin(info->box->target))
		return; /* the builtin target is a kernel without CONFIG_MODULE_SIG */
	if (!info->box->unsigned_seen)
		box_printk(
			info->box, 5,
			"%s: module verification failed: signature and/or required key missing - "
			"tainting kernel",
			info->name);
	info->box->unsigned_seen = true;
	add_taint_module(info->module, TAINT_UNSIGNED_MODULE);
}

static uint64_t address_of_symbol(const struct load_info *info, const char *name)
{
	for (size_t i = 1; i < info->view.nr_symbols; i++)
		if (info->view.symbols[i].st_shndx != SHN_UNDEF &&
		    !strcmp(elf_symbol_name(&info->view, &info->view.symbols[i]), name))
			return info->value[i];
	return 0;
}

/* Let the runtime fill in what only it knows the layout of. */
static int prepare_module(struct load_info *info)
{
	struct r3_module *module = info->module;
	struct object *object = info->object;
	struct r3_module_description description = {
		.object = &object->view,
		.arguments = module->arguments,
		.core_base = object->core_base,
		.core_size = object->core_size,
		.core_text_size = object->parts[PART_TEXT].size,
		.core_ro_size = object->parts[PART_TEXT].size + object->parts[PART_RODATA].size,
		.init_base = object->init_base,
		.init_size = object->init_size,
		.taints = module->taints,
		.version = module->version,
		.srcversion = module->srcversion,
		.init = module->init,
		.exit = module->exit,
		.percpu = object->percpu,
		.percpu_size = object->percpu_size,
	};
	uint64_t result;
	int error = call_runtime(info->box, info->box->entries.module_prepare, &result, 2,
				 module->handle, (uint64_t)&description);

	return error ? error : (int)result;
}

void module_set_state(struct r3_module *module, enum module_state state)
{
	static const char *const names[] = {"live", "coming", "going", "unformed"};
	struct r3_box *box = module->box;

	module->state = state;
	if (module->prepared)
		call_runtime(box, box->entries.module_state, NULL, 2, module->handle,
			     (uint64_t)state);
	trace_event(box, R3_TRACE_STATE, module->name, names[state], "", 0, 0, "%s is %s",
		    module->name, names[state]);
	pthread_cond_broadcast(&box->module_wait);
}

/* Up to the verified, laid out and listed module; under the lock. */
static int form_module(struct load_info *info, const struct module_image *image)
{
	struct elf_problem problem = {.message = ""};
	int error = check_signature(info, image);

	if (error)
		return error;
	error = elf_open(&info->view, image->data, image->size, &problem);
	if (error)
		return refuse(info->box, error, &problem);
	error = find_sections(info);
	if (!error)
		error = find_name(info);
	if (error)
		return error;
	if (is_blacklisted(info->box, info->name)) {
		box_printk(info->box, 3, "Module %s is blacklisted", info->name);
		return r3_fail(-EPERM,
			       "%s is named in module_blacklist= of the kernel command line",
			       info->name);
	}
	if (!check_modstruct_version(info))
		return -ENOEXEC;
	error = check_modinfo(info);
	if (!error)
		error = enforce_rwx(info);
	if (!error)
		error = check_module_struct(info);
	if (error)
		return error;
	trace_event(info->box, R3_TRACE_VERIFY, info->name, "file", "", 0, image->size,
		    "%s: %zu bytes, %u sections, %zu symbols verified", info->name, image->size,
		    info->view.nr_sections, info->view.nr_symbols);
	info->object = object_new(info->box, info->name);
	if (!info->object)
		return -ENOMEM;
	info->module->object = info->object;
	return 0;
}

/* Memory, symbols, relocations, protections; under the lock. */
static int link_module(struct load_info *info)
{
	struct r3_module *module = info->module;
	int error = object_place(info);

	if (error)
		return error;
	info->object->module = module;
	module->handle = info->address[info->this_module];
	info->object->view.module = (void *)module->handle;
	error = add_unformed_module(info);
	if (error)
		return error;
	note_unsigned(info);
	error = setup_modinfo(info);
	if (!error)
		error = prepare_library(info);
	if (!error)
		error = simplify_symbols(info, resolve_for_module);
	if (!error)
		error = object_link(info);
	if (!error)
		error = object_prepare(info->object);
	if (error)
		return error;
	module->init = address_of_symbol(info, "init_module");
	module->exit = address_of_symbol(info, "cleanup_module");
	if (info->box->options.flags & R3_BOX_NO_UNLOAD)
		module->exit = 0;
	error = prepare_module(info);
	if (error)
		return error;
	module->prepared = true;
	error = collect_exports(info);
	if (!error)
		error = verify_exports(module);
	if (!error)
		error = publish_exports(module);
	if (!error)
		module_set_state(module, MODULE_COMING);
	return error;
}

static int set_parameters(struct r3_module *module)
{
	struct r3_box *box = module->box;
	char *arguments = strdup(module->arguments), *after = NULL;
	uint64_t result = 0;
	int error;

	if (!arguments)
		return -ENOMEM;
	error = call_runtime(box, box->entries.module_parameters, &result, 3, module->handle,
			     (uint64_t)arguments, (uint64_t)&after);
	module->oopsed = error;
	if (!error)
		error = (int)result;
	if (!error && after)
		box_printk(box, 4, "%s: parameters '%s' after `--' ignored", module->name, after);
	if (!error && *module->arguments)
		trace_event(box, R3_TRACE_PARAMETER, module->name, module->arguments, "", 0, 0,
			    "parameters: %s", module->arguments);
	free(arguments);
	if (error && !module->oopsed)
		r3_fail(error,
			"a parameter of %s was refused: see the log for which, `modinfo -p' "
			"for what it takes",
			module->name);
	return error;
}

static void notify(struct r3_module *module, int state)
{
	call_runtime(module->box, module->box->entries.module_notify, NULL, 2, module->handle,
		     (uint64_t)state);
}

/* Notifiers may refuse; then parameters, whose set functions are the module's first code. */
static int prepare_coming_module(struct r3_module *module)
{
	struct r3_box *box = module->box;
	uint64_t result;
	int error = call_runtime(box, box->entries.module_notify, &result, 2, module->handle,
				 (uint64_t)R3_STATE_COMING);

	module->oopsed = error;
	if (!error && (int)result) {
		error = (int)result;
		r3_fail(error, "a module notifier refused %s", module->name);
		module_set_state(module, MODULE_GOING);
		return error;
	}
	if (!error) {
		events_module_coming(box, module->name);
		error = set_parameters(module);
	}
	if (error && !module->oopsed) {
		module_set_state(module, MODULE_GOING);
		notify(module, R3_STATE_GOING);
	}
	return error;
}

/* An initcall of Linux's own may ask for a module: that is a module's init all the same. */
static int call_init(struct r3_module *module, uint64_t *result)
{
	struct thread *self = thread_current();
	unsigned int kernels_own = self->kernels_own, booting = self->booting;
	int error;

	self->kernels_own = self->booting = 0;
	error = call_runtime(module->box, module->box->entries.module_init, result, 1,
			     module->handle);
	self->kernels_own = kernels_own;
	self->booting = booting;
	return error;
}

static int run_init(struct r3_module *module)
{
	struct r3_box *box = module->box;
	uint64_t result;
	int error;

	trace_event(box, R3_TRACE_INIT, module->name, "init", "", module->init, 0,
		    module->init ? "calling init at 0x%08lx" : "no init",
		    (unsigned long)module->init);
	error = call_init(module, &result);
	if (error) {
		module->oopsed = true;
		return r3_fail(error,
			       "init of %s did not return: see the oops in the log. The "
			       "module stays in state coming, as on Linux",
			       module->name);
	}
	trace_event(box, R3_TRACE_INIT, module->name, "init", "returned", module->init,
		    (uint64_t)(int)result, "init returned %d", (int)result);
	error = (int)result;
	if (error < 0) {
		r3_fail(error, "init of %s returned %d (%s)", module->name, error,
			strerror(-error));
		module_set_state(module, MODULE_GOING);
		notify(module, R3_STATE_GOING);
		return error;
	}
	return 0;
}

/* A live module: read-only-after-init data closed, init part gone. */
static void finish_init(struct r3_module *module)
{
	struct r3_box *box = module->box;
	struct object *object = module->object;

	module_lock(box);
	module_set_state(module, MODULE_LIVE);
	box->modules_loaded++;
	module_unlock(box);
	notify(module, R3_STATE_LIVE);
	/* The reference that init held. */
	call_runtime(box, box->entries.module_put, NULL, 1, module->handle);
	module_lock(box);
	protect_after_init(object);
	if (box->entries.object_init_freed && object->init_size)
		call_runtime(box, box->entries.object_init_freed, NULL, 3, (uint64_t)&object->view,
			     object->init_base, object->init_size);
	account_code_gone(object, object->init_base, object->init_size);
	object_drop_init(object);
	pthread_cond_broadcast(&box->module_wait);
	module_unlock(box);
}

/* The host's memory for a module that is on no list any more. */
void module_release(struct r3_module *module)
{
	while (module->sources) {
		struct module_use *use = module->sources;

		module->sources = use->next;
		free(use);
	}
	object_free(module->object);
	free(module->exports);
	free(module->arguments);
	free(module->version);
	free(module->srcversion);
	free(module->namespaces);
	free(module->users_text);
	free(module->scheme24);
	free(module);
}

/* Undo everything that was done for the module, however far it came. */
void free_module(struct r3_module *module)
{
	struct r3_box *box = module->box;

	sysfs_teardown(module);
	if (module->prepared) {
		call_runtime(box, box->entries.object_removed, NULL, 1,
			     (uint64_t)&module->object->view);
		module_unlock(box);
		call_runtime(box, box->entries.module_free, NULL, 1, module->handle);
		module_lock(box);
	}
	withdraw_exports(module);
	unuse_modules(module);
	if (module->object) {
		account_code_gone(module->object, module->object->init_base,
				  module->object->init_size);
		account_code_gone(module->object, module->object->core_base,
				  module->object->core_size);
	}
	module_unlist(module);
	module_release(module);
	pthread_cond_broadcast(&box->module_wait);
}

struct r3_module *module_new(struct r3_box *box, const char *arguments)
{
	struct r3_module *module = calloc(1, sizeof(*module));

	if (!module)
		return NULL;
	module->box = box;
	module->state = MODULE_UNFORMED;
	module->arguments = strdup(arguments ? arguments : "");
	if (!module->arguments) {
		free(module);
		return NULL;
	}
	return module;
}

int load_module(struct r3_box *box, struct module_image *image, const char *arguments,
		unsigned int flags, struct r3_module **result)
{
	struct load_info info = {.box = box, .flags = flags, .name = ""};
	struct r3_module *module;
	int error;

	if (box->sysctls.modules_disabled)
		return modules_are_disabled();
	module = module_new(box, arguments);
	if (!module)
		return -ENOMEM;
	info.module = module;
	module_lock(box);
	error = form_module(&info, image);
	if (!error)
		error = link_module(&info);
	load_info_release(&info);
	if (error)
		goto free_locked;
	module_unlock(box);

	error = object_added(module->object);
	if (error || flags & R3_LOAD_DRY) {
		module_lock(box);
		/* as if it never came: no parameter was set */
		module_set_state(module, MODULE_UNFORMED);
		goto free_locked;
	}
	error = prepare_coming_module(module);
	if (!error) {
		sysfs_setup(module);
		error = run_init(module);
	}
	if (module->oopsed)
		return error; /* it stays as it is, like a module whose insmod was killed */
	if (error) {
		module_lock(box);
		goto free_locked;
	}
	finish_init(module);
	if (result)
		*result = module;
	return 0;

free_locked:
	free_module(module);
	module_unlock(box);
	return error;
}
