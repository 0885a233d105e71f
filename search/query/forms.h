/* forms.h: other forms of what was typed: classes of terms, stems, beginnings, pieces, and two
 * words as one. Each call adds members to a group; expand.c decides when, and looks them up. */
#ifndef ASKFIRST_SEARCH_QUERY_FORMS_H
#define ASKFIRST_SEARCH_QUERY_FORMS_H

#include "search/query/query.h"

/* One expansion of one question. */
struct expansion {
    const struct lexicon *lexicon;
    struct query *query;
    struct error *err;
    uint32_t fuzzy_left;  /* words that may still be corrected */
    uint32_t infix_left;  /* terms that may still be looked at for pieces */
    uint32_t grams_asked; /* that nobody typed */
    bool nothing_found;   /* this is the last resort */
};

/* AF_NO_MEMORY; a term without data is one that found no memory. */
enum status form_add(struct expansion *x, struct group *group, struct bytes term, float weight,
                     enum reason reason) MUST_USE;

/* The squeezed form of a code; the group's text when it has none. */
struct bytes form_squeezed(const struct group *group);

/* ora is a word, and a part of ora-00942. */
enum status forms_classes(struct expansion *x, struct group *group) MUST_USE;
enum status forms_stems(struct expansion *x, struct group *group) MUST_USE;
/* The same of a word that may have been meant, as worthy as it is. */
enum status forms_of_correction(struct expansion *x, struct group *group, struct bytes word,
                                float weight) MUST_USE;
/* What begins so, and what has it in the middle. */
enum status forms_prefixes(struct expansion *x, struct group *group) MUST_USE;
enum status forms_infixes(struct expansion *x, struct group *group) MUST_USE;
/* Of all neighbours in the question: log in, login. */
enum status forms_joined(struct expansion *x) MUST_USE;

#endif
