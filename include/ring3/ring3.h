/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ring3: Linux loadable kernel modules in an ordinary process.
 *
 * A box is one user-space kernel. Make one, load modules into it, call their
 * functions, unload them, free the box:
 *
 *	struct r3_box *box;
 *	struct r3_module *module;
 *	uint64_t crc;
 *
 *	if (r3_box_new(&box, &(struct r3_box_options){ .size = sizeof(struct r3_box_options) }))
 *		...
 *	if (r3_module_load(box, "crc-itu-t.ko", "", 0, &module))
 *		fprintf(stderr, "%s\n", r3_error());
 *	r3_call(box, r3_symbol(box, "crc_itu_t"), &crc, 3, 0UL, (uintptr_t)"123456789", 9UL);
 *
 * Every function that can fail returns 0 or a negative errno, Linux's own
 * where Linux has one for the case; r3_error() then holds a sentence about it.
 * Functions on one box may be called from any thread unless stated otherwise.
 */
#ifndef RING3_RING3_H
#define RING3_RING3_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif
/* The library is compiled with everything else hidden. */
#pragma GCC visibility push(default)

struct r3_box;
struct r3_module;
struct r3_probe;

/* r3_box_options.flags */
#define R3_BOX_NO_UNLOAD           1u /* a kernel without CONFIG_MODULE_UNLOAD: every unload is refused */
#define R3_BOX_OFFLINE             2u /* never start a compiler: a runtime that is not cached is an error */
#define R3_BOX_SIG_ENFORCE         4u /* module.sig_enforce=1: unsigned modules are refused */
#define R3_BOX_SCHEME_2_4          8u /* modules as in Linux 2.4 (ring3/scheme24.h); builtin target */

/* r3_module_load flags, the values of Linux's MODULE_INIT_* (uapi/linux/module.h) */
#define R3_LOAD_IGNORE_MODVERSIONS 1u
#define R3_LOAD_IGNORE_VERMAGIC    2u
#define R3_LOAD_COMPRESSED_FILE    4u

/* r3_module_unload flags, the values of Linux's O_NONBLOCK and O_TRUNC */
#define R3_UNLOAD_NONBLOCK         04000u
#define R3_UNLOAD_FORCE            01000u

/*
 * An oops ended the call: the report is in the log. No errno of Linux's own
 * means this, since there the calling process is killed; so it lies above all
 * of them (MAX_ERRNO is 4095), and no module's own error is taken for it.
 */
#define R3_EOOPS                   4096

/*
 * One line of the kernel log, complete, without its newline. The lines of one
 * printk share its sequence number.
 */
struct r3_log_record {
	uint64_t sequence; /* counts from 0 */
	uint64_t time_ns;  /* since the box was booted */
	int level;         /* 0 (emergency) to 7 (debug) */
	int facility;      /* 0: kernel */
	int caller;        /* thread id in the box */
	const char *text;  /* valid during the call that hands it out */
	size_t length;
	int on_console; /* its level is below the console's; always so until one was set */
};

/* A step of the work that -v shows: loading, compiling, protecting, ... */
enum r3_trace_kind {
	R3_TRACE_TARGET,     /* a file of the runtime or library is found, compiled or reused */
	R3_TRACE_VERIFY,     /* a check of the file was passed */
	R3_TRACE_SECTION,    /* a section got its place */
	R3_TRACE_SYMBOL,     /* an undefined symbol was resolved */
	R3_TRACE_RELOCATION, /* relocations of one section were applied, by type */
	R3_TRACE_PATCH,      /* call sites, alternatives, jump labels */
	R3_TRACE_PROTECT,    /* a range of pages got its protection */
	R3_TRACE_PARAMETER,  /* a parameter was set */
	R3_TRACE_STATE,      /* a module changed its state */
	R3_TRACE_INIT,       /* init or exit is called, or has returned */
	R3_TRACE_PROBE,      /* a probe changes code, or makes some */
};

/* "verify", "section", ... */
const char *r3_trace_kind_name(enum r3_trace_kind kind);

struct r3_trace_event {
	enum r3_trace_kind kind;
	const char *module;  /* module or object concerned, "" if none */
	const char *subject; /* section, symbol, parameter, ... */
	const char *object;  /* whom it went to: owner, protection, relocation type, value */
	uint64_t address;
	uint64_t size;    /* bytes, or a count, as the kind says */
	const char *text; /* the same as a sentence for people */
};

struct r3_box_options {
	size_t size;             /* sizeof(struct r3_box_options), for growth */
	const char *target;      /* "builtin" (also NULL) or a kernel release */
	const char *headers;     /* the release's headers; NULL: the usual places */
	const char *source;      /* Linux's source tree or tarball; NULL: the usual places */
	const char *modules_dir; /* where dependencies and request_module look; NULL: nowhere */
	const char *cmdline; /* kernel command line (module.param=value, module_blacklist=); NULL:
				empty */
	unsigned int cpus;   /* vCPUs; 0: 2 */
	size_t memory;       /* bytes of box memory; 0: 256 MiB */
	unsigned int flags;  /* R3_BOX_* */
	/* Called for every log line, in order, from whichever thread printed. May be NULL. */
	void (*log)(void *context, const struct r3_log_record *record);
	/* Called for each step of the work. May be NULL, which costs nothing. */
	void (*trace)(void *context, const struct r3_trace_event *event);
	/* Called while something long is under way: "compiling", 3 of 20. May be NULL. */
	void (*progress)(void *context, const char *what, unsigned int done, unsigned int total);
	void *context;
};

/*
 * Boot a box. On success *box is the caller's, to be freed with r3_box_free.
 * -ENOENT: headers or sources of the target are missing (r3_error names the
 * packages); -ENOMEM: no room in the low 2 GiB of the address space.
 */
int r3_box_new(struct r3_box **box, const struct r3_box_options *options);

/*
 * Stop every thread of the box and give all of its memory back, whatever
 * state its modules are in: their exit functions are not called. Call it from
 * outside the box, once, when no other call on it is under way.
 */
void r3_box_free(struct r3_box *box);

/* The last failure of a ring3 function on this thread, as a sentence; "" if none. */
const char *r3_error(void);

/* The release that the box's `uname -r` would print. Lives as long as the box. */
const char *r3_box_release(const struct r3_box *box);

/*
 * finit_module(2): load the module in the file, or in the memory (which is
 * copied), with a parameter string as insmod would pass it. *module, if
 * module is not NULL, is valid until the module is unloaded.
 */
int r3_module_load(struct r3_box *box, const char *path, const char *parameters, unsigned int flags,
		   struct r3_module **module);
int r3_module_load_buffer(struct r3_box *box, const void *image, size_t length,
			  const char *parameters, unsigned int flags, struct r3_module **module);

/* delete_module(2). Every errno of its manual page, by the same rules. */
int r3_module_unload(struct r3_box *box, const char *name, unsigned int flags);

/* A module's state, as of this call. Strings live as long as the module does. */
struct r3_module_info {
	const char *name;
	const char *state;  /* "live", "coming", "going", "unformed" */
	const char *taints; /* letters, "" if none */
	const char *users;  /* "a,b," as in /proc/modules, "" if none */
	uint64_t address;   /* of its core part */
	uint64_t core_size; /* bytes, page-aligned */
	uint64_t init_size; /* 0 once init is freed */
	int refcount;       /* base reference excluded; -1 while going */
	int has_exit;       /* 0: permanent if it has an init */
};

/* Fill in *info for the module NAME; -ENOENT if there is none. */
int r3_module_info(struct r3_box *box, const char *name, struct r3_module_info *info);

/* Call visit for every module, newest first, until it returns non-zero, which is returned. */
int r3_module_each(struct r3_box *box,
		   int (*visit)(void *context, const struct r3_module_info *info), void *context);

/*
 * The address of a symbol, exported or not, of a live module or the kernel:
 * "name" or "module:name". NULL if there is none.
 */
void *r3_symbol(struct r3_box *box, const char *name);

/* "function+0x10/0x40 [module]" for an address; its length as snprintf would return. */
int r3_symbol_name(struct r3_box *box, uint64_t address, char *buffer, size_t size);

/*
 * Call a function of the box as a kernel thread would, with up to twelve integer
 * or pointer arguments (each passed as unsigned long). *result, if not NULL,
 * gets what it returned. -R3_EOOPS: it did not return.
 */
int r3_call(struct r3_box *box, void *function, uint64_t *result, unsigned int count, ...);

/*
 * Hand out the log lines from *sequence on and advance it; visit non-zero stops,
 * which passes over further lines of that printk, and is returned. Lines that
 * were overwritten are skipped.
 */
int r3_log_read(struct r3_box *box, uint64_t *sequence,
		int (*visit)(void *context, const struct r3_log_record *record), void *context);

/*
 * Memory that a module allocated and did not free, one entry an allocating
 * function; and probes that it registered and did not unregister, which have no bytes.
 */
struct r3_leak {
	const char *module;   /* still loaded or not */
	const char *function; /* "function+0x10/0x40": where it was allocated */
	const char *kind;     /* "kmalloc", "vmalloc", "pages", "percpu", a cache's name; "kprobe",
				 "kretprobe" */
	uint64_t count;
	uint64_t bytes;
};
int r3_leak_each(struct r3_box *box, int (*visit)(void *context, const struct r3_leak *leak),
		 void *context);

/* ---- probes: see docs/probes.md ---- */

/* One argument of a hit, as Linux prints it; a part of the hit's text. */
struct r3_probe_value {
	const char *name;
	const char *text; /* length bytes, of which a string's may be any */
	size_t length;
};

/* All of it is valid during the call that hands it out. */
struct r3_probe_hit {
	struct r3_probe *probe;
	const char *name; /* of the event */
	uint64_t time_ns; /* since the box was booted */
	int cpu;
	int pid; /* of the task in the box that ran into it, and its name */
	const char *comm;
	uint64_t address;        /* the instruction, or the function that returned */
	uint64_t return_address; /* where it returned to; 0: it did not return */
	/* "NAME: (function+0x0/0x20 [module]) argument=0x1", "NAME: (caller+0x9/0x20 <- function)"
	 */
	const char *text;
	size_t length;
	const struct r3_probe_value *values;
	unsigned int nr_values;
};
typedef void (*r3_probe_callback)(void *context, const struct r3_probe_hit *hit);

/*
 * Probe code of the box, and be told of each hit. spec is what Linux takes in
 * kprobe_events (Documentation/trace/kprobetrace.rst):
 *
 *	p[:[GROUP/]NAME] [MODULE:]SYMBOL[+OFFSET][%return]|ADDRESS [ARGUMENT]...
 *	r[MAXACTIVE][:[GROUP/]NAME] [MODULE:]SYMBOL [ARGUMENT]...
 *
 * "MODULE:SYMBOL" of a module that is not loaded is planted when it comes,
 * before any of its code runs, and again when it comes again.
 *
 * callback runs on the thread that was hit, in the middle of it: it must not
 * use the box, nor wait for somebody who does. It may come on several threads
 * at once, until r3_probe_remove() has returned. NULL: hits are only counted.
 *
 * Errors are Linux's: -EINVAL (the spec is wrong, or nothing can be probed
 * there), -ENOENT (no such symbol), -EADDRNOTAVAIL (several), -EILSEQ (not an
 * instruction's beginning), -EEXIST (another probe has that name), -E2BIG.
 * r3_error() is then a sentence, and in two more lines the spec with a mark
 * under what is wrong. *probe is the caller's, to be removed; r3_box_free()
 * frees what was not.
 */
int r3_probe_add(struct r3_box *box, const char *spec, r3_probe_callback callback, void *context,
		 struct r3_probe **probe);
/* After it no callback runs any more. Not from a callback. */
int r3_probe_remove(struct r3_probe *probe);

struct r3_probe_counts {
	const char *name; /* lives as long as the probe */
	uint64_t hits;
	uint64_t missed;      /* inside of another probe's handler, or above MAXACTIVE */
	unsigned int planted; /* how often; 0: its module has not come yet */
};
int r3_probe_counts(struct r3_probe *probe, struct r3_probe_counts *counts);

/* What went wrong in the box since it was booted. */
struct r3_box_report {
	unsigned int warnings; /* WARN_ON and the like */
	unsigned int oopses;   /* faults and BUG */
	unsigned int panics;
	uint64_t taint;       /* as /proc/sys/kernel/tainted */
	uint64_t memory_used; /* bytes of the box's memory in use */
	unsigned int modules; /* that have been loaded since it was booted, and initialised */
};
int r3_box_report(struct r3_box *box, struct r3_box_report *report);

#pragma GCC visibility pop
#ifdef __cplusplus
}
#endif
#endif
