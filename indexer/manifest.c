#include "indexer/manifest.h"

#include "data/frame.h"
#include "indexer/segment/image.h"
#include "indexer/segment/segment_impl.h"
#include "indexer/text/analyzer.h"

#include <assert.h>
#include <stdio.h>

#define PLACE_MANIFEST (IMAGE_PLACE + 0x40)
#define PLACE_DEAD (IMAGE_PLACE + 0x41)
#define PLACE_TREE (IMAGE_PLACE + 0x42)
#define MANIFEST_FORMAT 1

static const struct bytes manifest_key = BYTES_LIT("manifest");

static enum status get(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t place,
                       struct bytes key, struct bytes *body, struct error *err)
{
    MDB_val k = env_val(key), v;
    int rc = mdb_get(txn, dbi, &k, &v);
    struct frame frame;
    enum status status;

    if (rc == MDB_NOTFOUND)
        return AF_NOT_FOUND;
    if (rc != 0)
        return env_status(env, rc, "reading the index's manifest", err);
    status = frame_decode(place, key, env_bytes(v), &frame, err);
    if (status == AF_OK && (frame.format != MANIFEST_FORMAT || frame.flags != 0))
        status = error_set(err, AF_CORRUPT, "of an unknown format");
    if (status != AF_OK)
        return error_prefix(err, "the index's manifest"), status;
    *body = frame.body;
    return AF_OK;
}

static enum status put(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t place,
                       struct bytes key, struct bytes body, struct error *err)
{
    struct buf frame = {0};
    uint64_t checksum;
    enum status status =
        frame_encode(NULL, place, key, MANIFEST_FORMAT, body, &frame, &checksum, err);

    if (status == AF_OK) {
        MDB_val k = env_val(key), v = env_val(buf_bytes(&frame));

        status = env_status(env, mdb_put(txn, dbi, &k, &v, 0), "writing the index's manifest", err);
    }
    buf_release(&frame);
    return status;
}

static bool decode(struct reader r, struct manifest *m)
{
    bool ok = reader_varint64(&r, &m->generation) && reader_varint32(&r, &m->next_id) &&
              reader_varint64(&r, &m->covers_seq) && reader_be64(&r, &m->covers_print) &&
              reader_varint32(&r, &m->count) && m->count <= INDEX_SEGMENTS_MAX;

    for (uint32_t i = 0; ok && i < m->count; i++) {
        struct manifest_segment *s = &m->segments[i];

        ok = reader_varint32(&r, &s->id) && reader_varint32(&r, &s->docs) &&
             reader_varint32(&r, &s->dead) && reader_varint64(&r, &s->bytes) && s->id > 0 &&
             s->id < m->next_id && s->dead <= s->docs;
    }
    return ok && reader_left(&r) == 0;
}

enum status manifest_read(const struct env *env, MDB_txn *txn, MDB_dbi dbi, struct manifest *out,
                          struct error *err)
{
    uint32_t format = 0, analyzer = 0;
    struct bytes body;
    struct reader r;
    enum status status = get(env, txn, dbi, PLACE_MANIFEST, manifest_key, &body, err);

    memset(out, 0, sizeof *out);
    out->next_id = 1;
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_varint32(&r, &format) || !reader_varint32(&r, &analyzer))
        return error_set(err, AF_CORRUPT, "the index's manifest is cut off");
    if (format != SEGMENT_FORMAT || analyzer != ANALYZER_VERSION)
        return error_set(err, AF_CORRUPT,
                         "the index was made by another version of the program (format %u, "
                         "analyzer %u)",
                         (unsigned)format, (unsigned)analyzer);
    if (!decode(r, out))
        return error_set(err, AF_CORRUPT, "the index's manifest is damaged");
    return AF_OK;
}

enum status manifest_write(const struct env *env, MDB_txn *txn, MDB_dbi dbi,
                           const struct manifest *manifest, struct error *err)
{
    struct buf body = {0};
    enum status status;

    buf_add_varint(&body, SEGMENT_FORMAT);
    buf_add_varint(&body, ANALYZER_VERSION);
    buf_add_varint(&body, manifest->generation);
    buf_add_varint(&body, manifest->next_id);
    buf_add_varint(&body, manifest->covers_seq);
    buf_add_be64(&body, manifest->covers_print);
    buf_add_varint(&body, manifest->count);
    for (uint32_t i = 0; i < manifest->count; i++) {
        const struct manifest_segment *s = &manifest->segments[i];

        buf_add_varint(&body, s->id);
        buf_add_varint(&body, s->docs);
        buf_add_varint(&body, s->dead);
        buf_add_varint(&body, s->bytes);
    }
    status = buf_status(&body, "the index's manifest", err);
    if (status == AF_OK)
        status = put(env, txn, dbi, PLACE_MANIFEST, manifest_key, buf_bytes(&body), err);
    buf_release(&body);
    return status;
}

static struct bytes key_of(const char *what, uint32_t id, uint8_t key[8])
{
    memcpy(key, what, 4);
    put_be32(key + 4, id);
    return bytes_of(key, 8);
}

static enum status delete (const struct env *env, MDB_txn *txn, MDB_dbi dbi, struct bytes key,
                           struct error *err) {
    MDB_val k = env_val(key); int rc = mdb_del(txn, dbi, &k, NULL);

    return rc == MDB_NOTFOUND ? AF_OK : env_status(env, rc, "writing the index's manifest", err);
}

enum status dead_read(const struct env *env, MDB_txn *txn, MDB_dbi dbi,
                      const struct manifest_segment *segment, struct deadset **out,
                      struct error *err)
{
    struct bytes body;
    uint8_t key[8];
    enum status status;

    *out = NULL;
    if (segment->dead == 0)
        return AF_OK;
    status = get(env, txn, dbi, PLACE_DEAD, key_of("dead", segment->id, key), &body, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT, "the index's manifest lacks the dead cases of segment %u",
                         (unsigned)segment->id);
    if (status != AF_OK)
        return status;
    *out = deadset_load(segment->docs, body);
    if (*out == NULL || (*out)->count != segment->dead) {
        deadset_unref(*out);
        *out = NULL;
        return error_set(err, AF_CORRUPT, "the index's dead cases of segment %u do not fit it",
                         (unsigned)segment->id);
    }
    return AF_OK;
}

enum status dead_write(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                       const struct deadset *set, struct error *err)
{
    uint8_t key[8];

    return put(env, txn, dbi, PLACE_DEAD, key_of("dead", id, key), deadset_bytes(set), err);
}

enum status dead_delete(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                        struct error *err)
{
    uint8_t key[8];

    return delete (env, txn, dbi, key_of("dead", id, key), err);
}

/* --- trees -------------------------------------------------------------------------------- */

enum status segment_root(const struct env *env, MDB_txn *txn, uint32_t id, uint64_t *root,
                         struct error *err)
{
    char name[SEGMENT_NAME_BYTES];
    MDB_val k, v;
    MDB_dbi names;
    int rc = mdb_dbi_open(txn, NULL, 0, &names);

    segment_name(id, name);
    k = env_val(bytes_str(name));
    if (rc == 0)
        rc = mdb_get(txn, names, &k, &v);
    if (rc == MDB_NOTFOUND || (rc == 0 && !pages_root(env_bytes(v), root)))
        return error_set(err, AF_CORRUPT, "the index's segment %u is missing", (unsigned)id);
    return env_status(env, rc, "looking for a segment", err);
}

enum status segment_describe(const struct env *env, uint32_t id, struct buf *out, struct error *err)
{
    struct pages pages = env_pages(env);
    MDB_txn *txn = NULL;
    int rc = mdb_txn_begin(env->mdb, NULL, MDB_RDONLY, &txn);
    enum status status = env_status(env, rc, "looking for a segment", err);
    uint64_t root = 0;

    if (status == AF_OK)
        status = segment_root(env, txn, id, &root, err);
    if (status == AF_OK)
        status = tree_describe(&pages, root, out, err);
    mdb_txn_abort(txn);
    return status;
}

enum status segment_description(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                                struct bytes *out, struct error *err)
{
    uint8_t key[8];

    return get(env, txn, dbi, PLACE_TREE, key_of("tree", id, key), out, err);
}

enum status description_write(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                              struct bytes description, struct error *err)
{
    uint8_t key[8];

    return put(env, txn, dbi, PLACE_TREE, key_of("tree", id, key), description, err);
}

enum status description_delete(const struct env *env, MDB_txn *txn, MDB_dbi dbi, uint32_t id,
                               struct error *err)
{
    uint8_t key[8];

    return delete (env, txn, dbi, key_of("tree", id, key), err);
}

void segment_name(uint32_t id, char name[SEGMENT_NAME_BYTES])
{
    (void)snprintf(name, SEGMENT_NAME_BYTES, "s%08x", (unsigned)id);
}

bool segment_name_parse(struct bytes name, uint32_t *id)
{
    *id = 0;
    if (name.len != SEGMENT_NAME_BYTES - 1 || name.data[0] != 's')
        return false;
    for (size_t i = 1; i < name.len; i++) {
        uint8_t c = name.data[i];

        if (c >= '0' && c <= '9')
            *id = *id << 4 | (uint32_t)(c - '0');
        else if (c >= 'a' && c <= 'f')
            *id = *id << 4 | (uint32_t)(c - 'a' + 10);
        else
            return false;
    }
    return true;
}
