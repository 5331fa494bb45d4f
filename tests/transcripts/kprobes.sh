# shellcheck shell=sh disable=SC2012
# SPDX-License-Identifier: GPL-2.0-or-later
# probes of a module, and the files that tell of them
order() { busybox echo "$2" >"/sys/module/prober/parameters/$1"; }
call() { busybox echo >/sys/module/probee/parameters/call; }
listed() { sed 's/^[0-9a-f]*/ADDRESS/; s/0x[0-9a-f]* \[GONE/0xADDRESS [GONE/' /sys/kernel/debug/kprobes/list | sort; }
ls -l /sys/kernel/debug/kprobes | cut -c 1-10
stat -c '%A %n' /sys/kernel/debug/kprobes /sys/kernel/debug/kprobes/* /proc/sys/debug/kprobes-optimization
cat /sys/kernel/debug/kprobes/enabled /proc/sys/debug/kprobes-optimization
listed
# what is not there, and what may not be probed
insmod prober.ko
order plant '0 p probee:probee_add 0'
order plant '0 p probee_add 0'
insmod probee.ko
order plant '0 p no_such_function 0'
order plant '0 p probee:no_such_function 0'
order plant '0 p no_such_module:probee_add 0'
order plant '0 p probee_data 0'
order plant '0 p probee_add 1'
order plant '0 p probee_forbidden 0'
order plant '0 p probee_add 100000'
order plant '0 p get_kprobe 0'
order plant '0 r probee_add 5'
order plant '0 r no_such_function 0'
order enable 0
listed
grep 'probee' /sys/kernel/debug/kprobes/blacklist | sed 's/0x[0-9a-f]*/ADDRESS/g'
# at a function's entry
order plant '0 p probee_add 0'
call
listed
order plant '1 p probee_add 0'
call
listed
order disable 0
listed
order disable 0
call
order enable 0
order count 0
order count 1
order uproot 1
order uproot 0
order plant '0 P probee_add 0'
call
order count 0
order uproot 0
call
listed
# behind it: by an int3, and by a jump once nobody can be in the way
order plant '0 p probee_add 5'
until listed | grep -q OPTIMIZED; do busybox usleep 20000; done
listed
call
order plant '1 P probee_add 5'
listed
call
order uproot 1
until listed | grep -q OPTIMIZED; do busybox usleep 20000; done
echo 0 >/proc/sys/debug/kprobes-optimization; cat /proc/sys/debug/kprobes-optimization
listed
call
echo 1 >/proc/sys/debug/kprobes-optimization
until listed | grep -q OPTIMIZED; do busybox usleep 20000; done
busybox echo 2 >/proc/sys/debug/kprobes-optimization
busybox echo x >/proc/sys/debug/kprobes-optimization
cat /proc/sys/debug/kprobes-optimization
order count 0
order uproot 0
# handlers that change what happens
order plant '0 a probee_outer 0'
call
order plant '1 s probee_add 0'
call
order uproot 0
call
order uproot 1
# returns
order plant '0 r probee_outer 0'
order plant '1 r probee_add 0'
call
listed
order plant '2 R probee_down 0'
call
order count 2
order uproot 0
order uproot 1
order plant '0 q probee_add 0'
order plant '1 q probee_add 0'
call
order uproot 0
order uproot 1
order uproot 2
# all at once off and on
order plant '0 p probee_add 0'
order plant '1 d probee_add 5'
order plant '2 r probee_outer 0'
echo 0 >/sys/kernel/debug/kprobes/enabled; cat /sys/kernel/debug/kprobes/enabled
listed
call
echo n >/sys/kernel/debug/kprobes/enabled
echo Y >/sys/kernel/debug/kprobes/enabled; cat /sys/kernel/debug/kprobes/enabled
call
for value in x 2 '' o of oN; do busybox echo "$value" >/sys/kernel/debug/kprobes/enabled; cat /sys/kernel/debug/kprobes/enabled; done
order enable 1
listed | sed 's/\[OPTIMIZED\]//'
# whose module goes, and comes again
cat /sys/module/probee/refcnt
rmmod probee
listed | sed 's/\[OPTIMIZED\]//'
order enable 0
order disable 0
order enable 1
insmod probee.ko
call
order uproot 0
order plant '0 p probee:probee_add 0'
call
listed | sed 's/\[OPTIMIZED\]//'
rmmod prober
listed
call
rmmod probee
grep 'kprobe_insn_page' /proc/kallsyms | sed 's/^[0-9a-f]*/ADDRESS/' | sort -u
# the address of what is not exported
insmod prober.ko
order plant '0 d kallsyms_lookup_name 0'
order plant '1 d flush_tlb_all 0'
rmmod prober
