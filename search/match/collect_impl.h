/* collect_impl.h: what both ways of collecting share; for collect*.c. */
#ifndef ASKFIRST_SEARCH_MATCH_COLLECT_IMPL_H
#define ASKFIRST_SEARCH_MATCH_COLLECT_IMPL_H

#include "data/base/limits.h"
#include "search/match/collect.h"

static inline double collect_worst(const struct collect *c)
{
    return c->top.count < c->top.room || c->top.room == 0 ? -1 : c->top.items[0].score;
}

static inline bool collect_is_spent(struct collect *c)
{
    c->degraded = c->degraded || c->window->postings > SEARCH_POSTINGS_MAX;
    return c->degraded;
}

/* May it be shown at all? */
static inline bool collect_accepts(const struct collect *c, uint32_t doc)
{
    return segment_is_live(c->segment, doc) && filter_view_passes(&c->view, doc);
}

static inline uint64_t collect_key(const struct collect *c, uint32_t doc)
{
    return (uint64_t)c->segment_index << 32 | doc;
}

static inline void collect_offer(struct collect *c, uint32_t doc, double score)
{
    topk_offer(&c->top, score, collect_key(c, doc));
}

static inline enum status collect_end(struct collect *c, enum status status)
{
    window_clear(c->window);
    c->skipped = c->skipped || c->window->passed_over > 0;
    return status;
}

#endif
