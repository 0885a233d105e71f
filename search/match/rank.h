/* rank.h: the score of each candidate, and the order of the hits.
 *
 *         text·B + coverage·C + about·A + named·N + span·S + title·T + lang·L + written·W + code·I
 *   score = -------------------------------------------------------------------------------------
 *             B + C + A + N + S + T + L + W + I   (N, L, W, I only when the question asks for it)
 *
 *   text      sum over groups of weight · worth · T / (k1 + T), divided by the question's mass
 *   coverage  share of the mass (weight · idf of every group) that the case has
 *   about     the same, in title, keywords and symptom alone: pages that only link to an answer
 *             have its words too, but are about something else
 *   named     share of its title that the question says; nothing in short questions, where it
 *             is no more than a short title
 *   span      longest run of the question in one field, of its length; the title counts whole
 *   title     the title is the question
 *   lang      the case is in the asker's language (langpref.h)
 *   written   its title has the one or two characters that were asked the way they were typed
 *             (written.h); not asked when no candidate's has
 *   code      share of the question's codes that stand in the case whole
 *
 * Is what is asked a title, or something inside a text? `titled` is how much of what the best
 * candidate has of the question is `about`. Where that is next to nothing, the k1 of `text` is a
 * third: how often a paragraph has a word says little, and which words it has, much. There `named`
 * counts nothing either. From one to the other it goes straight (settings.h).
 *
 * What use says (usage.h) comes after: a prior, at most PRIOR · B of the sum below the line either
 * way, and a part of the way to 1 for a case that solved this very question. Neither puts a case
 * above one that has more of the codes that were asked for.
 *
 * Every part lies in 0 … 1, so the score does. All numbers are in one table, score/settings.c. No
 * text is read but a title that may equal the question, and cases that may hold a quoted phrase. */
#ifndef ASKFIRST_SEARCH_MATCH_RANK_H
#define ASKFIRST_SEARCH_MATCH_RANK_H

#include "search/match/evidence.h"

enum score_part {
    PART_TEXT,
    PART_COVERAGE,
    PART_ABOUT,
    PART_NAMED,
    PART_SPAN,
    PART_TITLE,
    PART_LANG,
    PART_WRITTEN,
    PART_CODE,
    SCORE_PARTS
};

/* A part whose weight is 0 is not asked of this question. */
struct score_parts {
    double value[SCORE_PARTS], weight[SCORE_PARTS];
};

struct ranked {
    struct evidence e;
    double score;  /* 0 … 1 */
    double full;   /* what its parts were divided by */
    double unused; /* the same without what use says of it, as far as that is known */
    double repeat; /* 0 … 1: it solved this very question before (usage.h) */
    bool is_read;
    struct document document; /* of the first `wanted` hits; others only when is_read */
};

struct ranking {
    struct ranked *hits; /* best first */
    uint32_t count;
    uint32_t title_units; /* length of the first hit's title, as the index counts it */
    struct question_totals totals;
};

/* Scores, sorts, drops what covers too little or lacks a quoted phrase. AF_CORRUPT,
 * AF_NO_MEMORY. */
enum status rank_candidates(const struct plan *plan, const struct candidates *candidates,
                            struct ranking *out, struct error *err) MUST_USE;

/* What the score of a candidate is made of, before use and what holds it back (rank.c);
 * for showing too. *full: the sum of the weights. */
enum status rank_parts(const struct plan *plan, const struct question_totals *totals,
                       struct ranked *hit, struct score_parts *out, struct error *err) MUST_USE;
double rank_sum(const struct score_parts *parts, double *full);

#endif
