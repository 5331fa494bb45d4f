// SPDX-License-Identifier: GPL-2.0-or-later
/* Changing code that may be running. */
#include <errno.h>
#include <linux/membarrier.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "arch/x86_64/trap.h"

static int membarrier(int command)
{
	return syscall(SYS_membarrier, command, 0, 0) < 0 ? -errno : 0;
}

int arch_patch_init(void)
{
	return membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
}

/*
 * Every thread must execute a serialising instruction before it may run the
 * new bytes (Intel SDM, volume 3, 9.1.3: cross-modifying code); membarrier's
 * SYNC_CORE makes it so. A kernel without it (before 4.16) gets the plain
 * barrier: the page tables' own interrupts serialise there.
 */
void arch_text_sync(void)
{
	if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE) == 0)
		return;
	if (arch_patch_init() == 0 && membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE) == 0)
		return;
	membarrier(MEMBARRIER_CMD_GLOBAL);
}

/* Can length bytes at address be replaced by one store that no fetch sees half of? */
static bool one_store(uint64_t address, size_t length)
{
	return length <= 8 && address / 8 == (address + length - 1) / 8;
}

static void store(struct r3_box *box, uint64_t address, const void *bytes, size_t length)
{
	uint64_t aligned = address & ~7UL;
	uint64_t *word = box_writable(box, aligned);
	uint64_t old = __atomic_load_n(word, __ATOMIC_RELAXED), value;

	do {
		value = old;
		memcpy((char *)&value + (address - aligned), bytes, length);
	} while (!__atomic_compare_exchange_n(word, &old, value, false, __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
}

/* One such change at a time: the trap handler knows where it is going on. */
static void poke_begin(struct r3_box *box, uint64_t address)
{
	uint64_t none = 0;

	while (!__atomic_compare_exchange_n(&box->poke_address, &none, address, false,
					    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
		none = 0;
		sched_yield();
	}
}

bool arch_poke_trapped(struct r3_box *box, struct arch_registers *registers)
{
	uint64_t address = registers->rip - 1;
	uint8_t byte;

	if (arch_copy_nofault(&byte, address, 1))
		return false;
	if (byte == 0xcc && __atomic_load_n(&box->poke_address, __ATOMIC_ACQUIRE) != address)
		return false;
	sched_yield();
	registers->rip = address;
	return true;
}

/*
 * What does not fit one aligned word is replaced as text_poke_bp() of Linux
 * does: its first byte becomes int3 while the others change. A thread that
 * hits the int3 meanwhile waits in the trap handler until it has gone.
 */
int arch_text_poke(struct r3_box *box, uint64_t address, const void *bytes, size_t length)
{
	static const uint8_t int3 = 0xcc;
	const uint8_t *new = bytes;

	if (!length)
		return 0;
	if (!box_in_module_space(box, address) || !box_in_module_space(box, address + length - 1))
		return -EFAULT;
	if (one_store(address, length)) {
		store(box, address, bytes, length);
		arch_text_sync();
		return 0;
	}
	poke_begin(box, address);
	store(box, address, &int3, 1);
	arch_text_sync();
	memcpy(box_writable(box, address + 1), new + 1, length - 1);
	arch_text_sync();
	store(box, address, new, 1);
	arch_text_sync();
	__atomic_store_n(&box->poke_address, 0, __ATOMIC_RELEASE);
	return 0;
}
