/* another_spelling.h: is a suggestion worth saying? That is found out by asking it: "did you mean"
 * what finds nothing, or what nobody writes so, is worse than silence. */
#ifndef ASKFIRST_SEARCH_ANOTHER_SPELLING_H
#define ASKFIRST_SEARCH_ANOTHER_SPELLING_H

#include "search/search.h"
#include "search/show/suggestion.h"

/* Sets out->suggestion when this asker finds what it says, and much more than what he typed. */
enum status another_spelling_try(struct searcher *searcher, const struct search_request *request,
                                 const struct suggestion *suggestion, struct arena *arena,
                                 struct search_result *out, struct error *err) MUST_USE;

/* search_run() without that: one question, asked once, and what could be suggested instead. */
enum status search_once(struct searcher *searcher, const struct search_request *request,
                        struct arena *arena, struct search_result *out,
                        struct suggestion *suggestion, struct error *err) MUST_USE;

#endif
