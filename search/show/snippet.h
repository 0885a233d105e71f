/* snippet.h: the piece of a case that shows why it was found.
 *
 * The piece with the greatest sum of worths of different groups, from the fields that describe
 * (symptom, cause, resolution, body), widened to the ends of its sentence; two pieces joined by
 * " … " when they show clearly more than one. Without a match: the beginning. */
#ifndef ASKFIRST_SEARCH_SHOW_SNIPPET_H
#define ASKFIRST_SEARCH_SHOW_SNIPPET_H

#include "search/show/highlight.h"

/* About 30 words or 60 CJK characters: a CJK character costs 3, any other 1. */
#define SNIPPET_COST 180

struct snippet {
    struct marked_text text; /* blanks and line breaks as one blank each */
    double worth;            /* of the groups it shows */
};

/* The best piece of one text, from its matches (which may be none). In the arena. */
enum status snippet_of(struct bytes text, const struct matches *matches, uint32_t groups,
                       struct arena *arena, struct snippet *out, struct error *err) MUST_USE;

/* The best over the fields of a case. An article without any of them: an empty text. */
enum status snippet_make(const json_t *article, struct highlighter *highlighter,
                         struct arena *arena, struct marked_text *out, struct error *err) MUST_USE;

#endif
