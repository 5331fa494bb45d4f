// SPDX-License-Identifier: GPL-2.0-or-later
/* Notifier chains: order, stopping, errors, undoing; and the chain of modules. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

#define UP   1
#define DOWN 2

static ATOMIC_NOTIFIER_HEAD(atomic_chain);
static BLOCKING_NOTIFIER_HEAD(blocking_chain);
static RAW_NOTIFIER_HEAD(raw_chain);

static int refuse; /* the priority of who refuses, 0: nobody */

static int notice(struct notifier_block *nb, unsigned long action, void *data)
{
	pr_info("%s: %d hears %lu\n", (char *)data, nb->priority, action);
	if (action == UP && nb->priority == refuse)
		return notifier_from_errno(-EBUSY);
	return NOTIFY_OK;
}

static struct notifier_block blocks[] = {
	{.notifier_call = notice, .priority = 1},
	{.notifier_call = notice, .priority = 9},
	{.notifier_call = notice, .priority = 5},
};

static void atomic_calls(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		atomic_notifier_chain_register(&atomic_chain, &blocks[i]);
	ret = atomic_notifier_call_chain(&atomic_chain, UP, "atomic");
	pr_info("returns %d, error %d\n", ret, notifier_to_errno(ret));
	refuse = 5;
	ret = atomic_notifier_call_chain(&atomic_chain, UP, "atomic");
	pr_info("stopped %d, error %d\n", !!(ret & NOTIFY_STOP_MASK), notifier_to_errno(ret));
	refuse = 0;
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		atomic_notifier_chain_unregister(&atomic_chain, &blocks[i]);
	ret = atomic_notifier_chain_unregister(&atomic_chain, &blocks[0]);
	pr_info("twice: %d, empty: %d\n", ret,
		atomic_notifier_call_chain(&atomic_chain, UP, "nobody"));
}

static void blocking_calls(void)
{
	unsigned int i;
	int ret;

	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		blocking_notifier_chain_register(&blocking_chain, &blocks[i]);
	refuse = 1;
	ret = blocking_notifier_call_chain_robust(&blocking_chain, UP, DOWN, "blocking");
	pr_info("undone, error %d\n", notifier_to_errno(ret));
	refuse = 0;
	for (i = 0; i < ARRAY_SIZE(blocks); i++)
		blocking_notifier_chain_unregister(&blocking_chain, &blocks[i]);
}

static void raw_calls(void)
{
	raw_notifier_chain_register(&raw_chain, &blocks[2]);
	raw_notifier_call_chain(&raw_chain, 77, "raw");
	raw_notifier_chain_unregister(&raw_chain, &blocks[2]);
}

static int module_event(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *module = data;
	const char *name = state == MODULE_STATE_LIVE     ? "live"
			   : state == MODULE_STATE_COMING ? "coming"
			   : state == MODULE_STATE_GOING  ? "going"
							  : "unformed";

	pr_info("%s is %s\n", module->name, name);
	return NOTIFY_DONE;
}

static struct notifier_block module_block = {.notifier_call = module_event};

static int __init chains_init(void)
{
	atomic_calls();
	blocking_calls();
	raw_calls();
	return register_module_notifier(&module_block);
}

static void __exit chains_exit(void)
{
	int first = unregister_module_notifier(&module_block);

	pr_info("unregistered %d, again %d\n", first, unregister_module_notifier(&module_block));
}

module_init(chains_init);
module_exit(chains_exit);
MODULE_DESCRIPTION("Who hears of what, and in which order");
MODULE_LICENSE("GPL");
