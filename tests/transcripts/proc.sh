# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# /proc/modules, /proc/kallsyms, /proc/sys/kernel and the folders of /sys/module
as_user() { setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups "$@"; }
insmod life_base.ko
stat -c '%A %s %u %g' /proc/modules /proc/kallsyms
stat -c '%A %s %u %g %n' /sys/module/life_base /sys/module/life_base/*
as_user cat /proc/modules
as_user cat /sys/module/life_base/sections/.text
as_user cat /sys/module/life_base/coresize
symbols_of life_base
as_user grep '\[life_base\]$' /proc/kallsyms | sort
symbols_of waits; insmod waits.ko; symbols_of waits; rmmod waits
echo x >/proc/modules
: >/proc/kallsyms
dd if=/sys/module/life_base/sections/.text bs=1 skip=2 count=4 status=none
wc -c </sys/module/life_base/sections/.text
echo add >/sys/module/life_base/uevent
echo nonsense >/sys/module/life_base/uevent
echo add 1234 >/sys/module/life_base/uevent
echo change fe4d7c9d-b8c6-4a70-9ef1-3d8a58d18eed A=1 >/sys/module/life_base/uevent
cat /sys/module/life_base/uevent
echo 1 >/sys/module/life_base/refcnt
echo 1 >/sys/module/life_base/sections/.text
rm /sys/module/life_base/refcnt
rmdir /sys/module/life_base
touch /sys/module/life_base/new
mkdir /sys/module/new
rmmod life_base
stat /sys/module/life_base
# /proc/sys/kernel
cat /proc/sys/kernel/modprobe
cat /proc/sys/kernel/modules_disabled
cat /proc/sys/kernel/kptr_restrict
cat /proc/sys/kernel/osrelease
cat /proc/sys/kernel/ostype
stat -c '%A %s %n' /proc/sys/kernel/tainted /proc/sys/kernel/modprobe /proc/sys/kernel/modules_disabled /proc/sys/kernel/kptr_restrict /proc/sys/kernel/printk
echo /nowhere/modprobe >/proc/sys/kernel/modprobe; cat /proc/sys/kernel/modprobe
echo /sbin/modprobe >/proc/sys/kernel/modprobe; cat /proc/sys/kernel/modprobe
echo 0 >/proc/sys/kernel/modules_disabled; cat /proc/sys/kernel/modules_disabled
echo 2 >/proc/sys/kernel/modules_disabled; cat /proc/sys/kernel/modules_disabled
echo x >/proc/sys/kernel/modules_disabled; cat /proc/sys/kernel/modules_disabled
echo 1 >/proc/sys/kernel/kptr_restrict; cat /proc/sys/kernel/kptr_restrict
insmod low.ko
cat /proc/modules
as_user cat /proc/modules
as_user grep 'low_add.*\[low\]' /proc/kallsyms
echo 2 >/proc/sys/kernel/kptr_restrict
cat /proc/modules
grep ' low_add.*\[low\]' /proc/kallsyms
echo 3 >/proc/sys/kernel/kptr_restrict
echo 0 >/proc/sys/kernel/kptr_restrict
rmmod low
cat /proc/sys/kernel/tainted
echo 0 >/proc/sys/kernel/tainted; cat /proc/sys/kernel/tainted
echo 64 >/proc/sys/kernel/tainted; cat /proc/sys/kernel/tainted
echo -1 >/proc/sys/kernel/tainted; cat /proc/sys/kernel/tainted
as_user sh -c 'echo 64 >/proc/sys/kernel/tainted'
