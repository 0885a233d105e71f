/* every_case.h: every case that has any word of the question is a candidate, and is asked about all
 * of it. What search would answer if it had all the time: ranking, without the stage that finds
 * the few that are ranked. The naive twin of plan.c; for searcher_find_with() (search/tune.h).
 *
 * A question that has too few hits is asked again in a wider sense. Whether it is must not depend
 * on who looks for candidates, or two questions are compared: it is asked as a search does, which
 * counts how often candidates were looked for (`searches`); then the last of these is answered
 * with every case. */
#ifndef ASKFIRST_TESTS_SEARCH_EVERY_CASE_H
#define ASKFIRST_TESTS_SEARCH_EVERY_CASE_H

#include "search/match/lane.h"
#include "search/tune.h"

#include <stdbool.h>

struct every_case {
    uint32_t searches; /* of the question as a search asks it */
    uint32_t calls;
};

/* any: has the document one of the groups? musts: how many of those that must be there? */
static inline enum status every_case_mark(const struct plan *plan, uint32_t segment,
                                          const struct group *group, bool *any, uint16_t *musts,
                                          struct error *err)
{
    struct lane lane;
    enum status status = lane_open(&lane, plan->lexicon, segment, group, plan->bm25, err);

    while (status == AF_OK && lane.doc != DOC_END) {
        any[lane.doc] = true;
        musts[lane.doc] = (uint16_t)(musts[lane.doc] + group->required);
        status = lane_seek(&lane, lane.doc + 1, err);
    }
    return status;
}

static inline enum status every_case_of_segment(const struct plan *plan, uint32_t at,
                                                struct candidates *out, struct error *err)
{
    const struct segment *segment = snapshot_segment(plan->lexicon->snapshot, at);
    uint32_t docs = segment_docs(segment), required = 0;
    struct arena *arena = plan->lexicon->arena;
    bool *any = arena_array(arena, docs + 1u, sizeof *any);
    uint16_t *musts = arena_array(arena, docs + 1u, sizeof *musts);
    struct filter_view view;
    enum status status;

    if (any == NULL || musts == NULL)
        return arena_exhausted(arena, err);
    status = filter_view_open(&view, plan->filter, segment, arena, err);
    for (uint32_t i = 0; status == AF_OK && i < out->lookers_count; i++) {
        required += out->lookers[i]->required;
        status = every_case_mark(plan, at, out->lookers[i], any, musts, err);
    }
    for (uint32_t doc = 0; status == AF_OK && doc < docs; doc++)
        if (any[doc] && musts[doc] == required && segment_is_live(segment, doc) &&
            filter_view_passes(&view, doc))
            out->places[out->count++] = (struct place){at, doc};
    return status;
}

static inline enum status every_case_find(const struct plan *plan, struct candidates *out,
                                          struct error *err)
{
    const struct lexicon *lexicon = plan->lexicon;
    const struct query *query = plan->query;
    enum status status = AF_OK;

    *out = (struct candidates){.all_close = true, .is_all = true};
    out->lookers = arena_array(lexicon->arena, query->groups_count + 1u, sizeof *out->lookers);
    out->places = arena_array(lexicon->arena, lexicon->docs + 1u, sizeof *out->places);
    if (out->lookers == NULL || out->places == NULL)
        return arena_exhausted(lexicon->arena, err);
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (query->groups[i].df > 0)
            out->lookers[out->lookers_count++] = &query->groups[i];
    for (uint32_t i = 0; status == AF_OK && i < lexicon->segments; i++)
        status = every_case_of_segment(plan, i, out, err);
    out->total = out->count;
    return status;
}

/* The two candidates_fn; `context` is a struct every_case. */
static inline enum status every_case_count(void *context, const struct plan *plan,
                                           struct candidates *out, struct error *err)
{
    struct every_case *every = context;

    every->searches++;
    return plan_candidates(plan, out, err);
}

static inline enum status every_case(void *context, const struct plan *plan, struct candidates *out,
                                     struct error *err)
{
    struct every_case *every = context;

    return ++every->calls < every->searches ? plan_candidates(plan, out, err)
                                            : every_case_find(plan, out, err);
}

/* Both answers to a request, from one arena. */
static inline enum status every_case_compare(struct searcher *searcher,
                                             const struct search_request *request,
                                             struct arena *arena, struct search_result *two_stages,
                                             struct search_result *all, struct error *err)
{
    struct every_case every = {0};
    enum status status;

    searcher_find_with(searcher, every_case_count, &every);
    if ((status = search_run(searcher, request, arena, two_stages, err)) == AF_OK) {
        searcher_find_with(searcher, every_case, &every);
        status = search_run(searcher, request, arena, all, err);
    }
    searcher_find_with(searcher, NULL, NULL);
    return status;
}

/* How much of the hits of every case is among the others. */
static inline double every_case_shared(const struct search_result *two_stages,
                                       const struct search_result *all)
{
    uint32_t found = 0;

    for (uint32_t i = 0; i < two_stages->hits_count; i++)
        for (uint32_t k = 0; k < all->hits_count; k++)
            found += bytes_equal(two_stages->hits[i].id, all->hits[k].id);
    return all->hits_count > 0 ? (double)found / all->hits_count : 1;
}

#endif
