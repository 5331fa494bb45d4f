// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A function that many threads call, with probes that stay and must count every
 * call, and others on and beside them that come and go at random.
 */
#include <linux/atomic.h>
#include <linux/kprobes.h>
#include <linux/module.h>
#include <linux/sched.h>

#define PLACES   8
#define VISITORS 8
#define BATCH    4
#define OWN      16 /* calls that a visitor is tried with */

extern kprobe_opcode_t *const probe_stress_places[PLACES];
unsigned long probe_stress_word = 0x9e3779b97f4a7c15;

unsigned long probe_stress_target(unsigned long a, unsigned long b);
/* Neighbours of a jump's length, one that is relative, one that a jump leads to. */
noinline unsigned long probe_stress_target(unsigned long a, unsigned long b)
{
	asm volatile("1:	add	%[b], %[a]\n"
		     "2:	imul	$3, %[a], %[a]\n"
		     "3:	lea	5(%[a]), %[a]\n"
		     "4:	rol	$7, %[a]\n"
		     "5:	xor	probe_stress_word(%%rip), %[a]\n"
		     "6:	push	%[a]\n"
		     "	test	$8, %b[a]\n"
		     "	jz	7f\n"
		     "	not	%[a]\n"
		     "7:	add	(%%rsp), %[a]\n"
		     "8:	pop	%[b]\n"
		     ".pushsection .rodata\n"
		     "	.balign	8\n"
		     "	.globl	probe_stress_places\n"
		     "probe_stress_places:\n"
		     "	.quad	1b, 2b, 3b, 4b, 5b, 6b, 7b, 8b\n"
		     ".popsection"
		     : [a] "+r"(a), [b] "+r"(b)
		     :
		     : "cc", "memory");
	return a;
}

static unsigned long expected(unsigned long a, unsigned long b)
{
	unsigned long pushed;

	a = (a + b) * 3 + 5;
	a = (a << 7 | a >> 57) ^ probe_stress_word;
	pushed = a;
	return (pushed & 8 ? ~a : a) + pushed;
}

/* Everything that was not as it should be. */
static atomic64_t wrong = ATOMIC64_INIT(0);
static atomic64_t calls = ATOMIC64_INIT(0);

static void complain(const char *what, long got, long wanted)
{
	if (atomic64_inc_return(&wrong) <= 10)
		pr_err("probe_stress: %s: %ld, not %ld\n", what, got, wanted);
}

static unsigned long next_random(unsigned long *seed)
{
	*seed = *seed * 6364136223846793005 + 1442695040888963407;
	return *seed >> 33;
}

static void call_target(unsigned long count, unsigned long *seed)
{
	for (unsigned long i = 0; i < count; i++) {
		unsigned long a = next_random(seed), b = next_random(seed);

		if (probe_stress_target(a, b) != expected(a, b))
			complain("a call's result differs, argument", a, a);
	}
	atomic64_add(count, &calls);
}

long probe_stress_calls(unsigned long count, unsigned long seed);
long probe_stress_calls(unsigned long count, unsigned long seed)
{
	call_target(count, &seed);
	return atomic64_read(&calls);
}

/* Those that stay. */
static struct steady {
	struct kprobe kp;
	atomic64_t hits, posts;
	const char *name;
} steady[] = {
	{.name = "the entry's"},
	{.name = "the trap's"},
	{.name = "the jump's"},
};
static atomic64_t entered, returned;

static int steady_hit(struct kprobe *kp, struct pt_regs *regs)
{
	if (regs->ip != (unsigned long)kp->addr + 1)
		complain("a handler's ip", regs->ip, (unsigned long)kp->addr + 1);
	atomic64_inc(&container_of(kp, struct steady, kp)->hits);
	return 0;
}

static void steady_post(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
	atomic64_inc(&container_of(kp, struct steady, kp)->posts);
}

static int on_entry(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	*(unsigned long *)instance->data = regs->di + regs->si;
	atomic64_inc(&entered);
	return 0;
}

static int on_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	if (regs->ax != expected(*(unsigned long *)instance->data, 0))
		complain("what a kretprobe saw", regs->ax, 0);
	atomic64_inc(&returned);
	return 0;
}

static struct kretprobe steady_return = {
	.kp.symbol_name = "probe_stress_target",
	.entry_handler = on_entry,
	.handler = on_return,
	.data_size = sizeof(unsigned long),
	.maxactive = 64,
};

int probe_stress_begin(void);
int probe_stress_begin(void)
{
	int error;

	steady[0].kp.symbol_name = "probe_stress_target";
	steady[1].kp.addr = probe_stress_places[1];
	steady[1].kp.post_handler = steady_post;
	steady[2].kp.addr = probe_stress_places[4];
	for (int i = 0; i < ARRAY_SIZE(steady); i++) {
		steady[i].kp.pre_handler = steady_hit;
		error = register_kprobe(&steady[i].kp);
		if (error)
			return error;
	}
	return register_kretprobe(&steady_return);
}

/* Those that come and go; one thread moves them all. */
static struct visitor {
	struct kprobe kp;
	bool registered, enabled;
	unsigned long mine; /* hits by that thread */
} visitors[VISITORS];
static struct task_struct *mover;

static int visitor_hit(struct kprobe *kp, struct pt_regs *regs)
{
	if (current == READ_ONCE(mover))
		container_of(kp, struct visitor, kp)->mine++;
	return 0;
}

static void visitor_post(struct kprobe *kp, struct pt_regs *regs, unsigned long flags)
{
}

static void prepare(struct visitor *visitor, unsigned long *seed)
{
	*visitor = (struct visitor){
		.kp = {.addr = probe_stress_places[next_random(seed) % PLACES],
		       .pre_handler = visitor_hit},
		.enabled = next_random(seed) % 2,
	};
	if (!visitor->enabled)
		visitor->kp.flags = KPROBE_FLAG_DISABLED;
	if (next_random(seed) % 8 == 0)
		visitor->kp.post_handler = visitor_post;
}

static void check(int error, const char *what)
{
	if (error)
		complain(what, error, 0);
}

/* Every call counts while it is enabled, none while it is not; others' may be missed as well. */
static void try_visitor(struct visitor *visitor, unsigned long *seed)
{
	unsigned long missed = visitor->kp.nmissed, wanted = visitor->enabled ? OWN : 0;

	visitor->mine = 0;
	call_target(OWN, seed);
	missed = visitor->kp.nmissed - missed;
	if (visitor->mine > wanted || visitor->mine + missed < wanted)
		complain("hits of a visitor", visitor->mine, wanted);
}

static void move(struct visitor *visitor, unsigned long *seed)
{
	if (!visitor->registered) {
		prepare(visitor, seed);
		check(register_kprobe(&visitor->kp), "register_kprobe()");
		visitor->registered = true;
		return;
	}
	switch (next_random(seed) % 4) {
	case 0:
		unregister_kprobe(&visitor->kp);
		visitor->registered = false;
		break;
	case 1:
		check(enable_kprobe(&visitor->kp), "enable_kprobe()");
		visitor->enabled = true;
		break;
	case 2:
		check(disable_kprobe(&visitor->kp), "disable_kprobe()");
		visitor->enabled = false;
		break;
	default:
		try_visitor(visitor, seed);
	}
}

static void move_batch(unsigned long *seed)
{
	static struct visitor crowd[BATCH];
	struct kprobe *list[BATCH];

	for (int i = 0; i < BATCH; i++) {
		prepare(&crowd[i], seed);
		list[i] = &crowd[i].kp;
	}
	check(register_kprobes(list, BATCH), "register_kprobes()");
	for (int i = 0; i < BATCH; i++)
		try_visitor(&crowd[i], seed);
	unregister_kprobes(list, BATCH);
}

static int visitor_return(struct kretprobe_instance *instance, struct pt_regs *regs)
{
	return 0;
}

static void move_return(unsigned long *seed)
{
	static struct kretprobe visitor;

	visitor = (struct kretprobe){.kp.symbol_name = "probe_stress_target",
				     .handler = visitor_return};
	check(register_kretprobe(&visitor), "register_kretprobe()");
	call_target(OWN, seed);
	unregister_kretprobe(&visitor);
}

void probe_stress_move(unsigned long steps, unsigned long seed);
void probe_stress_move(unsigned long steps, unsigned long seed)
{
	WRITE_ONCE(mover, current);
	while (steps--) {
		switch (next_random(&seed) % 16) {
		case 0:
			move_batch(&seed);
			break;
		case 1:
			move_return(&seed);
			break;
		default:
			move(&visitors[next_random(&seed) % VISITORS], &seed);
		}
	}
}

static void check_steady(struct steady *probe)
{
	long hits = atomic64_read(&probe->hits), wanted = atomic64_read(&calls);

	if (hits + (long)probe->kp.nmissed != wanted)
		complain(probe->name, hits + probe->kp.nmissed, wanted);
	if (probe->kp.post_handler && atomic64_read(&probe->posts) != hits)
		complain("post handlers called", atomic64_read(&probe->posts), hits);
}

/* When nobody calls any more: how much was wrong. */
long probe_stress_end(void);
long probe_stress_end(void)
{
	for (int i = 0; i < VISITORS; i++)
		if (visitors[i].registered)
			unregister_kprobe(&visitors[i].kp);
	for (int i = 0; i < ARRAY_SIZE(steady); i++) {
		unregister_kprobe(&steady[i].kp);
		check_steady(&steady[i]);
	}
	unregister_kretprobe(&steady_return);
	if (atomic64_read(&entered) != atomic64_read(&returned))
		complain("returns", atomic64_read(&returned), atomic64_read(&entered));
	if (atomic64_read(&entered) + steady_return.nmissed != atomic64_read(&calls))
		complain("the kretprobe's", atomic64_read(&entered) + steady_return.nmissed,
			 atomic64_read(&calls));
	pr_info("probe_stress: %ld calls, missed %lu, %lu, %lu, %d\n", (long)atomic64_read(&calls),
		steady[0].kp.nmissed, steady[1].kp.nmissed, steady[2].kp.nmissed,
		steady_return.nmissed);
	return atomic64_read(&wrong);
}

static int __init stress_init(void)
{
	return 0;
}

static void __exit stress_exit(void)
{
}

module_init(stress_init);
module_exit(stress_exit);
MODULE_DESCRIPTION("Probes that come and go under calls");
MODULE_LICENSE("GPL");
