// SPDX-License-Identifier: GPL-2.0-or-later
/* Declarations at file level: which global symbols they define. */
#include <stdio.h>
#include "target/scan.h"

/* clang-format off */
static const char *const attributes[] = {
	"__attribute__", "__read_mostly", "__initdata", "__initconst", "__init", "__exit",
	"__ro_after_init", "__visible", "__used", "__refdata", "__latent_entropy", "__aligned",
	"__section", "__rcu", "__percpu", "__user", "__iomem", "__maybe_unused", "__weak",
	"__meminitdata", "__cpuidle", "__lockfunc", "__sched", "__must_check", "__printf",
	"__scanf", "__acquires", "__releases", "__must_hold", "__alloc_size", "__malloc",
	"__cold", "__noreturn", "__pure", "__const", "__attribute_const__",
	"__no_sanitize_address", "__no_kcsan", "__no_kasan", "__net_init", "__net_exit",
	"__net_initdata", "__ref", "__always_inline", "__cacheline_aligned",
	"__cacheline_aligned_in_smp", "____cacheline_aligned", "____cacheline_aligned_in_smp",
	"____cacheline_internodealigned_in_smp", "__page_aligned_bss", "__page_aligned_data",
	"__exit_refok", "__force", "__cond_acquires", "__nocfi", "__no_stack_protector",
	"__printf_like", "__flatten", "__counted_by", "__init_or_module", "__percpu_seg_override",
	"__pgtbl_missing_prototypes", "__typeof__", "__alias", "__copy",
	"__cacheline_group_begin",
};
/* clang-format on */

static bool is_attribute(const struct token *token)
{
	if (token->length < 5 || token->at[0] != '_')
		return false;
	for (unsigned int i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (token_is(token, attributes[i]))
			return true;
	}
	return false;
}

void report(struct scanner *s, const char *prefix, const struct token *name, enum scan_kind kind)
{
	char text[256];
	int length = snprintf(text, sizeof(text), "%s%.*s", prefix, (int)name->length, name->at);

	if (token_is_word(name) && length > 0 && length < (int)sizeof(text))
		s->found(s->context, text, (size_t)length, kind);
}

void report_trace_point(struct scanner *s, const struct token *name)
{
	report(s, "__tracepoint_", name, SCAN_DATA);
	report(s, "__traceiter_", name, SCAN_CODE);
	report(s, "__SCK__tp_func_", name, SCAN_DATA);
	report(s, "__SCT__tp_func_", name, SCAN_CODE);
}

/* Macros at file level that define what one of their arguments names. */
static const struct definer {
	const char *name; /* with a trailing '*': a prefix */
	int argument;     /* counted from 1 */
	enum scan_kind kind;
} definers[] = {
	{"EXPORT_SYMBOL*", 1, SCAN_EXPORT},
	{"EXPORT_PER_CPU_SYMBOL*", 1, SCAN_DATA},
	{"EXPORT_STATIC_CALL*", 0, SCAN_EXPORT},
	{"DEFINE_MUTEX", 1, SCAN_DATA},
	{"DEFINE_SPINLOCK", 1, SCAN_DATA},
	{"DEFINE_RAW_SPINLOCK", 1, SCAN_DATA},
	{"DEFINE_RWLOCK", 1, SCAN_DATA},
	{"DECLARE_RWSEM", 1, SCAN_DATA},
	{"DEFINE_SEMAPHORE", 1, SCAN_DATA},
	{"DEFINE_IDR", 1, SCAN_DATA},
	{"DEFINE_IDA", 1, SCAN_DATA},
	{"LIST_HEAD", 1, SCAN_DATA},
	{"HLIST_HEAD", 1, SCAN_DATA},
	{"LLIST_HEAD", 1, SCAN_DATA},
	{"BLOCKING_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"RAW_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"ATOMIC_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"SRCU_NOTIFIER_HEAD", 1, SCAN_DATA},
	{"DECLARE_WAIT_QUEUE_HEAD", 1, SCAN_DATA},
	{"DECLARE_SWAIT_QUEUE_HEAD", 1, SCAN_DATA},
	{"DEFINE_PER_CPU*", 2, SCAN_DATA},
	{"DEFINE_STATIC_KEY_*", 1, SCAN_DATA},
	{"DECLARE_BITMAP", 1, SCAN_DATA},
	{"DECLARE_COMPLETION", 1, SCAN_DATA},
	{"DECLARE_WORK", 1, SCAN_DATA},
	{"DECLARE_DELAYED_WORK", 1, SCAN_DATA},
	{"DEFINE_SRCU", 1, SCAN_DATA},
	{"DEFINE_SEQLOCK", 1, SCAN_DATA},
	{"DEFINE_XARRAY*", 1, SCAN_DATA},
	{"DEFINE_HASHTABLE", 1, SCAN_DATA},
	{"DEFINE_SIMPLE_DEV_PM_OPS", 1, SCAN_DATA},
	{"SIMPLE_DEV_PM_OPS", 1, SCAN_DATA},
	{"DEFINE_RATELIMIT_STATE", 1, SCAN_DATA},
	{"DEFINE_MAPLE_TREE", 1, SCAN_DATA},
	{"DEFINE_TIMER", 1, SCAN_DATA},
	{"BPF_CALL_*", 1, SCAN_CODE},
	{"RADIX_TREE", 1, SCAN_DATA},
	{"DEFINE_PERCPU_RWSEM", 1, SCAN_DATA},
	{"define_dev_printk_level", 1, SCAN_CODE},
	{"kstrto_from_user", 1, SCAN_CODE},
};

static bool definer_matches(const struct definer *definer, const struct token *token)
{
	size_t length = strlen(definer->name);

	if (definer->name[length - 1] != '*')
		return token_is(token, definer->name);
	return token->length >= length - 1 && !strncmp(token->at, definer->name, length - 1);
}

/* The last word of the macro's argument number wanted. */
static const struct token *argument(const struct token *tokens, unsigned int count,
				    unsigned int wanted)
{
	const struct token *name = NULL;
	unsigned int number = 1;
	int depth = 0;

	for (unsigned int i = 1; i < count; i++) {
		depth += token_is(&tokens[i], "(") - token_is(&tokens[i], ")");
		if (!depth)
			break;
		if (depth == 1 && token_is(&tokens[i], ","))
			number++;
		else if (number == wanted && token_is_word(&tokens[i]) && !is_attribute(&tokens[i]))
			name = &tokens[i];
	}
	return name;
}

/* NAME(...) at file level: true if it was a macro we know, or nothing we want. */
static void macro(struct scanner *s, const struct token *tokens, unsigned int count)
{
	const struct token *name;

	for (unsigned int i = 0; i < sizeof(definers) / sizeof(definers[0]); i++) {
		if (!definers[i].argument || !definer_matches(&definers[i], tokens))
			continue;
		name = argument(tokens, count, (unsigned int)definers[i].argument);
		if (name)
			report(s, "", name, definers[i].kind);
		return;
	}
	name = argument(tokens, count, 1);
	if (!name)
		return;
	if (token_is(tokens, "EXPORT_TRACEPOINT_SYMBOL") ||
	    token_is(tokens, "EXPORT_TRACEPOINT_SYMBOL_GPL") || token_is(tokens, "DEFINE_TRACE")) {
		report_trace_point(s, name);
	} else if (!strncmp(tokens->at, "DEFINE_STATIC_CALL", 18)) {
		report(s, "__SCK__", name, SCAN_DATA);
		report(s, "__SCT__", name, SCAN_CODE);
	}
}

static void function(struct scanner *s, const struct token *tokens, unsigned int count)
{
	int depth = 0;

	for (unsigned int i = 0; i < count; i++) {
		if (token_is(&tokens[i], "(")) {
			if (!depth && i && token_is_word(&tokens[i - 1]) &&
			    !is_attribute(&tokens[i - 1])) {
				report(s, "", &tokens[i - 1], SCAN_CODE);
				return;
			}
			depth++;
		} else if (token_is(&tokens[i], ")")) {
			depth--;
		}
	}
}

/* "type name = x, *other[3] attribute;": brackets and initialisers were cut to one token. */
static void variables(struct scanner *s, const struct token *tokens, unsigned int count)
{
	const struct token *name = NULL;
	bool fixed = false, any_type = false;
	int depth = 0;

	for (unsigned int i = 0; i <= count; i++) {
		bool end = i == count || (!depth && token_is(&tokens[i], ","));

		if (end) {
			if (name && any_type)
				report(s, "", name, SCAN_DATA);
			name = NULL;
			fixed = false;
			continue;
		}
		if (token_is(&tokens[i], "(")) {
			/* (*name)(...): a pointer to a function; else a prototype */
			if (!depth && !fixed && i && !is_attribute(&tokens[i - 1])) {
				if (i + 2 >= count || !token_is(&tokens[i + 1], "*"))
					return;
				name = &tokens[i + 2];
				fixed = any_type = true;
			}
			depth++;
		} else if (token_is(&tokens[i], ")")) {
			depth--;
		} else if (!depth && (token_is(&tokens[i], "=") || token_is(&tokens[i], "["))) {
			fixed = true;
		} else if (!depth && !fixed && token_is_word(&tokens[i]) &&
			   !is_attribute(&tokens[i])) {
			any_type |= name != NULL || i > 0;
			name = &tokens[i];
		}
	}
}

bool has_word(const struct token *tokens, unsigned int count, const char *text)
{
	for (unsigned int i = 0; i < count; i++) {
		if (token_is(&tokens[i], text))
			return true;
		if (token_is(&tokens[i], "(") || token_is(&tokens[i], "="))
			break;
	}
	return false;
}

void declaration(struct scanner *s, const struct token *tokens, unsigned int count,
		 bool is_function)
{
	bool type_only;

	if (count < 2 || has_word(tokens, count, "static") || has_word(tokens, count, "INLINE") ||
	    has_word(tokens, count, "FORCE_INLINE") ||
	    has_word(tokens, count, "FORCE_INLINE_TEMPLATE") ||
	    has_word(tokens, count, "typedef") || token_is(tokens, "asm"))
		return;
	if (token_is(&tokens[1], "(") && !is_attribute(tokens) &&
	    !(count > 2 && token_is(&tokens[2], "*"))) {
		macro(s, tokens, count);
		return;
	}
	if (is_function) {
		function(s, tokens, count);
		return;
	}
	for (unsigned int i = 2; i < count; i++) {
		/* a prototype of another name for something defined in the file */
		if (token_is(&tokens[i], "__alias")) {
			function(s, tokens, count);
			return;
		}
	}
	if (has_word(tokens, count, "extern"))
		return;
	/* struct x; struct x { ... }; enum { ... }; */
	type_only = (token_is(tokens, "struct") || token_is(tokens, "union") ||
		     token_is(tokens, "enum")) &&
		    (count == 2 || token_is(&tokens[count - 1], "}"));
	if (!type_only || has_word(tokens, count, "="))
		variables(s, tokens, count);
}
