#include "indexer/columns.h"

#include "indexer/bitpack.h"

#include <stdatomic.h>
#include <stdlib.h>

#define COLUMN_HEAD_BYTES 4
#define CHECK_IDS 128u

static unsigned width_of(uint32_t count)
{
    return count < 2 ? 0 : 32u - (unsigned)__builtin_clz(count - 1);
}

static void column_key(enum column_name name, uint32_t chunk, uint8_t key[5])
{
    key[0] = (uint8_t)name;
    put_be32(key + 1, chunk);
}

/* --- writing --- */

void column_writer_release(struct column_writer *writer)
{
    valuetable_release(&writer->values);
    buf_release(&writer->ids);
}

bool column_add(struct column_writer *writer, struct bytes value)
{
    uint32_t id;

    if (!valuetable_add(&writer->values, value, &id))
        return false;
    buf_add(&writer->ids, bytes_of(&id, sizeof id));
    return buf_ok(&writer->ids);
}

static int compare_values(const void *a, const void *b, void *context)
{
    const struct valuetable *values = context;

    return bytes_compare(valuetable_bytes_of(values, *(const uint32_t *)a),
                         valuetable_bytes_of(values, *(const uint32_t *)b));
}

/* order[i] is the value that comes i-th, rank[] the other way round. */
static void sort_values(struct valuetable *values, uint32_t *order, uint32_t *rank)
{
    for (uint32_t i = 0; i < values->count; i++)
        order[i] = i;
    if (values->count > 1)
        qsort_r(order, values->count, sizeof *order, compare_values, values);
    for (uint32_t i = 0; i < values->count; i++)
        rank[order[i]] = i;
}

static void add_values(const struct valuetable *values, const uint32_t *order, struct buf *out)
{
    buf_add_varint(out, values->count);
    for (uint32_t i = 0; i < values->count; i++) {
        struct bytes value = valuetable_bytes_of(values, order[i]);

        buf_add_varint(out, value.len);
        buf_add(out, value);
    }
}

/* Replaces each id by its rank, and packs them. */
static void add_ids(struct buf *ids, const uint32_t *rank, unsigned width, struct buf *out)
{
    uint32_t docs = (uint32_t)(ids->len / sizeof *rank), *numbers = (void *)ids->data;
    uint8_t *at = buf_reserve(out, bitpack_bytes(docs, width));

    if (at == NULL || docs == 0)
        return;
    for (uint32_t i = 0; i < docs; i++)
        numbers[i] = rank[numbers[i]];
    bitpack_encode(numbers, docs, width, at);
    out->len += bitpack_bytes(docs, width);
}

static enum status put_chunks(enum column_name name, struct bytes all, struct image_sink sink,
                              struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t chunk = 0; status == AF_OK && all.len > 0; chunk++) {
        size_t len = all.len < COLUMN_CHUNK_BYTES ? all.len : COLUMN_CHUNK_BYTES;
        uint8_t key[5];

        column_key(name, chunk, key);
        status = sink.put(sink.context, IMAGE_COLUMNS, bytes_of(key, sizeof key),
                          bytes_of(all.data, len), err);
        all = bytes_of(all.data + len, all.len - len);
    }
    return status;
}

enum status column_finish(struct column_writer *writer, enum column_name name,
                          struct image_sink sink, struct error *err)
{
    size_t room = (writer->values.count + (size_t)1) * sizeof(uint32_t);
    uint32_t *order = malloc(room), *rank = malloc(room);
    enum status status = buf_status(&writer->ids, "a segment's columns", err);
    struct buf all = {0};

    if (order == NULL || rank == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a segment's columns");
    if (status == AF_OK) {
        sort_values(&writer->values, order, rank);
        buf_add_be32(&all, 0);
        add_values(&writer->values, order, &all);
        add_ids(&writer->ids, rank, width_of(writer->values.count), &all);
        status = buf_status(&all, "a segment's columns", err);
    }
    if (status == AF_OK) {
        put_be32(all.data, (uint32_t)all.len);
        status = put_chunks(name, buf_bytes(&all), sink, err);
    }
    buf_release(&all);
    free(order);
    free(rank);
    return status;
}

/* --- reading --- */

/* One allocation: the column, its values, and all its bytes. */
struct loaded {
    struct column column;
    struct bytes values[];
};

struct columns {
    uint32_t docs;
    _Atomic(struct loaded *) at[COLUMN_COUNT];
};

struct columns *columns_new(uint32_t docs)
{
    struct columns *columns = calloc(1, sizeof *columns);

    if (columns != NULL)
        columns->docs = docs;
    return columns;
}

void columns_free(struct columns *columns)
{
    if (columns == NULL)
        return;
    for (int name = 0; name < COLUMN_COUNT; name++)
        free(atomic_load(&columns->at[name]));
    free(columns);
}

static enum status damaged(const struct image *image, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u: a column is missing or wrong",
                     (unsigned)image->id);
}

/* All chunks, one after another. */
static enum status gather(struct image *image, enum column_name name, struct buf *out,
                          struct error *err)
{
    uint32_t whole = COLUMN_HEAD_BYTES;

    for (uint32_t chunk = 0; out->len < whole; chunk++) {
        struct bytes body;
        struct reader r;
        enum status status;
        uint8_t key[5];
        bool found;

        column_key(name, chunk, key);
        status = image_get(image, IMAGE_COLUMNS, bytes_of(key, sizeof key), &body, &found, err);
        if (status != AF_OK)
            return status;
        r = reader_of(body);
        if (!found || body.len == 0 || (chunk == 0 && !reader_be32(&r, &whole)) ||
            body.len > whole - out->len)
            return damaged(image, err);
        buf_add(out, body);
        if (!buf_ok(out))
            return buf_status(out, "a segment's columns", err);
    }
    return AF_OK;
}

static bool read_values(struct reader *r, uint32_t count, struct bytes *values)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t len;

        if (!reader_varint32(r, &len) || !reader_take(r, len, &values[i]) ||
            (i > 0 && bytes_compare(values[i - 1], values[i]) >= 0))
            return false;
    }
    return true;
}

static bool ids_are_good(const struct column *column)
{
    uint32_t ids[CHECK_IDS], most = 0;

    for (uint32_t doc = 0; doc < column->docs; doc += CHECK_IDS) {
        uint32_t n = column->docs - doc < CHECK_IDS ? column->docs - doc : CHECK_IDS;

        bitpack_decode(column->ids + (size_t)doc / 8 * column->width, n, column->width, ids);
        for (uint32_t i = 0; i < n; i++)
            most = ids[i] > most ? ids[i] : most;
    }
    return column->docs == 0 || most < column->count;
}

static bool parse(struct bytes all, uint32_t docs, uint32_t count, struct loaded *loaded)
{
    struct column *column = &loaded->column;
    struct reader r = reader_of(all);
    struct bytes head;
    uint32_t again;

    column->docs = docs;
    column->count = count;
    column->width = width_of(count);
    column->values = loaded->values;
    if (!reader_take(&r, COLUMN_HEAD_BYTES, &head) || !reader_varint32(&r, &again) ||
        !read_values(&r, count, loaded->values) ||
        reader_left(&r) != ((uint64_t)docs * column->width + 7) / 8)
        return false;
    column->ids = r.at;
    return ids_are_good(column);
}

static enum status load(struct image *image, enum column_name name, uint32_t docs,
                        struct loaded **out, struct error *err)
{
    struct buf all = {0};
    struct loaded *loaded = NULL;
    enum status status = gather(image, name, &all, err);
    struct reader r = reader_of(buf_bytes(&all));
    uint32_t count = 0;
    uint8_t *bytes;
    struct bytes head;

    if (status == AF_OK &&
        (!reader_take(&r, COLUMN_HEAD_BYTES, &head) || !reader_varint32(&r, &count) ||
         count > reader_left(&r) || (count == 0) != (docs == 0)))
        status = damaged(image, err);
    if (status == AF_OK) {
        size_t fixed = sizeof *loaded + count * sizeof *loaded->values;

        loaded = calloc(1, fixed + all.len + BITPACK_SLACK);
        if (loaded == NULL) {
            status = error_set(err, AF_NO_MEMORY, "no memory for a segment's columns");
        } else {
            bytes = (uint8_t *)loaded + fixed;
            memcpy(bytes, all.data, all.len);
            if (!parse(bytes_of(bytes, all.len), docs, count, loaded))
                status = damaged(image, err);
        }
    }
    buf_release(&all);
    if (status != AF_OK)
        free(loaded);
    else
        *out = loaded;
    return status;
}

/* When two threads need it at once both read it, and the second throws its own away. */
enum status columns_get(struct columns *columns, struct image *image, enum column_name name,
                        const struct column **out, struct error *err)
{
    struct loaded *loaded = atomic_load_explicit(&columns->at[name], memory_order_acquire);
    struct loaded *before = NULL;
    enum status status;

    if (loaded == NULL) {
        status = load(image, name, columns->docs, &loaded, err);
        if (status != AF_OK)
            return status;
        if (!atomic_compare_exchange_strong(&columns->at[name], &before, loaded)) {
            free(loaded);
            loaded = before;
        }
    }
    *out = &loaded->column;
    return AF_OK;
}

bool column_find(const struct column *column, struct bytes value, uint32_t *id)
{
    uint32_t low = 0, high = column->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (bytes_compare(column->values[middle], value) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *id = low;
    return low < column->count && bytes_equal(column->values[low], value);
}
