// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Module parameters: the argument string, the standard types, and reading and
 * writing one parameter later. Behaviour and messages of kernel/params.c.
 */
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/errno.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <ring3/hypercall.h>
#include "core.h"

#define CHARP_MAX      1024
#define TAINT_BIT_USER (1UL << 6)

/* The lock of parameters of the kernel itself; those of modules have their own. */
static DEFINE_MUTEX(param_lock);

static struct mutex *lock_of(struct module *mod)
{
	return mod ? &mod->param_lock : &param_lock;
}

void kernel_param_lock(struct module *mod)
{
	mutex_lock(lock_of(mod));
}
EXPORT_SYMBOL(kernel_param_lock);

void kernel_param_unlock(struct module *mod)
{
	mutex_unlock(lock_of(mod));
}
EXPORT_SYMBOL(kernel_param_unlock);

/* ---- the argument string ---- */

static bool same_name_n(const char *a, const char *b, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		char x = a[i] == '-' ? '_' : a[i];
		char y = b[i] == '-' ? '_' : b[i];

		if (x != y)
			return false;
	}
	return true;
}

bool parameqn(const char *a, const char *b, size_t n)
{
	return same_name_n(a, b, n);
}

bool parameq(const char *a, const char *b)
{
	return same_name_n(a, b, strlen(a) + 1);
}

/* Is the parameter allowed to be set now? Taints if it is marked dangerous. */
static bool may_set(const struct kernel_param *kp)
{
	if (kp->flags & KERNEL_PARAM_FL_UNSAFE) {
		pr_notice("Setting dangerous option %s - tainting kernel\n", kp->name);
		r3hc_taint(TAINT_BIT_USER);
	}
	return true;
}

static int set_locked(const struct kernel_param *kp, const char *value)
{
	int error = -EPERM;

	kernel_param_lock(kp->mod);
	if (may_set(kp))
		error = kp->ops->set(value, kp);
	kernel_param_unlock(kp->mod);
	return error;
}

/*
 * Cut one "name", "name=value" or "name="quoted value"" off args, in place.
 * Returns where the next one starts. A quote may also enclose the whole.
 */
static char *cut_argument(char *args, char **name, char **value)
{
	bool quoted = *args == '"', in_quote = quoted;
	char *end, *equals = NULL;

	if (quoted)
		args++;
	for (end = args; *end; end++) {
		if (is_space(*end) && !in_quote)
			break;
		if (*end == '=' && !equals && end != args)
			equals = end;
		if (*end == '"')
			in_quote = !in_quote;
	}

	*name = args;
	*value = NULL;
	if (equals) {
		*equals = '\0';
		*value = equals + 1;
		if (**value == '"') {
			(*value)++;
			if (end[-1] == '"')
				end[-1] = '\0';
		}
	}
	if (quoted && end > args && end[-1] == '"')
		end[-1] = '\0';
	if (*end)
		*end++ = '\0';
	return skip_spaces(end);
}

static int set_one(char *name, char *value, const char *doing, const struct kernel_param *params,
		   unsigned int count, param_unknown_fn unknown, void *context)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (!parameq(name, params[i].name))
			continue;
		if (!value && !(params[i].ops->flags & KERNEL_PARAM_OPS_FL_NOARG))
			return -EINVAL;
		return set_locked(&params[i], value);
	}
	return unknown ? unknown(name, value, doing, context) : -ENOENT;
}

static void report_argument(int error, const char *doing, const char *name, const char *value)
{
	if (!value)
		value = "";
	switch (error) {
	case -ENOENT:
		pr_err("%s: Unknown parameter `%s'\n", doing, name);
		break;
	case -ENOSPC:
		pr_err("%s: `%s' too large for parameter `%s'\n", doing, value, name);
		break;
	default:
		pr_err("%s: `%s' invalid for parameter `%s'\n", doing, value, name);
		break;
	}
}

/*
 * Set every parameter that args names, going on after failures; the last error
 * is returned. *after: what follows a "--", NULL if there is none.
 */
int param_parse(const char *doing, char *args, const struct kernel_param *params,
		unsigned int count, param_unknown_fn unknown, void *context, char **after)
{
	char *name, *value;
	int error = 0;

	*after = NULL;
	args = skip_spaces(args);
	while (*args) {
		int result;

		args = cut_argument(args, &name, &value);
		if (!value && !strcmp(name, "--")) {
			if (!error)
				*after = args;
			break;
		}
		result = set_one(name, value, doing, params, count, unknown, context);
		if (!result)
			continue;
		report_argument(result, doing, name, value);
		error = result;
	}
	return error;
}

/* ---- the standard types ---- */

#define INTEGER_PARAM(name, type, format, convert)                                                 \
	int param_set_##name(const char *val, const struct kernel_param *kp)                       \
	{                                                                                          \
		return convert(val, 0, (type *)kp->arg);                                           \
	}                                                                                          \
	EXPORT_SYMBOL(param_set_##name);                                                           \
	int param_get_##name(char *buffer, const struct kernel_param *kp)                          \
	{                                                                                          \
		return scnprintf(buffer, PAGE_SIZE, format "\n", *(type *)kp->arg);                \
	}                                                                                          \
	EXPORT_SYMBOL(param_get_##name);                                                           \
	const struct kernel_param_ops param_ops_##name = {                                         \
		.set = param_set_##name,                                                           \
		.get = param_get_##name,                                                           \
	};                                                                                         \
	EXPORT_SYMBOL(param_ops_##name)

INTEGER_PARAM(byte, unsigned char, "%hhu", kstrtou8);
INTEGER_PARAM(short, short, "%hi", kstrtos16);
INTEGER_PARAM(ushort, unsigned short, "%hu", kstrtou16);
INTEGER_PARAM(int, int, "%i", kstrtoint);
INTEGER_PARAM(uint, unsigned int, "%u", kstrtouint);
INTEGER_PARAM(long, long, "%li", kstrtol);
INTEGER_PARAM(ulong, unsigned long, "%lu", kstrtoul);
INTEGER_PARAM(ullong, unsigned long long, "%llu", kstrtoull);
INTEGER_PARAM(hexint, unsigned int, "%#08x", kstrtouint);

int param_set_uint_minmax(const char *val, const struct kernel_param *kp, unsigned int min,
			  unsigned int max)
{
	unsigned int number;
	int error;

	if (!val)
		return -EINVAL;
	error = kstrtouint(val, 0, &number);
	if (error)
		return error;
	if (number < min || number > max)
		return -EINVAL;
	*(unsigned int *)kp->arg = number;
	return 0;
}
EXPORT_SYMBOL_GPL(param_set_uint_minmax);

/*
 * A string parameter points to the module's default until it is set, then to
 * memory of ours: only the latter is freed, so we must know it again.
 */
struct owned_string {
	struct list_head list;
	char text[];
};
static LIST_HEAD(owned_strings);
static DEFINE_SPINLOCK(owned_strings_lock);

static char *string_new(const char *text, size_t length)
{
	struct owned_string *string = kmalloc(sizeof(*string) + length + 1, GFP_KERNEL);

	if (!string)
		return NULL;
	memcpy(string->text, text, length + 1);
	spin_lock(&owned_strings_lock);
	list_add(&string->list, &owned_strings);
	spin_unlock(&owned_strings_lock);
	return string->text;
}

static void string_free(const char *text)
{
	struct owned_string *string, *found = NULL;

	spin_lock(&owned_strings_lock);
	list_for_each_entry (string, &owned_strings, list) {
		if (string->text == text) {
			found = string;
			list_del(&string->list);
			break;
		}
	}
	spin_unlock(&owned_strings_lock);
	kfree(found);
}

int param_set_charp(const char *val, const struct kernel_param *kp)
{
	size_t length = strnlen(val, CHARP_MAX + 1);
	char *text;

	if (length > CHARP_MAX) {
		pr_err("%s: string parameter too long\n", kp->name);
		return -ENOSPC;
	}
	text = string_new(val, length);
	if (!text)
		return -ENOMEM;
	string_free(*(char **)kp->arg);
	*(char **)kp->arg = text;
	return 0;
}
EXPORT_SYMBOL(param_set_charp);

int param_get_charp(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", *(char **)kp->arg);
}
EXPORT_SYMBOL(param_get_charp);

void param_free_charp(void *arg)
{
	string_free(*(char **)arg);
}
EXPORT_SYMBOL(param_free_charp);

const struct kernel_param_ops param_ops_charp = {
	.set = param_set_charp,
	.get = param_get_charp,
	.free = param_free_charp,
};
EXPORT_SYMBOL(param_ops_charp);

int param_set_bool(const char *val, const struct kernel_param *kp)
{
	return kstrtobool(val ? val : "1", kp->arg);
}
EXPORT_SYMBOL(param_set_bool);

int param_get_bool(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%c\n", *(bool *)kp->arg ? 'Y' : 'N');
}
EXPORT_SYMBOL(param_get_bool);

const struct kernel_param_ops param_ops_bool = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool,
	.get = param_get_bool,
};
EXPORT_SYMBOL(param_ops_bool);

int param_set_bool_enable_only(const char *val, const struct kernel_param *kp)
{
	bool old = *(bool *)kp->arg, new;
	int error = kstrtobool(val ? val : "1", &new);

	if (error)
		return error;
	if (old && !new)
		return -EROFS;
	*(bool *)kp->arg = new;
	return 0;
}
EXPORT_SYMBOL_GPL(param_set_bool_enable_only);

const struct kernel_param_ops param_ops_bool_enable_only = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bool_enable_only,
	.get = param_get_bool,
};
EXPORT_SYMBOL_GPL(param_ops_bool_enable_only);

int param_set_invbool(const char *val, const struct kernel_param *kp)
{
	bool value;
	int error = kstrtobool(val ? val : "1", &value);

	if (!error)
		*(bool *)kp->arg = !value;
	return error;
}
EXPORT_SYMBOL(param_set_invbool);

int param_get_invbool(char *buffer, const struct kernel_param *kp)
{
	return sprintf(buffer, "%c\n", *(bool *)kp->arg ? 'N' : 'Y');
}
EXPORT_SYMBOL(param_get_invbool);

/* Linux does not let this one go without a value. */
const struct kernel_param_ops param_ops_invbool = {
	.set = param_set_invbool,
	.get = param_get_invbool,
};
EXPORT_SYMBOL(param_ops_invbool);

int param_set_bint(const char *val, const struct kernel_param *kp)
{
	bool value;
	int error = kstrtobool(val ? val : "1", &value);

	if (!error)
		*(int *)kp->arg = value;
	return error;
}
EXPORT_SYMBOL(param_set_bint);

const struct kernel_param_ops param_ops_bint = {
	.flags = KERNEL_PARAM_OPS_FL_NOARG,
	.set = param_set_bint,
	.get = param_get_int,
};
EXPORT_SYMBOL(param_ops_bint);

/* ---- arrays and fixed-size strings ---- */

static unsigned int array_count(const struct kparam_array *arr)
{
	return arr->num ? *arr->num : arr->max;
}

/* Cuts the list at its commas, in place, and leaves it cut. */
static int param_array_set(const char *val, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	unsigned int unused, *count = arr->num ? arr->num : &unused;
	struct kernel_param element = {.name = kp->name, .level = kp->level, .arg = arr->elem};
	char separator, *item = (char *)val;

	*count = 0;
	do {
		size_t length = strcspn(item, ",");
		int error;

		if (*count == arr->max) {
			pr_err("%s: can only take %i arguments\n", kp->name, arr->max);
			return -EINVAL;
		}
		separator = item[length];
		item[length] = '\0';
		error = arr->ops->set(item, &element);
		if (error)
			return error;
		element.arg += arr->elemsize;
		item += length + 1;
		(*count)++;
	} while (separator == ',');
	return 0;
}

static int param_array_get(char *buffer, const struct kernel_param *kp)
{
	const struct kparam_array *arr = kp->arr;
	struct kernel_param element = *kp;
	unsigned int i, count = array_count(arr);
	int length = 0;

	for (i = 0; i < count; i++) {
		int ret;

		/* The newline of the one before becomes the comma. */
		if (i)
			buffer[length - 1] = ',';
		element.arg = arr->elem + arr->elemsize * i;
		ret = arr->ops->get(buffer + length, &element);
		if (ret < 0)
			return ret;
		length += ret;
	}
	buffer[length] = '\0';
	return length;
}

static void param_array_free(void *arg)
{
	const struct kparam_array *arr = arg;
	unsigned int i, count = array_count(arr);

	if (!arr->ops->free)
		return;
	for (i = 0; i < count; i++)
		arr->ops->free(arr->elem + arr->elemsize * i);
}

const struct kernel_param_ops param_array_ops = {
	.set = param_array_set,
	.get = param_array_get,
	.free = param_array_free,
};
EXPORT_SYMBOL(param_array_ops);

int param_set_copystring(const char *val, const struct kernel_param *kp)
{
	const struct kparam_string *string = kp->str;
	size_t length = strnlen(val, string->maxlen);

	if (length == string->maxlen) {
		pr_err("%s: string doesn't fit in %u chars.\n", kp->name, string->maxlen - 1);
		return -ENOSPC;
	}
	memcpy(string->string, val, length + 1);
	return 0;
}
EXPORT_SYMBOL(param_set_copystring);

int param_get_string(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", kp->str->string);
}
EXPORT_SYMBOL(param_get_string);

const struct kernel_param_ops param_ops_string = {
	.set = param_set_copystring,
	.get = param_get_string,
};
EXPORT_SYMBOL(param_ops_string);

/* ---- what the host asks ---- */

/* Arguments that every module takes, whether it knows them or not. */
static int module_unknown(char *name, char *value, const char *doing, void *context)
{
	struct module *mod = context;
	char *dot = strchr(name, '.');
	bool probe = true;

	if (!strcmp(name, "async_probe")) {
		if (value && kstrtobool(value, &probe))
			probe = true;
		mod->async_probe_requested = probe;
		return 0;
	}
	/* ddebug_dyndbg_param_cb() takes "NAME.dyndbg", and cuts off what follows any dot. */
	if (dot)
		*dot = '\0';
	if (!strcmp(dot ? dot + 1 : name, "dyndbg"))
		return dot && strcmp(name, mod->name) ? 0 : module_dyndbg(mod, value);
	pr_warn("%s: unknown parameter '%s' ignored\n", doing, name);
	return 0;
}

int r3rt_module_parameters(void *module, char *arguments, char **after)
{
	struct module *mod = module;

	return param_parse(mod->name, arguments, mod->kp, mod->num_kp, module_unknown, mod, after);
}

static int builtin_unknown(char *name, char *value, const char *doing, void *context)
{
	return 0;
}

int r3rt_object_parameters(const struct r3_object *object, const char *cmdline)
{
	const struct r3_section *section = object_section(object, "__param");
	size_t length = strlen(cmdline);
	char *args, *after;
	int error;

	if (!section || !length)
		return 0;
	args = kmalloc(length + 1, GFP_KERNEL);
	if (!args)
		return -ENOMEM;
	memcpy(args, cmdline, length + 1);
	error = param_parse("Booting kernel", args, (const struct kernel_param *)section->address,
			    section->size / sizeof(struct kernel_param), builtin_unknown, NULL,
			    &after);
	kfree(args);
	return error;
}

int r3rt_parameter_count(void *module)
{
	return ((struct module *)module)->num_kp;
}

static const struct kernel_param *parameter(void *module, int index)
{
	struct module *mod = module;

	if ((unsigned int)index >= mod->num_kp)
		return NULL;
	return &mod->kp[index];
}

static const struct kernel_param *builtin_parameter(const struct r3_object *object, int index)
{
	const struct r3_section *section = object_section(object, "__param");

	if (!section || (unsigned int)index >= section->size / sizeof(struct kernel_param))
		return NULL;
	return (const struct kernel_param *)section->address + index;
}

static int param_info(const struct kernel_param *kp, const char **name, unsigned int *mode)
{
	if (!kp)
		return -ENOENT;
	*name = kp->name;
	*mode = kp->perm;
	return 0;
}

static int param_get(const struct kernel_param *kp, char *buffer)
{
	int ret;

	if (!kp)
		return -ENOENT;
	if (!kp->ops->get)
		return -EPERM;
	kernel_param_lock(kp->mod);
	ret = kp->ops->get(buffer, kp);
	kernel_param_unlock(kp->mod);
	return ret;
}

static int param_set(const struct kernel_param *kp, const char *value)
{
	size_t length = strlen(value);
	char *copy;
	int error;

	if (!kp)
		return -ENOENT;
	if (!kp->ops->set)
		return -EPERM;
	/* A set may cut its string in place. */
	copy = kmalloc(length + 1, GFP_KERNEL);
	if (!copy)
		return -ENOMEM;
	memcpy(copy, value, length + 1);
	error = set_locked(kp, copy);
	kfree(copy);
	return error;
}

int r3rt_parameter_info(void *module, int index, const char **name, unsigned int *mode)
{
	return param_info(parameter(module, index), name, mode);
}

int r3rt_parameter_get(void *module, int index, char *buffer)
{
	return param_get(parameter(module, index), buffer);
}

int r3rt_parameter_set(void *module, int index, const char *value)
{
	return param_set(parameter(module, index), value);
}

int r3rt_builtin_parameter_info(const struct r3_object *object, int index, const char **name,
				unsigned int *mode)
{
	return param_info(builtin_parameter(object, index), name, mode);
}

int r3rt_builtin_parameter_get(const struct r3_object *object, int index, char *buffer)
{
	return param_get(builtin_parameter(object, index), buffer);
}

int r3rt_builtin_parameter_set(const struct r3_object *object, int index, const char *value)
{
	return param_set(builtin_parameter(object, index), value);
}

/* The module goes: give back what its parameters own. */
void param_free_all(struct module *mod)
{
	unsigned int i;

	for (i = 0; i < mod->num_kp; i++)
		if (mod->kp[i].ops->free)
			mod->kp[i].ops->free(mod->kp[i].arg);
}
