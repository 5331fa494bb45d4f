#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3 survey: a tree of modules, summed up.
. "$(dirname "$0")/lib.sh"

# Eight modules: five load, lacks and what needs it do not, one file is none.
tree() {
	build greets leaks low middle high lacks fails
	mkdir -p tree/kernel/drivers/net/deep tree/kernel/lib
	mv low.ko middle.ko high.ko tree/kernel/lib
	mv greets.ko leaks.ko fails.ko tree/kernel/drivers/net/deep
	mv lacks.ko tree/kernel/drivers/net
	echo 'not a module, but long enough to hold the header of one; so it is read further' >tree/text.ko
}

the_summary_counts_what_would_load() {
	tree
	status 0 "$RING3" survey tree
	out_has '^builtin: 8 modules in tree'
	out_has '^ +6 +75.0 %  would load'
	out_has '^ +1 +12.5 %  are blocked by their own imports'
	out_has '^ +1 +12.5 %  are no valid modules'
	out_has '^ +1 +0 +1  nobody_has_this \(not exported\)'
}

a_missing_dependency_blocks_all_that_need_it() {
	tree
	rm tree/kernel/lib/low.ko
	status 0 "$RING3" survey --json tree
	json_has '.targets[0].verdicts | .loads == 3 and .blocked == 3'
	json_has '.targets[0].blockers | map(select(.symbol == "low_add"))[0] | .blocked == 2 and .importers == 2'
}

the_json_lists_every_module() {
	tree
	status 0 "$RING3" survey --json tree
	json_has '.targets | length == 1'
	json_has '.targets[0].modules | length == 8'
	json_has '.targets[0].modules | map(select(.name == "lacks"))[0].missing | sort == ["nobody_has_this", "nor_that"]'
	json_has '.targets[0].modules | map(select(.name == "high"))[0].depends | sort == ["low", "middle"]'
}

the_markdown_has_a_row_for_each_folder() {
	tree
	status 0 "$RING3" survey --markdown tree
	out_has '^## builtin$'
	out_has '^\| drivers/net \| 4 \| 3 \|$'
	out_has '^\| lib \| 3 \| 3 \|$'
}

load_runs_each_in_a_box_of_its_own() {
	tree
	status 1 "$RING3" survey --load --json tree
	json_has '.targets[0].outcomes | .clean == 4 and .refused == 1 and .leak == 1 and .["not tried"] == 2'
	json_has '.targets[0].modules | map(select(.name == "fails"))[0].load.error == -19'
	json_has '.targets[0].modules | map(select(.name == "leaks"))[0].load.leaked >= 300'
	rm tree/kernel/drivers/net/deep/leaks.ko
	status 0 "$RING3" survey --load -j 1 tree
	out_has '^ +4  clean$'
}

load_survives_an_oops() {
	build oopses greets
	mkdir tree
	mv oopses.ko greets.ko tree
	status 1 "$RING3" survey --load tree
	out_has '^ +1  oops$'
	out_has '^ +1  clean$'
}

a_progress_line_is_for_terminals_only() {
	need script
	tree
	status 0 "$RING3" survey tree
	! grep -q '\[[#.]*\]' out err || fail 'a progress line was drawn where no terminal is'
	TERM=xterm script -qec "'$RING3' survey tree" /dev/null </dev/null >out 2>err
	out_has 'ring3: reading modules \[\.+\] 0/8'
}

a_folder_without_modules_is_an_error() {
	mkdir empty
	status 1 "$RING3" survey empty
	err_has 'there are no modules'
	status 1 "$RING3" survey nowhere
	err_has 'No such file or directory'
	status 2 "$RING3" survey
	status 2 "$RING3" survey --jobs 0 empty
}

run_case "$1"
