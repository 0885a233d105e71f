#include "search/stream.h"

#include "indexer/impact.h"

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

enum status stream_open(struct stream *stream, const struct segment *segment,
                        const struct term_entry *entry, const struct bm25 *bm25, float worth,
                        float ratio, struct arena *arena, struct error *err)
{
    enum status status = postings_open(segment, entry, arena, &stream->postings, err);

    stream->bm25 = bm25;
    stream->lengths = segment_lengths(segment, 0);
    stream->worth = worth;
    stream->ratio = ratio;
    stream->most = most_of(stream, entry->impact);
    stream->doc = stream->at = stream->block.n = 0;
    return status == AF_OK ? stream_seek(stream, 0, err) : status;
}

/* The first document ≥ `doc` of the decoded block, which has one. */
static void find_in_block(struct stream *stream, uint32_t doc)
{
    uint32_t low = stream->at, high = stream->block.n - 1, step = 1;

    while (low + step < high && stream->block.docs[low + step] < doc) {
        low += step;
        step *= 2;
    }
    high = low + step < high ? low + step : high;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (stream->block.docs[middle] < doc)
            low = middle + 1;
        else
            high = middle;
    }
    stream->at = low;
    stream->doc = stream->block.docs[low];
}

static void end(struct stream *stream)
{
    stream->doc = DOC_END;
    stream->block.n = 0;
}

/* The block's last document is a bound, exact only in lists of several blocks. */
static enum status enter_block(struct stream *stream, uint32_t doc, struct error *err)
{
    enum status status = postings_block_docs(&stream->postings, &stream->block, err);

    stream->has_codes = false;
    if (status == AF_OK && stream->block.docs[stream->block.n - 1] < doc) {
        status = postings_block_seek(&stream->postings, stream->postings.block_last + 1, err);
        if (status == AF_OK && stream->postings.block_last == DOC_END) {
            end(stream);
            return AF_OK;
        }
        if (status == AF_OK)
            status = postings_block_docs(&stream->postings, &stream->block, err);
    }
    if (status != AF_OK)
        return status;
    stream->at = 0;
    find_in_block(stream, doc);
    return AF_OK;
}

enum status stream_seek(struct stream *stream, uint32_t doc, struct error *err)
{
    enum status status;

    if (stream->block.n > 0) {
        if (stream->doc >= doc)
            return AF_OK;
        if (stream->block.docs[stream->block.n - 1] >= doc) {
            find_in_block(stream, doc);
            return AF_OK;
        }
    } else if (stream->doc == DOC_END) {
        return AF_OK;
    }
    status = postings_block_seek(&stream->postings, doc, err);
    if (status != AF_OK)
        return status;
    if (stream->postings.block_last == DOC_END) {
        end(stream);
        return AF_OK;
    }
    return enter_block(stream, doc, err);
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

enum status stream_seek_above(struct stream *stream, uint32_t doc, float bar, uint64_t *passed,
                              struct error *err)
{
    enum status status;
    uint32_t blocks;

    if (stream->doc >= doc || (stream->block.n > 0 && stream->postings.block_last >= doc))
        return stream_seek(stream, doc, err);
    status =
        postings_block_seek_above(&stream->postings, doc, least_above(stream, bar), &blocks, err);
    if (status != AF_OK)
        return status;
    *passed += (uint64_t)blocks * POSTINGS_BLOCK;
    if (stream->postings.block_last == DOC_END) {
        end(stream);
        return AF_OK;
    }
    if (most_of(stream, stream->postings.block_impact) > bar)
        return enter_block(stream, doc, err);
    *passed += POSTINGS_BLOCK; /* says nothing, but nothing would be enough either */
    end(stream);
    return AF_OK;
}

unsigned stream_fields(const struct stream *stream)
{
    const uint8_t code = stream->block.codes[stream->at];
    unsigned fields = shape_mask(code);

    if (code == SHAPE_ESCAPE) {
        const uint8_t *tf = postings_block_tf(&stream->block, stream->at);

        for (unsigned f = 0; f < FIELD_COUNT; f++)
            fields |= (tf[f] > 0 ? 1u : 0u) << f;
    }
    return fields;
}
