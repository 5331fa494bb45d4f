# shellcheck shell=sh disable=SC2012
# SPDX-License-Identifier: GPL-2.0-or-later
# insmod, rmmod, lsmod and what /proc and /sys say meanwhile
uname -r
lsmod
cat /proc/modules
cat /proc/sys/kernel/tainted
insmod greets.ko count=3 'whom="my friend"'
lsmod
cat /proc/modules
cat /sys/module/greets/parameters/whom
cat /proc/sys/kernel/tainted
# twice
insmod greets.ko
insmod ./greets.ko count=2
rmmod greets
rmmod greets
rmmod no_such_module
insmod no-such-file.ko
insmod
rmmod
# a chain of three
insmod high.ko
insmod low.ko base=100
insmod middle.ko
insmod high.ko
lsmod
cat /proc/modules
ls -l /sys/module/low/holders | sed 's/.* low/low/; s/.*[0-9] //'
module_files low
module_files middle
rmmod low
rmmod -f low
rmmod middle
rmmod high middle low
lsmod
# names with - and _; several at once, one of them not there
insmod life_hold.ko
rmmod life-hold
insmod low.ko
insmod greets.ko
rmmod greets no_such_module low
lsmod
rmmod low
# an init that fails, with its errno
insmod fails.ko
insmod life_return.ko ret=-95
insmod life_return.ko ret=-517
insmod life_return.ko ret=-5
ls -d /sys/module/life_return
grep life_return /proc/modules
insmod life_return.ko
rmmod life_return
# no init, no exit
insmod life_noinit.ko
module_files life_noinit
rmmod life_noinit
insmod life_noexit.ko
lsmod
cat /proc/modules
module_files life_noexit
rmmod life_noexit
cat /proc/sys/kernel/tainted
rmmod -f life_noexit
cat /proc/sys/kernel/tainted
# in use by itself
insmod clings.ko
lsmod
rmmod clings
rmmod -s clings
rmmod -f clings
lsmod
# in its init and in its exit
go() { echo 1 >/sys/module/waits/parameters/go; wait; }
insmod waits.ko in_init=1 &
until_state waits coming
lsmod
cat /proc/modules
module_files waits
symbols_of waits | grep ' [tTrRdDbB] '
rmmod waits
rmmod -f waits
timeout -s INT 0.5 insmod waits.ko
insmod waits.ko >second 2>&1 & insmod waits_user.ko >user 2>&1 & sleep 1; go; cat second user
lsmod
rmmod waits_user waits
insmod waits.ko in_init=1 ret=-19 2>first &
until_state waits coming
insmod waits.ko >second 2>&1 & insmod waits_user.ko >user 2>&1 & sleep 1; go; cat first second user
rm first second user
lsmod
insmod waits.ko in_exit=1
rmmod waits &
until_state waits going
lsmod
cat /proc/modules
module_files waits
rmmod waits
insmod waits.ko
insmod waits_user.ko
go
lsmod
# notifiers
insmod life_notify.ko
insmod low.ko
rmmod low
insmod fails.ko
rmmod life_notify
insmod life_base.ko
insmod life_symget.ko
rmmod life_symget life_base
# without the right
setpriv --inh-caps=-sys_module --bounding-set=-sys_module insmod low.ko
insmod low.ko
setpriv --inh-caps=-sys_module --bounding-set=-sys_module rmmod low
setpriv --inh-caps=-sys_module --bounding-set=-sys_module cat /proc/modules
rmmod low
