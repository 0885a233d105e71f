#include "tests/intake/api/fixture.h"

#include "intake/desk/ticket_similar.h"

#include <stdio.h>

#define EARLIER 40

/* --- short ways ----------------------------------------------------------------------------- */

static struct who staff(void)
{
    return who_staff(ROLE_ENGINEER, "lin.wei");
}

static uint32_t open_at(struct fixture *f, int64_t at_ms, const char *title, const char *product,
                        const char *contact)
{
    const struct who who = staff();
    json_t *person = contact[0] != '\0' ? test_json_quoted(contact) : NULL;
    const struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                       .title = bytes_str(title),
                                       .product = bytes_str(product),
                                       .contact = person};
    struct ticket_opened opened;
    struct error err;

    clock_fix(at_ms);
    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    json_decref(person);
    return opened.no;
}

static void move(struct fixture *f, uint32_t no, const char *event)
{
    const struct who who = staff();
    struct error err;

    assert_ok(ticket_move(f->app, &who, no, bytes_str(event), BYTES_LIT("why not"), &err));
}

/* The numbers in a list, in order, counted from EARLIER: "3 1". */
static const char *numbers(const json_t *similar, const char *list)
{
    static char text[200];
    const json_t *row;
    size_t i;

    text[0] = '\0';
    json_array_foreach(json_object_get(similar, list), i, row)
    {
        size_t len = strlen(text);

        (void)snprintf(text + len, sizeof text - len, "%s%d", i == 0 ? "" : " ",
                       (int)json_get_u64(row, "n") - EARLIER);
    }
    return text;
}

static json_t *similar_to(struct fixture *f, uint32_t no)
{
    const struct who who = staff();
    json_t *similar;
    struct error err;

    assert_ok(ticket_similar_to(f->app, &who, no, 10, &similar, &err));
    return similar;
}

static json_t *similar_to_new(struct fixture *f, const char *quoted)
{
    const struct who who = staff();
    json_t *ticket = test_json_quoted(quoted), *similar;
    struct error err;

    assert_ok(ticket_similar(f->app, &who, ticket, 10, &similar, &err));
    json_decref(ticket);
    return similar;
}

#define DAY_MS INT64_C(86400000)
/* Forty tickets of years ago: how rare a word is says something only where there are others. They
 * have the numbers up to EARLIER. */
static void make_earlier(struct fixture *f)
{
    static const char *const words[] = {"cable",   "screen", "report", "update",
                                        "invoice", "modem",  "paper",  "account"};

    for (uint32_t i = 0; i < EARLIER; i++) {
        char title[100];

        (void)snprintf(title, sizeof title, "The %s of the %s and the %s is not there",
                       words[i % 8], words[i / 8 % 8], words[(i * 5 + 3) % 8]);
        assert_int_equal(i + 1, open_at(f, START_MS - (500 + i) * DAY_MS, title, "Other", ""));
    }
}

/* --- lists ----------------------------------------------------------------------------------- */

static void before_saving_a_fault_that_many_report_is_seen(void **state)
{
    struct fixture *f = *state;
    const char *li = "{'mail':'Li@example.com'}", *wu = "{'phone':'+86 138-0013-8000'}";
    json_t *similar;

    make_earlier(f);
    (void)open_at(f, START_MS - 95 * DAY_MS, "Mail server refuses login", "LedgerCloud", "");
    (void)open_at(f, START_MS - 30 * DAY_MS, "Mail server refuses login", "LedgerCloud", "");
    (void)open_at(f, START_MS - 2 * DAY_MS, "Login refused by the mail server", "LedgerCloud", wu);
    (void)open_at(f, START_MS - DAY_MS, "Mail server refuses login", "Other", "");
    (void)open_at(f, START_MS, "Mail server refuses my login", "LedgerCloud", li);
    (void)open_at(f, START_MS, "The printer hums", "LedgerCloud", li);
    (void)open_at(f, START_MS, "Mail server refuses login", "LedgerCloud", "");
    move(f, EARLIER + 7, "spam");
    similar = similar_to_new(f, "{'title':'The mail server refuses the login','product':"
                                "'LedgerCloud','contact':{'mail':'li@EXAMPLE.com'}}");
    assert_string_equal("5 6", numbers(similar, "own")); /* what says the same first */
    assert_string_equal("2 3", numbers(similar, "others"));
    assert_int_equal(1, json_get_u64(similar, "others_7_days"));
    assert_int_equal(2, json_get_u64(similar, "others_90_days"));
    assert_string_equal("", numbers(similar, "solved"));
    json_decref(similar);
    similar = similar_to_new(f, "{'title':'The mail server refuses the login'}");
    assert_string_equal("", numbers(similar, "own")); /* nobody knows whose */
    assert_int_equal(4, json_array_size(json_object_get(similar, "others"))); /* any product */
    json_decref(similar);
    similar = similar_to_new(f, "{'title':'Login','contact':{'phone':'13800138000'}}");
    assert_string_equal("3", numbers(similar, "own"));
    json_decref(similar);
    similar = similar_to_new(f, "{'title':'zebra'}");
    assert_string_equal("", numbers(similar, "others"));
    json_decref(similar);
}

static void beside_a_ticket_solved_ones_say_what_resolved_them(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff();
    const json_t *row, *resolved;
    json_t *similar;
    struct error err;

    make_earlier(f);
    (void)open_at(f, START_MS, "Router smells burnt", "NetHome", "");
    (void)open_at(f, START_MS, "Router smells of burnt rubber", "NetHome", "");
    (void)open_at(f, START_MS, "Router smells burnt again", "NetHome", "");
    move(f, EARLIER + 2, "take");
    assert_ok(
        ticket_link(f->app, &who, EARLIER + 2, BYTES_LIT("K-2"), BYTES_LIT("resolved_by"), &err));
    assert_ok(
        ticket_link(f->app, &who, EARLIER + 2, BYTES_LIT("K-1"), BYTES_LIT("not_helpful"), &err));
    assert_ok(ticket_reply(f->app, &who, EARLIER + 2, BYTES_LIT("Unplug it"), false, NULL, &err));
    assert_ok(ticket_reply(f->app, &who, EARLIER + 2, BYTES_LIT("he is angry"), true, NULL, &err));
    move(f, EARLIER + 2, "resolve");
    similar = similar_to(f, EARLIER + 1);
    assert_string_equal("2", numbers(similar, "solved"));
    row = json_array_get(json_object_get(similar, "solved"), 0);
    resolved = json_object_get(row, "resolved");
    assert_int_equal(1, json_array_size(json_object_get(resolved, "cases")));
    assert_string_equal(
        "Router hums",
        json_get_str(json_array_get(json_object_get(resolved, "cases"), 0), "title"));
    assert_string_equal("Unplug it", json_get_str(resolved, "reply"));
    assert_true(json_number_value(json_object_get(row, "coverage")) >= TICKET_LIKE_COVERAGE);
    assert_int_equal(2, json_get_u64(similar, "others_90_days")); /* itself is not */
    json_decref(similar);
    move(f, EARLIER + 3, "cancel");
    similar = similar_to(f, EARLIER + 1);
    assert_string_equal("2", numbers(similar, "others"));
    json_decref(similar);
}

static void what_a_customer_added_counts_too(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    json_t *similar;
    struct error err;

    make_earlier(f);
    (void)open_at(f, START_MS, "Help", "NetHome", "");
    (void)open_at(f, START_MS, "Violet diode flickers", "NetHome", "");
    similar = similar_to(f, EARLIER + 1);
    assert_string_equal("", numbers(similar, "others"));
    json_decref(similar);
    assert_ok(ticket_reply(f->app, &customer, EARLIER + 1,
                           BYTES_LIT("the diode is violet and flickers"), false, NULL, &err));
    similar = similar_to(f, EARLIER + 1);
    assert_string_equal("2", numbers(similar, "others"));
    json_decref(similar);
}

/* --- whose ------------------------------------------------------------------------------------ */

static void the_same_customer_is_known_by_what_is_his(void **state)
{
    static const struct {
        const char *a, *b;
        bool same;
    } rows[] = {
        {"{}",                                    "{}",                                       false},
        {"{'contact':{'mail':''}}",               "{'contact':{'mail':''}}",                  false},
        {"{'contact':{'mail':'a@b'}}",            "{'contact':{'mail':'A@B'}}",               true },
        {"{'contact':{'mail':'a@b'}}",            "{'contact':{'mail':'a@bc'}}",              false},
        {"{'contact':{'phone':'138 0013 8000'}}", "{'contact':{'phone':'+8613800138000'}}",   true },
        {"{'contact':{'phone':'8000'}}",          "{'contact':{'phone':'8000'}}",             false}, /* an extension */
        {"{'contact':{'name':'Li'}}",             "{'contact':{'name':'Li'}}",                false}, /* many are called so */
        {"{'party':'C-1'}",                       "{'party':'C-1','contact':{'mail':'x@y'}}", true },
        {"{'party':'C-1'}",                       "{'party':'C-2'}",                          false},
        {"{'party':'C-1','account':'A'}",         "{'party':'C-2','account':'A'}",            true },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        json_t *a = test_json_quoted(rows[i].a), *b = test_json_quoted(rows[i].b);

        if (ticket_same_customer(a, b) != rows[i].same ||
            ticket_same_customer(b, a) != rows[i].same)
            fail_msg("%s and %s", rows[i].a, rows[i].b);
        json_decref(a);
        json_decref(b);
    }
}

static void a_customer_sees_none_of_it(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer(), who = staff();
    json_t *ticket = test_json_quoted("{'title':'x'}"), *similar;
    struct error err;

    (void)open_at(f, START_MS, "Router smells burnt", "NetHome", "");
    assert_refused(AF_DENIED, ticket_similar_to(f->app, &customer, 1, 10, &similar, &err));
    assert_refused(AF_DENIED, ticket_similar(f->app, &customer, ticket, 10, &similar, &err));
    assert_refused(AF_NOT_FOUND, ticket_similar_to(f->app, &who, 9, 10, &similar, &err));
    assert_refused(AF_INVALID, ticket_similar_to(f->app, &who, 1, 0, &similar, &err));
    assert_refused(AF_INVALID,
                   ticket_similar_to(f->app, &who, 1, TICKET_LIKE_MAX + 1, &similar, &err));
    json_decref(ticket);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(before_saving_a_fault_that_many_report_is_seen),
        TEST(beside_a_ticket_solved_ones_say_what_resolved_them),
        TEST(what_a_customer_added_counts_too),
        TEST(the_same_customer_is_known_by_what_is_his),
        TEST(a_customer_sees_none_of_it),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
