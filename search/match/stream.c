#include "search/match/stream.h"

#include "indexer/segment/impact.h"

#include <float.h>

float stream_ratio(const struct segment *segment, const struct bm25 *bm25)
{
    double average[FIELD_COUNT];

    segment_averages(segment, average);
    return (float)impact_ratio(average, bm25->settings, bm25->average);
}

/* What a posting of a bound can be worth; 1e-6 more, for sums in another order. */
static float most_of(const struct stream *stream, uint8_t impact)
{
    if (impact == IMPACT_ANY)
        return stream->worth;
    return 1.000001f * stream->worth *
           bm25_saturate(stream->bm25, impact_strength(impact) * stream->ratio);
}

/* The first document ≥ `doc` of the decoded block, which has one. Halving without branches: which
 * way it goes is anybody's guess. */
static void find_in_block(struct stream *stream, uint32_t doc)
{
    const uint32_t *at = stream->block->docs + stream->at;

    for (uint32_t count = stream->block->n - stream->at; count > 1; count -= count / 2)
        at += (at[count / 2 - 1] < doc) * (count / 2);
    stream->at = (uint32_t)(at - stream->block->docs);
    stream->doc = *at;
}

static enum status end(struct stream *stream)
{
    stream->doc = DOC_END;
    return AF_OK;
}

enum status stream_need_docs(struct stream *stream, struct error *err)
{
    enum status status;

    if (stream->has_docs)
        return AF_OK;
    if (stream->block == NULL)
        stream->block = arena_alloc(stream->arena, sizeof *stream->block);
    if (stream->block == NULL)
        return arena_exhausted(stream->arena, err);
    status = postings_block_docs(&stream->postings, stream->block, err);
    stream->has_docs = status == AF_OK;
    return status;
}

enum status stream_need_codes(struct stream *stream, struct error *err)
{
    enum status status;

    if (stream->has_codes)
        return AF_OK;
    status = stream_need_docs(stream, err);
    if (status == AF_OK)
        status = postings_block_codes(&stream->postings, stream->block, err);
    stream->has_codes = status == AF_OK;
    return status;
}

enum status stream_need_code(struct stream *stream, struct error *err)
{
    if (stream->has_codes || stream->has_code)
        return AF_OK;
    if (stream->codes_found < STREAM_FINDS &&
        postings_block_code(&stream->postings, stream->at, &stream->code)) {
        stream->codes_found++;
        stream->has_code = true;
        return AF_OK;
    }
    return stream_need_codes(stream, err);
}

/* Stands on the first document ≥ `doc` of the block at hand, which begins at or before it when the
 * block is `fresh`. A block that is no run's may have none. */
static enum status enter_block(struct stream *stream, uint32_t doc, bool fresh, bool whole,
                               struct error *err)
{
    enum status status;

    stream->has_code = false;
    if (fresh) {
        stream->has_docs = stream->has_codes = false;
        stream->docs_found = stream->codes_found = 0;
        stream->at = 0;
    }
    if (!whole && !stream->has_docs && stream->docs_found < STREAM_FINDS &&
        postings_block_find(&stream->postings, doc, &stream->at, &stream->doc)) {
        stream->docs_found++;
        return AF_OK;
    }
    if ((status = stream_need_docs(stream, err)) != AF_OK)
        return status;
    if (stream->block->docs[stream->block->n - 1] < doc)
        return end(stream);
    find_in_block(stream, doc);
    return AF_OK;
}

enum status stream_open(struct stream *stream, const struct segment *segment,
                        const struct term_entry *entry, const struct bm25 *bm25, float worth,
                        float ratio, struct arena *arena, struct error *err)
{
    enum status status;

    *stream = (struct stream){.bm25 = bm25,
                              .lengths = segment_lengths(segment, 0),
                              .worth = worth,
                              .ratio = ratio,
                              .arena = arena};
    stream->most = most_of(stream, entry->impact);
    status = postings_open(segment, entry, arena, &stream->postings, err);
    if (status == AF_OK)
        status = postings_block_seek(&stream->postings, 0, err);
    return status == AF_OK ? enter_block(stream, 0, true, false, err) : status;
}

enum status stream_seek(struct stream *stream, uint32_t doc, struct error *err)
{
    uint32_t last = stream->postings.block_last;
    enum status status;

    if (stream->doc >= doc)
        return AF_OK;
    if (stream->has_docs && stream->block->docs[stream->block->n - 1] >= doc) {
        stream->has_code = false;
        find_in_block(stream, doc);
        return AF_OK;
    }
    status = postings_block_seek(&stream->postings, doc, err);
    if (status != AF_OK)
        return status;
    if (stream->postings.block_last == DOC_END)
        return end(stream);
    return enter_block(stream, doc, stream->postings.block_last != last, false, err);
}

/* The least impact of a posting that can be worth more than `bar`; IMPACT_ANY: there is none. */
static uint8_t least_above(const struct stream *stream, float bar)
{
    unsigned low = 0, high = IMPACT_ANY;

    while (low < high) {
        unsigned middle = low + (high - low) / 2;

        if (most_of(stream, (uint8_t)middle) > bar)
            high = middle;
        else
            low = middle + 1;
    }
    return (uint8_t)low;
}

/* A part in a million less, for what rounding adds. */
float stream_strength_for(const struct stream *stream, float bar)
{
    bar *= 0.999999f;
    if (bar <= 0)
        return bar < 0 ? -1 : 0;
    return bar < stream->worth ? stream->bm25->k1 * bar / (stream->worth - bar) : FLT_MAX;
}

unsigned stream_pick(const struct stream *stream, uint32_t from, uint32_t end, float least,
                     uint8_t places[POSTINGS_BLOCK])
{
    const uint8_t *codes = stream->block->codes;
    const float *most = stream->bm25->most;
    unsigned count = 0;

    if (least <= 0) {
        for (uint32_t i = from; i < end; i++)
            places[i - from] = (uint8_t)i;
        return end - from;
    }
    for (uint32_t i = from; i < end; i++) {
        places[count] = (uint8_t)i;
        count += most[codes[i]] >= least;
    }
    return count;
}

enum status stream_seek_above(struct stream *stream, uint32_t doc, float bar, uint64_t *passed,
                              struct error *err)
{
    enum status status;
    uint32_t blocks;

    if (stream->doc >= doc)
        return AF_OK;
    if (stream->postings.block_last >= doc)
        return enter_block(stream, doc, false, true, err);
    status =
        postings_block_seek_above(&stream->postings, doc, least_above(stream, bar), &blocks, err);
    if (status != AF_OK)
        return status;
    *passed += (uint64_t)blocks * POSTINGS_BLOCK;
    if (stream->postings.block_last == DOC_END)
        return end(stream);
    if (most_of(stream, stream->postings.block_impact) > bar)
        return enter_block(stream, doc, true, true, err);
    *passed += POSTINGS_BLOCK; /* says nothing, but nothing would be enough either */
    return end(stream);
}

unsigned stream_fields(const struct stream *stream)
{
    const uint8_t code = stream->has_codes ? stream->block->codes[stream->at] : stream->code;
    unsigned fields = shape_mask(code);

    if (code == SHAPE_ESCAPE) {
        const uint8_t *tf = postings_block_tf(stream->block, stream->at);

        for (unsigned f = 0; f < FIELD_COUNT; f++)
            fields |= (tf[f] > 0 ? 1u : 0u) << f;
    }
    return fields;
}
