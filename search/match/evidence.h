/* evidence.h: what each group of the question says about each candidate.
 *
 * Everything comes from postings; no text is read. Fields of occurrences also give runs: when a
 * field has 打印 and 印机, neighbours in the question, it has 打印机 (nearly always: a run of three
 * grams that comes from different places is rare). A character or a part of a code that a gram or
 * code of the same case contains is known to be there without asking for it. The groups that
 * looked for candidates are asked about all of them, the others, whose lists are the longest, only
 * about those to be shown and CLOSE_LOOK more. */
#ifndef ASKFIRST_SEARCH_MATCH_EVIDENCE_H
#define ASKFIRST_SEARCH_MATCH_EVIDENCE_H

#include "search/match/plan.h"

struct evidence {
    struct place place;
    double text;        /* sum of weight × worth */
    double learned;     /* how much less it would be without forms that were learned from use */
    double mass;        /* of the groups it has, */
    double own;         /* and of those that it did not only learn */
    double credit;      /* the same, each form counted by its weight */
    double plain;       /* as text, with the k1 of questions about what titles do not say */
    double about;       /* credit of the groups, parts left out, in its title, keywords, symptom */
    double title;       /* the same in its title */
    double guessed;     /* mass of the groups that it has only if a slip was meant otherwise */
    uint32_t explained; /* how much of the title the groups there are, in units of its length */
    uint32_t codes;     /* codes of the question it has whole */
    const struct member *code; /* of a question by_end: which code it has (ends.h); NULL: none */
    unsigned reasons;          /* enum reason, of groups that are not parts of a code */
    unsigned part_reasons;
    uint32_t run_title;  /* weight of the longest run in the title or the keywords, */
    uint32_t run_inside; /* and in any other field */
    float written;       /* has its title the question the way it was typed? (written.h) */
};

struct question_totals {
    double mass;
    double whole;   /* mass of the groups that are no parts */
    double titled;  /* 0 … 1: share in titles of what the best case has of it (rank.h) */
    double known;   /* mass of the groups that some case has */
    uint32_t run;   /* weight of the whole question as one run: a word 3, a CJK character 1 */
    uint32_t codes; /* groups that are codes: letters and digits */
    bool written;   /* the title of some candidate has it the way it was typed */
};

/* One for each candidate, in their order; from the arena. AF_CORRUPT, AF_NO_MEMORY. */
enum status evidence_gather(const struct plan *plan, const struct candidates *candidates,
                            struct evidence **out, struct question_totals *totals,
                            struct error *err) MUST_USE;

#endif
