#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Rewrite docs/survey.md: docs/survey.sh [RING3]. Fetches the modules if need be.
set -euo pipefail
cd "$(dirname "$0")/.."
ring3=${1:-build/ring3}
RING3_FIXTURES=$(tests/get-fixtures)
export RING3_FIXTURES
# shellcheck disable=SC1091
. "$RING3_FIXTURES/releases"

survey() { # RELEASE: relative names, so that the page does not tell of this machine
	local status=0
	"$PWD/$ring3" survey --markdown --load --top 40 --headers "$RING3_FIXTURES" \
		--source "$RING3_FIXTURES/usr/src" "$RING3_FIXTURES/lib/modules/$1" || status=$?
	[ "$status" -le 1 ]
}

page=$(mktemp)
trap 'rm -f "$page"' EXIT
{
	cat <<-END
		# Which of Debian's modules load

		Written by \`docs/survey.sh\`; run it again after a change. *Would load* means: the module is valid for
		its release, and ring3 has every symbol that it and the modules it depends on import. Each of those was
		then really loaded, initialised and unloaded, in a box of its own. *refused* means that its init function
		returned an error, as it does on a machine without the device that it drives.

		*By it alone* counts the modules that would load if ring3 had just this one symbol more.

	END
	survey "$RELEASE_6_1"
	survey "$RELEASE_6_12"
} >"$page"
cat "$page" >docs/survey.md
