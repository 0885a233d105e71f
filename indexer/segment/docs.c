#include "indexer/segment/docs.h"

#include <assert.h>

#define COUNT_BYTES 2
#define END_BYTES 2

void docs_writer_release(struct docs_writer *writer)
{
    buf_release(&writer->ends);
    buf_release(&writer->records);
}

static void add_text(struct buf *out, struct bytes text)
{
    buf_add_varint(out, text.len);
    buf_add(out, text);
}

static void add_be16(struct buf *out, uint16_t v)
{
    uint8_t bytes[2];

    put_be16(bytes, v);
    buf_add(out, bytes_of(bytes, sizeof bytes));
}

/* Writes the first `count` of the records in hand, which end at `bytes`. */
static enum status put_value(struct docs_writer *writer, uint32_t count, size_t bytes,
                             struct error *err)
{
    struct buf value = {0};
    enum status status;
    uint8_t key[4];

    add_be16(&value, (uint16_t)count);
    buf_add(&value, bytes_of(writer->ends.data, (size_t)count * END_BYTES));
    buf_add(&value, bytes_of(writer->records.data, bytes));
    status = buf_status(&value, "the index's documents", err);
    put_be32(key, writer->first);
    if (status == AF_OK)
        status = writer->sink.put(writer->sink.context, IMAGE_DOCS, bytes_of(key, sizeof key),
                                  buf_bytes(&value), err);
    buf_release(&value);
    writer->first += count;
    return status;
}

enum status docs_finish(struct docs_writer *writer, struct error *err)
{
    enum status status = AF_OK;

    if (writer->count > 0)
        status = put_value(writer, writer->count, writer->records.len, err);
    writer->count = 0;
    buf_clear(&writer->ends);
    buf_clear(&writer->records);
    return status;
}

/* The record that was just appended is one too many: the others are written without it. */
static enum status begin_next(struct docs_writer *writer, size_t before, struct error *err)
{
    size_t len = writer->records.len - before;
    enum status status = put_value(writer, writer->count, before, err);

    memmove(writer->records.data, writer->records.data + before, len);
    writer->records.len = len;
    buf_clear(&writer->ends);
    writer->count = 0;
    return status;
}

enum status docs_add(struct docs_writer *writer, const struct document *document, struct error *err)
{
    size_t before = writer->records.len;
    enum status status;

    buf_add_varint(&writer->records, document->no);
    buf_add_varint(&writer->records, document->version);
    add_text(&writer->records, document->id);
    buf_add(&writer->records, document->title);
    status = buf_status(&writer->records, "the index's documents", err);
    if (status == AF_OK && writer->count > 0 &&
        COUNT_BYTES + writer->ends.len + END_BYTES + writer->records.len > IMAGE_BODY_BYTES)
        status = begin_next(writer, before, err);
    if (status != AF_OK)
        return status;
    assert(writer->records.len <= UINT16_MAX);
    add_be16(&writer->ends, (uint16_t)writer->records.len);
    writer->count++;
    return buf_status(&writer->ends, "the index's documents", err);
}

/* --- reading --- */

static bool read_text(struct reader *r, struct bytes *out)
{
    uint32_t len;

    return reader_varint32(r, &len) && reader_take(r, len, out);
}

/* Where record `i` of a value lies. */
static bool record_range(struct bytes value, uint32_t i, struct bytes *out)
{
    struct reader r = reader_of(value), ends;
    uint16_t start = 0, end, count;
    struct bytes skipped, table;

    if (!reader_be16(&r, &count) || i >= count ||
        !reader_take(&r, (size_t)count * END_BYTES, &table))
        return false;
    ends = reader_of(table);
    if (i > 0 &&
        (!reader_take(&ends, ((size_t)i - 1) * END_BYTES, &skipped) || !reader_be16(&ends, &start)))
        return false;
    if (!reader_be16(&ends, &end) || end < start)
        return false;
    return reader_take(&r, start, &skipped) && reader_take(&r, (size_t)(end - start), out);
}

/* The value that document `doc` is in, and its record there; *ok false: damaged. */
static enum status find_record(struct image *image, uint32_t doc, struct bytes *record, bool *ok,
                               struct error *err)
{
    uint32_t place = doc / DOCS_PER_PLACE, first;
    struct bytes at, value;
    enum status status;
    struct reader r;
    uint8_t key[4];
    bool found;

    /* A place that two values share is the one's that was asked for first. */
    *ok = places_get(image->doc_places, place, &value, &first) && first <= doc &&
          record_range(value, doc - first, record);
    if (*ok)
        return AF_OK;
    put_be32(key, doc);
    status = image_floor(image, IMAGE_DOCS, bytes_of(key, sizeof key), &at, &value, &found, err);
    if (status != AF_OK)
        return status;
    r = reader_of(at);
    *ok = found && reader_be32(&r, &first) && first <= doc &&
          record_range(value, doc - first, record);
    if (*ok)
        places_note(image->doc_places, place, value, first);
    return AF_OK;
}

enum status docs_find(struct image *image, uint32_t doc, struct document *out, struct error *err)
{
    struct bytes record = BYTES_NONE;
    enum status status;
    struct reader r;
    bool ok;

    status = find_record(image, doc, &record, &ok, err);
    if (status != AF_OK)
        return status;
    r = reader_of(record);
    if (!ok || !reader_varint32(&r, &out->no) || !reader_varint32(&r, &out->version) ||
        !read_text(&r, &out->id))
        return error_set(err, AF_CORRUPT,
                         "the index, segment %u, documents: document %u is damaged",
                         (unsigned)image->id, (unsigned)doc);
    out->title = bytes_of(r.at, reader_left(&r));
    return AF_OK;
}

/* --- whole documents --- */

void document_encode(const struct document *document, struct buf *out)
{
    buf_add_varint(out, document->no);
    buf_add_varint(out, document->version);
    buf_add_u8(out, document->audience);
    add_text(out, document->id);
    add_text(out, document->title);
    add_text(out, document->lang);
    add_text(out, document->product);
    add_text(out, document->category);
}

bool document_decode(struct bytes whole, struct document *out)
{
    struct reader r = reader_of(whole);

    return reader_varint32(&r, &out->no) && reader_varint32(&r, &out->version) &&
           reader_u8(&r, &out->audience) && read_text(&r, &out->id) && read_text(&r, &out->title) &&
           read_text(&r, &out->lang) && read_text(&r, &out->product) &&
           read_text(&r, &out->category) && reader_left(&r) == 0;
}
