// SPDX-License-Identifier: GPL-2.0-or-later
/* Serves customers out of ledger.ko, which it therefore needs and keeps loaded. */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include "ledger.h"

#define MAX_CUSTOMERS 4

static char *customers[MAX_CUSTOMERS] = {"ada"};
static int nr_customers = 1;
module_param_array(customers, charp, &nr_customers, 0444);
MODULE_PARM_DESC(customers, "who has accounts: a,b,...");

static long deposit = 100;
module_param(deposit, long, 0444);
MODULE_PARM_DESC(deposit, "what each brings");

static struct ledger_account *accounts[MAX_CUSTOMERS];

/* Posts amount for the first customer; what the balance is then. */
long teller_serve(long amount);
long teller_serve(long amount)
{
	int error = ledger_post(accounts[0], amount);

	if (error) {
		pr_warn("%s gets no %ld: error %d\n", customers[0], amount, error);
		return error;
	}
	pr_info("%s: %+ld, balance %ld\n", customers[0], amount, ledger_balance(accounts[0]));
	return ledger_balance(accounts[0]);
}
EXPORT_SYMBOL_GPL(teller_serve);

static void close_accounts(int count)
{
	while (count--)
		ledger_close(accounts[count]);
}

static int __init teller_init(void)
{
	int i;

	for (i = 0; i < nr_customers; i++) {
		accounts[i] = ledger_open(customers[i]);
		if (IS_ERR(accounts[i])) {
			int error = PTR_ERR(accounts[i]);

			pr_err("no account for '%s': error %d\n", customers[i], error);
			close_accounts(i);
			return error;
		}
		ledger_post(accounts[i], deposit);
	}
	teller_serve(-30);
	teller_serve(-1000);
	return 0;
}

static void __exit teller_exit(void)
{
	close_accounts(nr_customers);
}

module_init(teller_init);
module_exit(teller_exit);
MODULE_AUTHOR("The ring3 authors");
MODULE_DESCRIPTION("Serves customers out of the ledger");
MODULE_LICENSE("GPL");
