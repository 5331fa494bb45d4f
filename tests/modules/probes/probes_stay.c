// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes of another module, which is not kept by them. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

static int core_hits, init_hits, coming_core, coming_init;

static int pre_core(struct kprobe *p, struct pt_regs *regs)
{
	core_hits++;
	return 0;
}

static int pre_init(struct kprobe *p, struct pt_regs *regs)
{
	init_hits++;
	return 0;
}

static struct kprobe core, init;

static int coming(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	if (state != MODULE_STATE_COMING || strcmp(mod->name, "probes_target"))
		return NOTIFY_DONE;
	core = (struct kprobe){.symbol_name = "target_core", .pre_handler = pre_core};
	init = (struct kprobe){.symbol_name = "probes_target:target_init", .pre_handler = pre_init};
	coming_core = register_kprobe(&core);
	coming_init = register_kprobe(&init);
	return NOTIFY_OK;
}

static struct notifier_block notifier = {.notifier_call = coming};

static int __init probes_stay_init(void)
{
	return register_module_notifier(&notifier);
}

static void __exit probes_stay_exit(void)
{
	unregister_module_notifier(&notifier);
	unregister_kprobe(&core);
	unregister_kprobe(&init);
}

module_init(probes_stay_init);
module_exit(probes_stay_exit);
MODULE_LICENSE("GPL");

/* For the test: how things stand. */
int stay_state(void);
int stay_state(void)
{
	pr_info("coming %d %d hits %d %d flags %x %x\n", coming_core, coming_init, core_hits,
		init_hits, core.flags, init.flags);
	return 0;
}

int stay_enable(void);
int stay_enable(void)
{
	return enable_kprobe(&core);
}

int stay_disable(void);
int stay_disable(void)
{
	return disable_kprobe(&core);
}

int stay_register_init(void);
int stay_register_init(void)
{
	struct kprobe again = {.addr = init.addr};

	return register_kprobe(&again);
}
