// SPDX-License-Identifier: GPL-2.0-or-later
/* Sorting and searching arrays and lists. */
#include <linux/bsearch.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/sort.h>
#include <linux/string.h>

static void swap_elements(char *a, char *b, size_t size, swap_r_func_t swap_func, const void *priv)
{
	if (swap_func) {
		swap_func(a, b, size, priv);
		return;
	}
	for (; size; size--, a++, b++) {
		char c = *a;

		*a = *b;
		*b = c;
	}
}

/* Heapsort: no recursion, no memory, never quadratic. */
void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp_func, swap_r_func_t swap_func,
	    const void *priv)
{
	size_t start = num / 2, end = num;
	char *array = base;

	while (end > 1) {
		size_t root, child;

		if (start) {
			start--;
		} else {
			end--;
			swap_elements(array, array + end * size, size, swap_func, priv);
		}
		for (root = start; (child = 2 * root + 1) < end; root = child) {
			if (child + 1 < end &&
			    cmp_func(array + child * size, array + (child + 1) * size, priv) < 0)
				child++;
			if (cmp_func(array + root * size, array + child * size, priv) >= 0)
				break;
			swap_elements(array + root * size, array + child * size, size, swap_func,
				      priv);
		}
	}
}
EXPORT_SYMBOL(sort_r);

struct plain_functions {
	cmp_func_t compare;
	swap_func_t exchange;
};

static int compare_plain(const void *a, const void *b, const void *priv)
{
	return ((const struct plain_functions *)priv)->compare(a, b);
}

static void swap_plain(void *a, void *b, int size, const void *priv)
{
	((const struct plain_functions *)priv)->exchange(a, b, size);
}

void sort(void *base, size_t num, size_t size, cmp_func_t cmp_func, swap_func_t swap_func)
{
	struct plain_functions functions = {cmp_func, swap_func};

	sort_r(base, num, size, compare_plain, swap_func ? swap_plain : NULL, &functions);
}
EXPORT_SYMBOL(sort);

void *bsearch(const void *key, const void *base, size_t num, size_t size, cmp_func_t cmp)
{
	while (num) {
		const char *middle = (const char *)base + num / 2 * size;
		int order = cmp(key, middle);

		if (!order)
			return (void *)middle;
		if (order > 0) {
			base = middle + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}
EXPORT_SYMBOL(bsearch);

static struct list_head *merge(void *priv, list_cmp_func_t cmp, struct list_head *a,
			       struct list_head *b)
{
	struct list_head *first = NULL, **tail = &first;

	while (a && b) {
		/* Equal ones keep their order: a's come first. */
		struct list_head **from = cmp(priv, a, b) <= 0 ? &a : &b;

		*tail = *from;
		tail = &(*from)->next;
		*from = *tail;
	}
	*tail = a ? a : b;
	return first;
}

/* Merge sort from below: runs[i] holds 2^i sorted elements or none. */
void list_sort(void *priv, struct list_head *head, list_cmp_func_t cmp)
{
	struct list_head *runs[64] = {}, *node, *next, *sorted = NULL, *prev;
	unsigned int i;

	if (list_empty(head))
		return;
	head->prev->next = NULL;
	for (node = head->next; node; node = next) {
		next = node->next;
		node->next = NULL;
		for (i = 0; runs[i]; i++) {
			node = merge(priv, cmp, runs[i], node);
			runs[i] = NULL;
		}
		runs[i] = node;
	}
	for (i = 0; i < ARRAY_SIZE(runs); i++)
		if (runs[i])
			sorted = sorted ? merge(priv, cmp, runs[i], sorted) : runs[i];
	head->next = sorted;
	for (prev = head, node = sorted; node; prev = node, node = node->next)
		node->prev = prev;
	prev->next = head;
	head->prev = prev;
}
EXPORT_SYMBOL(list_sort);
