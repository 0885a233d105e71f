/* query.h: the question, folded and cut into groups: what is looked for.
 *
 * A group is one thing that was typed, in all the forms that count as it: a word, a number, a
 * code, a part of a code, a gram of CJK characters. Its members are terms of the index with a
 * weight and a reason; what a document gets for a group is the best of its members, never
 * their sum, so that a word and its stem are not two words. query.c makes the members that the
 * text itself says; expand.c adds what could be meant and looks all of them up.
 *
 *   "打印机 E-013"   打印 GRAM2   印机 GRAM2   打 印 机 GRAM1
 *                    e-013 CODE (i:e-013, q:e013)   e PART   013 PART (p:013, p:13) */
#ifndef ASKFIRST_SEARCH_QUERY_QUERY_H
#define ASKFIRST_SEARCH_QUERY_QUERY_H

#include "data/base/limits.h"
#include "indexer/text/analyzer.h"
#include "search/query/lexicon.h"
#include "search/score/settings.h"
#include "search/search.h"

struct member {
    struct bytes term;
    float weight;   /* 1: as typed */
    uint8_t reason; /* enum reason */
    uint64_t df;    /* looked up by expand.c */
    bool is_looked_up;
    const struct term_entry *entries; /* one a segment; NULL when df is 0 */
    float worth;                      /* weight × idf of the group and the member */
    struct member *next;
};

struct group {
    enum group_kind kind;
    struct bytes text;   /* folded, without the class */
    uint32_t start, end; /* of its first occurrence in the folded question */
    uint32_t count;      /* occurrences */
    uint32_t seen;       /* end of the last one */
    uint8_t flags;       /* enum token_flag, those that all occurrences have */
    bool last;           /* may be unfinished */
    bool required;       /* inside quotes */
    bool filler;         /* a manner of asking (filler.h) */
    bool changed;        /* has forms that were not looked up yet (respell.h) */
    bool corrected;      /* fuzzy forms were looked for */
    bool replaced;       /* by groups of their own: slips_codes(), switched_words() */
    bool decides;        /* an identifier in a page of log (logpage.h) */
    bool learned;        /* no case has it, some have learned it (learned.h) */
    bool spelled;        /* as pinyin: weighs nothing itself; or made of what that may be */
    float weight;        /* of its kind and its place in the question */
    uint64_t df;
    uint64_t same_df; /* greatest of the synonyms that say the same: it is as common as they are */
    float idf;        /* of df */
    struct member *members, **members_end;
};

struct query {
    const struct settings *settings;
    struct bytes text, folded; /* as read (excerpt.h), and folded; both in the arena */
    const uint32_t *source;    /* where in `text` the character of each byte of `folded` begins */
    bool cut, typing;
    bool by_end; /* by the last four of a code or so (ends.h) */
    bool is_log; /* a pasted page of log (logpage.h) */
    struct group *groups;
    uint32_t groups_count, groups_room;
    uint32_t grams2; /* groups of GRAM2: unigrams look for cases only without any */
    uint32_t cjk;    /* CJK characters, with repetition */
    struct bytes phrases[QUERY_PHRASES_MAX]; /* folded text between quotes */
    uint32_t phrases_count;
    bool phrases_only; /* nothing but quoted text */
    /* synonyms.h: */
    bool has_synonyms;
    bool put_off;    /* other words for the one phrase of it, which enough cases have */
    bool one_phrase; /* it is nothing else: hits differ in which of the words they have */
    /* written.h: */
    struct group written[WRITTEN_CJK_MAX]; /* what a title has that has it as typed, */
    uint32_t written_count;
    bool written_whole;               /* one that says all of the question; */
    struct group written_word;        /* and one where it is a whole word; df 0: none */
    const struct term_entry *learned; /* one a segment: the cases that learned anything, or NULL */
    const struct term_entry *repeats; /* and those that solved this very question */
};

/* AF_NO_MEMORY, or what the analyzer says. No groups: nothing to search for. */
enum status query_parse(struct analyzer *analyzer, struct bytes text, bool typing,
                        struct arena *arena, struct query *out, struct error *err) MUST_USE;

/* Adds a form unless the group has it (then the greater weight stays). False: no memory. */
bool group_add(struct group *group, struct arena *arena, struct bytes term, float weight,
               enum reason reason);

#endif
