/* frame.h: what stands around every stored value, since LMDB keeps no checksums.
 *
 *      0        1       2          4            8               16
 *     +--------+-------+----------+------------+---------------+------ - - -
 *     | format | flags | 0 0      | length be32| checksum be64 | body, `length` bytes
 *     +--------+-------+----------+------------+---------------+------ - - -
 *
 * `format` is the version of the body's layout. The checksum is XXH3-64 over place, key, the
 * first eight bytes and the body, so a value under another key or in another table does not
 * pass either. `flags` bit 0: the body is one zstd frame that states its content size. Bit 1:
 * the body is in parts, so that one case is read out of a batch without the rest of it:
 *
 *     +------------+-------------+--------------------------------------------+------ - - -
 *     | count be32 | prefix be32 | count × plain be32, packed be32, sum be64  | the parts
 *     +------------+-------------+--------------------------------------------+------ - - -
 *
 * The plain bodies of all parts, one after another, are the body. A part of packed = plain bytes
 * is stored as it is; else it is a zstd frame, of which those after part `prefix` have that
 * part's plain bytes as their prefix (none has when prefix = count). `sum` is XXH3-64 of the
 * part as stored; the checksum in the header then covers count, prefix and table only. */
#ifndef ASKFIRST_DATA_FRAME_H
#define ASKFIRST_DATA_FRAME_H

#include "data/base/arena.h"
#include "data/base/buf.h"

#define FRAME_HEADER_BYTES 16
#define FRAME_ZSTD 1
#define FRAME_PARTS 2
#define FRAME_BODY_BYTES_MAX (64u << 20) /* of what may be packed; no value of ours comes near */

struct frame {
    uint8_t format, flags;
    uint64_t checksum;
    struct bytes body; /* borrowed from the value; still packed as `flags` says */
};

struct frame_packer; /* holds a zstd context; one a thread */

enum status frame_packer_new(struct frame_packer **out, struct error *err) MUST_USE;
void frame_packer_free(struct frame_packer *packer); /* accepts NULL */

/* Appends the framed value to `out`. A body of FRAME_PACK_MIN bytes or more is compressed when
 * that saves an eighth, one of FRAME_PARTS_MIN or more in parts; `packer` NULL: never. `place`
 * is a stable number of the table. */
#define FRAME_PACK_MIN 256
#define FRAME_PART_BYTES (16u << 10)
#define FRAME_PARTS_MIN (2 * FRAME_PART_BYTES)
enum status frame_encode(struct frame_packer *packer, uint32_t place, struct bytes key,
                         uint8_t format, struct bytes body, struct buf *out, uint64_t *checksum,
                         struct error *err) MUST_USE;

/* A body packed beforehand, perhaps by another thread than the one that stores it, and without
 * knowing under which key that will be. Zeroed: empty. */
struct frame_parts {
    struct buf table, stored;
    size_t plain; /* bytes of the text that was packed */
};
/* Replaces what is in `parts`. */
enum status frame_parts_pack(struct frame_packer *packer, struct bytes text,
                             struct frame_parts *parts, struct error *err) MUST_USE;
void frame_parts_release(struct frame_parts *parts);
/* The value whose body is `head`, the packed text, `tail`; those two are stored as they are. */
enum status frame_encode_parts(uint32_t place, struct bytes key, uint8_t format, struct bytes head,
                               const struct frame_parts *parts, struct bytes tail, struct buf *out,
                               uint64_t *checksum, struct error *err) MUST_USE;

/* Checks the header's checksum but decompresses nothing; of a body in parts each is checked when
 * it is read. AF_CORRUPT without naming the table: the caller knows it (see store_get). */
enum status frame_decode(uint32_t place, struct bytes key, struct bytes value, struct frame *out,
                         struct error *err) MUST_USE;

/* The same in two steps, for who remembers what was verified: the header, then the checksum. */
enum status frame_open(struct bytes value, struct frame *out, struct error *err) MUST_USE;
enum status frame_verify(uint32_t place, struct bytes key, const struct frame *frame,
                         struct error *err) MUST_USE;

struct frame_unpacker; /* holds a zstd context, and the prefix used last; one a thread */

enum status frame_unpacker_new(struct frame_unpacker **out, struct error *err) MUST_USE;
void frame_unpacker_free(struct frame_unpacker *unpacker); /* accepts NULL */

/* The plain body: borrowed from the value, or decompressed into `arena`. */
enum status frame_body(const struct frame *frame, struct frame_unpacker *unpacker,
                       struct arena *arena, struct bytes *out, struct error *err) MUST_USE;
/* `len` bytes of the plain body from `offset` on, at the price of the parts they are in.
 * AF_CORRUPT also when the body ends before. */
enum status frame_range(const struct frame *frame, struct frame_unpacker *unpacker,
                        struct arena *arena, size_t offset, size_t len, struct bytes *out,
                        struct error *err) MUST_USE;

#endif
