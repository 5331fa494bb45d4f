// SPDX-License-Identifier: GPL-2.0-or-later
/* Logs what the module notifiers are told about modules named life_*; may refuse one. */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/string.h>

static char *refuse = "";
module_param(refuse, charp, 0644);

static int life_called(struct notifier_block *block, unsigned long state, void *data)
{
	static const char *const names[] = {"LIVE", "COMING", "GOING", "UNFORMED"};
	struct module *module = data;

	if (strncmp(module->name, "life_", 5))
		return NOTIFY_DONE;
	pr_info("life_notify: %s %s\n", module->name, state < 4 ? names[state] : "?");
	if (state == MODULE_STATE_COMING && !strcmp(refuse, module->name))
		return notifier_from_errno(-EXDEV);
	return NOTIFY_OK;
}

static struct notifier_block life_block = {.notifier_call = life_called};

static int __init life_init(void)
{
	return register_module_notifier(&life_block);
}

static void __exit life_exit(void)
{
	unregister_module_notifier(&life_block);
}

module_init(life_init);
module_exit(life_exit);
MODULE_LICENSE("GPL");
