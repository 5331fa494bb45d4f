# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# busybox's module programs
busybox lsmod
busybox insmod greets.ko count=3 'whom="my friend"'
busybox insmod greets.ko
busybox lsmod
busybox rmmod greets
busybox rmmod greets
busybox insmod no-such-file.ko
busybox insmod low.ko base=7
busybox insmod middle.ko
busybox lsmod
busybox rmmod low
busybox rmmod -f low
busybox rmmod middle low
busybox insmod fails.ko
busybox insmod params.ko number=x
busybox insmod params.ko unknown=x
busybox rmmod params
busybox modprobe crc-itu-t
busybox modprobe crc_itu_t
busybox modprobe -r crc-itu-t
busybox modprobe no_such_module
busybox modprobe -q no_such_module
busybox modprobe -D lz4hc
busybox modprobe lz4hc; until_unused lz4hc
busybox lsmod
busybox modprobe -r lz4hc
busybox lsmod
busybox modprobe greets count=2
busybox rmmod greets
busybox modprobe tagged
busybox lsmod
busybox modprobe -r tagged
busybox modprobe -l 'crc*'
# a blacklist
busybox mount -t tmpfs none /etc/modprobe.d
echo 'blacklist crc7' >/etc/modprobe.d/a.conf
echo 'options greets count=4' >>/etc/modprobe.d/a.conf
busybox modprobe -b crc7; busybox lsmod
busybox modprobe greets; cat /sys/module/greets/parameters/count
busybox rmmod greets
busybox umount /etc/modprobe.d
busybox insmod life_noexit.ko
busybox rmmod life_noexit
busybox rmmod -f life_noexit
busybox lsmod
