// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe on its name finds a function that is exported to nobody. */
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include "../machine/machine.h"

int names_mine(int x);
noinline int names_mine(int x)
{
	return x;
}

static void *address_of(const char *name)
{
	struct kprobe kp = {.symbol_name = name};

	if (register_kprobe(&kp))
		return NULL;
	unregister_kprobe(&kp);
	return kp.addr;
}

static int run(void)
{
	unsigned long (*lookup)(const char *name) = address_of("kallsyms_lookup_name");
	void (*flush)(void) = address_of("flush_tlb_all");

	CHECK(lookup && flush);
	CHECK(lookup("names_mine") == (unsigned long)names_mine);
	CHECK(lookup("probes_names:names_mine") == (unsigned long)names_mine);
	CHECK(!lookup("names_of_nobody"));
	flush();
	return 0;
}

CHECK_MODULE("Addresses of functions that are not exported");
