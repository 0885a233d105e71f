/* filter.h: which cases the asker wants and may see. */
#ifndef ASKFIRST_SEARCH_MATCH_FILTER_H
#define ASKFIRST_SEARCH_MATCH_FILTER_H

#include "indexer/segment/columns.h"
#include "search/search.h"

struct filter {
    struct bytes product, category, lang; /* empty: any */
    enum audience audience;
};

struct filter filter_of(const struct search_request *request);

/* Does it ask for more than the audience? */
bool filter_is_narrow(const struct filter *filter);

/* May a document have this value in this column? */
bool filter_value(const struct filter *filter, enum column_name name, struct bytes value);

/* The filter in one segment: which of the values of each column pass. In the arena; a column that
 * lets everything pass is left out. */
struct filter_view {
    const struct column *columns[COLUMN_COUNT];
    const bool *passes[COLUMN_COUNT]; /* of each id */
    uint32_t count;                   /* of columns to look at */
};
enum status filter_view_open(struct filter_view *view, const struct filter *filter,
                             const struct segment *segment, struct arena *arena,
                             struct error *err) MUST_USE;
static inline bool filter_view_passes(const struct filter_view *view, uint32_t doc)
{
    for (uint32_t i = 0; i < view->count; i++)
        if (!view->passes[i][column_id(view->columns[i], doc)])
            return false;
    return true;
}

/* `wanted` equals an element of the list joined by U+001F, or is the beginning of the path
 * "a > b > c" that the list makes. */
bool filter_category(struct bytes list, struct bytes wanted);
/* "zh" passes zh-Hans and zh-Hant; case does not matter. */
bool filter_lang(struct bytes lang, struct bytes wanted);

#endif
