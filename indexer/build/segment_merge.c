#include "indexer/build/segment_merge.h"

#include "indexer/build/segment_stem.h"
#include "indexer/build/wordset.h"
#include "indexer/segment/segment_write.h"
#include "indexer/text/analyzer.h"

#include <assert.h>
#include <stdlib.h>

#define MERGE_ARENA_BYTES (256u << 20) /* cursors; cleared with every term */

struct source {
    const struct segment *segment;
    uint32_t *renumber; /* DOC_END: left out */
    struct block_cursor cursor;
    uint64_t key; /* term_key() of the entry */
    bool has;     /* the cursor is on one */
};

struct merge {
    struct source *sources;
    uint32_t count;
    struct segment_writer *writer;
    struct arena *arena;
    struct wordset words;
    struct postings_block block;
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for merging segments of the index");
}

/* --- documents --- */

static enum status merge_documents(struct merge *merge, struct source *source, uint32_t *next,
                                   struct error *err)
{
    const struct segment *segment = source->segment;
    enum status status = AF_OK;

    source->renumber = malloc((segment_docs(segment) + (size_t)1) * sizeof *source->renumber);
    if (source->renumber == NULL)
        return no_memory(err);
    status = segment_verify_again(segment, err);
    for (uint32_t doc = 0; status == AF_OK && doc < segment_docs(segment); doc++) {
        struct document document;

        source->renumber[doc] = DOC_END;
        if (!segment_is_live(segment, doc))
            continue;
        source->renumber[doc] = (*next)++;
        status = segment_document(segment, doc, &document, err);
        if (status == AF_OK)
            status =
                segment_add_document(merge->writer, &document, segment_lengths(segment, doc), err);
    }
    return status;
}

/* --- walking all sources in step --- */

static enum status source_next(struct source *source, struct error *err)
{
    enum status status =
        segment_note(source->segment, block_next(&source->cursor, &source->has, err));

    if (status == AF_OK && source->has)
        source->key = term_key(block_cursor_key(&source->cursor));
    return status;
}

static inline bool is_before(const struct source *a, const struct source *b)
{
    if (a->key != b->key)
        return a->key < b->key;
    return bytes_compare(block_cursor_key(&a->cursor), block_cursor_key(&b->cursor)) < 0;
}

static inline bool is_at(const struct source *source, uint64_t key, struct bytes bytes)
{
    return source->has && source->key == key &&
           bytes_equal(block_cursor_key(&source->cursor), bytes);
}

static enum status rewind_sources(struct merge *merge, enum image_kind kind, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < merge->count; i++) {
        struct source *source = &merge->sources[i];

        status = segment_note(source->segment, block_seek(&source->cursor, source->segment->image,
                                                          kind, BYTES_NONE, err));
        if (status == AF_OK)
            status = source_next(source, err);
    }
    return status;
}

/* The source with the smallest key; NULL when all are at their end. A line through at most
 * INDEX_SEGMENTS_MAX sources: a merge has eight, a heap would not be faster. */
static struct source *smallest(struct merge *merge)
{
    struct source *best = NULL;

    for (uint32_t i = 0; i < merge->count; i++) {
        struct source *source = &merge->sources[i];

        if (source->has && (best == NULL || is_before(source, best)))
            best = source;
    }
    return best;
}

/* --- terms --- */

/* Leaves out what is out of date and numbers the rest anew. */
static void renumber(const struct source *source, struct postings_block *block)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < block->n; i++) {
        uint32_t doc = source->renumber[block->docs[i]];

        if (block->codes[i] == SHAPE_ESCAPE)
            memmove(block->escapes[n], block->escapes[i], FIELD_COUNT);
        block->docs[n] = doc;
        block->codes[n] = block->codes[i];
        n += doc != DOC_END;
    }
    block->n = n;
}

static void copy_block(struct merge *merge, const struct source *source)
{
    struct postings_block *block = &merge->block;

    renumber(source, block);
    segment_add_postings(merge->writer, block->docs, block->codes, block->n,
                         (const uint8_t(*)[FIELD_COUNT])block->escapes);
}

static enum status copy_postings(struct merge *merge, const struct source *source,
                                 struct error *err)
{
    struct term_entry entry = {.at = source->cursor.payload};
    struct postings postings;
    enum status status;
    uint32_t from = 0;

    if (postings_inline(entry.at, segment_docs(source->segment), &merge->block)) {
        copy_block(merge, source);
        return AF_OK;
    }
    status = postings_open(source->segment, &entry, merge->arena, &postings, err);
    while (status == AF_OK) {
        status = postings_block_seek(&postings, from, err);
        if (status != AF_OK || postings.block_last == DOC_END)
            break;
        status = postings_block_decode(&postings, &merge->block, err);
        if (status == AF_OK)
            copy_block(merge, source);
        from = postings.block_last + 1;
    }
    return status;
}

static enum status merge_term(struct merge *merge, struct bytes term, struct error *err)
{
    uint64_t key = term_key(term);
    enum status status = AF_OK;
    bool kept;

    segment_term_begin(merge->writer, term);
    for (uint32_t i = 0; status == AF_OK && i < merge->count; i++) {
        struct source *source = &merge->sources[i];

        if (!is_at(source, key, term))
            continue;
        status = copy_postings(merge, source, err);
        if (status == AF_OK)
            status = source_next(source, err);
    }
    arena_clear(merge->arena);
    if (status == AF_OK)
        status = segment_term_end(merge->writer, &kept, err);
    if (status == AF_OK && kept && term.data[0] == TERM_WORD &&
        !wordset_add(&merge->words, bytes_of(term.data + 1, term.len - 1)))
        status = no_memory(err);
    return status;
}

static enum status merge_terms(struct merge *merge, struct error *err)
{
    enum status status = rewind_sources(merge, IMAGE_TERMS, err);
    struct source *best;

    while (status == AF_OK && (best = smallest(merge)) != NULL) {
        uint8_t term[IMAGE_KEY_BYTES_MAX]; /* the cursors move on while it is written */
        size_t len = best->cursor.key_len;

        memcpy(term, best->cursor.key, len);
        status = merge_term(merge, bytes_of(term, len), err);
    }
    return status;
}

/* --- stem groups --- */

/* Surfaces rise in each payload; gives the smallest of those in hand and moves past it. */
static bool next_surface(struct bytes *heads, struct reader *rest, uint32_t count,
                         struct bytes *out, bool *bad)
{
    uint32_t best = count;

    for (uint32_t i = 0; i < count; i++)
        if (heads[i].len > 0 && (best == count || bytes_compare(heads[i], heads[best]) < 0))
            best = i;
    if (best == count)
        return false;
    *out = heads[best];
    for (uint32_t i = 0; i < count; i++) {
        if (!bytes_equal(heads[i], *out))
            continue;
        heads[i] = BYTES_NONE;
        if (reader_left(&rest[i]) > 0 &&
            (!stem_surface_next(&rest[i], &heads[i]) || bytes_compare(*out, heads[i]) >= 0))
            *bad = true;
    }
    return !*bad;
}

static enum status merge_surfaces(struct merge *merge, struct reader *rest, uint32_t count,
                                  struct buf *payload, struct error *err)
{
    struct bytes heads[MERGE_SOURCES_MAX], surface;
    bool bad = false;

    for (uint32_t i = 0; i < count; i++) {
        heads[i] = BYTES_NONE;
        if (reader_left(&rest[i]) > 0 && !stem_surface_next(&rest[i], &heads[i]))
            bad = true;
    }
    buf_clear(payload);
    while (!bad && next_surface(heads, rest, count, &surface, &bad)) {
        if (!wordset_has(&merge->words, surface))
            continue;
        buf_add_varint(payload, surface.len);
        buf_add(payload, surface);
    }
    if (bad) {
        for (uint32_t i = 0; i < merge->count; i++) /* which of them is not told apart */
            *merge->sources[i].segment->damaged = true;
        return error_set(err, AF_CORRUPT, "the index, stems: a group is damaged");
    }
    return buf_status(payload, "merging segments", err);
}

static enum status merge_stem(struct merge *merge, struct bytes key, struct buf *payload,
                              struct error *err)
{
    struct reader rest[MERGE_SOURCES_MAX];
    uint64_t first = term_key(key);
    enum status status;
    uint32_t count = 0;

    for (uint32_t i = 0; i < merge->count; i++) {
        struct source *source = &merge->sources[i];

        if (is_at(source, first, key))
            rest[count++] = reader_of(source->cursor.payload);
    }
    status = merge_surfaces(merge, rest, count, payload, err);
    if (status == AF_OK && payload->len > 0)
        status = segment_add_stem(merge->writer, key, buf_bytes(payload), err);
    for (uint32_t i = 0; status == AF_OK && i < merge->count; i++) {
        struct source *source = &merge->sources[i];

        if (is_at(source, first, key))
            status = source_next(source, err);
    }
    return status;
}

static enum status merge_stems(struct merge *merge, struct error *err)
{
    enum status status = rewind_sources(merge, IMAGE_STEMS, err);
    struct buf payload = {0};
    struct source *best;

    while (status == AF_OK && (best = smallest(merge)) != NULL) {
        uint8_t key[IMAGE_KEY_BYTES_MAX];
        size_t len = best->cursor.key_len;

        memcpy(key, best->cursor.key, len);
        status = merge_stem(merge, bytes_of(key, len), &payload, err);
    }
    buf_release(&payload);
    return status;
}

/* --- the whole --- */

static int compare_langs(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* The union of the sources' languages, sorted; what does not fit is left without groups. */
static uint32_t merge_langs(const struct merge *merge, char (*langs)[SEGMENT_LANG_BYTES])
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < merge->count; i++) {
        const struct segment_base *base = merge->sources[i].segment->base;

        for (uint32_t j = 0; j < base->langs_count; j++) {
            uint32_t k = 0;

            while (k < count && strcmp(langs[k], base->langs[j]) != 0)
                k++;
            if (k == count && count < SEGMENT_LANGS_MAX)
                memcpy(langs[count++], base->langs[j], SEGMENT_LANG_BYTES);
        }
    }
    qsort(langs, count, sizeof *langs, compare_langs);
    return count;
}

static enum status merge_all(struct merge *merge, struct error *err)
{
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
    enum status status = AF_OK;
    uint32_t docs = 0;

    for (uint32_t i = 0; status == AF_OK && i < merge->count; i++)
        status = merge_documents(merge, &merge->sources[i], &docs, err);
    if (status == AF_OK)
        status = merge_terms(merge, err);
    if (status == AF_OK)
        status = merge_stems(merge, err);
    if (status == AF_OK)
        status = segment_finish(merge->writer, merge_langs(merge, langs), langs, err);
    return status;
}

enum status segment_merge(const struct segment *const *sources, uint32_t count,
                          struct image_sink sink, struct error *err)
{
    struct merge merge = {.count = count};
    enum status status = AF_OK;

    assert(count <= MERGE_SOURCES_MAX);
    merge.sources = calloc(count + (size_t)1, sizeof *merge.sources);
    merge.writer = malloc(sizeof *merge.writer);
    merge.arena = arena_new(MERGE_ARENA_BYTES);
    if (merge.sources == NULL || merge.writer == NULL || merge.arena == NULL) {
        status = no_memory(err);
    } else {
        segment_writer_init(merge.writer, sink);
        for (uint32_t i = 0; i < count; i++)
            merge.sources[i].segment = sources[i];
        status = merge_all(&merge, err);
        segment_writer_release(merge.writer);
    }
    for (uint32_t i = 0; merge.sources != NULL && i < count; i++)
        free(merge.sources[i].renumber);
    free(merge.sources);
    free(merge.writer);
    wordset_release(&merge.words);
    arena_free(merge.arena);
    return status;
}
