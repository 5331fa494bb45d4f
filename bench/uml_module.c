// SPDX-License-Identifier: GPL-2.0-or-later
/* What modpost adds to a module, by the layout of struct module that uml_module.sh has found. */
#define MODULE_NAME_LEN 56                 /* linux/moduleparam.h */
#define NAME_AT         (sizeof(long) * 3) /* after its state and its place in the list */
#define NAME_END        (NAME_AT + MODULE_NAME_LEN)

extern int init_module(void);
extern void cleanup_module(void);

struct module {
	char before_name[NAME_AT];
	char name[MODULE_NAME_LEN];
	char before_init[INIT_AT - NAME_END];
	int (*init)(void);
	char before_exit[EXIT_AT - INIT_AT - sizeof(void *)];
	void (*exit)(void);
	char rest[MODULE_SIZE - EXIT_AT - sizeof(void *)];
};

__attribute__((section(".gnu.linkonce.this_module"), aligned(64))) struct module __this_module = {
	.name = NAME,
	.init = init_module,
	.exit = cleanup_module,
};

__attribute__((section(".modinfo"), used, aligned(1))) static const char info[] =
	"name=" NAME "\0vermagic=" VERMAGIC "\0depends=";
