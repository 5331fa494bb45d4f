// SPDX-License-Identifier: GPL-2.0-or-later
/* Probes of another module, which is not kept by them. */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

static int core_hits, init_hits, coming_core, coming_init, live_init, going_core;

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

/* Of the first time that the module comes, and of the second. */
static struct kprobe core[2], init[2];
static int times;

static int coming(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;
	struct kprobe late = {.addr = init[0].addr};

	if (state == MODULE_STATE_LIVE && late.addr && !live_init)
		live_init = register_kprobe(&late);
	late = (struct kprobe){.symbol_name = "probes_target:target_core"};
	if (state == MODULE_STATE_GOING && !strcmp(mod->name, "probes_target"))
		going_core = register_kprobe(&late);
	if (state != MODULE_STATE_COMING || strcmp(mod->name, "probes_target") || times == 2)
		return NOTIFY_DONE;
	core[times] = (struct kprobe){.symbol_name = "target_core", .pre_handler = pre_core};
	init[times] = (struct kprobe){.symbol_name = "probes_target:target_init",
				      .pre_handler = pre_init};
	coming_core = register_kprobe(&core[times]);
	coming_init = register_kprobe(&init[times]);
	times++;
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
	unregister_kprobe(&core[0]);
	unregister_kprobe(&init[0]);
	unregister_kprobe(&core[1]);
	unregister_kprobe(&init[1]);
}

module_init(probes_stay_init);
module_exit(probes_stay_exit);
MODULE_LICENSE("GPL");

/* For the test: how things stand. */
int stay_state(void);
int stay_state(void)
{
	pr_info("coming %d %d live %d going %d hits %d %d flags %x %x\n", coming_core, coming_init,
		live_init, going_core, core_hits, init_hits, core[0].flags, init[0].flags);
	return 0;
}

int stay_enable(void);
int stay_enable(void)
{
	return enable_kprobe(&core[0]);
}

int stay_disable(void);
int stay_disable(void)
{
	return disable_kprobe(&core[0]);
}
