/* stream.h: the documents of one term in one segment, with what each is worth.
 *
 * Walks postings a block at a time (segment.h). A document that is sought is found in its block
 * without decoding the others, until that has been done STREAM_FINDS times in the same block;
 * who walks over all of them asks for the whole block. `most` bounds from above what a posting
 * here can be worth: what cannot be among the best is skipped undecoded. */
#ifndef ASKFIRST_SEARCH_MATCH_STREAM_H
#define ASKFIRST_SEARCH_MATCH_STREAM_H

#include "search/score/bm25.h"

/* Finding a document costs a fifth of decoding a block's, finding a code a quarter: seldom much
 * more than the better of the two is spent. */
#define STREAM_FINDS 2

struct stream {
    uint32_t doc; /* current; DOC_END after the last */
    uint32_t at;  /* its place in the block */
    float worth;  /* of an infinite strength: weight of the form × idf */
    float most;   /* of any posting */
    float ratio;  /* the segment's bounds times this are bounds here (impact.h) */
    const struct bm25 *bm25;
    const uint8_t *lengths; /* FIELD_COUNT codes a document */
    struct postings postings;
    struct arena *arena;
    /* the block at hand */
    bool has_docs, has_codes;     /* in `block`, */
    struct postings_block *block; /* which is NULL before the first that is decoded */
    bool has_code;                /* of the current posting */
    uint8_t code, docs_found, codes_found;
};

/* Stands on the first document. `ratio`: stream_ratio() of the segment. AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status stream_open(struct stream *stream, const struct segment *segment,
                        const struct term_entry *entry, const struct bm25 *bm25, float worth,
                        float ratio, struct arena *arena, struct error *err) MUST_USE;
float stream_ratio(const struct segment *segment, const struct bm25 *bm25);

/* Moves to the first document ≥ `doc`; never back. */
enum status stream_seek(struct stream *stream, uint32_t doc, struct error *err) MUST_USE;

/* The same, but passes blocks undecoded in which nothing is worth more than `bar`; counts the
 * documents passed, by and large. For who walks on: the block is decoded. */
enum status stream_seek_above(struct stream *stream, uint32_t doc, float bar, uint64_t *passed,
                              struct error *err) MUST_USE;

/* Decodes the block at hand: before anything is asked about other postings of it, */
enum status stream_need_docs(struct stream *stream, struct error *err) MUST_USE;
enum status stream_need_codes(struct stream *stream, struct error *err) MUST_USE;
/* or about the current one. */
enum status stream_need_code(struct stream *stream, struct error *err) MUST_USE;

static inline float stream_strength_of(const struct stream *stream, uint32_t doc, uint8_t code,
                                       uint32_t at)
{
    const uint8_t *tf = shape_tf(code);
    const uint8_t *lengths = stream->lengths + (size_t)doc * FIELD_COUNT;
    unsigned fields = tf[FIELD_COUNT];
    float strength = 0;

    if (fields == 0)
        return bm25_strength(stream->bm25, postings_block_tf(stream->block, at), lengths);
    for (; fields != 0; fields &= fields - 1) {
        unsigned f = (unsigned)__builtin_ctz(fields);

        strength += (float)tf[f] * stream->bm25->factor[f][lengths[f]];
    }
    return strength;
}

/* Posting `at` of the block will be asked about soon: lengths are all over the memory. Who scores
 * one posting after another says so STREAM_AHEAD of them before. */
#define STREAM_AHEAD 12
static inline void stream_expect(const struct stream *stream, uint32_t at)
{
    __builtin_prefetch(stream->lengths + (size_t)stream->block->docs[at] * FIELD_COUNT);
}

/* Of posting `at` of the block: its strength (bm25.h), and what it is worth. */
static inline float stream_strength_at(const struct stream *stream, uint32_t at)
{
    return stream_strength_of(stream, stream->block->docs[at], stream->block->codes[at], at);
}
static inline float stream_worth_at(const struct stream *stream, uint32_t at)
{
    return stream->worth * bm25_saturate(stream->bm25, stream_strength_at(stream, at));
}

/* The strength from which on a posting can be worth more than `bar`; FLT_MAX: none can. */
float stream_strength_for(const struct stream *stream, float bar);

/* Of postings from … end-1 of the block, whose codes are decoded: the places of those whose code
 * can have the strength `least`. Returns how many. Lengths are not looked at. */
unsigned stream_pick(const struct stream *stream, uint32_t from, uint32_t end, float least,
                     uint8_t places[POSTINGS_BLOCK]);

/* The same of the current one, and a bit for each field with the term. */
static inline float stream_strength(const struct stream *stream)
{
    return stream_strength_of(stream, stream->doc,
                              stream->has_codes ? stream->block->codes[stream->at] : stream->code,
                              stream->at);
}
static inline float stream_worth(const struct stream *stream)
{
    return stream->worth * bm25_saturate(stream->bm25, stream_strength(stream));
}
unsigned stream_fields(const struct stream *stream);

#endif
