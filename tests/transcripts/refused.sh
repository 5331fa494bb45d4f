# shellcheck shell=sh disable=SC2094
# SPDX-License-Identifier: GPL-2.0-or-later
# files that are no module, or a damaged one
loads() { insmod "$1.ko" && cat "/sys/module/$2/taint" && grep "^$2 " /proc/modules && rmmod "$2"; }
damaged() { cp tagged.ko bad.ko && "$@" && loads bad tagged; }
: >empty.ko; insmod empty.ko
echo text >text.ko; insmod text.ko
mkdir folder.ko; insmod folder.ko
insmod /dev/null
head -c 10 low.ko >bad.ko; insmod bad.ko
head -c 63 low.ko >bad.ko; insmod bad.ko
head -c 64 low.ko >bad.ko; insmod bad.ko
head -c 2000 low.ko >bad.ko; insmod bad.ko
dd if=low.ko of=bad.ko bs=1024 count=5 status=none; insmod bad.ko
# by the kernel's command line: module_blacklist=leaks
insmod leaks.ko
modprobe -n leaks
# the header of ELF: magic, type, machine, size and place of sections, names of sections
damaged bytes_at bad.ko 1 F
damaged bytes_at bad.ko 16 '\003'
damaged bytes_at bad.ko 18 '\003'
damaged bytes_at bad.ko 58 '\050'
damaged bytes_at bad.ko 44 '\177'
damaged bytes_at bad.ko 62 '\000\000'
damaged bytes_at bad.ko 62 '\377\376'
damaged bytes_at bad.ko 60 '\000\000'
# sections and symbols
damaged retag bad.ko gnu.linkonce.this_module gnu.linkonce.this_mxxxxx
damaged retag bad.ko __versions __versionz
damaged retag bad.ko _printk _prinxk
damaged retag bad.ko .modinfo .modinfx
# tags
damaged retag bad.ko vermagic=6 vermagic=9
damaged retag bad.ko ' SMP ' ' SMQ '
damaged retag bad.ko vermagic= vermagix=
damaged retag bad.ko license=GPL license=XYZ
damaged retag bad.ko license=GPL licensx=GPL
damaged retag bad.ko retpoline=Y retpolinx=Y
damaged retag bad.ko name=tagged namx=tagged
damaged retag bad.ko spare=0123456789 intree=Y
damaged retag bad.ko spare=0123456789 staging=Y
damaged retag bad.ko spare=0123456789 test=Y
cat /proc/sys/kernel/tainted
# modprobe's and insmod's force
cp tagged.ko bad.ko; retag bad.ko ' SMP ' ' SMQ '
insmod -f bad.ko; cat /sys/module/tagged/taint; rmmod tagged
cat /proc/sys/kernel/tainted
# symbols of others
insmod life_user.ko
insmod life_base.ko
cp life_user.ko bad.ko; retag bad.ko license=GPL license=XYZ; insmod bad.ko
cp life_user.ko bad.ko; retag bad.ko life_plain life_plaix; insmod bad.ko
cp life_base.ko bad.ko; sed -i s/life_base/life_bass/g bad.ko; insmod bad.ko
rmmod life_base
cp life_base.ko bad.ko; retag bad.ko license=GPL license=XYZ; insmod bad.ko
insmod life_user.ko
rmmod life_base
# signatures
cp tagged.ko bad.ko; printf 'junk that is no signature, forty bytes...~Module signature appended~\n' >>bad.ko; insmod bad.ko
printf '~Module signature appended~\n' >bad.ko; insmod bad.ko
cp tagged.ko bad.ko; printf '\0\0\0\0\0\0\0\0\0\0\0\0~Module signature appended~\n' >>bad.ko; loads bad tagged
cp "$(modinfo -n crc-itu-t)" .; [ ! -f crc-itu-t.ko.xz ] || xz -d crc-itu-t.ko.xz
loads crc-itu-t crc_itu_t
# files that somebody writes
cp tagged.ko bad.ko; insmod bad.ko 4>>bad.ko
chmod 0 bad.ko; insmod bad.ko; rmmod tagged
rm -rf bad.ko crc-itu-t.ko empty.ko text.ko folder.ko
lsmod
cat /proc/sys/kernel/tainted
