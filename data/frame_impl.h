/* frame_impl.h: what frame.c (the header) and frame_parts.c (bodies in parts) share. */
#ifndef ASKFIRST_DATA_FRAME_IMPL_H
#define ASKFIRST_DATA_FRAME_IMPL_H

#include "data/frame.h"

#include <zstd.h>

#define FRAME_PARTS_HEADER 8 /* count, prefix */
#define FRAME_PART_ENTRY 16  /* plain, packed, sum */

struct frame_packer {
    ZSTD_CCtx *zstd;
    struct frame_parts parts; /* of the body being encoded */
};

struct frame_unpacker {
    ZSTD_DCtx *zstd;
    struct buf prefix;     /* plain bytes of the prefix used last … */
    uint64_t prefix_sum;   /* … as stored, and */
    uint32_t prefix_bytes; /* how many were stored; 0: none is kept */
};

/* Writes a part's row of the table. */
void frame_part_entry(uint8_t at[FRAME_PART_ENTRY], size_t plain, struct bytes stored);

/* Bytes of a body in parts; `len` SIZE_MAX: to its end. As frame_range(). */
enum status frame_parts_read(struct bytes body, struct frame_unpacker *unpacker,
                             struct arena *arena, size_t offset, size_t len, struct bytes *out,
                             struct error *err) MUST_USE;

#endif
