#include "indexer/build/segment_runs.h"

#include "indexer/build/segment_ranges.h"
#include "indexer/build/stem_groups.h"
#include "indexer/segment/segment_write.h"
#include "indexer/text/analyzer.h"

#include <stdlib.h>

struct joining {
    const struct segment_runs *in;
    struct segment_writer *writer;
    struct stem_groups groups;
    struct run_list **terms; /* of each run */
    uint32_t *bases;         /* of each run: its first document */
    uint32_t langs_count;
    char langs[SEGMENT_LANGS_MAX][SEGMENT_LANG_BYTES];
    uint8_t (*lang_of)[SEGMENT_LANGS_MAX]; /* of each run: its language → ours */
    uint64_t blocks, all_blocks, docs_blocks;
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

    run_reader_init(&reader, joining->in->store, &run->docs, RUN_WHOLE);
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

/* --- terms -------------------------------------------------------------------------------- */

static enum status add_groups(struct joining *joining, struct bytes term, uint32_t langs,
                              struct error *err)
{
    enum status status = AF_OK;

    for (; status == AF_OK && langs != 0; langs &= langs - 1)
        status = stem_groups_add(&joining->groups, joining->langs[__builtin_ctz(langs)],
                                 bytes_of(term.data + 1, term.len - 1), err);
    return status;
}

static enum status write_term(void *context, const struct joined_term *term, struct error *err)
{
    struct joining *joining = context;
    enum status status = segment_add_term(joining->writer, term->term, &term->list, err);

    return status == AF_OK && term->langs != 0 ? add_groups(joining, term->term, term->langs, err)
                                               : status;
}

static void on_range(void *context, uint32_t ranges, uint32_t of)
{
    struct joining *joining = context;

    joining->blocks =
        joining->docs_blocks + (joining->all_blocks - joining->docs_blocks) * ranges / of;
    tell(joining);
}

static void count_blocks(struct joining *joining, const struct run_walk *walk)
{
    joining->blocks = joining->docs_blocks;
    for (uint32_t i = 0; i < walk->count; i++)
        joining->blocks += walk->sources[i].reader.next;
    tell(joining);
}

#define TERMS_A_REPORT 16384

/* One thread, or too little for more: nothing is kept in between. */
static enum status write_straight(struct joining *joining, const struct joined_runs *runs,
                                  struct postings_encoder *encoder, struct error *err)
{
    struct term_join *join = calloc(1, sizeof *join);
    struct joined_term term;
    enum status status = AF_OK;
    bool found = true;

    if (join == NULL)
        return no_memory(err);
    status = term_join_open(join, runs, RUN_WHOLE, encoder, err);
    for (uint32_t n = 1; status == AF_OK; n++) {
        status = term_join_next(join, &term, &found, err);
        if (status != AF_OK || !found)
            break;
        status = write_term(joining, &term, err);
        if (n % TERMS_A_REPORT == 0)
            count_blocks(joining, &join->walk);
    }
    term_join_release(join);
    free(join);
    return status;
}

static enum status write_terms(struct joining *joining, struct error *err)
{
    const struct segment_runs *in = joining->in;
    const struct joined_runs runs = {
        .store = in->store,
        .terms = joining->terms,
        .bases = joining->bases,
        .lang_of = joining->lang_of,
        .count = in->count,
    };
    const struct range_visitor visitor = {write_term, on_range, joining};
    struct run_range ranges[RUN_RANGES_MAX];
    struct postings_encoder *encoder = malloc(sizeof *encoder);
    uint32_t count = 1;
    enum status status;

    if (encoder == NULL)
        return no_memory(err);
    joining->docs_blocks = joining->blocks;
    status = segment_encoder_init(joining->writer, encoder, err);
    if (status == AF_OK && in->threads > 1)
        status = run_ranges_plan(joining->terms, in->count, RUN_RANGES_MAX, ranges, &count, err);
    if (status == AF_OK)
        status = count == 1 ? write_straight(joining, &runs, encoder, err)
                            : segment_ranges_visit(&runs, ranges, count, in->threads, encoder,
                                                   &visitor, err);
    postings_encoder_release(encoder);
    free(encoder);
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

    for (uint32_t i = 0; i < joining->in->count; i++) {
        struct run *run = &joining->in->runs[i];

        joining->terms[i] = &run->terms;
        joining->all_blocks += run->docs.count + run->terms.count;
    }
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

    joining.terms = calloc(runs->count + 1u, sizeof(struct run_list *));
    joining.bases = malloc((runs->count + 1u) * sizeof *joining.bases);
    joining.lang_of = calloc(runs->count + 1u, sizeof *joining.lang_of);
    joining.writer = malloc(sizeof *joining.writer);
    if (joining.terms == NULL || joining.bases == NULL || joining.lang_of == NULL ||
        joining.writer == NULL)
        status = no_memory(err);
    if (status == AF_OK) {
        stem_groups_init(&joining.groups, runs->store, runs->stemmer);
        segment_writer_init(joining.writer, sink);
        status = join(&joining, err);
        segment_writer_release(joining.writer);
        stem_groups_release(&joining.groups);
    }
    free(joining.terms);
    free(joining.bases);
    free(joining.lang_of);
    free(joining.writer);
    return status;
}
