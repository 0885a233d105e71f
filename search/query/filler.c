#include "search/query/filler.h"

/* A gram of two that reaches over the edge of the phrase is no word of either side. */
static bool belongs(const struct group *group, size_t start, size_t end)
{
    if (group->kind == GROUP_GRAM2)
        return group->start < end && group->end > start;
    return group->start >= start && group->end <= end;
}

void filler_mark(struct query *query, size_t start, size_t end)
{
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        /* Said elsewhere as well, it is not only a manner of asking. */
        if (group->count == 1 && !group->required && belongs(group, start, end))
            group->filler = true;
    }
}

void filler_settle(struct query *query)
{
    uint32_t said = 0;

    for (uint32_t i = 0; i < query->groups_count; i++)
        said += !query->groups[i].filler && query->groups[i].kind != GROUP_GRAM1;
    for (uint32_t i = 0; i < query->groups_count && said == 0; i++)
        query->groups[i].filler = false;
}
