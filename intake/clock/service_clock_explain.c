/* A clock's arithmetic as lines for people:
 *
 *   resolve: 8 h of working time, started 2026-09-30 17:00
 *     2026-09-30 17:00 - 18:00  cn-desk      1 h       1 h of 8 h
 *     2026-10-08 09:00 - 09:30  cn-desk     30 min     1 h 30 min of 8 h
 *     paused until 2026-10-08 15:00
 *     2026-10-08 15:00 - …
 *   due 2026-10-09 14:00 */
#include "data/base/clock.h"
#include "intake/clock/service_clock.h"

#include <stdio.h>

#define MINUTE_MS 60000
#define STRETCHES_SHOWN 40 /* of one run; a long one is told as a sum from there */
#define SPAN_BYTES 40

static const char *span(int64_t ms, char text[SPAN_BYTES])
{
    long long minutes = ms / MINUTE_MS, hours = minutes / 60;

    if (hours == 0)
        (void)snprintf(text, SPAN_BYTES, "%lld min", minutes);
    else if (minutes % 60 == 0)
        (void)snprintf(text, SPAN_BYTES, "%lld h", hours);
    else
        (void)snprintf(text, SPAN_BYTES, "%lld h %lld min", hours, minutes % 60);
    return text;
}

/* In the zone of `calendar`; in UTC, and said so, when there is none. */
static const char *local(struct calendar *calendar, int64_t at_ms, char text[CLOCK_TEXT_BYTES])
{
    if (calendar != NULL)
        calendar_text(calendar, at_ms, text);
    else
        clock_format(at_ms, text);
    return text;
}

static void line(struct buf *out, struct calendar *calendar, const struct clock_run *run,
                 int64_t start_ms, int64_t end_ms, int64_t worked_ms, int64_t sum_ms)
{
    char from[CLOCK_TEXT_BYTES], to[CLOCK_TEXT_BYTES], a[SPAN_BYTES], b[SPAN_BYTES], c[SPAN_BYTES];
    const char *until;

    (void)local(calendar, start_ms, from);
    until = local(calendar, end_ms, to);
    if (calendar != NULL && strncmp(from, to, 11) == 0)
        until += 11; /* the same day: only the time */
    buf_printf(out, "  %s - %-16s  %s  +%s = %s of %s\n", from, until, run->calendar,
               span(worked_ms, a), span(sum_ms, b), span(run->target_ms, c));
}

/* The stretches of a run up to `to_ms`; *sum_ms grows by them. */
static enum status explain_run(const struct clock_run *run, int64_t to_ms,
                               struct calendar *calendar, int64_t *sum_ms, struct buf *out,
                               struct error *err)
{
    int64_t at_ms = run->from_ms, start_ms, end_ms;
    enum status status = AF_OK;

    for (int n = 0; calendar != NULL && at_ms < to_ms; n++) {
        status = calendar_next(calendar, at_ms, &start_ms, &end_ms, err);
        if (status != AF_OK || start_ms >= to_ms)
            break;
        if (start_ms < at_ms)
            start_ms = at_ms;
        if (end_ms > to_ms || n == STRETCHES_SHOWN) {
            int64_t rest_ms;

            if ((status = calendar_between(calendar, start_ms, to_ms, &rest_ms, err)) != AF_OK)
                break;
            *sum_ms += rest_ms;
            line(out, calendar, run, start_ms, to_ms, rest_ms, *sum_ms);
            break;
        }
        *sum_ms += end_ms - start_ms;
        line(out, calendar, run, start_ms, end_ms, end_ms - start_ms, *sum_ms);
        at_ms = end_ms;
    }
    if (calendar == NULL) {
        *sum_ms += run->spent_ms;
        line(out, NULL, run, run->from_ms, to_ms, run->spent_ms, *sum_ms);
    }
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static void explain_end(const struct service_clock *clock, struct calendar *calendar,
                        struct buf *out)
{
    static const char *const words[] = {"due", "paused since", "stopped", "cancelled"};
    const struct clock_run *run = &clock->runs[clock->runs_count - 1];
    int64_t when_ms = clock->state == CLOCK_RUNNING  ? clock->due_ms
                      : clock->state == CLOCK_PAUSED ? run->to_ms
                                                     : clock->stopped_ms;
    char text[CLOCK_TEXT_BYTES];

    buf_printf(out, "%s %s", words[clock->state], local(calendar, when_ms, text));
    if (clock->state == CLOCK_STOPPED && clock->due_ms != CLOCK_NEVER)
        buf_printf(out, ", was due %s", local(calendar, clock->due_ms, text));
    if (clock->warn_ms != CLOCK_NEVER && clock->state == CLOCK_RUNNING)
        buf_printf(out, ", warns %s", local(calendar, clock->warn_ms, text));
    if (clock->warned_ms != CLOCK_NEVER)
        buf_printf(out, ", warned %s", local(calendar, clock->warned_ms, text));
    if (clock->breached_ms != CLOCK_NEVER)
        buf_printf(out, ", BREACHED %s", local(calendar, clock->breached_ms, text));
    buf_add_str(out, "\n");
}

enum status service_clock_explain(const struct service_clock *clock, int64_t now_ms,
                                  calendar_find_fn find, void *context, struct buf *out,
                                  struct error *err)
{
    struct calendar *calendar = find(context, clock->runs[0].calendar);
    char text[CLOCK_TEXT_BYTES], target[SPAN_BYTES];
    int64_t sum_ms = 0;

    buf_printf(out, "%s: %s of working time, started %s\n", clock->kind,
               span(service_clock_target_ms(clock), target),
               local(calendar, clock->started_ms, text));
    for (size_t i = 0; i < clock->runs_count; i++) {
        const struct clock_run *run = &clock->runs[i];
        enum status status;

        calendar = find(context, run->calendar);
        if (i > 0 && run->from_ms > run[-1].to_ms)
            buf_printf(out, "  paused until %s\n", local(calendar, run->from_ms, text));
        if (i > 0 && run->target_ms != run[-1].target_ms)
            buf_printf(out, "  target is %s from %s\n", span(run->target_ms, target),
                       local(calendar, run->from_ms, text));
        status = explain_run(run, run->to_ms == CLOCK_NEVER ? now_ms : run->to_ms, calendar,
                             &sum_ms, out, err);
        if (status != AF_OK)
            return status;
    }
    explain_end(clock, calendar, out);
    return AF_OK;
}
