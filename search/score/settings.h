/* settings.h: every number that ranking weighs with, in one table.
 *
 * What each is good for is in search/README.md, with figures; what uses it, in match/rank.h. */
#ifndef ASKFIRST_SEARCH_SCORE_SETTINGS_H
#define ASKFIRST_SEARCH_SCORE_SETTINGS_H

#include "search/score/bm25.h"
#include "search/search.h"

/* What a group of the question is (query/query.h). */
enum group_kind {
    GROUP_WORD,
    GROUP_NUMBER,
    GROUP_CODE,
    GROUP_PART,
    GROUP_THAI,
    GROUP_GRAM2,
    GROUP_GRAM1,
    GROUP_KIND_COUNT
};

struct confidence_settings {
    double constant, weight[SIGNAL_COUNT];
    double none, sure; /* below, from: 0 … 1 */
    /* Of a sure one, at least: ahead of the next; of the question in title, keywords or symptom,
     * unless it has all codes. */
    double ahead, about;
    /* Whatever it says, a hit is likely that covers so much of the question in its own words, and
     * has that score, or is about what was asked in fewer characters than these (a word: 3). */
    double full_coverage, full_score;
    uint32_t short_run;
    /* Or one that is so far ahead of the next in a question as long as this. */
    double far_ahead;
    uint32_t long_run;
    uint32_t code_run; /* so much for each code, at most: nothing but codes was asked */
};

struct settings {
    struct bm25_settings bm25;
    float kind[GROUP_KIND_COUNT]; /* weight of a group of each kind */
    float straddles, bridged;     /* factors for grams over a word boundary, a line break */
    float filler;                 /* factor for a manner of asking (filler.h) */
    double text, coverage, span, title, code, about, lang, written;
    /* When what the best case has of the question is in titles (rank.h) up to plain[0], what they
     * say is no help, and texts are compared with a k1 of `plain_k1`; from plain[1] on, with the
     * usual one. */
    double plain[2], plain_k1;
    /* Weight of the share of its title that the question says: in full from named_run[1] and
     * named_titles[1] on, none up to the other (the question's length; as `plain`). */
    double named, named_run[2], named_titles[2];
    double span_inside; /* factor for a run that is not in the title or keywords */
    double unquoted;    /* factor for a case without a phrase that a longer question quotes */
    struct confidence_settings confidence;
    bool uses;        /* is anything learned from use looked at? */
    float learned;    /* factor for a word that a case only learned, as of a form */
    double repeat;    /* how far towards a perfect score the very question lifts */
    double prior;     /* of a full text score, that opening and helping are worth at most */
    double cover_min; /* of the best hit's mass that a hit must have, unless it has a code */
};
extern const struct settings settings_defaults;

#endif
