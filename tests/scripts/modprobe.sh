#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# ring3-kmod's modprobe and its configuration, beside Debian's.
. "$(dirname "$0")/tools.sh"
libkmod_lines='s/^libkmod: ERROR [^ ]* [^ ]*: /modprobe: ERROR: /; s/: [^ ]*libkmod-[a-z]*\.c:[0-9]* [a-z_]*() /: /'

# A root of the test's own with some of Debian's modules: vfat needs fat; lz4 needs lz4_compress.
modules_root() {
	local name
	need_fixtures
	both_tools
	fake
	mkdir -p root/lib/modules/1.2.3/kernel
	for name in vfat fat crc-itu-t nls_utf8 lz4 lz4_compress; do
		cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name "$name.ko")" root/lib/modules/1.2.3/kernel
	done
	echo kernel/fs/built-in.ko >root/lib/modules/1.2.3/modules.builtin
	: >root/lib/modules/1.2.3/modules.order
	"$RING3_KMOD" depmod -b root 1.2.3 2>/dev/null
	mkdir -p root/etc/modprobe.d root/run/modprobe.d root/usr/local/lib/modprobe.d \
		root/usr/lib/modprobe.d root/lib/modprobe.d
	: >root/proc/cmdline
	config=root/etc/modprobe.d/test.conf
}

# Over 500 names and aliases; with RING3_STRESS, of the release whose modules are compressed, too.
names_and_aliases_stand_for_the_same_as_with_kmod() {
	local release directory
	need_fixtures
	both_tools
	for release in "$RELEASE_6_1" ${RING3_STRESS:+"$RELEASE_6_12"}; do
		directory=tree/lib/modules/$release
		mkdir -p "$directory"
		ln -s "$fixtures/lib/modules/$release/kernel" "$directory/kernel"
		cp "$fixtures/lib/modules/$release"/modules.* "$directory"
		"$RING3_KMOD" depmod -b tree "$release"
		{
			awk -F: 'NR % 12 == 1 { sub(/.*\//, "", $1); sub(/\.ko.*/, "", $1); print $1 }' \
				"$directory/modules.dep"
			# kmod takes a [ in the name for one in a pattern
			awk 'NR % 200 == 2 && !/\[/ { gsub(/\*/, "x", $2); print $2 }' "$directory/modules.alias"
			awk 'NR % 400 == 3 { print $2 }' "$directory/modules.symbols"
			awk 'NR % 20 == 1 { sub(/.*\//, ""); sub(/\.ko.*/, ""); print }' "$directory/modules.builtin"
			printf '%s\n' nosuch 'un[matched' 'un]matched' symbol:nosuch fs-ext4 ext4.ko
		} >names
		[ "$(wc -l <names)" -gt 500 ] || fail 'these are too few names'
		same xargs -d '\n' -a names modprobe -C /dev/null -a -R -d tree -S "$release"
		same xargs -d '\n' -a names modprobe -C /dev/null -a -D -d tree -S "$release"
		[ "$(wc -l <ours.out)" -gt 1000 ] || fail 'too little is found'
	done
	same modprobe -c -C /dev/null -d tree -S "$RELEASE_6_1"
}

configuration_counts_as_with_kmod() {
	local name options
	modules_root
	cat >"$config" <<-'END'
		# aliases, several for one name
		alias my-f?t vfat
		alias two nls_utf8
		alias two crc-itu-t
		alias nothing nosuchmodule
		alias nobody off
		alias a-[x-z]-c crc_itu_t
		options two z=1
		options fat	c=3   d="x	y"
		options fat e
		softdep vfat pre: nls_utf8 nosuch post: crc-itu-t
		softdep crc-itu-t pre: vfat
		install nls_utf8 echo I $CMDLINE_OPTS and $CMDLINE_OPTS
		install lz4* echo \$MODPROBE_MODULE \\ \
		 goes on
		install multi /bin/true
		remove vfat echo removing $MODPROBE_MODULE
		blacklist vfat
		blacklist nls-utf8 and more
	END
	for name in vfat fat my-fat two nothing nobody multi lz4 lz4_compress nls_utf8 a-y-c built-in crc_itu_t; do
		for options in -D -nv '-n -v -b' -R '-i -D' '-i -q -D' '-nv --first-time' '-n -v -r' -n '-a -D two'; do
			# shellcheck disable=SC2086 # words
			same_calls modprobe $options "$name"
		done
		same_calls modprobe -D "$name" p=1 'q=a b'
	done
	sed -i 2d "$config" # kmod's -c forgets a blank between several softdeps
	sed -i '/^softdep vfat/d' "$config"
	same_calls modprobe -c
	grep -q '^install lz4\* echo $MODPROBE_MODULE' ours.out || fail 'the configuration was not read'
}

wrong_configuration_is_told_with_file_and_line() {
	modules_root
	printf '%s\n' alias 'alias one' '' '# comment' ' # not one' 'options fat' 'install \' ' x' 'nonsense x' \
		'alias un] x' 'include y' 'remove' 'softdep a' 'blacklist' >"$config"
	mkdir root/etc/modprobe.d/directory.conf
	echo nonsense >root/etc/modprobe.d/ignored
	PATH=$work/theirs:$PATH ./fake modprobe -c 2>&1 >wanted.out |
		sed 's/^libkmod: ERROR [^ ]* [^ ]*: /modprobe: ERROR: /; s/conf: command/conf line 11: command/' >wanted
	PATH=$work/ours:$PATH ./fake modprobe -c >out 2>err
	diff wanted err >&2 || fail 'the errors differ'
	diff wanted.out out >&2 || fail 'what counts differs'
	err_has '^modprobe: ERROR: /etc/modprobe.d/test.conf line 8: ignoring bad line starting with .install'
	[ "$(wc -l <err)" -ge 10 ] || fail 'errors are missing'
}

# /etc before /run before /usr/local/lib before /usr/lib before /lib; files by name, not by directory.
directories_hide_files_of_later_ones() {
	local place
	modules_root
	for place in etc run usr/local/lib usr/lib lib; do
		echo "options fat first=$place" >"root/$place/modprobe.d/50.conf"
		echo "options fat only=$place" >"root/$place/modprobe.d/60-${place//\//-}.conf"
	done
	status 0 ./fake ours/modprobe -D fat
	out_has 'fat.ko first=etc only=etc only=lib only=run only=usr/lib only=usr/local/lib $'
	rm root/etc/modprobe.d/50.conf root/usr/lib/modprobe.d/*
	same_calls modprobe -D fat
	grep -q 'first=run' ours.out || fail 'the next directory does not count'
	: >root/run/modprobe.d/50.conf
	same_calls modprobe -D fat
	echo 'options fat alone=1' >single
	same_calls modprobe -C single -D fat
	same_calls modprobe -C single -C root/lib/modprobe.d -D fat
	same_calls modprobe -C nosuch -D fat
}

the_kernels_command_line_counts() {
	local line
	modules_root
	echo 'quiet fat.a=1 root=/dev/x.y=z modprobe.blacklist=nls_utf8,vfat crc-itu-t.b=2,3 fat.c' >root/proc/cmdline
	echo 'alias xfat vfat' >"$config"
	same_calls modprobe -c
	same_calls modprobe -D fat
	same_calls modprobe -D xfat
	same_calls modprobe -b -D nls_utf8
	while read -r line; do
		echo "$line" >root/proc/cmdline
		same_calls modprobe -c
		same_calls modprobe -D fat
	done <<-'END'
		fat.bare fat.number=1 fat.text="two words" fat."in quotes" " blank" "word " single quiet rw
		fat.a=1 acpi[12:00.3]=ABC0001:00 un].matched=1 fat-x.a=b
		fat.a dynamic.dyndbg="file a/b.c +p" quiet
		fat.a "dynamic.dyndbg=file a/b.c +p" quiet
		"fat.a=x y" fat.b="p q" z "fat.c" "fat.d=e"f fa"t.g=h i" "fat".j=k fat.l=a"b c"d
		modprobe.blacklist=one,two modprobe.blacklist=three ro modprobe.blacklist=four
		root=a.b:c fat.x.y=3 fat.a=b.c a..b=2 modprobe.blacklist fat.tab	fat.b=1  fat.c -- fat.d=e
		fat.a=1 fat.b="has no end fat.c=3
	END
	echo '"modprobe.blacklist=a,b" modprobe.blacklist="c," fat.=1 .a=1 fat. "a b.c=d"' >root/proc/cmdline
	status 0 ./fake ours/modprobe -c # kmod keeps the quotes, and names that are empty
	grep -v '^alias\|^#' out >listed
	printf 'blacklist %s\n' a b c | diff - <(sed '/^$/d' listed) >&2 || fail 'what is no name counts'
	echo 'modprobe.blacklist=nls-utf8' >root/proc/cmdline # which kmod takes as it is, for no module
	status 0 ./fake ours/modprobe -b -D nls_utf8
	out_lacks .
}

modprobe_calls_the_kernel_as_kmod() {
	local number name
	modules_root
	same_calls modprobe vfat
	same_calls modprobe -v vfat x=1 'y=a b' "z='a b'"
	same_calls modprobe -a vfat lz4 nosuch crc-itu-t
	same_calls modprobe -f vfat
	same_calls modprobe --force-vermagic fat
	same_calls modprobe --force-modversion -v fat
	same_calls modprobe -q nosuch
	same_calls modprobe built_in
	same_calls modprobe --first-time built_in
	MODPROBE_OPTIONS='-v -C nosuch' same_calls modprobe vfat
	# kmod makes an empty argument of the blank behind a quote
	echo 'options fat c=1' >'a b'
	MODPROBE_OPTIONS="-C 'a b' -v" status 0 ./fake ours/modprobe fat
	out_has 'fat.ko c=1 $'
	FAKE_NO_FINIT=1 same_calls modprobe vfat
	for name in --force --force-modversion --force-vermagic; do
		FAKE_NO_FINIT=1 same_calls modprobe $name vfat
	done
	loaded fat 0
	same_calls modprobe vfat
	same_calls modprobe -D vfat
	same_calls modprobe --first-time fat
	same_calls modprobe --first-time -v vfat
	echo coming >root/sys/module/fat/initstate
	same_calls modprobe -v vfat
	same_calls modprobe
	same_calls modprobe -x
	same_calls modprobe -w 5x -r fat
	for number in 1 2 8 12 16 17 22 38 95 126 129; do
		FAKE_ERRNO=$number same_calls modprobe crc-itu-t
		FAKE_ERRNO=$number same_calls modprobe lz4
	done
}

# In use by another, unused, in use by somebody else.
some_loaded() {
	loaded fat 1 vfat
	loaded vfat 0
	loaded crc_itu_t 2
	loaded nls_utf8 0
}

modprobe_removes_modules_as_kmod() {
	local options
	modules_root
	some_loaded
	for options in '' -v -f -n -nv --first-time --remove-holders -q -i; do
		# shellcheck disable=SC2086 # words
		for name in vfat fat crc-itu-t nls_utf8 lz4 built_in nosuch; do
			same_calls modprobe -r $options $name
			FAKE_ERRNO=11 same_calls modprobe -r $options $name
		done
	done
	same_calls modprobe -r -w 10 crc-itu-t
	# kmod 30 takes the end of its wait for a success
	FAKE_ERRNO=11 status 1 ./fake ours/modprobe -r -w 10 crc-itu-t
	err_has "^modprobe: ERROR: could not remove 'crc_itu_t': Resource temporarily unavailable$"
	echo 0 >root/sys/module/fat/refcnt # as the kernel does once vfat is gone
	same_calls modprobe -r -v vfat
	grep -q 'delete_module fat' calls || fail 'what is unused stays'
	printf '%s\n' 'softdep vfat pre: nls_utf8 post: crc-itu-t' 'remove nls_utf8 echo $MODPROBE_MODULE $MODPROBE_OPTIONS' \
		>"$config"
	same_calls modprobe -r vfat
	same_calls modprobe -r -a vfat
	grep -q 'delete_module vfat' calls || fail 'with -a a softdep that is in use is a failure'
	echo 0 >root/sys/module/crc_itu_t/refcnt
	same_calls modprobe -r -v vfat
	same_calls modprobe -r -i -v vfat
	echo 'remove vfat exit 3' >"$config"
	same_calls modprobe -r -v vfat
}

# FATAL says so: what is named behind it is not tried, unless nothing is said, or with -a.
a_fatal_name_ends_the_removal_as_with_kmod() {
	local options
	modules_root
	some_loaded
	for options in '' -v -q -a -n --first-time '-q -a'; do
		# shellcheck disable=SC2086 # words
		for name in nosuch crc-itu-t built_in lz4 'vfat nosuch' fat.ko; do
			same_calls modprobe -r $options $name nls_utf8
		done
	done
	same_calls modprobe -r nosuch nls_utf8
	[ ! -s calls ] || fail 'something was removed'
	same_calls modprobe -r -a nosuch nls_utf8
	[ -s calls ] || fail 'nothing was removed'
	FAKE_ERRNO=16 same_calls modprobe -r nls_utf8 vfat
}

commands_run_as_with_kmod() {
	modules_root
	cat >"$config" <<-'END'
		install vfat echo "$MODPROBE_MODULE [$CMDLINE_OPTS] $MODPROBE_OPTIONS"
		options vfat a=1
		install fails exit 7
		install lz4_compress modprobe -i -q lz4_compress x=1
	END
	same_calls modprobe vfat b=2
	same_calls modprobe -q -s vfat b=2
	same_calls modprobe -i vfat
	same_calls modprobe lz4
	status 1 ./fake ours/modprobe fails
	err_has "^modprobe: ERROR: Error running install command 'exit 7' for module fails: retcode 7$"
	err_has '^modprobe: HINT: the command is from /etc/modprobe.d/test.conf line 3$'
	err_has "^modprobe: ERROR: could not insert 'fails': Invalid argument$"
}

circles_in_the_configuration_end_as_with_kmod() {
	local name
	modules_root
	printf '%s\n' 'softdep fat pre: lz4' 'softdep lz4 pre: fat' 'softdep nls_utf8 pre: nls_utf8 post: nls_utf8' >"$config"
	for name in fat lz4 vfat nls_utf8; do
		same_calls modprobe $name
		same_calls modprobe -v -i $name
		same_calls modprobe -r -v $name
	done
	# what lz4 needs loads lz4, too
	cat >"$config" <<-'END'
		install lz4_compress $MODPROBE -i lz4_compress && echo live >$STATE/initstate && $MODPROBE -q lz4
	END
	export STATE=$work/root/sys/module/lz4_compress
	for name in theirs ours; do
		rm -rf "$STATE" calls
		mkdir -p "$STATE/holders"
		MODPROBE=$work/$name/modprobe run $name ./fake modprobe lz4
		mv calls $name.calls
	done
	diff theirs.calls ours.calls >&2 || fail 'other modules are loaded'
	[ "$(grep -c finit_module ours.calls)" = 3 ] || fail 'not three modules were loaded'
}

# kmod's own modprobe -r calls itself here until its stack is full.
a_removal_ends_though_softdeps_name_each_other() {
	modules_root
	loaded vfat 0
	loaded lz4 0
	printf '%s\n' 'softdep vfat pre: vfat post: lz4' 'softdep lz4 post: vfat pre: vfat' >"$config"
	: >calls
	status 0 ./fake ours/modprobe -r vfat
	printf 'delete_module %s 0x800\n' lz4 vfat | diff - calls >&2 || fail 'each goes once, what comes behind first'
}

# kmod 30 knows no weakdep: 34 reads it, prints it, and loads nothing for it.
weakdeps_are_listed_and_not_loaded() {
	modules_root
	printf '%s\n' 'weakdep lz4_compress nls-utf8	fat' 'weakdep fat lz4_compress' >"$config"
	echo 'weakdep vfat nls-utf8' >root/lib/modules/1.2.3/modules.weakdep
	status 0 ./fake ours/modprobe -c
	printf '%s\n' 'weakdep vfat nls-utf8' 'weakdep lz4_compress nls-utf8 fat' 'weakdep fat lz4_compress' >wanted
	grep ^weakdep out | sort | diff <(sort wanted) - >&2 || fail 'not all are listed'
	: >calls
	status 0 ./fake ours/modprobe -v lz4_compress
	status 0 ./fake ours/modprobe -v fat
	[ "$(grep -c finit_module calls)" = 2 ] || fail 'a weakdep is loaded'
	status 0 ./fake ours/modprobe -D vfat
	[ "$(wc -l <out)" = 2 ] || fail 'a weakdep is a dependency'
}

modules_load_from_where_they_are() {
	local from=root/lib/modules/1.2.3
	modules_root
	mkdir elsewhere
	mv $from/kernel/{vfat,lz4_compress}.ko elsewhere
	echo "external 1.2.3 $work/elsewhere" >external.conf
	echo 'search external built-in' >>external.conf
	./fake "$RING3_KMOD" depmod -C external.conf 1.2.3 2>/dev/null
	grep -q "^$work/elsewhere/vfat.ko: kernel/fat.ko" $from/modules.dep || fail 'no module is external'
	same_calls modprobe -v vfat
	same_calls modprobe -v lz4
	same_calls modinfo vfat lz4_compress
	# by path, with what the indexes know that it needs, as kmod 34
	printf '%s\n' 'options vfat a=1' 'options lz4 b=2' >"$config"
	: >calls
	status 0 ./fake ours/modprobe -v "$work/elsewhere/vfat.ko" c=3
	printf 'insmod %s %s\n' /lib/modules/1.2.3/kernel/fat.ko '' "$work/elsewhere/vfat.ko" 'a=1 c=3' | diff - out >&2 ||
		fail 'the path loads something else'
	cp "$work/elsewhere/vfat.ko" other.ko
	status 0 ./fake ours/modprobe -v ./other.ko
	out_has "^insmod $work/./other.ko $"
	status 1 ./fake ours/modprobe ./nosuch.ko
	err_has '^modprobe: FATAL: Failed to get module from path ./nosuch.ko: No such file or directory$'
}

# kmod takes the first only.
softdeps_of_several_lines_all_count() {
	modules_root
	printf '%s\n' 'softdep vfat pre: nls_utf8' 'softdep v* pre: lz4 post: crc-itu-t' >"$config"
	./fake ours/modprobe -v vfat | sed 's/.*kernel.//; s/ *$//' >out
	printf '%s\n' nls_utf8.ko lz4_compress.ko lz4.ko vfat.ko crc-itu-t.ko >wanted
	grep -v '^fat.ko$' out | diff wanted - >&2 || fail 'the order is wrong'
	./fake ours/modprobe -c >out
	out_has '^softdep v\* pre: lz4 post: crc-itu-t$'
}

forbidden_modules_are_refused() {
	modules_root
	printf '%s\n' 'forbid fat' 'softdep lz4 pre: vfat nls-utf8' 'forbid nls*' >"$config"
	: >calls
	status 1 ./fake ours/modprobe vfat
	err_has "^modprobe: ERROR: could not insert 'vfat': it needs 'fat', which is forbidden by /etc/modprobe.d/test.conf line 1$"
	status 1 ./fake ours/modprobe -f -i nls-utf8
	err_has "^modprobe: ERROR: could not insert 'nls_utf8': it is forbidden by /etc/modprobe.d/test.conf line 3$"
	status 1 ./fake ours/modprobe ./root/lib/modules/1.2.3/kernel/fat.ko
	[ ! -s calls ] || fail 'something was loaded'
	# softdeps are left out
	status 0 ./fake ours/modprobe -v lz4
	sed 's/.*kernel.//; s/ *$//' out | diff - <(printf '%s\n' lz4_compress.ko lz4.ko) >&2 || fail 'a softdep was loaded'
	[ "$(grep -c '^finit_module' calls)" = 2 ] || fail 'not two were loaded'
	echo 'install nls_utf8 touch ran' >>"$config"
	status 1 ./fake ours/modprobe nls_utf8
	[ ! -e ran ] || fail 'its command ran'
}

explain_tells_why_each_module_is_loaded_or_not() {
	local modules=/lib/modules/1.2.3 conf=/etc/modprobe.d/test.conf
	modules_root
	cat >"$config" <<-'END'
		alias disk vfat
		softdep vfat pre: nls_utf8 lz4 crc-itu-t built_in
		forbid nls_utf8
		install crc* echo $MODPROBE_MODULE
		options fat a=1
		alias black lz4
		blacklist lz4
	END
	loaded lz4_compress 0
	: >calls
	status 0 ./fake ours/modprobe --dry-run --explain disk
	cat >wanted <<-END
		fat: loads $modules/kernel/fat.ko: vfat needs it, $modules/modules.dep
		fat: options a=1: $conf line 5
		nls_utf8: refused: forbid nls_utf8, $conf line 3: softdep of vfat, $conf line 2
		lz4_compress: skipped: loaded already: lz4 needs it, $modules/modules.dep
		lz4: loads $modules/kernel/lz4.ko: softdep of vfat, $conf line 2
		crc_itu_t: runs 'echo \$MODPROBE_MODULE', $conf line 4: softdep of vfat, $conf line 2
		built_in: skipped: built into the kernel: softdep of vfat, $conf line 2
		vfat: loads $modules/kernel/vfat.ko: alias disk stands for it, $conf line 1
	END
	diff wanted out >&2 || fail 'the explanation is wrong'
	status 0 ./fake ours/modprobe --explain black
	out_has "^lz4: skipped: blacklist, $conf line 7: alias black stands for it, $conf line 6$"
	status 0 ./fake ours/modprobe --explain fs-vfat
	out_has "^vfat: loads .*: alias fs_vfat stands for it, $modules/modules.alias$"
	status 1 ./fake ours/modprobe --explain -r vfat
	err_has '^modprobe: ERROR: --explain is about loading, not about --remove.$'
	[ ! -s calls ] || fail 'something was loaded'
}

damaged_indexes_are_told_not_followed() {
	local size
	modules_root
	cp root/lib/modules/1.2.3/modules.dep.bin whole
	for size in 0 8 12 40 90 200; do
		head -c "$size" whole >root/lib/modules/1.2.3/modules.dep.bin
		status 1 ./fake ours/modprobe vfat
		err_has '^modprobe: ERROR: /lib/modules/1.2.3/modules.dep.bin is damaged: run depmod$'
	done
	rm root/lib/modules/1.2.3/modules.dep.bin
	same_calls modprobe vfat
}

modprobe_shows_versions_and_exports_as_kmod() {
	local file
	modules_root
	cp "$(find -L "$fixtures/lib/modules/$RELEASE_6_1/" -name usbcore.ko)" root/lib/modules/1.2.3/kernel/crc-itu-t.ko .
	objcopy -R __versions crc-itu-t.ko plain.ko
	objcopy --strip-all crc-itu-t.ko stripped.ko
	seq 100 >text.ko
	for file in usbcore.ko crc-itu-t.ko ./plain.ko stripped.ko text.ko nosuch.ko; do
		same_calls modprobe --dump-modversions "$file"
		same_calls modprobe --show-exports "$file"
	done
	# by name and alias, too
	./fake ours/modprobe --show-exports crc-itu-t.ko >wanted
	status 0 ./fake ours/modprobe --show-exports crc_itu_t
	cmp wanted out || fail 'the name shows something else than the file'
	./fake ours/modprobe --show-modversions root/lib/modules/1.2.3/kernel/vfat.ko >wanted
	status 0 ./fake ours/modprobe --show-modversions fs-vfat
	cmp wanted out || fail 'the alias shows something else than the file'
}

failed_loads_of_modprobe_say_why() {
	need_clients
	both_tools
	build low middle high greets
	make_tree
	cat >script <<-'END'
		modprobe greets count=banana
		modprobe greets 'whom=a b' && cat /sys/module/greets/parameters/whom
		modprobe -r greets && echo removed
		mkdir conf
		echo 'options low base=zero' >conf/low.conf
		modprobe -C conf high || true
	END
	PATH=$work/ours:$PATH status 0 "$RING3" exec --loglevel 0 --console /dev/null --modules-dir "$dir" -- sh script
	err_has "^modprobe: ERROR: could not insert 'greets': Invalid argument$"
	err_has "^modprobe: HINT: parameter 'count' is of type int, and 'banana' is no such value"
	out_has '^a b$'
	out_has '^removed$'
	tail -4 err | diff - <(sed 's/^/modprobe: /' <<-'END'
		ERROR: could not insert 'high': Invalid argument
		HINT: the module that failed is 'low', which 'high' needs
		HINT: parameter 'base' is of type int, and 'zero' is no such value
		HINT: its options 'base=zero' are from conf/low.conf line 1
	END
	) >&2 || fail 'the hints about a module that is needed are others'
}

modprobe_loads_and_removes_a_chain_in_a_box() {
	need_clients
	both_tools
	build low middle high
	make_tree
	cat >script <<-'END'
		s() {
			"$@"
			echo "$* ended with $?"
		}
		s modprobe -v middle
		s lsmod
		s modprobe --first-time middle
		s modprobe -r low
		s modprobe -r -v middle
		s lsmod
		s modprobe -r --first-time low
		s modprobe no_such_module
	END
	same_in_a_box --modules-dir "$dir"
	grep -q '^modprobe -r -v middle ended with 0' ours.out || fail 'nothing was loaded'
}

# kmod 30 asks low before middle is gone, and leaves it.
what_became_unused_goes_too() {
	need_clients
	both_tools
	build low middle high
	make_tree
	PATH=$work/ours:$PATH "$RING3" exec --loglevel 0 --console /dev/null --modules-dir "$dir" -- \
		sh -c 'modprobe high; modprobe -r -v high; cat /proc/modules
			modprobe high; modprobe -r --remove-holders -v middle; cat /proc/modules
			modprobe high; modprobe -r --remove-holders -v low; cat /proc/modules' >out
	printf 'rmmod %s\n' high middle low high middle low high middle low | diff - out >&2 || fail 'something stays'
}

run_case "$1"
