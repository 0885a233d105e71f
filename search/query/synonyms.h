/* synonyms.h: what the vocabulary knows of a question: other words for what was typed, and which
 * words only ask.
 *
 * A phrase that stands for another brings that one's terms into its own groups, so that a case
 * counts it once, whichever it has, and a run of the question goes on through it:
 *
 *     更换伺服器   更换   换伺   伺服   服器        what was typed
 *       服务器            换服   务器   务器        the rarest gram stands for the phrase
 *
 * A gram of two over the edge of the phrase is what it had been with the other one typed. A
 * synonym counts 0.8 of what was typed, a near one 0.5; it is only followed when the index has all
 * of its terms. What is quoted stands for itself. */
#ifndef ASKFIRST_SEARCH_QUERY_SYNONYMS_H
#define ASKFIRST_SEARCH_QUERY_SYNONYMS_H

#include "search/query/query.h"
#include "search/query/vocabulary.h"

struct vocabularies {
    const struct vocabulary *own;     /* the administrator's */
    const struct vocabulary *shipped; /* what comes with the program */
};

/* One place of the question, for showing what was understood. */
struct synonym_place {
    uint32_t start, end; /* of the folded question */
    bool asks;
    const struct vocabulary_phrase *phrases[2]; /* of own, of shipped; NULL: not there */
};

/* The places from left to right, not touching each other's text (those that ask may lie among
 * them), from the arena. AF_NO_MEMORY. */
enum status synonyms_find(const struct vocabularies *words, const struct query *query,
                          struct arena *arena, struct synonym_place **out, uint32_t *count,
                          struct error *err) MUST_USE;

/* Adds members to the query's groups and marks those that ask. After query_parse(), before
 * expand_query(). A question that is nothing but one phrase, which a page of cases has, is first
 * asked as it was typed: the others would stand below those. AF_CORRUPT, AF_NO_MEMORY. */
enum status synonyms_add(const struct vocabularies *words, struct analyzer *analyzer,
                         const struct lexicon *lexicon, struct query *query,
                         struct error *err) MUST_USE;

/* After too few hits: the other words for that phrase. *changed: are there any? */
enum status synonyms_add_wider(const struct vocabularies *words, struct analyzer *analyzer,
                               const struct lexicon *lexicon, struct query *query, bool *changed,
                               struct error *err) MUST_USE;

#endif
