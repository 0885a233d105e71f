/* stream.h: the documents of one term in one segment, with what each is worth.
 *
 * Walks postings a block at a time (segment.h); a block is decoded only when somebody asks for
 * a document in it. `most` and stream_block_most() bound from above what a posting here, or in
 * the block at hand, can be worth: what cannot be among the best is skipped undecoded. */
#ifndef ASKFIRST_SEARCH_STREAM_H
#define ASKFIRST_SEARCH_STREAM_H

#include "indexer/shape.h"
#include "search/bm25.h"

struct stream {
    uint32_t doc; /* current; DOC_END after the last */
    uint32_t at;  /* its place in the block */
    float worth;  /* of an infinite strength: weight of the form × idf */
    float most;   /* of any posting */
    float ratio;  /* the segment's bounds times this are bounds here (impact.h) */
    const struct bm25 *bm25;
    const uint8_t *lengths; /* FIELD_COUNT codes a document */
    struct postings postings;
    bool has_codes; /* of the block; its documents are always there */
    struct postings_block block;
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
 * documents passed, by and large. */
enum status stream_seek_above(struct stream *stream, uint32_t doc, float bar, uint64_t *passed,
                              struct error *err) MUST_USE;

/* Before anything is asked about postings of the block at hand. */
static inline enum status stream_need_codes(struct stream *stream, struct error *err)
{
    if (stream->has_codes)
        return AF_OK;
    stream->has_codes = true;
    return postings_block_codes(&stream->postings, &stream->block, err);
}

/* Of posting `at` of the block: its strength (bm25.h), and a bit for each field with the term. */
static inline float stream_strength_at(const struct stream *stream, uint32_t at)
{
    const uint8_t *tf = shape_tf(stream->block.codes[at]);
    const uint8_t *lengths = stream->lengths + (size_t)stream->block.docs[at] * FIELD_COUNT;
    unsigned fields = tf[FIELD_COUNT];
    float strength = 0;

    if (fields == 0)
        return bm25_strength(stream->bm25, postings_block_tf(&stream->block, at), lengths);
    for (; fields != 0; fields &= fields - 1) {
        unsigned f = (unsigned)__builtin_ctz(fields);

        strength += (float)tf[f] * stream->bm25->factor[f][lengths[f]];
    }
    return strength;
}
unsigned stream_fields(const struct stream *stream);

static inline float stream_strength(const struct stream *stream)
{
    return stream_strength_at(stream, stream->at);
}
static inline float stream_worth_at(const struct stream *stream, uint32_t at)
{
    return stream->worth * bm25_saturate(stream->bm25, stream_strength_at(stream, at));
}
static inline float stream_worth(const struct stream *stream)
{
    return stream_worth_at(stream, stream->at);
}

#endif
