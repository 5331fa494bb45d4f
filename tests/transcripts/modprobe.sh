# shellcheck shell=sh disable=SC2016,SC2129
# SPDX-License-Identifier: GPL-2.0-or-later
# modprobe in a tree of Debian's modules
tree=/lib/modules/$(uname -r)
mkdir conf
modprobe crc-itu-t
modprobe crc_itu_t
modprobe --first-time crc_itu_t
modprobe -r crc-itu-t
modprobe -r crc-itu-t
modprobe -r --first-time crc-itu-t
lsmod
modprobe no_such_module
modprobe -q no_such_module
modprobe -r no_such_module
modprobe
modprobe -V | head -n 1
modprobe --show-depends lz4
modprobe --show-depends libcrc32c
modprobe --show-depends no_such_module
modprobe -n -v lz4hc
modprobe -v lz4hc; until_unused lz4hc
lsmod
cat /proc/modules
modprobe -r lz4hc_compress
modprobe -r lz4hc
lsmod
modprobe -a crc7 crc8 crc64 no_such_module
lsmod
rmmod crc64 crc7 crc8
modprobe -a nls_utf8 nls_iso8859-1 nls_cp437 nls_ascii
lsmod
module_files nls_utf8
modprobe -r nls_utf8 nls_iso8859_1 nls_cp437 nls_ascii
modprobe reed_solomon
module_files reed_solomon
modprobe -r reed_solomon
modprobe crc64
modprobe -r crc64
# by alias
modprobe nls_utf-8
modprobe -R nls_iso8859-1
modprobe -R crypto-lz4
modprobe -C conf -R crypto-lz4
# a configuration: blacklist, options, alias, install, softdep
echo 'blacklist crc7' >conf/a.conf
echo 'alias seven crc7' >>conf/a.conf
echo 'options life_slow ms=5' >>conf/a.conf
echo 'install crc8 echo instead of crc8 $CMDLINE_OPTS' >>conf/a.conf
echo 'softdep crc64 pre: crc-itu-t' >>conf/a.conf
modprobe -C conf crc7; lsmod
modprobe -r crc7
modprobe -C conf -b crc7; lsmod
modprobe -C conf seven; lsmod
modprobe -C conf crc8 x=1; lsmod
modprobe -C conf -i crc8; lsmod
modprobe -C conf -v crc64; lsmod
modprobe -C conf -c | grep 'crc[678]\|life_slow'
echo 'a line that is wrong' >>conf/a.conf; modprobe -C conf -n crc7
modprobe -C conf -r crc64; lsmod
modprobe -r crc8 crc-itu-t
# the kernel's command line: modprobe.blacklist=crc16 low.base=5
grep -o 'modprobe.blacklist=crc16 low.base=5' /proc/cmdline
modprobe -b crc16; lsmod
modprobe crc16; modprobe -r crc16
modprobe low; cat /sys/module/low/parameters/base
modprobe -r low
# parameters, force, compressed modules
modprobe greets count=2 'whom="some friend"'
modprobe greets count=3
modprobe -r greets
modprobe greets unknown=1 count=x
modprobe high base=3
lsmod
modprobe -r low
modprobe -r high
lsmod
modprobe -f low
cat /sys/module/low/taint
modprobe -r low
modprobe tagged
lsmod
modprobe -r tagged
modinfo -F filename tagged
insmod "$tree/updates/tagged.ko.xz"
rmmod tagged.ko.xz
rmmod tagged
modprobe -D high
modprobe -d /nowhere low
modprobe -S 1.2.3 low
rm -r conf
lsmod
cat /proc/sys/kernel/tainted
