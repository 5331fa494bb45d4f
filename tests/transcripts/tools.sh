# shellcheck shell=sh disable=SC2012
# SPDX-License-Identifier: GPL-2.0-or-later
# our insmod, rmmod, lsmod, modinfo and modprobe
export PATH="$PWD/tools:$PATH" LD_LIBRARY_PATH="$PWD/tools"
for tool in insmod rmmod lsmod modinfo modprobe; do $tool --version | tail -n 1 | cut -d ' ' -f 1; done
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
# with what they need, by name, alias and path; the configuration
modprobe --show-depends high
modprobe --explain high
modprobe -v high
modprobe --first-time high
lsmod
modprobe -r low
modprobe -r -v high
lsmod
modprobe high; modprobe -r -v --remove-holders low
modprobe -v lz4hc; until_unused lz4hc
lsmod
modprobe -r -v lz4hc
modprobe -v nls_iso8859-1 && modprobe -r nls_iso8859-1
modprobe -a crc7 crc8 no_such_module
modprobe -r -a -v crc7 no_such_module crc8
modprobe -v tagged && modprobe -r tagged
modprobe ./low.ko base=7; cat /sys/module/low/parameters/base; modprobe -r low
mkdir conf
echo 'forbid low' >conf/a.conf
echo 'softdep crc64 pre: low crc-itu-t' >>conf/a.conf
echo 'softdep crc64 post: crc8' >>conf/a.conf
modprobe -C conf high
modprobe -C conf -v crc64
modprobe -C conf -r -v crc64
rm -r conf
lsmod
# what is refused, and why
insmod fails.ko
insmod greets.ko count=banana
head -c 2000 greets.ko >cut.ko
insmod cut.ko
sed 's/ SMP / SNP /' greets.ko >old.ko
insmod old.ko
insmod -f old.ko
rmmod greets
modprobe greets count=banana
modprobe -q no_such_module
modprobe ./cut.ko
sed 's/license=GPL/license=BSD/' middle.ko >closed.ko
insmod low.ko
insmod closed.ko
at=$(grep -abo low_add middle.ko | sed -n '1s/:.*//p')
cp middle.ko other.ko; bytes_at other.ko "$((at - 8))" '\1\2\3\4'
insmod other.ko
rmmod low
setpriv --reuid 65534 --clear-groups insmod greets.ko
insmod no-such-file.ko
