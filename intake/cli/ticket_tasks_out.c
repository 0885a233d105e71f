#include "intake/cli/ticket_tasks_out.h"

#include "intake/cli/out.h"
#include "intake/ticket/ticket_task_flow.h"

#include <stdio.h>

#define LABEL_BYTES 32

/* "label       text": names and reasons are what somebody wrote. */
static void add_line(struct buf *out, const char *label, struct buf *text)
{
    buf_printf(out, "%-12s", label);
    out_add_plain(out, buf_bytes(text));
    buf_add_u8(out, '\n');
    buf_release(text);
}

/* --- tasks ----------------------------------------------------------------------------------- */

static const json_t *clock_of(const json_t *ticket, uint32_t no)
{
    const json_t *clock;
    char name[TASK_CLOCK_BYTES];
    size_t i;

    task_clock_name(no, name);
    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        if (strcmp(json_get_str(clock, "kind"), name) == 0)
            return clock;
    }
    return NULL;
}

static void add_clock(struct buf *text, const json_t *clock)
{
    const char *state = json_get_str(clock, "state");
    const bool is_breached = json_object_get(clock, "breached") != NULL;

    if (clock == NULL)
        return;
    if (strcmp(state, "stopped") == 0)
        buf_printf(text, "; OLA %s", is_breached ? "breached" : "met");
    else if (strcmp(state, "running") == 0)
        buf_printf(text, "; OLA %s %s", is_breached ? "breached, was due" : "due",
                   json_get_str(clock, "due"));
    else
        buf_printf(text, "; OLA %s%s", state, is_breached ? ", breached" : "");
}

static void add_text(struct buf *text, const char *before, const json_t *object, const char *member)
{
    if (json_get_str(object, member)[0] != '\0')
        buf_printf(text, "%s%s", before, json_get_str(object, member));
}

static void add_task(struct buf *out, const json_t *ticket, const json_t *task)
{
    const uint32_t no = (uint32_t)json_get_u64(task, "no");
    char label[LABEL_BYTES];
    struct buf text = {0};

    (void)snprintf(label, sizeof label, "task %u", no);
    buf_printf(&text, "%s", json_get_str(task, "group"));
    if (json_get_u64(task, "ring") > 0)
        buf_printf(&text, " (ring %u)", (unsigned)json_get_u64(task, "ring"));
    add_text(&text, ", ", task, "person");
    buf_printf(&text, ": %s", json_get_str(task, "state"));
    add_text(&text, " to ", task, "to");
    add_text(&text, ", since ", task, "reason");
    add_text(&text, "; ruled out: ", task, "ruled_out");
    add_text(&text, "; found: ", task, "result");
    if (json_get_bool(task, "triage"))
        buf_add_str(&text, "; the triage lead decides");
    add_text(&text, "; product is ", task, "maturity");
    add_text(&text, "; left out of reports: ", task, "grey_reason");
    add_clock(&text, clock_of(ticket, no));
    add_line(out, label, &text);
}

/* --- what else ------------------------------------------------------------------------------- */

static void add_escalation(struct buf *out, const json_t *escalation)
{
    char label[LABEL_BYTES];
    struct buf text = {0};

    (void)snprintf(label, sizeof label, "escalated %u", (unsigned)json_get_u64(escalation, "no"));
    buf_printf(&text, "%s, level %u, to %s: %s", json_get_str(escalation, "about"),
               (unsigned)json_get_u64(escalation, "level"), json_get_str(escalation, "to"),
               json_get_str(escalation, "why"));
    add_text(&text, "; answer: ", escalation, "answer");
    add_line(out, label, &text);
}

static void add_emergency(struct buf *out, const json_t *team)
{
    const json_t *item;
    struct buf text = {0};
    size_t i;

    buf_printf(&text, "lead %s",
               json_get_str(team, "lead")[0] != '\0' ? json_get_str(team, "lead") : "nobody");
    json_array_foreach(json_object_get(team, "people"), i, item)
        buf_printf(&text, "%s%s", i == 0 ? "; with " : ", ", json_string_value(item));
    buf_printf(&text, "; a word every %u minutes", (unsigned)json_get_u64(team, "beat_minutes"));
    add_text(&text, "; stood down ", team, "ended");
    add_line(out, "emergency", &text);
    json_array_foreach(json_object_get(team, "notices"), i, item)
    {
        buf_printf(&text, "%s %s: %s%s", json_get_str(item, "at"), json_get_str(item, "stage"),
                   json_get_str(item, "text"), json_get_bool(item, "public") ? " (public)" : "");
        add_line(out, "notice", &text);
    }
}

static void add_step(struct buf *out, const json_t *step)
{
    struct buf text = {0};

    buf_printf(&text, "%s %s: %s", json_get_str(step, "clock"), json_get_str(step, "when"),
               json_get_str(step, "do"));
    add_text(&text, " ", step, "to");
    buf_printf(&text, ", %s", json_get_str(step, "state"));
    add_text(&text, ": ", step, "why");
    add_line(out, "step", &text);
}

void ticket_tasks_add(struct buf *out, const json_t *ticket)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(ticket, "tasks"), i, item) add_task(out, ticket, item);
    if (ticket_transfers(ticket) > 0)
        buf_printf(out, "%-12s%zu times\n", "transferred", ticket_transfers(ticket));
    json_array_foreach(json_object_get(ticket, "escalations"), i, item) add_escalation(out, item);
    if (json_object_get(ticket, "emergency") != NULL)
        add_emergency(out, json_object_get(ticket, "emergency"));
    json_array_foreach(json_object_get(ticket, "steps"), i, item)
    {
        if (strcmp(json_get_str(item, "state"), "skipped") != 0)
            add_step(out, item);
    }
}
