// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NAME.mod.c: struct module and what else the loader wants to find. It is
 * compiled against the SDK as well as against headers of a release, so what
 * only some of them have is asked for first.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include "internal.h"

/* Since Linux 6.12 all modules of a build are linked with one object of what they have in common.
 */
#define UNLESS_COMMON_OBJECT "#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 12, 0)\n"

static void write_head(struct text *text)
{
	text_printf(text, "/* Written by ring3-modpost from the module's object. */\n"
			  "#include <linux/module.h>\n"
			  "#include <linux/version.h>\n"
			  "#include <linux/export-internal.h>\n"
			  "#include <linux/compiler.h>\n"
			  "\n" UNLESS_COMMON_OBJECT "#define INCLUDE_VERMAGIC\n"
			  "#include <linux/vermagic.h>\n"
			  "#if __has_include(<linux/build-salt.h>)\n"
			  "#include <linux/build-salt.h>\n"
			  "BUILD_SALT;\n"
			  "#endif\n"
			  "#if __has_include(<linux/elfnote-lto.h>)\n"
			  "#include <linux/elfnote-lto.h>\n"
			  "BUILD_LTO_INFO;\n"
			  "#endif\n"
			  "#if __has_include(<asm/orc_header.h>) && defined(CONFIG_UNWINDER_ORC)\n"
			  "#include <asm/orc_header.h>\n"
			  "ORC_HEADER;\n"
			  "#endif\n"
			  "MODULE_INFO(vermagic, VERMAGIC_STRING);\n"
			  "#endif\n"
			  "MODULE_INFO(name, KBUILD_MODNAME);\n"
			  "\n");
}

static bool is_below(const struct mp_module *module, const char *directory)
{
	return !strncmp(module->name, directory, strlen(directory));
}

static void write_this_module(struct text *text, const struct mp_module *module, bool external)
{
	text_printf(text, "__visible struct module __this_module\n"
			  "__section(\".gnu.linkonce.this_module\") = {\n"
			  "\t.name = KBUILD_MODNAME,\n");
	if (module->has_init)
		text_printf(text, "\t.init = init_module,\n");
	if (module->has_exit)
		text_printf(text, "#ifdef CONFIG_MODULE_UNLOAD\n"
				  "\t.exit = cleanup_module,\n"
				  "#endif\n");
	text_printf(text, "#ifdef MODULE_ARCH_INIT\n"
			  "\t.arch = MODULE_ARCH_INIT,\n"
			  "#endif\n"
			  "};\n");
	if (!external)
		text_printf(text, "\nMODULE_INFO(intree, \"Y\");\n");
	text_printf(text, "\n" UNLESS_COMMON_OBJECT
			  "#if defined(CONFIG_RETPOLINE) || defined(CONFIG_MITIGATION_RETPOLINE)\n"
			  "MODULE_INFO(retpoline, \"Y\");\n"
			  "#endif\n"
			  "#endif\n");
	/* These two taint the kernel that loads them. */
	if (is_below(module, "drivers/staging"))
		text_printf(text, "\nMODULE_INFO(staging, \"Y\");\n");
	if (is_below(module, "tools/testing"))
		text_printf(text, "\nMODULE_INFO(test, \"Y\");\n");
}

static void write_exports(struct text *text, const struct mp_module *module,
			  const struct modpost_options *options)
{
	const struct mp_symbol *symbol;

	text_printf(text, "\n");
	for (symbol = module->exports.first; symbol; symbol = symbol->next)
		if (module->needs_ksymtab && (!options->trim_exports || symbol->used))
			text_printf(text, "KSYMTAB_%s(%s, \"%s\", \"%s\");\n",
				    symbol->is_function ? "FUNC" : "DATA", symbol->name,
				    symbol->gpl_only ? "_gpl" : "", symbol->namespace);
	if (!options->modversions)
		return;
	text_printf(text, "\n");
	for (symbol = module->exports.first; symbol; symbol = symbol->next)
		if (!options->trim_exports || symbol->used)
			text_printf(text, "SYMBOL_CRC(%s, 0x%08x, \"%s\");\n", symbol->name,
				    symbol->crc, symbol->gpl_only ? "_gpl" : "");
}

static void write_versions(struct text *text, const struct mp_module *module)
{
	const struct mp_symbol *symbol;

	text_printf(text, "\nstatic const struct modversion_info ____versions[]\n"
			  "__used __section(\"__versions\") = {\n");
	for (symbol = module->imports.first; symbol; symbol = symbol->next)
		if (symbol->module && symbol->has_crc)
			text_printf(text, "\t{ %#8x, \"%s\" },\n", symbol->crc, symbol->name);
	text_printf(text, "};\n");
}

static void write_depends(struct text *text, const struct mp_module *module)
{
	const struct mp_symbol *symbol;
	const char *separator = "";

	for (symbol = module->imports.first; symbol; symbol = symbol->next)
		if (symbol->module)
			symbol->module->listed = symbol->module->is_kernel;
	text_printf(text, "\nMODULE_INFO(depends, \"");
	for (symbol = module->imports.first; symbol; symbol = symbol->next) {
		if (!symbol->module || symbol->module->listed)
			continue;
		symbol->module->listed = true;
		text_printf(text, "%s%s", separator, symbol->module->base);
		separator = ",";
	}
	text_printf(text, "\");\n");
}

static int write_source(struct modpost *mp, const struct mp_module *module)
{
	struct text text = {};
	char path[4096];
	int ret;

	write_head(&text);
	write_this_module(&text, module, mp->options.external);
	write_exports(&text, module, &mp->options);
	if (mp->options.modversions)
		write_versions(&text, module);
	write_depends(&text, module);
	if (module->aliases.failed)
		text.failed = true;
	else if (module->aliases.length)
		text_printf(&text, "\n%s", module->aliases.data);
	if (*module->srcversion)
		text_printf(&text, "\nMODULE_INFO(srcversion, \"%s\");\n", module->srcversion);

	ret = snprintf(path, sizeof(path), "%s.mod.c", module->name);
	ret = ret < (int)sizeof(path) ? file_write_if_changed(path, &text) : -ENAMETOOLONG;
	text_release(&text);
	return ret;
}

int modpost_write_sources(struct modpost *mp)
{
	struct mp_module *module;
	int ret = 0;

	for (module = mp->modules; module && !ret; module = module->next)
		if (!module->from_symvers && !module->is_kernel)
			ret = mp->options.scheme24 ? scheme24_write(mp, module)
						   : write_source(mp, module);
	return ret;
}

int modpost_write_export_source(struct modpost *mp, const char *path)
{
	const struct mp_module *module;
	struct text text = {};
	int ret;

	text_printf(&text, "#include <linux/export-internal.h>\n");
	for (module = mp->modules; module; module = module->next)
		if (!module->from_symvers && module->is_kernel)
			write_exports(&text, module, &mp->options);
	ret = file_write_if_changed(path, &text);
	text_release(&text);
	return ret;
}
