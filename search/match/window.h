/* window.h: what lanes say about the documents of one stretch of a segment.
 *
 * Lanes are walked a stretch of COLLECT_WINDOW documents at a time, so that the sums stay in the
 * first-level caches: one lane after another adds what it says (window_add), or leaves only the
 * documents that it has as well (window_keep). Between stretches all is zero. */
#ifndef ASKFIRST_SEARCH_MATCH_WINDOW_H
#define ASKFIRST_SEARCH_MATCH_WINDOW_H

#include "search/match/bitset.h"
#include "search/match/lane.h"

#define COLLECT_WINDOW 8192

struct window {
    uint32_t base, end;
    uint64_t postings;    /* looked at, over all stretches */
    uint64_t passed_over; /* worth no more than a bar */
    float sums[COLLECT_WINDOW], masses[COLLECT_WINDOW];
    uint64_t touched[COLLECT_WINDOW / 64]; /* a bit each: which documents these are of */
    /* of the lane at hand */
    uint32_t count; /* documents that it was found in */
    float best[COLLECT_WINDOW];
    uint64_t lane_touched[COLLECT_WINDOW / 64];
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

/* Drops documents that the lane does not have, and adds to the others; those whose sum is then no
 * more than `cut` may be left out as well. AF_CORRUPT. */
enum status window_keep(struct window *w, struct lane *lane, uint32_t docs_in_segment, float cut,
                        struct error *err) MUST_USE;

/* The first document of the stretch ≥ `doc`; DOC_END: there is none. */
static inline uint32_t window_next(const struct window *w, uint32_t doc)
{
    uint32_t at = doc < w->base ? 0 : doc - w->base;
    uint64_t bits;

    if (at >= COLLECT_WINDOW)
        return DOC_END;
    bits = w->touched[at / 64] >> at % 64 << at % 64;
    for (at /= 64; bits == 0; bits = w->touched[at])
        if (++at == COLLECT_WINDOW / 64)
            return DOC_END;
    return w->base + at * 64 + (uint32_t)__builtin_ctzll(bits);
}

/* A document back to zero, and all there is. */
static inline void window_forget(struct window *w, uint32_t doc)
{
    uint32_t at = doc - w->base;

    w->sums[at] = w->masses[at] = 0;
    w->touched[at / 64] &= ~((uint64_t)1 << at % 64);
}
void window_clear(struct window *w);

#endif
