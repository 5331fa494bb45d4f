/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What ledger.ko offers to other modules. */
#ifndef LEDGER_H
#define LEDGER_H

#include <linux/types.h>

struct ledger_account;

/* Opens an account, or finds it. ERR_PTR(-EINVAL): no name, or it is too long. */
struct ledger_account *ledger_open(const char *owner);
/* Adds amount, which may be negative. -EDQUOT: the balance would fall below the limit. */
int ledger_post(struct ledger_account *account, long amount);
long ledger_balance(const struct ledger_account *account);
/* Closes it; whatever is left goes to the bank. */
void ledger_close(struct ledger_account *account);

#endif
