// SPDX-License-Identifier: GPL-2.0-or-later
/* Strings, numbers in strings, sorting and searching. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/bitmap.h>
#include <linux/bsearch.h>
#include <linux/ctype.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

static void copies(void)
{
	char buffer[8], *text, *rest, *word;

	pr_info("strscpy %zd '%s'\n", strscpy(buffer, "longer than that", sizeof(buffer)), buffer);
	pr_info("strlcat %zu '%s'\n", strlcat(buffer, "x", sizeof(buffer)), buffer);
	pr_info("strcmp %d %d %d, strncasecmp %d\n", strcmp("a", "b"), strcmp("b", "a"),
		strcmp("a", "a"), strncasecmp("HELLO", "help", 3));
	pr_info("strstr '%s' strrchr '%s' strspn %zu strcspn %zu\n",
		strstr("a needle in hay", "nee"), strrchr("/a/b/c", '/'), strspn("aabbc", "ab"),
		strcspn("key=value", "="));
	text = rest = kasprintf(GFP_KERNEL, "%s,%d,,%c", "one", 2, 'z');
	while (rest && (word = strsep(&rest, ",")))
		pr_info("word '%s'\n", word);
	kfree(text);
	text = kstrdup("  to be trimmed \n", GFP_KERNEL);
	if (text)
		pr_info("strim '%s'\n", strim(text));
	kfree(text);
	pr_info("sysfs_streq %d %d\n", sysfs_streq("on", "on\n"), sysfs_streq("on", "off"));
}

static void one_number(const char *text)
{
	unsigned int u = 0;
	bool b = false;
	int error_i, error_u, error_b, i = 0;
	u8 byte = 0;

	error_i = kstrtoint(text, 0, &i);
	error_u = kstrtouint(text, 16, &u);
	error_b = kstrtobool(text, &b);
	pr_info("'%s': int %d (%d) hex %u (%d) bool %d (%d) u8 %d\n", text, i, error_i, u, error_u,
		b, error_b, kstrtou8(text, 10, &byte));
}

static void numbers(void)
{
	static const char *const texts[] = {"0", "12", "-5",  "0x1f", "010", "4294967296",
					    "",  "y",  "off", "12 ",  "+7",  "300"};
	unsigned int i, a = 0, b = 0;
	char word[16] = "", *end;
	unsigned long value;
	int count;

	for (i = 0; i < ARRAY_SIZE(texts); i++)
		one_number(texts[i]);
	value = simple_strtoul("0x2fzz", &end, 0);
	pr_info("simple_strtoul %lu, then '%s'\n", value, end);
	count = sscanf("10:0x20 rest", "%u:%x %15s", &a, &b, word);
	pr_info("sscanf %d: %u %u '%s'\n", count, a, b, word);
	pr_info("memparse %llu %llu\n", memparse("64k", NULL), memparse("1G", NULL));
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static void arrays(void)
{
	int numbers[] = {5, 3, 9, 1, 7, 3}, key = 7, *found;
	DECLARE_BITMAP(bits, 100);

	sort(numbers, ARRAY_SIZE(numbers), sizeof(int), compare, NULL);
	pr_info("sorted %d %d %d %d %d %d\n", numbers[0], numbers[1], numbers[2], numbers[3],
		numbers[4], numbers[5]);
	found = bsearch(&key, numbers, ARRAY_SIZE(numbers), sizeof(int), compare);
	pr_info("7 is at %td\n", found ? found - numbers : -1);
	bitmap_zero(bits, 100);
	bitmap_set(bits, 60, 10);
	__set_bit(3, bits);
	pr_info("bits: first %lu, next %lu, next zero %lu, weight %u\n", find_first_bit(bits, 100),
		find_next_bit(bits, 100, 4), find_next_zero_bit(bits, 100, 60),
		(unsigned int)bitmap_weight(bits, 100));
	pr_info("fls %d ffs %d ilog2 %d roundup %lu hweight %u\n", fls(0x50), ffs(0x50),
		ilog2(1000), roundup_pow_of_two(1000), hweight32(0xf0f0));
}

struct item {
	struct list_head list;
	int key, order;
};

static int compare_items(void *priv, const struct list_head *a, const struct list_head *b)
{
	return list_entry(a, struct item, list)->key - list_entry(b, struct item, list)->key;
}

static void lists(void)
{
	struct item items[6], *item;
	LIST_HEAD(head);
	int i;

	for (i = 0; i < 6; i++) {
		items[i].key = (i * 5) % 3;
		items[i].order = i;
		list_add_tail(&items[i].list, &head);
	}
	list_sort(NULL, &head, compare_items);
	list_for_each_entry (item, &head, list)
		pr_info("key %d order %d\n", item->key, item->order);
	list_rotate_left(&head);
	pr_info("first is now %d\n", list_first_entry(&head, struct item, list)->order);
}

static int __init strings_init(void)
{
	copies();
	numbers();
	arrays();
	lists();
	return 0;
}

static void __exit strings_exit(void)
{
}

module_init(strings_init);
module_exit(strings_exit);
MODULE_DESCRIPTION("Strings, numbers, sorting");
MODULE_LICENSE("GPL");
