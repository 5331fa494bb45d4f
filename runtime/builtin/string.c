// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory and strings: C's functions and Linux's additions. */
#include <linux/bug.h>
#include <linux/ctype.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#undef memcpy
#undef memset
#undef memmove
#undef memcmp

void *memcpy(void *dest, const void *src, size_t count)
{
	void *to = dest;

	asm volatile("rep movsb" : "+D"(to), "+S"(src), "+c"(count) : : "memory");
	return dest;
}
EXPORT_SYMBOL(memcpy);

void *memset(void *s, int c, size_t count)
{
	void *to = s;

	asm volatile("rep stosb" : "+D"(to), "+c"(count) : "a"(c) : "memory");
	return s;
}
EXPORT_SYMBOL(memset);

void *memmove(void *dest, const void *src, size_t count)
{
	char *to = (char *)dest + count;
	const char *from = (const char *)src + count;

	/* Forwards is right unless the start of dest lies inside of src. */
	if ((unsigned long)dest - (unsigned long)src >= count)
		return memcpy(dest, src, count);
	for (; count >= 8; count -= 8) {
		to -= 8;
		from -= 8;
		*(u64 *)to = *(const u64 *)from;
	}
	while (count--)
		*--to = *--from;
	return dest;
}
EXPORT_SYMBOL(memmove);

int memcmp(const void *cs, const void *ct, size_t count)
{
	const unsigned char *a = cs, *b = ct;

	for (; count >= 8 && *(const u64 *)a == *(const u64 *)b; count -= 8) {
		a += 8;
		b += 8;
	}
	for (; count; count--, a++, b++)
		if (*a != *b)
			return *a - *b;
	return 0;
}
EXPORT_SYMBOL(memcmp);

int bcmp(const void *cs, const void *ct, size_t count)
{
	return memcmp(cs, ct, count);
}
EXPORT_SYMBOL(bcmp);

void *memchr(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p == (unsigned char)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr);

void *memchr_inv(const void *s, int c, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p != (unsigned char)c)
			return (void *)p;
	return NULL;
}
EXPORT_SYMBOL(memchr_inv);

void *memscan(void *addr, int c, size_t size)
{
	unsigned char *p = addr;

	for (; size && *p != (unsigned char)c; size--)
		p++;
	return p;
}
EXPORT_SYMBOL(memscan);

#define MEMSET_WIDE(name, type)                                                                    \
	void *name(type *s, type v, size_t count)                                                  \
	{                                                                                          \
		type *p = s;                                                                       \
                                                                                                   \
		while (count--)                                                                    \
			*p++ = v;                                                                  \
		return s;                                                                          \
	}                                                                                          \
	EXPORT_SYMBOL(name)
MEMSET_WIDE(memset16, uint16_t);
MEMSET_WIDE(memset32, uint32_t);
MEMSET_WIDE(memset64, uint64_t);

char *strcpy(char *dest, const char *src)
{
	stpcpy(dest, src);
	return dest;
}
EXPORT_SYMBOL(strcpy);

char *stpcpy(char *dest, const char *src)
{
	while ((*dest = *src++))
		dest++;
	return dest;
}
EXPORT_SYMBOL(stpcpy);

char *strncpy(char *dest, const char *src, size_t count)
{
	size_t i;

	for (i = 0; i < count && src[i]; i++)
		dest[i] = src[i];
	for (; i < count; i++)
		dest[i] = '\0';
	return dest;
}
EXPORT_SYMBOL(strncpy);

size_t strlcpy(char *dest, const char *src, size_t size)
{
	size_t length = strlen(src);

	if (size) {
		size_t copied = min(length, size - 1);

		memcpy(dest, src, copied);
		dest[copied] = '\0';
	}
	return length;
}
EXPORT_SYMBOL(strlcpy);

ssize_t strscpy(char *dest, const char *src, size_t count)
{
	size_t i;

	if (!count || count > INT_MAX)
		return -E2BIG;
	for (i = 0; i < count; i++) {
		dest[i] = src[i];
		if (!src[i])
			return i;
	}
	dest[count - 1] = '\0';
	return -E2BIG;
}
EXPORT_SYMBOL(strscpy);

ssize_t strscpy_pad(char *dest, const char *src, size_t count)
{
	ssize_t written = strscpy(dest, src, count);

	if (written >= 0 && written < (ssize_t)count - 1)
		memset(dest + written + 1, 0, count - written - 1);
	return written;
}
EXPORT_SYMBOL(strscpy_pad);

char *strcat(char *dest, const char *src)
{
	strcpy(dest + strlen(dest), src);
	return dest;
}
EXPORT_SYMBOL(strcat);

char *strncat(char *dest, const char *src, size_t count)
{
	char *to = dest + strlen(dest);

	for (; count && *src; count--)
		*to++ = *src++;
	*to = '\0';
	return dest;
}
EXPORT_SYMBOL(strncat);

size_t strlcat(char *dest, const char *src, size_t count)
{
	size_t used = strlen(dest);

	BUG_ON(used >= count);
	return used + strlcpy(dest + used, src, count - used);
}
EXPORT_SYMBOL(strlcat);

int strcmp(const char *cs, const char *ct)
{
	while (*cs && *cs == *ct) {
		cs++;
		ct++;
	}
	return (unsigned char)*cs < (unsigned char)*ct   ? -1
	       : (unsigned char)*cs > (unsigned char)*ct ? 1
							 : 0;
}
EXPORT_SYMBOL(strcmp);

int strncmp(const char *cs, const char *ct, size_t count)
{
	for (; count; count--, cs++, ct++) {
		if (*cs != *ct)
			return (unsigned char)*cs < (unsigned char)*ct ? -1 : 1;
		if (!*cs)
			break;
	}
	return 0;
}
EXPORT_SYMBOL(strncmp);

int strncasecmp(const char *s1, const char *s2, size_t len)
{
	for (; len; len--, s1++, s2++) {
		int a = tolower(*s1), b = tolower(*s2);

		if (a != b || !a)
			return a - b;
	}
	return 0;
}
EXPORT_SYMBOL(strncasecmp);

int strcasecmp(const char *s1, const char *s2)
{
	return strncasecmp(s1, s2, SIZE_MAX);
}
EXPORT_SYMBOL(strcasecmp);

char *strchrnul(const char *s, int c)
{
	while (*s && *s != (char)c)
		s++;
	return (char *)s;
}
EXPORT_SYMBOL(strchrnul);

char *strchr(const char *s, int c)
{
	s = strchrnul(s, c);
	return *s == (char)c ? (char *)s : NULL;
}
EXPORT_SYMBOL(strchr);

char *strnchrnul(const char *s, size_t count, int c)
{
	while (count-- && *s && *s != (char)c)
		s++;
	return (char *)s;
}

char *strnchr(const char *s, size_t count, int c)
{
	for (; count; count--, s++) {
		if (*s == (char)c)
			return (char *)s;
		if (!*s)
			break;
	}
	return NULL;
}
EXPORT_SYMBOL(strnchr);

char *strrchr(const char *s, int c)
{
	const char *last = NULL;

	do {
		if (*s == (char)c)
			last = s;
	} while (*s++);
	return (char *)last;
}
EXPORT_SYMBOL(strrchr);

char *strnstr(const char *s1, const char *s2, size_t len)
{
	size_t length = strlen(s2);

	if (!length)
		return (char *)s1;
	for (; len >= length; len--, s1++)
		if (!memcmp(s1, s2, length))
			return (char *)s1;
	return NULL;
}
EXPORT_SYMBOL(strnstr);

char *strstr(const char *s1, const char *s2)
{
	return strnstr(s1, s2, strlen(s1));
}
EXPORT_SYMBOL(strstr);

size_t strlen(const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	return end - s;
}
EXPORT_SYMBOL(strlen);

size_t strnlen(const char *s, size_t count)
{
	size_t length = 0;

	while (length < count && s[length])
		length++;
	return length;
}
EXPORT_SYMBOL(strnlen);

size_t strspn(const char *s, const char *accept)
{
	const char *p = s;

	while (*p && strchr(accept, *p))
		p++;
	return p - s;
}
EXPORT_SYMBOL(strspn);

size_t strcspn(const char *s, const char *reject)
{
	const char *p = s;

	while (*p && !strchr(reject, *p))
		p++;
	return p - s;
}
EXPORT_SYMBOL(strcspn);

char *strpbrk(const char *cs, const char *ct)
{
	cs += strcspn(cs, ct);
	return *cs ? (char *)cs : NULL;
}
EXPORT_SYMBOL(strpbrk);

char *strsep(char **s, const char *ct)
{
	char *start = *s, *end;

	if (!start)
		return NULL;
	end = strpbrk(start, ct);
	if (end)
		*end++ = '\0';
	*s = end;
	return start;
}
EXPORT_SYMBOL(strsep);

char *skip_spaces(const char *str)
{
	while (isspace(*str))
		str++;
	return (char *)str;
}
EXPORT_SYMBOL(skip_spaces);

char *strim(char *s)
{
	size_t length = strlen(s);

	while (length && isspace(s[length - 1]))
		length--;
	s[length] = '\0';
	return skip_spaces(s);
}
EXPORT_SYMBOL(strim);

char *strreplace(char *s, char old, char new)
{
	for (; *s; s++)
		if (*s == old)
			*s = new;
	return s;
}
EXPORT_SYMBOL(strreplace);

/* Equal but for one newline at the end. */
bool sysfs_streq(const char *s1, const char *s2)
{
	while (*s1 && *s1 == *s2) {
		s1++;
		s2++;
	}
	if (*s1 == *s2)
		return true;
	if (!*s1 && *s2 == '\n' && !s2[1])
		return true;
	return *s1 == '\n' && !s1[1] && !*s2;
}
EXPORT_SYMBOL(sysfs_streq);

int match_string(const char *const *array, size_t n, const char *string)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (!strcmp(array[i], string))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(match_string);

int __sysfs_match_string(const char *const *array, size_t n, const char *s)
{
	size_t i;

	for (i = 0; i < n && array[i]; i++)
		if (sysfs_streq(array[i], s))
			return i;
	return -EINVAL;
}
EXPORT_SYMBOL(__sysfs_match_string);
