// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An object as Linux 2.4's headers made them, by hand: every kind of parameter,
 * an export, relocations of all types. Compiled in several ways; see meson.build.
 */
#define INFO(name, text)                                                                           \
	static const char info_##name[] __attribute__((used, section(".modinfo"), aligned(1))) =   \
		text

#ifndef RELEASE
#define RELEASE "2.4.37-ring3"
#endif
#ifndef LICENSE
#define LICENSE "GPL"
#endif

INFO(version, "kernel_version=" RELEASE);
#ifdef CHECKSUM
INFO(checksums, "using_checksums=1");
#define VERSIONED(name) __asm__(name "_R" CHECKSUM)
#else
#define VERSIONED(name)
#endif
INFO(license, "license=" LICENSE);

INFO(number, "parm_number=i");
INFO(list, "parm_list=2-4i");
INFO(word, "parm_word=s");
INFO(words, "parm_words=1-2s");
INFO(names, "parm_names=1-2c8");
INFO(small, "parm_small=h");
INFO(byte, "parm_byte=b");
INFO(large, "parm_large=l");
#ifdef ODD
INFO(odd, "parm_odd=x");
INFO(lost, "parm_lost=i");
INFO(more, "parm_small=5-2h");
#endif
INFO(short_array, "parm_short_array=1-8i");
INFO(number_text, "parm_desc_number=a number");

extern int kernel_log(const char *format, ...) VERSIONED("kernel_log");
extern int module_help(int number) VERSIONED("module_help");
extern int gpl_helper(void) VERSIONED("gpl_helper") __attribute__((weak));
extern int nobody(void) __attribute__((weak));

static int number = 3;
static int list[4] = {1, 2, 3, 4};
static const char *word = "none", *words[2];
static char names[2][8];
static short small;
static char byte;
static long large = 5;
static int odd;
static int short_array[2];
int common_array[100] __attribute__((aligned(64)));

/* The compiler must not know what is in them. */
void *const keep[] = {&number, list,   &word, words,       names,       &small,
		      &byte,   &large, &odd,  short_array, common_array};

int shared(int a)
{
	return a + number;
}

#ifdef EXPORTS
static const char name_of_shared[] __attribute__((section(".kstrtab"), used)) = "shared";
static const struct {
	int (*value)(int);
	const char *name;
} export_of_shared __attribute__((section("__ksymtab"), used)) = {shared, name_of_shared};

/* MODULE_DEVICE_TABLE(pci, devices) */
static const struct {
	unsigned int words[6];
	unsigned long driver_data;
} devices[] = {{{1, 2, 3, 4, 5, 6}, 7}, {{8}, 9}, {}};
static const unsigned long __module_pci_device_size __attribute__((used)) = sizeof(devices[0]);
static const void *__module_pci_device_table __attribute__((used)) = devices;
#elif defined(NO_EXPORTS)
__asm__(".section __ksymtab\n.previous");
#endif

/* What no compiler of ours writes: narrow places, for a number that the kernel exports. */
__asm__(".data\n"
	".globl narrow\n"
	"narrow: .byte small_number\n"
	".short small_number\n"
	".long small_number\n"
	".quad shared - .\n"
	".byte 0x55\n"
	".text");

int init_module(void)
{
	if (nobody)
		nobody();
	if (gpl_helper)
		gpl_helper();
	return kernel_log("loaded, %d\n", module_help(common_array[1]));
}

void cleanup_module(void)
{
	kernel_log("gone\n");
}
