/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Module.symvers of a release: which module of the kernel's own exports a symbol. */
#ifndef RING3_SYMVERS_H
#define RING3_SYMVERS_H

struct symvers {
	void *tree;
};

/* Read HEADERS/Module.symvers; what vmlinux exports is left out. -errno. */
int symvers_read(struct symvers *symvers, const char *headers);
/* "drivers/net/mii", NULL if no module exports it. */
const char *symvers_owner(const struct symvers *symvers, const char *symbol);
void symvers_release(struct symvers *symvers);

#endif
