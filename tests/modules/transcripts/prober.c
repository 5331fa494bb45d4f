// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Four probes, each a kprobe or a kretprobe, that are told what to do through
 * parameters; what the kernel says to it is the error of the write.
 *
 *	plant: N KIND SYMBOL OFFSET
 *	uproot: N, enable: N, disable: N, count: N
 *
 * KIND: p, P (with a post handler), d (disabled), a (adds 100 to di), s (goes
 * on in another function, which returns 77), r, R (one instance at most), q
 * (does not tell where it returns to).
 */
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/preempt.h>
#include <linux/string.h>

#define NR_PROBES 4

static struct probe {
	struct kretprobe rp; /* of a kprobe its kp alone */
	bool is_return, planted;
	char kind, symbol[64];
	int hits, posts;
} probes[NR_PROBES];

static noinline __attribute__((noipa)) int stand_in(void)
{
	return 77;
}

static int number_of(const struct probe *probe)
{
	return probe - probes;
}

static int pre(struct kprobe *kp, struct pt_regs *regs)
{
	struct probe *probe = container_of(kp, struct probe, rp.kp);

	probe->hits++;
	pr_info("prober: %d: ip+%ld di=%d preemptible=%d\n", number_of(probe),
		(long)(regs->ip - (unsigned long)kp->addr), (int)regs->di, preemptible());
	if (probe->kind == 'a')
		regs->di += 100;
	if (probe->kind == 's')
		regs->ip = (unsigned long)stand_in;
	return probe->kind == 's';
}

static void post(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
	struct probe *probe = container_of(kp, struct probe, rp.kp);

	probe->posts++;
	pr_info("prober: %d: post\n", number_of(probe));
}

static int returns(struct kretprobe_instance *ri, struct pt_regs *regs)
{
	struct probe *probe = container_of(get_kretprobe(ri), struct probe, rp);

	probe->hits++;
	pr_info("prober: %d: returns %d to %pS\n", number_of(probe), (int)regs_return_value(regs),
		probe->kind == 'q' ? NULL : (void *)get_kretprobe_retaddr(ri));
	return 0;
}

static int plant(const char *value, const struct kernel_param *param)
{
	unsigned int number, offset;
	struct probe *probe;
	char kind, symbol[sizeof(probe->symbol)];
	int error;

	if (sscanf(value, "%u %c %63s %u", &number, &kind, symbol, &offset) != 4 ||
	    number >= NR_PROBES || probes[number].planted)
		return -ERANGE;
	probe = &probes[number];
	memset(probe, 0, sizeof(*probe));
	probe->kind = kind;
	probe->is_return = kind == 'r' || kind == 'R' || kind == 'q';
	strcpy(probe->symbol, symbol);
	probe->rp.kp.symbol_name = probe->symbol;
	probe->rp.kp.offset = offset;
	probe->rp.maxactive = kind == 'R' ? 1 : 0;
	if (kind == 'd')
		probe->rp.kp.flags = KPROBE_FLAG_DISABLED;
	/* Who changes ip at a function's entry must have one, or ftrace takes it for itself. */
	if (kind == 'P' || kind == 's')
		probe->rp.kp.post_handler = post;
	if (probe->is_return) {
		probe->rp.handler = returns;
		error = register_kretprobe(&probe->rp);
	} else {
		probe->rp.kp.pre_handler = pre;
		error = register_kprobe(&probe->rp.kp);
	}
	probe->planted = !error;
	if (!error)
		pr_info("prober: %u: at %ps, flags %x\n", number, probe->rp.kp.addr,
			probe->rp.kp.flags);
	return error;
}

static void take_out(struct probe *probe)
{
	if (probe->is_return)
		unregister_kretprobe(&probe->rp);
	else
		unregister_kprobe(&probe->rp.kp);
	probe->planted = false;
}

static struct probe *planted(const char *value)
{
	unsigned int number;

	if (kstrtouint(value, 0, &number) || number >= NR_PROBES || !probes[number].planted)
		return NULL;
	return &probes[number];
}

static int uproot(const char *value, const struct kernel_param *param)
{
	struct probe *probe = planted(value);

	if (!probe)
		return -ERANGE;
	take_out(probe);
	return 0;
}

static int enable(const char *value, const struct kernel_param *param)
{
	struct probe *probe = planted(value);

	return probe ? enable_kprobe(&probe->rp.kp) : -ERANGE;
}

static int disable(const char *value, const struct kernel_param *param)
{
	struct probe *probe = planted(value);

	return probe ? disable_kprobe(&probe->rp.kp) : -ERANGE;
}

static int count(const char *value, const struct kernel_param *param)
{
	struct probe *probe = planted(value);

	if (!probe)
		return -ERANGE;
	pr_info("prober: %d: hits %d, posts %d, missed %lu and %d, flags %x\n", number_of(probe),
		probe->hits, probe->posts, probe->rp.kp.nmissed, probe->rp.nmissed,
		probe->rp.kp.flags);
	return 0;
}

#define ORDER(name)                                                                                \
	static const struct kernel_param_ops name##_ops = {.set = name};                           \
	module_param_cb(name, &name##_ops, NULL, 0200)
ORDER(plant);
ORDER(uproot);
ORDER(enable);
ORDER(disable);
ORDER(count);

static int __init prober_init(void)
{
	return 0;
}

static void __exit prober_exit(void)
{
	for (int i = 0; i < NR_PROBES; i++)
		if (probes[i].planted)
			take_out(&probes[i]);
}

module_init(prober_init);
module_exit(prober_exit);
MODULE_LICENSE("GPL");
