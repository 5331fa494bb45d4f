#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# tools.sh BENCH_TOOLS RING3_KMOD: the tools beside kmod's, on the modules of
# Debian's 6.1. Exit status 1: a goal was missed.
set -eu
fixtures=${RING3_FIXTURES:-${XDG_CACHE_HOME:-$HOME/.cache}/ring3-fixtures}
PATH=$PATH:/usr/sbin:/sbin
command -v depmod >/dev/null || {
	echo 'no kmod, whose figures are left out: apt-get install kmod' >&2
	exit 0
}
[ -f "$fixtures/releases" ] || {
	echo 'no modules for the figures of the tools: run tests/get-fixtures' >&2
	exit 0
}
# shellcheck disable=SC1091
. "$fixtures/releases"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
from=$fixtures/lib/modules/$RELEASE_6_1
to=$work/lib/modules/$RELEASE_6_1
mkdir -p "$to"
cp -rl "$from/kernel" "$to" 2>/dev/null || {
	rm -rf "$to/kernel"
	cp -r "$from/kernel" "$to" # another file system
}
cp "$from"/modules.{order,builtin,builtin.modinfo} "$to"
mapfile -t every < <(find "$to" -name '*.ko*' | sort)
# a module that needs 25 others
depmod -b "$work" "$RELEASE_6_1"
name=$(awk 'NF == 26 { sub(/:$/, "", $1); sub(/.*\//, "", $1); sub(/\.ko.*/, "", $1); print $1; exit }' \
	"$to/modules.dep")
"$1" "$2" "$work" "$RELEASE_6_1" "${name:?}" "${every[@]}"
