#include "search/query/similar.h"

#include "search/score/bm25.h"

#include <math.h>
#include <stdlib.h>

struct telling {
    uint32_t group;
    double worth; /* tf · idf */
};

static enum status look_up(const struct lexicon *lexicon, struct group *group, uint64_t *df,
                           struct error *err)
{
    enum status status = AF_OK;

    *df = 0;
    for (struct member *m = group->members; status == AF_OK && m != NULL; m = m->next) {
        status = lexicon_find(lexicon, m->term, &m->df, &m->entries, err);
        m->is_looked_up = true;
        *df = m->df > *df ? m->df : *df;
    }
    return status;
}

static bool may_tell(const struct lexicon *lexicon, const struct group *group, uint64_t df)
{
    uint64_t most = lexicon->docs / 20 > SIMILAR_DF_LEAST ? lexicon->docs / 20 : SIMILAR_DF_LEAST;

    return df >= 2 && df <= most && group->kind != GROUP_GRAM1 && group->kind != GROUP_PART;
}

static int most_telling_first(const void *a, const void *b)
{
    const struct telling *x = a, *y = b;

    if (x->worth < y->worth || y->worth < x->worth)
        return x->worth > y->worth ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

static int in_the_texts_order(const void *a, const void *b)
{
    const struct telling *x = a, *y = b;

    return x->group < y->group ? -1 : x->group > y->group;
}

/* Groups are moved, so the ends of their lists are written anew. */
static void keep(struct query *query, const struct telling *best, uint32_t count)
{
    query->grams2 = 0;
    for (uint32_t i = 0; i < count; i++) {
        struct group *to = &query->groups[i];

        if (best[i].group != i)
            *to = query->groups[best[i].group];
        to->members_end = &to->members;
        while (*to->members_end != NULL)
            to->members_end = &(*to->members_end)->next;
        to->corrected = true; /* or expand_query() would */
        to->last = to->required = to->filler = false;
        query->grams2 += to->kind == GROUP_GRAM2;
    }
    query->groups_count = count;
    query->phrases_count = 0;
    query->phrases_only = false;
}

enum status similar_choose(const struct lexicon *lexicon, struct query *query, struct error *err)
{
    struct telling *list = arena_array(lexicon->arena, query->groups_count + 1u, sizeof *list);
    uint32_t count = 0;

    if (list == NULL)
        return arena_exhausted(lexicon->arena, err);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];
        double twice = group->kind == GROUP_CODE ? 2 : 1;
        uint64_t df;
        enum status status = look_up(lexicon, group, &df, err);

        if (status != AF_OK)
            return status;
        if (may_tell(lexicon, group, df))
            list[count++] = (struct telling){i, twice * (1 + log((double)group->count)) *
                                                    (double)query->settings->kind[group->kind] *
                                                    bm25_idf(lexicon->docs, df)};
    }
    if (count > 1)
        qsort(list, count, sizeof *list, most_telling_first);
    count = count < SIMILAR_TERMS ? count : SIMILAR_TERMS;
    if (count > 1)
        qsort(list, count, sizeof *list, in_the_texts_order);
    keep(query, list, count);
    return AF_OK;
}
