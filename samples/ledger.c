// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Keeps accounts for other modules: exported functions, parameters, a list
 * under a mutex. teller.c is a customer.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt
#include <linux/err.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "ledger.h"

#define NAME_MAX_LENGTH 16

static char *currency = "marks";
module_param(currency, charp, 0444);
MODULE_PARM_DESC(currency, "what amounts are counted in");

static long overdraft;
module_param(overdraft, long, 0644);
MODULE_PARM_DESC(overdraft, "how far below zero a balance may fall");

struct ledger_account {
	struct list_head list;
	char owner[NAME_MAX_LENGTH];
	long balance;
	unsigned int entries;
};

static LIST_HEAD(accounts);
static DEFINE_MUTEX(accounts_lock);
static long profit;

static struct ledger_account *find_account(const char *owner)
{
	struct ledger_account *account;

	list_for_each_entry (account, &accounts, list)
		if (!strcmp(account->owner, owner))
			return account;
	return NULL;
}

struct ledger_account *ledger_open(const char *owner)
{
	struct ledger_account *account;

	if (!*owner || strlen(owner) >= NAME_MAX_LENGTH)
		return ERR_PTR(-EINVAL);
	mutex_lock(&accounts_lock);
	account = find_account(owner);
	if (!account) {
		account = kzalloc(sizeof(*account), GFP_KERNEL);
		if (account) {
			strscpy(account->owner, owner, sizeof(account->owner));
			list_add_tail(&account->list, &accounts);
			pr_info("opened an account for %s\n", owner);
		}
	}
	mutex_unlock(&accounts_lock);
	return account ? account : ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL(ledger_open);

int ledger_post(struct ledger_account *account, long amount)
{
	int error = 0;

	mutex_lock(&accounts_lock);
	if (account->balance + amount < -overdraft) {
		error = -EDQUOT;
	} else {
		account->balance += amount;
		account->entries++;
	}
	mutex_unlock(&accounts_lock);
	return error;
}
EXPORT_SYMBOL(ledger_post);

long ledger_balance(const struct ledger_account *account)
{
	return account->balance;
}
EXPORT_SYMBOL(ledger_balance);

void ledger_close(struct ledger_account *account)
{
	mutex_lock(&accounts_lock);
	pr_info("closed the account of %s: %u entries, %ld %s\n", account->owner, account->entries,
		account->balance, currency);
	profit += account->balance;
	list_del(&account->list);
	mutex_unlock(&accounts_lock);
	kfree(account);
}
EXPORT_SYMBOL(ledger_close);

static int __init ledger_init(void)
{
	if (overdraft < 0) {
		pr_err("overdraft=%ld makes no sense\n", overdraft);
		return -EINVAL;
	}
	pr_info("the books are open, in %s, overdraft %ld\n", currency, overdraft);
	return 0;
}

static void __exit ledger_exit(void)
{
	struct ledger_account *account, *next;

	list_for_each_entry_safe (account, next, &accounts, list)
		ledger_close(account);
	pr_info("the books are closed, profit %ld %s\n", profit, currency);
}

module_init(ledger_init);
module_exit(ledger_exit);
MODULE_AUTHOR("The ring3 authors");
MODULE_DESCRIPTION("Keeps accounts for other modules");
MODULE_VERSION("1.2");
MODULE_LICENSE("GPL");
