#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Where boxes have to run: with and without privilege, in containers, on kernels
# that lack something. What is missing is said, and `ring3 run' does without.
. "$(dirname "$0")/lib.sh"

need_root() {
	[ "$(id -u)" = 0 ] || skip "only root can make $1"
}

# Clients work under COMMAND...; in a script since quotes would pile up.
clients_work() {
	build greets
	cat >client <<-'END'
		id -u; uname -r
		insmod greets.ko && lsmod && cat /sys/module/greets/refcnt /proc/sys/kernel/osrelease
		grep -c greets /proc/kallsyms; dmesg | grep -o 'greets: hello'; rmmod greets
	END
	status 0 "$@" "$RING3" exec -- sh client
	out_has '^0$'
	out_has '^greets +16384 +0 *$'
	[ "$(grep -c -- '-ring3$' out)" = 2 ] || fail 'uname and /proc do not tell the same'
	out_has '^[1-9][0-9]*$'
	out_has '^greets: hello$'
	err_has '^ring3: clean: 1 module loaded and unloaded'
}

# No client can run under COMMAND..., for a reason that matches $1; but modules do.
clients_are_refused() {
	local reason=$1
	shift
	build greets
	status 1 "$@" "$RING3" exec -- true
	err_has "^ring3: no command can run in a box here: $reason"
	status 0 "$@" "$RING3" run greets.ko
	out_has 'greets: hello'
}

root_has_clients_with_all_of_its_ids() {
	need_clients
	need_root 'that sure'
	clients_work
	"$RING3" exec --console /dev/null -- cat /proc/self/uid_map >out
	cmp out /proc/self/uid_map || fail 'not all ids are there'
}

a_user_without_privilege_has_clients() {
	need_clients
	need_user
	clients_work as_user
	status 1 as_user "$RING3" exec -- sh -c 'touch /etc/of-nobody'
}

# Docker and others cover files of /proc, after which the kernel gives nobody another one.
a_container_that_hides_parts_of_proc_has_clients() {
	need_clients
	need_root 'a mount namespace'
	clients_work unshare -m sh -c 'mount --bind /dev/null /proc/meminfo && exec "$@"' sh
}

a_proc_without_modules_and_sysctl_gets_what_it_lacks() {
	need_clients
	need_root 'a mount namespace'
	unshare -m mount -t proc -o subset=pid proc /proc || skip 'the kernel has no subset= for /proc'
	clients_work unshare -m sh -c 'mount -t proc -o subset=pid proc /proc && exec "$@"' sh
}

# Here the kernel's own /proc/modules and settings are covered, where it has any.
debians_kernel_in_a_guest_has_clients_and_keeps_its_settings() {
	need qemu-system-x86_64
	need_fixtures
	# shellcheck source=tests/transcripts/guest.sh
	. "$here/../transcripts/guest.sh"
	build greets
	mkdir files none
	cp greets.ko "$fixtures/lib/modules/$RELEASE_6_1/kernel/fs/fuse/fuse.ko" files
	# shellcheck disable=SC2046 # words
	cp -L "$RING3" $(ldd "$RING3" | sed -n 's/.* => \(\/[^ ]*\) (.*/\1/p') files
	echo 'insmod greets.ko && lsmod; id -u; uname -r; echo 1 >/proc/sys/kernel/modules_disabled
		echo /none >/proc/sys/kernel/modprobe; echo c >/proc/sysrq-trigger' >files/client
	cat >script <<-'END'
		insmod fuse.ko && busybox chmod 666 /dev/fuse && export LD_LIBRARY_PATH=.
		./ring3 exec --console /tmp/console -- sh client
		setpriv --reuid 65534 --regid 65534 --clear-groups ./ring3 exec --console /dev/null -- sh client
		cat /proc/modules /proc/sys/kernel/modprobe /proc/sys/kernel/modules_disabled
	END
	guest_make initramfs root files none "$RELEASE_6_1" script
	guest_run "$fixtures/boot/vmlinuz-$RELEASE_6_1" initramfs out err 300 tcg '' ||
		fail 'the guest does not end'
	[ "$(grep -c '^greets  *16384  0' out)" = 2 ] || fail 'not both users can load a module'
	[ "$(grep -c -- '-ring3$' out)" = 2 ] || fail 'not both see the release of the box'
	[ "$(grep -c 'sysrq-trigger: \(Read-only file system\|Permission denied\)$' out)" = 2 ] ||
		fail 'sysrq-trigger can be written'
	[ "$(grep -c '^fuse ' out)" = 1 ] || fail 'the kernel has more modules than fuse'
	out_has '^/sbin/modprobe$'
	[ "$(tail -2 out | head -1)" = 0 ] || fail 'the kernel has its modules disabled'
}

without_fuse_it_is_said_what_is_missing() {
	need_clients
	need_root 'a /dev without fuse'
	cat >no-fuse <<-'END'
		mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 || exit 99
		exec "$@"
	END
	unshare -m sh no-fuse true 2>/dev/null || skip 'no /dev of its own can be made here'
	clients_are_refused '.*/dev/fuse cannot be opened: No such file.*--device /dev/fuse' \
		unshare -m sh no-fuse
}

without_user_namespaces_it_is_said_what_is_missing() {
	need_clients
	# The limit is that of a namespace around it; the machine's stays as it is.
	clients_are_refused '.*user namespace.*No space left.*user.max_user_namespaces' \
		unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' sh
}

a_container_that_refuses_namespaces_is_told_so() {
	need_clients
	clients_are_refused '.*user namespace.*Operation not permitted.*seccomp profile' \
		"${CONFINED:?}" namespaces
}

a_container_that_refuses_mounts_is_told_so() {
	need_clients
	clients_are_refused '.*(mount|FUSE).*Operation not permitted' "${CONFINED:?}" mounts
}

run_case "$1"
