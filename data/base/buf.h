/* buf.h: owned, growing bytes.
 *
 * An append that finds no memory, or would pass the ceiling, marks the buffer as failed and
 * from then on appends do nothing: a chain of appends is checked once, at its end, with
 * buf_ok(). A zeroed struct is an empty buffer without a ceiling. The bytes are always
 * followed by a NUL that does not count, so `buf_str` is a C string. */
#ifndef ASKFIRST_DATA_BASE_BUF_H
#define ASKFIRST_DATA_BASE_BUF_H

#include "data/base/bytes.h"
#include "data/base/error.h"

struct buf {
    uint8_t *data;
    size_t len;
    size_t room;    /* allocated bytes, the closing NUL included */
    size_t ceiling; /* most bytes it may hold; 0: no ceiling */
    bool failed;
};

void buf_release(struct buf *b); /* frees; the struct is empty and usable again */
void buf_clear(struct buf *b);   /* len 0 and not failed; keeps the memory */

uint8_t *buf_reserve_more(struct buf *b, size_t len); /* buf_reserve(), which may grow */

/* Room for `len` more bytes; NULL (and marked) when there is none. Does not change len. */
static inline uint8_t *buf_reserve(struct buf *b, size_t len)
{
    if (b->ceiling == 0 && !b->failed && len < b->room - b->len) /* nearly always */
        return b->data + b->len;
    return buf_reserve_more(b, len);
}

void buf_add(struct buf *b, struct bytes bytes);
void buf_add_str(struct buf *b, const char *s);
void buf_add_u8(struct buf *b, uint8_t v);
void buf_add_be32(struct buf *b, uint32_t v);
void buf_add_be64(struct buf *b, uint64_t v);
void buf_add_varint(struct buf *b, uint64_t v); /* LEB128, see reader_varint64 */
void buf_printf(struct buf *b, const char *fmt, ...) PRINTF_LIKE(2, 3);

static inline bool buf_ok(const struct buf *b)
{
    return !b->failed;
}

static inline struct bytes buf_bytes(const struct buf *b)
{
    return bytes_of(b->data, b->len);
}

static inline const char *buf_str(const struct buf *b)
{
    return b->data == NULL ? "" : (const char *)b->data;
}

/* AF_OK, or AF_NO_MEMORY with a sentence that names `what` was being built. */
enum status buf_status(const struct buf *b, const char *what, struct error *err) MUST_USE;

#endif
