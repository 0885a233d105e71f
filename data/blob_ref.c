#include "data/blob_ref.h"

#include "data/base/clock.h"
#include "data/blob_impl.h"

#include <assert.h>
#include <errno.h>
#include <unistd.h>

#define BODY_BYTES 8
#define UNFINISHED_MS (24 * 3600 * 1000ll) /* no upload may last as long (HTTP_BODY_RATE) */
#define PIECE_BYTES 65536

static struct bytes key_of(const struct digest *hash, struct bytes owner,
                           uint8_t key[BLOB_KEY_BYTES_MAX])
{
    assert(owner.len > 0 && owner.len <= BLOB_OWNER_BYTES_MAX);
    memcpy(key, hash->b, DIGEST_BYTES);
    memcpy(key + DIGEST_BYTES, owner.data, owner.len);
    return bytes_of(key, DIGEST_BYTES + owner.len);
}

enum status blob_ref_add(struct txn *txn, const struct digest *hash, struct bytes owner,
                         uint64_t bytes, struct error *err)
{
    uint8_t key[BLOB_KEY_BYTES_MAX], body[BODY_BYTES];

    put_be64(body, bytes);
    return store_put(txn, TABLE_BLOB, key_of(hash, owner, key), bytes_of(body, sizeof body), err);
}

enum status blob_ref_remove(struct txn *txn, const struct digest *hash, struct bytes owner,
                            struct error *err)
{
    uint8_t key[BLOB_KEY_BYTES_MAX];
    enum status status = store_delete(txn, TABLE_BLOB, key_of(hash, owner, key), err);
    char hex[DIGEST_HEX_BYTES];

    if (status != AF_NOT_FOUND)
        return status;
    digest_hex(hash, hex);
    return error_set(err, AF_CORRUPT, "damaged: table blob: %s is not named in it", hex);
}

static bool read_bytes(struct bytes body, uint64_t *bytes)
{
    struct reader r = reader_of(body);

    return body.len == BODY_BYTES && reader_be64(&r, bytes);
}

enum status blob_ref_find(struct txn *txn, const struct digest *hash, struct bytes owner,
                          uint64_t *bytes, struct error *err)
{
    uint8_t key[BLOB_KEY_BYTES_MAX];
    struct bytes body;
    enum status status = store_get(txn, TABLE_BLOB, key_of(hash, owner, key), &body, err);

    if (status == AF_OK && !read_bytes(body, bytes))
        status = error_set(err, AF_CORRUPT, "damaged: table blob: cut off");
    return status;
}

/* --- walking what is named ---------------------------------------------------------------- */

typedef enum status (*named_fn)(void *context, const struct digest *hash, uint64_t bytes,
                                struct error *err);

/* One hash after another; its owners stand together. */
static enum status each_named(struct txn *txn, named_fn named, void *context, struct error *err)
{
    struct digest last = {{0}};
    struct bytes key, body;
    struct cursor *cursor;
    bool is_first = true;
    uint64_t bytes;
    enum status status = cursor_open(txn, TABLE_BLOB, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        if (key.len <= DIGEST_BYTES || !read_bytes(body, &bytes)) {
            status = error_set(err, AF_CORRUPT, "damaged: table blob: cut off");
            break;
        }
        if (!is_first && memcmp(last.b, key.data, DIGEST_BYTES) == 0)
            continue;
        is_first = false;
        memcpy(last.b, key.data, DIGEST_BYTES);
        if ((status = named(context, &last, bytes, err)) != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status add_up(void *context, const struct digest *hash, uint64_t bytes,
                          struct error *err)
{
    struct blob_sum *sum = context;

    (void)hash;
    (void)err;
    sum->files++;
    sum->bytes += bytes;
    return AF_OK;
}

enum status blob_ref_sum(struct txn *txn, struct blob_sum *out, struct error *err)
{
    *out = (struct blob_sum){0};
    return each_named(txn, add_up, out, err);
}

/* --- copying ------------------------------------------------------------------------------ */

struct copying {
    const char *from, *to;
    blob_lost_fn lost;
    void *context;
    struct blob_sum sum;
};

static enum status copy_bytes(int fd, const struct digest *hash, struct blob_writer *writer,
                              struct error *err)
{
    uint8_t piece[PIECE_BYTES];
    struct digest copied;
    enum status status = AF_OK;
    uint64_t bytes;
    ssize_t n = 1;

    while (status == AF_OK && n != 0) {
        n = read(fd, piece, sizeof piece);
        if (n < 0 && errno == EINTR)
            continue;
        status = n < 0 ? error_set(err, AF_IO, "cannot read a blob: %s", strerror(errno))
                       : blob_write(writer, bytes_of(piece, (size_t)n), err);
    }
    if (status != AF_OK) {
        blob_abort(writer);
        return status;
    }
    if ((status = blob_commit(writer, &copied, &bytes, err)) != AF_OK)
        return status;
    return digest_equal(hash, &copied)
               ? AF_OK
               : error_set(err, AF_CORRUPT, "a blob changed while it was copied");
}

static enum status copy_one(const struct copying *copying, const struct digest *hash,
                            uint64_t bytes, struct error *err)
{
    struct blob_writer *writer;
    int fd;
    enum status status = blob_open(copying->from, hash, bytes, &fd, err);

    if (status != AF_OK)
        return status;
    status = blob_begin(copying->to, bytes, &writer, err);
    if (status == AF_OK)
        status = copy_bytes(fd, hash, writer, err);
    (void)close(fd);
    return status;
}

/* What is not sound at FROM is lost; what cannot be written at TO ends it. */
static enum status take_one(void *context, const struct digest *hash, uint64_t bytes,
                            struct error *err)
{
    struct copying *copying = context;
    struct error why;
    enum status status = blob_verify(copying->to, hash, bytes, &why);

    if (status != AF_OK && copying->from != NULL)
        status = copy_one(copying, hash, bytes, &why);
    if (status == AF_OK)
        return add_up(&copying->sum, hash, bytes, err);
    if (status != AF_CORRUPT)
        return error_set(err, status, "%s", why.text);
    copying->lost(copying->context, why.text);
    return AF_OK;
}

enum status blob_copy_named(struct store *store, const char *from, const char *to,
                            blob_lost_fn lost, void *context, struct blob_sum *out,
                            struct error *err)
{
    struct copying copying = {from, to, lost, context, {0}};
    struct txn *txn;
    enum status status = store_begin_read(store, &txn, err);

    if (status != AF_OK)
        return status;
    status = each_named(txn, take_one, &copying, err);
    txn_abort(txn);
    if (status == AF_OK)
        *out = copying.sum;
    return status;
}

/* --- orphans ------------------------------------------------------------------------------ */

struct sweeping {
    struct txn *txn;
    int64_t before_ms;
    bool only_count;
    struct blob_sum sum;
};

static enum status is_named(struct txn *txn, const struct digest *hash, bool *out,
                            struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    enum status status =
        cursor_open(txn, TABLE_BLOB, bytes_of(hash->b, DIGEST_BYTES), WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    status = cursor_next(cursor, &key, &body, err);
    *out =
        status == AF_OK && key.len > DIGEST_BYTES && memcmp(key.data, hash->b, DIGEST_BYTES) == 0;
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status sweep_one(void *context, const struct blob_seen *blob, struct error *err)
{
    struct sweeping *sweeping = context;
    bool named;
    enum status status;

    if (blob->written_ms > sweeping->before_ms)
        return AF_OK;
    status = is_named(sweeping->txn, &blob->hash, &named, err);
    if (status != AF_OK || named)
        return status;
    if (!sweeping->only_count && unlink(blob->path) != 0)
        return blob_failed(errno, "cannot remove", blob->path, err);
    return add_up(&sweeping->sum, &blob->hash, blob->bytes, err);
}

/* The transaction begins when the lock is held: what is named until then is seen, and what comes
 * later is younger than `age_ms` or waits for the lock. */
enum status blob_sweep(struct store *store, int64_t age_ms, bool only_count, struct blob_sum *out,
                       struct error *err)
{
    struct sweeping sweeping = {.before_ms = clock_now_ms() - age_ms, .only_count = only_count};
    const char *dir = store_dir(store);
    int lock;
    enum status status = blob_lock(dir, only_count ? BLOB_SHARED : BLOB_ALONE, &lock, err);

    if (status != AF_OK)
        return status;
    if ((status = store_begin_read(store, &sweeping.txn, err)) == AF_OK) {
        status = blob_walk(dir, sweep_one, &sweeping, err);
        txn_abort(sweeping.txn);
    }
    if (status == AF_OK && !only_count)
        blob_remove_unfinished(dir, UNFINISHED_MS);
    blob_unlock(lock);
    if (status == AF_OK)
        *out = sweeping.sum;
    return status;
}
