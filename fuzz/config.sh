#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz the reader of modprobe.d and of the kernel's command line for SECONDS,
# with this machine's configuration, and every directive, as seeds. Fails on any finding.
set -eu

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
fuzzer=config_fuzzer
target=fuzz/config_fuzzer
# shellcheck source=fuzz/lib.sh
. "$(dirname "$0")/lib.sh"

corpus=$build/corpus-config
cat >"$build/every.conf" <<'END'
# comment
alias my-[a-c]* vfat
blacklist pcspkr
forbid nls*
install vfat /sbin/modprobe -i vfat $CMDLINE_OPTS; \
	echo \$MODPROBE_MODULE
remove vfat rmmod vfat
options fat	a=1 b="x y"
softdep vfat pre: nls_utf8 fat post: lz4
weakdep vfat lz4 fat
END
echo 'quiet fat.a=1 "fat.b=x y" fat.c="p q" modprobe.blacklist=vfat,lz4 a=0.0.0' >"$build/every.cmdline"
find "$build/every.conf" "$build/every.cmdline" /etc/modprobe.d /lib/modprobe.d -type f 2>/dev/null | seed
fuzz "$seconds" 'modprobe.d'
