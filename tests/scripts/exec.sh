#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Programs in a box: ring3 exec, shell, and run with a command.
. "$(dirname "$0")/lib.sh"

# Boxes whose clients have files need FUSE and user namespaces.
need_clients() {
	"$RING3" exec -- true >/dev/null 2>"$work/clients" ||
		skip "clients cannot run here: $(head -1 "$work/clients")"
}

build_life() {
	local name sources=()
	for name in "$@"; do
		sources+=("$modules/life/$name.c")
	done
	"$RING3" build -w -o "$work" "${sources[@]}" >"$work/build.log" 2>&1 || fail "ring3 build $*"
}

# Put the modules of $work into a tree that depmod knows.
make_tree() {
	release=$("$RING3" exec --loglevel 0 --console /dev/null -- uname -r)
	mkdir -p "tree/lib/modules/$release"
	cp ./*.ko "tree/lib/modules/$release"
	PATH=$PATH:/sbin:/usr/sbin depmod -b tree "$release" 2>/dev/null
	dir=$work/tree/lib/modules/$release
}

quietly() {
	"$RING3" exec --loglevel 0 --console "$work/console" "$@"
}

kmods_tools_work_in_a_box() {
	need_clients
	need insmod
	build greets low middle
	cat >script <<-'END'
		insmod greets.ko count=3 'whom="my friend"' && echo loaded
		lsmod
		insmod greets.ko
		insmod low.ko
		insmod middle.ko
		lsmod | tail -n +2
		rmmod low
		rmmod middle low greets && echo unloaded
		rmmod greets
		lsmod
	END
	quietly -- sh script >out 2>&1 || true
	cat >wanted <<-'END'
		loaded
		Module                  Size  Used by
		greets                 16384  0
		insmod: ERROR: could not insert module greets.ko: File exists
		middle                 16384  0
		low                    16384  1 middle
		greets                 16384  0
		rmmod: ERROR: Module low is in use by: middle
		unloaded
		rmmod: ERROR: Module greets is not currently loaded
		Module                  Size  Used by
	END
	diff wanted out >&2 || fail 'the transcript differs'
	grep -q '^ring3: clean: 3 modules loaded and unloaded' console || fail 'the report counts them'
}

busyboxs_tools_work_in_a_box() {
	need_clients
	need busybox
	build greets low middle
	cat >script <<-'END'
		busybox insmod greets.ko count=3 && echo loaded
		busybox insmod greets.ko
		busybox insmod low.ko
		busybox insmod middle.ko
		busybox lsmod | tail -n +2
		busybox rmmod low
		busybox rmmod middle low greets && echo unloaded
		busybox lsmod | tail -n +2
	END
	quietly -- busybox sh script >out 2>&1 || true
	cat >wanted <<-'END'
		loaded
		insmod: can't insert 'greets.ko': File exists
		middle                 16384  0
		low                    16384  1 middle
		greets                 16384  0
		rmmod: can't unload module 'low': Resource temporarily unavailable
		unloaded
	END
	sed -i 's/ *$//' out
	diff wanted out >&2 || fail 'the transcript differs'
}

modprobe_takes_modules_and_dependencies_from_modules_dir() {
	need_clients
	need modprobe
	build low middle high
	make_tree
	cat >script <<-'END'
		ls "/lib/modules/$(uname -r)"
		modprobe high && lsmod | tail -n +2
		modprobe --show-depends high
		modinfo -F depends high
		modprobe -r high
		modprobe no_such_module
	END
	quietly --modules-dir "$dir" -- sh script >out 2>&1 || true
	out_has '^middle +16384 +1 high$'
	out_has "^insmod /lib/modules/$release/high.ko"
	out_has '^middle,low$'
	out_has "^modprobe: FATAL: Module no_such_module not found in directory /lib/modules/$release$"
}

request_module_runs_the_boxs_modprobe() {
	need_clients
	need modprobe
	build_life life_request life_noinit
	make_tree
	quietly --modules-dir "$dir" -- sh -c \
		'modprobe life_request; dmesg | grep found; lsmod; rmmod life_noinit life_request' >out 2>&1
	out_has 'life_request: found 0, missing 256$'
	out_has '^life_noinit '
	# shellcheck disable=SC2016 # the program expands it
	printf '#!/bin/sh\necho "$@" >>%s/asked\n' "$work" >fake
	chmod 755 fake
	# shellcheck disable=SC2016 # the box's shell expands it
	quietly --modules-dir "$dir" -- sh -c 'echo "$PWD/fake" >/proc/sys/kernel/modprobe
		insmod life_request.ko; rmmod life_request' >out 2>&1
	grep -qx -- '-q -- life_no_such_module' asked || fail 'the program in modprobe was not run'
}

debians_module_loads_on_its_own_kernel() {
	need_clients
	need_fixtures
	cat >script <<-'END'
		uname -r
		modprobe crc-itu-t && lsmod | grep crc_itu_t
		cat /sys/module/crc_itu_t/initstate
		modprobe -r crc-itu-t && ! grep crc_itu_t /proc/modules
	END
	release=$RELEASE_6_1
	mkdir -p "tree/lib/modules/$release/kernel/lib"
	cp "$fixtures/lib/modules/$release/kernel/lib/"crc-*.ko "tree/lib/modules/$release/kernel/lib"
	PATH=$PATH:/sbin:/usr/sbin depmod -b tree "$release" 2>/dev/null
	status 0 "$RING3" exec -k "$release" --headers "$fixtures" --source "$fixtures/usr/src" \
		--modules-dir tree -- sh script
	out_has "^$release\$"
	out_has '^crc_itu_t +[0-9]+ +0$'
	out_has '^live$'
}

every_system_call_gives_linuxs_errno() {
	need_clients
	build low middle permanent clings
	build_life life_slow
	quietly -- "$MODULE_CALLS" "$work" box >out 2>err || fail 'a rule does not hold'
	out_lacks FAILED
}

the_commands_status_wins_if_it_is_not_0() {
	need_clients
	build greets clings
	status 7 "$RING3" exec -- sh -c 'exit 7'
	status 143 "$RING3" exec -- sh -c 'kill -TERM $$'
	status 127 "$RING3" exec -- no-such-command
	status 0 "$RING3" run greets.ko -- true
	err_has 'ring3: clean: 1 module loaded and unloaded'
	status 3 "$RING3" run greets.ko -- sh -c 'exit 3'
	status 1 "$RING3" run clings.ko -- true
	status 1 "$RING3" exec -- insmod clings.ko
	err_has '^  clings: not unloaded: it is in use$'
	status 2 "$RING3" exec
	status 2 "$RING3" run greets.ko --
}

output_is_the_commands_and_the_log_goes_elsewhere() {
	need_clients
	build greets
	status 0 "$RING3" run greets.ko count=2 -- cat /sys/module/greets/parameters/count
	[ "$(cat out)" = 2 ] || fail 'there is more than the command wrote'
	err_has 'greets: hello world, 2 times'
	status 0 "$RING3" run --console log greets.ko -- true
	[ ! -s err ] || fail 'the log is on stderr'
	grep -q 'greets: hello' log || fail 'the log is not in its file'
}

an_oops_in_init_kills_the_client_only() {
	need_clients
	build oopses low
	status 1 "$RING3" exec -- sh -c 'insmod oopses.ko; echo "insmod ended with $?"
		lsmod; rmmod oopses; insmod low.ko && rmmod low && echo goes on'
	out_has '^insmod ended with 137$'
	out_has '^oopses +[0-9]+ +1$'
	out_has '^goes on$'
	err_has 'rmmod: ERROR: .*oopses.* (busy|in use|[Bb]usy)'
}

uname_and_dmesg_are_the_boxs() {
	need_clients
	build greets
	# shellcheck disable=SC2016 # the box's shell expands it
	status 0 "$RING3" run greets.ko -- sh -c 'uname -r; dmesg; dmesg -S | wc -l; dmesg -C; dmesg -S | wc -l'
	out_has '^6\..*-ring3$'
	out_has '\] greets: hello world, 1 times$'
	[ "$(tail -1 out)" = 0 ] || fail 'dmesg -C has not cleared the log'
	[ "$(tail -2 out | head -1)" -gt 5 ] || fail 'syslog(2) has no lines'
}

strace_in_a_box_shows_real_calls() {
	need_clients
	need strace
	build low
	quietly -- strace -f -e trace=finit_module,delete_module sh -c 'insmod low.ko; rmmod low' >out 2>&1
	out_has 'finit_module\([0-9]+, "", 0\) += 0$'
	out_has 'delete_module\("low", O_NONBLOCK\) += 0$'
}

many_clients_load_the_same_module_at_once() {
	need_clients
	build low
	# shellcheck disable=SC2016 # the box's shell expands it
	status 0 "$RING3" exec --console console -- sh -c '
		for i in $(seq 40); do
			(for j in 1 2 3 4 5; do insmod low.ko; rmmod low; done) 2>/dev/null &
		done
		wait; lsmod | tail -n +2; insmod low.ko && rmmod low'
	out_lacks .
	[ "$(grep -c 'low: init' console)" = "$(grep -c 'low: exit' console)" ] ||
		fail 'not every init has its exit'
}

a_shell_in_a_box_is_interactive() {
	need_clients
	need script
	printf 'lsmod | wc -l\nexit 4\n' |
		SHELL=/bin/sh script -qec "'$RING3' shell --loglevel 0" /dev/null >out 2>err && fail 'status 0'
	tr -d '\r' <out >plain && mv plain out
	out_has '1$'
}

clients_killed_at_any_moment_leave_nothing_half_loaded() {
	need_clients
	build greets
	quietly -- "$MODULE_KILLED" greets.ko greets 200 >out 2>err || fail 'the box is damaged'
	out_has '^200 killed$'
	grep -q 'ring3: clean' console || fail 'something is left'
}

stopped_clients_hold_up_nobody_else() {
	need_clients
	build low
	build_life life_slow
	quietly -- "$MODULE_STOPPED" life_slow.ko life_slow low.ko low 50 >out 2>err ||
		fail 'a stopped client is in the way'
	out_has '^51 stopped$'
	grep -q 'ring3: clean' console || fail 'something is left'
}

a_thousand_clients_may_load_the_same_module_at_once() {
	need_clients
	build_life life_slow
	quietly -- "$MODULE_CROWD" life_slow.ko life_slow 1000 >out 2>err || fail 'not as on Linux'
	out_has '^1 loaded, 999 were told$'
	grep -q 'ring3: clean' console || fail 'something is left'
}

# A minute with RING3_STRESS=60.
readers_see_one_state_while_modules_come_and_go() {
	need_clients
	need insmod
	build low greets
	build_life life_base life_hold
	quietly -- "$MODULE_READERS" "${RING3_STRESS:-3}" low.ko greets.ko life_base.ko life_hold.ko >out 2>err ||
		fail 'a reader or a loader has failed'
	[ "$(grep -c ' times$' out)" = 4 ] || fail 'not all have loaded'
	grep -q 'ring3: clean' console || fail 'something is left'
}

a_thousand_clients_leave_no_descriptor_and_no_process() {
	need_clients
	build low
	mkfifo ready go
	cat >script <<-'END'
		insmod low.ko; rmmod low
		echo >ready; read -r _ <go
		for i in $(seq 500); do insmod low.ko; rmmod low; done
		echo >ready; read -r _ <go
	END
	"$RING3" exec --loglevel 0 --console console -- sh script &
	box=$!
	read -r _ <ready
	# shellcheck disable=SC2012 # numbers
	before=$(ls "/proc/$box/fd" | wc -l)
	echo >go
	read -r _ <ready
	# shellcheck disable=SC2012
	after=$(ls "/proc/$box/fd" | wc -l)
	threads=$(sed -n 's/^Threads:\t//p' "/proc/$box/status")
	echo >go
	wait "$box"
	[ "$after" -le $((before + 2)) ] || fail "$before descriptors became $after"
	[ "$threads" -lt 40 ] || fail "$threads threads"
}

what_clients_leave_behind_dies_with_the_box() {
	need_clients
	quietly -- sh -c 'setsid sleep 4711.25 & exit 0'
	! grep -lsz 4711.25 /proc/[0-9]*/cmdline || fail 'a process of the box lives on'
	"$RING3" exec -- sleep 4712.25 &
	box=$!
	for _ in $(seq 100); do
		grep -qsz 4712.25 /proc/[0-9]*/cmdline && break
		sleep 0.05
	done
	kill -9 "$box"
	wait "$box" || true
	for _ in $(seq 100); do
		grep -lsz 4712.25 /proc/[0-9]*/cmdline >left || break
		sleep 0.05
	done
	[ ! -s left ] || fail 'clients outlive their box'
}

nothing_of_a_box_reaches_the_host() {
	need_clients
	build low
	cat >bogus.c <<-'END'
		#include <errno.h>
		#include <stdio.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int main(void)
		{
			long result = syscall(SYS_init_module, "bogus", 5, "");
			printf("%ld %d\n", result, errno);
		}
	END
	cc -o bogus bogus.c
	./bogus >before
	cat /proc/mounts >mounts
	{ cat /proc/modules /proc/sys/kernel/tainted || true; } >files 2>&1
	quietly -- sh -c './bogus; insmod low.ko; lsmod' >out
	out_has '^-1 8$' # ENOEXEC
	out_has '^low '
	./bogus | cmp - before || fail "a call outside of the box ends otherwise"
	cmp mounts /proc/mounts || fail 'there is a mount on the host'
	{ cat /proc/modules /proc/sys/kernel/tainted || true; } 2>&1 | cmp - files ||
		fail 'the kernel of the host has changed'
}

a_user_without_privilege_has_clients() {
	need_clients
	need setpriv
	[ "$(id -u)" = 0 ] || skip 'it is run without privilege already'
	build greets
	mkdir fuse
	chmod 755 "$work"
	cat >script <<-'END'
		mount -t tmpfs none fuse && mknod -m 666 fuse/fuse c 10 229 && mount --bind fuse/fuse /dev/fuse
		exec setpriv --reuid 1234 --regid 1234 --clear-groups "$@"
	END
	unshare -m sh -c 'mount -t tmpfs none fuse && mknod fuse/null c 1 3' 2>/dev/null ||
		skip 'no device node can be made here'
	status 0 unshare -m sh script "$RING3" exec -- sh -c 'id -u; insmod greets.ko && lsmod; rmmod greets'
	out_has '^0$'
	out_has '^greets '
}

without_fuse_it_is_said_what_is_missing() {
	need_clients
	[ "$(id -u)" = 0 ] || skip 'only root can hide /dev/fuse'
	build greets
	cat >script <<-'END'
		mount -t tmpfs none /dev && mknod -m 666 /dev/null c 1 3 || exit 99
		exec "$@"
	END
	unshare -m sh script true 2>/dev/null || skip 'no /dev of its own can be made here'
	status 1 unshare -m sh script "$RING3" exec -- true
	err_has '^ring3: no command can run in a box here: .*/dev/fuse cannot be opened'
	status 0 unshare -m sh script "$RING3" run greets.ko
}

a_box_in_a_box_is_refused() {
	need_clients
	status 1 "$RING3" exec -- "$RING3" exec -- true
	err_has 'this is a client of a box already'
}

run_case "$1"
