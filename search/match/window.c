#include "search/match/window.h"

/* A list that has more postings here for each document left is asked for them, another is walked:
 * 12, 24 and 48 count the same instructions within a hundredth. */
#define SEEK_POSTINGS 24

void window_clear(struct window *w)
{
    memset(w, 0, sizeof *w);
}

/* --- adding ------------------------------------------------------------------------------ */

/* Of the block at hand, from where the stream stands: the postings that lie in the stretch. */
static uint32_t end_in_stretch(const struct window *w, const struct stream *stream)
{
    const uint32_t *docs = stream->block->docs;
    uint32_t low = stream->at, count = stream->block->n - low;

    if (docs[low + count - 1] < w->end)
        return low + count;
    for (; count > 1; count -= count / 2)
        low += (docs[low + count / 2 - 1] < w->end) * (count / 2);
    return low + (docs[low] < w->end);
}

/* Those of them that can be worth more than the bar, by their codes; *next is the document after
 * all of them. */
static unsigned pick_block(struct window *w, const struct stream *stream, float bar,
                           uint8_t places[POSTINGS_BLOCK], uint32_t *next)
{
    uint32_t end = end_in_stretch(w, stream);
    unsigned found = stream_pick(stream, stream->at, end, stream_strength_for(stream, bar), places);

    w->postings += end - stream->at;
    w->passed_over += end - stream->at - found;
    *next = stream->block->docs[end - 1] + 1;
    return found;
}

/* Everything of the block at hand that lies in the stretch, from where the stream stands; the
 * first document after it, or past the block. Nobody else has a form of this lane. */
static uint32_t add_block(struct window *w, const struct lane *lane, const struct stream *stream,
                          float bar)
{
    const struct postings_block *block = stream->block;
    uint8_t places[POSTINGS_BLOCK];
    uint32_t next;
    unsigned found = pick_block(w, stream, bar, places, &next);

    for (unsigned i = 0; i < found; i++) {
        uint32_t at = block->docs[places[i]] - w->base;
        float worth = stream_worth_at(stream, places[i]);

        if (i + STREAM_AHEAD < found)
            stream_expect(stream, places[i + STREAM_AHEAD]);
        if (worth <= bar) {
            w->passed_over++;
            continue;
        }
        bitset_add(w->touched, at);
        w->sums[at] += lane->group->weight * worth;
        w->masses[at] += lane->mass;
        w->count++;
    }
    return next;
}

/* The same for one of several forms: a document gets its best. */
static uint32_t add_form_block(struct window *w, const struct lane *lane,
                               const struct stream *stream, float bar)
{
    const struct postings_block *block = stream->block;
    uint8_t places[POSTINGS_BLOCK];
    uint32_t next;
    unsigned found = pick_block(w, stream, bar, places, &next);

    for (unsigned i = 0; i < found; i++) {
        uint32_t at = block->docs[places[i]] - w->base;
        float worth = stream_worth_at(stream, places[i]);

        if (i + STREAM_AHEAD < found)
            stream_expect(stream, places[i + STREAM_AHEAD]);
        if (worth <= bar) {
            w->passed_over++;
            continue;
        }
        if (!bitset_has(w->lane_touched, at)) {
            bitset_add(w->lane_touched, at);
            bitset_add(w->touched, at);
            w->masses[at] += lane->mass;
            w->count++;
        }
        if (worth > w->best[at]) {
            w->sums[at] += lane->group->weight * (worth - w->best[at]);
            w->best[at] = worth;
        }
    }
    return next;
}

static void forget_lane(struct window *w)
{
    for (uint32_t word = 0; word < COLLECT_WINDOW / 64; word++) {
        for (uint64_t bits = w->lane_touched[word]; bits != 0; bits &= bits - 1)
            w->best[word * 64 + (uint32_t)__builtin_ctzll(bits)] = 0;
        w->lane_touched[word] = 0;
    }
}

/* A form that is worth no more than the bar in a document does not matter: either another is
 * worth more there, or the whole lane is not enough. */
static enum status add_stream(struct window *w, const struct lane *lane, struct stream *stream,
                              float bar, struct error *err)
{
    while (stream->doc < w->end) {
        uint64_t passed = 0;
        enum status status = stream_need_codes(stream, err);
        uint32_t next;

        if (status != AF_OK)
            return status;
        next = lane->count == 1 ? add_block(w, lane, stream, bar)
                                : add_form_block(w, lane, stream, bar);
        if ((status = stream_seek_above(stream, next, bar, &passed, err)) != AF_OK)
            return status;
        w->passed_over += passed;
    }
    return AF_OK;
}

enum status window_add(struct window *w, struct lane *lane, float bar, struct error *err)
{
    enum status status = AF_OK;

    w->count = 0;
    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++)
        status = add_stream(w, lane, &lane->streams[i], bar / lane->group->weight, err);
    if (lane->count > 1)
        forget_lane(w);
    return status == AF_OK ? lane_seek(lane, w->end, err) : status;
}

/* --- keeping ----------------------------------------------------------------------------- */

/* Of the block at hand, what lies in the stretch: those that are still in question. */
static enum status keep_block(struct window *w, struct stream *stream, uint32_t *next,
                              struct error *err)
{
    const struct postings_block *block = stream->block;
    uint32_t first = stream->at, end = end_in_stretch(w, stream);
    uint8_t places[POSTINGS_BLOCK + BITSET_SLACK];
    enum status status;
    unsigned found;

    w->postings += end - first;
    *next = block->docs[end - 1] + 1;
    found = bitset_pick(w->touched, block->docs + first, end - first, w->base, places);
    if (found == 0)
        return AF_OK;
    if ((status = stream_need_codes(stream, err)) != AF_OK)
        return status;
    for (unsigned i = 0; i < found; i++) {
        uint32_t at = block->docs[first + places[i]] - w->base;
        float worth = stream_worth_at(stream, first + places[i]);

        bitset_add(w->lane_touched, at);
        w->best[at] = worth > w->best[at] ? worth : w->best[at];
    }
    return AF_OK;
}

static enum status keep_stream(struct window *w, struct stream *stream, struct error *err)
{
    uint32_t next = window_next(w, stream->doc);

    while (next != DOC_END) {
        uint64_t passed = 0;
        enum status status = stream_seek_above(stream, next, -1, &passed, err);

        if (status == AF_OK && stream->doc >= w->end)
            break;
        if (status == AF_OK)
            status = stream_need_docs(stream, err);
        if (status == AF_OK)
            status = keep_block(w, stream, &next, err);
        if (status != AF_OK)
            return status;
        next = window_next(w, next);
    }
    return AF_OK;
}

/* One after another; few of a long list. */
static enum status keep_sought(struct window *w, struct lane *lane, float cut, struct error *err)
{
    for (uint32_t doc = window_next(w, 0); doc != DOC_END; doc = window_next(w, doc + 1)) {
        enum status status = lane_seek(lane, doc, err);
        float score = 0;

        if (status == AF_OK && lane->doc == doc)
            status = lane_score(lane, &score, err);
        if (status != AF_OK)
            return status;
        w->postings++;
        if (lane->doc != doc || w->sums[doc - w->base] + score <= cut) {
            w->passed_over += lane->doc == doc;
            window_forget(w, doc);
            w->count--;
            continue;
        }
        w->sums[doc - w->base] += score;
        w->masses[doc - w->base] += lane->mass;
    }
    return AF_OK;
}

/* What the lane has is added, the rest is forgotten. */
static void keep_noted(struct window *w, const struct lane *lane, float cut)
{
    w->count = 0;
    for (uint32_t word = 0; word < COLLECT_WINDOW / 64; word++) {
        uint64_t kept = w->lane_touched[word], bits = w->touched[word];

        w->lane_touched[word] = 0;
        for (; bits != 0; bits &= bits - 1) {
            uint32_t at = word * 64 + (uint32_t)__builtin_ctzll(bits);
            float sum = w->sums[at] + lane->group->weight * w->best[at];
            bool keep = (kept & bits & -bits) != 0 && sum > cut;

            w->passed_over += sum <= cut;
            w->touched[word] ^= keep ? 0 : bits & -bits;
            w->sums[at] = keep ? sum : 0;
            w->masses[at] = keep ? w->masses[at] + lane->mass : 0;
            w->best[at] = 0;
            w->count += keep;
        }
    }
}

enum status window_keep(struct window *w, struct lane *lane, uint32_t docs_in_segment, float cut,
                        struct error *err)
{
    uint64_t here = (uint64_t)lane->df * COLLECT_WINDOW / (docs_in_segment + 1u);
    enum status status = AF_OK;

    if (here > (uint64_t)SEEK_POSTINGS * w->count)
        return keep_sought(w, lane, cut, err);
    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++)
        status = keep_stream(w, &lane->streams[i], err);
    keep_noted(w, lane, cut);
    lane_settle(lane);
    return status;
}
