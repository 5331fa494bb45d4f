/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In Linux 2.4 this file renamed every symbol to name_Rchecksum, if
 * MODVERSIONS was defined. ring3 build renames in the object, so there is
 * nothing here; the file exists for sources that include it.
 */
