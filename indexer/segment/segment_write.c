#include "indexer/segment/segment_write.h"

#include <assert.h>
#include <stdlib.h>

void segment_writer_init(struct segment_writer *writer, struct image_sink sink)
{
    memset(writer, 0, sizeof *writer);
    writer->sink = writer->docs.sink = writer->postings.sink = sink;
    writer->terms.sink = writer->stems.sink = sink;
    writer->terms.kind = IMAGE_TERMS;
    writer->stems.kind = IMAGE_STEMS;
}

void segment_writer_release(struct segment_writer *writer)
{
    docs_writer_release(&writer->docs);
    postings_writer_release(&writer->postings);
    block_writer_release(&writer->terms);
    block_writer_release(&writer->stems);
    bloom_writer_release(&writer->bloom);
    for (int name = 0; name < COLUMN_COUNT; name++)
        column_writer_release(&writer->columns[name]);
    buf_release(&writer->payload);
    buf_release(&writer->term);
    buf_release(&writer->lengths);
    buf_release(&writer->numbers);
}

static bool add_columns(struct segment_writer *writer, const struct document *document)
{
    return column_add(&writer->columns[COLUMN_LANG], document->lang) &&
           column_add(&writer->columns[COLUMN_PRODUCT], document->product) &&
           column_add(&writer->columns[COLUMN_CATEGORY], document->category) &&
           column_add(&writer->columns[COLUMN_AUDIENCE], bytes_of(&document->audience, 1));
}

enum status segment_add_document(struct segment_writer *writer, const struct document *document,
                                 const uint8_t lengths[FIELD_COUNT], struct error *err)
{
    if (!add_columns(writer, document))
        return error_set(err, AF_NO_MEMORY, "no memory for a segment's columns");
    buf_add(&writer->lengths, bytes_of(lengths, FIELD_COUNT));
    for (int field = 0; field < FIELD_COUNT; field++)
        writer->units[field] += field_length_decode(lengths[field]);
    buf_add_be32(&writer->numbers, document->no);
    buf_add_be32(&writer->numbers, writer->docs_count);
    writer->docs_count++;
    return docs_add(&writer->docs, document, err);
}

/* Documents are complete: what their lengths make of a posting can be said. Only of lists longer
 * than a block is it said (postings.h). */
static void begin_terms(struct segment_writer *writer)
{
    struct postings_encoder *encoder = &writer->postings.encoder;
    double average[FIELD_COUNT];

    encoder->docs_count = writer->docs_count;
    if (!buf_ok(&writer->lengths) || writer->docs_count <= POSTINGS_BLOCK)
        return; /* without lengths: segment_finish says it */
    for (int f = 0; f < FIELD_COUNT; f++)
        average[f] = impact_average(writer->units[f], writer->docs_count);
    impact_table_init(&writer->impacts, &impact_reference, average);
    encoder->lengths = writer->lengths.data;
    encoder->impacts = &writer->impacts;
}

enum status segment_encoder_init(struct segment_writer *writer, struct postings_encoder *encoder,
                                 struct error *err)
{
    begin_terms(writer);
    *encoder = (struct postings_encoder){
        .docs_count = writer->docs_count,
        .lengths = writer->postings.encoder.lengths,
        .impacts = writer->postings.encoder.impacts,
    };
    return buf_status(&writer->lengths, "a segment's lengths", err);
}

void segment_term_begin(struct segment_writer *writer, struct bytes term)
{
    if (writer->postings.encoder.docs_count == 0)
        begin_terms(writer);
    buf_clear(&writer->term);
    buf_add(&writer->term, term);
    postings_encode_begin(&writer->postings.encoder);
}

void segment_add_postings(struct segment_writer *writer, const uint32_t *docs, const uint8_t *codes,
                          uint32_t count, const uint8_t (*escapes)[FIELD_COUNT])
{
    assert(count == 0 || docs[count - 1] < writer->docs_count);
    postings_encode_add(&writer->postings.encoder, docs, codes, count, escapes);
}

enum status segment_add_term(struct segment_writer *writer, struct bytes term,
                             const struct postings_list *list, struct error *err)
{
    enum status status;

    buf_clear(&writer->payload);
    status = postings_put(&writer->postings, list, &writer->payload, err);
    if (status == AF_OK)
        status = buf_status(&writer->payload, "a segment's dictionary", err);
    if (status != AF_OK)
        return status;
    writer->terms_count++;
    if (bloom_takes(term))
        bloom_add(&writer->bloom, bloom_hash(term));
    return block_add(&writer->terms, term, buf_bytes(&writer->payload), err);
}

enum status segment_term_end(struct segment_writer *writer, bool *kept, struct error *err)
{
    struct postings_list list;
    enum status status = postings_encode_end(&writer->postings.encoder, &list, err);

    if (status == AF_OK)
        status = buf_status(&writer->term, "a segment's dictionary", err);
    *kept = status == AF_OK && list.df > 0;
    return *kept ? segment_add_term(writer, buf_bytes(&writer->term), &list, err) : status;
}

enum status segment_add_stem(struct segment_writer *writer, struct bytes key, struct bytes surfaces,
                             struct error *err)
{
    return block_add(&writer->stems, key, surfaces, err);
}

/* --- what is written at the end --- */

static enum status put(struct segment_writer *writer, enum image_kind kind, struct bytes key,
                       struct bytes body, struct error *err)
{
    return writer->sink.put(writer->sink.context, kind, key, body, err);
}

static enum status put_lengths(struct segment_writer *writer, struct error *err)
{
    enum status status = buf_status(&writer->lengths, "a segment's lengths", err);

    return status == AF_OK
               ? put(writer, IMAGE_LENGTHS, BYTES_NONE, buf_bytes(&writer->lengths), err)
               : status;
}

static int compare_numbers(const void *a, const void *b)
{
    return memcmp(a, b, 8);
}

static uint32_t be32_at(const uint8_t *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static enum status put_numbers(struct segment_writer *writer, struct error *err)
{
    enum status status = buf_status(&writer->numbers, "a segment's numbers", err);
    const uint8_t *pairs = writer->numbers.data;
    uint32_t count = writer->docs_count;
    struct buf body = {0};

    if (status == AF_OK && count > 0)
        qsort(writer->numbers.data, count, 8, compare_numbers);
    for (uint32_t i = 0; status == AF_OK && i < count; i += NUMBERS_ENTRIES) {
        uint32_t before = be32_at(pairs + (size_t)i * 8);

        buf_clear(&body);
        for (uint32_t j = i; j < count && j < i + NUMBERS_ENTRIES; j++) {
            uint32_t no = be32_at(pairs + (size_t)j * 8);

            assert(j == i || no > before);
            buf_add_varint(&body, no - before);
            buf_add_varint(&body, be32_at(pairs + (size_t)j * 8 + 4));
            before = no;
        }
        status = buf_status(&body, "a segment's numbers", err);
        if (status == AF_OK)
            status = put(writer, IMAGE_NUMBERS, bytes_of(pairs + (size_t)i * 8, 4),
                         buf_bytes(&body), err);
    }
    buf_release(&body);
    return status;
}

static enum status put_header(struct segment_writer *writer, uint32_t langs_count,
                              char (*langs)[SEGMENT_LANG_BYTES], struct error *err)
{
    struct buf body = {0};
    enum status status;

    buf_add_varint(&body, SEGMENT_FORMAT);
    buf_add_varint(&body, writer->docs_count);
    buf_add_varint(&body, writer->terms_count);
    for (int field = 0; field < FIELD_COUNT; field++)
        buf_add_varint(&body, writer->units[field]);
    buf_add_varint(&body, langs_count);
    for (uint32_t i = 0; i < langs_count; i++) {
        buf_add_varint(&body, strlen(langs[i]));
        buf_add_str(&body, langs[i]);
    }
    status = buf_status(&body, "a segment's header", err);
    if (status == AF_OK)
        status = put(writer, IMAGE_HEADER, BYTES_NONE, buf_bytes(&body), err);
    buf_release(&body);
    return status;
}

enum status segment_finish(struct segment_writer *writer, uint32_t langs_count,
                           char (*langs)[SEGMENT_LANG_BYTES], struct error *err)
{
    enum status status = docs_finish(&writer->docs, err);

    if (status == AF_OK)
        status = postings_finish(&writer->postings, err);
    if (status == AF_OK)
        status = block_finish(&writer->terms, err);
    if (status == AF_OK)
        status = block_finish(&writer->stems, err);
    if (status == AF_OK)
        status = bloom_finish(&writer->bloom, writer->sink, err);
    for (int name = 0; status == AF_OK && name < COLUMN_COUNT; name++)
        status = column_finish(&writer->columns[name], (enum column_name)name, writer->sink, err);
    if (status == AF_OK)
        status = put_lengths(writer, err);
    if (status == AF_OK)
        status = put_numbers(writer, err);
    if (status == AF_OK)
        status = put_header(writer, langs_count, langs, err);
    return status;
}
