/* bytes.h: borrowed bytes, and the bounded reader that all stored or received bytes go through.
 *
 * `struct bytes` owns nothing: it is valid as long as what it points into. `struct buf`
 * (buf.h) owns. Nothing is both. */
#ifndef ASKFIRST_DATA_BASE_BYTES_H
#define ASKFIRST_DATA_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
    const uint8_t *data;
    size_t len;
};

#define BYTES_NONE ((struct bytes){NULL, 0})
/* For string literals only: the length is known to the compiler. */
#define BYTES_LIT(s) ((struct bytes){(const uint8_t *)("" s), sizeof(s) - 1})

static inline struct bytes bytes_of(const void *data, size_t len)
{
    return (struct bytes){data, len};
}

/* `s` may be NULL, which is the empty string. */
static inline struct bytes bytes_str(const char *s)
{
    return (struct bytes){(const uint8_t *)s, s == NULL ? 0 : strlen(s)};
}

static inline bool bytes_equal(struct bytes a, struct bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

/* Order of memcmp, the shorter first when one begins the other: the order of LMDB keys. */
int bytes_compare(struct bytes a, struct bytes b);

bool bytes_has_prefix(struct bytes whole, struct bytes prefix);

/* Nothing that can be seen: ASCII blanks and controls, the ideographic space that input methods
 * type (U+3000), no-break and zero-width spaces; also the empty text. */
bool bytes_is_blank(struct bytes text);

/* Reads from the front of borrowed bytes; never past their end. Each call returns false and
 * changes nothing when too few bytes are left or (varints) the number does not fit. */
struct reader {
    const uint8_t *at, *end;
};

static inline struct reader reader_of(struct bytes b)
{
    return (struct reader){b.data, b.data == NULL ? b.data : b.data + b.len};
}

static inline size_t reader_left(const struct reader *r)
{
    return (size_t)(r->end - r->at);
}

bool reader_be16(struct reader *r, uint16_t *out);
bool reader_be32(struct reader *r, uint32_t *out);
bool reader_be64(struct reader *r, uint64_t *out);

/* The calls that walking an index makes for every byte are inline. */
static inline bool reader_u8(struct reader *r, uint8_t *out)
{
    if (r->at == r->end)
        return false;
    *out = *r->at++;
    return true;
}

static inline bool reader_take(struct reader *r, size_t len, struct bytes *out)
{
    if (reader_left(r) < len)
        return false;
    *out = bytes_of(r->at, len);
    r->at += len;
    return true;
}

/* LEB128: seven bits a byte, low bits first, at most 5 (u32) or 10 (u64) bytes. */
bool reader_varint64(struct reader *r, uint64_t *out);
bool reader_varint32_long(struct reader *r, uint32_t *out); /* of any length: reader_varint32 */

static inline bool reader_varint32(struct reader *r, uint32_t *out)
{
    if (r->at == r->end || *r->at >= 0x80)
        return reader_varint32_long(r, out);
    *out = *r->at++;
    return true;
}

/* Writers for fixed places; the caller has made room. */
void put_be16(uint8_t *at, uint16_t v);
void put_be32(uint8_t *at, uint32_t v);
void put_be64(uint8_t *at, uint64_t v);

#endif
