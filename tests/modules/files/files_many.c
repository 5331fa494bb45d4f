// SPDX-License-Identifier: GPL-2.0-or-later
/* A hundred thousand symbols. */
#include <linux/module.h>

asm(".pushsection .data\n"
    ".macro files_many_one\n"
    "files_many_\\@: .byte 0\n"
    ".endm\n"
    ".rept 100000\n"
    "files_many_one\n"
    ".endr\n"
    ".popsection\n");

MODULE_LICENSE("GPL");
