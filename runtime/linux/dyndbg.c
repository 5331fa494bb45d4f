// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Dynamic debug: pr_debug() sites that are switched on by a module's dyndbg
 * parameter. Syntax and output of lib/dynamic_debug.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/device.h>
#include <linux/dynamic_debug.h>
#include <linux/hardirq.h>
#include <linux/netdevice.h>
#include <linux/parser.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <ring3/hypercall.h>
#include "core/core.h"
#include "core/object_table.h"
#include "compat.h"
#include "machine.h"
#include "patch.h"

#define PREFIX_SIZE 128
#define QUERY_WORDS 9

/* The sites of one module. */
struct site_table {
	struct object_entry entry;
	struct _ddebug *sites;
	unsigned int count;
};

static struct object_table tables;
static struct machine_lock sites_lock = MACHINE_LOCK_INIT;

/* What a query asks for; NULL: anything. */
struct site_query {
	const char *filename, *function, *format;
	unsigned int first_line, last_line;
	unsigned int set, keep; /* flags = flags & keep | set */
};

int debug_sites_added(const struct r3_object *object)
{
	const struct r3_section *section = object_section(object, "__dyndbg");
	struct site_table *table;
	unsigned long flags;

	if (!section || !section->size)
		return 0;
	table = r3hc_kmalloc(sizeof(*table), R3_ALLOC_ZERO | R3_ALLOC_INTERNAL);
	if (!table)
		return -ENOMEM;
	table->entry.object = object;
	table->sites = (struct _ddebug *)section->address;
	table->count = section->size / sizeof(struct _ddebug);
	flags = machine_lock(&sites_lock);
	object_table_add(&tables, &table->entry);
	machine_unlock(&sites_lock, flags);
	return 0;
}

void debug_sites_removed(const struct r3_object *object)
{
	struct site_table *table;
	unsigned long flags;

	flags = machine_lock(&sites_lock);
	table = object_table_take(&tables, object);
	machine_unlock(&sites_lock, flags);
	if (table)
		r3hc_object_free(NULL, table);
}

/* ---- queries: [keyword value]... flags ---- */

static const struct {
	char letter;
	unsigned int flag;
} flag_letters[] = {
	{'p', _DPRINTK_FLAGS_PRINT},
	{'m', _DPRINTK_FLAGS_INCL_MODNAME},
	{'f', _DPRINTK_FLAGS_INCL_FUNCNAME},
#ifdef _DPRINTK_FLAGS_INCL_SOURCENAME
	{'s', _DPRINTK_FLAGS_INCL_SOURCENAME},
#endif
	{'l', _DPRINTK_FLAGS_INCL_LINENO},
	{'t', _DPRINTK_FLAGS_INCL_TID},
	{'_', _DPRINTK_FLAGS_NONE},
};

static int parse_flags(const char *text, struct site_query *query)
{
	unsigned int flags = 0, i;
	char operation = *text++;

	if (!strchr("+-=", operation)) {
		pr_err("bad flag-op %c, at start of %s\n", operation, text - 1);
		return -EINVAL;
	}
	for (; *text; text++) {
		for (i = 0; i < ARRAY_SIZE(flag_letters); i++)
			if (flag_letters[i].letter == *text)
				break;
		if (i == ARRAY_SIZE(flag_letters)) {
			pr_err("unknown flag '%c'\n", *text);
			return -EINVAL;
		}
		flags |= flag_letters[i].flag;
	}
	query->set = operation == '-' ? 0 : flags;
	query->keep = operation == '=' ? 0 : operation == '-' ? ~flags : ~0U;
	return 0;
}

/* N, N-M, N-, -M */
static int parse_lines(char *text, struct site_query *query)
{
	char *dash = strchr(text, '-');

	if (dash)
		*dash++ = '\0';
	if (*text && kstrtouint(text, 10, &query->first_line))
		return -EINVAL;
	query->last_line = dash ? UINT_MAX : query->first_line;
	if (dash && *dash && kstrtouint(dash, 10, &query->last_line))
		return -EINVAL;
	return query->last_line < query->first_line ? -EINVAL : 0;
}

static int parse_keyword(const char *keyword, char *value, struct site_query *query)
{
	if (!strcmp(keyword, "func"))
		query->function = value;
	else if (!strcmp(keyword, "file"))
		query->filename = value;
	else if (!strcmp(keyword, "format"))
		query->format = value;
	else if (!strcmp(keyword, "line"))
		return parse_lines(value, query);
	else if (strcmp(keyword, "module")) { /* it is this one */
		pr_err("unknown keyword \"%s\"\n", keyword);
		return -EINVAL;
	}
	return 0;
}

/* Blanks separate, quotes keep together, # begins a comment. Number of words, or -EINVAL. */
static int split_words(char *text, char **words)
{
	int count = 0;

	for (;;) {
		char quote = 0;

		text = skip_spaces(text);
		if (!*text || *text == '#')
			return count;
		if (count == QUERY_WORDS)
			return -EINVAL;
		if (*text == '"' || *text == '\'')
			quote = *text++;
		words[count++] = text;
		while (*text && (quote ? *text != quote : !is_space(*text)))
			text++;
		if (!*text)
			return quote ? -EINVAL : count;
		*text++ = '\0';
	}
}

static bool site_matches(const struct _ddebug *site, const struct site_query *query)
{
	if (query->function && !match_wildcard(query->function, site->function))
		return false;
	if (query->filename && !match_wildcard(query->filename, site->filename) &&
	    !match_wildcard(query->filename, kbasename(site->filename)))
		return false;
	if (query->format) {
		if (*query->format == '^' ? !strstarts(site->format, query->format + 1)
					  : !strstr(site->format, query->format))
			return false;
	}
	return site->lineno >= query->first_line && site->lineno <= query->last_line;
}

static void change_site(struct _ddebug *site, const struct site_query *query)
{
	unsigned int flags = (site->flags & query->keep) | query->set;

#ifdef CONFIG_JUMP_LABEL
	if (flags & _DPRINTK_FLAGS_PRINT && !(site->flags & _DPRINTK_FLAGS_PRINT))
		static_branch_enable(&site->key.dd_key_true);
	else if (!(flags & _DPRINTK_FLAGS_PRINT) && site->flags & _DPRINTK_FLAGS_PRINT)
		static_branch_disable(&site->key.dd_key_true);
#endif
	site->flags = flags;
}

static void change_sites(struct site_table *table, const struct site_query *query)
{
	unsigned int i;

	for (i = 0; i < table->count; i++)
		if (site_matches(&table->sites[i], query))
			change_site(&table->sites[i], query);
}

static int run_query(struct module *mod, char *text)
{
	struct site_query query = {.last_line = UINT_MAX};
	char *words[QUERY_WORDS];
	struct object_entry *entry;
	int count = split_words(text, words), i, error;
	unsigned long flags;

	if (count <= 0)
		return count;
	if (count % 2 == 0) {
		pr_err("expecting pairs of match-spec <value>\n");
		return -EINVAL;
	}
	error = parse_flags(words[count - 1], &query);
	for (i = 0; i < count - 1 && !error; i += 2)
		error = parse_keyword(words[i], words[i + 1], &query);
	if (error)
		return error;
	flags = machine_lock(&sites_lock);
	for (i = 0; i < OBJECT_BUCKETS; i++)
		for (entry = tables.buckets[i]; entry; entry = entry->next)
			if (entry->object->module == mod)
				change_sites((struct site_table *)entry, &query);
	machine_unlock(&sites_lock, flags);
	return 0;
}

/* A wrong query is reported and changes nothing; the module is loaded all the same. */
int module_dyndbg(struct module *mod, const char *query)
{
	size_t length;
	char *copy, *next, *one;

	if (!query)
		query = "+p";
	length = strlen(query) + 1;
	copy = r3hc_kmalloc(length, R3_ALLOC_INTERNAL);
	if (!copy)
		return 0;
	memcpy(copy, query, length);
	for (next = copy; (one = strsep(&next, ";\n"));)
		run_query(mod, one);
	r3hc_object_free(NULL, copy);
	return 0;
}

/* ---- output ---- */

static const char *site_prefix(const struct _ddebug *site, char *buffer)
{
	int length = 0;

	if (!(site->flags & _DPRINTK_FLAGS_INCL_ANY))
		return "";
	if (site->flags & _DPRINTK_FLAGS_INCL_TID) {
		if (in_interrupt())
			length += scnprintf(buffer, PREFIX_SIZE, "<intr> ");
		else
			length += scnprintf(buffer, PREFIX_SIZE, "[%d] ", task_pid_vnr(current));
	}
	if (site->flags & _DPRINTK_FLAGS_INCL_MODNAME)
		length += scnprintf(buffer + length, PREFIX_SIZE - length, "%s:", site->modname);
	if (site->flags & _DPRINTK_FLAGS_INCL_FUNCNAME)
		length += scnprintf(buffer + length, PREFIX_SIZE - length, "%s:", site->function);
#ifdef _DPRINTK_FLAGS_INCL_SOURCENAME
	if (site->flags & _DPRINTK_FLAGS_INCL_SOURCENAME)
		length += scnprintf(buffer + length, PREFIX_SIZE - length, "%s:", site->filename);
#endif
	if (site->flags & _DPRINTK_FLAGS_INCL_LINENO)
		length += scnprintf(buffer + length, PREFIX_SIZE - length, "%d:", site->lineno);
	if (length && buffer[length - 1] == ':' && length < PREFIX_SIZE - 1)
		scnprintf(buffer + length, PREFIX_SIZE - length, " ");
	return buffer;
}

void __dynamic_pr_debug(struct _ddebug *descriptor, const char *fmt, ...)
{
	char prefix[PREFIX_SIZE];
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	printk(KERN_DEBUG "%s%pV", site_prefix(descriptor, prefix), &vaf);
	va_end(args);
}
EXPORT_SYMBOL(__dynamic_pr_debug);

void __dynamic_dev_dbg(struct _ddebug *descriptor, const struct device *dev, const char *fmt, ...)
{
	char prefix[PREFIX_SIZE];
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	if (dev)
		dev_printk_emit(LOGLEVEL_DEBUG, dev, "%s%s %s: %pV",
				site_prefix(descriptor, prefix), dev_driver_string(dev),
				dev_name(dev), &vaf);
	else
		printk(KERN_DEBUG "(NULL device *): %pV", &vaf);
	va_end(args);
}
EXPORT_SYMBOL(__dynamic_dev_dbg);

#ifdef CONFIG_NET
void __dynamic_netdev_dbg(struct _ddebug *descriptor, const struct net_device *dev, const char *fmt,
			  ...)
{
	char prefix[PREFIX_SIZE];
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	if (dev && dev->dev.parent)
		dev_printk_emit(LOGLEVEL_DEBUG, dev->dev.parent, "%s%s %s %s%s: %pV",
				site_prefix(descriptor, prefix), dev_driver_string(dev->dev.parent),
				dev_name(dev->dev.parent), netdev_name(dev), netdev_reg_state(dev),
				&vaf);
	else if (dev)
		printk(KERN_DEBUG "%s%s: %pV", netdev_name(dev), netdev_reg_state(dev), &vaf);
	else
		printk(KERN_DEBUG "(NULL net_device): %pV", &vaf);
	va_end(args);
}
EXPORT_SYMBOL(__dynamic_netdev_dbg);
#endif
