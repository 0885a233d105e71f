#include "indexer/segment_runs.h"

#include "indexer/analyzer.h"
#include "indexer/postings.h"
#include "indexer/run_walk.h"
#include "indexer/segment_write.h"
#include "indexer/stem_groups.h"

#include <stdlib.h>

struct joining {
    const struct segment_runs *in;
    struct segment_writer *writer;
    struct stem_groups groups;
    struct run_walk walk;
    uint32_t *bases; /* of each run: its first document */
    uint32_t langs_count;
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
    uint8_t (*lang_of)[SEGMENT_LANGS_MAX]; /* of each run: its language → ours */
    struct postings_block block;
    uint64_t blocks, all_blocks;
};

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
}

static void tell(struct joining *joining)
{
    if (joining->in->progress != NULL)
        joining->in->progress(joining->in->context, joining->blocks, joining->all_blocks);
}

/* --- documents ---------------------------------------------------------------------------- */

static enum status write_run_documents(struct joining *joining, struct run *run, struct error *err)
{
    struct run_reader reader;
    struct run_document next;
    struct document document;
    enum status status;
    bool found = true;

    run_reader_init(&reader, joining->in->store, &run->docs);
    do {
        status = run_next_document(&reader, &next, &found, err);
        if (status != AF_OK || !found)
            break;
        status = document_decode(next.record, &document)
                     ? segment_add_document(joining->writer, &document, next.lengths, err)
                     : error_set(err, AF_CORRUPT, "a document of the new index is damaged");
    } while (status == AF_OK && found);
    run_reader_release(&reader);
    joining->blocks += run->docs.count;
    tell(joining);
    return status;
}

static enum status write_documents(struct joining *joining, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < joining->in->count; i++) {
        joining->bases[i] = joining->writer->docs_count;
        status = write_run_documents(joining, &joining->in->runs[i], err);
    }
    return status;
}

/* --- languages ---------------------------------------------------------------------------- */

/* In the order they were first seen; one too many has no groups. */
static uint8_t find_lang(struct joining *joining, const char *lang)
{
    uint32_t i = 0;

    while (i < joining->langs_count && strcmp(joining->langs[i], lang) != 0)
        i++;
    if (i == SEGMENT_LANGS_MAX)
        return SEGMENT_LANGS_MAX;
    if (i == joining->langs_count)
        memcpy(joining->langs[joining->langs_count++], lang, SEGMENT_LANG_BYTES);
    return (uint8_t)i;
}

static void join_langs(struct joining *joining)
{
    for (uint32_t i = 0; i < joining->in->count; i++) {
        const struct run *run = &joining->in->runs[i];

        for (uint32_t j = 0; j < run->langs_count; j++)
            joining->lang_of[i][j] = find_lang(joining, run->langs[j]);
    }
}

static uint32_t our_langs(const struct joining *joining, uint32_t run, uint32_t langs)
{
    uint32_t ours = 0;

    for (; langs != 0; langs &= langs - 1) {
        uint8_t lang = joining->lang_of[run][__builtin_ctz(langs)];

        if (lang < SEGMENT_LANGS_MAX)
            ours |= 1u << lang;
    }
    return ours;
}

/* --- terms -------------------------------------------------------------------------------- */

static enum status bad_postings(struct error *err)
{
    return error_set(err, AF_IO, "indexing: postings are not what was written");
}

/* Reads up to POSTINGS_BLOCK postings; *doc is behind the last one. */
static bool read_block(struct reader *r, uint32_t *doc, uint32_t end, struct postings_block *block)
{
    uint32_t n = 0, next = *doc;

    for (; n < POSTINGS_BLOCK && reader_left(r) > 0; n++) {
        uint32_t gap = *r->at;
        uint8_t code;

        if (gap < 0x80) /* nearly all */
            r->at++;
        else if (!reader_varint32(r, &gap))
            return false;
        if (gap >= end - next || !reader_u8(r, &code))
            return false;
        if (code == SHAPE_ESCAPE && !shape_escape_decode(r, block->escapes[n]))
            return false;
        block->docs[n] = next + gap;
        block->codes[n] = code;
        next += gap + 1;
    }
    block->n = n;
    *doc = next;
    return true;
}

/* One run's postings of the open term. */
static enum status add_postings(struct joining *joining, uint32_t run, struct bytes payload,
                                struct error *err)
{
    struct postings_block *block = &joining->block;
    uint32_t doc = joining->bases[run];
    struct reader r = reader_of(payload);
    enum status status = AF_OK;

    while (status == AF_OK && reader_left(&r) > 0) {
        if (!read_block(&r, &doc, joining->writer->docs_count, block))
            return bad_postings(err);
        status = segment_add_postings(joining->writer, block->docs, block->codes, block->n,
                                      (const uint8_t(*)[FIELD_COUNT])block->escapes, err);
    }
    return status;
}

static enum status add_groups(struct joining *joining, struct bytes term, uint32_t langs,
                              struct error *err)
{
    enum status status = AF_OK;

    for (; status == AF_OK && langs != 0; langs &= langs - 1)
        status = stem_groups_add(&joining->groups, joining->langs[__builtin_ctz(langs)],
                                 bytes_of(term.data + 1, term.len - 1), err);
    return status;
}

/* All runs' postings of the smallest term. */
static enum status write_term(struct joining *joining, struct error *err)
{
    const struct run_source *first = run_walk_first(&joining->walk);
    uint8_t copy[UINT8_MAX];
    struct bytes term = bytes_of(copy, first->entry.term.len);
    uint64_t key = first->entry.key;
    uint32_t langs = 0;
    enum status status;
    bool kept;

    memcpy(copy, first->entry.term.data, term.len);
    segment_term_begin(joining->writer, term);
    do {
        uint32_t run = run_walk_number(&joining->walk);

        langs |= our_langs(joining, run, first->entry.langs);
        status = add_postings(joining, run, first->entry.payload, err);
        if (status == AF_OK)
            status = run_walk_next(&joining->walk, err);
        first = run_walk_first(&joining->walk);
    } while (status == AF_OK && first != NULL && first->entry.key == key &&
             bytes_equal(first->entry.term, term));
    if (status == AF_OK)
        status = segment_term_end(joining->writer, &kept, err);
    if (status == AF_OK && langs != 0)
        status = add_groups(joining, term, langs, err);
    return status;
}

static void count_blocks(struct joining *joining, uint64_t before)
{
    uint64_t read = before;

    for (uint32_t i = 0; i < joining->walk.count; i++)
        read += joining->walk.sources[i].reader.next;
    joining->blocks = read;
    tell(joining);
}

#define TERMS_A_REPORT 16384

static enum status write_terms(struct joining *joining, struct error *err)
{
    struct run_list **lists = calloc(joining->in->count + 1u, sizeof(struct run_list *));
    uint64_t before = joining->blocks;
    enum status status;

    if (lists == NULL)
        return no_memory(err);
    for (uint32_t i = 0; i < joining->in->count; i++)
        lists[i] = &joining->in->runs[i].terms;
    status = run_walk_open(&joining->walk, joining->in->store, lists, joining->in->count, err);
    for (uint32_t n = 1; status == AF_OK && run_walk_first(&joining->walk) != NULL; n++) {
        status = write_term(joining, err);
        if (n % TERMS_A_REPORT == 0)
            count_blocks(joining, before);
    }
    run_walk_release(&joining->walk);
    free(lists);
    return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

static int compare_langs(const void *a, const void *b)
{
    return strcmp(a, b);
}

static enum status join(struct joining *joining, struct error *err)
{
    enum status status;

    for (uint32_t i = 0; i < joining->in->count; i++)
        joining->all_blocks += joining->in->runs[i].docs.count + joining->in->runs[i].terms.count;
    join_langs(joining);
    status = write_documents(joining, err);
    if (status == AF_OK)
        status = write_terms(joining, err);
    if (status == AF_OK)
        status = stem_groups_write(&joining->groups, joining->writer, err);
    qsort(joining->langs, joining->langs_count, sizeof joining->langs[0], compare_langs);
    if (status == AF_OK)
        status = segment_finish(joining->writer, joining->langs_count, joining->langs, err);
    return status;
}

enum status segment_from_runs(const struct segment_runs *runs, struct image_sink sink,
                              struct error *err)
{
    struct joining joining = {.in = runs};
    enum status status = AF_OK;

    joining.bases = malloc((runs->count + 1u) * sizeof *joining.bases);
    joining.lang_of = calloc(runs->count + 1u, sizeof *joining.lang_of);
    joining.writer = malloc(sizeof *joining.writer);
    if (joining.bases == NULL || joining.lang_of == NULL || joining.writer == NULL)
        status = no_memory(err);
    if (status == AF_OK) {
        stem_groups_init(&joining.groups, runs->store, runs->stemmer);
        segment_writer_init(joining.writer, sink);
        status = join(&joining, err);
        segment_writer_release(joining.writer);
        stem_groups_release(&joining.groups);
    }
    free(joining.bases);
    free(joining.lang_of);
    free(joining.writer);
    return status;
}
