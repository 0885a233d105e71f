/* edit_between.h: the distance of two whole words, a letter after another; what walks and lists of
 * neighbours are compared with. */
#ifndef ASKFIRST_TESTS_SEARCH_EDIT_BETWEEN_H
#define ASKFIRST_TESTS_SEARCH_EDIT_BETWEEN_H

#include "search/query/editdist.h"

/* max + 1 when it is more than `max` (or a word is not usable). */
static inline unsigned edit_between(struct bytes a, struct bytes b, unsigned max)
{
    uint32_t letters[EDIT_LETTERS_MAX], len;
    struct edit edit;

    if (!edit_init(&edit, a, max) || !edit_letters(b, letters, &len))
        return max + 1;
    for (uint32_t i = 0; i < len; i++)
        if (!edit_push(&edit, letters[i]))
            return max + 1;
    return edit_distance(&edit) <= max ? edit_distance(&edit) : max + 1;
}

#endif
