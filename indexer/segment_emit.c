#include "indexer/postings.h"
#include "indexer/segment_build_impl.h"

#include <assert.h>
#include <stdlib.h>

static enum status write_documents(const struct segment_builder *builder,
                                   struct segment_writer *writer, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < builder->docs_count; i++) {
        const struct pending *doc = &builder->docs[i];
        struct bytes record =
            bytes_of(builder->records.data + doc->record_start, doc->record_bytes);

        if (doc->is_live)
            status = segment_add_document(writer, doc->no, record, doc->lengths, err);
    }
    return status;
}

/* The postings first … end of a term, a block's worth at a time. */
static enum status write_postings(const struct inverted *inv, size_t first, size_t end,
                                  struct segment_writer *writer, struct error *err)
{
    uint8_t codes[POSTINGS_BLOCK], escapes[POSTINGS_BLOCK][FIELD_COUNT];
    enum status status = AF_OK;

    while (status == AF_OK && first < end) {
        uint32_t n = end - first < POSTINGS_BLOCK ? (uint32_t)(end - first) : POSTINGS_BLOCK;
        unsigned escaped = 0;

        for (uint32_t i = 0; i < n; i++) {
            const uint8_t *code = inv->codes[first + i];
            struct reader escape = {code + 1, code + POSTINGS_CODE_BYTES_MAX};
            bool ours = true;

            codes[i] = *code;
            if (*code == SHAPE_ESCAPE)
                ours = shape_escape_decode(&escape, escapes[escaped++]);
            assert(ours);
            (void)ours;
        }
        status = segment_add_postings(writer, inv->docs + first, codes, n,
                                      (const uint8_t(*)[FIELD_COUNT])escapes, err);
        first += n;
    }
    return status;
}

static enum status write_terms(const struct segment_builder *builder, const struct inverted *inv,
                               struct segment_writer *writer, struct error *err)
{
    enum status status = AF_OK;
    bool kept;

    for (uint32_t i = 0; status == AF_OK && i < inv->terms; i++) {
        uint32_t term = inv->sorted[i].term;

        segment_term_begin(writer, termtable_bytes_of(&builder->terms, term));
        status = write_postings(inv, inv->start[term], inv->start[term + 1], writer, err);
        if (status == AF_OK)
            status = segment_term_end(writer, &kept, err);
    }
    return status;
}

static int compare_langs(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum status finish(const struct segment_builder *builder, struct segment_writer *writer,
                          struct error *err)
{
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];

    memcpy(langs, builder->langs, sizeof langs);
    qsort(langs, builder->langs_count, sizeof langs[0], compare_langs);
    return segment_finish(writer, builder->langs_count, langs, err);
}

enum status segment_builder_write(struct segment_builder *builder, struct image_sink sink,
                                  uint32_t id, struct error *err)
{
    struct segment_writer *writer = malloc(sizeof *writer);
    struct inverted inv = {0};
    enum status status;

    if (writer == NULL)
        return builder_no_memory(err);
    segment_writer_init(writer, sink, id);
    status = inverted_build(builder, &inv, err);
    if (status == AF_OK)
        status = write_documents(builder, writer, err);
    if (status == AF_OK)
        status = write_terms(builder, &inv, writer, err);
    if (status == AF_OK)
        status = builder_write_stems(builder, &inv, writer, err);
    if (status == AF_OK)
        status = finish(builder, writer, err);
    segment_writer_release(writer);
    free(writer);
    inverted_release(&inv);
    segment_builder_clear(builder);
    return status;
}
