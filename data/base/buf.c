#include "data/base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void buf_release(struct buf *b)
{
    free(b->data);
    *b = (struct buf){.ceiling = b->ceiling};
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
    if (b->data != NULL)
        b->data[0] = '\0';
}

static bool grow(struct buf *b, size_t need)
{
    size_t room = b->room < 64 ? 64 : b->room;
    uint8_t *data;

    while (room < need) {
        if (room > SIZE_MAX / 2)
            return false;
        room *= 2;
    }
    data = realloc(b->data, room);
    if (data == NULL)
        return false;
    b->data = data;
    b->room = room;
    return true;
}

uint8_t *buf_reserve_more(struct buf *b, size_t len)
{
    if (b->failed)
        return NULL;
    if (len >= SIZE_MAX - b->len || (b->ceiling != 0 && b->len + len > b->ceiling) ||
        (b->len + len + 1 > b->room && !grow(b, b->len + len + 1))) {
        b->failed = true;
        return NULL;
    }
    return b->data + b->len;
}

void buf_add(struct buf *b, struct bytes bytes)
{
    uint8_t *at = buf_reserve(b, bytes.len);

    if (at == NULL)
        return;
    if (bytes.len > 0)
        memcpy(at, bytes.data, bytes.len);
    at[bytes.len] = '\0';
    b->len += bytes.len;
}

void buf_add_str(struct buf *b, const char *s)
{
    buf_add(b, bytes_str(s));
}

void buf_add_u8(struct buf *b, uint8_t v)
{
    buf_add(b, bytes_of(&v, 1));
}

void buf_add_be32(struct buf *b, uint32_t v)
{
    uint8_t at[4];

    put_be32(at, v);
    buf_add(b, bytes_of(at, sizeof at));
}

void buf_add_be64(struct buf *b, uint64_t v)
{
    uint8_t at[8];

    put_be64(at, v);
    buf_add(b, bytes_of(at, sizeof at));
}

void buf_add_varint(struct buf *b, uint64_t v)
{
    uint8_t at[10];
    size_t n = 0;

    while (v >= 0x80) {
        at[n++] = (uint8_t)(v | 0x80);
        v >>= 7;
    }
    at[n++] = (uint8_t)v;
    buf_add(b, bytes_of(at, n));
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
    va_list args, again;
    int n;

    va_start(args, fmt);
    va_copy(again, args);
    n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0 || buf_reserve(b, (size_t)n) == NULL) {
        b->failed = true;
    } else {
        (void)vsnprintf((char *)b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

enum status buf_status(const struct buf *b, const char *what, struct error *err)
{
    if (buf_ok(b))
        return AF_OK;
    if (b->ceiling != 0 && b->len <= b->ceiling)
        return error_set(err, AF_TOO_LARGE, "%s would pass its ceiling of %zu bytes", what,
                         b->ceiling);
    return error_set(err, AF_NO_MEMORY, "no memory for %s", what);
}
