#include "search/match/collect_impl.h"

#include <float.h>
#include <stdlib.h>

enum status collect_segment(struct collect *c, const struct segment *segment,
                            uint32_t segment_index)
{
    c->segment = segment;
    c->segment_index = segment_index;
    return filter_view_open(&c->view, c->filter, segment, c->arena, c->err);
}

#define NOTE_SHARE 3 /* lengths are read later when no more than a third stays */

/* --- one term ---------------------------------------------------------------------------- */

/* What a posting must say to be kept, in the strength of the lane's only form. */
static float least_kept(const struct collect *c, const struct lane *lane)
{
    return stream_strength_for(&lane->streams[0], (float)collect_worst(c) / lane->group->weight);
}

/* Counts the postings from where the stream stands: of the first, those that may be shown, since a
 * small number is said as it is; later all of them. `found`: those that will be asked anyway. */
static void count_block(struct collect *c, const struct stream *stream, unsigned found)
{
    const struct postings_block *block = stream->block;

    if (c->matched >= TOTAL_COUNTED) {
        c->matched += block->n - stream->at;
        c->skipped = c->skipped || found < block->n - stream->at;
        return;
    }
    for (uint32_t at = stream->at; at < block->n; at++)
        c->matched += collect_accepts(c, block->docs[at]);
}

/* Offers what the block at hand has above the bar, from where the stream stands. */
static void offer_block(struct collect *c, const struct lane *lane, const struct stream *stream)
{
    const struct postings_block *block = stream->block;
    uint8_t places[POSTINGS_BLOCK];
    float least = least_kept(c, lane);
    unsigned found = stream_pick(stream, stream->at, block->n, least, places);

    count_block(c, stream, found);
    for (unsigned i = 0; i < found; i++) {
        uint32_t doc = block->docs[places[i]];
        float strength = stream_strength_at(stream, places[i]);

        if (i + STREAM_AHEAD < found)
            stream_expect(stream, places[i + STREAM_AHEAD]);
        if (strength < least || !collect_accepts(c, doc))
            continue;
        collect_offer(
            c, doc,
            (double)(lane->group->weight * stream->worth * bm25_saturate(stream->bm25, strength)));
        least = least_kept(c, lane);
    }
}

static enum status collect_one(struct collect *c, struct lane *lane)
{
    struct stream *stream = &lane->streams[0];
    enum status status = AF_OK;

    while (status == AF_OK && stream->doc != DOC_END && !collect_is_spent(c)) {
        uint64_t passed = 0;
        float bar;

        if ((status = stream_need_codes(stream, c->err)) != AF_OK)
            break;
        offer_block(c, lane, stream);
        c->window->postings += stream->block->n;
        /* nothing is passed over before enough are counted */
        bar = c->matched < TOTAL_COUNTED ? -1 : (float)collect_worst(c) / lane->group->weight;
        status = stream_seek_above(stream, stream->block->docs[stream->block->n - 1] + 1, bar,
                                   &passed, c->err);
        c->window->passed_over += passed;
        c->matched += passed;
        c->skipped = c->skipped || passed > 0;
    }
    return status;
}

/* --- all of them ------------------------------------------------------------------------- */

static int rarest_first(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    return x->df != y->df ? (x->df < y->df ? -1 : 1) : 0;
}

/* Moves the rarest to the furthest of them. False: one of them has no more documents. */
static enum status go_on(struct collect *c, struct lane *lanes, uint32_t required, bool *more)
{
    uint32_t doc = lanes[0].doc;

    for (uint32_t i = 1; i < required; i++)
        doc = lanes[i].doc > doc ? lanes[i].doc : doc;
    *more = doc != DOC_END;
    return *more ? lane_seek(&lanes[0], doc, c->err) : AF_OK;
}

/* A document with all that is required; the other lanes are asked as well. */
static enum status offer_agreed(struct collect *c, struct lane *lanes, uint32_t count,
                                uint32_t required, uint32_t doc)
{
    const struct window_cell *cell = &c->window->cells[doc - c->window->base];
    double score = (double)cell->sum;
    float mass = cell->mass;

    if (!collect_accepts(c, doc))
        return AF_OK;
    for (uint32_t i = required; i < count; i++) {
        enum status status = lane_seek(&lanes[i], doc, c->err);
        float more = 0;

        if (status == AF_OK && lanes[i].doc == doc)
            status = lane_worth(&lanes[i], &more, c->err);
        if (status != AF_OK)
            return status;
        if (lanes[i].doc != doc)
            continue;
        score += (double)(lanes[i].group->weight * more);
        mass += lanes[i].mass;
    }
    c->matched += mass >= c->enough;
    collect_offer(c, doc, score);
    return AF_OK;
}

/* The rarest lane, and what the next leaves of it. Where that is little, lengths are read for what
 * is left only. `others`: what the lanes after the first are worth at most. */
static enum status agree_two(struct collect *c, struct lane *lanes, float bar, float others,
                             bool *note)
{
    struct window *w = c->window;
    float most = *note ? lanes[0].most : 0;
    uint32_t found;
    enum status status = *note ? window_note(w, &lanes[0], bar - others, false, c->err)
                               : window_add(w, &lanes[0], bar - others, c->err);

    found = w->count;
    if (status == AF_OK)
        status = window_keep(w, &lanes[1], segment_docs(c->segment),
                             bar - others + lanes[1].most - most, c->err);
    if (status == AF_OK)
        window_add_noted(w);
    *note = w->count <= found / NOTE_SHARE && window_has_room(w, lanes, 1);
    return status;
}

/* One stretch: the rarest lane's documents, then those of them that each other lane has. */
static enum status agree(struct collect *c, struct lane *lanes, uint32_t count, uint32_t required,
                         float others, bool *note)
{
    /* nothing is passed over before enough are counted */
    float bar = c->matched < TOTAL_COUNTED ? -FLT_MAX : (float)collect_worst(c);
    struct window *w = c->window;
    uint32_t docs = segment_docs(c->segment), doc;
    enum status status;

    window_begin(w, lanes[0].doc);
    status = required > 1 ? agree_two(c, lanes, bar, others, note)
                          : window_add(w, &lanes[0], bar - others, c->err);
    others -= required > 1 ? lanes[1].most : 0;
    doc = window_next(w, 0);
    for (uint32_t i = 2; status == AF_OK && i < required && doc != DOC_END; i++) {
        others -= lanes[i].most;
        status = window_keep(w, &lanes[i], docs, bar - others, c->err);
        doc = window_next(w, 0);
    }
    for (; status == AF_OK && doc != DOC_END; doc = window_next(w, doc + 1))
        status = offer_agreed(c, lanes, count, required, doc);
    window_clear(w);
    return status;
}

enum status collect_all(struct collect *c, struct lane *lanes, uint32_t count, uint32_t required)
{
    enum status status = AF_OK;
    float others = 0;
    bool more = true, note = window_has_room(c->window, lanes, 1);

    if (count == 1 && lanes[0].count == 1)
        return collect_one(c, &lanes[0]);
    qsort(lanes, required, sizeof *lanes, rarest_first);
    for (uint32_t i = 1; i < count; i++)
        others += lanes[i].most;
    while ((status = go_on(c, lanes, required, &more)) == AF_OK && more && !collect_is_spent(c))
        if (lanes[0].doc != DOC_END &&
            (status = agree(c, lanes, count, required, others, &note)) != AF_OK)
            break;
    return collect_end(c, status);
}
