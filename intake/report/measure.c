#include "intake/report/measure_work.h"

#include "data/base/clock.h"
#include "intake/clock/service_clock.h"
#include "intake/ticket/ticket_flow.h"

bool period_has(const struct period *period, int64_t at_ms)
{
    return at_ms != CLOCK_NEVER && at_ms >= period->from_ms && at_ms < period->to_ms;
}

int64_t member_instant(const json_t *object, const char *member)
{
    int64_t at_ms;

    return clock_parse(bytes_str(json_get_str(object, member)), &at_ms) ? at_ms : CLOCK_NEVER;
}

bool member_is(const json_t *object, const char *member, const char *text)
{
    return strcmp(json_get_str(object, member), text) == 0;
}

/* --- what its history says ------------------------------------------------------------------- */

/* In the period, unless it says otherwise. */
struct story {
    int64_t owned_ms, resolved_ms; /* first taken at all; last resolved in the period */
    int64_t waited_ms;             /* for the customer, before resolved_ms */
    bool is_resolved, is_closed, is_reopened;
    bool has_waited;        /* for anybody, ever */
    bool is_back_in_a_week; /* opened again within seven days of resolved_ms */
};

#define WEEK_MS INT64_C(604800000)

/* By where it leads, since more than one event may: a reply reopens, a window closes. What an
 * unmerged ticket comes back to is nothing new. */
static bool leads_to(const json_t *step, const char *state)
{
    return member_is(step, "to", state) && !member_is(step, "from", state) &&
           !member_is(step, "from", "merged");
}

static bool reopens(const json_t *step)
{
    return member_is(step, "from", "closed") && leads_to(step, "in_progress");
}

/* How long it was in the customer's hands until `until_ms`. */
static int64_t waited_until(const json_t *history, int64_t until_ms)
{
    int64_t since_ms = CLOCK_NEVER, sum_ms = 0;
    const json_t *step;
    size_t i;

    json_array_foreach(history, i, step)
    {
        int64_t at_ms = member_instant(step, "at");

        if (at_ms > until_ms)
            break;
        if (since_ms != CLOCK_NEVER && !member_is(step, "to", "pending_customer")) {
            sum_ms += at_ms - since_ms;
            since_ms = CLOCK_NEVER;
        } else if (since_ms == CLOCK_NEVER && member_is(step, "to", "pending_customer")) {
            since_ms = at_ms;
        }
    }
    return sum_ms;
}

static struct story story_of(const json_t *ticket, const struct period *period)
{
    const json_t *history = json_object_get(ticket, "history"), *step;
    struct story story = {.owned_ms = CLOCK_NEVER, .resolved_ms = CLOCK_NEVER};
    size_t i;

    json_array_foreach(history, i, step)
    {
        const int64_t at_ms = member_instant(step, "at");

        if (story.owned_ms == CLOCK_NEVER && leads_to(step, "in_progress"))
            story.owned_ms = at_ms;
        story.has_waited |= strncmp(json_get_str(step, "to"), "pending_", 8) == 0;
        if (reopens(step) && story.resolved_ms != CLOCK_NEVER)
            story.is_back_in_a_week |= at_ms - story.resolved_ms < WEEK_MS;
        if (!period_has(period, at_ms))
            continue;
        story.is_reopened |= reopens(step);
        story.is_closed |= leads_to(step, "closed");
        if (leads_to(step, "resolved")) {
            story.resolved_ms = at_ms;
            story.is_back_in_a_week = false;
        }
    }
    story.is_resolved = story.resolved_ms != CLOCK_NEVER;
    if (story.is_resolved)
        story.waited_ms = waited_until(history, story.resolved_ms);
    return story;
}

/* --- parts ----------------------------------------------------------------------------------- */

static void count_opening(const json_t *ticket, struct figures *figures)
{
    figures_count(figures, FIGURE_OPENED);
    figures_ratio(figures, FIGURE_OPENED_BY_CUSTOMER, member_is(ticket, "entered_by", "customer"));
    figures_ratio(figures, FIGURE_OPENED_BY_REP,
                  member_is(ticket, "entered_by", "rep") || member_is(ticket, "channel", "rep"));
    figures_ratio(figures, FIGURE_OPENED_AFTER_ASKING, json_get_str(ticket, "consult")[0] != '\0');
}

/* FIGURES for a clock that no figure is about. */
static enum figure figure_of_clock(const json_t *ticket, const char *kind)
{
    static const struct {
        const char *kind;
        enum figure figure;
    } kinds[] = {
        {"respond", FIGURE_RESPOND_ON_TIME},
        {"restore", FIGURE_RESTORE_ON_TIME},
        {"resolve", FIGURE_RESOLVE_ON_TIME},
    };

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(kind, kinds[i].kind) == 0)
            return kinds[i].figure;
    return strncmp(kind, "ola:", 4) == 0 && !measure_is_grey(ticket, kind) ? FIGURE_TASKS_IN_TIME
                                                                           : FIGURES;
}

static void count_clock(struct service_clock *clock, enum figure figure,
                        const struct period *period, struct figures *figures)
{
    (void)service_clock_advance(clock, period->now_ms); /* what no sweep has seen yet */
    if (clock->breached_ms != CLOCK_NEVER) {
        if (period_has(period, clock->breached_ms))
            figures_ratio(figures, figure, false);
    } else if (clock->state == CLOCK_STOPPED && period_has(period, clock->stopped_ms)) {
        figures_ratio(figures, figure, true);
    }
}

static void count_clocks(const json_t *ticket, const struct period *period, struct figures *figures)
{
    const json_t *json;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, json)
    {
        struct service_clock clock;
        enum figure figure;

        if (service_clock_read(json, &clock, NULL) != AF_OK)
            continue; /* damage, which check names */
        figure = figure_of_clock(ticket, clock.kind);
        if (clock.state != CLOCK_CANCELLED && figure != FIGURES)
            count_clock(&clock, figure, period, figures);
        service_clock_release(&clock);
    }
}

static bool is_linked(const json_t *ticket)
{
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        if (!member_is(link, "role", "not_helpful"))
            return true;
    }
    return false;
}

static bool is_of_one_contact(const json_t *ticket, const struct story *story)
{
    const json_t *post;
    unsigned replies = 0;
    size_t i;

    json_array_foreach(json_object_get(ticket, "posts"), i, post)
    {
        replies += member_is(post, "from", "staff") && !json_get_bool(post, "internal") &&
                   member_instant(post, "at") <= story->resolved_ms;
    }
    return replies <= 1 && !story->has_waited && !story->is_back_in_a_week;
}

/* Decided when it is answered, or when it can be no more. */
static void count_survey(const json_t *ticket, const struct period *period, struct figures *figures)
{
    const json_t *survey = json_object_get(ticket, "survey");
    const int64_t answered_ms = member_instant(survey, "at");
    const int64_t expires_ms = member_instant(survey, "expires");
    const bool is_answered = answered_ms != CLOCK_NEVER;

    if (is_answered ? !period_has(period, answered_ms)
                    : !period_has(period, expires_ms) || expires_ms > period->now_ms)
        return;
    figures_ratio(figures, FIGURE_SURVEYS_ANSWERED, is_answered);
    if (is_answered)
        figures_ratio(figures, FIGURE_SATISFIED, json_get_u64(survey, "score") >= 4);
}

/* Decided when they are made, or are due and nobody has. */
static void count_visits(const json_t *ticket, const struct period *period, struct figures *figures)
{
    const json_t *visit;
    size_t i;

    json_array_foreach(json_object_get(ticket, "visits"), i, visit)
    {
        const int64_t due_ms = member_instant(visit, "due");
        const bool is_done = member_is(visit, "state", "done");
        const bool in_time = is_done && member_instant(visit, "at") <= due_ms;

        if (member_is(visit, "state", "waived"))
            continue;
        if (in_time && period_has(period, member_instant(visit, "at")))
            figures_ratio(figures, FIGURE_VISITS_IN_TIME, true);
        if (!in_time && period_has(period, due_ms) && due_ms < period->now_ms)
            figures_ratio(figures, FIGURE_VISITS_IN_TIME, false);
    }
}

static void count_work(const json_t *ticket, const struct period *period, struct figures *figures)
{
    const int64_t reported_ms = member_instant(ticket, "reported");
    const struct story story = story_of(ticket, period);

    if (period_has(period, story.owned_ms) && reported_ms != CLOCK_NEVER)
        figures_duration(figures, FIGURE_TIME_TO_OWN, story.owned_ms - reported_ms);
    figures_parts(figures, FIGURE_REOPENED, story.is_reopened, story.is_resolved);
    if (story.is_resolved) {
        figures_count(figures, FIGURE_RESOLVED);
        figures_ratio(figures, FIGURE_FIRST_CONTACT, is_of_one_contact(ticket, &story));
        measure_ring(ticket, story.resolved_ms, figures);
        if (reported_ms != CLOCK_NEVER)
            figures_duration(figures, FIGURE_TIME_TO_RESOLVE,
                             story.resolved_ms - reported_ms - story.waited_ms);
    }
    if (story.is_closed) {
        figures_count(figures, FIGURE_CLOSED);
        figures_ratio(figures, FIGURE_LINKED, is_linked(ticket));
        measure_way(ticket, figures);
    }
    count_clocks(ticket, period, figures);
    measure_handoffs(ticket, period, figures);
    measure_parts(ticket, period, figures);
    count_survey(ticket, period, figures);
    count_visits(ticket, period, figures);
}

void measure_ticket(const json_t *ticket, const struct period *period, struct figures *figures)
{
    if (member_is(ticket, "state", "spam") || member_is(ticket, "state", "merged"))
        return;
    if (period_has(period, member_instant(ticket, "at")))
        count_opening(ticket, figures);
    if (!member_is(ticket, "state", "cancelled") && !member_is(ticket, "state", "out_of_scope"))
        count_work(ticket, period, figures);
}
