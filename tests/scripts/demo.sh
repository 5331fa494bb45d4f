#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 demo: the guided tour ends well, and shows what it promises.
. "$(dirname "$0")/lib.sh"

the_tour_shows_every_step() {
	status 0 "$RING3" demo
	out_has 'ring3 build'
	out_has 'refused: Unknown symbol in module'
	out_has 'refused: Module is in use'
	out_has '^clean: no memory left'
	out_lacks $'\033'
}

run_case "$1"
