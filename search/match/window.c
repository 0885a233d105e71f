#include "search/match/window.h"

void window_clear(struct window *w)
{
    for (uint32_t i = 0; i < w->count; i++)
        w->cells[w->list[i]] = (struct window_cell){0};
    memset(w->touched, 0, sizeof w->touched);
    w->count = w->runs_count = w->notes_count = 0;
}

void window_next_lane(struct window *w)
{
    if (++w->lane != 0)
        return;
    for (uint32_t at = 0; at < COLLECT_WINDOW; at++) /* all numbers were given: once more */
        w->cells[at].lane = 0;
    w->lane = 1;
}

void window_set_of(const uint16_t *list, uint32_t count, uint64_t *set)
{
    memset(set, 0, COLLECT_WINDOW / 8);
    for (uint32_t i = 0; i < count; i++)
        bitset_add(set, list[i]);
}

/* --- adding ------------------------------------------------------------------------------ */

/* Of the block at hand, from where the stream stands: the postings that lie in the stretch. */
uint32_t window_end_of(const struct window *w, const struct stream *stream)
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
    uint32_t end = window_end_of(w, stream);
    unsigned found = stream_pick(stream, stream->at, end, stream_strength_for(stream, bar), places);

    w->postings += end - stream->at;
    w->passed_over += end - stream->at - found;
    *next = stream->block->docs[end - 1] + 1;
    return found;
}

/* A document gets the best of the lane's forms. */
static inline void add_worth(struct window *w, const struct lane *lane, uint32_t at, float worth)
{
    struct window_cell *cell = &w->cells[at];
    bool is_new = cell->lane != w->lane;
    float before = is_new ? 0 : cell->best;

    cell->best = worth > before ? worth : before;
    cell->lane = w->lane;
    cell->sum += lane->group->weight * (cell->best - before);
    cell->mass += is_new ? lane->mass : 0;
}

/* Everything of the block at hand that lies in the stretch, from where the stream stands; the
 * first document after it, or past the block. */
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
        window_touch(w, at);
        add_worth(w, lane, at, worth);
    }
    return next;
}

/* --- noting ------------------------------------------------------------------------------ */

bool window_has_room(const struct window *w, const struct lane *lanes, uint32_t count)
{
    uint64_t notes = w->notes_count;
    uint32_t runs = w->runs_count;

    for (uint32_t i = 0; i < count; i++) {
        uint64_t most = (uint64_t)lanes[i].count * COLLECT_WINDOW;

        notes += lanes[i].df < most ? lanes[i].df : most;
        runs += lanes[i].count;
    }
    return notes <= WINDOW_NOTES && runs <= WINDOW_RUNS;
}

/* As add_block(), but only notes what the block has. */
static uint32_t note_block(struct window *w, const struct lane *lane, const struct stream *stream,
                           float bar)
{
    const struct postings_block *block = stream->block;
    uint8_t places[POSTINGS_BLOCK];
    uint32_t next, note = w->notes_count;
    unsigned found = pick_block(w, stream, bar, places, &next);

    (void)lane; /* any lane's the same */
    for (unsigned i = 0; i < found; i++, note++) {
        uint32_t doc = block->docs[places[i]];

        window_touch(w, doc - w->base);
        w->noted_docs[note] = doc;
        w->noted_codes[note] = block->codes[places[i]];
        if (w->noted_codes[note] == SHAPE_ESCAPE)
            w->noted_escapes[note] = stream_strength_at(stream, places[i]);
    }
    w->notes_count = note;
    return next;
}

/* As note_block(), with bounds. */
static uint32_t bound_block(struct window *w, const struct lane *lane, const struct stream *stream,
                            float bar)
{
    uint32_t from = w->notes_count, next = note_block(w, lane, stream, bar);
    const float *most = stream->bm25->most_saturated;

    for (uint32_t note = from; note < w->notes_count; note++) {
        uint32_t at = w->noted_docs[note] - w->base;
        float worth = stream->worth * most[w->noted_codes[note]];

        add_worth(w, lane, at, worth);
    }
    return next;
}

/* What a run says about documents that are still in the window. */
static void add_run(struct window *w, const struct window_run *run)
{
    const struct stream *stream = run->stream;
    uint8_t places[POSTINGS_BLOCK + BITSET_SLACK];

    for (uint32_t from = run->from, n; from < run->end; from += n) {
        unsigned found;

        n = run->end - from < POSTINGS_BLOCK ? run->end - from : POSTINGS_BLOCK;
        found = bitset_pick(w->touched, w->noted_docs + from, n, w->base, places);
        for (unsigned i = 0; i < found; i++)
            __builtin_prefetch(stream->lengths +
                               (size_t)w->noted_docs[from + places[i]] * FIELD_COUNT);
        for (unsigned i = 0; i < found; i++) {
            uint32_t note = from + places[i], doc = w->noted_docs[note];
            uint8_t code = w->noted_codes[note];
            float strength = code == SHAPE_ESCAPE ? w->noted_escapes[note]
                                                  : stream_strength_of(stream, doc, code, 0);
            float worth = stream->worth * bm25_saturate(stream->bm25, strength);

            add_worth(w, run->lane, doc - w->base, worth);
        }
    }
}

void window_add_noted(struct window *w)
{
    for (uint32_t i = 0; i < w->runs_count; i++) {
        if (i == 0 || w->runs[i].lane != w->runs[i - 1].lane)
            window_next_lane(w);
        add_run(w, &w->runs[i]);
    }
    w->runs_count = w->notes_count = 0;
}

/* --- lanes ------------------------------------------------------------------------------- */

typedef uint32_t (*block_fn)(struct window *w, const struct lane *lane, const struct stream *stream,
                             float bar);

/* A form that is worth no more than the bar in a document does not matter: either another is
 * worth more there, or the whole lane is not enough. */
static enum status walk_stream(struct window *w, const struct lane *lane, struct stream *stream,
                               float bar, block_fn take, struct error *err)
{
    while (stream->doc < w->end) {
        uint64_t passed = 0;
        enum status status = stream_need_codes(stream, err);

        if (status == AF_OK)
            status = stream_seek_above(stream, take(w, lane, stream, bar), bar, &passed, err);
        if (status != AF_OK)
            return status;
        w->passed_over += passed;
    }
    return AF_OK;
}

enum status window_add(struct window *w, struct lane *lane, float bar, struct error *err)
{
    enum status status = AF_OK;

    window_next_lane(w);
    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++)
        status = walk_stream(w, lane, &lane->streams[i], bar / lane->group->weight, add_block, err);
    return status == AF_OK ? lane_seek(lane, w->end, err) : status;
}

enum status window_note(struct window *w, struct lane *lane, float bar, bool bounds,
                        struct error *err)
{
    block_fn take = bounds ? bound_block : note_block;
    enum status status = AF_OK;

    window_next_lane(w);
    for (uint32_t i = 0; status == AF_OK && i < lane->count; i++) {
        uint32_t from = w->notes_count;

        status = walk_stream(w, lane, &lane->streams[i], bar / lane->group->weight, take, err);
        w->runs[w->runs_count++] =
            (struct window_run){lane, &lane->streams[i], from, w->notes_count};
    }
    return status == AF_OK ? lane_seek(lane, w->end, err) : status;
}
