/* window.h: what lanes say about the documents of one stretch of a segment.
 *
 * Lanes are walked a stretch of COLLECT_WINDOW documents at a time, so that the sums stay in the
 * first-level caches: one lane after another adds what it says (window_add), or leaves only the
 * documents that it has as well (window_keep). Between stretches all is zero but for notes.
 *
 * Which documents a posting list names is anybody's guess, to a processor too: what runs over all
 * documents of a stretch goes by a list and without branches, and what is said of one document
 * lies in one line of the cache. */
#ifndef ASKFIRST_SEARCH_MATCH_WINDOW_H
#define ASKFIRST_SEARCH_MATCH_WINDOW_H

#include "search/match/bitset.h"
#include "search/match/lane.h"

#define COLLECT_WINDOW 8192
#define WINDOW_NOTES (8 * COLLECT_WINDOW) /* whatever eight streams have in a stretch */
#define WINDOW_RUNS 64

/* What was noted of a stream. */
struct window_run {
    const struct lane *lane;
    const struct stream *stream;
    uint32_t from, end;
};

/* What is said of a document. It lies together: few documents of a stretch are asked about. */
struct window_cell {
    float sum, mass;
    float best; /* of its forms in one lane: */
    uint16_t lane;
    bool lacks; /* one of the lanes that were asked (collect_any.c) */
};

struct window {
    uint32_t base, end;
    uint64_t postings;    /* looked at, over all stretches */
    uint64_t passed_over; /* worth no more than a bar */
    /* the documents of the stretch: a bit each, a list in any order, and what is said of them */
    uint64_t touched[COLLECT_WINDOW / 64];
    uint32_t count;
    uint16_t list[COLLECT_WINDOW + 1];
    struct window_cell cells[COLLECT_WINDOW];
    uint16_t lane; /* the number of the lane at hand: cells of another know nothing of it */
    /* postings that were noted: stream after stream, those of a lane together */
    uint32_t runs_count, notes_count;
    struct window_run runs[WINDOW_RUNS];
    uint32_t noted_docs[WINDOW_NOTES];
    uint8_t noted_codes[WINDOW_NOTES];
    float noted_escapes[WINDOW_NOTES]; /* of an escape: the strength */
};

/* The stretch that `doc` is in. */
static inline void window_begin(struct window *w, uint32_t doc)
{
    w->base = doc - doc % COLLECT_WINDOW;
    w->end = w->base + COLLECT_WINDOW;
}

/* Adds the lane's documents from where it stands, and moves it past the stretch. Documents for
 * which it is worth no more than `bar` may be left out. AF_CORRUPT. */
enum status window_add(struct window *w, struct lane *lane, float bar, struct error *err) MUST_USE;

/* The same in two steps, since what a posting says takes its document's lengths, which are in no
 * cache: noting it, and when few documents are left in the window, adding what was noted about
 * those. Whether there is room for all that these lanes can have in a stretch: */
bool window_has_room(const struct window *w, const struct lane *lanes, uint32_t count);
/* Sums are not touched, or with `bounds` bounds from above are added to them, as told from codes
 * alone, and the mass. AF_CORRUPT. */
enum status window_note(struct window *w, struct lane *lane, float bar, bool bounds,
                        struct error *err) MUST_USE;
void window_add_noted(struct window *w);

/* Of the block at hand: where what lies in the stretch ends. */
uint32_t window_end_of(const struct window *w, const struct stream *stream);

/* Finds out which of the documents in `set`, `count` of them, the lane has: window_found(), and
 * what each gets before the group's weight: its cell's best. AF_CORRUPT. */
enum status window_ask(struct window *w, struct lane *lane, uint32_t docs_in_segment,
                       const uint64_t *set, uint32_t count, struct error *err) MUST_USE;
static inline bool window_found(const struct window *w, uint32_t at)
{
    return w->cells[at].lane == w->lane;
}

/* Drops documents that the lane does not have, and adds to the others; those whose sum is then no
 * more than `cut` may be left out as well. AF_CORRUPT. */
enum status window_keep(struct window *w, struct lane *lane, uint32_t docs_in_segment, float cut,
                        struct error *err) MUST_USE;

/* The first document of a set ≥ `doc`; DOC_END: there is none. */
static inline uint32_t window_next_in(const struct window *w, const uint64_t *set, uint32_t doc)
{
    uint32_t at = doc < w->base ? 0 : doc - w->base;
    uint64_t bits;

    if (at >= COLLECT_WINDOW)
        return DOC_END;
    bits = set[at / 64] >> at % 64 << at % 64;
    for (at /= 64; bits == 0; bits = set[at])
        if (++at == COLLECT_WINDOW / 64)
            return DOC_END;
    return w->base + at * 64 + (uint32_t)__builtin_ctzll(bits);
}
static inline uint32_t window_next(const struct window *w, uint32_t doc)
{
    return window_next_in(w, w->touched, doc);
}

/* The set of a list. */
void window_set_of(const uint16_t *list, uint32_t count, uint64_t *set);

/* A lane that was not at hand before. */
void window_next_lane(struct window *w);

/* The document becomes one of the stretch. */
static inline void window_touch(struct window *w, uint32_t at)
{
    w->list[w->count] = (uint16_t)at;
    w->count += !bitset_has(w->touched, at);
    bitset_add(w->touched, at);
}

/* All is zero again. */
void window_clear(struct window *w);

#endif
