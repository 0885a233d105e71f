/* other_words.h: one place of the question as if something else had been typed there.
 *
 *     struct other_words other = {analyzer, lexicon, query};
 *     other_words_begin(&other, start, end, …);        places from left to right
 *     other_words_add(&other, text, …);                as often as there are other words
 *
 * Each adds members to the groups of the place (synonyms.h draws how). Words are aligned with
 * what was typed, the first with the first; of the grams of a phrase the rarest stands for all. */
#ifndef ASKFIRST_SEARCH_QUERY_OTHER_WORDS_H
#define ASKFIRST_SEARCH_QUERY_OTHER_WORDS_H

#include "search/query/query.h"
#include "search/query/vocabulary.h"

struct other_words {
    struct analyzer *analyzer;
    const struct lexicon *lexicon;
    struct query *query;
    /* the place at hand */
    struct group **typed; /* what was typed there, from left to right */
    uint32_t typed_count;
    struct group *left, *right; /* grams over its edges; NULL: there are none */
    uint32_t start, end, followed;
    /* last characters of the other words before it, when it begins where that place ended */
    struct bytes before[EXPAND_SYNONYMS_MAX], lasts[EXPAND_SYNONYMS_MAX];
    uint32_t before_count, lasts_count;
};

/* AF_NO_MEMORY. */
enum status other_words_begin(struct other_words *other, uint32_t start, uint32_t end,
                              struct error *err) MUST_USE;

/* `text` is folded; does nothing when the index lacks some of it, or after EXPAND_SYNONYMS_MAX of a
 * place. AF_CORRUPT, AF_NO_MEMORY. */
enum status other_words_add(struct other_words *other, struct bytes text,
                            enum vocabulary_meaning meaning, struct error *err) MUST_USE;

#endif
