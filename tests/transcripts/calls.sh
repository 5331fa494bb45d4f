# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# each system call, raw: module_calls ends with modules_disabled, so this is the last
./module_calls .
# nothing goes in or out any more
lsmod
insmod low.ko
modprobe crc7
rmmod no_such_module
busybox insmod low.ko
cat /proc/sys/kernel/modules_disabled
echo 0 >/proc/sys/kernel/modules_disabled
