#include "indexer/build/term_join.h"

enum status term_join_open(struct term_join *join, const struct joined_runs *runs,
                           struct run_range range, struct postings_encoder *encoder,
                           struct error *err)
{
    join->runs = runs;
    join->encoder = encoder;
    return run_walk_open(&join->walk, runs->store, runs->terms, runs->count, range, err);
}

void term_join_release(struct term_join *join)
{
    run_walk_release(&join->walk);
}

static uint32_t our_langs(const struct joined_runs *runs, uint32_t run, uint32_t langs)
{
    uint32_t ours = 0;

    for (; langs != 0; langs &= langs - 1) {
        uint8_t lang = runs->lang_of[run][__builtin_ctz(langs)];

        if (lang < SEGMENT_LANGS_MAX)
            ours |= 1u << lang;
    }
    return ours;
}

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
static enum status add_postings(struct term_join *join, uint32_t run, struct bytes payload,
                                struct error *err)
{
    struct postings_block *block = &join->block;
    uint32_t doc = join->runs->bases[run];
    struct reader r = reader_of(payload);

    while (reader_left(&r) > 0) {
        if (!read_block(&r, &doc, join->encoder->docs_count, block))
            return bad_postings(err);
        postings_encode_add(join->encoder, block->docs, block->codes, block->n,
                            (const uint8_t(*)[FIELD_COUNT])block->escapes);
    }
    return AF_OK;
}

enum status term_join_next(struct term_join *join, struct joined_term *out, bool *found,
                           struct error *err)
{
    const struct run_source *first = run_walk_first(&join->walk);
    enum status status = AF_OK;
    uint64_t key;

    *found = first != NULL;
    if (!*found)
        return AF_OK;
    key = first->entry.key;
    *out = (struct joined_term){.term = bytes_of(join->term, first->entry.term.len)};
    memcpy(join->term, first->entry.term.data, out->term.len);
    postings_encode_begin(join->encoder);
    do {
        uint32_t run = run_walk_number(&join->walk);

        out->langs |= our_langs(join->runs, run, first->entry.langs);
        status = add_postings(join, run, first->entry.payload, err);
        if (status == AF_OK)
            status = run_walk_next(&join->walk, err);
        first = run_walk_first(&join->walk);
    } while (status == AF_OK && first != NULL && first->entry.key == key &&
             bytes_equal(first->entry.term, out->term));
    return status == AF_OK ? postings_encode_end(join->encoder, &out->list, err) : status;
}
