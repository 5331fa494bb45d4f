#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# The tools of the 2.4 scheme in boxes of it, GNU ld beside the linker in insmod,
# and busybox' tools, which nobody here wrote.
. "$(dirname "$0")/lib.sh"

PATH=$(dirname "$RING3"):$PATH
export RING3_KMOD

# Run the lines on standard input in a box of the 2.4 scheme: $work/out and err, and log for the kernel's.
session() {
	need_clients
	cat >lines
	"$RING3" exec --scheme 2.4 --console log -- sh lines >out 2>err </dev/null || fail 'the session'
}

# samples/two-schemes: voter uses tally
two_modules() {
	mkdir -p modules/kernel/misc
	cp "$here"/../../samples/two-schemes/* modules/kernel/misc
	"$RING3" build --scheme 2.4 modules/kernel/misc >build.log 2>&1 || fail 'ring3 build --scheme 2.4'
	cp modules/kernel/misc/{tally,voter}.o .
	rm -rf modules/kernel/misc/.ring3
}

logged() {
	grep -Eq -- "$1" log || fail "'$1' was not logged"
}

the_scheme_is_the_kernels_or_what_an_option_says() {
	need_clients
	session <<-'END'
		ring3 lsmod
		ring3 lsmod --scheme 2.6 --json
		"$RING3_KMOD" --scheme=2.4 ksyms -h
	END
	out_has '^Module                  Size  Used by    Not tainted$'
	out_has '^\[\]$'
	status 1 "$RING3" lsmod --scheme 2.4
	err_has '^lsmod: QM_MODULES: Function not implemented$'
	err_has '^lsmod: Hint: this kernel links modules itself'
	# nothing is done to a kernel that might understand something else
	status 1 "$RING3" rmmod --scheme 2.4 nosuch
	err_has '^rmmod: QM_MODULES: Function not implemented$'
	status 1 "$RING3" insmod --scheme 2.2 nosuch.o
	err_has "--scheme is 2.4 or 2.6, not '2.2'$"
}

what_is_loaded_is_listed_as_modutils_did() {
	two_modules
	session <<-'END'
		ring3 insmod tally.o
		ring3 insmod -k -o second voter.o busy=2000
		ring3 lsmod
		ring3 ksyms
		ring3 ksyms -m | grep '([0-9]*k)'
		ring3 ksyms -ah | grep -c '^[0-9a-f]\{16\}  [A-Za-z_0-9]*$'
		ring3 rmmod tally
		ring3 rmmod second
		ring3 rmmod third; echo "status $?"
		until ring3 rmmod second 2>/dev/null; do sleep 0.2; done
		ring3 rmmod tally
	END
	out_has '^second                  [0-9]{4}   1  \(autoclean\)$'
	out_has '^tally                    [0-9]{3}   1  \[second\]$'
	out_has '^Address           Symbol                            Defined by$'
	out_has '^[0-9a-f]{16}  tally_add_R[0-9a-f]{8} {15}\[tally\]$'
	out_has '^[0-9a-f]{16}  __insmod_second_S\.text_L[0-9]+ +\[second\]$'
	out_has "^[0-9a-f]{16}  __insmod_tally_O$PWD/tally\.o_M0000000[0-9A-F]{9}_V132133  \[tally\]$"
	out_has '^[0-9a-f]{16}  \([0-9]k\)                              \[tally\]$'
	out_has '^[1-9][0-9]{2}$'
	err_has '^tally: Device or resource busy$'
	err_has '^second: Device or resource busy$'
	err_has '^rmmod: module third is not loaded$'
	out_has '^status 1$'
}

stacks_are_removed_from_the_top() {
	two_modules
	session <<-'END'
		ring3 insmod tally.o
		ring3 insmod voter.o
		ring3 rmmod -rv voter
		ring3 lsmod | wc -l
		ring3 rmmod -r voter; echo "status $?"
	END
	in_order '^kernel  delete_module voter: cleanup ran, it is gone$' '^kernel  delete_module tally: '
	out_has '^1$'
	err_has '^rmmod: module voter not loaded$'
	out_has '^status 1$'
}

# A module that was used since is spared once.
idle_modules_go_with_the_second_rmmod_a() {
	two_modules
	session <<-'END'
		ring3 insmod -k tally.o
		ring3 insmod voter.o
		ring3 rmmod -a; ring3 rmmod -a
		ring3 lsmod | grep -c tally
		ring3 rmmod voter
		ring3 rmmod -a
		ring3 lsmod | grep -c tally
		ring3 rmmod -a
		ring3 lsmod | grep -c tally
		true
	END
	[ "$(tr '\n' ' ' <out)" = '1 1 0 ' ] || fail 'it went too early, or not at all'
}

each_step_of_a_load_is_told() {
	two_modules
	session <<-'END'
		ring3 insmod tally.o
		ring3 insmod -v voter.o an_int=5
	END
	out_has '^Using voter\.o$'
	in_order '^kernel  query_module  1 modules with [0-9]+ symbols, and [0-9]+ symbols of its own$' '^insmod  read '
	in_order '^insmod  read          voter.o: [0-9]+ sections, ' '^insmod  versions '
	in_order '^insmod  versions      compiled for 2.4.37-ring3, ' '^insmod  resolve '
	in_order '^insmod  resolve       tally_add_R[0-9a-f]+ .* 0x0000[0-9a-f]+  \[tally\]$' '^insmod  parameter '
	in_order '^insmod  parameter     an_int=5 ' '^kernel  create_module '
	in_order '^kernel  create_module voter, [0-9]+ bytes: at 0x[0-9a-f]+$' '^insmod  place '
	in_order '^insmod  place         \.text ' '^insmod  relocate '
	in_order '^insmod  relocate      \.text ' '^insmod  fill in '
	in_order '^insmod  fill in       struct module: init 0x[0-9a-f]+, cleanup 0x' '^kernel  init_module '
	logged 'voter: .*5'
}

# -n needs no module memory: the addresses are those of a place that nobody has.
insmod_links_as_gnu_ld_does() {
	local name size address checked=0
	need ld
	two_modules
	session <<-'END'
		ring3 insmod tally.o
		ring3 insmod -n -m -y -O blob voter.o a_long=5
		ring3 ksyms -ah >ksyms
		ring3 lsmod | grep -c voter
		true
	END
	grep -q '^0$' out || fail 'a dry run loaded it'
	objcopy -O binary -j .this voter.o nothing 2>/dev/null || true
	sed -n '/^Sections:/,/^$/s/^\([._a-z][^ ]*\) *\([0-9a-f]*\)  \([0-9a-f]*\)  2.*/\1 \2 \3/p' out >map
	{
		echo "ENTRY(init_module) SECTIONS {"
		while read -r name size address; do
			[ "$name" = .this ] || echo "$name 0x$address : { *($name) }"
		done <map
		echo '/DISCARD/ : { *(*) } }'
	} >script
	nm -u voter.o | while read -r _ name; do
		address=$(awk -v name="$name" '{ sub(/^GPLONLY_/, "", $2) } $2 == name { print $1 }' ksyms)
		[ "$name" != __this_module ] || address=$(awk '$1 == ".this" { print $3 }' map)
		[ -n "$address" ] || fail "nobody has $name"
		echo "--defsym=$name=0x$address"
	done >symbols
	xargs ld -O0 -z noexecstack -T script -o linked voter.o <symbols 2>ld.log || fail "ld: $(cat ld.log)"
	while read -r name size address; do
		case $name in .this | .data | .bss | .kmodtab) continue ;; esac # insmod's, and the parameter's
		objcopy -O binary -j "$name" linked section
		size=$(stat -c %s section)
		[ "$size" != 0 ] || continue
		dd if=blob of=ours bs=1 skip=$((0x$address - 0x12340000)) count="$size" 2>/dev/null
		cmp section ours || fail "$name differs from what ld makes of it"
		checked=$((checked + 1))
	done <map
	[ "$checked" -ge 4 ] || fail "only $checked sections were compared"
}

a_wrong_file_is_refused_with_advice() {
	: >empty.o
	status 1 "$RING3_KMOD" insmod --scheme 2.4 ./empty.o
	err_has 'Invalid argument$'
	err_has 'Hint: The file is empty; build the module, or copy it again\.$'
}

modinfo_prints_fields_and_formats() {
	two_modules
	status 0 "$RING3" modinfo --scheme 2.4 voter.o
	out_has '^filename:    voter.o$'
	out_has '^license:     "GPL"$'
	out_has '^parm:        a_byte byte$'
	out_has '^parm:        busy int, description "milliseconds '
	out_has '^parm:        numbers int array \(min = [0-9], max = [0-9]\)'
	out_has '^parm:        a_text char'
	status 0 "$RING3" modinfo --scheme 2.4 -n voter.o
	[ "$(cat out)" = voter.o ] || fail 'filename alone'
	status 0 "$RING3" modinfo --scheme 2.4 -f '%n %{kernel_version} %{none}\n' voter.o tally.o
	[ "$(cat out)" = $'voter.o 2.4.37-ring3 <none>\ntally.o 2.4.37-ring3 <none>' ] || fail 'a format'
	status 1 "$RING3" modinfo --scheme 2.4 -f %q voter.o
	err_has '^modinfo: q: unknown replacement$'
	seq 100 >lines
	status 1 "$RING3" modinfo --scheme 2.4 ./lines
	err_has '^\./lines: \./lines is not an ELF file$'
}

# modules.conf of the test's own, with what it says in its usual place by default.
configure() {
	two_modules
	{
		printf 'depfile=%s/modules/modules.dep\npath[toplevel]=%s/modules\n' "$PWD" "$PWD"
		cat
	} >modules.conf
	export MODULECONFIG=$PWD/modules.conf
}

depmod_writes_paths_and_continued_lines() {
	configure </dev/null
	cp voter.o modules/another.o
	session <<-'END'
		ring3 depmod -a; echo "status $?"
		cat modules/modules.dep
		rm modules/kernel/misc/tally.o
		ring3 depmod -ae; echo "status $?"
		ring3 depmod -au >/dev/null; echo "strict $?"
		ring3 depmod -n tally.o voter.o
		ring3 ksyms -ah >symbols
	END
	# each on lines of their own: this one needs but one
	printf '%s:\t%s\n\n' "$PWD/modules/another.o" "$PWD/modules/kernel/misc/tally.o" >wanted
	printf '%s:\n\n' "$PWD/modules/kernel/misc/tally.o" >>wanted
	printf '%s:\t%s\n\n' "$PWD/modules/kernel/misc/voter.o" "$PWD/modules/kernel/misc/tally.o" >>wanted
	sed -n '/^status 0$/,/^status/{/^status/d;p}' out >found; diff found wanted >differences || fail "modules.dep: $(cat differences)"
	err_has "^depmod: \*\*\* Unresolved symbols in $PWD/modules/kernel/misc/voter\.o$"
	err_has $'^depmod: \ttally_add_R[0-9a-f]{8}$'
	out_has '^strict 1$'
	out_has $'^voter\.o:\ttally\.o$'
	# another machine's kernel, by its list
	grep -v tally symbols >listed
	status 0 "$RING3" depmod --scheme 2.4 -F listed tally.o voter.o
	out_has $'^voter\.o:\ttally\.o$'
	[ ! -s err ] || fail 'symbols are missing from the list'
}

tables_of_pci_devices_go_to_a_map() {
	configure </dev/null
	cp "$here/../modules/scheme24/parameters.c" .
	"$RING3" build --scheme 2.4 -o modules parameters.c >build.log 2>&1 || fail 'ring3 build'
	session <<-'END'
		ring3 depmod -a
		cat modules/modules.pcimap
		ring3 modinfo -p modules/parameters.o
	END
	out_has '^# pci module         vendor     device     subvendor '
	out_has '^parameters           0x00001234 0x00005678 0xffffffff 0xffffffff 0x00000000 0x00000000 0x0000000000000000$'
	out_has '^number int array \(min = 1, max = 3\), description "some numbers"$'
	[ "$(wc -l <modules/modules.pcimap)" = 2 ] || fail 'there is more than one device'
}

modprobe_loads_what_modules_conf_and_modules_dep_say() {
	configure <<-'END'
		alias counter tally
		alias nothing off
		options tally start=4 # votes
		options voter an_int=1 \
		              a_string="some text"
		pre-install voter echo before voter
		post-install voter echo after voter
		post-remove tally echo tally is gone
		if -n 2 < 10
		alias decides voter
		else
		alias decides nosuch
		endif
	END
	session <<-'END'
		ring3 depmod -a
		ring3 modprobe -n -v voter
		ring3 lsmod | wc -l
		ring3 modprobe decides an_int=7; echo "status $?"
		ring3 lsmod | awk 'NR > 1 { print $1 }' | tr '\n' ' '
		ring3 modprobe -r voter
		ring3 lsmod | wc -l
		ring3 modprobe -v counter start=9
		ring3 modprobe -r counter
		ring3 modprobe nothing; echo "off $?"
		ring3 modprobe nosuch; echo "unknown $?"
		ring3 modprobe voter start=x an_int=y; echo "failed $?"
		ring3 lsmod | wc -l
	END
	in_order 'insmod .*/tally\.o start=4$' 'insmod .*/voter\.o an_int=1 a_string=some text$'
	in_order '^before voter$' '^after voter$'
	out_has '^voter tally tally is gone$'
	out_has 'insmod .*/tally\.o start=9$'
	out_has '^off 0$'
	out_has '^unknown 1$'
	err_has "^modprobe: Can't locate module nosuch$"
	out_has '^failed 1$'
	err_has 'voter\.o: invalid argument syntax for an_int'
	err_has "^modprobe: insmod $PWD/modules/kernel/misc/voter\.o failed$"
	[ "$(tail -1 out)" = 1 ] || fail 'what was loaded for a module that failed is still there'
	logged "voter: string 'some text'"
}

modules_above_and_below_come_with_a_module() {
	configure <<-'END'
		below voter first
		above tally last
		alias first null
		probeall all tally voter
	END
	cp tally.o modules/last.o
	session <<-'END'
		ring3 depmod -a 2>/dev/null
		ring3 modprobe -n -v voter
		ring3 modprobe -a all
		ring3 lsmod | awk 'NR > 1 { print $1 }' | tr '\n' ' '
		ring3 modprobe -r all last
		ring3 lsmod | wc -l
	END
	in_order 'insmod .*/tally\.o$' 'insmod .*/last\.o$'
	out_has '^voter last tally 1$' # the newest first, and after -r none
}

# root does not load what others can write, unless it says so.
modules_of_other_owners_need_an_option() {
	[ "$(id -u)" = 0 ] || skip 'only root can give files away'
	configure </dev/null
	chown 1000 modules/kernel/misc/tally.o
	session <<-'END'
		ring3 insmod tally; echo "status $?"
		ring3 insmod -r tally
		ring3 lsmod | grep -c tally
		ring3 depmod -n | grep -c misc/tally
		ring3 depmod -n -r | grep -c 'misc/tally.o:$'
	END
	err_has "^insmod: $PWD/modules/kernel/misc/tally\.o is not owned by root$"
	out_has '^status 1$'
	[ "$(sed -n '3,$p' out | tr '\n' ' ')" = '1 0 1 ' ] || fail 'the owner does not matter, or the option does not'
}

wrong_lines_of_modules_conf_are_told() {
	configure <<-'END'
		endif
		nonsense here
		if 1
	END
	session <<-'END'
		ring3 modprobe -l; echo "status $?"
	END
	err_has '^modprobe: unmatched endif in line 3$'
	err_has "^modprobe: Invalid line 4 in $MODULECONFIG$"
	err_has "^modprobe: missing endif at $MODULECONFIG EOF$"
	out_has '^status 1$'
}

names_are_searched_in_the_paths() {
	configure </dev/null
	session <<-'END'
		ring3 insmod tally
		ring3 modinfo -n voter
		ring3 insmod nosuch; echo "status $?"
		ring3 modprobe -l 'v*'
		ring3 modprobe -l -t misc
		ring3 modprobe -l -t net
	END
	out_has "^Using $PWD/modules/kernel/misc/tally\.o$"
	out_has "^$PWD/modules/kernel/misc/voter\.o$"
	err_has '^insmod: nosuch: no module by that name found$'
	[ "$(grep -c 'misc/voter.o$' out)" = 3 ] || fail 'patterns or types are wrong'
	[ "$(grep -c 'misc/tally.o$' out)" = 2 ] || fail 'types are wrong'
}

# A client that nobody here wrote.
busybox_loads_lists_and_removes_modules() {
	local program
	need_clients
	program=$fixtures/busybox-2.4/busybox
	[ -x "$program" ] || skip "there is no $program: run tests/get-busybox"
	two_modules
	session <<-END
		busybox() { "$program" "\$@"; }
		busybox insmod tally.o start=5; echo "status \$?"
		busybox insmod -k -m voter.o an_int=3 numbers=1,2,3; echo "status \$?"
		busybox lsmod
		busybox insmod tally.o; echo "again \$?"
		busybox rmmod tally; echo "used \$?"
		busybox rmmod voter; echo "status \$?"
		busybox rmmod tally; echo "status \$?"
		busybox rmmod tally; echo "gone \$?"
		busybox insmod tally.o nosuch=1; echo "wrong \$?"
		busybox insmod tally.o start=-1; echo "failed \$?"
		busybox insmod voter.o; echo "alone \$?"
		ring3 lsmod | wc -l
	END
	[ "$(grep -c '^status 0$' out)" = 4 ] || fail 'not all went well'
	out_has '^    Not tainted$'
	out_has '^tally +[0-9]+ +[0-9] +\[voter\]$'
	out_has '^\.text +[0-9a-f]{8}  [0-9a-f]{16}  2'
	out_has '^[0-9a-f]{16} t init_module$'
	out_has '^again 1$'
	err_has 'a module named tally already exists'
	out_has '^used 1$'
	err_has "can't unload module 'tally': Device or resource busy"
	out_has '^gone 1$'
	out_has '^wrong 1$'
	out_has '^failed 1$'
	out_has '^alone 1$'
	logged 'tally: 5 votes'
	[ "$(tail -1 out)" = 1 ] || fail 'something is still loaded'
}

run_case "$1"
