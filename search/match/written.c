#include "search/match/written.h"

#include "data/base/limits.h"
#include "search/match/collect.h"

/* --- which have it ------------------------------------------------------------------------ */

/* Sets `written` of those of `list`, which are of one segment, that have more than 0 so far: to
 * `has` where the title has the group, else to `lacks`. */
static enum status ask_segment(const struct plan *plan, const struct group *group,
                               struct evidence *list, uint32_t count, float has, float lacks,
                               struct error *err)
{
    struct lane lane;
    enum status status =
        lane_open(&lane, plan->lexicon, list[0].place.segment, group, plan->bm25, err);

    for (uint32_t i = 0; status == AF_OK && i < count; i++) {
        if (list[i].written <= 0)
            continue;
        status = lane_seek(&lane, list[i].place.doc, err);
        list[i].written = lane.doc == list[i].place.doc ? has : lacks;
    }
    return status;
}

static enum status ask(const struct plan *plan, const struct group *group, struct evidence *list,
                       uint32_t count, float has, float lacks, struct error *err)
{
    enum status status = AF_OK;

    for (uint32_t first = 0, end; status == AF_OK && first < count; first = end) {
        for (end = first + 1; end < count; end++)
            if (list[end].place.segment != list[first].place.segment)
                break;
        status = ask_segment(plan, group, list + first, end - first, has, lacks, err);
    }
    return status;
}

enum status written_mark(const struct plan *plan, struct question_totals *totals,
                         struct evidence *list, uint32_t count, struct error *err)
{
    const struct query *query = plan->query;
    enum status status = AF_OK;

    if (query->written_count == 0)
        return AF_OK;
    for (uint32_t i = 0; i < count; i++)
        list[i].written = list[i].run_title >= totals->run;
    for (uint32_t g = 0; status == AF_OK && g < query->written_count; g++)
        status = ask(plan, &query->written[g], list, count, 1, 0, err);
    if (status == AF_OK && query->written_word.df > 0)
        status = ask(plan, &query->written_word, list, count, 1, WRITTEN_BEGINS, err);
    for (uint32_t i = 0; i < count; i++)
        totals->written = totals->written || list[i].written > 0;
    return status;
}

/* --- the best of them --------------------------------------------------------------------- */

/* Is the page not full of titles with this term, while there are more? */
static bool are_more(const struct plan *plan, const struct group *group,
                     const struct ranking *ranking, float least)
{
    uint32_t has = 0;

    for (uint32_t i = 0; i < ranking->count; i++)
        has += ranking->hits[i].e.written >= least;
    return has < plan->wanted && has < group->df;
}

/* Every case with the term has what looked for candidates, so the term alone is asked. */
static enum status collect(const struct plan *plan, const struct group *group, struct collect *c)
{
    const struct lexicon *lexicon = plan->lexicon;
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < lexicon->segments; i++) {
        struct lane lane;

        status = collect_segment(c, snapshot_segment(lexicon->snapshot, i), i);
        if (status == AF_OK)
            status = lane_open(&lane, lexicon, i, group, plan->bm25, c->err);
        if (status == AF_OK)
            status = collect_all(c, &lane, 1, 1);
    }
    return status;
}

static enum status add(const struct plan *plan, const struct group *group,
                       struct candidates *candidates, struct error *err)
{
    struct arena *arena = plan->lexicon->arena;
    struct collect c = {.window = plan->window,
                        .filter = plan->filter,
                        .matched = TOTAL_COUNTED, /* they are counted already */
                        .arena = arena,
                        .err = err};
    struct place *places = arena_array(arena, plan->room_short, sizeof *places);
    enum status status;

    c.top.room = plan->room_short;
    c.top.items = arena_array(arena, c.top.room, sizeof *c.top.items);
    if (places == NULL || c.top.items == NULL)
        return arena_exhausted(arena, err);
    if ((status = collect(plan, group, &c)) != AF_OK)
        return status;
    for (uint32_t i = 0; i < c.top.count; i++)
        places[i] =
            (struct place){(uint32_t)(c.top.items[i].key >> 32), (uint32_t)c.top.items[i].key};
    return candidates_add(candidates, places, c.top.count, arena, err);
}

enum status written_add(const struct plan *plan, const struct ranking *ranking,
                        struct candidates *candidates, bool *changed, struct error *err)
{
    const struct query *query = plan->query;
    uint32_t known = candidates->count;
    enum status status = AF_OK;

    *changed = false;
    if (!query->written_whole || candidates->is_all)
        return AF_OK;
    if (are_more(plan, &query->written_word, ranking, 1))
        status = add(plan, &query->written_word, candidates, err);
    if (status == AF_OK && are_more(plan, &query->written[0], ranking, WRITTEN_BEGINS))
        status = add(plan, &query->written[0], candidates, err);
    *changed = candidates->count > known;
    return status;
}
