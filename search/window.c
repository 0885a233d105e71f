#include "search/window.h"

/* Asking for one document costs as much as walking over so many of the list. */
#define SEEK_POSTINGS 24

static void set_bit(uint64_t *bits, uint32_t at)
{
    bits[at / 64] |= (uint64_t)1 << at % 64;
}

static bool has_bit(const uint64_t *bits, uint32_t at)
{
    return (bits[at / 64] >> at % 64 & 1) != 0;
}

void window_clear(struct window *w)
{
    memset(w, 0, sizeof *w);
}

/* --- adding ------------------------------------------------------------------------------ */

/* Everything of the block at hand that lies in the stretch, from where the stream stands; the
 * first document after it, or past the block. Nobody else has a form of this lane. */
static uint32_t add_block(struct window *w, const struct lane *lane, const struct stream *stream,
                          float bar)
{
    const struct postings_block *block = stream->block;
    uint32_t i = stream->at;

    for (; i < block->n && block->docs[i] < w->end; i++) {
        uint32_t at = block->docs[i] - w->base;
        float worth = stream_worth_at(stream, i);

        stream_expect(stream, i + STREAM_AHEAD);
        if (worth <= bar) {
            w->passed_over++;
            continue;
        }
        set_bit(w->touched, at);
        w->sums[at] += lane->group->weight * worth;
        w->masses[at] += lane->mass;
        w->count++;
    }
    w->postings += i - stream->at;
    return block->docs[i - 1] + 1;
}

/* The same for one of several forms: a document gets its best. */
static uint32_t note_block(struct window *w, const struct stream *stream, float bar)
{
    const struct postings_block *block = stream->block;
    uint32_t i = stream->at;

    for (; i < block->n && block->docs[i] < w->end; i++) {
        uint32_t at = block->docs[i] - w->base;
        float worth = stream_worth_at(stream, i);

        stream_expect(stream, i + STREAM_AHEAD);
        if (worth <= bar) {
            w->passed_over++;
            continue;
        }
        set_bit(w->lane_touched, at);
        w->best[at] = worth > w->best[at] ? worth : w->best[at];
    }
    w->postings += i - stream->at;
    return block->docs[i - 1] + 1;
}

/* What the forms of the lane found. */
static void add_noted(struct window *w, const struct lane *lane)
{
    w->count = 0;
    for (uint32_t word = 0; word < COLLECT_WINDOW / 64; word++) {
        uint64_t bits = w->lane_touched[word];

        w->lane_touched[word] = 0;
        w->touched[word] |= bits;
        for (; bits != 0; bits &= bits - 1) {
            uint32_t at = word * 64 + (uint32_t)__builtin_ctzll(bits);

            w->sums[at] += lane->group->weight * w->best[at];
            w->masses[at] += lane->mass;
            w->best[at] = 0;
            w->count++;
        }
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
        next = lane->count == 1 ? add_block(w, lane, stream, bar) : note_block(w, stream, bar);
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
        add_noted(w, lane);
    return status == AF_OK ? lane_seek(lane, w->end, err) : status;
}

/* --- keeping ----------------------------------------------------------------------------- */

/* Of the block at hand: those that are still in question. */
static enum status keep_block(struct window *w, struct stream *stream, uint32_t *next,
                              struct error *err)
{
    const struct postings_block *block = stream->block;
    uint32_t i = stream->at;

    for (; i < block->n && block->docs[i] < w->end; i++) {
        uint32_t at = block->docs[i] - w->base;
        enum status status;
        float worth;

        if (!has_bit(w->touched, at))
            continue;
        if ((status = stream_need_codes(stream, err)) != AF_OK)
            return status;
        worth = stream_worth_at(stream, i);
        set_bit(w->lane_touched, at);
        w->best[at] = worth > w->best[at] ? worth : w->best[at];
    }
    w->postings += i - stream->at;
    *next = block->docs[i - 1] + 1;
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
static enum status keep_sought(struct window *w, struct lane *lane, struct error *err)
{
    for (uint32_t doc = window_next(w, 0); doc != DOC_END; doc = window_next(w, doc + 1)) {
        enum status status = lane_seek(lane, doc, err);
        float score = 0;

        if (status == AF_OK && lane->doc == doc)
            status = lane_score(lane, &score, err);
        if (status != AF_OK)
            return status;
        w->postings++;
        if (lane->doc != doc) {
            window_forget(w, doc);
            w->count--;
            continue;
        }
        w->sums[doc - w->base] += score;
        w->masses[doc - w->base] += lane->mass;
    }
    return AF_OK;
}

static void drop_others(struct window *w)
{
    for (uint32_t word = 0; word < COLLECT_WINDOW / 64; word++) {
        uint64_t bits = w->touched[word] & ~w->lane_touched[word];

        for (; bits != 0; bits &= bits - 1)
            window_forget(w, w->base + word * 64 + (uint32_t)__builtin_ctzll(bits));
    }
}

enum status window_keep(struct window *w, struct lane *lane, uint32_t docs_in_segment,
                        struct error *err)
{
    uint64_t here = (uint64_t)lane->df * COLLECT_WINDOW / (docs_in_segment + 1u);
    enum status status = AF_OK;

    if (here > (uint64_t)SEEK_POSTINGS * w->count)
        return keep_sought(w, lane, err);
    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++)
        status = keep_stream(w, &lane->streams[i], err);
    drop_others(w);
    add_noted(w, lane);
    lane_settle(lane);
    return status;
}
