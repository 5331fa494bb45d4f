#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# uml_module.sh MODULES SOURCE.c OUT.ko: SOURCE as a module for the kernel of
# Debian's user-mode-linux, whose modules are in MODULES. The package has
# neither headers nor Module.symvers, and its kernel no symbol versions: so the
# headers are those of sdk/, and what differs from kernel to kernel, struct
# module and vermagic, is taken from one of the package's own modules.
set -eu
modules=$1 source=$2 out=$3
here=$(cd "$(dirname "$0")" && pwd)
flags=(-O2 -ffreestanding -fno-pic -mcmodel=large -mno-sse -mno-red-zone -fno-stack-protector
	-fno-asynchronous-unwind-tables -fcf-protection=none)

# "init_module 130", "cleanup_module 1e8"
places() {
	readelf -rW "$1" | sed -n '/\.rela\.gnu\.linkonce\.this_module/,/^$/p' |
		awk '/(init|cleanup)_module/ { print $5, $1 }'
}

example=
for module in $(find "$modules" -name '*.ko' | sort); do
	if [ "$(places "$module" | wc -l)" = 2 ]; then
		example=$module
		break
	fi
done
[ -n "$example" ] || {
	echo "no module with init and exit in $modules" >&2
	exit 1
}
size=$(readelf -SW "$example" | sed -n 's/.* \.gnu\.linkonce\.this_module *PROGBITS *[0-9a-f]* *[0-9a-f]* *\([0-9a-f]*\).*/\1/p')
init=$(places "$example" | awk '$1 == "init_module" { print $2 }')
exit=$(places "$example" | awk '$1 == "cleanup_module" { print $2 }')
vermagic=$(readelf -p .modinfo "$example" | sed -n 's/.*vermagic=//p')
name=$(basename "$out" .ko)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
gcc "${flags[@]}" -nostdinc -I"$here/../sdk/include" -include linux/kconfig.h \
	-include linux/compiler_types.h -D__KERNEL__ -DMODULE "-DKBUILD_MODNAME=\"$name\"" \
	-c "$source" -o "$work/source.o"
gcc "${flags[@]}" "-DMODULE_SIZE=0x$size" "-DINIT_AT=0x$init" "-DEXIT_AT=0x$exit" \
	"-DNAME=\"$name\"" "-DVERMAGIC=\"$vermagic\"" -c "$here/uml_module.c" -o "$work/module.o"
ld -r "$work/source.o" "$work/module.o" -o "$out"
