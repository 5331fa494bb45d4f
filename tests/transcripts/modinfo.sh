# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# modinfo: of files, of modules in the tree, of what is built in
modinfo tagged.ko
modinfo ./tagged.ko low.ko
modinfo -0 tagged.ko | tr '\0' '\n'
modinfo -F vermagic tagged.ko
modinfo -F alias tagged.ko
modinfo -p tagged.ko
modinfo -p params.ko
modinfo -a tagged.ko; modinfo -d tagged.ko; modinfo -l tagged.ko; modinfo -n tagged.ko
modinfo -F nothing tagged.ko
modinfo no_such_module
modinfo no-such-file.ko
modinfo crc-itu-t
modinfo crc_itu_t -F depends
modinfo -F filename libcrc32c
modinfo -F intree crc7
modinfo -k "$(uname -r)" -F license crc7
modinfo -k 1.2.3 crc7
modinfo -F sig_key crc7
modinfo -F filename configs
busybox modinfo crc-itu-t
busybox modinfo -F license crc7
busybox modinfo no_such_module
insmod tagged.ko size=5
module_files tagged
rmmod tagged
