// SPDX-License-Identifier: GPL-2.0-or-later
/* Call traces as data and as text. */
#include <linux/bug.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/stacktrace.h>
#include <ring3/hypercall.h>

unsigned int stack_trace_save(unsigned long *store, unsigned int size, unsigned int skipnr)
{
	/* The host's first entry is where this function goes on: not the caller's business. */
	unsigned int count = r3hc_stack_trace(store, size, skipnr + 1);

	barrier(); /* and so it must go on */
	return count;
}
EXPORT_SYMBOL_GPL(stack_trace_save);

void stack_trace_print(const unsigned long *trace, unsigned int nr_entries, int spaces)
{
	unsigned int i;

	if (WARN_ON(!trace))
		return;
	for (i = 0; i < nr_entries; i++)
		printk("%*c%pS\n", 1 + spaces, ' ', (void *)trace[i]);
}
EXPORT_SYMBOL_GPL(stack_trace_print);

int stack_trace_snprint(char *buf, size_t size, const unsigned long *entries,
			unsigned int nr_entries, int spaces)
{
	unsigned int i;
	int total = 0;

	for (i = 0; i < nr_entries && size; i++) {
		int length = snprintf(buf, size, "%*c%pS\n", 1 + spaces, ' ', (void *)entries[i]);

		total += length;
		length = min_t(size_t, length, size);
		buf += length;
		size -= length;
	}
	return total;
}
EXPORT_SYMBOL_GPL(stack_trace_snprint);
