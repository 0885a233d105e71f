#include "search/collect.h"

#include "data/base/limits.h"

#include <stdlib.h>

#define FILTER_CHECKS 5000 /* documents asked about only to count; the rest is estimated */

static double worst(const struct collect *c)
{
    return c->top.count < c->top.room || c->top.room == 0 ? -1 : c->top.items[0].score;
}

static bool is_spent(struct collect *c)
{
    c->degraded = c->degraded || c->postings > SEARCH_POSTINGS_MAX;
    return c->degraded;
}

/* Asks the filter only when the document's place or the count depends on it. */
static enum status offer(struct collect *c, uint32_t doc, double score, bool matches)
{
    uint64_t key = (uint64_t)c->segment_index << 32 | doc;
    bool keep = topk_would_keep(&c->top, score, key), pass = true;
    enum status status = AF_OK;

    if (!segment_is_live(c->segment, doc))
        return AF_OK;
    c->matched += matches;
    if (!filter_is_open(c->filter) && (keep || (matches && c->checked < FILTER_CHECKS))) {
        struct document document;

        status = segment_document(c->segment, doc, &document, c->err);
        if (status != AF_OK)
            return status;
        pass = filter_passes(c->filter, &document);
        c->checked += matches;
        c->passed += matches && pass;
    }
    if (keep && pass)
        topk_offer(&c->top, score, key);
    return status;
}

/* --- all of them ------------------------------------------------------------------------- */

static int rarest_first(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    return x->df != y->df ? (x->df < y->df ? -1 : 1) : 0;
}

/* Moves the required lanes to one document ≥ `doc` that all have; DOC_END when there is none.
 * `bar`: what the first lane must be worth, when it has only one form, to matter. */
static enum status agree(struct collect *c, struct lane *lanes, uint32_t required, uint32_t doc,
                         float bar, uint32_t *out)
{
    for (uint32_t i = 0; i < required && doc != DOC_END;) {
        uint64_t passed = 0;
        enum status status = i == 0 ? lane_seek_above(&lanes[0], doc, bar, &passed, c->err)
                                    : lane_seek(&lanes[i], doc, c->err);

        if (status != AF_OK)
            return status;
        c->postings++;
        c->passed_over += passed;
        if (i > 0 && lanes[i].doc == doc) {
            i++;
            continue;
        }
        doc = lanes[i].doc;
        i = i == 0 ? 1 : 0;
    }
    *out = doc;
    return AF_OK;
}

enum status collect_all(struct collect *c, struct lane *lanes, uint32_t count, uint32_t required)
{
    enum status status = AF_OK;
    float others = 0;
    uint32_t doc = 0;

    for (uint32_t i = 0; i < required; i++)
        if (lanes[i].doc == DOC_END)
            return AF_OK;
    qsort(lanes, required, sizeof *lanes, rarest_first);
    for (uint32_t i = 1; i < count; i++)
        others += lanes[i].most;
    for (; !is_spent(c); doc++) {
        double score = 0;
        float mass = 0;

        status = agree(c, lanes, required, doc, (float)worst(c) - others, &doc);
        if (status != AF_OK || doc == DOC_END)
            break;
        for (uint32_t i = 0; i < count; i++) {
            if (i >= required && (status = lane_seek(&lanes[i], doc, c->err)) != AF_OK)
                return status;
            if (lanes[i].doc != doc)
                continue;
            score += lane_score(&lanes[i]);
            mass += lanes[i].mass;
        }
        if ((status = offer(c, doc, score, mass >= c->enough)) != AF_OK)
            break;
    }
    return status;
}

/* --- some of them ------------------------------------------------------------------------ */

struct any {
    struct collect *c;
    struct lane *lanes;
    uint32_t count;
    uint32_t first; /* lanes before it find no documents of their own */
    float *bounds;  /* [i]: what the lanes before i are worth at most together */
    bool not_all;
    uint32_t touched;
};

static int weakest_first(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    if (x->most < y->most || y->most < x->most)
        return x->most < y->most ? -1 : 1;
    return x->group->start != y->group->start ? (x->group->start < y->group->start ? -1 : 1) : 0;
}

/* Everything one form finds up to `end`: a document gets its best form. */
static enum status run_stream(struct any *any, struct stream *stream, uint32_t base, uint32_t end,
                              uint32_t *touched)
{
    struct collect_scratch *s = any->c->scratch;

    while (stream->doc < end) {
        uint32_t i = stream->at;
        enum status status;

        for (; i < stream->block.n && stream->block.docs[i] < end; i++) {
            uint32_t at = stream->block.docs[i] - base;
            float worth = stream_worth_at(stream, i);

            if (s->best[at] <= 0)
                s->lane_touched[(*touched)++] = (uint16_t)at;
            if (worth > s->best[at])
                s->best[at] = worth;
        }
        any->c->postings += i - stream->at;
        status = stream_seek(stream, stream->block.docs[i - 1] + 1, any->c->err);
        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

static enum status run_lane(struct any *any, struct lane *lane, uint32_t base, uint32_t end)
{
    struct collect_scratch *s = any->c->scratch;
    uint32_t count = 0;

    for (uint32_t i = 0; i < lane->count; i++) {
        enum status status = run_stream(any, &lane->streams[i], base, end, &count);

        if (status != AF_OK)
            return status;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = s->lane_touched[i];

        if (s->found[at] == 0)
            s->touched[any->touched++] = (uint16_t)at;
        s->found[at]++;
        s->sums[at] += lane->group->weight * s->best[at];
        s->masses[at] += lane->mass;
        s->best[at] = 0;
    }
    return lane_seek(lane, end, any->c->err); /* its streams are there; settles its document */
}

/* Asks the weak lanes about a document, the strongest first, while they can still matter. */
static enum status finish_document(struct any *any, uint32_t doc, uint32_t at)
{
    struct collect *c = any->c;
    double score = c->scratch->sums[at];
    float mass = c->scratch->masses[at];
    uint32_t found = c->scratch->found[at];

    for (uint32_t i = any->first; i-- > 0;) {
        struct lane *lane = &any->lanes[i];
        enum status status;

        if (score + (double)any->bounds[i + 1] <= worst(c)) {
            c->skipped = true;
            break;
        }
        if ((status = lane_seek(lane, doc, c->err)) != AF_OK)
            return status;
        c->postings++;
        if (lane->doc != doc)
            continue;
        score += lane_score(lane);
        mass += lane->mass;
        found++;
    }
    if (any->not_all && found == any->count)
        return AF_OK;
    return offer(c, doc, score, mass >= c->enough);
}

static int rising(const void *a, const void *b)
{
    uint16_t x = *(const uint16_t *)a, y = *(const uint16_t *)b;

    return x < y ? -1 : x > y;
}

static enum status close_window(struct any *any, uint32_t base)
{
    struct collect_scratch *s = any->c->scratch;
    enum status status = AF_OK;

    if (any->first > 0 && any->touched > 1) /* the weak lanes only move forward */
        qsort(s->touched, any->touched, sizeof *s->touched, rising);
    for (uint32_t i = 0; i < any->touched; i++) {
        uint32_t at = s->touched[i];

        if (status == AF_OK)
            status = finish_document(any, base + at, at);
        s->sums[at] = s->masses[at] = 0;
        s->found[at] = 0;
    }
    any->touched = 0;
    return status;
}

static uint32_t next_document(const struct any *any)
{
    uint32_t doc = DOC_END;

    for (uint32_t i = any->first; i < any->count; i++)
        doc = any->lanes[i].doc < doc ? any->lanes[i].doc : doc;
    return doc;
}

static void choose_first(struct any *any)
{
    while (any->first < any->count && (double)any->bounds[any->first + 1] <= worst(any->c)) {
        any->first++;
        any->c->skipped = true;
    }
}

enum status collect_any(struct collect *c, struct lane *lanes, uint32_t count, bool not_all)
{
    float bounds[CANDIDATE_GROUPS_MAX + 1] = {0};
    struct any any = {.c = c, .lanes = lanes, .count = count, .bounds = bounds, .not_all = not_all};
    enum status status = AF_OK;
    uint32_t doc;

    qsort(lanes, count, sizeof *lanes, weakest_first);
    for (uint32_t i = 0; i < count; i++)
        bounds[i + 1] = bounds[i] + lanes[i].most;
    choose_first(&any);
    while (status == AF_OK && !is_spent(c) && (doc = next_document(&any)) != DOC_END) {
        uint32_t base = doc - doc % COLLECT_WINDOW;

        for (uint32_t i = any.first; status == AF_OK && i < count; i++)
            status = run_lane(&any, &lanes[i], base, base + COLLECT_WINDOW);
        if (status == AF_OK)
            status = close_window(&any, base);
        choose_first(&any);
    }
    if (status != AF_OK) /* left in the middle of a window */
        memset(c->scratch, 0, sizeof *c->scratch);
    return status;
}
