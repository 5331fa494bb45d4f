// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe on its name finds a function that is exported to nobody. */
#include <linux/kallsyms.h>
#include <linux/kprobes.h>
#include <linux/workqueue.h>
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
	struct kprobe by_address = {};

	CHECK(lookup && flush);
	CHECK(lookup("names_mine") == (unsigned long)names_mine);
	CHECK(lookup("probes_names:names_mine") == (unsigned long)names_mine);
	CHECK(!lookup("names_of_nobody"));
	/* its address is known before it is there, in timers that call it */
	by_address.addr = (kprobe_opcode_t *)delayed_work_timer_fn;
	CHECK(!register_kprobe(&by_address));
	unregister_kprobe(&by_address);
	CHECK(by_address.addr == address_of("delayed_work_timer_fn"));
	flush();
	return 0;
}

CHECK_MODULE("Addresses of functions that are not exported");
