# shellcheck shell=sh disable=SC2012,SC2154,SC2164
# SPDX-License-Identifier: GPL-2.0-or-later
# what a parameter takes when its module is loaded
insmod many_params.ko
module_files many_params
rmmod many_params
given() { insmod many_params.ko "$@" && rmmod many_params; }
given number=1 flag text=two
given 'text="a b c"' number=2
given text="a b c"
given number
given text
given no_value
given callback
given callback=e1
given number=abc
given number=abc unsigned32=5 text=z
given unsigned32=5 number=abc flag=q
given unknown=1
given unknown number=3
given with-dash=4
given with_dash=4
given -- number=9
given number=1 -- unknown number=9
given counted=1,2,3,4
given counted=7
given counted=
given uncounted=1,2
given texts=a,b
given texts=a,b,c
given room=1234567
given room=12345678
given hidden=5
given unsafe=1
cat /proc/sys/kernel/tainted
given byte=255
given byte=256
given byte=-1
given number16=32768
given unsigned16=65536
given number=0x10
given number=010
given number=-3
given number=99999999999
given unsigned32=-1
given longest=18446744073709551615
given longest=18446744073709551616
given hex=255
given flag=Y
given flag=off
given flag=maybe
given inverted=1
given once=0
given bint=y
given async_probe=1
given async_probe
given dyndbg=+p
given number=1 number=2
given '  number=8   unsigned32=9  '
given number=1,2
# (a line longer than the log's lines stays back on Linux until the next one)
given "text=$(printf %0700d 0)"
given "text=$(printf %01024d 0)"; given number=1
given "text=$(printf %01025d 0)"; given number=2
given 'text="unterminated number=3'
given '"text=quoted whole" number=4'
given many_params.number=5
given other.number=5
given other.dyndbg=+p
given many.params.dyndbg=+p
# what a parameter takes when it is written
insmod many_params.ko
cd /sys/module/many_params/parameters
ls -l | sed 's/\( *[^ ]*\).* /\1 /'
written number 5
written number 0x10
written number 010
written number -3
written number ' 7'
written number "7$newline"
written number 7x
written number ''
written number 99999999999
written unsigned32 -1
written byte 256
written byte 255
written number16 32768
written number16 -32768
written unsigned16 65535
written flag Y
written flag n
written flag 2
written flag on
written flag off
written flag ''
written inverted 1
written bint y
written bint 2
written once 1
written once 0
written unsigned64 -1
written longest 18446744073709551615
written hex 255
written hex 0x1FFFF
written text 'hello world'
written text "with a newline$newline"
written text ''
written room abcdefg
written room abcdefgh
written counted 4,5
written counted 1,2,3,4
written counted ''
written counted 1,x
written uncounted 3
written texts a,b
written texts x
written unsafe 1
written write_only 3
written number64 5
written callback hi
written callback error
written no_value z
head -c 3 text
dd if=text bs=1 skip=2 count=3 status=none
dd if=text bs=4096 count=1 status=none | wc -c
printf '%4095d' 1 >number
printf '%4096d' 1 >number
printf '%5000d' 1 >text
echo 6 >>number; cat number
: >number; cat number
touch number
rm number
mkdir new
touch new
mv number new
cd "$OLDPWD"
setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups cat /sys/module/many_params/parameters/number
setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups cat /sys/module/many_params/parameters/unsigned32
setpriv --inh-caps=-all --bounding-set=-all --reuid 1000 --clear-groups sh -c 'echo 1 >/sys/module/many_params/parameters/number'
rmmod many_params
cat /proc/sys/kernel/tainted
