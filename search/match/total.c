#include "search/match/total.h"

#include "data/base/limits.h"

/* The one form of the one group that looked for cases; NULL when there are more. */
static const struct member *only_form(const struct candidates *candidates)
{
    const struct member *only = NULL;

    if (candidates->lookers_count != 1)
        return NULL;
    for (const struct member *m = candidates->lookers[0]->members; m != NULL; m = m->next) {
        if (m->df > 0 && only != NULL)
            return NULL;
        only = m->df > 0 ? m : only;
    }
    return only;
}

static enum status passes_all(const struct plan *plan, bool *all, struct error *err)
{
    const struct lexicon *lexicon = plan->lexicon;
    enum status status = AF_OK;

    *all = true;
    for (uint32_t i = 0; status == AF_OK && *all && i < lexicon->segments; i++) {
        struct filter_view view;

        status = filter_view_open(&view, plan->filter, snapshot_segment(lexicon->snapshot, i),
                                  lexicon->arena, err);
        *all = status == AF_OK && view.count == 0;
    }
    return status;
}

/* The dictionary has counted the cases of a term: those that are out of date or may not be shown
 * are among them. */
static enum status count_of_form(const struct plan *plan, const struct candidates *candidates,
                                 uint64_t *count, struct error *err)
{
    const struct member *form = only_form(candidates);
    struct snapshot_totals totals = snapshot_totals(plan->lexicon->snapshot);
    enum status status;
    bool all;

    *count = 0;
    if (form == NULL || totals.docs < totals.docs_all || plan->query->phrases_count > 0)
        return AF_OK;
    status = passes_all(plan, &all, err);
    *count = status == AF_OK && all ? form->df : 0;
    return status;
}

/* What was looked at for certain. A quoted phrase is checked in the cases, the best first. */
static uint64_t counted(const struct plan *plan, const struct candidates *candidates,
                        uint32_t ranked)
{
    uint64_t sure = plan->query->phrases_count > 0 ? ranked : candidates->total;

    return sure < TOTAL_COUNTED ? sure : TOTAL_COUNTED;
}

enum status total_of(const struct plan *plan, const struct candidates *candidates, uint32_t ranked,
                     struct total *out, struct error *err)
{
    uint32_t shown = ranked < plan->wanted ? ranked : plan->wanted;
    enum status status;

    *out = (struct total){.cases = ranked};
    if (candidates->is_all) /* all that match were looked at */
        return AF_OK;
    if (candidates->is_counted && plan->query->phrases_count == 0 && plan->without_count == 0) {
        out->cases = candidates->total;
        return AF_OK;
    }
    status = count_of_form(plan, candidates, &out->cases, err);
    if (status != AF_OK || out->cases > 0)
        return status;
    out->is_least = true;
    out->cases = counted(plan, candidates, ranked);
    out->cases = out->cases > shown ? out->cases : shown;
    return AF_OK;
}
