#include "indexer/segment/segment.h"

#include "indexer/segment/block.h"
#include "indexer/segment/docs.h"
#include "indexer/segment/postings.h"
#include "indexer/segment/segment_impl.h"
#include "indexer/segment/segment_write.h"
#include "indexer/text/analyzer.h"

#include <assert.h>
#include <stdlib.h>

#define TERMS_PER_VALUE 64 /* dictionary and postings together */

static enum status damaged(const struct image *image, const char *what, struct error *err)
{
    return error_set(err, AF_CORRUPT, "the index, segment %u: %s", (unsigned)image->id, what);
}

/* --- loading --- */

static bool read_header(struct reader r, struct segment_base *base)
{
    uint32_t format, len;
    struct bytes tag;

    if (!reader_varint32(&r, &format) || format != SEGMENT_FORMAT ||
        !reader_varint32(&r, &base->docs) || base->docs >= DOC_END ||
        !reader_varint64(&r, &base->terms))
        return false;
    for (int field = 0; field < FIELD_COUNT; field++)
        if (!reader_varint64(&r, &base->units[field]))
            return false;
    if (!reader_varint32(&r, &base->langs_count) || base->langs_count > SEGMENT_LANGS_MAX)
        return false;
    for (uint32_t i = 0; i < base->langs_count; i++) {
        if (!reader_varint32(&r, &len) || len >= SEGMENT_LANG_BYTES || !reader_take(&r, len, &tag))
            return false;
        memcpy(base->langs[i], tag.data, len);
    }
    return reader_left(&r) == 0;
}

static enum status load_header(struct image *image, struct segment_base *base, struct error *err)
{
    struct bytes body;
    enum status status;
    bool found;

    status = image_get(image, IMAGE_HEADER, BYTES_NONE, &body, &found, err);
    if (status == AF_OK && (!found || !read_header(reader_of(body), base)))
        status = damaged(image, "its header is missing or wrong", err);
    return status;
}

static enum status get_lengths(struct image *image, uint32_t docs, const uint8_t **out,
                               struct error *err)
{
    struct bytes body;
    enum status status;
    bool found;

    status = image_get(image, IMAGE_LENGTHS, BYTES_NONE, &body, &found, err);
    if (status == AF_OK && (!found || body.len != (size_t)docs * FIELD_COUNT))
        status = damaged(image, "its lengths are missing or wrong", err);
    if (status == AF_OK)
        *out = body.data;
    return status;
}

/* Without memory for them there is more to compute, no more than that. */
static void make_tables(const struct image *image, struct segment_base *base)
{
    base->seen = seen_new(base->terms / TERMS_PER_VALUE);
    base->places = places_new(tree_entries(image->tree));
    base->doc_places = places_new(base->docs / DOCS_PER_PLACE + 1u);
}

enum status segment_base_load(struct image *image, struct memory_image *memory,
                              struct segment_base **out, struct error *err)
{
    struct segment_base *base = calloc(1, sizeof *base);
    enum status status;

    if (base == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a segment of the index");
    base->refs = 1;
    base->id = image->id;
    status = load_header(image, base, err);
    if (status == AF_OK && ((base->bloom = bloom_place_new(base->terms)) == NULL ||
                            (base->columns = columns_new(base->docs)) == NULL))
        status = error_set(err, AF_NO_MEMORY, "no memory for a segment of the index");
    if (status == AF_OK)
        status = get_lengths(image, base->docs, &base->lengths, err);
    if (status != AF_OK) {
        segment_base_free(base);
        return status;
    }
    if (memory == NULL)
        make_tables(image, base);
    base->memory = memory;
    *out = base;
    return AF_OK;
}

void segment_base_free(struct segment_base *base)
{
    if (base == NULL)
        return;
    memory_image_free(base->memory);
    tree_free(base->tree);
    seen_free(base->seen);
    places_free(base->places);
    places_free(base->doc_places);
    bloom_place_free(base->bloom);
    columns_free(base->columns);
    free(base);
}

/* --- documents --- */

uint32_t segment_docs(const struct segment *segment)
{
    return segment->base->docs;
}

void segment_averages(const struct segment *segment, double average[FIELD_COUNT])
{
    for (int f = 0; f < FIELD_COUNT; f++)
        average[f] = impact_average(segment->base->units[f], segment->base->docs);
}

bool segment_is_live(const struct segment *segment, uint32_t doc)
{
    return doc < segment->base->docs && !deadset_has(segment->dead, doc);
}

const uint8_t *segment_lengths(const struct segment *segment, uint32_t doc)
{
    if (doc >= segment->base->docs)
        return NULL;
    return segment->base->lengths + (size_t)doc * FIELD_COUNT;
}

enum status segment_verify_again(const struct segment *segment, struct error *err)
{
    const struct tree *tree = segment->image->tree;
    const uint8_t *lengths;
    enum status status = tree == NULL ? AF_OK : tree_verify(tree, err);

    if (status != AF_OK)
        error_prefix(err, "the index, segment %u", (unsigned)segment->base->id);
    if (status == AF_OK)
        status = get_lengths(segment->image, segment->base->docs, &lengths, err);
    if (status == AF_OK)
        status = columns_verify(segment->image, err);
    return segment_note(segment, status);
}

enum status segment_column(const struct segment *segment, enum column_name name,
                           const struct column **out, struct error *err)
{
    return segment_note(segment,
                        columns_get(segment->base->columns, segment->image, name, out, err));
}

/* What columns say of a document. */
static enum status take_columns(const struct segment *segment, uint32_t doc, struct document *out,
                                struct error *err)
{
    struct bytes values[COLUMN_COUNT];

    for (int name = 0; name < COLUMN_COUNT; name++) {
        const struct column *column;
        enum status status = segment_column(segment, (enum column_name)name, &column, err);

        if (status != AF_OK)
            return status;
        values[name] = column_value(column, doc);
    }
    out->lang = values[COLUMN_LANG];
    out->product = values[COLUMN_PRODUCT];
    out->category = values[COLUMN_CATEGORY];
    if (values[COLUMN_AUDIENCE].len != 1)
        return segment_note(segment, damaged(segment->image, "its audiences are wrong", err));
    out->audience = values[COLUMN_AUDIENCE].data[0];
    return AF_OK;
}

enum status segment_document(const struct segment *segment, uint32_t doc, struct document *out,
                             struct error *err)
{
    enum status status;

    if (doc >= segment->base->docs)
        return error_set(err, AF_NOT_FOUND, "the segment has no document %u", (unsigned)doc);
    memset(out, 0, sizeof *out);
    status = segment_note(segment, docs_find(segment->image, doc, out, err));
    return status == AF_OK ? take_columns(segment, doc, out, err) : status;
}

enum status segment_find_number(const struct segment *segment, uint32_t no, uint32_t *doc,
                                bool *found, struct error *err)
{
    struct bytes at, body;
    struct reader r, first;
    enum status status;
    uint32_t gap, at_doc, at_no;
    uint8_t key[4];

    put_be32(key, no);
    status = image_floor(segment->image, IMAGE_NUMBERS, bytes_of(key, 4), &at, &body, found, err);
    if (status != AF_OK || !*found)
        return segment_note(segment, status);
    *found = false;
    first = reader_of(at);
    r = reader_of(body);
    if (!reader_be32(&first, &at_no))
        return segment_note(segment, damaged(segment->image, "a bad key in its numbers", err));
    while (reader_left(&r) > 0 && at_no <= no) {
        if (!reader_varint32(&r, &gap) || !reader_varint32(&r, &at_doc) ||
            gap > UINT32_MAX - at_no || at_doc >= segment->base->docs)
            return segment_note(segment, damaged(segment->image, "its numbers are wrong", err));
        at_no += gap;
        if (at_no == no) {
            *found = true;
            *doc = at_doc;
            return AF_OK;
        }
    }
    return AF_OK;
}

/* --- the dictionary --- */

enum status segment_may_have(const struct segment *segment, uint32_t hash, bool *may,
                             struct error *err)
{
    const struct bloom *bloom;
    enum status status = bloom_get(segment->base->bloom, segment->image, &bloom, err);

    if (status != AF_OK)
        return segment_note(segment, status);
    *may = bloom_may_have(bloom, hash);
    return AF_OK;
}

/* Only when the filter has been needed before: for one term it would not be worth reading; nor for
 * a gram that somebody typed: nearly all are there. */
static bool is_surely_absent(const struct segment *segment, struct bytes term)
{
    bool asks = bloom_takes(term) && term.data[0] != TERM_GRAM2;
    const struct bloom *bloom = asks ? bloom_peek(segment->base->bloom) : NULL;

    return bloom != NULL && !bloom_may_have(bloom, bloom_hash(term));
}

static enum status term_payload(const struct segment *segment, struct bytes payload,
                                struct term_entry *out, struct error *err)
{
    if (!postings_head(payload, &out->df, &out->impact) || out->df > segment->base->docs)
        return segment_note(segment, damaged(segment->image, "a dictionary entry is damaged", err));
    out->at = payload;
    return AF_OK;
}

enum status segment_find(const struct segment *segment, struct bytes term, struct term_entry *out,
                         bool *found, struct error *err)
{
    struct bytes payload;
    enum status status;

    *found = false;
    if (term.len == 0 || term.len > TERM_BYTES_MAX || is_surely_absent(segment, term))
        return AF_OK;
    status = block_find(segment->image, IMAGE_TERMS, term, &payload, found, err);
    if (status != AF_OK || !*found)
        return segment_note(segment, status);
    out->term = term;
    return term_payload(segment, payload, out, err);
}

struct term_cursor {
    const struct segment *segment;
    struct block_cursor block;
};

enum status term_cursor_open(const struct segment *segment, struct bytes from, struct arena *arena,
                             struct term_cursor **out, struct error *err)
{
    struct term_cursor *cursor = arena_alloc(arena, sizeof *cursor);
    enum status status;

    if (cursor == NULL)
        return arena_exhausted(arena, err);
    cursor->segment = segment;
    status = block_seek(&cursor->block, segment->image, IMAGE_TERMS, from, err);
    if (status == AF_OK)
        *out = cursor;
    return segment_note(segment, status);
}

static enum status give_term(struct term_cursor *cursor, enum status status, bool found,
                             struct term_entry *out, struct error *err)
{
    if (status != AF_OK || !found)
        return segment_note(cursor->segment, status);
    out->term = block_cursor_key(&cursor->block);
    return term_payload(cursor->segment, cursor->block.payload, out, err);
}

enum status term_cursor_next(struct term_cursor *cursor, struct term_entry *out, bool *found,
                             struct error *err)
{
    enum status status = block_next(&cursor->block, found, err);

    return give_term(cursor, status, *found, out, err);
}

enum status term_cursor_skip(struct term_cursor *cursor, size_t len, struct term_entry *out,
                             bool *found, struct error *err)
{
    enum status status = block_skip(&cursor->block, len, found, err);

    return give_term(cursor, status, *found, out, err);
}

enum status term_cursor_next_holding(struct term_cursor *cursor, uint8_t term_class,
                                     struct bytes piece, uint32_t *left, struct term_entry *out,
                                     bool *found, struct error *err)
{
    enum status status = block_next_holding(&cursor->block, term_class, piece, left, found, err);

    return give_term(cursor, status, *found, out, err);
}

void term_cursor_close(struct term_cursor *cursor)
{
    (void)cursor; /* lives in the arena; a cursor of LMDB belongs to the segment */
}
