#include "search/match/window.h"

/* Which of some documents a lane has. */

/* A list that has more postings here for each document is asked for them, another is walked: 12, 24
 * and 48 count the same instructions within a hundredth. */
#define SEEK_POSTINGS 24

/* Of the block at hand, what lies in the stretch: those that are still in question. */
static enum status ask_block(struct window *w, struct stream *stream, const uint64_t *set,
                             uint32_t *next, struct error *err)
{
    const struct postings_block *block = stream->block;
    uint32_t first = stream->at, end = window_end_of(w, stream);
    uint8_t places[POSTINGS_BLOCK + BITSET_SLACK];
    enum status status;
    unsigned found;

    w->postings += end - first;
    *next = block->docs[end - 1] + 1;
    found = bitset_pick(set, block->docs + first, end - first, w->base, places);
    if (found == 0)
        return AF_OK;
    if ((status = stream_need_codes(stream, err)) != AF_OK)
        return status;
    for (unsigned i = 0; i < found; i++) {
        uint32_t at = block->docs[first + places[i]] - w->base;
        float worth = stream_worth_at(stream, first + places[i]);

        if (!window_found(w, at) || worth > w->cells[at].best)
            w->cells[at].best = worth;
        w->cells[at].lane = w->lane;
    }
    return AF_OK;
}

static enum status ask_stream(struct window *w, struct stream *stream, const uint64_t *set,
                              struct error *err)
{
    uint32_t next = window_next_in(w, set, stream->doc);

    while (next != DOC_END) {
        uint64_t passed = 0;
        enum status status = stream_seek_above(stream, next, -1, &passed, err);

        if (status == AF_OK && stream->doc >= w->end)
            break;
        if (status == AF_OK)
            status = stream_need_docs(stream, err);
        if (status == AF_OK)
            status = ask_block(w, stream, set, &next, err);
        if (status != AF_OK)
            return status;
        next = window_next_in(w, set, next);
    }
    return AF_OK;
}

/* One after another; few of a long list. */
static enum status seek_each(struct window *w, struct lane *lane, const uint64_t *set,
                             struct error *err)
{
    uint32_t doc = window_next_in(w, set, 0);

    for (; doc != DOC_END; doc = window_next_in(w, set, doc + 1)) {
        enum status status = lane_seek(lane, doc, err);

        w->postings++;
        if (status == AF_OK && lane->doc == doc) {
            status = lane_worth(lane, &w->cells[doc - w->base].best, err);
            w->cells[doc - w->base].lane = w->lane;
        }
        if (status != AF_OK)
            return status;
    }
    return AF_OK;
}

enum status window_ask(struct window *w, struct lane *lane, uint32_t docs_in_segment,
                       const uint64_t *set, uint32_t count, struct error *err)
{
    uint64_t here = (uint64_t)lane->df * COLLECT_WINDOW / (docs_in_segment + 1u);
    enum status status = AF_OK;

    window_next_lane(w);
    if (here > (uint64_t)SEEK_POSTINGS * count)
        return seek_each(w, lane, set, err);
    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++)
        status = ask_stream(w, &lane->streams[i], set, err);
    lane_settle(lane);
    return status;
}

/* What the lane has is added, the rest is forgotten; without branches, which would be guesses. */
static void keep_found(struct window *w, const struct lane *lane, float cut)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < w->count; i++) {
        uint16_t at = w->list[i];
        struct window_cell *cell = &w->cells[at];
        float sum = cell->sum + lane->group->weight * cell->best;
        bool found = cell->lane == w->lane, keep = found & (sum > cut);

        w->passed_over += found & !keep;
        cell->sum = keep ? sum : 0;
        cell->mass = keep ? cell->mass + lane->mass : 0;
        w->list[kept] = at;
        kept += keep;
    }
    w->count = kept;
    window_set_of(w->list, kept, w->touched);
}

enum status window_keep(struct window *w, struct lane *lane, uint32_t docs_in_segment, float cut,
                        struct error *err)
{
    enum status status = window_ask(w, lane, docs_in_segment, w->touched, w->count, err);

    keep_found(w, lane, cut);
    return status;
}
