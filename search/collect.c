#include "search/collect.h"

#include "data/base/limits.h"

#include <float.h>
#include <stdlib.h>

static double worst(const struct collect *c)
{
    return c->top.count < c->top.room || c->top.room == 0 ? -1 : c->top.items[0].score;
}

static bool is_spent(struct collect *c)
{
    c->degraded = c->degraded || c->postings > SEARCH_POSTINGS_MAX;
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

static void offer(struct collect *c, uint32_t doc, double score)
{
    topk_offer(&c->top, score, (uint64_t)c->segment_index << 32 | doc);
}

/* --- one term ---------------------------------------------------------------------------- */

/* The strength from which on a posting is worth more than `bar`; FLT_MAX: none is. */
static float strength_for(const struct stream *stream, float bar)
{
    if (bar < 0)
        return -1;
    if (bar >= stream->worth)
        return FLT_MAX;
    return stream->bm25->k1 * bar / (stream->worth - bar);
}

/* Offers what the block at hand has above the bar, from where the stream stands. Documents that
 * are not competitive are counted, but not asked whether they may be shown. */
static void offer_block(struct collect *c, const struct lane *lane, const struct stream *stream)
{
    float weight = lane->group->weight;
    float bar = strength_for(stream, (float)worst(c) / weight * 0.999999f);

    for (uint32_t i = stream->at; i < stream->block->n; i++) {
        float strength = stream_strength_at(stream, i);

        c->matched++;
        if (strength < bar)
            continue;
        if (!accepts(c, stream->block->docs[i])) {
            c->matched--;
            continue;
        }
        offer(c, stream->block->docs[i],
              (double)(weight * stream->worth * bm25_saturate(stream->bm25, strength)));
        bar = strength_for(stream, (float)worst(c) / weight * 0.999999f);
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
        c->postings += stream->block->n;
        status = stream_seek_above(stream, stream->block->docs[stream->block->n - 1] + 1,
                                   (float)worst(c) / lane->group->weight, &passed, c->err);
        c->passed_over += passed;
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

/* Moves the required lanes to one document ≥ `doc` that all have and that may be shown; DOC_END
 * when there is none. `bar`: what the first lane must be worth, when it has only one form. */
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
        if (i == 0 && doc != DOC_END && !accepts(c, doc)) {
            doc++;
            continue;
        }
        i = i == 0 ? 1 : 0;
    }
    *out = doc;
    return AF_OK;
}

/* The document that the required lanes agree on; the others are asked while they can matter. */
static enum status score_agreed(struct collect *c, struct lane *lanes, uint32_t count,
                                uint32_t required, uint32_t doc)
{
    double score = 0;
    float mass = 0;

    for (uint32_t i = 0; i < count; i++) {
        enum status status = i < required ? AF_OK : lane_seek(&lanes[i], doc, c->err);
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

enum status collect_all(struct collect *c, struct lane *lanes, uint32_t count, uint32_t required)
{
    enum status status = AF_OK;
    float others = 0;
    uint32_t doc = 0;

    for (uint32_t i = 0; i < required; i++)
        if (lanes[i].doc == DOC_END)
            return AF_OK;
    if (count == 1 && lanes[0].count == 1)
        return collect_one(c, &lanes[0]);
    qsort(lanes, required, sizeof *lanes, rarest_first);
    for (uint32_t i = 1; i < count; i++)
        others += lanes[i].most;
    for (; status == AF_OK && !is_spent(c); doc++) {
        status = agree(c, lanes, required, doc,
                       c->matched < TOTAL_COUNTED ? -1 : (float)worst(c) - others, &doc);
        if (status != AF_OK || doc == DOC_END)
            break;
        status = score_agreed(c, lanes, count, required, doc);
    }
    c->skipped = c->skipped || c->passed_over > 0;
    return status;
}

/* --- some of them ------------------------------------------------------------------------ */

struct any {
    struct collect *c;
    struct lane *lanes;
    uint32_t count;
    uint32_t first;                         /* lanes before it find no documents of their own */
    float bounds[CANDIDATE_GROUPS_MAX + 1]; /* [i]: what the lanes before i are worth at most */
    float masses[CANDIDATE_GROUPS_MAX + 1]; /* and their mass */
    bool not_all;
};

static int weakest_first(const void *a, const void *b)
{
    const struct lane *x = a, *y = b;

    if (x->most < y->most || y->most < x->most)
        return x->most < y->most ? -1 : 1;
    return x->group->start != y->group->start ? (x->group->start < y->group->start ? -1 : 1) : 0;
}

static void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << at % 64;
}

/* Everything one form finds up to `end` that can matter: a document gets its best form. */
static enum status run_stream(struct any *any, struct stream *stream, uint32_t base, uint32_t end,
                              float bar)
{
    struct collect_scratch *s = any->c->scratch;

    while (stream->doc < end) {
        uint32_t i = stream->at;
        uint64_t passed = 0;
        enum status status = stream_need_codes(stream, any->c->err);

        if (status != AF_OK)
            return status;
        for (; i < stream->block->n && stream->block->docs[i] < end; i++) {
            uint32_t at = stream->block->docs[i] - base;
            float worth = stream_worth_at(stream, i);

            set_bit(s->lane_touched, at);
            s->best[at] = worth > s->best[at] ? worth : s->best[at];
        }
        any->c->postings += i - stream->at;
        status =
            stream_seek_above(stream, stream->block->docs[i - 1] + 1, bar, &passed, any->c->err);
        any->c->passed_over += passed;
        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

static void add_lane(struct any *any, const struct lane *lane)
{
    struct collect_scratch *s = any->c->scratch;

    for (uint32_t word = 0; word < COLLECT_WINDOW / 64; word++) {
        uint64_t bits = s->lane_touched[word];

        if (bits == 0)
            continue;
        s->lane_touched[word] = 0;
        s->touched[word] |= bits;
        for (; bits != 0; bits &= bits - 1) {
            uint32_t at = word * 64 + (uint32_t)__builtin_ctzll(bits);

            s->found[at]++;
            s->sums[at] += lane->group->weight * s->best[at];
            s->masses[at] += lane->mass;
            s->best[at] = 0;
        }
    }
}

/* A block of a lane with one form is passed over when the lane's best there and all other lanes
 * together cannot reach the heap. */
static enum status run_lane(struct any *any, struct lane *lane, uint32_t base, uint32_t end)
{
    float others = any->bounds[any->count] - lane->most;
    float bar = ((float)worst(any->c) - others) / lane->group->weight;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++)
        status = run_stream(any, &lane->streams[i], base, end, lane->count == 1 ? bar : -1);
    if (status == AF_OK)
        add_lane(any, lane);
    return status == AF_OK ? lane_seek(lane, end, any->c->err) : status;
}

/* Asks the weak lanes about a document, the strongest first, while they can still matter. */
static enum status finish_document(struct any *any, uint32_t doc, uint32_t at)
{
    struct collect *c = any->c;
    double score = (double)c->scratch->sums[at];
    float mass = c->scratch->masses[at];
    uint32_t found = c->scratch->found[at], i = any->first;

    for (; i > 0 && score + (double)any->bounds[i] > worst(c); i--) {
        struct lane *lane = &any->lanes[i - 1];
        enum status status = lane_seek(lane, doc, c->err);
        float more = 0;

        if (status == AF_OK && lane->doc == doc)
            status = lane_score(lane, &more, c->err);
        if (status != AF_OK)
            return status;
        c->postings++;
        if (lane->doc != doc)
            continue;
        score += (double)more;
        mass += lane->mass;
        found++;
    }
    c->skipped = c->skipped || i > 0;
    if ((any->not_all && found == any->count) || mass < c->floor || !accepts(c, doc))
        return AF_OK;
    c->matched += mass >= c->enough;
    offer(c, doc, score);
    return AF_OK;
}

static enum status close_window(struct any *any, uint32_t base)
{
    struct collect_scratch *s = any->c->scratch;
    enum status status = AF_OK;

    for (uint32_t word = 0; word < COLLECT_WINDOW / 64; word++) {
        for (uint64_t bits = s->touched[word]; bits != 0; bits &= bits - 1) {
            uint32_t at = word * 64 + (uint32_t)__builtin_ctzll(bits);

            if (status == AF_OK)
                status = finish_document(any, base + at, at);
            s->sums[at] = s->masses[at] = 0;
            s->found[at] = 0;
        }
        s->touched[word] = 0;
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

enum status collect_any(struct collect *c, struct lane *lanes, uint32_t count, bool not_all)
{
    struct any any = {.c = c, .lanes = lanes, .count = count, .not_all = not_all};
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
        uint32_t base = doc - doc % COLLECT_WINDOW;

        for (uint32_t i = any.first; status == AF_OK && i < count; i++)
            status = run_lane(&any, &lanes[i], base, base + COLLECT_WINDOW);
        if (status == AF_OK)
            status = close_window(&any, base);
        choose_first(&any);
    }
    if (status != AF_OK) /* left in the middle of a window */
        memset(c->scratch, 0, sizeof *c->scratch);
    c->skipped = c->skipped || c->passed_over > 0;
    return status;
}
