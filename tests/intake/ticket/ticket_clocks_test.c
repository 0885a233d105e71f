/* A ticket's promises from report to close, by a fixed clock: what each event does to them, what
 * the sweep reads, who sees them, and two who change one ticket. */
#include "tests/intake/clock/calendars.h"

#include "data/base/limits.h"
#include "intake/clock/service_clock.h"
#include "intake/desk/part.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/intake_check.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_record.h"

#include <stdio.h>

struct fixture {
    char *dir;
    struct app *app;
    struct who staff, customer, admin;
};

static void set_rules(struct fixture *f, enum rules_kind kind, const char *text)
{
    json_t *doc = test_json_quoted(text), *complaints = NULL;
    uint32_t version;
    struct error err;

    assert_ok(
        rules_set(f->app, &f->admin, kind, doc, RULES_ANY_VERSION, &version, &complaints, &err));
    json_decref(doc);
}

/* A level of round figures, so that times can be read: 1, 4 and 8 hours of the desk's day. */
static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    f->admin = who_staff(ROLE_ADMIN, "boss");
    f->staff = who_staff(ROLE_ENGINEER, "lin.wei");
    f->customer = who_customer();
    clock_fix(at("2026-11-23T09:00:00+08:00"));
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    set_rules(f, RULES_CALENDARS,
              "{'calendars':[" DESK "," ALWAYS
              ",{'name':'office','zone':'UTC','week':{" WORKDAYS("'09:00-17:00'") "}}]}");
    /* No OLA: ticket_ola_test has those. */
    set_rules(f, RULES_GROUPS,
              "{'groups':[{'id':'desk','name':'d','ring':1,'calendar':'cn-desk'}]}");
    set_rules(f, RULES_LEVELS,
              "{'default':'desk','levels':[{'id':'desk','calendar':'cn-desk','warn_percent':75,"
              "'targets':{'S1':{'respond':15,'restore':60,'resolve':120,'calendar':'24x7'},"
              "'S2':{},'S3':{'respond':60,'restore':240,'resolve':480},'S4':{'resolve':900}}}]}");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    app_close(f->app);
    clock_fix(-1);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static uint32_t open_ticket(struct fixture *f, const char *severity, const char *reported_at)
{
    struct ticket_input input = {.severity = bytes_str(severity),
                                 .channel = BYTES_LIT("phone"),
                                 .title = BYTES_LIT("the router blinks"),
                                 .reported_at = bytes_str(reported_at)};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &f->staff, &input, &opened, &err));
    return opened.no;
}

static json_t *get(struct fixture *f, const struct who *who, uint32_t no)
{
    json_t *ticket;
    struct error err;

    assert_ok(ticket_get(f->app, who, no, &ticket, &err));
    return ticket;
}

/* "respond stopped 12, restore running 12, resolve running 12": minutes spent in ended runs. */
static void demand_clocks(struct fixture *f, uint32_t no, const char *wanted)
{
    json_t *ticket = get(f, &f->staff, no);
    const json_t *json;
    struct buf got = {0};
    struct error err;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, json)
    {
        struct service_clock clock;

        assert_ok(service_clock_read(json, &clock, &err));
        buf_printf(&got, "%s%s %s %lld%s", i == 0 ? "" : ", ", clock.kind,
                   json_get_str(json, "state"),
                   (long long)(service_clock_spent_ms(&clock) / MINUTE_MS),
                   clock.breached_ms != CLOCK_NEVER ? " breached" : "");
        service_clock_release(&clock);
    }
    if (strcmp(wanted, buf_str(&got)) != 0)
        fail_msg("wanted %s\ngot    %s", wanted, buf_str(&got));
    buf_release(&got);
    json_decref(ticket);
}

static void move_at(struct fixture *f, uint32_t no, const char *when, const char *event)
{
    struct error err;

    clock_fix(at(when));
    assert_ok(ticket_move(f->app, &f->staff, no, bytes_str(event), BYTES_LIT("a reason"), &err));
}

/* It is found on the spot, and so not sent: the ticket goes on. */
static void wait_for_a_part(struct fixture *f, uint32_t no, const char *from, const char *to)
{
    uint32_t request;
    struct error err;

    clock_fix(at(from));
    assert_ok(part_request(f->app, &f->staff, no,
                           &(struct part_input){.part = BYTES_LIT("PSU-650"), .qty = 1}, &request,
                           &err));
    move_at(f, no, from, "wait_parts");
    clock_fix(at(to));
    assert_ok(part_step(f->app, &f->staff, no, request,
                        &(struct part_step){.event = BYTES_LIT("cancel"),
                                            .reason = BYTES_LIT("it was in the cupboard")},
                        &err));
}

static void reply_at(struct fixture *f, const struct who *who, uint32_t no, const char *when,
                     bool internal)
{
    struct error err;

    clock_fix(at(when));
    assert_ok(ticket_reply(f->app, who, no, BYTES_LIT("words"), internal, NULL, &err));
}

static void clocks_follow_a_ticket_from_report_to_close(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");

    demand_clocks(f, no, "respond running 0, restore running 0, resolve running 0");
    move_at(f, no, "2026-11-23T09:10:00+08:00", "take");
    reply_at(f, &f->staff, no, "2026-11-23T09:15:00+08:00", true); /* a note answers nobody */
    demand_clocks(f, no, "respond running 0, restore running 0, resolve running 0");
    reply_at(f, &f->staff, no, "2026-11-23T09:20:00+08:00", false);
    demand_clocks(f, no, "respond stopped 20, restore running 0, resolve running 0");
    move_at(f, no, "2026-11-23T10:00:00+08:00", "wait_customer");
    demand_clocks(f, no, "respond stopped 20, restore paused 60, resolve paused 60");
    reply_at(f, &f->customer, no, "2026-11-23T11:00:00+08:00", false);
    demand_clocks(f, no, "respond stopped 20, restore running 60, resolve running 60");
    /* ours, not his */
    wait_for_a_part(f, no, "2026-11-23T11:30:00+08:00", "2026-11-23T14:00:00+08:00");
    move_at(f, no, "2026-11-23T14:30:00+08:00", "restore");
    demand_clocks(f, no, "respond stopped 20, restore stopped 180, resolve running 60");
    move_at(f, no, "2026-11-23T15:00:00+08:00", "resolve");
    demand_clocks(f, no, "respond stopped 20, restore stopped 180, resolve paused 210");
    /* the customer says no a day later: what was spent stays spent, the day was his */
    reply_at(f, &f->customer, no, "2026-11-24T15:00:00+08:00", false);
    move_at(f, no, "2026-11-24T15:30:00+08:00", "resolve");
    demand_clocks(f, no, "respond stopped 20, restore stopped 180, resolve paused 240");
    move_at(f, no, "2026-11-25T09:00:00+08:00", "close");
    demand_clocks(f, no, "respond stopped 20, restore stopped 180, resolve stopped 240");
    move_at(f, no, "2026-11-26T09:00:00+08:00", "reopen");
    demand_clocks(f, no,
                  "respond stopped 20, restore stopped 180, resolve stopped 240, resolve running "
                  "0");
    move_at(f, no, "2026-11-26T10:00:00+08:00", "cancel");
    demand_clocks(f, no,
                  "respond stopped 20, restore stopped 180, resolve stopped 240, resolve "
                  "cancelled 0");
}

static enum status grade(struct fixture *f, uint32_t no, const char *severity, const char *reason,
                         bool has_consent, struct error *err)
{
    return ticket_severity(f->app, &f->staff, no, bytes_str(severity), bytes_str(reason),
                           has_consent, err);
}

static void demand_due(struct fixture *f, uint32_t no, const char *kind, const char *due)
{
    json_t *ticket = get(f, &f->staff, no);
    const json_t *clock;
    int64_t due_ms = 0;
    size_t i;

    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        if (strcmp(json_get_str(clock, "kind"), kind) == 0)
            assert_true(clock_parse(bytes_str(json_get_str(clock, "due")), &due_ms));
    }
    if (due_ms != at(due))
        fail_msg("%s is due at %lld, not at %s", kind, (long long)due_ms, due);
    json_decref(ticket);
}

static void another_severity_gives_the_clocks_new_targets(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");
    json_t *ticket;
    const json_t *item;
    struct error err;

    demand_due(f, no, "resolve", "2026-11-24T09:30:00+08:00");
    reply_at(f, &f->staff, no, "2026-11-23T09:20:00+08:00", false);
    clock_fix(at("2026-11-23T09:30:00+08:00"));
    assert_refused(AF_INVALID, grade(f, no, "S1", "", false, &err));
    assert_non_null(strstr(err.text, "reason"));
    assert_ok(grade(f, no, "S1", "all of it is down", false, &err));
    /* half an hour is spent; the rest of one and of two hours, by the clock on the wall. What was
     * stopped stays stopped. */
    demand_clocks(f, no, "respond stopped 20, restore running 30, resolve running 30");
    demand_due(f, no, "restore", "2026-11-23T10:00:00+08:00");
    demand_due(f, no, "resolve", "2026-11-23T11:00:00+08:00");
    ticket = get(f, &f->staff, no);
    assert_string_equal("S1", json_get_str(ticket, "severity"));
    item = json_array_get(json_object_get(ticket, "history"), 1);
    assert_string_equal("severity", json_get_str(item, "event"));
    assert_string_equal("S3", json_get_str(item, "old"));
    assert_string_equal("S1", json_get_str(item, "new"));
    json_decref(ticket);
    assert_refused(AF_CONFLICT, grade(f, no, "S1", "again", true, &err));
    assert_refused(AF_INVALID, grade(f, no, "S4", "smaller than thought", false, &err));
    assert_non_null(strstr(err.text, "customer"));
    clock_fix(at("2026-11-23T10:30:00+08:00"));
    assert_ok(grade(f, no, "S4", "", true, &err));
    /* what is promised no more is cancelled, breached as it was; resolve has 15 hours */
    demand_clocks(f, no, "respond stopped 20, restore cancelled 30 breached, resolve running 90");
    demand_due(f, no, "resolve", "2026-11-24T18:00:00+08:00");
    assert_ok(grade(f, no, "S2", "more again", false, &err)); /* nothing is promised */
    demand_clocks(f, no, "respond stopped 20, restore cancelled 30 breached, resolve cancelled 90");
    assert_refused(AF_INVALID, grade(f, no, "S5", "x", true, &err));
    assert_refused(AF_INVALID, grade(f, no, "", "x", true, &err));
    move_at(f, no, "2026-11-23T11:00:00+08:00", "cancel");
    assert_refused(AF_CONFLICT, grade(f, no, "S1", "x", true, &err));
    assert_int_equal(AF_DENIED, ticket_severity(f->app, &f->customer, no, BYTES_LIT("S1"),
                                                BYTES_LIT("x"), true, &err));
}

/* S2 promises nothing here: raised, the clocks start at the report. */
static void what_is_first_promised_later_starts_at_the_report(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S2", "2026-11-23T08:30:00+08:00");
    struct error err;

    assert_ok(grade(f, no, "S1", "down", false, &err));
    demand_due(f, no, "respond", "2026-11-23T08:45:00+08:00");
    demand_due(f, no, "restore", "2026-11-23T09:30:00+08:00");
}

static void severity_and_level_say_which_clocks_there_are(void **state)
{
    struct fixture *f = *state;
    json_t *ticket;
    uint32_t no;

    demand_clocks(f, open_ticket(f, "S1", ""),
                  "respond running 0, restore running 0, resolve running 0");
    demand_clocks(f, open_ticket(f, "S2", ""), "");
    demand_clocks(f, no = open_ticket(f, "S4", ""), "resolve running 0");
    ticket = get(f, &f->staff, no);
    assert_string_equal("desk", json_get_str(ticket, "level"));
    assert_string_equal("desk", json_get_str(ticket, "group"));
    json_decref(ticket);
}

static void clocks_begin_at_the_report(void **state)
{
    struct fixture *f = *state;
    struct ticket_input input = {.channel = BYTES_LIT("phone"), .title = BYTES_LIT("x")};
    static const char *const refused[] = {"soon", "2026-11-23T09:00:01+08:00",
                                          "2025-11-22T08:59:59+08:00"};
    struct ticket_opened opened;
    uint32_t no = open_ticket(f, "S3", "2026-11-20T17:30:00+08:00");
    struct error err;

    /* half an hour of Friday and all of Monday till now */
    reply_at(f, &f->staff, no, "2026-11-23T09:10:00+08:00", false);
    demand_clocks(f, no, "respond stopped 40, restore running 0, resolve running 0");
    clock_fix(at("2026-11-23T09:00:00+08:00"));
    assert_int_equal(366, TICKET_REPORT_DAYS);
    (void)open_ticket(f, "S3", "2025-11-22T09:00:00+08:00");
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        input.reported_at = bytes_str(refused[i]);
        assert_refused(AF_INVALID, ticket_open(f->app, &f->staff, &input, &opened, &err));
        assert_non_null(strstr(err.text, "reported_at"));
    }
}

/* Rows read: each that is due, and the first that is not. */
static void the_sweep_reads_only_what_is_due(void **state)
{
    struct fixture *f = *state;
    uint32_t first = open_ticket(f, "S3", ""), second;
    struct ticket_swept swept;
    json_t *ticket;
    struct error err;

    for (int i = 0; i < 50; i++) {
        clock_fix(at("2026-11-23T11:00:00+08:00") + i);
        (void)open_ticket(f, "S4", "");
    }
    second = open_ticket(f, "S3", "2026-11-23T09:10:00+08:00");
    clock_fix(at("2026-11-23T09:45:00+08:00")); /* the very instant of the warning */
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(0, swept.tickets);
    assert_int_equal(1, swept.rows);
    clock_fix(at("2026-11-23T09:46:00+08:00"));
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(1, swept.tickets);
    assert_int_equal(2, swept.rows);
    clock_fix(at("2026-11-23T10:11:00+08:00")); /* first breached; second warned and breached */
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(2, swept.tickets);
    assert_int_equal(3, swept.rows);
    demand_clocks(f, first, "respond running 0 breached, restore running 0, resolve running 0");
    demand_clocks(f, second, "respond running 0 breached, restore running 0, resolve running 0");
    assert_ok(ticket_sweep(f->app, &swept, &err)); /* nothing twice */
    assert_int_equal(0, swept.tickets);
    /* each event once, at the instant it was so */
    ticket = get(f, &f->staff, second);
    assert_int_equal(3, json_array_size(json_object_get(ticket, "history")));
    for (size_t i = 1; i < 3; i++) {
        const json_t *item = json_array_get(json_object_get(ticket, "history"), i);

        assert_string_equal(i == 1 ? "clock_warned" : "clock_breached",
                            json_get_str(item, "event"));
        assert_string_equal(i == 1 ? "2026-11-23T01:55:00.000Z" : "2026-11-23T02:10:00.000Z",
                            json_get_str(item, "at"));
        assert_string_equal("respond", json_get_str(item, "reason"));
    }
    json_decref(ticket);
    /* a clock that ended has no row any more */
    move_at(f, first, "2026-11-23T10:20:00+08:00", "cancel");
    move_at(f, second, "2026-11-23T10:20:00+08:00", "cancel");
    clock_fix(at("2026-11-23T15:00:00+08:00"));
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(0, swept.tickets);
}

/* More are due at once than one round takes. */
static void a_long_night_is_swept_in_rounds(void **state)
{
    struct fixture *f = *state;
    struct ticket_swept swept;
    struct error err;

    for (int i = 0; i < TICKET_SWEEP_MAX + 10; i++)
        (void)open_ticket(f, "S4", "");
    clock_fix(at("2026-12-23T09:00:00+08:00"));
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(TICKET_SWEEP_MAX + 10, swept.tickets);
    assert_int_equal(TICKET_SWEEP_MAX + 10, swept.rows);
}

/* What nobody swept is still written down by the next change, at the instant it was so. */
static void a_breach_nobody_saw_is_written_down_by_the_next_change(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");
    json_t *ticket;
    const json_t *item;

    reply_at(f, &f->staff, no, "2026-11-23T14:00:00+08:00", false);
    demand_clocks(f, no, "respond stopped 210 breached, restore running 0, resolve running 0");
    ticket = get(f, &f->staff, no);
    item = json_array_get(json_object_get(ticket, "history"), 2);
    assert_string_equal("clock_breached", json_get_str(item, "event"));
    assert_string_equal("2026-11-23T02:00:00.000Z", json_get_str(item, "at"));
    json_decref(ticket);
}

/* Computed a moment before it was due, committed a moment after: the sweep's to see, once. */
static void a_breach_between_computing_and_committing_is_written_once(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S4", "");
    json_t *ticket = get(f, &f->staff, no);
    const json_t *clocks = json_object_get(ticket, "clocks");
    const char *due = json_get_str(json_array_get(clocks, 0), "due");
    json_t *body =
        json_pack("{s:i,s:s,s:s,s:b,s:s,s:i,s:O,s:s}", "ticket", (int)no, "text", "words", "from",
                  "staff", "internal", 1, "by", "x", "seen", 1, "clocks", clocks, "clocks_at", due);
    struct command command = {.actor = "cli", .kind = "ticket.reply", .body = body};
    struct outcome outcome = {0};
    struct ticket_swept swept;
    size_t breaches = 0, i;
    const json_t *item;
    struct error err;

    clock_fix(at(due) + 5);
    assert_ok(journal_propose(app_journal(f->app), &command, &outcome, &err));
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(1, swept.tickets);
    json_decref(outcome.result);
    json_decref(body);
    json_decref(ticket);
    ticket = get(f, &f->staff, no);
    json_array_foreach(json_object_get(ticket, "history"), i, item)
    {
        breaches += strcmp(json_get_str(item, "event"), "clock_breached") == 0;
    }
    assert_int_equal(1, breaches);
    json_decref(ticket);
}

static void a_customer_sees_no_clocks(void **state)
{
    static const char *const ours[] = {"clocks", "level", "group", "rule", "next_clock"};
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");
    struct ticket_swept swept;
    json_t *ticket;
    struct error err;

    clock_fix(at("2026-11-24T09:00:00+08:00"));
    assert_ok(ticket_sweep(f->app, &swept, &err));
    ticket = get(f, &f->customer, no);
    for (size_t i = 0; i < sizeof ours / sizeof ours[0]; i++)
        assert_null(json_object_get(ticket, ours[i]));
    assert_int_equal(1, json_array_size(json_object_get(ticket, "history")));
    json_decref(ticket);
}

/* A promise on hours that have run out turns nobody away. */
static void a_ticket_is_opened_even_when_its_calendar_has_no_hours(void **state)
{
    struct fixture *f = *state;
    json_t *ticket;
    uint32_t no;

    set_rules(f, RULES_CALENDARS,
              "{'calendars':[{'name':'cn-desk','zone':'UTC','week':{},"
              "'open':[{'date':'2026-01-01','hours':['09:00-17:00']}]}," ALWAYS
              ",{'name':'office','zone':'UTC','week':{}}]}");
    no = open_ticket(f, "S3", "");
    demand_clocks(f, no, "");
    ticket = get(f, &f->staff, no);
    assert_non_null(strstr(json_get_str(ticket, "clock_fault"), "cn-desk"));
    json_decref(ticket);
}

/* A calendar that was renamed is still what the clocks on it run by. */
static void a_clock_runs_to_its_end_on_a_calendar_that_went(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");

    set_rules(f, RULES_GROUPS,
              "{'groups':[{'id':'desk','name':'d','ring':1,'calendar':'office'}]}");
    set_rules(f, RULES_LEVELS,
              "{'default':'desk','levels':[{'id':'desk','calendar':'office','targets':{"
              "'S1':{},'S2':{},'S3':{'respond':60},'S4':{}}}]}");
    for (int twice = 0; twice < 2; twice++) /* and stays when others change */
        set_rules(f, RULES_CALENDARS,
                  twice == 0 ? "{'calendars':[{'name':'office','zone':'UTC','week':{}}]}"
                             : "{'calendars':[{'name':'office','zone':'Asia/Tokyo','week':{}}]}");
    reply_at(f, &f->staff, no, "2026-11-23T09:20:00+08:00", false);
    demand_clocks(f, no, "respond stopped 20, restore running 0, resolve running 0");
    move_at(f, no, "2026-11-23T10:00:00+08:00", "take");
    move_at(f, no, "2026-11-23T14:00:00+08:00", "resolve");
    demand_clocks(f, no, "respond stopped 20, restore stopped 210, resolve paused 210");
}

/* A repeat is told by what was said and by whom, not by the clocks, which have gone on. */
static void a_repeated_reply_is_one_reply(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");
    const struct who other = who_staff(ROLE_ENGINEER, "mori");
    const struct who *const who[] = {&f->staff, &f->staff, &other, &f->customer};
    json_t *ticket;
    struct error err;

    for (unsigned i = 0; i < 4; i++) {
        clock_fix(at("2026-11-23T09:10:00+08:00") + i * MINUTE_MS);
        assert_int_equal(i < 2 ? AF_OK : AF_CONFLICT,
                         ticket_reply(f->app, who[i], no, BYTES_LIT("words"), false, "key", &err));
    }
    assert_int_equal(AF_CONFLICT,
                     ticket_reply(f->app, &f->staff, no, BYTES_LIT("words"), true, "key", &err));
    ticket = get(f, &f->staff, no);
    assert_int_equal(1, json_array_size(json_object_get(ticket, "posts")));
    json_decref(ticket);
}

/* The journal refuses what was computed from another version; the service looks again. */
static void what_was_computed_from_an_older_ticket_is_refused(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");

    for (int seen = 0; seen <= 2; seen++) {
        json_t *body = json_pack("{s:i,s:s,s:s,s:s,s:i}", "ticket", (int)no, "event", "accept",
                                 "reason", "", "by", "x", "seen", seen);
        struct command command = {.actor = "cli", .kind = "ticket.move", .body = body};
        struct outcome outcome = {0};
        struct error err;

        assert_int_equal(seen == 1 ? AF_OK : AF_CONFLICT,
                         journal_propose(app_journal(f->app), &command, &outcome, &err));
        json_decref(outcome.result);
        json_decref(body);
    }
}

static void clocks_that_are_none_are_refused(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");
    json_t *many = json_array();
    const json_t *clock;
    json_t *ticket = get(f, &f->staff, no);

    clock = json_array_get(json_object_get(ticket, "clocks"), 0);
    for (int i = 0; i <= TICKET_CLOCKS_MAX + 1; i++) {
        json_t *clocks = i == 0 ? test_json("[{}]") : json_incref(many);
        json_t *body = json_pack("{s:i,s:s,s:s,s:b,s:s,s:o}", "ticket", (int)no, "text", "words",
                                 "from", "staff", "internal", 0, "by", "x", "clocks", clocks);
        struct command command = {.actor = "cli", .kind = "ticket.reply", .body = body};
        struct outcome outcome = {0};
        enum status status = AF_OK;
        struct error err;

        if (i == 0 || i >= TICKET_CLOCKS_MAX)
            status = journal_propose(app_journal(f->app), &command, &outcome, &err);
        assert_int_equal(i == 0                  ? AF_INVALID
                         : i > TICKET_CLOCKS_MAX ? AF_TOO_LARGE
                                                 : AF_OK,
                         status);
        json_decref(outcome.result);
        json_decref(body);
        assert_int_equal(0, json_array_append(many, (json_t *)(uintptr_t)clock));
    }
    json_decref(many);
    json_decref(ticket);
}

/* --- check ----------------------------------------------------------------------------------- */

static void remember(void *context, const char *sentence)
{
    (void)snprintf(context, 256, "%s", sentence);
}

static void a_row_that_is_missing_or_too_many_is_named(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3", "");
    uint8_t key[TICKET_DUE_KEY_BYTES];
    const int64_t warn_ms = at("2026-11-23T09:45:00+08:00");

    for (int round = 0; round < 3; round++) {
        char said[256] = "";
        struct error err;
        struct txn *txn;

        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        if (round == 1)
            assert_ok(store_delete(txn, TABLE_TICKET_DUE, ticket_due_key(warn_ms, no, key), &err));
        if (round == 2)
            assert_ok(store_put(txn, TABLE_TICKET_DUE, ticket_due_key(warn_ms, no + 1, key),
                                BYTES_LIT(""), &err));
        for (const check_more_fn *look = intake_checks; *look != NULL; look++)
            assert_ok((*look)(txn, remember, said, &err));
        if (round == 0)
            assert_string_equal("", said);
        else if (strstr(said, round == 1 ? "is not in table ticket_due" : "table ticket_due") ==
                 NULL)
            fail_msg("round %d: \"%s\"", round, said);
        txn_abort(txn);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(clocks_follow_a_ticket_from_report_to_close),
        TEST(another_severity_gives_the_clocks_new_targets),
        TEST(what_is_first_promised_later_starts_at_the_report),
        TEST(severity_and_level_say_which_clocks_there_are),
        TEST(clocks_begin_at_the_report),
        TEST(the_sweep_reads_only_what_is_due),
        TEST(a_long_night_is_swept_in_rounds),
        TEST(a_breach_nobody_saw_is_written_down_by_the_next_change),
        TEST(a_breach_between_computing_and_committing_is_written_once),
        TEST(a_customer_sees_no_clocks),
        TEST(a_ticket_is_opened_even_when_its_calendar_has_no_hours),
        TEST(a_clock_runs_to_its_end_on_a_calendar_that_went),
        TEST(a_repeated_reply_is_one_reply),
        TEST(what_was_computed_from_an_older_ticket_is_refused),
        TEST(clocks_that_are_none_are_refused),
        TEST(a_row_that_is_missing_or_too_many_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
