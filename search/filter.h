/* filter.h: which cases the asker wants and may see. */
#ifndef ASKFIRST_SEARCH_FILTER_H
#define ASKFIRST_SEARCH_FILTER_H

#include "search/search.h"

struct filter {
    struct bytes product, category, lang; /* empty: any */
    enum audience audience;
};

struct filter filter_of(const struct search_request *request);

/* Does it pass every case? Then documents need not be read to count them. */
bool filter_is_open(const struct filter *filter);
/* Does it ask for more than the audience? */
bool filter_is_narrow(const struct filter *filter);
bool filter_passes(const struct filter *filter, const struct document *document);

/* `wanted` equals an element of the list joined by U+001F, or is the beginning of the path
 * "a > b > c" that the list makes. */
bool filter_category(struct bytes list, struct bytes wanted);
/* "zh" passes zh-Hans and zh-Hant; case does not matter. */
bool filter_lang(struct bytes lang, struct bytes wanted);

#endif
