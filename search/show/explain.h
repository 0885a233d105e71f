/* explain.h: why these cases, in this order, and why not that one.
 *
 * What the other stages knew and forgot is asked again: which groups a hit has, by which of their
 * forms and in which fields, and the parts of its score. Nothing of this is done, or kept, for a
 * question that is not to be explained. It says how common a word is in the whole index, in cases
 * that the asker may not see too, so it is for staff. */
#ifndef ASKFIRST_SEARCH_SHOW_EXPLAIN_H
#define ASKFIRST_SEARCH_SHOW_EXPLAIN_H

#include "search/match/confidence.h"

/* The searches that were made, one after the other, each because the one before found fewer than
 * HITS_DEFAULT cases. */
enum explain_stage {
    STAGE_TYPED,       /* what was typed, and what rare words may be */
    STAGE_OTHER_WORDS, /* other words for the one phrase that was asked for (synonyms.h) */
    STAGE_WIDER,       /* corrections of known words too, and pieces of words (expand.h) */
    STAGE_COUNT
};

/* What became of a case that was asked after. */
enum explain_fate {
    FATE_HIT,
    FATE_UNKNOWN,       /* not in the index: no such case, a draft, archived */
    FATE_FILTERED,      /* a filter or the audience keeps it out */
    FATE_LEFT_OUT,      /* it was asked not to come */
    FATE_NO_WORD,       /* it has nothing of the question */
    FATE_UNQUOTED,      /* without a quoted phrase, or not read for it */
    FATE_COVERS_LITTLE, /* it has too little of the question beside the best */
    FATE_NOT_LOOKED_AT, /* so many say more of the rarest words that it was no candidate */
    FATE_COUNT
};

struct explained_match {
    const struct group *group;
    const struct member *form; /* the one that is worth most there */
    unsigned fields;           /* a bit for each enum field that has some form */
    double points;             /* weight · worth · T / (k1 + T): its share of `text` */
};

struct explained_hit {
    struct bytes id, title;
    uint32_t rank;  /* from 1; 0: not a hit */
    double score;   /* as it is shown */
    double sum;     /* of the parts; use lifts a hit above it, others hold it below (rank.c) */
    double learned; /* of `text`: from words that only use has taught */
    double repeat;  /* 0 … 1: it solved this very question before (match/usage.h) */
    struct score_parts parts;
    double mass;                     /* of the groups it has */
    struct explained_match *matches; /* in the order of the question */
    uint32_t matches_count;
};

struct explanation {
    struct bytes folded, preferred; /* the question; the asker's language, or empty */
    const struct group *groups;
    uint32_t groups_count;
    uint32_t docs; /* what df is compared with */
    double mass;
    const struct group **lookers; /* those that looked for candidates */
    uint32_t lookers_count;
    uint32_t candidates, ranked;  /* looked at closely; left */
    bool is_all;                  /* every case that matches was a candidate */
    bool typing;                  /* the last word may be unfinished */
    uint32_t stages[STAGE_COUNT]; /* hits after each + 1; 0: it was not needed */
    double cover_min;
    struct confidence confidence; /* that the first hit is the answer, and from what */
    struct explained_hit *hits;   /* of the page */
    uint32_t hits_count;
    struct bytes asked_id; /* the case that was asked after, or empty */
    enum explain_fate fate;
    struct explained_hit asked; /* set unless it is unknown */
};

const char *explain_stage_name(enum explain_stage stage);
const char *explain_fate_name(enum explain_fate fate);
const char *explain_fate_sentence(enum explain_fate fate);
const char *explain_signal_name(enum signal signal);
const char *explain_part_name(enum score_part part);
const char *explain_kind_name(enum group_kind kind);
const char *explain_field_name(enum field field);

/* After the last search, with its plan. `from` and `limit`: of the page; `id`: the case asked
 * after, or empty. In the plan's arena; texts outlive the snapshot. AF_CORRUPT, AF_NO_MEMORY. */
enum status explain_make(const struct plan *plan, const struct candidates *candidates,
                         const struct ranking *ranking, uint32_t from, uint32_t limit,
                         struct bytes id, struct explanation *out, struct error *err) MUST_USE;

#endif
