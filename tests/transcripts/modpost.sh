# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# modules of the release's Kbuild with ring3-modpost: exports with versions
insmod import-er.ko
insmod changed.ko
insmod import-er.ko
rmmod changed
insmod exporter.ko
insmod import-er.ko
grep -E '^(exporter|import_er) ' /proc/modules | sed 's/ 0x.*//; s/ [0-9]* / SIZE /'
cat /sys/module/exporter/version /sys/module/exporter/srcversion /sys/module/exporter/parameters/who
cat /sys/module/import_er/version /sys/module/import_er/srcversion /sys/module/import_er/taint
insmod changed.ko
rmmod exporter
rmmod import-er exporter
modprobe -f ./import-er.ko 2>&1 | head -n 1
modinfo -F depends ./import-er.ko
modinfo -F vermagic ./changed.ko
# an export by force, of another version
insmod changed.ko
insmod -f import-er.ko
rmmod import_er changed
