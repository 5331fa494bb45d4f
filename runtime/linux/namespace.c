// SPDX-License-Identifier: GPL-2.0-or-later
/* The one namespace of each kind, and root's credentials, as every task has them. */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/init_task.h>
#include <linux/nsproxy.h>
#include <linux/pid_namespace.h>
#include <linux/proc_ns.h>
#include <linux/ratelimit.h>
#include <linux/sched/user.h>
#include <linux/securebits.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>
#include <linux/uts.h>
#include <linux/utsname.h>
#include <generated/compile.h>
#include <generated/utsrelease.h>
#include <generated/utsversion.h>
#include "machine.h"

/* Every id maps to itself. */
#define IDENTITY_EXTENT                                                                            \
	{                                                                                          \
		.first = 0, .lower_first = 0, .count = 4294967295U                                 \
	}

struct user_namespace init_user_ns = {
	.uid_map = {R3_UID_MAP(IDENTITY_EXTENT)},
	.gid_map = {R3_UID_MAP(IDENTITY_EXTENT)},
	.projid_map = {R3_UID_MAP(IDENTITY_EXTENT)},
	.ns.count = REFCOUNT_INIT(3),
	.ns.inum = PROC_USER_INIT_INO,
	.owner = GLOBAL_ROOT_UID,
	.group = GLOBAL_ROOT_GID,
	.flags = USERNS_INIT_FLAGS,
#ifdef CONFIG_KEYS
	.keyring_name_list = LIST_HEAD_INIT(init_user_ns.keyring_name_list),
	.keyring_sem = __RWSEM_INITIALIZER(init_user_ns.keyring_sem),
#endif
};

struct user_struct root_user = {
	.__count = REFCOUNT_INIT(1),
	.uid = GLOBAL_ROOT_UID,
	.ratelimit = RATELIMIT_STATE_INIT(root_user.ratelimit, 0, 0),
};

struct ucounts init_ucounts = {
	.ns = &init_user_ns,
	.uid = GLOBAL_ROOT_UID,
	.count = ATOMIC_INIT(1),
};

static struct group_info init_groups = {.usage = R3_GROUPS_INIT};

struct cred init_cred = {
	.usage = ATOMIC_INIT(4),
	.uid = GLOBAL_ROOT_UID,
	.gid = GLOBAL_ROOT_GID,
	.suid = GLOBAL_ROOT_UID,
	.sgid = GLOBAL_ROOT_GID,
	.euid = GLOBAL_ROOT_UID,
	.egid = GLOBAL_ROOT_GID,
	.fsuid = GLOBAL_ROOT_UID,
	.fsgid = GLOBAL_ROOT_GID,
	.securebits = SECUREBITS_DEFAULT,
	.cap_permitted = CAP_FULL_SET,
	.cap_effective = CAP_FULL_SET,
	.cap_bset = CAP_FULL_SET,
	.user = INIT_USER,
	.user_ns = &init_user_ns,
	.group_info = &init_groups,
	.ucounts = &init_ucounts,
};

struct uts_namespace init_uts_ns = {
	.ns.count = REFCOUNT_INIT(2),
	.ns.inum = PROC_UTS_INIT_INO,
	.user_ns = &init_user_ns,
	.name =
		{
			.sysname = UTS_SYSNAME,
			.nodename = UTS_NODENAME,
			.release = UTS_RELEASE,
			.version = UTS_VERSION,
			.machine = UTS_MACHINE,
			.domainname = UTS_DOMAINNAME,
		},
};

struct pid_namespace init_pid_ns = {
	.ns.count = REFCOUNT_INIT(2),
	.ns.inum = PROC_PID_INIT_INO,
	.idr = IDR_INIT(init_pid_ns.idr),
	.pid_allocated = PIDNS_ADDING,
	.child_reaper = &init_task,
	.user_ns = &init_user_ns,
};

struct nsproxy init_nsproxy = {
	.count = R3_NSPROXY_INIT,
	.uts_ns = &init_uts_ns,
	.pid_ns_for_children = &init_pid_ns,
};

const char linux_banner[] = "Linux version " UTS_RELEASE " (" LINUX_COMPILE_BY
			    "@" LINUX_COMPILE_HOST ") (" LINUX_COMPILER ") " UTS_VERSION "\n";
