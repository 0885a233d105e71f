#include "tests/intake/api/fixture.h"

#include "intake/desk/ticket_accuracy.h"
#include "intake/desk/ticket_propose.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_proposed.h"

#include <stdio.h>

static struct who staff(void)
{
    return who_staff(ROLE_ENGINEER, "lin.wei");
}

static uint32_t open_with(struct fixture *f, const char *title, const char *product,
                          const char *severity, const json_t *proposed)
{
    const struct who who = staff();
    const struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                       .title = bytes_str(title),
                                       .product = bytes_str(product),
                                       .severity = bytes_str(severity),
                                       .proposed = proposed};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    return opened.no;
}

static void solve(struct fixture *f, uint32_t no)
{
    const struct who who = staff();
    struct error err;

    assert_ok(ticket_move(f->app, &who, no, BYTES_LIT("take"), BYTES_LIT(""), &err));
    assert_ok(ticket_move(f->app, &who, no, BYTES_LIT("restore"), BYTES_LIT(""), &err));
    assert_ok(ticket_move(f->app, &who, no, BYTES_LIT("resolve"), BYTES_LIT("done"), &err));
}

static json_t *propose_for(struct fixture *f, const struct who *who, const char *title,
                           const char *product)
{
    const struct ticket_words words = {.title = bytes_str(title), .product = bytes_str(product)};
    json_t *proposals;
    struct error err;

    assert_ok(ticket_propose(f->app, who, &words, &proposals, &err));
    return proposals;
}

static const char *value_of(const json_t *proposals, const char *part)
{
    return json_get_str(json_object_get(proposals, part), "value");
}

static void set_rules(struct fixture *f, enum rules_kind kind, const char *quoted)
{
    const struct who operator= who_operator();
    json_t *doc = test_json_quoted(quoted), *complaints = NULL;
    uint32_t version;
    struct error err;

    assert_ok(rules_set(f->app, &operator, kind, doc, 0, &version, &complaints, &err));
    json_decref(doc);
}

/* --- proposals ------------------------------------------------------------------------------ */

static void cases_and_solved_tickets_vote(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff();
    json_t *proposals;

    put_case(f, "{\"id\":\"K-4\",\"lang\":\"en\",\"title\":\"Cartridge leaks cyan\",\"product\":"
                "\"Printer\",\"category\":[\"hardware\",\"Fault\"]}");
    (void)open_with(f, "Cyan cartridge leaks again", "Printer", "S2", NULL);
    (void)open_with(f, "Cartridge leaks", "Scanner", "S4", NULL); /* nobody has solved it yet */
    solve(f, 1);
    proposals = propose_for(f, &who, "The cyan cartridge leaks", "");
    assert_string_equal("Printer", value_of(proposals, "product"));
    assert_string_equal("S2", value_of(proposals, "severity"));
    assert_string_equal("fault", value_of(proposals, "type")); /* "Fault" is a name of that type */
    assert_int_equal(2, json_get_u64(json_object_get(proposals, "product"), "neighbours"));
    assert_true(json_get_bool(json_object_get(proposals, "product"), "sure"));
    assert_false(json_get_bool(json_object_get(proposals, "severity"), "sure")); /* one voter */
    json_decref(proposals);
    proposals = propose_for(f, &who, "zebra", "");
    assert_int_equal(0, json_object_size(proposals));
    json_decref(proposals);
    proposals = propose_for(f, &who, "The cyan cartridge leaks", "Scanner");
    assert_int_equal(0, json_object_size(proposals)); /* no solved one is of that product */
    json_decref(proposals);
}

static void only_what_is_known_is_proposed(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff();
    json_t *proposals;

    put_case(f, "{\"id\":\"K-4\",\"lang\":\"en\",\"title\":\"Cartridge leaks cyan\",\"product\":"
                "\"Printer\",\"category\":\"whatever\"}");
    put_case(f, "{\"id\":\"K-5\",\"lang\":\"en\",\"title\":\"Cyan cartridge is empty\",\"product\":"
                "\"Printer 2\"}");
    proposals = propose_for(f, &who, "cartridge leaks cyan", "");
    assert_string_equal("Printer", value_of(proposals, "product"));
    assert_null(json_object_get(proposals, "type"));
    json_decref(proposals);
    set_rules(f, RULES_PRODUCTS, "{'products':[{'id':'Printer 2','kind':'box'}]}");
    proposals = propose_for(f, &who, "cartridge leaks cyan", "");
    assert_string_equal("Printer 2", value_of(proposals, "product"));
    json_decref(proposals);
}

static void a_customer_learns_nothing_of_others(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer(), who = staff();
    const json_t *from;
    json_t *proposals;

    put_case(f, "{\"id\":\"K-4\",\"lang\":\"en\",\"title\":\"Cartridge leaks cyan\",\"product\":"
                "\"Printer\"}");
    put_case(f, "{\"id\":\"K-5\",\"lang\":\"en\",\"title\":\"Secret cartridge leaks\",\"product\":"
                "\"Prototype\",\"audience\":\"internal\"}");
    (void)open_with(f, "Cartridge leaks at the bank", "Printer", "S2", NULL);
    (void)open_with(f, "Secret cartridge leaks at the bank", "Unheard of", "S2", NULL);
    solve(f, 1);
    solve(f, 2);
    proposals = propose_for(f, &customer, "cartridge leaks", "");
    assert_string_equal("Printer", value_of(proposals, "product"));
    assert_string_equal("S2", value_of(proposals, "severity"));
    from = json_object_get(json_object_get(proposals, "product"), "from");
    assert_int_equal(1, json_array_size(from));
    assert_string_equal("K-4", json_get_str(json_array_get(from, 0), "case"));
    from = json_object_get(json_object_get(proposals, "severity"), "from");
    assert_int_equal(0, json_array_size(from));
    json_decref(proposals);
    proposals = propose_for(f, &customer, "secret cartridge", "");
    assert_string_equal("Printer",
                        value_of(proposals, "product")); /* the others he cannot choose */
    json_decref(proposals);
    proposals = propose_for(f, &who, "secret cartridge leaks at the bank", "");
    assert_string_equal("Unheard of", value_of(proposals, "product"));
    from = json_object_get(json_object_get(proposals, "product"), "from");
    assert_string_equal("2", json_get_str(json_array_get(from, 0), "ticket"));
    json_decref(proposals);
}

static void without_words_there_is_nothing_to_propose_from(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff();
    const struct ticket_words words = {.title = BYTES_LIT(" "), .product = BYTES_LIT("Printer")};
    json_t *proposals;
    struct error err;

    assert_refused(AF_INVALID, ticket_propose(f->app, &who, &words, &proposals, &err));
}

/* --- what became of them ------------------------------------------------------------------- */

static void what_was_proposed_is_kept_beside_what_was_given(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff(), customer = who_customer();
    json_t *proposed = test_json_quoted("{'product':'Printer','severity':'S2'}"), *ticket;
    struct error err;

    assert_int_equal(1, open_with(f, "It leaks", "Scanner", "S2", proposed));
    assert_ok(ticket_get(f->app, &who, 1, &ticket, &err));
    json_decref(proposed);
    proposed = test_json_quoted("{'product':{'value':'Printer','given':'Scanner'},"
                                "'severity':{'value':'S2','given':'S2'}}");
    assert_true(json_equal(proposed, json_object_get(ticket, "proposals")));
    json_decref(ticket);
    json_decref(proposed);
    assert_ok(ticket_get(f->app, &customer, 1, &ticket, &err));
    assert_null(json_object_get(ticket, "proposals"));
    json_decref(ticket);
}

static void proposals_that_are_none_are_refused(void **state)
{
    static const char *const bad[] = {"[]", "'S2'", "{'product':1}", "{'title':'x'}",
                                      "{'product':null}"};
    struct buf text = {0};
    struct error err;
    json_t *proposed;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        proposed = test_json_quoted(bad[i]);
        assert_refused(AF_INVALID, ticket_proposed_check(proposed, &err));
        json_decref(proposed);
    }
    for (int i = 0; i <= TICKET_TITLE_BYTES_MAX; i++)
        buf_add_u8(&text, 'x');
    proposed = json_pack("{s:o}", "product", json_from_bytes(buf_bytes(&text)));
    assert_refused(AF_TOO_LARGE, ticket_proposed_check(proposed, &err));
    json_decref(proposed);
    buf_release(&text);
    assert_ok(ticket_proposed_check(NULL, &err));
}

static void assert_counts(const json_t *report, const char *part, unsigned proposed, unsigned kept,
                          unsigned closed, unsigned right)
{
    const json_t *counts = json_object_get(report, part);

    assert_int_equal(proposed, json_get_u64(counts, "proposed"));
    assert_int_equal(kept, json_get_u64(counts, "kept"));
    assert_int_equal(closed, json_get_u64(counts, "closed"));
    assert_int_equal(right, json_get_u64(counts, "right"));
}

static void the_report_counts_what_was_kept_and_what_was_right(void **state)
{
    struct fixture *f = *state;
    const struct who who = staff(), customer = who_customer();
    json_t *proposed = test_json_quoted("{'product':'Printer','severity':'S3'}"), *report;
    struct error err;

    clock_fix(START_MS - 100 * INT64_C(86400000));
    (void)open_with(f, "Long ago", "Printer", "S3", proposed);
    clock_fix(START_MS);
    (void)open_with(f, "Kept, and right", "Printer", "S3", proposed);
    (void)open_with(f, "Given otherwise", "Scanner", "S2", proposed);
    (void)open_with(f, "Kept, and turned out worse", "Printer", "S3", proposed);
    (void)open_with(f, "Not closed yet", "Printer", "S3", proposed);
    (void)open_with(f, "Nothing was proposed", "Printer", "S3", NULL);
    json_decref(proposed);
    assert_ok(ticket_severity(f->app, &who, 4, BYTES_LIT("S1"), BYTES_LIT("fire"), false, &err));
    for (uint32_t no = 2; no <= 4; no++)
        solve(f, no);
    assert_ok(ticket_accuracy(f->app, &who, 90, &report, &err));
    assert_int_equal(4, json_get_u64(report, "tickets"));
    assert_counts(report, "product", 4, 3, 3, 2);
    assert_counts(report, "severity", 4, 3, 3, 1);
    assert_counts(report, "type", 0, 0, 0, 0);
    json_decref(report);
    assert_ok(ticket_accuracy(f->app, &who, 101, &report, &err));
    assert_int_equal(5, json_get_u64(report, "tickets"));
    json_decref(report);
    assert_refused(AF_DENIED, ticket_accuracy(f->app, &customer, 90, &report, &err));
    assert_refused(AF_INVALID, ticket_accuracy(f->app, &who, 0, &report, &err));
    assert_refused(AF_INVALID, ticket_accuracy(f->app, &who, ACCURACY_DAYS_MAX + 1, &report, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(cases_and_solved_tickets_vote),
        TEST(only_what_is_known_is_proposed),
        TEST(a_customer_learns_nothing_of_others),
        TEST(without_words_there_is_nothing_to_propose_from),
        TEST(what_was_proposed_is_kept_beside_what_was_given),
        TEST(proposals_that_are_none_are_refused),
        TEST(the_report_counts_what_was_kept_and_what_was_right),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
