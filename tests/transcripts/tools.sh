# shellcheck shell=sh disable=SC2012
# SPDX-License-Identifier: GPL-2.0-or-later
# our insmod, rmmod, lsmod and modinfo
export PATH="$PWD/tools:$PATH" LD_LIBRARY_PATH="$PWD/tools"
for tool in insmod rmmod lsmod modinfo; do $tool --version | tail -n 1 | cut -d ' ' -f 1; done
lsmod
insmod greets.ko count=3 'whom=my friend'
lsmod
cat /sys/module/greets/parameters/whom
insmod greets.ko
rmmod greets
rmmod greets
# a chain of three, in the wrong order first
insmod high.ko
insmod low.ko base=100
insmod middle.ko
insmod high.ko
lsmod
lsmod --json
rmmod low
rmmod middle high low
rmmod middle low
# Debian's own, which are signed, and whose names have both - and _
d=/lib/modules/$(uname -r)/kernel
insmod "$(ls $d/lib/crc-itu-t.ko*)"
insmod "$(ls $d/lib/lz4/lz4_compress.ko*)"
insmod "$(ls $d/lib/lz4/lz4hc_compress.ko*)"
lsmod
rmmod crc-itu-t lz4hc_compress lz4_compress
modinfo -F signer crc-itu-t lz4
modinfo -F depends lz4
# what is refused, and why
insmod fails.ko
insmod greets.ko count=banana
head -c 2000 greets.ko >cut.ko
insmod cut.ko
sed 's/ SMP / SNP /' greets.ko >old.ko
insmod old.ko
insmod -f old.ko
rmmod greets
setpriv --reuid 65534 --clear-groups insmod greets.ko
insmod no-such-file.ko
