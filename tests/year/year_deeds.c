/* What people do: opening tickets in every way there is, and working on them. */
#include "tests/year/year.h"

#include "intake/desk/survey.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/ticket_fields.h"
#include "intake/desk/ticket_ties.h"
#include "intake/desk/visits.h"

#include <stdio.h>

struct who year_staff(struct year *year)
{
    static const char *const names[] = {"lin.wei", "mori", "kim", "chen", "sato"};

    return who_staff(ROLE_ENGINEER, names[year_below(year, 5)]);
}

/* --- opening --------------------------------------------------------------------------------- */

static const char *pick(struct year *year, const char *const *list, uint32_t count)
{
    return list[year_below(year, count)];
}

static const char *severity(struct year *year)
{
    const uint32_t p = year_below(year, 100);

    return p < 6 ? "S1" : p < 24 ? "S2" : p < 80 ? "S3" : "S4";
}

enum status year_open(struct year *year, struct error *err)
{
    static const char *const classes[] = {"technical", "technical", "technical",
                                          "parts",     "complaint", "non_technical"};
    static const char *const products[] = {"Router R1", "Switch S2", "Printer P3", ""};
    static const char *const channels[] = {"web",   "web",  "wechat", "app",
                                           "phone", "mail", "rep",    "audit"};
    const char *channel = pick(year, channels, 8), *consult = NULL;
    const bool is_agent = strcmp(channel, "phone") == 0 || strcmp(channel, "audit") == 0 ||
                          strcmp(channel, "rep") == 0;
    const struct who who = is_agent ? year_staff(year) : who_customer();
    char reported[CLOCK_TEXT_BYTES] = "", title[64];
    struct ticket_of_year *ticket = &year->tickets[year->count];
    struct ticket_opened opened;
    enum status status;

    assert_true(year->count < YEAR_TICKETS_MAX);
    if (!is_agent && !year_chance(year, 150)) {
        consult = begin_consult(year->f, "router blinks");
        if (!year_chance(year, 100)) /* some forget to say that it did not help */
            assert_int_equal(AF_OK, settle(year->f, &who, consult, false, "", 0, err));
    }
    if (is_agent && year_chance(year, 500)) /* told hours ago, entered now */
        clock_format(year->now_ms - (int64_t)year_below(year, 6 * 3600) * 1000, reported);
    (void)snprintf(title, sizeof title, "It blinks red, and hums (%u)", year->count);
    status = ticket_open(year->f->app, &who,
                         &(struct ticket_input){
                             .consult_id = consult,
                             .class = bytes_str(pick(year, classes, 6)),
                             .severity = bytes_str(severity(year)),
                             .channel = bytes_str(channel),
                             .title = bytes_str(title),
                             .text = BYTES_LIT("Since yesterday."),
                             .product = bytes_str(pick(year, products, 4)),
                             .lang = BYTES_LIT("en"),
                             .reported_at = bytes_str(reported),
                         },
                         &opened, err);
    if (status != AF_OK)
        return status;
    *ticket = (struct ticket_of_year){.no = opened.no};
    (void)snprintf(ticket->follow_up, sizeof ticket->follow_up, "%s", opened.follow_up);
    year->count++;
    return AF_OK;
}

/* --- working --------------------------------------------------------------------------------- */

static enum status step(struct year *year, const struct ticket_of_year *ticket, const char *event,
                        const char *reason, struct error *err)
{
    const struct who who = year_staff(year);

    return ticket_move(year->f->app, &who, ticket->no, bytes_str(event), bytes_str(reason), err);
}

#define STEP_DEED(name, event, reason)                                                             \
    static enum status name(struct year *year, struct ticket_of_year *ticket, struct error *err)   \
    {                                                                                              \
        return step(year, ticket, event, reason, err);                                             \
    }
STEP_DEED(take, "take", "")
STEP_DEED(wait_customer, "wait_customer", "which firmware?")
STEP_DEED(resume, "resume", "")
STEP_DEED(restore, "restore", "")
STEP_DEED(resolve, "resolve", "nothing to record: a loose cable")
STEP_DEED(close_it, "close", "nothing to record: a loose cable")
STEP_DEED(reject, "reject", "not ours")
STEP_DEED(cancel, "cancel", "asked by mistake")
STEP_DEED(spam, "spam", "")

static enum status reopen(struct year *year, struct ticket_of_year *ignored, struct error *err)
{
    enum status status = AF_CONFLICT;

    (void)ignored; /* whichever is found that was closed not long ago */
    for (int i = 0; i < 60 && status == AF_CONFLICT; i++)
        status = step(year, &year->tickets[year_below(year, year->count)], "reopen", "it came back",
                      err);
    return status;
}

/* The long way to work, one step of it. */
static enum status come_nearer(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const steps[] = {"start", "dispatch", "triage", "accept"};
    enum status status = AF_CONFLICT;

    for (size_t i = 0; i < 4 && status == AF_CONFLICT; i++)
        status = step(year, ticket, steps[i], "", err);
    return status;
}

static enum status say(struct year *year, struct ticket_of_year *ticket, bool is_customer,
                       bool internal, struct error *err)
{
    const struct who who = is_customer ? who_customer() : year_staff(year);

    return ticket_reply(year->f->app, &who, ticket->no, BYTES_LIT("Words about it."), internal,
                        NULL, err);
}

static enum status reply(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    return say(year, ticket, false, false, err);
}

static enum status note(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    return say(year, ticket, false, true, err);
}

static enum status customer_replies(struct year *year, struct ticket_of_year *ticket,
                                    struct error *err)
{
    return say(year, ticket, true, false, err);
}

static enum status raise_or_lower(struct year *year, struct ticket_of_year *ticket,
                                  struct error *err)
{
    const struct who who = year_staff(year);

    return ticket_severity(year->f->app, &who, ticket->no, bytes_str(severity(year)),
                           BYTES_LIT("more are hit"), true, err);
}

static enum status link_case(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const cases[] = {"K-1", "K-2", "K-3"};
    static const char *const roles[] = {"resolved_by", "consulted", "sent", "not_helpful"};
    const struct who who = year_staff(year);

    return ticket_link(year->f->app, &who, ticket->no, bytes_str(pick(year, cases, 3)),
                       bytes_str(pick(year, roles, 4)), err);
}

static enum status classify(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    static const char *const products[] = {"Router R1", "Switch S2", "Printer P3"};
    static const char *const classes[] = {"technical", "parts", "complaint", "non_technical"};
    const struct who who = year_staff(year);
    json_t *proposed = NULL;
    enum status status =
        ticket_classify(year->f->app, &who, ticket->no,
                        &(struct ticket_class){.product = bytes_str(pick(year, products, 3)),
                                               .class = bytes_str(pick(year, classes, 4))},
                        &proposed, err);

    json_decref(proposed);
    return status;
}

static enum status merge(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct ticket_of_year *into = &year->tickets[year_below(year, year->count)];
    const struct who who = year_staff(year);
    uint32_t survivor;

    for (int i = 0; i < 30 && into->is_over; i++)
        into = &year->tickets[year_below(year, year->count)];
    return ticket_merge(year->f->app, &who, ticket->no, into->no, BYTES_LIT("the same outage"),
                        &survivor, err);
}

static enum status unmerge(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who boss = who_staff(ROLE_SUPERVISOR, "boss");
    enum status status = AF_CONFLICT;

    (void)ticket; /* whichever is found that was merged */
    for (int i = 0; i < 60 && status == AF_CONFLICT; i++)
        status =
            ticket_unmerge(year->f->app, &boss, year->tickets[year_below(year, year->count)].no,
                           BYTES_LIT("another router"), err);
    return status;
}

/* --- the end --------------------------------------------------------------------------------- */

/* Resolved with the statement that the window needs to close it by itself. */
static enum status resolve_with_statement(struct year *year, struct ticket_of_year *ticket,
                                          struct error *err)
{
    const struct who who = year_staff(year);

    return ticket_step(year->f->app, &who, ticket->no, BYTES_LIT("resolve"),
                       BYTES_LIT("a loose cable"), true, err);
}

static enum status confirm(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who who = year_chance(year, 700) ? who_customer() : year_staff(year);

    return ticket_confirm(year->f->app, &who, ticket->no, NULL, err);
}

/* A customer's words about a ticket that may be over: they reopen it, or open one that follows. */
static enum status say_more(struct year *year, struct ticket_of_year *ticket, struct error *err)
{
    const struct who who = who_customer();
    struct ticket_said said;
    enum status status =
        ticket_say(year->f->app, &who, ticket->no, BYTES_LIT("It came back."), NULL, &said, err);

    if (status == AF_OK && said.is_new) {
        assert_true(year->count < YEAR_TICKETS_MAX);
        year->tickets[year->count++] = (struct ticket_of_year){.no = said.no};
    }
    return status;
}

static enum status answer_survey(struct year *year, struct ticket_of_year *ticket,
                                 struct error *err)
{
    const uint32_t p = year_below(year, 100);
    const int64_t score = p < 8 ? 1 : p < 15 ? 2 : p < 30 ? 3 : p < 60 ? 4 : 5;
    const struct who who = year_staff(year);
    char key[SURVEY_KEY_BYTES];
    enum status status;

    if (year_chance(year, 200))
        return survey_answer_for(year->f->app, &who, ticket->no, score, BYTES_NONE, err);
    if ((status = survey_key(year->f->app, ticket->no, key, err)) != AF_OK)
        return status;
    return survey_answer(year->f->app, bytes_str(key), score, BYTES_LIT("Thanks."), NULL, err);
}

/* The first visit that is due, as people work through their list. */
static enum status next_visit(struct year *year, uint32_t *ticket, uint32_t *visit,
                              struct error *err)
{
    const struct who who = year_staff(year);
    json_t *list;
    const json_t *first;
    enum status status =
        visit_list(year->f->app, &who, &(struct visit_filter){.limit = 1}, &list, err);

    if (status != AF_OK)
        return status;
    first = json_array_get(json_object_get(list, "visits"), 0);
    *ticket = (uint32_t)json_get_u64(first, "n");
    *visit = (uint32_t)json_get_u64(first, "visit");
    json_decref(list);
    return *ticket != 0 ? AF_OK : error_set(err, AF_NOT_FOUND, "nobody is to be visited");
}

static enum status report_visit(struct year *year, struct ticket_of_year *ignored,
                                struct error *err)
{
    static const char *const results[] = {"solved", "solved", "not_solved", "not_reached"};
    const struct who who = year_staff(year);
    uint32_t ticket, visit;
    enum status status = next_visit(year, &ticket, &visit, err);

    (void)ignored;
    if (status != AF_OK)
        return status;
    return visit_report(year->f->app, &who, ticket, visit,
                        &(struct visit_report){.result = bytes_str(pick(year, results, 4))}, err);
}

static enum status waive_visit(struct year *year, struct ticket_of_year *ignored, struct error *err)
{
    const struct who boss = who_staff(ROLE_SUPERVISOR, "boss");
    uint32_t ticket, visit;
    enum status status = next_visit(year, &ticket, &visit, err);

    (void)ignored;
    if (status != AF_OK)
        return status;
    return visit_waive(year->f->app, &boss, ticket, visit, BYTES_LIT("moved abroad"), err);
}

/* clang-format off */
const struct deed year_deeds[] = {
    {"come_nearer",      20, 60, come_nearer     },
    {"take",             16, 50, take            },
    {"wait_customer",    8,  15, wait_customer   },
    {"hand_over",        1,  5,  year_hand_over  },
    {"handoff_step",     20, 9,  year_handoff_step},
    {"request_part",     1,  5,  year_request_part},
    {"part_step",        20, 9,  year_part_step  },
    {"resume",           8,  9, resume          },
    {"restore",          8,  9, restore         },
    {"resolve",          24, 40, resolve         },
    {"state_resolve",    24, 30, resolve_with_statement},
    {"close",            40, 15, close_it        },
    {"reopen",           1,  3,  reopen          },
    {"classify",         4,  30, classify        },
    {"merge",            2,  4,  merge           },
    {"unmerge",          1,  2,  unmerge         },
    {"confirm",          24, 9, confirm         },
    {"say_more",         6,  40, say_more        },
    {"answer_survey",    40, 5, answer_survey   },
    {"report_visit",     6,  9, report_visit    },
    {"waive_visit",      1,  1,  waive_visit     },
    {"assign",           6,  30, year_assign     },
    {"transfer",         5,  30, year_transfer   },
    {"escalate",         5,  20, year_escalate   },
    {"result",           5,  9, year_result     },
    {"notice",           14, 5,  year_notice     },
    {"manage",           1,  5,  year_manage     },
    {"reject",           1,  2,  reject          },
    {"cancel",           1,  2,  cancel          },
    {"spam",             1,  2,  spam            },
    {"reply",            16, 99, reply           },
    {"note",             5,  50, note            },
    {"customer_replies", 8,  99, customer_replies},
    {"severity",         3,  15, raise_or_lower  },
    {"link",             12, 99, link_case       },
};
/* clang-format on */
const size_t year_deeds_count = sizeof year_deeds / sizeof year_deeds[0];
