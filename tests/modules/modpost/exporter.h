/* SPDX-License-Identifier: GPL-2.0-or-later */
// srcversion covers it: it lies beside the source
#define EXPORTER_STEP (5 + 3)

int exporter_gpl(int a);
int exporter_namespaced(int a);
extern int exporter_data;
