# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# the kernel's log, as dmesg shows it
insmod greets.ko; dmesg -t
insmod low.ko; dmesg -t -x
rmmod low; dmesg -t -l info
dmesg -C; insmod low.ko; dmesg -t --json | head -n 3
rmmod low greets; dmesg -S -t
echo '<4>written by a program' >/dev/kmsg; dmesg -t -x
echo 'without a level' >/dev/kmsg; dmesg -t -x
dmesg -C; dmesg
dmesg -n 4; cut -f 1 /proc/sys/kernel/printk
dmesg -n warn; cut -f 1 /proc/sys/kernel/printk
dmesg -E; dmesg -D
setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups dmesg
setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups dmesg -S
setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups dmesg -C
