#include "indexer/segment/columns.h"

#include "indexer/segment/bitpack.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SLACK_BYTES 8 /* after the ids: column_id reads a word */

static unsigned width_of(uint32_t count)
{
    return count < 2 ? 0 : 32u - (unsigned)__builtin_clz(count - 1);
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

static enum status put_column(enum column_name name, struct bytes body, struct image_sink sink,
                              struct error *err)
{
    uint8_t key = (uint8_t)name;

    return sink.put(sink.context, IMAGE_COLUMNS, bytes_of(&key, 1), body, err);
}

enum status column_finish(struct column_writer *writer, enum column_name name,
                          struct image_sink sink, struct error *err)
{
    static const uint8_t zeros[SLACK_BYTES] = {0};
    size_t room = (writer->values.count + (size_t)1) * sizeof(uint32_t);
    uint32_t *order = malloc(room), *rank = malloc(room);
    enum status status = buf_status(&writer->ids, "a segment's columns", err);
    struct buf body = {0};

    if (order == NULL || rank == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a segment's columns");
    if (status == AF_OK) {
        sort_values(&writer->values, order, rank);
        add_values(&writer->values, order, &body);
        add_ids(&writer->ids, rank, width_of(writer->values.count), &body);
        buf_add(&body, bytes_of(zeros, sizeof zeros));
        status = buf_status(&body, "a segment's columns", err);
    }
    if (status == AF_OK)
        status = put_column(name, buf_bytes(&body), sink, err);
    buf_release(&body);
    free(order);
    free(rank);
    return status;
}

/* --- reading --- */

/* One allocation: the column, and where its values are. */
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

static enum status get_body(struct image *image, enum column_name name, struct reader *out,
                            struct error *err)
{
    uint8_t key = (uint8_t)name;
    struct bytes body;
    enum status status;
    bool found;

    status = image_get(image, IMAGE_COLUMNS, bytes_of(&key, 1), &body, &found, err);
    if (status == AF_OK && !found)
        return damaged(image, err);
    if (status == AF_OK)
        *out = reader_of(body);
    return status;
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

/* `r` stands behind the count. */
static bool read_column(struct reader r, uint32_t docs, uint32_t count, struct loaded *out)
{
    unsigned width = width_of(count);

    if (!read_values(&r, count, out->values) ||
        reader_left(&r) != ((uint64_t)docs * width + 7) / 8 + SLACK_BYTES)
        return false;
    out->column = (struct column){docs, count, width, r.at, out->values};
    return true;
}

static enum status load(struct image *image, enum column_name name, uint32_t docs,
                        struct loaded **out, struct error *err)
{
    struct loaded *loaded;
    struct reader r;
    uint32_t count;
    enum status status = get_body(image, name, &r, err);

    if (status != AF_OK)
        return status;
    if (!reader_varint32(&r, &count) || count > reader_left(&r) || (count == 0) != (docs == 0))
        return damaged(image, err);
    loaded = malloc(sizeof *loaded + count * sizeof *loaded->values);
    if (loaded == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a segment's columns");
    if (!read_column(r, docs, count, loaded)) {
        free(loaded);
        return damaged(image, err);
    }
    *out = loaded;
    return AF_OK;
}

enum status columns_verify(struct image *image, struct error *err)
{
    enum status status = AF_OK;
    struct reader r;

    for (int name = 0; status == AF_OK && name < COLUMN_COUNT; name++)
        status = get_body(image, (enum column_name)name, &r, err);
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
