#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The module scheme of Linux 2.4: boxes of it, and one source in both schemes.
. "$(dirname "$0")/lib.sh"

PATH=$(dirname "$RING3"):$PATH
export RING3_KMOD

box24() {
	quietly --scheme 2.4 -- "$@"
}
quietly() {
	"$RING3" exec --console log "$@"
}

# samples/two-schemes for both: old/*.o and new/*.ko
both() {
	mkdir old new
	cp "$here"/../../samples/two-schemes/* old
	cp "$here"/../../samples/two-schemes/* new
	"$RING3" build --scheme 2.4 old >build.log 2>&1 || fail "ring3 build --scheme 2.4"
	"$RING3" build new >build.log 2>&1 || fail "ring3 build"
}

# What was logged, without times.
logged() {
	sed -E 's/^\[ *[0-9.]+\] //' "$1" | grep -E '^(tally|voter): ' | grep -v 'loading out-of-tree'
}

each_system_call_has_linux_2_4s_errors() {
	need_clients
	box24 "$MODULE_CALLS24" >out 2>err || fail 'a rule does not hold'
	[ "$(grep -c '^ok' out)" = 42 ] || fail 'not all rules were tried'
}

todays_boxes_do_not_have_the_old_calls() {
	need_clients
	! quietly -- "$MODULE_CALLS24" >out 2>err || fail 'they do'
	out_has '^FAILED  query 0 asks nothing: ENOSYS'
	out_lacks '^ok'
}

uname_and_proc_are_those_of_2_4() {
	need_clients
	both
	cat >session <<'END'
uname -r
cut -d' ' -f1-3 /proc/version
ring3 insmod old/tally.o && ring3 insmod -k old/voter.o
cat /proc/modules
grep -c '^[0-9a-f]\{16\} [A-Za-z_0-9.]*$' /proc/ksyms
grep tally_add /proc/ksyms
END
	box24 sh session >out 2>err || fail 'the session'
	[ "$(sed -n 1p out)" = 2.4.37-ring3 ] || fail "uname"
	[ "$(sed -n 2p out)" = 'Linux version 2.4.37-ring3' ] || fail "/proc/version"
	out_has '^voter                   [0-9]{4}   0 \(autoclean\) \(unused\)$'
	out_has '^tally                    [0-9]{3}   1 \[voter\]$'
	[ "$(sed -n 5p out)" -gt 300 ] || fail "/proc/ksyms has few of the kernel's"
	out_has $'^[0-9a-f]{16} tally_add_R[0-9a-f]{8}\t\\[tally\\]$'
}

one_source_behaves_the_same_in_both() {
	need_clients
	both
		# What is typed is the same; use counts are not, since 2.6 counts dependencies, too.
	cat >session <<'END'
$tools insmod "$1/tally.$2" start=5 || echo "tally: $?"
$tools insmod "$1/voter.$2" a_byte=200 a_short=-7 an_int=4 a_long=-123456789012 \
	a_string=text a_text=characters numbers=1,2,3 words=x,y busy=1500 || echo "voter: $?"
$tools rmmod tally 2>/dev/null && echo 'tally went, though voter uses it'
$tools rmmod voter 2>/dev/null && echo 'voter went, though it is busy'
sleep 2
$tools lsmod | awk 'NR > 1 { print $1 }' | sort
$tools rmmod voter || echo "rmmod voter: $?"
$tools rmmod tally || echo "rmmod tally: $?"
$tools insmod "$1/tally.$2" start=-1 >/dev/null 2>&1 && echo 'init returned an error'
$tools lsmod | wc -l
END
	tools='ring3' box24 sh session old o >old.out 2>err || fail 'the session in 2.4'
	mv log old.log
	tools='ring3' quietly -- sh session new ko >new.out 2>err || fail 'the session in 2.6'
	diff old.out new.out >err || fail 'what is seen differs'
	diff <(logged old.log) <(logged log) >err || fail 'the logs differ'
	[ "$(cat new.out)" = $'tally\nvoter\n1' ] || fail 'and both are wrong'
	grep -q "voter: string 'text' text 'characters'" log || fail 'the parameters were not set'
	grep -q 'voter: no longer busy' log || fail 'voter was not busy'
}

what_was_exported_is_linked_by_its_version() {
	need_clients
	both
	# the same name, another type
	sed -i 's/int tally_add(int votes)/int tally_add(long votes)/' old/tally.c old/tally.h
	cp old/voter.o voter.o
	"$RING3" build --scheme 2.4 old >build.log 2>&1 || fail "ring3 build"
	! box24 sh -c 'ring3 insmod old/tally.o && ring3 insmod voter.o' >out 2>err || fail 'it was linked'
	err_has 'voter.o: unresolved symbol tally_add_R[0-9a-f]{8}$'
	box24 sh -c 'ring3 insmod old/tally.o && ring3 insmod old/voter.o' || fail 'built anew it is not'
}

run_links_without_a_client() {
	both
	status 0 "$RING3" run --scheme 2.4 old/tally.o start=3 + old/voter.o an_int=5
	out_has 'tally: 3 votes to begin with'
	out_has 'voter: 8 votes, half of them 4$'
	out_has '^ring3: clean: 2 modules loaded and unloaded'
	# who is busy at the end is waited for, a while
	status 0 "$RING3" run --scheme 2.4 old/tally.o + old/voter.o busy=20
	status 1 "$RING3" run --scheme 2.4 old/voter.o
	err_has 'old/voter.o: unresolved symbol tally_open_R[0-9a-f]{8}$'
	err_has 'tally_open.*load the module that does first'
	out_has 'voter: not loaded'
	status 1 "$RING3" run --scheme 2.4 --json old/tally.o start=x
	json_has '.modules[0].message | startswith("old/tally.o: invalid argument syntax for start")'
	status 0 "$RING3" run --scheme 2.4 -v old/tally.o
	in_order '^insmod  resolve' '^kernel  create_module'
	in_order '^kernel  create_module' '^insmod  relocate'
	in_order '^insmod  relocate' 'init_module'
}

a_module_of_the_other_scheme_is_refused_with_advice() {
	both
	status 1 "$RING3" run old/tally.o
	err_has 'could not insert module old/tally.o: Invalid module format'
	err_has 'it was built for the 2.4 scheme: ring3 run --scheme 2.4'
	status 1 "$RING3" run --scheme 2.4 --kernel 6.1.0-1-amd64 old/tally.o
	err_has 'the 2.4 scheme has the builtin target only'
	status 2 "$RING3" run --scheme 2.2 old/tally.o
	err_has '--scheme takes 2.4 or 2.6'
}

a_box_of_the_old_scheme_may_stay() {
	need_clients
	both
	export XDG_RUNTIME_DIR=$work/runtime
	mkdir -m 700 "$XDG_RUNTIME_DIR"
	status 0 "$RING3" boot --scheme 2.4 --name old24 old/tally.o start=7
	out_has "^ring3: box 'old24': 2.4.37-ring3, pid"
	status 0 "$RING3" exec --name old24 -- sh -c 'ring3 insmod old/voter.o; cat /proc/modules'
	out_has '^tally .*\[voter\]$'
	status 0 "$RING3" list
	out_has '^old24 +2.4.37-ring3 +[0-9]+ +2 '
	status 0 "$RING3" stop old24
	out_has '^ring3: clean: 2 modules loaded and unloaded'
}

# Whoever has it open is told each step, and nobody else pays for that.
steps_are_told_to_who_asks() {
	need_clients
	both
	[ -d /sys/kernel/debug ] || skip 'there is no place for debugfs here'
	box24 sh -c 'exec 3</sys/kernel/debug/ring3/trace; ring3 insmod old/tally.o; cat <&3' >out 2>err ||
		fail 'the session'
	in_order '^tally state create_module: [0-9]+ bytes at 0x' '^tally init calling init at 0x'
	in_order '^tally init calling init at 0x' '^tally init init returned 0'
	quietly -- sh -c 'exec 3</sys/kernel/debug/ring3/trace; ring3 insmod new/tally.ko; cat <&3' >out 2>err ||
		fail 'the session'
	in_order '^tally verify ' '^tally section '
	in_order '^tally symbol ' '^tally relocation '
	in_order '^tally relocation ' '^tally init calling init at 0x'
}

the_systems_own_names_are_tools_of_that_scheme() {
	need_clients
	need kmod
	both
	cat >session <<'END'
insmod old/tally.o && /sbin/insmod -k old/voter.o
/sbin/lsmod | cut -d' ' -f1
modinfo -p old/tally.o
rmmod -a && rmmod -a && rmmod tally
modprobe -V 2>/dev/null | head -1
END
	box24 sh session >out 2>err || fail 'the session'
	[ "$(sed -n 1,3p out | tr '\n' ' ')" = 'Module voter tally ' ] || fail 'insmod and lsmod are others'
	out_has '^start +int'
	out_has '^modprobe version 2\.4'
	quietly -- modprobe -V >out 2>err || fail 'modprobe in 2.6'
	out_has '^kmod version'
	[ "$(modprobe -V | head -1)" = "$(head -1 out)" ] || fail "the host's own is another"
}

a_request_for_a_module_runs_its_modprobe() {
	need_clients
	need kmod
	mkdir -p tree/kernel/misc
	cp "$here"/../../samples/two-schemes/* tree/kernel/misc
	cat >asks.c <<'END'
#include <linux/module.h>
#include <linux/kmod.h>
int init_module(void)
{
	printk("asks: %d\n", request_module("voter"));
	return 0;
}
void cleanup_module(void)
{
}
MODULE_LICENSE("GPL");
END
	"$RING3" build --scheme 2.4 tree/kernel/misc >build.log 2>&1 || fail 'ring3 build'
	"$RING3" build --scheme 2.4 asks.c >build.log 2>&1 || fail 'ring3 build'
	rm -rf tree/kernel/misc/.ring3
	cat >session <<'END'
depmod -a
insmod asks.o
cut -d' ' -f1 /proc/modules
grep autoclean /proc/modules | wc -l
END
	"$RING3" exec --scheme 2.4 --console log --modules-dir "$work/tree" -- sh session >out 2>err ||
		fail 'the session'
	[ "$(tr '\n' ' ' <out)" = 'voter tally asks 2 ' ] || fail 'voter did not come, or not marked autoclean'
	grep -q 'asks: 0$' log || fail 'the request failed'
}

the_verbose_insmod_tells_who_does_what() {
	need_clients
	both
	[ -d /sys/kernel/debug ] || skip 'there is no place for debugfs here'
	box24 ring3 insmod -v old/tally.o start=5 >out 2>err || fail 'insmod in 2.4'
	in_order '^kernel  query_module ' '^insmod  resolve +_printk_R'
	in_order '^insmod  parameter +start=5' '^kernel  create_module tally, [0-9]+ bytes: at 0x'
	in_order '^insmod  place +.this ' '^insmod  relocate +.text'
	in_order '^insmod  relocate +.text' '^kernel  init_module '
	base=$(sed -n 's/^kernel  create_module .* at 0x//p' out)
	out_has "^insmod  place +.this +0x$base, 184 bytes"
	quietly -- ring3 insmod -v new/tally.ko start=5 >out 2>err || fail 'insmod in 2.6'
	in_order "^insmod  finit_module  new/tally.ko, [0-9]+ bytes, as it is; parameters 'start=5'" '^kernel  verify '
	in_order '^kernel  symbol +_printk ' '^kernel  relocation '
	in_order '^kernel  relocation ' '^kernel  init +init returned 0'
	in_order '^kernel  init ' '^kernel  returned +0$'
	[ "$(grep -c '^insmod' out)" = 1 ] || fail 'insmod does more than hand the file over'
	# elsewhere nobody tells
	quietly -- ring3 insmod new/tally.ko >out 2>err || fail 'insmod without -v'
	[ ! -s out ] || fail 'it is told without -v'
}

run_case "$1"
