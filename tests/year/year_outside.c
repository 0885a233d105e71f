/* What a year has of others' work: handoffs and spare parts, and their steps. */
#include "tests/year/year.h"

#include "intake/desk/handoff.h"
#include "intake/desk/part.h"

#include <stdio.h>

static struct who desk(void)
{
    return who_staff(ROLE_SUPERVISOR, "lin.wei");
}

/* If it can wait now; work may go on meanwhile. */
static void wait_for(struct year *year, const struct ticket_of_year *ticket, const char *event)
{
    const struct who who = desk();
    struct error ignored;

    if (year_chance(year, 700) && ticket_move(year->f->app, &who, ticket->no, bytes_str(event),
                                              BYTES_LIT(""), &ignored) == AF_OK)
        return;
}

enum status year_hand_over(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const struct {
        const char *target, *kind;
    } asked[] = {
        {"ltc", "opportunity"},
        {"ltc", "enquiry"    },
        {"ipd", "requirement"},
        {"ipd", "defect"     },
        {"scm", "delivery"   },
        {"scm", "quality"    },
    };
    const size_t i = year_below(year, sizeof asked / sizeof asked[0]);
    const struct who who = desk();
    struct handoff_done done;
    enum status status =
        handoff_send(year->f->app, &who, ticket->no,
                     &(struct handoff_input){.target = bytes_str(asked[i].target),
                                             .kind = bytes_str(asked[i].kind),
                                             .text = BYTES_LIT("Please say what you know.")},
                     &done, err);

    if (status == AF_OK)
        wait_for(year, ticket, "wait_handoff");
    return status;
}

/* The ticket's first handoff or part request that a step can be taken of; 0: there is none. */
static uint32_t first_open(struct year *year, const struct ticket_of_year *ticket, const char *list,
                           const char *const over[], char state[16])
{
    const struct who who = desk();
    uint32_t no = 0;
    json_t *json;
    const json_t *item;
    size_t i;

    if (ticket_get(year->f->app, &who, ticket->no, &json, NULL) != AF_OK)
        return 0;
    json_array_foreach(json_object_get(json, list), i, item)
    {
        const char *its = json_get_str(item, "state");

        if (no == 0 && strcmp(its, over[0]) != 0 && strcmp(its, over[1]) != 0 &&
            !json_get_bool(item, "kept")) {
            no = (uint32_t)i + 1;
            (void)snprintf(state, 16, "%s", its);
        }
    }
    json_decref(json);
    return no;
}

/* What follows in most lives, and sometimes not. */
enum status year_handoff_step(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const over[] = {"confirmed", "withdrawn"};
    const struct who who = desk();
    struct handoff_done done;
    char state[16];
    const uint32_t no = first_open(year, ticket, "handoffs", over, state);
    const char *event = "confirm";

    if (no == 0)
        return error_set(err, AF_CONFLICT, "nothing was handed over");
    if (year_chance(year, 60))
        event = "withdraw";
    else if (strcmp(state, "sent") == 0)
        event = year_chance(year, 500) ? "accept" : year_chance(year, 300) ? "decline" : "answer";
    else if (strcmp(state, "accepted") == 0)
        event = "answer";
    else if (year_chance(year, 200))
        event = "send";
    return handoff_step(year->f->app, &who, ticket->no, no,
                        &(struct handoff_step){.event = bytes_str(event),
                                               .reason = BYTES_LIT("because"),
                                               .text = BYTES_LIT("It is so.")},
                        &done, err);
}

enum status year_request_part(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who who = desk();
    uint32_t no;

    return part_request(
        year->f->app, &who, ticket->no,
        &(struct part_input){.part = BYTES_LIT("PSU-650"),
                             .qty = 1 + year_below(year, 3),
                             .from_stock = year_chance(year, 200) ? PART_NO : PART_YES},
        &no, err);
}

enum status year_part_step(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const over[] = {"returned", "cancelled"};
    static const char *const rarely[] = {"reduce", "lost", "cancel", "keep"};
    const struct who who = desk();
    char state[16];
    const uint32_t no = first_open(year, ticket, "parts", over, state);
    const char *event = "ship";

    if (no == 0)
        return error_set(err, AF_CONFLICT, "nothing was requested");
    if (year_chance(year, 100))
        event = rarely[year_below(year, 4)];
    else if (strcmp(state, "received") == 0)
        event = "return";
    else if (strcmp(state, "shipped") == 0 && year_chance(year, 700))
        event = "receive";
    return part_step(year->f->app, &who, ticket->no, no,
                     &(struct part_step){.event = bytes_str(event),
                                         .qty = year_chance(year, 300),
                                         .reason = BYTES_LIT("because")},
                     err);
}
