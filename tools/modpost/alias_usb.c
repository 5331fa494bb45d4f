// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * USB: usb:vNpNdNdcNdscNdpNicNiscNipNinN. A driver may give a range of device
 * releases; as an alias is a shell pattern, a range becomes several of them,
 * digit by digit.
 */
#include <string.h>
#include "alias.h"
#include "devicetable.h"

#define RELEASE_DIGITS 4

/* Releases that share their first digits and whose next one lies in first..last. */
struct release_pattern {
	unsigned int head, nr_digits;
	unsigned int first, last;
};

/* [3-7], [3-F], [8-9A-C]: digits are not adjacent to letters in ASCII. */
static void write_digit_range(struct text *alias, unsigned int first, unsigned int last)
{
	if (first > 9 || last < 10) {
		text_printf(alias, "[%X-%X]", first, last);
		return;
	}
	text_printf(alias, first < 9 ? "[%X-9" : "[%X", first);
	text_printf(alias, last > 10 ? "A-%X]" : "%X]", last);
}

static void write_pattern(struct alias_table *table, const struct usb_device_id *id,
			  const struct release_pattern *release, unsigned int base)
{
	uint16_t flags = id->match_flags;
	struct text alias = {};

	text_printf(&alias, "usb:");
	alias_value(&alias, "v", flags & USB_MATCH_VENDOR, id->vendor, 2);
	alias_value(&alias, "p", flags & USB_MATCH_PRODUCT, id->product, 2);
	text_printf(&alias, "d");
	if (release->nr_digits)
		text_printf(&alias, "%0*X", release->nr_digits, release->head);
	if (release->first == release->last)
		text_printf(&alias, "%X", release->first);
	else if (release->first > 0 || release->last < base - 1)
		write_digit_range(&alias, release->first, release->last);
	if (release->nr_digits < RELEASE_DIGITS - 1)
		text_printf(&alias, "*");
	alias_value(&alias, "dc", flags & USB_MATCH_DEVICE_CLASS, id->device_class, 1);
	alias_value(&alias, "dsc", flags & USB_MATCH_DEVICE_SUBCLASS, id->device_subclass, 1);
	alias_value(&alias, "dp", flags & USB_MATCH_DEVICE_PROTOCOL, id->device_protocol, 1);
	alias_value(&alias, "ic", flags & USB_MATCH_INTERFACE_CLASS, id->interface_class, 1);
	alias_value(&alias, "isc", flags & USB_MATCH_INTERFACE_SUBCLASS, id->interface_subclass, 1);
	alias_value(&alias, "ip", flags & USB_MATCH_INTERFACE_PROTOCOL, id->interface_protocol, 1);
	alias_value(&alias, "in", flags & USB_MATCH_INTERFACE_NUMBER, id->interface_number, 1);
	alias_open_end(&alias);
	alias_emit(table, &alias);
}

/* Releases are BCD, unless a limit has a digit that BCD lacks. */
static unsigned int release_base(unsigned int low, unsigned int high)
{
	unsigned int shift;

	if (high > 0x9999)
		high = 0x9999;
	for (shift = 0; shift < 4 * RELEASE_DIGITS; shift += 4)
		if ((low >> shift & 15) > 9 || (high >> shift & 15) > 9)
			return 16;
	return 10;
}

/* value + step, digits in the given base, four bits each. */
static unsigned int step_digits(unsigned int value, int step, unsigned int base)
{
	unsigned int shift, digit, number = 0, weight = 1, result = 0;

	if (base == 16)
		return value + step;
	for (shift = 0; shift < 4 * RELEASE_DIGITS; shift += 4, weight *= 10) {
		digit = value >> shift & 15;
		number += (digit > 9 ? 9 : digit) * weight;
	}
	number += step;
	for (shift = 0; shift < 4 * RELEASE_DIGITS; shift += 4, number /= 10)
		result |= number % 10 << shift;
	return result;
}

/*
 * Peel digits off both limits, the last one first: what sticks out of the
 * lower limit's ten, what sticks out of the upper one's, and then the tens
 * between them are a range of one digit fewer.
 */
static void write_release_range(struct alias_table *table, const struct usb_device_id *id,
				unsigned int low, unsigned int high)
{
	unsigned int base = release_base(low, high);
	struct release_pattern release = {.nr_digits = RELEASE_DIGITS - 1};
	unsigned int low_digit, high_digit;

	for (; low <= high; release.nr_digits--) {
		low_digit = low & 15;
		high_digit = (high & 15) < base ? high & 15 : base - 1;
		low >>= 4;
		high >>= 4;
		if (low == high || !release.nr_digits) {
			release.head = low;
			release.first = low_digit;
			release.last = high_digit;
			write_pattern(table, id, &release, base);
			return;
		}
		if (low_digit > 0) {
			release.head = low;
			release.first = low_digit;
			release.last = base - 1;
			write_pattern(table, id, &release, base);
			low = step_digits(low, 1, base);
		}
		if (high_digit < base - 1) {
			release.head = high;
			release.first = 0;
			release.last = high_digit;
			write_pattern(table, id, &release, base);
			high = step_digits(high, -1, base);
		}
	}
}

void alias_usb(struct alias_table *table, const void *entry)
{
	const struct usb_device_id *id = entry;

	/* A slot to be filled at run time would match every device. */
	if (!id->vendor && !id->product && !id->device_class && !id->interface_class)
		return;
	write_release_range(table, id, id->match_flags & USB_MATCH_DEVICE_LO ? id->device_lo : 0,
			    id->match_flags & USB_MATCH_DEVICE_HI ? id->device_hi : ~0u);
}
