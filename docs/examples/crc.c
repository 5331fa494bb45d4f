// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Call a function of a Linux module from an ordinary program.
 *
 *	cc crc.c $(pkg-config --cflags --libs --static ring3) -o crc
 *	./crc 6.1.0-56-amd64 /lib/modules/6.1.0-56-amd64/kernel/lib/crc-itu-t.ko
 */
#include <inttypes.h>
#include <stdio.h>
#include <ring3/ring3.h>

static void print_log(void *context, const struct r3_log_record *record)
{
	fprintf(stderr, "%.*s\n", (int)record->length, record->text);
}

int main(int argc, char **argv)
{
	struct r3_box_options options = {.size = sizeof(options), .log = print_log};
	struct r3_box *box;
	uint64_t crc;
	int status = 1;

	if (argc < 3 || argc > 5) {
		fprintf(stderr, "usage: crc RELEASE crc-itu-t.ko [HEADERS [SOURCE]]\n");
		return 2;
	}
	options.target = argv[1];
	options.headers = argc > 3 ? argv[3] : NULL; /* NULL: the usual places */
	options.source = argc > 4 ? argv[4] : NULL;
	if (r3_box_new(&box, &options)) {
		fprintf(stderr, "no box: %s\n", r3_error());
		return 1;
	}
	/* Arguments are passed as they are: the module reads this process's memory. */
	if (r3_module_load(box, argv[2], "", 0, NULL) ||
	    r3_call(box, r3_symbol(box, "crc_itu_t"), &crc, 3, 0UL, (uintptr_t) "123456789", 9UL) ||
	    r3_module_unload(box, "crc_itu_t", 0)) {
		fprintf(stderr, "%s\n", r3_error());
	} else {
		printf("crc_itu_t of \"123456789\" is 0x%04" PRIx64 "\n", crc & 0xffff);
		status = 0;
	}
	r3_box_free(box);
	return status;
}
