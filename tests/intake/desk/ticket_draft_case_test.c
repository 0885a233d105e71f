#include "tests/intake/desk/desk.h"

#include "data/article.h"
#include "intake/desk/ticket_draft_case.h"
#include "intake/desk/ticket_emergency.h"

static uint32_t open_router(struct fixture *f, const char *severity)
{
    json_t *contact = test_json_quoted(
        "{'name':'Anna Lee','mail':'anna@example.org','phone':'+86 138 0013 8000'}");
    json_t *fields = test_json_quoted(
        "{'lights':['los_red','net_off'],'link':'cable','restarted':'yes','serial':'HG8-123456'}");
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(
        f->app, LIN,
        &(struct ticket_input){
            .channel = BYTES_LIT("phone"),
            .severity = bytes_str(severity),
            .title = BYTES_LIT("Anna Lee: HG8 shows E-013"),
            .text = BYTES_LIT("Anna here, 13800138000. It shows E-013 and then ora-00942."),
            .product = BYTES_LIT("NetHome HG8"),
            .type = BYTES_LIT("fault"),
            .lang = BYTES_LIT("en"),
            .contact = contact,
            .fields = fields},
        &opened, &err));
    json_decref(contact);
    json_decref(fields);
    return opened.no;
}

static json_t *draft(struct fixture *f, uint32_t no)
{
    struct error err;
    json_t *article;

    assert_ok(ticket_draft_case(f->app, LIN, no, &article, &err));
    return article;
}

static void post(struct fixture *f, const struct who *who, uint32_t no, const char *text,
                 bool internal)
{
    struct error err;

    clock_fix(clock_now_ms() + 1000);
    assert_ok(ticket_reply(f->app, who, no, bytes_str(text), internal, NULL, &err));
    clock_fix(clock_now_ms() + 1000);
}

static void assert_draft(struct fixture *f, uint32_t no, const char *quoted)
{
    json_t *article = draft(f, no), *expected = test_json_quoted(quoted);

    if (!json_equal(expected, article)) {
        char *text = json_dumps(article, 0);

        fail_msg("%s", text);
    }
    json_decref(article);
    json_decref(expected);
}

static void a_draft_has_what_the_ticket_says_and_nobodys_name(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_router(f, "S3");

    post(f, LIN, no, "Is the cable in?", false);
    post(f, CUSTOMER, no, "It is. Write to anna@example.org", false);
    post(f, LIN, no, "He shouts.", true);
    post(f, LIN, no, "Hello Anna, clean the connector.", false);
    post(f, LIN, no, "Then restart it.", false);
    assert_draft(
        f, no,
        "{'title':'[name]: HG8 shows E-013','lang':'en','product':'NetHome HG8',"
        "'category':['Fault'],'environment':['What the lights show: LOS is red, INTERNET is "
        "off','How it is connected: By cable','Has it been restarted: yes'],"
        "'symptom':'[name] here, [phone]. It shows E-013 and then ora-00942.\\n\\nIt is. "
        "Write to [mail]','resolution':'Hello [name], clean the connector.\\n\\nThen "
        "restart it.','error_code':['E-013','ora-00942'],'source':'ticket:AF-2026-000001',"
        "'state':'wip','audience':'internal','author':'lin.wei'}");
}

static void what_was_said_after_it_was_resolved_is_left_out(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_router(f, "S3");
    json_t *article;

    desk_move(f, no, "take");
    post(f, LIN, no, "Clean the connector.", false);
    desk_move(f, no, "resolve");
    post(f, LIN, no, "Good bye.", false);
    article = draft(f, no);
    assert_string_equal("Clean the connector.", json_get_str(article, "resolution"));
    json_decref(article);
    post(f, CUSTOMER, no, "It is back.", false);
    post(f, LIN, no, "Replace the cable.", false);
    desk_move(f, no, "resolve");
    article = draft(f, no);
    assert_string_equal("Replace the cable.", json_get_str(article, "resolution"));
    assert_non_null(strstr(json_get_str(article, "symptom"), "It is back."));
    json_decref(article);
}

static void what_the_ticket_does_not_say_is_not_there(void **state)
{
    struct fixture *f = *state;

    assert_draft(f, desk_open(f),
                 "{'title':'It blinks','lang':'en','symptom':'Since this morning.',"
                 "'source':'ticket:AF-2026-000001','state':'wip','audience':'internal',"
                 "'author':'lin.wei'}");
}

static void a_root_cause_that_was_told_is_the_cause(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_router(f, "S1");
    struct error err;
    json_t *article;

    desk_move(f, no, "take restore");
    assert_ok(ticket_notice(f->app, LIN, no, BYTES_LIT("root_cause"),
                            BYTES_LIT("A worn splice at Anna Lee's."), false, &err));
    article = draft(f, no);
    assert_string_equal("A worn splice at [name]'s.", json_get_str(article, "cause"));
    json_decref(article);
}

static void a_stored_draft_is_found_by_nobody_and_resolves_its_ticket(void **state)
{
    struct fixture *f = *state;
    uint32_t no = open_router(f, "S3");
    json_t *article = draft(f, no), *ticket;
    struct outcome outcome;
    struct error err;
    bool ok = true;

    assert_false(article_is_findable(article));
    assert_int_equal(AUDIENCE_INTERNAL, article_audience(article));
    json_put(article, "id", json_string("N-1"), &ok);
    assert_true(ok);
    assert_ok(propose(f->app, LIN, "case.put", NULL, 0, json_pack("{s:[o]}", "cases", article),
                      &outcome, &err));
    json_decref(outcome.result);
    assert_ok(ticket_link(f->app, LIN, no, BYTES_LIT("N-1"), BYTES_LIT("resolved_by"), &err));
    ticket = desk_get(f, LIN, no);
    assert_string_equal("N-1",
                        json_get_str(json_array_get(json_object_get(ticket, "links"), 0), "case"));
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

static void only_staff_gets_a_draft(void **state)
{
    struct fixture *f = *state;
    uint32_t no = desk_open(f);
    struct error err;
    json_t *article;

    assert_refused(AF_DENIED, ticket_draft_case(f->app, CUSTOMER, no, &article, &err));
    assert_refused(AF_NOT_FOUND, ticket_draft_case(f->app, LIN, 99, &article, &err));
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
    const struct CMUnitTest tests[] = {
        CASE(a_draft_has_what_the_ticket_says_and_nobodys_name),
        CASE(what_was_said_after_it_was_resolved_is_left_out),
        CASE(what_the_ticket_does_not_say_is_not_there),
        CASE(a_root_cause_that_was_told_is_the_cause),
        CASE(a_stored_draft_is_found_by_nobody_and_resolves_its_ticket),
        CASE(only_staff_gets_a_draft),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
