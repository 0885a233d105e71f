#include "search/match/collect.h"

#include "data/base/limits.h"

#include <float.h>
#include <stdlib.h>

static double worst(const struct collect *c)
{
    return c->top.count < c->top.room || c->top.room == 0 ? -1 : c->top.items[0].score;
}

static bool is_spent(struct collect *c)
{
    c->degraded = c->degraded || c->window->postings > SEARCH_POSTINGS_MAX;
    return c->degraded;
}

enum status collect_segment(struct collect *c, const struct segment *segment,
                            uint32_t segment_index)
{
    c->segment = segment;
    c->segment_index = segment_index;
    return filter_view_open(&c->view, c->filter, segment, c->arena, c->err);
}

/* May it be shown at all? */
static bool accepts(const struct collect *c, uint32_t doc)
{
    return segment_is_live(c->segment, doc) && filter_view_passes(&c->view, doc);
}

static uint64_t key_of(const struct collect *c, uint32_t doc)
{
    return (uint64_t)c->segment_index << 32 | doc;
}

static void offer(struct collect *c, uint32_t doc, double score)
{
    topk_offer(&c->top, score, key_of(c, doc));
}

/* An error leaves a stretch half done. */
static enum status end_segment(struct collect *c, enum status status)
{
    if (status != AF_OK)
        window_clear(c->window);
    c->skipped = c->skipped || c->window->passed_over > 0;
    return status;
}

/* --- one term ---------------------------------------------------------------------------- */

/* What a posting must say to be kept, in the strength of the lane's only form. */
static float least_kept(const struct collect *c, const struct lane *lane)
{
    return stream_strength_for(&lane->streams[0], (float)worst(c) / lane->group->weight);
}

/* Offers what the block at hand has above the bar, from where the stream stands. Documents that
 * are not competitive are counted, but not asked whether they may be shown. */
static void offer_block(struct collect *c, const struct lane *lane, const struct stream *stream)
{
    const struct postings_block *block = stream->block;
    uint8_t places[POSTINGS_BLOCK];
    float least = least_kept(c, lane);
    unsigned found = stream_pick(stream, stream->at, block->n, least, places);

    c->matched += block->n - stream->at;
    for (unsigned i = 0; i < found; i++) {
        uint32_t doc = block->docs[places[i]];
        float strength = stream_strength_at(stream, places[i]);

        if (i + STREAM_AHEAD < found)
            stream_expect(stream, places[i + STREAM_AHEAD]);
        if (strength < least)
            continue;
        if (!accepts(c, doc)) {
            c->matched--;
            continue;
        }
        offer(
            c, doc,
            (double)(lane->group->weight * stream->worth * bm25_saturate(stream->bm25, strength)));
        least = least_kept(c, lane);
    }
}

static enum status collect_one(struct collect *c, struct lane *lane)
{
    struct stream *stream = &lane->streams[0];
    enum status status = AF_OK;

    while (status == AF_OK && stream->doc != DOC_END && !is_spent(c)) {
        uint64_t passed = 0;

        if ((status = stream_need_codes(stream, c->err)) != AF_OK)
            break;
        offer_block(c, lane, stream);
        c->window->postings += stream->block->n;
        status = stream_seek_above(stream, stream->block->docs[stream->block->n - 1] + 1,
                                   (float)worst(c) / lane->group->weight, &passed, c->err);
        c->window->passed_over += passed;
        c->matched += passed;
    }
    c->skipped = c->skipped || !filter_is_open(c->filter);
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
    double score = (double)c->window->sums[doc - c->window->base];
    float mass = c->window->masses[doc - c->window->base];

    if (!accepts(c, doc))
        return AF_OK;
    for (uint32_t i = required; i < count; i++) {
        enum status status = lane_seek(&lanes[i], doc, c->err);
        float more = 0;

        if (status == AF_OK && lanes[i].doc == doc)
            status = lane_score(&lanes[i], &more, c->err);
        if (status != AF_OK)
            return status;
        if (lanes[i].doc != doc)
            continue;
        score += (double)more;
        mass += lanes[i].mass;
    }
    c->matched += mass >= c->enough;
    offer(c, doc, score);
    return AF_OK;
}

/* One stretch: the rarest lane's documents, then those of them that each other lane has.
 * `others`: what the lanes after the first are worth at most. */
static enum status agree(struct collect *c, struct lane *lanes, uint32_t count, uint32_t required,
                         float others)
{
    /* nothing is passed over before enough are counted */
    float bar = c->matched < TOTAL_COUNTED ? -FLT_MAX : (float)worst(c);
    struct window *w = c->window;
    uint32_t docs = segment_docs(c->segment), doc;
    enum status status;

    window_begin(w, lanes[0].doc);
    status = window_add(w, &lanes[0], bar - others, c->err);
    doc = window_next(w, 0);
    for (uint32_t i = 1; status == AF_OK && i < required && doc != DOC_END; i++) {
        others -= lanes[i].most;
        status = window_keep(w, &lanes[i], docs, bar - others, c->err);
        doc = window_next(w, 0);
    }
    for (; status == AF_OK && doc != DOC_END; doc = window_next(w, doc + 1)) {
        status = offer_agreed(c, lanes, count, required, doc);
        window_forget(w, doc);
    }
    return status;
}

enum status collect_all(struct collect *c, struct lane *lanes, uint32_t count, uint32_t required)
{
    enum status status = AF_OK;
    float others = 0;
    bool more = true;

    if (count == 1 && lanes[0].count == 1)
        return collect_one(c, &lanes[0]);
    qsort(lanes, required, sizeof *lanes, rarest_first);
    for (uint32_t i = 1; i < count; i++)
        others += lanes[i].most;
    while ((status = go_on(c, lanes, required, &more)) == AF_OK && more && !is_spent(c))
        if (lanes[0].doc != DOC_END && (status = agree(c, lanes, count, required, others)) != AF_OK)
            break;
    return end_segment(c, status);
}

/* --- some of them ------------------------------------------------------------------------ */

struct any {
    struct collect *c;
    struct lane *lanes;
    uint32_t count;
    uint32_t first;                         /* lanes before it find no documents of their own */
    float bounds[CANDIDATE_GROUPS_MAX + 1]; /* [i]: what the lanes before i are worth at most */
    float masses[CANDIDATE_GROUPS_MAX + 1]; /* and their mass */
    const struct topk *all;                 /* the documents that have all lanes, or NULL */
};

static int weakest_first(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    if (x->most < y->most || y->most < x->most)
        return x->most < y->most ? -1 : 1;
    return x->group->start != y->group->start ? (x->group->start < y->group->start ? -1 : 1) : 0;
}

/* What the lanes other than `lane` are worth at most together: when documents with all of them are
 * not wanted, the weakest of them is missing. */
static float others_most(const struct any *any, uint32_t lane)
{
    float others = any->bounds[any->count] - any->lanes[lane].most;

    if (any->all == NULL || any->count < 2)
        return others;
    return others - any->lanes[lane == 0 ? 1 : 0].most;
}

static bool is_among(const struct topk *top, uint64_t key)
{
    for (uint32_t i = 0; i < top->count; i++)
        if (top->items[i].key == key)
            return true;
    return false;
}

/* Asks the weak lanes about a document, the strongest first, while they can still matter. One that
 * has the only strong lane cannot have all weak ones, when documents with all are not wanted. */
static enum status finish_document(struct any *any, uint32_t doc)
{
    struct collect *c = any->c;
    double score = (double)c->window->sums[doc - c->window->base];
    float mass = c->window->masses[doc - c->window->base];
    float missing = any->all != NULL && any->first + 1 == any->count ? any->lanes[0].most : 0;
    uint32_t i = any->first;

    for (; i > 0; i--) {
        struct lane *lane = &any->lanes[i - 1];
        float left = any->bounds[i] - missing;
        enum status status;
        float more = 0;

        if (left <= 0 || score + (double)left <= worst(c))
            break;
        status = lane_seek(lane, doc, c->err);
        if (status == AF_OK && lane->doc == doc)
            status = lane_score(lane, &more, c->err);
        if (status != AF_OK)
            return status;
        c->window->postings++;
        if (lane->doc != doc) {
            missing = 0;
            continue;
        }
        score += (double)more;
        mass += lane->mass;
    }
    c->skipped = c->skipped || i > 0;
    if (mass < c->floor || (mass < c->enough && score < worst(c)) || !accepts(c, doc))
        return AF_OK;
    if (any->all != NULL && is_among(any->all, key_of(c, doc)))
        return AF_OK;
    c->matched += mass >= c->enough;
    offer(c, doc, score);
    return AF_OK;
}

/* What the weak lanes cannot lift to the bar is not looked at, once enough have been counted. */
static bool is_too_weak(const struct any *any, uint32_t doc)
{
    const struct collect *c = any->c;

    return c->matched >= TOTAL_COUNTED &&
           (double)(c->window->sums[doc - c->window->base] + any->bounds[any->first]) <= worst(c);
}

static enum status close_window(struct any *any)
{
    struct window *w = any->c->window;
    enum status status = AF_OK;

    for (uint32_t doc = window_next(w, 0); status == AF_OK && doc != DOC_END;
         doc = window_next(w, doc + 1)) {
        if (!is_too_weak(any, doc))
            status = finish_document(any, doc);
        window_forget(w, doc);
    }
    return status;
}

static uint32_t next_document(const struct any *any)
{
    uint32_t doc = DOC_END;

    for (uint32_t i = any->first; i < any->count; i++)
        doc = any->lanes[i].doc < doc ? any->lanes[i].doc : doc;
    return doc;
}

/* Lanes that together reach neither the heap nor the mass that is wanted find nothing. */
static void choose_first(struct any *any)
{
    while (any->first < any->count && ((double)any->bounds[any->first + 1] <= worst(any->c) ||
                                       any->masses[any->first + 1] < any->c->floor)) {
        any->first++;
        any->c->skipped = true;
    }
}

enum status collect_any(struct collect *c, struct lane *lanes, uint32_t count,
                        const struct topk *all)
{
    struct any any = {.c = c, .lanes = lanes, .count = count, .all = all};
    enum status status = AF_OK;
    uint32_t doc;

    qsort(lanes, count, sizeof *lanes, weakest_first);
    for (uint32_t i = 0; i < count; i++) {
        if (lanes[i].group->kind == GROUP_CODE && lanes[i].mass < c->floor)
            lanes[i].mass = c->floor; /* a code is enough by itself */
        any.bounds[i + 1] = any.bounds[i] + lanes[i].most;
        any.masses[i + 1] = any.masses[i] + lanes[i].mass;
    }
    choose_first(&any);
    while (status == AF_OK && !is_spent(c) && (doc = next_document(&any)) != DOC_END) {
        window_begin(c->window, doc);
        for (uint32_t i = any.first; status == AF_OK && i < count; i++)
            status =
                window_add(c->window, &lanes[i], (float)worst(c) - others_most(&any, i), c->err);
        if (status == AF_OK)
            status = close_window(&any);
        choose_first(&any);
    }
    return end_segment(c, status);
}
