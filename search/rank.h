/* rank.h: the exact score of each candidate, and the order of the hits.
 *
 *            text·B + coverage·C + span·S + title·T + begins·P + code·I + near·N
 *   score = -------------------------------------------------------------------
 *                B + C + S + T + P + I + N   (of those the question can earn)
 *
 *   text      sum over groups of weight · worth · T / (k1 + T), divided by the question's mass
 *   coverage  share of the mass (weight · idf of every group) that the case has
 *   span      longest run of the question that stands in the case, of its length
 *   title     the title is the question; begins: the title begins with it
 *   code      share of the question's codes that stand in the case whole
 *   near      how close the words of a question of 2 to 4 words come to each other
 *
 * Every part lies in 0 … 1, so the score does. All numbers are in one table, rank.c. */
#ifndef ASKFIRST_SEARCH_RANK_H
#define ASKFIRST_SEARCH_RANK_H

#include "search/plan.h"

struct rank_settings {
    struct bm25_settings bm25;
    float kind[GROUP_KIND_COUNT]; /* weight of a group of each kind */
    float straddles, bridged;     /* factors for grams over a word boundary, a line break */
    float filler;                 /* factor for a manner of asking (filler.h) */
    double text, coverage, span, title, begins, code, near;
    double span_inside; /* factor for a run that is not in the title or keywords */
    double unquoted;    /* factor for a case without a phrase that a longer question quotes */
    double cover_min;   /* of the best hit's mass that a hit must have, unless it has a code */
};
extern const struct rank_settings rank_defaults;

struct ranked {
    struct place place;
    struct document document;
    double score; /* 0 … 1 */
    double text;  /* sum of weight · worth · saturation */
    double mass;  /* of the groups it has; `credit` counts a form by its weight */
    double credit;
    uint32_t codes;   /* codes of the question it has whole */
    unsigned reasons; /* enum reason, of groups that are not parts of a code */
    unsigned part_reasons;
};

struct ranking {
    struct ranked *hits; /* best first */
    uint32_t count;
    double mass; /* of the whole question */
};

/* Scores, drops what covers too little or lacks a quoted phrase, and sorts. AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status rank_candidates(const struct plan *plan, const struct candidates *candidates,
                            struct ranking *out, struct error *err) MUST_USE;

#endif
