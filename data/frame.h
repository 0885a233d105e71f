/* frame.h: what stands around every stored value, since LMDB keeps no checksums.
 *
 *      0        1       2          4            8               16
 *     +--------+-------+----------+------------+---------------+------ - - -
 *     | format | flags | 0 0      | length be32| checksum be64 | body, `length` bytes
 *     +--------+-------+----------+------------+---------------+------ - - -
 *
 * `format` is the version of the body's layout. `flags` bit 0: the body is one zstd frame that
 * states its content size. The checksum is XXH3-64 over place, key, the first eight bytes and
 * the body, so a value under another key or in another table does not pass either. */
#ifndef ASKFIRST_DATA_FRAME_H
#define ASKFIRST_DATA_FRAME_H

#include "data/base/arena.h"
#include "data/base/buf.h"

#define FRAME_HEADER_BYTES 16
#define FRAME_ZSTD 1
#define FRAME_BODY_BYTES_MAX (64u << 20) /* no stored value of ours comes near */

struct frame {
    uint8_t format, flags;
    uint64_t checksum;
    struct bytes body; /* borrowed from the value; still compressed when FRAME_ZSTD */
};

struct frame_packer; /* holds a zstd context; one a writer */

enum status frame_packer_new(struct frame_packer **out, struct error *err) MUST_USE;
void frame_packer_free(struct frame_packer *packer); /* accepts NULL */

/* Appends the framed value to `out`. A body of FRAME_PACK_MIN bytes or more is compressed when
 * that saves an eighth; `packer` NULL: never. `place` is a stable number of the table. */
#define FRAME_PACK_MIN 256
enum status frame_encode(struct frame_packer *packer, uint32_t place, struct bytes key,
                         uint8_t format, struct bytes body, struct buf *out, uint64_t *checksum,
                         struct error *err) MUST_USE;

/* Checks everything but decompresses nothing. AF_CORRUPT without naming the table: the caller
 * knows it (see store_get). */
enum status frame_decode(uint32_t place, struct bytes key, struct bytes value, struct frame *out,
                         struct error *err) MUST_USE;

/* The same in two steps, for who remembers what was verified: the header, then the checksum. */
enum status frame_open(struct bytes value, struct frame *out, struct error *err) MUST_USE;
enum status frame_verify(uint32_t place, struct bytes key, const struct frame *frame,
                         struct error *err) MUST_USE;

/* The plain body: borrowed from the value, or decompressed into `arena`. */
enum status frame_body(const struct frame *frame, struct arena *arena, struct bytes *out,
                       struct error *err) MUST_USE;

#endif
