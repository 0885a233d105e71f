/* vocabulary_build.h: a vocabulary from its text: folded, sorted, without what says nothing. */
#ifndef ASKFIRST_SEARCH_QUERY_VOCABULARY_BUILD_H
#define ASKFIRST_SEARCH_QUERY_VOCABULARY_BUILD_H

#include "data/base/arena.h"
#include "indexer/text/fold.h"
#include "search/query/vocabulary.h"

#define PHRASE_RULES_MAX 64 /* of one phrase; a question follows EXPAND_SYNONYMS_MAX of them */

/* Everything in *out lives in `arena`. Phrases that fold to the same are one; one that folds to
 * fewer than two characters is left out. Errors as vocabulary_text_check; AF_NO_MEMORY. */
enum status vocabulary_build(struct bytes text, struct folder *folder, struct arena *arena,
                             struct vocabulary *out, struct error *err) MUST_USE;

#endif
