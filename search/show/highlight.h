/* highlight.h: which bytes of an original text the question found.
 *
 * The text is analysed again, as it was for the index, and every token whose term is a member
 * of a group is a match; its offsets are into the text as it was typed, however much folding
 * rewrote it. Single characters count only where nothing longer matched in the case so far. */
#ifndef ASKFIRST_SEARCH_SHOW_HIGHLIGHT_H
#define ASKFIRST_SEARCH_SHOW_HIGHLIGHT_H

#include "search/query/query.h"

struct match {
    uint32_t start, end; /* bytes of the text */
    uint32_t group;      /* number of the group in the question */
    float worth;         /* weight · idf of the group */
};

struct matches {
    const struct match *list; /* by start, then end */
    uint32_t count;
};

struct highlighter;

/* Borrows the query, which must be expanded. Lives in the arena. */
enum status highlighter_new(const struct query *query, struct analyzer *analyzer,
                            struct arena *arena, struct highlighter **out,
                            struct error *err) MUST_USE;

uint32_t highlighter_groups(const struct highlighter *highlighter);

/* The texts that follow are of another case. */
void highlighter_begin(struct highlighter *highlighter);

/* Offsets count from the beginning of `text`. In the arena. */
enum status highlighter_find(struct highlighter *highlighter, struct bytes text,
                             struct matches *out, struct error *err) MUST_USE;

/* Overlapping and touching matches as one mark each. */
enum status highlight_marks(const struct matches *matches, struct arena *arena, struct mark **marks,
                            uint32_t *count, struct error *err) MUST_USE;

#endif
