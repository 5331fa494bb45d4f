// SPDX-License-Identifier: GPL-2.0-or-later
/* printk: its levels, continued lines, and the extensions of its formats. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>

static void levels(void)
{
	pr_crit("critical\n");
	pr_err("error\n");
	pr_warn("warning\n");
	pr_notice("notice\n");
	pr_info("information\n");
	printk(KERN_DEBUG "levels: debug\n");
	printk("levels: no level\n");
	pr_debug("not printed, DEBUG is not defined\n");
}

static void continued(void)
{
	int i;

	pr_info("counting:");
	for (i = 1; i <= 3; i++)
		pr_cont(" %d", i);
	pr_cont("\n");
	pr_info("two lines\nof one call\n");
	pr_info("no newline, but the next one begins a line");
	pr_info("as here\n");
	for (i = 0; i < 3; i++)
		pr_info_once("once, not three times\n");
}

static void numbers(void)
{
	pr_info("[%d] [%5d] [%-5d] [%05d] [%+d] [% d]\n", 42, 42, 42, 42, 42, 42);
	pr_info("[%x] [%#x] [%08X] [%#o] [%hhx] [%hx]\n", 255, 255, 0xbeef, 8, 0x1234, 0x12345678);
	pr_info("[%lld] [%llu] [%lx] [%zu] [%td]\n", -1LL, ~0ULL, ~0UL, sizeof(long),
		(ptrdiff_t)-3);
	pr_info("[%s] [%8s] [%-8s] [%.2s] [%c] [%%] [%*d] [%.*s]\n", "text", "text", "text", "text",
		'c', 6, 7, 3, "abcdef");
	pr_info("[%.5d] [%8.5d] [%-8.3d] [%#010x]\n", 42, 42, 42, 0xab);
}

static void pointers(void)
{
	static const u8 mac[6] = {0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc};
	static const u8 ip4[4] = {192, 168, 0, 7};
	static const u8 ip6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 0x42};
	static const u8 uuid[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	static const unsigned long bits[2] = {0x80000000000000f5UL, 0x3};
	phys_addr_t physical = 0x12345678;

	pr_info("%pM %pMF %pMR %pm\n", mac, mac, mac, mac);
	pr_info("%pI4 %pi4 %pI6 %pI6c %pi6\n", ip4, ip4, ip6, ip6, ip6);
	pr_info("%pUb %pUB %pUl %pUL\n", uuid, uuid, uuid, uuid);
	pr_info("%*ph|%*phC|%*phD|%*phN\n", 6, mac, 6, mac, 6, mac, 6, mac);
	pr_info("%*pb %*pbl\n", 66, bits, 66, bits);
	pr_info("%pa %pe %pe %s\n", &physical, ERR_PTR(-ENOENT), ERR_PTR(-EPROBE_DEFER),
		(char *)NULL);
	pr_info("%ps\n", pointers);
	print_hex_dump(KERN_INFO, "levels: dump ", DUMP_PREFIX_OFFSET, 16, 1,
		       "Sixteen bytes, 20 now", 20, true);
}

static __printf(1, 2) void indirect(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_info("before %pV after\n", &vaf);
	va_end(args);
}

static int __init levels_init(void)
{
	levels();
	continued();
	numbers();
	pointers();
	indirect("a format within a format, %d %s", 7, "times");
	return 0;
}

static void __exit levels_exit(void)
{
	pr_info("silent from here on\n");
}

module_init(levels_init);
module_exit(levels_exit);
MODULE_DESCRIPTION("Ways to print");
MODULE_LICENSE("GPL");
