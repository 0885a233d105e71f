#include "data/base/limits.h"
#include "indexer/segment/image_impl.h"

#include <assert.h>

#define IMAGE_VALUE_FORMAT 1

/* Order of letters is order of keys in the file: what is read together lies together. */
static const char letters[IMAGE_KIND_COUNT] = {'h', 'l', 'n', 'p', 'k', 's', 't', 'x', 'b', 'c'};

/* segment id be32, kind, key: the first four bytes are the frame's only. */
struct full_key {
    uint8_t at[4 + 1 + IMAGE_KEY_BYTES_MAX];
    size_t len;
};

static void full_key(struct full_key *full, uint32_t id, enum image_kind kind, struct bytes key)
{
    size_t len = key.len > IMAGE_KEY_BYTES_MAX ? IMAGE_KEY_BYTES_MAX : key.len;

    put_be32(full->at, id);
    full->at[4] = (uint8_t)letters[kind];
    if (len > 0)
        memcpy(full->at + 5, key.data, len);
    full->len = 5 + len;
}

static MDB_val database_key(const struct full_key *full)
{
    return env_val(bytes_of(full->at + 4, full->len - 4));
}

static enum status disk_put(void *context, enum image_kind kind, struct bytes key,
                            struct bytes body, struct error *err)
{
    struct disk_sink *sink = context;
    enum status status;
    struct full_key full;
    MDB_val k, v;
    uint64_t checksum;

    assert(key.len <= IMAGE_KEY_BYTES_MAX);
    if (body.len > INDEX_VALUE_BYTES_MAX)
        return error_set(err, AF_FULL, "a segment of the index has no room for so many cases");
    full_key(&full, sink->id, kind, key);
    buf_clear(&sink->frame);
    status = frame_encode(NULL, IMAGE_PLACE + (uint32_t)kind, bytes_of(full.at, full.len),
                          IMAGE_VALUE_FORMAT, body, &sink->frame, &checksum, err);
    if (status != AF_OK)
        return status;
    body = buf_bytes(&sink->frame);
    k = database_key(&full);
    v = env_val(body);
    status = env_status(sink->env, mdb_put(sink->txn, sink->dbi, &k, &v, MDB_NOOVERWRITE),
                        "writing a segment", err);
    sink->bytes += body.len;
    sink->txn_bytes += body.len;
    if (status == AF_OK && sink->full != NULL && sink->txn_bytes >= INDEX_TXN_BYTES)
        status = sink->full(sink, err);
    return status;
}

struct image_sink disk_sink_of(struct disk_sink *sink)
{
    return (struct image_sink){disk_put, sink};
}

void disk_sink_release(struct disk_sink *sink)
{
    buf_release(&sink->frame);
}

static enum status unframe(const struct image *image, enum image_kind kind, struct bytes key,
                           struct bytes *body, struct error *err)
{
    struct full_key full;
    struct frame frame;
    enum status status;

    if (body->len > IMAGE_PAGE)
        env_read_ahead(*body);
    status = frame_open(*body, &frame, err);
    if (status == AF_OK && !seen_has(image->seen, frame.checksum)) {
        full_key(&full, image->id, kind, key);
        status =
            frame_verify(IMAGE_PLACE + (uint32_t)kind, bytes_of(full.at, full.len), &frame, err);
        if (status == AF_OK)
            seen_add(image->seen, frame.checksum);
    }
    if (status == AF_OK && (frame.format != IMAGE_VALUE_FORMAT || frame.flags != 0))
        status = error_set(err, AF_CORRUPT, "the value is of an unknown format");
    if (status != AF_OK) {
        error_prefix(err, "the index, segment %u, %s", (unsigned)image->id, image_kind_name(kind));
        return status;
    }
    *body = frame.body;
    return AF_OK;
}

enum status disk_find(struct image *image, enum image_kind kind, enum image_find how,
                      struct bytes key, struct bytes *at, struct bytes *body, bool *found,
                      struct error *err)
{
    static const enum tree_find ways[] = {
        [IMAGE_EXACT] = TREE_EXACT, [IMAGE_FLOOR] = TREE_FLOOR, [IMAGE_AFTER] = TREE_AFTER};
    struct full_key full;
    enum status status;

    if (key.len > IMAGE_KEY_BYTES_MAX && how == IMAGE_EXACT) {
        *found = false;
        return AF_OK;
    }
    full_key(&full, image->id, kind, key);
    status = tree_find(image->tree, ways[how], bytes_of(full.at + 4, full.len - 4), at, body, found,
                       err);
    if (status != AF_OK) {
        error_prefix(err, "the index, segment %u", (unsigned)image->id);
        return status;
    }
    *found = *found && at->len > 0 && at->data[0] == (uint8_t)letters[kind];
    if (!*found)
        return AF_OK;
    *at = bytes_of(at->data + 1, at->len - 1);
    return unframe(image, kind, *at, body, err);
}
