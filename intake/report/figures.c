#include "intake/report/figures.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* clang-format off */
static const struct figure_kinds kinds[FIGURES] = {
    [FIGURE_OPENED] = {"opened", KIND_COUNT, "tickets opened"},
    [FIGURE_OPENED_BY_CUSTOMER] = {"opened_by_customer", KIND_RATIO,
        "of the tickets opened, those that the customer entered himself (customer-direct rate)"},
    [FIGURE_OPENED_BY_REP] = {"opened_by_rep", KIND_RATIO,
        "of the tickets opened, those that a sales representative entered (rep dependence)"},
    [FIGURE_OPENED_AFTER_ASKING] = {"opened_after_asking", KIND_RATIO,
        "of the tickets opened, those that come from a consult that did not help"},
    [FIGURE_RESOLVED] = {"resolved", KIND_COUNT, "tickets resolved"},
    [FIGURE_CLOSED] = {"closed", KIND_COUNT, "tickets closed"},
    [FIGURE_REOPENED] = {"reopened", KIND_RATIO,
        "tickets closed and opened again, beside the tickets resolved"},
    [FIGURE_RESPOND_ON_TIME] = {"respond_on_time", KIND_RATIO,
        "of the promises to respond that were decided, those kept"},
    [FIGURE_RESTORE_ON_TIME] = {"restore_on_time", KIND_RATIO,
        "of the promises to restore that were decided, those kept"},
    [FIGURE_RESOLVE_ON_TIME] = {"resolve_on_time", KIND_RATIO,
        "of the promises to resolve that were decided, those kept"},
    [FIGURE_TIME_TO_OWN] = {"time_to_own", KIND_DURATION,
        "from the customer's report until somebody first took the ticket; counted when he did"},
    [FIGURE_TIME_TO_RESOLVE] = {"time_to_resolve", KIND_DURATION,
        "from the report to the last time it was resolved, without waiting for the customer"},
    [FIGURE_LINKED] = {"linked", KIND_RATIO,
        "of the tickets closed, those that a case is linked to, not_helpful ones aside"},
    [FIGURE_FIRST_CONTACT] = {"first_contact", KIND_RATIO,
        "of the tickets resolved, those resolved with one public reply at most, without waiting, "
        "and not opened again within seven days"},
    [FIGURE_RESOLVED_RING_1] = {"resolved_ring_1", KIND_RATIO,
        "of the tickets resolved, those that the first ring had in hand"},
    [FIGURE_RESOLVED_RING_2] = {"resolved_ring_2", KIND_RATIO,
        "of the tickets resolved, those that the second ring had in hand"},
    [FIGURE_RESOLVED_RING_3] = {"resolved_ring_3", KIND_RATIO,
        "of the tickets resolved, those that the third ring had in hand"},
    [FIGURE_TASKS_IN_TIME] = {"tasks_in_time", KIND_RATIO,
        "of the promises between groups (OLA) that were decided, those kept; grey ones left out"},
    [FIGURE_TRANSFERRED] = {"transferred", KIND_RATIO,
        "of the tickets closed, those that went to another group"},
    [FIGURE_BOUNCED] = {"bounced", KIND_RATIO,
        "of the tickets closed, those that were sent to a group that had had them"},
    [FIGURE_ESCALATED] = {"escalated", KIND_RATIO,
        "of the tickets closed, those that went to another ring"},
    [FIGURE_HANDOFFS_IN_TIME] = {"handoffs_in_time", KIND_RATIO,
        "of the handoffs answered or due, those answered in time (loop rate)"},
    [FIGURE_PARTS_IN_TIME] = {"parts_in_time", KIND_RATIO,
        "of the spare parts shipped or due, those shipped by their first promise"},
    [FIGURE_PARTS_FROM_STOCK] = {"parts_from_stock", KIND_RATIO,
        "of the spare parts requested, those that were there (fill rate)"},
    [FIGURE_SURVEYS_ANSWERED] = {"surveys_answered", KIND_RATIO,
        "of the surveys answered or expired, those answered (response rate)"},
    [FIGURE_SATISFIED] = {"satisfied", KIND_RATIO,
        "of the surveys answered, those with a score of 4 or 5 (CSAT)"},
    [FIGURE_VISITS_IN_TIME] = {"visits_in_time", KIND_RATIO,
        "of the follow-up visits made or due, those made in time"},
};
/* clang-format on */

const struct figure_kinds *figure_of(enum figure figure)
{
    assert((unsigned)figure < FIGURES);
    return &kinds[figure];
}

void figures_count(struct figures *figures, enum figure figure)
{
    assert(kinds[figure].kind == KIND_COUNT);
    figures->each[figure].n++;
}

void figures_ratio(struct figures *figures, enum figure figure, bool is_so)
{
    assert(kinds[figure].kind == KIND_RATIO);
    figures->each[figure].of++;
    figures->each[figure].n += is_so;
}

void figures_parts(struct figures *figures, enum figure figure, uint64_t n, uint64_t of)
{
    assert(kinds[figure].kind == KIND_RATIO);
    figures->each[figure].n += n;
    figures->each[figure].of += of;
}

void figures_duration(struct figures *figures, enum figure figure, int64_t ms)
{
    const size_t n = figures->each[figure].n;

    assert(kinds[figure].kind == KIND_DURATION);
    if (n == figures->each[figure].room) {
        const size_t room = n == 0 ? 64 : 2 * n;
        int64_t *more = realloc(figures->each[figure].ms, room * sizeof *more);

        if (more == NULL) {
            figures->has_failed = true;
            return;
        }
        figures->each[figure].ms = more;
        figures->each[figure].room = room;
    }
    figures->each[figure].ms[n] = ms;
    figures->each[figure].n++;
}

void figures_release(struct figures *figures)
{
    for (unsigned i = 0; i < FIGURES; i++)
        free(figures->each[i].ms);
    *figures = (struct figures){0};
}

/* --- as JSON --------------------------------------------------------------------------------- */

static json_t *ratio_json(uint64_t n, uint64_t of)
{
    if (of == 0)
        return json_pack("{s:I,s:I}", "n", (json_int_t)n, "of", (json_int_t)of);
    return json_pack("{s:I,s:I,s:f}", "n", (json_int_t)n, "of", (json_int_t)of, "rate",
                     round((double)n / (double)of * 1e4) / 1e4);
}

static int by_size(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* The median of an even number is the lower of the two in the middle; P90 the smallest that nine of
 * ten do not exceed: both are durations that were. */
static json_t *durations_json(int64_t *ms, size_t n)
{
    int64_t sum = 0;

    if (n == 0)
        return json_pack("{s:i}", "n", 0);
    qsort(ms, n, sizeof ms[0], by_size);
    for (size_t i = 0; i < n; i++)
        sum += ms[i];
    return json_pack("{s:I,s:I,s:I,s:I}", "n", (json_int_t)n, "mean_ms",
                     (json_int_t)(sum / (int64_t)n), "median_ms", (json_int_t)ms[(n - 1) / 2],
                     "p90_ms", (json_int_t)ms[(9 * n + 9) / 10 - 1]);
}

json_t *figures_json(struct figures *figures)
{
    json_t *json = figures->has_failed ? NULL : json_object();
    bool ok = json != NULL;

    for (unsigned i = 0; ok && i < FIGURES; i++) {
        const uint64_t n = figures->each[i].n, of = figures->each[i].of;

        json_put(json, kinds[i].name,
                 kinds[i].kind == KIND_COUNT   ? json_integer((json_int_t)n)
                 : kinds[i].kind == KIND_RATIO ? ratio_json(n, of)
                                               : durations_json(figures->each[i].ms, n),
                 &ok);
    }
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
