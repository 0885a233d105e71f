/* suggest_impl.h: what the files of one suggestion share; for search/suggest/. */
#ifndef ASKFIRST_SEARCH_SUGGEST_SUGGEST_IMPL_H
#define ASKFIRST_SEARCH_SUGGEST_SUGGEST_IMPL_H

#include "data/learned.h"
#include "indexer/text/question.h"
#include "search/match/filter.h"
#include "search/suggest/finder.h"
#include "search/suggest/matching.h"
#include "search/suggest/suggest.h"

struct suggester {
    struct index *index;
    struct store *store;
    struct folder *folder;
    struct analyzer *analyzer;
    struct typed typed;
    struct letters letters; /* of the text that is looked at */
    struct learned learned; /* of the case that is looked at */
};

/* One request. */
struct suggesting {
    struct suggester *s;
    const struct suggest_request *request;
    struct arena *arena;
    struct snapshot *snapshot;
    struct txn *txn; /* of the store */
    struct filter filter;
    struct bytes preferred; /* language (langpref.h) */
    struct error *err;
};

/* Something that may be suggested. Less is better; of equals the one that came first. */
struct choice {
    double score;
    struct suggested item;             /* lives in the arena */
    uint8_t same[QUESTION_TERM_BYTES]; /* two texts that are the same question are one */
    uint32_t place;                    /* for who offers it: what it was made of */
};

/* The best few of a kind, best first. */
#define CHOICES_MAX 32
struct choices {
    struct choice list[CHOICES_MAX];
    uint32_t count, room;
};

/* Is it worth making? */
bool choices_want(const struct choices *choices, double score);
/* False: there is a better one that says the same, or CHOICES_MAX better ones. */
bool choices_offer(struct choices *choices, const struct choice *choice);

/* Does the text match what was typed? Then *marked is a copy with its marks, `same` tells it from
 * others, *matched is how. AF_NO_MEMORY. */
enum status suggest_look(struct suggesting *g, struct bytes text, bool *found,
                         struct matched *matched, struct folded *folded) MUST_USE;
enum status suggest_mark(struct suggesting *g, struct bytes text, const struct matched *matched,
                         const struct folded *folded, struct choice *out) MUST_USE;

/* Each kind, best first. AF_CORRUPT, AF_NO_MEMORY. */
enum status suggest_titles(struct suggesting *g, struct choices *out) MUST_USE;
enum status suggest_questions(struct suggesting *g, struct choices *out) MUST_USE;
enum status suggest_names(struct suggesting *g, enum suggest_kind kind,
                          struct choices *out) MUST_USE;
enum status suggest_codes(struct suggesting *g, struct choices *out) MUST_USE;

#endif
