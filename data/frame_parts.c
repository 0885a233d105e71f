/* Bodies in parts. Why a shared prefix: parts of 16 KB that know nothing of each other take a
 * tenth more room than one frame of the whole; with the first part before each it is a twentieth,
 * and a case costs two parts to read instead of sixteen (data/README.md has the figures). */
#include "data/frame_impl.h"

#include "data/base/hash.h"

#include <assert.h>

#define PARTS_LEVEL 4 /* as quick as level 3, and 3 % smaller */

void frame_parts_release(struct frame_parts *parts)
{
    buf_release(&parts->table);
    buf_release(&parts->stored);
    *parts = (struct frame_parts){0};
}

void frame_part_entry(uint8_t at[FRAME_PART_ENTRY], size_t plain, struct bytes stored)
{
    put_be32(at, (uint32_t)plain);
    put_be32(at + 4, (uint32_t)stored.len);
    put_be64(at + 8, checksum64(0, &stored, 1));
}

/* --- packing ------------------------------------------------------------------------------ */

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for compression");
}

/* The compressed length, or 0 when it is to be stored as it is. */
static size_t pack_part(ZSTD_CCtx *zstd, struct bytes text, uint8_t *at)
{
    size_t n = ZSTD_compress2(zstd, at, text.len - 1, text.data, text.len);

    return ZSTD_isError(n) ? 0 : n;
}

static enum status add_part(struct frame_packer *packer, struct bytes text,
                            struct frame_parts *parts, struct error *err)
{
    uint8_t *at = buf_reserve(&parts->stored, text.len), entry[FRAME_PART_ENTRY];
    size_t n;

    if (at == NULL)
        return buf_status(&parts->stored, "a stored value", err);
    n = pack_part(packer->zstd, text, at);
    if (n == 0) {
        memcpy(at, text.data, text.len);
        n = text.len;
    }
    parts->stored.len += n;
    frame_part_entry(entry, text.len, bytes_of(at, n));
    buf_add(&parts->table, bytes_of(entry, sizeof entry));
    return buf_status(&parts->table, "a stored value", err);
}

/* What follows this will be packed with it as a prefix. To zstd that is a dictionary: the frames
 * are of the same kind as with ZSTD_CCtx_refPrefix(), which reads the prefix again before each
 * part, for a quarter of all time. Bytes that zstd would take for a dictionary of its own making,
 * which no text begins with, are not used: who reads does not care. */
static enum status use_prefix(ZSTD_CCtx *zstd, struct bytes prefix, ZSTD_CDict **out,
                              struct error *err)
{
    static const uint8_t magic[] = {0x37, 0xA4, 0x30, 0xEC};

    _Static_assert(ZSTD_MAGIC_DICTIONARY == 0xEC30A437, "these, the lowest first");
    if (prefix.len >= sizeof magic && memcmp(prefix.data, magic, sizeof magic) == 0)
        return AF_OK;
    *out = ZSTD_createCDict(prefix.data, prefix.len, PARTS_LEVEL);
    return *out == NULL || ZSTD_isError(ZSTD_CCtx_refCDict(zstd, *out)) ? no_memory(err) : AF_OK;
}

static enum status pack_all(struct frame_packer *packer, struct bytes text, ZSTD_CDict **prefix,
                            struct frame_parts *parts, struct error *err)
{
    enum status status = AF_OK;

    for (size_t at = 0; status == AF_OK && at < text.len;) {
        size_t left = text.len - at, len = left < FRAME_PART_BYTES ? left : FRAME_PART_BYTES;

        if (left - len < FRAME_PART_BYTES / 4) /* no crumb at the end */
            len = left;
        status = add_part(packer, bytes_of(text.data + at, len), parts, err);
        if (status == AF_OK && at == 0 && len < text.len)
            status = use_prefix(packer->zstd, bytes_of(text.data, len), prefix, err);
        at += len;
    }
    return status;
}

enum status frame_parts_pack(struct frame_packer *packer, struct bytes text,
                             struct frame_parts *parts, struct error *err)
{
    ZSTD_CDict *prefix = NULL;
    enum status status;

    buf_clear(&parts->table);
    buf_clear(&parts->stored);
    parts->plain = text.len;
    if (ZSTD_isError(ZSTD_CCtx_reset(packer->zstd, ZSTD_reset_session_and_parameters)) ||
        ZSTD_isError(ZSTD_CCtx_setParameter(packer->zstd, ZSTD_c_compressionLevel, PARTS_LEVEL)))
        return no_memory(err);
    status = pack_all(packer, text, &prefix, parts, err);
    (void)ZSTD_CCtx_refCDict(packer->zstd, NULL);
    ZSTD_freeCDict(prefix);
    return status;
}

/* --- reading ------------------------------------------------------------------------------ */

struct part {
    uint32_t plain, packed;
    uint64_t sum;
    struct bytes stored;
    size_t offset; /* of its plain bytes in the body */
};

/* Walks the table and the parts behind it side by side. */
struct parts {
    struct reader table, stored;
    uint32_t count, prefix, next;
    size_t offset;
};

static enum status broken(struct error *err)
{
    return error_set(err, AF_CORRUPT, "the value's parts do not fit together");
}

static bool parts_begin(struct bytes body, struct parts *out)
{
    struct reader r = reader_of(body);
    struct bytes table;

    memset(out, 0, sizeof *out);
    if (!reader_be32(&r, &out->count) || !reader_be32(&r, &out->prefix) ||
        out->count > reader_left(&r) / FRAME_PART_ENTRY ||
        !reader_take(&r, (size_t)out->count * FRAME_PART_ENTRY, &table))
        return false;
    out->table = reader_of(table);
    out->stored = r;
    return true;
}

static bool parts_next(struct parts *parts, struct part *out)
{
    if (!reader_be32(&parts->table, &out->plain) || !reader_be32(&parts->table, &out->packed) ||
        !reader_be64(&parts->table, &out->sum) || out->packed > out->plain ||
        !reader_take(&parts->stored, out->packed, &out->stored))
        return false;
    out->offset = parts->offset;
    parts->offset += out->plain;
    parts->next++;
    return parts->offset <= FRAME_BODY_BYTES_MAX;
}

/* All parts are there and nothing is left over; *len: of the plain body. */
static bool parts_measure(struct bytes body, size_t *len)
{
    struct parts parts;
    struct part part;

    if (!parts_begin(body, &parts))
        return false;
    while (parts.next < parts.count)
        if (!parts_next(&parts, &part))
            return false;
    *len = parts.offset;
    return reader_left(&parts.stored) == 0;
}

static enum status unpack(const struct part *part, struct bytes prefix,
                          struct frame_unpacker *unpacker, uint8_t *at, struct error *err)
{
    if (checksum64(0, &part->stored, 1) != part->sum)
        return error_set(err, AF_CORRUPT, "the checksum of a part does not match");
    if (part->packed == part->plain) {
        if (part->plain > 0)
            memcpy(at, part->stored.data, part->plain);
        return AF_OK;
    }
    if (ZSTD_isError(ZSTD_DCtx_reset(unpacker->zstd, ZSTD_reset_session_only)) ||
        ZSTD_isError(ZSTD_DCtx_refPrefix(unpacker->zstd, prefix.data, prefix.len)) ||
        ZSTD_decompressDCtx(unpacker->zstd, at, part->plain, part->stored.data, part->stored.len) !=
            part->plain)
        return error_set(err, AF_CORRUPT, "a part of the value cannot be unpacked");
    return AF_OK;
}

/* The prefix's plain bytes when it is not among the parts that are read. The last one is kept:
 * cases that are shown together often stand in one batch. */
static enum status fetch_prefix(const struct part *part, struct frame_unpacker *unpacker,
                                struct bytes *out, struct error *err)
{
    struct buf *kept = &unpacker->prefix;
    enum status status;

    if (unpacker->prefix_bytes != part->packed || unpacker->prefix_sum != part->sum ||
        kept->len != part->plain || part->packed == 0) {
        unpacker->prefix_bytes = 0;
        buf_clear(kept);
        if (buf_reserve(kept, part->plain) == NULL)
            return buf_status(kept, "a stored value", err);
        if ((status = unpack(part, BYTES_NONE, unpacker, kept->data, err)) != AF_OK)
            return status;
        kept->len = part->plain;
        unpacker->prefix_bytes = part->packed;
        unpacker->prefix_sum = part->sum;
    }
    *out = buf_bytes(kept);
    return AF_OK;
}

static bool overlaps(const struct part *part, size_t offset, size_t len)
{
    return part->offset < offset + len && offset < part->offset + part->plain;
}

/* Unpacks the parts that hold any of the bytes asked for, side by side, to `at`; *start: where
 * in the body the first of them begins. With `at` NULL only measures them. */
static enum status read_parts(struct bytes body, struct frame_unpacker *unpacker, size_t offset,
                              size_t len, uint8_t *at, size_t *start, size_t *bytes,
                              struct error *err)
{
    struct parts parts;
    struct part part, prefix_part = {0};
    struct bytes prefix = BYTES_NONE;
    enum status status = parts_begin(body, &parts) ? AF_OK : broken(err);

    *start = *bytes = 0;
    while (status == AF_OK && parts.next < parts.count) {
        bool is_prefix = parts.next == parts.prefix, is_after = parts.next > parts.prefix;

        if (!parts_next(&parts, &part))
            return broken(err);
        if (is_prefix)
            prefix_part = part;
        if (!overlaps(&part, offset, len))
            continue;
        if (at != NULL && is_after && prefix.len == 0 && part.packed < part.plain)
            status = fetch_prefix(&prefix_part, unpacker, &prefix, err);
        if (at != NULL && status == AF_OK)
            status = unpack(&part, is_after ? prefix : BYTES_NONE, unpacker, at + *bytes, err);
        if (is_prefix && at != NULL)
            prefix = bytes_of(at + *bytes, part.plain);
        if (*bytes == 0)
            *start = part.offset;
        *bytes += part.plain;
    }
    return status;
}

enum status frame_parts_read(struct bytes body, struct frame_unpacker *unpacker,
                             struct arena *arena, size_t offset, size_t len, struct bytes *out,
                             struct error *err)
{
    size_t all, start, bytes;
    uint8_t *at;
    enum status status;

    if (!parts_measure(body, &all))
        return broken(err);
    if (len == SIZE_MAX)
        len = all;
    if (offset > all || len > all - offset)
        return error_set(err, AF_CORRUPT, "the value ends before byte %zu", offset + len);
    status = read_parts(body, unpacker, offset, len, NULL, &start, &bytes, err);
    if (status != AF_OK)
        return status;
    at = arena_alloc(arena, bytes);
    if (at == NULL)
        return arena_exhausted(arena, err);
    status = read_parts(body, unpacker, offset, len, at, &start, &bytes, err);
    if (status == AF_OK)
        *out = bytes_of(at + (offset - start), len);
    return status;
}
