#include "indexer/docs.h"

#include <assert.h>

void docs_writer_release(struct docs_writer *writer)
{
    buf_release(&writer->ends);
    buf_release(&writer->records);
}

static size_t value_bytes(const struct docs_writer *writer)
{
    return 2 + writer->ends.len + writer->records.len;
}

enum status docs_finish(struct docs_writer *writer, struct error *err)
{
    struct buf value = {0};
    enum status status;
    uint8_t number[4];

    if (writer->count == 0)
        return AF_OK;
    put_be16(number, (uint16_t)writer->count);
    buf_add(&value, bytes_of(number, 2));
    buf_add(&value, buf_bytes(&writer->ends));
    buf_add(&value, buf_bytes(&writer->records));
    status = buf_status(&value, "the index's documents", err);
    put_be32(number, writer->first);
    if (status == AF_OK)
        status = writer->sink.put(writer->sink.context, IMAGE_DOCS, bytes_of(number, 4),
                                  buf_bytes(&value), err);
    buf_release(&value);
    writer->first += writer->count;
    writer->count = 0;
    buf_clear(&writer->ends);
    buf_clear(&writer->records);
    return status;
}

enum status docs_add(struct docs_writer *writer, struct bytes record, struct error *err)
{
    enum status status = AF_OK;
    uint64_t checksum;
    uint8_t key[8];

    if (writer->count == UINT16_MAX ||
        (writer->count > 0 &&
         value_bytes(writer) + 4 + FRAME_HEADER_BYTES + record.len > DOCS_VALUE_BYTES))
        status = docs_finish(writer, err);
    if (status != AF_OK)
        return status;
    put_be32(key, writer->id);
    put_be32(key + 4, writer->first + writer->count);
    status = frame_encode(NULL, IMAGE_PLACE + IMAGE_DOCS, bytes_of(key, sizeof key), DOCS_FORMAT,
                          record, &writer->records, &checksum, err);
    if (status != AF_OK)
        return status;
    buf_add_be32(&writer->ends, (uint32_t)writer->records.len);
    writer->count++;
    return buf_status(&writer->ends, "the index's documents", err);
}

static void add_text(struct buf *out, struct bytes text)
{
    buf_add_varint(out, text.len);
    buf_add(out, text);
}

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
    for (int field = 0; field < FIELD_COUNT; field++)
        add_text(out, document->folded[field]);
}

static bool read_text(struct reader *r, struct bytes *out)
{
    uint32_t len;

    return reader_varint32(r, &len) && reader_take(r, len, out);
}

bool document_decode(struct bytes record, struct document *out)
{
    struct reader r = reader_of(record);
    bool ok;

    ok = reader_varint32(&r, &out->no) && reader_varint32(&r, &out->version) &&
         reader_u8(&r, &out->audience) && read_text(&r, &out->id) && read_text(&r, &out->title) &&
         read_text(&r, &out->lang) && read_text(&r, &out->product) && read_text(&r, &out->category);
    for (int field = 0; ok && field < FIELD_COUNT; field++)
        ok = read_text(&r, &out->folded[field]);
    return ok && reader_left(&r) == 0;
}

/* Where record `i` of a value lies. */
static bool record_range(struct bytes value, uint32_t i, struct bytes *out)
{
    struct reader r = reader_of(value), ends;
    uint32_t start = 0, end;
    uint16_t count;
    struct bytes skipped, table;

    if (!reader_be16(&r, &count) || i >= count || !reader_take(&r, (size_t)count * 4, &table))
        return false;
    ends = reader_of(table);
    if (i > 0 &&
        (!reader_take(&ends, ((size_t)i - 1) * 4, &skipped) || !reader_be32(&ends, &start)))
        return false;
    if (!reader_be32(&ends, &end) || end < start)
        return false;
    return reader_take(&r, start, &skipped) && reader_take(&r, end - start, out);
}

static enum status damaged(const struct image *image, uint32_t doc, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u, documents: document %u is damaged",
                     (unsigned)image->id, (unsigned)doc);
}

enum status docs_find(struct image *image, uint32_t doc, struct bytes *record, struct error *err)
{
    struct bytes at, value, framed;
    struct reader first;
    struct frame frame;
    enum status status;
    uint32_t first_doc;
    uint8_t key[8];
    bool found;

    put_be32(key, image->id);
    put_be32(key + 4, doc);
    status = image_floor(image, IMAGE_DOCS, bytes_of(key + 4, 4), &at, &value, &found, err);
    if (status != AF_OK)
        return status;
    first = reader_of(at);
    if (!found || !reader_be32(&first, &first_doc) || first_doc > doc ||
        !record_range(value, doc - first_doc, &framed) ||
        frame_decode(IMAGE_PLACE + IMAGE_DOCS, bytes_of(key, sizeof key), framed, &frame, NULL) !=
            AF_OK ||
        frame.format != DOCS_FORMAT || frame.flags != 0)
        return damaged(image, doc, err);
    *record = frame.body;
    return AF_OK;
}
