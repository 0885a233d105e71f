/* How a ticket ends: who may close it with what, windows to the millisecond, reopening, and what a
 * late word becomes. */
#include "tests/intake/desk/ending.h"

#include "intake/rules/rules.h"

/* Resolved on a Sunday: the five working days of S3 end on Friday at six in Shanghai. */
#define FRIDAY_MS INT64_C(1795773600000) /* 2026-11-27T10:00:00Z */

static void a_resolved_ticket_closes_by_itself_when_it_may(void **state)
{
    static const struct {
        enum recorded recorded;
        const char *after, *how;
        bool is_held;
    } rows[] = {
        {NOTHING,   "resolved", "",       true },
        {CASE,      "closed",   "window", false},
        {STATEMENT, "closed",   "window", false},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t no;

        clock_fix(START_MS);
        no = resolved_ticket(f, "S3", rows[i].recorded);
        assert_string_equal("2026-11-27T10:00:00.000Z", look(f, no, NULL, "confirm_by"));
        sweep_at(f, FRIDAY_MS); /* his last millisecond */
        assert_string_equal("resolved", look(f, no, NULL, "state"));
        sweep_at(f, FRIDAY_MS + 1);
        assert_string_equal(rows[i].after, look(f, no, NULL, "state"));
        assert_string_equal(rows[i].how, look(f, no, "closed", "how"));
        assert_int_equal(rows[i].is_held, has(f, no, "held"));
        assert_int_equal(rows[i].is_held, has(f, no, "notices"));
        assert_string_equal("", look(f, no, NULL, "confirm_by")); /* nothing is waited for */
    }
    demand_sound_and_repeatable(f);
}

/* The engineer sees why, says what is missing, and it closes. */
static void a_held_ticket_closes_when_the_reason_is_stated(void **state)
{
    struct fixture *f = *state;
    uint32_t no = resolved_ticket(f, "S3", NOTHING);

    sweep_at(f, FRIDAY_MS + 1);
    assert_non_null(strstr(look(f, no, "held", "why"), "the case that resolved it"));
    step(f, no, "close", "nothing new: a loose plug");
    assert_string_equal("closed", look(f, no, NULL, "state"));
    assert_string_equal("nothing new: a loose plug", look(f, no, "nothing_to_record", "reason"));
    assert_false(has(f, no, "held"));
    demand_sound_and_repeatable(f);
}

static void each_severity_has_its_window_and_a_calendar_without_hours_is_no_trap(void **state)
{
    struct fixture *f = *state;

    set_closing(f, "confirm",
                "{'is':{'calendar':'24x7','S1':{'hours':1},'S2':{'hours':2},'S3':{'days':1},"
                "'S4':{'days':2}}}");
    assert_string_equal("2026-11-22T02:53:10.123Z",
                        look(f, resolved_ticket(f, "S1", CASE), NULL, "confirm_by"));
    assert_string_equal("2026-11-22T03:53:10.123Z",
                        look(f, resolved_ticket(f, "S2", CASE), NULL, "confirm_by"));
    assert_string_equal("2026-11-24T00:00:00.000Z",
                        look(f, resolved_ticket(f, "S3", CASE), NULL, "confirm_by"));
    assert_string_equal("2026-11-25T00:00:00.000Z",
                        look(f, resolved_ticket(f, "S4", CASE), NULL, "confirm_by"));
}

static void the_customer_confirms_and_it_closes_or_waits_for_the_library(void **state)
{
    const struct who customer = who_customer(), engineer = lin();
    struct fixture *f = *state;
    struct error err;
    uint32_t no;

    no = resolved_ticket(f, "S3", CASE);
    assert_ok(ticket_confirm(f->app, &customer, no, "twice", &err));
    assert_ok(ticket_confirm(f->app, &customer, no, "twice", &err)); /* pressed twice */
    assert_string_equal("closed", look(f, no, NULL, "state"));
    assert_string_equal("customer", look(f, no, "closed", "how"));
    assert_string_equal("customer", look(f, no, "confirmed", "by"));
    assert_refused(AF_CONFLICT, ticket_confirm(f->app, &customer, no, NULL, &err));

    no = resolved_ticket(f, "S3", NOTHING);
    assert_ok(ticket_confirm(f->app, &engineer, no, NULL, &err)); /* said on the phone */
    assert_string_equal("resolved", look(f, no, NULL, "state"));
    assert_string_equal("lin", look(f, no, "confirmed", "by"));
    assert_true(has(f, no, "held"));
    assert_refused(AF_CONFLICT, ticket_confirm(f->app, &customer, no, NULL, &err));
    assert_ok(ticket_link(f->app, &engineer, no, BYTES_LIT("K-1"), BYTES_LIT("resolved_by"), &err));
    step(f, no, "close", "");
    assert_true(has(f, no, "confirmed"));

    no = open_ticket(f, "S3");
    assert_refused(AF_CONFLICT, ticket_confirm(f->app, &customer, no, NULL, &err));
    assert_refused(AF_NOT_FOUND, ticket_confirm(f->app, &customer, 99, NULL, &err));
    demand_sound_and_repeatable(f);
}

static void a_no_brings_it_back_and_what_was_said_at_the_end_is_forgotten(void **state)
{
    const struct who customer = who_customer();
    struct fixture *f = *state;
    struct error err;
    uint32_t no = resolved_ticket(f, "S3", STATEMENT);

    assert_ok(ticket_reply(f->app, &customer, no, BYTES_LIT("it hums still"), false, NULL, &err));
    assert_string_equal("in_progress", look(f, no, NULL, "state"));
    assert_false(has(f, no, "timers"));
    assert_false(has(f, no, "nothing_to_record"));
    sweep_at(f, FRIDAY_MS + 1);
    assert_string_equal("in_progress", look(f, no, NULL, "state"));
    /* so the next one states anew */
    step(f, no, "resolve", "");
    assert_refused(AF_CONFLICT,
                   ticket_move(f->app, &(struct who){.role = ROLE_ENGINEER, .name = "lin"}, no,
                               BYTES_LIT("close"), BYTES_LIT(""), &err));
    demand_sound_and_repeatable(f);
}

static void a_statement_needs_words_and_its_place(void **state)
{
    const struct who who = lin(), customer = who_customer();
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3");
    struct error err;

    assert_refused(AF_INVALID,
                   ticket_step(f->app, &who, no, BYTES_LIT("take"), BYTES_LIT("why"), true, &err));
    step(f, no, "take", "");
    assert_refused(AF_INVALID,
                   ticket_step(f->app, &who, no, BYTES_LIT("resolve"), BYTES_LIT(""), true, &err));
    assert_refused(AF_DENIED, ticket_step(f->app, &customer, no, BYTES_LIT("resolve"),
                                          BYTES_LIT("x"), true, &err));
    assert_ok(ticket_step(f->app, &who, no, BYTES_LIT("resolve"), BYTES_LIT("done"), false, &err));
    assert_false(has(f, no, "nothing_to_record")); /* a reason to resolve is no statement */
    assert_refused(AF_CONFLICT,
                   ticket_step(f->app, &who, no, BYTES_LIT("close"), BYTES_LIT(""), false, &err));
    assert_ok(ticket_step(f->app, &who, no, BYTES_LIT("close"), BYTES_LIT("known"), true, &err));
    assert_string_equal("known", look(f, no, "nothing_to_record", "reason"));
}

static void who_may_not_close_early_waits_for_the_customer_or_for_time(void **state)
{
    const struct who who = lin(), customer = who_customer();
    struct fixture *f = *state;
    struct error err;
    uint32_t no;

    set_closing(f, "early_close", "{'is':false}");
    no = resolved_ticket(f, "S3", CASE);
    assert_refused(AF_CONFLICT,
                   ticket_move(f->app, &who, no, BYTES_LIT("close"), BYTES_LIT(""), &err));
    assert_ok(ticket_confirm(f->app, &customer, no, NULL, &err));
    assert_string_equal("closed", look(f, no, NULL, "state"));
    no = resolved_ticket(f, "S3", NOTHING);
    assert_ok(ticket_confirm(f->app, &customer, no, NULL, &err));
    step(f, no, "close", "nothing new");
    no = resolved_ticket(f, "S3", NOTHING);
    sweep_at(f, FRIDAY_MS + 1);
    step(f, no, "close", "nothing new");
    demand_sound_and_repeatable(f);
}

/* --- opening it again ------------------------------------------------------------------------ */

static void a_closed_ticket_is_reopened_in_time_and_not_after(void **state)
{
    static const struct {
        int64_t after_ms;
        bool is_taken;
    } rows[] = {
        {1,               true },
        {14 * DAY_MS - 1, true },
        {14 * DAY_MS,     false},
        {99 * DAY_MS,     false},
    };
    const struct who who = lin(), customer = who_customer();
    struct fixture *f = *state;
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t by_staff, by_customer;
        enum status wanted = rows[i].is_taken ? AF_OK : AF_CONFLICT;

        clock_fix(START_MS);
        by_staff = closed_ticket(f, "S3");
        by_customer = closed_ticket(f, "S3");
        clock_fix(START_MS + rows[i].after_ms);
        assert_int_equal(wanted, ticket_move(f->app, &who, by_staff, BYTES_LIT("reopen"),
                                             BYTES_LIT("again"), &err));
        assert_int_equal(wanted, ticket_reply(f->app, &customer, by_customer, BYTES_LIT("again"),
                                              false, NULL, &err));
        assert_string_equal(rows[i].is_taken ? "in_progress" : "closed",
                            look(f, by_customer, NULL, "state"));
        assert_int_equal(!rows[i].is_taken, has(f, by_customer, "closed"));
    }
    demand_sound_and_repeatable(f);
}

static size_t running_clocks(struct fixture *f, uint32_t no)
{
    const struct who who = lin();
    json_t *ticket = read_ticket(f, &who, no);
    const json_t *clock;
    size_t i, count = 0;

    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
    {
        count += strcmp(json_get_str(clock, "state"), "running") == 0;
    }
    json_decref(ticket);
    return count;
}

static void a_customers_word_that_reopens_starts_its_clock_anew(void **state)
{
    const struct who customer = who_customer();
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S3");
    struct ticket_said said;
    struct error err;

    assert_int_equal(0, running_clocks(f, no));
    assert_ok(ticket_say(f->app, &customer, no, BYTES_LIT("again"), NULL, &said, &err));
    assert_true(said.no == no && !said.is_new && said.name[0] == '\0');
    assert_int_equal(2, running_clocks(f, no)); /* his, and that of the group's next task */
}

/* --- late words -----------------------------------------------------------------------------*/

static struct ticket_said say(struct fixture *f, uint32_t no, const char *text)
{
    const struct who customer = who_customer();
    struct ticket_said said;
    struct error err;

    assert_ok(ticket_say(f->app, &customer, no, bytes_str(text), NULL, &said, &err));
    return said;
}

static void a_late_word_opens_a_ticket_that_follows(void **state)
{
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S1");
    struct ticket_said said, more;
    const struct who who = lin();
    struct error err;
    uint32_t of_key;
    json_t *ticket;

    clock_fix(START_MS + 14 * DAY_MS);
    said = say(f, no, "it hums again");
    assert_true(said.is_new && said.no != no);
    ticket = read_ticket(f, &who, said.no);
    assert_int_equal(no, json_get_u64(ticket, "follows"));
    assert_string_equal("follows", json_get_str(ticket, "exempt"));
    assert_string_equal("It hums", json_get_str(ticket, "title"));
    assert_string_equal("it hums again", json_get_str(ticket, "text"));
    assert_string_equal("HG8", json_get_str(ticket, "product"));
    assert_string_equal("desk", json_get_str(ticket, "group"));
    assert_string_equal("S2", json_get_str(ticket, "severity")); /* no emergency by itself */
    assert_string_equal("Wu", json_get_str(json_object_get(ticket, "contact"), "name"));
    json_decref(ticket);
    /* his way to it: the same for everything else he writes to the old link */
    assert_ok(ticket_by_follow_up(f->app, bytes_str(said.follow_up), &of_key, &err));
    assert_int_equal(said.no, of_key);
    more = say(f, no, "it hums again"); /* pressed twice */
    assert_int_equal(said.no, more.no);
    more = say(f, no, "and blinks");
    assert_int_equal(said.no, more.no);
    assert_string_equal(said.follow_up, more.follow_up);
    assert_false(more.is_new);
    ticket = read_ticket(f, &who, said.no);
    assert_int_equal(1, json_array_size(json_object_get(ticket, "posts")));
    json_decref(ticket);
    /* when that one is over too, another */
    step(f, said.no, "cancel", "he called");
    more = say(f, no, "it smells");
    assert_true(more.is_new && more.no != said.no);
    demand_sound_and_repeatable(f);
}

/* After a load the links that were made elsewhere hold, and none can be made anew. */
static void a_follower_of_another_store_takes_the_words_and_no_wrong_link_is_given(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3");
    struct ticket_said said, more;
    struct digest hash;
    struct txn *txn;
    struct error err;

    step(f, no, "cancel", "why not");
    said = say(f, no, "but");
    hash = digest_plain(bytes_str(said.follow_up));
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(store_delete(txn, TABLE_TICKET_KEY, bytes_of(hash.b, DIGEST_BYTES), &err));
    assert_ok(txn_commit(txn, &err));
    more = say(f, no, "and");
    assert_int_equal(said.no, more.no);
    assert_string_equal("", more.follow_up);
    assert_string_equal("", more.name);
}

static void words_to_what_is_over_are_not_lost(void **state)
{
    static const struct {
        const char *event;
        bool is_new;
    } rows[] = {
        {"cancel", true },
        {"reject", true },
        {"spam",   false},
    };
    const struct who customer = who_customer();
    struct fixture *f = *state;
    struct ticket_said said;
    struct error err;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t no = open_ticket(f, "S3");

        step(f, no, rows[i].event, "why not");
        if (rows[i].is_new)
            assert_true(say(f, no, "but").is_new);
        else
            assert_refused(AF_CONFLICT,
                           ticket_say(f->app, &customer, no, BYTES_LIT("buy"), NULL, &said, &err));
    }
    assert_refused(AF_INVALID, ticket_say(f->app, &customer, 1, BYTES_LIT(" "), NULL, &said, &err));
    assert_refused(AF_NOT_FOUND,
                   ticket_say(f->app, &customer, 99, BYTES_LIT("x"), NULL, &said, &err));
    demand_sound_and_repeatable(f);
}

static void a_bounded_number_of_tickets_follow_one(void **state)
{
    const struct who customer = who_customer();
    struct fixture *f = *state;
    uint32_t no = open_ticket(f, "S3");
    struct ticket_said said;
    struct error err;
    char text[32];

    step(f, no, "cancel", "why not");
    for (int i = 0; i < TICKET_FOLLOWED_MAX; i++) {
        (void)snprintf(text, sizeof text, "word %d", i);
        step(f, say(f, no, text).no, "cancel", "why not");
    }
    assert_refused(AF_TOO_LARGE,
                   ticket_say(f->app, &customer, no, BYTES_LIT("more"), NULL, &said, &err));
}

/* --- who sees what, and damage --------------------------------------------------------------*/

static void a_customer_sees_how_it_ended_and_not_who_said_what_behind_it(void **state)
{
    static const char *const shown[] = {"closed", "confirmed", "survey"};
    static const char *const hidden[] = {"nothing_to_record", "held", "visits", "timers",
                                         "notices"};
    const struct who customer = who_customer();
    struct fixture *f = *state;
    uint32_t no = resolved_ticket(f, "S1", STATEMENT);
    struct buf text = {0};
    struct error err;
    json_t *ticket;

    assert_ok(ticket_confirm(f->app, &customer, no, NULL, &err));
    ticket = read_ticket(f, &customer, no);
    for (size_t i = 0; i < sizeof shown / sizeof shown[0]; i++)
        assert_non_null(json_object_get(ticket, shown[i]));
    for (size_t i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
        assert_null(json_object_get(ticket, hidden[i]));
    assert_ok(json_write(ticket, false, &text, &err));
    buf_add_u8(&text, 0);
    assert_null(strstr((const char *)text.data, "loose plug"));
    assert_null(strstr((const char *)text.data, "key_hash"));
    assert_null(strstr((const char *)text.data, "\"by\""));
    buf_release(&text);
    json_decref(ticket);
}

/* clang-format off */
/* Each member of ticket 1 changed, or a row put (`key`) or taken, with right sums: named. */
static const struct edit {
    const char *members;
    enum table table;
    struct bytes key, body;
    bool removes; /* the first row of the table */
    const char *said;
} edits[] = {
    {"{'closed':{'at':'2026-11-22T01:53:10.123Z','how':'magic'}}", .said = "said to be closed"},
    {"{'closed':{'at':'soon','how':'staff'}}", .said = "said to be closed"},
    {"{'held':{'at':'2026-11-22T01:53:10.123Z','why':'x'}}", .said = "held and not resolved"},
    {"{'followed_by':[7]}", .said = "ticket 7 does not follow it"},
    {"{'survey':{'sent':'x','expires':'y','key_hash':'z'}}", .said = "expires at no time"},
    {"{'survey':{'sent':'2026-11-22T01:53:10.123Z','expires':'2026-12-22T01:53:10.123Z',"
     "'key_hash':'z'}}", .said = "no hash of a key"},
    {"{'survey':{'sent':'2026-11-22T01:53:10.123Z','expires':'2026-12-22T01:53:10.123Z',"
     "'key_hash':'0000000000000000000000000000000000000000000000000000000000000000'}}",
     .said = "is not in table survey_key"},
    {"{'survey':null}", .said = "has no survey with this key"},
    {"{'visits':[]}", .said = "has no such visit due"},
    {"{'visits':[{'no':1,'why':'whim','state':'due','due':'2026-11-26T10:00:00.000Z',"
     "'group':'desk'}]}", .said = "its visit 1 is none"},
    {"{'visits':[{'no':2,'why':'share','state':'due','due':'2026-11-26T10:00:00.000Z',"
     "'group':'desk'}]}", .said = "its visit 1 is none"},
    {"{'visits':[{'no':1,'why':'share','state':'due','due':'2026-11-26T10:00:00.001Z',"
     "'group':'desk'}]}", .said = "its visit 1 is not in table ticket_visit"},
    {"{'visits':[{'no':1,'why':'share','state':'done','due':'2026-11-25T10:00:00.000Z',"
     "'group':'desk'},{'no':2,'why':'share','state':'due','due':'2026-11-25T10:00:00.000Z',"
     "'group':'desk'},{'no':3,'why':'share','state':'due','due':'2026-11-25T10:00:00.000Z',"
     "'group':'desk'}]}", .said = "2 of its visits are due at once"},
    {NULL, TABLE_TICKET_VISIT, .removes = true, .said = "its visit 1 is not in table ticket_visit"},
    {NULL, TABLE_SURVEY_KEY, .removes = true, .said = "its survey's key is not in"},
    {NULL, TABLE_TICKET_VISIT, BYTES_LIT("abc"), .said = "not a visit"},
    {NULL, TABLE_TICKET_VISIT, BYTES_LIT("a\0\0\0\0\0\0\0\0\1\0\0\0\7\0\1"),
     .said = "ticket 7 is not in table ticket"},
    {NULL, TABLE_SURVEY_KEY, BYTES_LIT("abc"), BYTES_LIT("\0\0\0\1"), .said = "not a survey's key"},
    {NULL, TABLE_SURVEY_KEY, BYTES_LIT("abcdefghijklmnopqrstuvwxyz012345"), BYTES_LIT("\0\0\0\7"),
     .said = "ticket 7 is not in table ticket"},
};

/* clang-format on */

static void make_edit(struct txn *txn, const struct edit *edit, uint32_t no)
{
    json_t *ticket, *members;
    struct cursor *cursor;
    struct bytes key = edit->key, body;
    uint8_t number[4], copy[300];
    struct error err;

    if (edit->members != NULL) {
        assert_ok(ticket_load(txn, no, &ticket, &err));
        members = test_json_quoted(edit->members);
        assert_int_equal(0, json_object_update(ticket, members));
        put_be32(number, no);
        assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(number, 4), ticket, &err));
        json_decref(members);
        json_decref(ticket);
    } else if (edit->removes) {
        assert_ok(cursor_open(txn, edit->table, BYTES_NONE, WALK_UP, &cursor, &err));
        assert_ok(cursor_next(cursor, &key, &body, &err));
        memcpy(copy, key.data, key.len);
        key = bytes_of(copy, key.len);
        cursor_close(cursor);
        assert_ok(store_delete(txn, edit->table, key, &err));
    } else {
        assert_ok(store_put(txn, edit->table, key, edit->body, &err));
    }
}

static void damage_at_the_end_of_a_ticket_is_named(void **state)
{
    struct fixture *f = *state;
    uint32_t no = closed_ticket(f, "S1");
    struct error err;

    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct txn *txn;
        struct buf said;

        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        make_edit(txn, &edits[i], no);
        said = faults_in(txn);
        if (strstr((const char *)said.data, edits[i].said) == NULL)
            fail_msg("edit %zu: \"%s\" was not said, but: %s", i, edits[i].said,
                     (const char *)said.data);
        buf_release(&said);
        txn_abort(txn);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(a_resolved_ticket_closes_by_itself_when_it_may),
        TEST(a_held_ticket_closes_when_the_reason_is_stated),
        TEST(each_severity_has_its_window_and_a_calendar_without_hours_is_no_trap),
        TEST(the_customer_confirms_and_it_closes_or_waits_for_the_library),
        TEST(a_no_brings_it_back_and_what_was_said_at_the_end_is_forgotten),
        TEST(a_statement_needs_words_and_its_place),
        TEST(who_may_not_close_early_waits_for_the_customer_or_for_time),
        TEST(a_closed_ticket_is_reopened_in_time_and_not_after),
        TEST(a_customers_word_that_reopens_starts_its_clock_anew),
        TEST(a_late_word_opens_a_ticket_that_follows),
        TEST(a_follower_of_another_store_takes_the_words_and_no_wrong_link_is_given),
        TEST(words_to_what_is_over_are_not_lost),
        TEST(a_bounded_number_of_tickets_follow_one),
        TEST(a_customer_sees_how_it_ended_and_not_who_said_what_behind_it),
        TEST(damage_at_the_end_of_a_ticket_is_named),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
