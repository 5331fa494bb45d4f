#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rewrite docs/survey.md: docs/survey.sh [--check-only] [RING3]. Fetches the modules if
# need be. Loading them all takes minutes; --check-only judges them without.
set -euo pipefail
cd "$(dirname "$0")/.."
load=--load
if [ "${1:-}" = --check-only ]; then
	load=
	shift
fi
ring3=${1:-build/ring3}
RING3_FIXTURES=$(tests/get-fixtures)
export RING3_FIXTURES
# shellcheck disable=SC1091
. "$RING3_FIXTURES/releases"

survey() { # RELEASE: relative names, so that the page does not tell of this machine
	local status=0
	"$PWD/$ring3" survey --markdown ${load:+"$load"} --top 40 --headers "$RING3_FIXTURES" \
		--source "$RING3_FIXTURES/usr/src" "$RING3_FIXTURES/lib/modules/$1" || status=$?
	[ "$status" -le 1 ]
}

page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
	cat <<-END
		# Which of Debian's modules load

		Written by \`docs/survey.sh\`; run it again after a change. *Would load* means: the module is valid for
		its release, and ring3 has every symbol that it and the modules it depends on import. Where a table
		*really loaded* stands, each of those was also loaded, initialised and unloaded, in a box of its own:

		- *clean*: it came and went without a warning, an oops or memory left behind;
		- *refused*: its init function returned an error, as on a machine without the device that it drives;
		- *lacks a part of the kernel*: it called or touched, by way of others, what ring3 does not have yet;
		- *oops*: it failed in another way; the first line of the report is shown;
		- *not tried*: those that would not load.

		*By it alone* counts the modules that would load if ring3 had just this one symbol more.

	END
	survey "$RELEASE_6_1"
	survey "$RELEASE_6_12"
} >"$page"
cat "$page" >docs/survey.md
