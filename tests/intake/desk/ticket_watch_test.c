/* Who watches a ticket, whom a post names, and the list of what one watches. */
#include "tests/intake/desk/desk.h"

#include "intake/desk/ticket_ties.h"

#include <stdio.h>

static void make_accounts(struct fixture *f)
{
    static const char *const names[] = {"lin.wei", "mori", "li.na", "a-b_c"};
    const struct who operator= who_operator();
    struct error err;

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_ok(staff_set(f->app, &operator, names[i], ROLE_ENGINEER, BYTES_LIT("correct horse"),
                            &err));
}

static const char *watchers(struct fixture *f, uint32_t no)
{
    json_t *ticket = desk_get(f, LIN, no);
    char *text = json_dumps(json_object_get(ticket, "watchers"), JSON_COMPACT);
    const char *kept = arena_str(f->ids, bytes_str(text == NULL ? "" : text));

    free(text);
    json_decref(ticket);
    return kept;
}

static void watching_begins_and_ends(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open(f);
    struct error err;

    make_accounts(f);
    assert_ok(ticket_watch(f->app, LIN, no, BYTES_LIT("mori"), true, &err));
    assert_ok(ticket_watch(f->app, LIN, no, BYTES_LIT("lin.wei"), true, &err));
    assert_string_equal("[\"mori\",\"lin.wei\"]", watchers(f, no));
    assert_int_equal(AF_CONFLICT, ticket_watch(f->app, LIN, no, BYTES_LIT("mori"), true, &err));
    assert_int_equal(AF_CONFLICT, ticket_watch(f->app, LIN, no, BYTES_LIT("li.na"), false, &err));
    assert_int_equal(AF_NOT_FOUND, ticket_watch(f->app, LIN, no, BYTES_LIT("nobody"), true, &err));
    assert_int_equal(AF_INVALID, ticket_watch(f->app, LIN, no, BYTES_LIT(""), true, &err));
    assert_int_equal(AF_DENIED, ticket_watch(f->app, CUSTOMER, no, BYTES_LIT("mori"), true, &err));
    assert_null(json_object_get(desk_get(f, CUSTOMER, no), "watchers"));
    assert_string_equal("", desk_faults(f));
    assert_ok(ticket_watch(f->app, LIN, no, BYTES_LIT("mori"), false, &err));
    assert_ok(ticket_watch(f->app, LIN, no, BYTES_LIT("lin.wei"), false, &err));
    assert_string_equal("", watchers(f, no));
    assert_string_equal("", desk_faults(f));
}

static void a_post_calls_those_it_names(void **state)
{
    static const struct {
        const char *text, *watchers;
    } rows[] = {
        {"@mori please look",                "[\"mori\"]"           },
        {"please look, @mori.",              "[\"mori\"]"           },
        {"(@li.na), @a-b_c: both",           "[\"li.na\",\"a-b_c\"]"},
        {"@li.na. And @li.na again",         "[\"li.na\"]"          },
        {"请看一下，@mori，谢谢",    "[\"mori\"]"           },
        {"write to a@mori or x.y@li.na.com", ""                     },
        {"@morio @mor @ @@ @.mori @nobody",  ""                     },
        {"@@mori",                           "[\"mori\"]"           },
        {"I, @lin.wei, wrote this",          ""                     }, /* himself */
        {"@",                                ""                     },
    };
    struct fixture *f = *state;
    json_t *ticket;

    make_accounts(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const uint32_t no = desk_open(f);

        desk_reply(f, LIN, no, rows[i].text);
        if (strcmp(rows[i].watchers, watchers(f, no)) != 0)
            fail_msg("\"%s\": %s", rows[i].text, watchers(f, no));
        desk_reply(f, CUSTOMER, no, "@mori is in my street"); /* a customer calls nobody */
        assert_string_equal(rows[i].watchers, watchers(f, no));
    }
    ticket = desk_record(f, 1);
    assert_string_equal(
        "mentioned", json_get_str(json_array_get(json_object_get(ticket, "notices"), 0), "what"));
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

static void more_than_the_limits_are_left_out_and_the_post_stands(void **state)
{
    const struct who operator= who_operator();
    struct fixture *f = *state;
    const uint32_t no = desk_open(f);
    struct buf text = {0};
    struct error err;
    json_t *ticket;

    for (int i = 0; i <= TICKET_WATCHERS_MAX; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "p%d", i);
        assert_ok(
            staff_set(f->app, &operator, name, ROLE_ENGINEER, BYTES_LIT("correct horse"), &err));
        buf_printf(&text, "@%s ", name);
        if (i < TICKET_WATCHERS_MAX)
            assert_ok(ticket_watch(f->app, LIN, no, bytes_str(name), true, &err));
        else
            assert_int_equal(AF_TOO_LARGE,
                             ticket_watch(f->app, LIN, no, bytes_str(name), true, &err));
    }
    desk_reply(f, LIN, no, buf_str(&text));
    ticket = desk_get(f, LIN, no);
    assert_int_equal(1, json_array_size(json_object_get(ticket, "posts")));
    assert_int_equal(TICKET_MENTIONS_MAX, json_array_size(json_object_get(ticket, "notices")));
    json_decref(ticket);
    buf_release(&text);
}

static size_t listed(struct fixture *f, const char *watcher, const char *open)
{
    const struct ticket_filter filter = {
        .watcher = bytes_str(watcher), .state = bytes_str(open), .limit = 50};
    struct error err;
    size_t count;
    json_t *list;

    assert_ok(ticket_list(f->app, LIN, &filter, &list, &err));
    count = json_array_size(json_object_get(list, "tickets"));
    json_decref(list);
    return count;
}

static void what_one_watches_is_a_list(void **state)
{
    struct fixture *f = *state;
    struct error err;

    make_accounts(f);
    for (int i = 0; i < 5; i++)
        assert_ok(ticket_watch(f->app, LIN, desk_open(f), BYTES_LIT("mori"), true, &err));
    (void)desk_open(f);
    desk_move(f, 2, "take resolve close");
    assert_int_equal(5, listed(f, "mori", ""));
    assert_int_equal(4, listed(f, "mori", "open"));
    assert_int_equal(0, listed(f, "lin.wei", ""));
    assert_ok(ticket_watch(f->app, LIN, 1, BYTES_LIT("mori"), false, &err));
    assert_int_equal(3, listed(f, "mori", "open"));
    assert_string_equal("", desk_faults(f));
    desk_damage(f, 3, "{'watchers':['mori','mori']}");
    assert_non_null(strstr(desk_faults(f), "is there twice"));
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(watching_begins_and_ends),
        WITH_STORE(a_post_calls_those_it_names),
        WITH_STORE(more_than_the_limits_are_left_out_and_the_post_stands),
        WITH_STORE(what_one_watches_is_a_list),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
