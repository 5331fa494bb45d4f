/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef EXPORTER_H
#define EXPORTER_H

#define EXPORTER_STEP 1
extern int exporter_plain;
int exporter_versioned(int a);
int exporter_gpl(int a);

#endif
