// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * A kernel module's function called from C: crc_itu_t() of the distribution's
 * own crc-itu-t.ko.
 *
 *	cc crc_itu_t.c $(pkg-config --cflags --libs ring3) -o crc_itu_t
 *	./crc_itu_t 6.1.0-56-amd64 /lib/modules/6.1.0-56-amd64/kernel/lib/crc-itu-t.ko 123456789
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ring3/ring3.h>

int main(int argc, char **argv)
{
	struct r3_box_options options = {.size = sizeof(options)};
	struct r3_box *box;
	uint64_t crc;
	int error;

	if (argc != 4) {
		fprintf(stderr, "usage: %s RELEASE crc-itu-t.ko TEXT\n", argv[0]);
		return 2;
	}
	options.target = argv[1];
	options.headers = getenv("RING3_HEADERS"); /* NULL: the usual places */
	options.source = getenv("RING3_SOURCE");
	if (r3_box_new(&box, &options)) {
		fprintf(stderr, "%s\n", r3_error());
		return 1;
	}
	error = r3_module_load(box, argv[2], "", 0, NULL);
	if (!error)
		error = r3_call(box, r3_symbol(box, "crc_itu_t"), &crc, 3, 0UL,
				(unsigned long)argv[3], strlen(argv[3]));
	if (!error)
		error = r3_module_unload(box, "crc_itu_t", 0);
	if (error)
		fprintf(stderr, "%s\n", r3_error());
	else
		printf("0x%04" PRIx64 "\n", crc & 0xffff); /* it returns a u16 */
	r3_box_free(box);
	return error ? 1 : 0;
}
