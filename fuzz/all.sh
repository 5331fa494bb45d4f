#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Fuzz every target for SECONDS, all at once. Fails on any finding.
set -u

seconds=${1:?usage: $0 SECONDS   (RING3_FUZZ_BUILD: build folder, default build-fuzz)}
here=$(cd "$(dirname "$0")" && pwd)
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT
declare -A runs
for target in run modinfo index config modpost image24 insmod; do
	"$here/$target.sh" "$seconds" >"$logs/$target" 2>&1 &
	runs[$target]=$!
done
status=0
for target in "${!runs[@]}"; do
	wait "${runs[$target]}" || {
		status=$?
		echo "fuzz/$target.sh: status $status"
	}
	cat "$logs/$target"
done
exit $status
