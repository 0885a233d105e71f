/* Merging: who may be merged into whom, what is shown to whom afterwards, and taking it back. */
#include "tests/intake/desk/desk.h"

#include "intake/desk/ticket_ties.h"

#include <stdio.h>

static enum status merge(struct fixture *f, uint32_t no, uint32_t into, struct error *err)
{
    uint32_t survivor;

    return ticket_merge(f->app, LIN, no, into, BYTES_LIT("the same"), &survivor, err);
}

static void merge_ok(struct fixture *f, uint32_t no, uint32_t into)
{
    struct error err;

    assert_ok(merge(f, no, into, &err));
}

/* --- which -------------------------------------------------------------------------------- */

static const struct {
    const char *state, *steps;
    /* What waits for parts or for others has something open, which keeps it from being merged. */
    bool goes, takes; /* into an open one; an open one into it */
} states[] = {
    {"submitted",        "",                       true,  true },
    {"accepted",         "accept",                 true,  true },
    {"triaged",          "accept triage",          true,  true },
    {"dispatched",       "accept triage dispatch", true,  true },
    {"in_progress",      "take",                   true,  true },
    {"pending_customer", "take wait_customer",     true,  true },
    {"restored",         "take restore",           true,  true },
    {"resolved",         "take resolve",           true,  true },
    {"closed",           "take resolve close",     true,  false},
    {"out_of_scope",     "reject",                 false, false},
    {"cancelled",        "cancel",                 false, false},
    {"spam",             "spam",                   false, false},
};

/* Refused is: a sentence, and neither has changed. */
static void try_pair(struct fixture *f, uint32_t no, uint32_t into, bool wanted, const char *what)
{
    json_t *before = desk_record(f, no), *other_before = desk_record(f, into), *after, *other_after;
    struct error err;
    enum status status = merge(f, no, into, &err);

    if (status != (wanted ? AF_OK : AF_CONFLICT))
        fail_msg("%s: %s", what, status == AF_OK ? "merged" : err.text);
    after = desk_record(f, no);
    other_after = desk_record(f, into);
    if (json_equal(before, after) == wanted || json_equal(other_before, other_after) == wanted)
        fail_msg("%s: changed", what);
    json_decref(before);
    json_decref(other_before);
    json_decref(after);
    json_decref(other_after);
}

static void every_state_is_merged_or_refused_as_the_table_says(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        uint32_t no = desk_open(f), into = desk_open(f);

        desk_move(f, no, states[i].steps);
        try_pair(f, no, into, states[i].goes, states[i].state);
        no = desk_open(f);
        into = desk_open(f);
        desk_move(f, into, states[i].steps);
        try_pair(f, no, into, states[i].takes, states[i].state);
    }
    assert_string_equal("", desk_faults(f));
}

static void a_merged_ticket_ends_and_its_clocks_count_no_more(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open(f), into = desk_open(f);
    const json_t *clock, *entry;
    json_t *ticket;
    size_t i;

    desk_move(f, no, "take");
    merge_ok(f, no, into);
    ticket = desk_get(f, LIN, no);
    assert_string_equal("merged", json_get_str(ticket, "state"));
    assert_int_equal(into, json_get_u64(ticket, "merged_into"));
    assert_true(json_array_size(json_object_get(ticket, "clocks")) > 0);
    json_array_foreach(json_object_get(ticket, "clocks"), i, clock)
        assert_string_equal("cancelled", json_get_str(clock, "state"));
    entry = json_array_get(json_object_get(ticket, "history"), 2);
    assert_string_equal("merge", json_get_str(entry, "event"));
    assert_string_equal("the same", json_get_str(entry, "reason"));
    assert_int_equal(into, json_get_u64(entry, "other"));
    json_decref(ticket);
    ticket = desk_get(f, LIN, into);
    assert_string_equal("submitted", json_get_str(ticket, "state"));
    entry = json_array_get(json_object_get(ticket, "history"), 1);
    assert_string_equal("absorb", json_get_str(entry, "event"));
    assert_int_equal(no, json_get_u64(entry, "other"));
    assert_string_equal(
        "running", json_get_str(json_array_get(json_object_get(ticket, "clocks"), 0), "state"));
    json_decref(ticket);
}

static void a_promise_is_not_got_rid_of_by_merging(void **state)
{
    struct fixture *f = *state;
    const uint32_t severe = desk_open_as(f, "S2", "a@example.org"), mild = desk_open(f);
    struct error err;

    try_pair(f, severe, mild, false, "S2 into S3");
    assert_int_equal(AF_CONFLICT, merge(f, severe, mild, &err));
    assert_non_null(strstr(err.text, "only S3"));
    try_pair(f, mild, severe, true, "S3 into S2");
}

/* --- chains -------------------------------------------------------------------------------- */

static void a_merge_into_a_merged_one_goes_to_the_end_and_never_round(void **state)
{
    struct fixture *f = *state;
    uint32_t no[5], survivor;
    struct error err;
    json_t *ticket;

    for (size_t i = 0; i < 5; i++)
        no[i] = desk_open(f);
    merge_ok(f, no[0], no[1]);
    merge_ok(f, no[1], no[2]);
    assert_ok(ticket_merge(f->app, LIN, no[3], no[0], BYTES_LIT(""), &survivor, &err));
    assert_int_equal(no[2], survivor);
    ticket = desk_record(f, no[2]);
    assert_int_equal(3, json_array_size(json_object_get(ticket, "merged")));
    json_decref(ticket);
    /* Round, itself, twice. */
    assert_int_equal(AF_CONFLICT, merge(f, no[2], no[0], &err));
    assert_non_null(strstr(err.text, "already"));
    assert_int_equal(AF_CONFLICT, merge(f, no[4], no[4], &err));
    assert_int_equal(AF_CONFLICT, merge(f, no[0], no[4], &err));
    assert_int_equal(AF_NOT_FOUND, merge(f, no[4], 999, &err));
    assert_int_equal(AF_NOT_FOUND, merge(f, 999, no[4], &err));
    assert_string_equal("", desk_faults(f));
}

static void too_many_and_too_long_are_refused(void **state)
{
    struct fixture *f = *state;
    const uint32_t into = desk_open(f), full = desk_open(f);
    struct error err;

    for (int i = 0; i < TICKET_MERGED_MAX; i++)
        merge_ok(f, desk_open(f), into);
    assert_int_equal(AF_TOO_LARGE, merge(f, desk_open(f), into, &err));
    assert_non_null(strstr(err.text, "parent"));
    assert_string_equal("", desk_faults(f));
    desk_fill_thread(f, full, TICKET_POSTS_MAX - 1);
    assert_int_equal(AF_TOO_LARGE, merge(f, desk_open(f), full, &err));
}

/* --- what is read ----------------------------------------------------------------------------- */

static void wait_ms(int64_t ms)
{
    clock_fix(clock_now_ms() + ms);
}

static void staff_reads_both_threads_in_order_of_time(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open(f);
    uint32_t into;
    json_t *ticket, *posts;

    wait_ms(1000);
    into = desk_open(f);
    for (int i = 0; i < 3; i++) {
        static const char *const mine[] = {"a1", "a2", "a3"}, *const theirs[] = {"b1", "b2", "b3"};

        wait_ms(1000);
        desk_reply(f, CUSTOMER, no, mine[i]);
        wait_ms(1000);
        desk_reply(f, LIN, into, theirs[i]);
    }
    merge_ok(f, no, into);
    ticket = desk_get(f, LIN, into);
    posts = json_object_get(ticket, "posts");
    assert_string_equal("Since this morning., a1, b1, a2, b2, a3, b3", desk_texts(f, ticket));
    assert_int_equal(no, json_get_u64(json_array_get(posts, 1), "ticket"));
    assert_int_equal(1, json_get_u64(json_array_get(posts, 1), "no"));
    assert_null(json_object_get(json_array_get(posts, 6), "ticket"));
    assert_int_equal(3, json_get_u64(json_array_get(posts, 6), "no"));
    json_decref(ticket);
    ticket = desk_record(f, into); /* nothing was moved */
    assert_int_equal(3, json_array_size(json_object_get(ticket, "posts")));
    json_decref(ticket);
}

static void a_reporter_goes_on_by_his_own_link(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open_as(f, "S3", "a@example.org");
    const uint32_t into = desk_open_as(f, "S3", "b@example.org");
    const json_t *post;
    json_t *ticket;

    desk_move(f, into, "take");
    desk_reply(f, CUSTOMER, no, "mine");
    desk_reply(f, CUSTOMER, into, "the other's");
    desk_reply(f, LIN, into, "to the other, before");
    wait_ms(1000);
    merge_ok(f, no, into);
    wait_ms(1000);
    desk_reply(f, LIN, into, "to both");
    desk_move(f, into, "wait_customer");
    desk_reply(f, CUSTOMER, no, "mine again");
    desk_assert_state(f, into, "in_progress"); /* his word wakes the one that goes on */
    desk_assert_state(f, no, "merged");

    ticket = desk_get(f, CUSTOMER, no);
    assert_string_equal("mine, to both, mine again", desk_texts(f, ticket));
    assert_string_equal("in_progress", json_get_str(ticket, "state"));
    assert_int_equal(no, json_get_u64(ticket, "n"));
    assert_null(json_object_get(ticket, "before_merge"));
    assert_null(json_object_get(json_array_get(json_object_get(ticket, "posts"), 2), "via"));
    json_decref(ticket);
    /* The other reporter reads neither his words nor that there is one. */
    ticket = desk_get(f, CUSTOMER, into);
    assert_string_equal("the other's, to the other, before, to both", desk_texts(f, ticket));
    assert_null(json_object_get(ticket, "merged"));
    json_decref(ticket);
    ticket = desk_record(f, into);
    post = json_array_get(json_object_get(ticket, "posts"), 3);
    assert_string_equal("customer", json_get_str(post, "from"));
    assert_int_equal(no, json_get_u64(post, "via"));
    json_decref(ticket);
}

static void one_reporter_of_both_reads_all_that_is_public(void **state)
{
    struct fixture *f = *state;
    const uint32_t no = desk_open_as(f, "S3", "a@example.org");
    const uint32_t into = desk_open_as(f, "S3", "A@Example.org");
    json_t *ticket;
    struct error err;

    desk_reply(f, CUSTOMER, into, "mine there");
    wait_ms(1000);
    desk_reply(f, LIN, into, "before");
    assert_ok(ticket_reply(f->app, LIN, into, BYTES_LIT("secret"), true, NULL, &err));
    wait_ms(1000);
    merge_ok(f, no, into);
    ticket = desk_get(f, CUSTOMER, no);
    assert_string_equal("mine there, before", desk_texts(f, ticket));
    json_decref(ticket);
}

static void words_to_the_end_of_a_chain_reach_its_beginning(void **state)
{
    struct fixture *f = *state;
    const uint32_t a = desk_open_as(f, "S3", "a@example.org");
    const uint32_t b = desk_open_as(f, "S3", "b@example.org");
    const uint32_t c = desk_open_as(f, "S3", "c@example.org");
    json_t *ticket;

    merge_ok(f, a, b);
    wait_ms(1000);
    desk_reply(f, LIN, b, "on b");
    desk_reply(f, LIN, c, "on c, too early");
    wait_ms(1000);
    merge_ok(f, b, c);
    desk_reply(f, LIN, a, "on c by way of a");
    ticket = desk_get(f, CUSTOMER, a);
    assert_string_equal("on b, on c by way of a", desk_texts(f, ticket));
    json_decref(ticket);
    ticket = desk_record(f, c);
    assert_int_equal(2, json_array_size(json_object_get(ticket, "posts")));
    json_decref(ticket);
}

/* --- taking it back ------------------------------------------------------------------------- */

static void an_unmerge_gives_back_state_and_clocks(void **state)
{
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        const uint32_t no = desk_open(f), into = desk_open(f);
        json_t *before, *after;
        struct error err;

        if (!states[i].goes)
            continue;
        desk_move(f, no, states[i].steps);
        before = desk_get(f, LIN, no);
        wait_ms(60000);
        merge_ok(f, no, into);
        wait_ms(60000);
        assert_ok(ticket_unmerge(f->app, MORI, no, BYTES_LIT("another building"), &err));
        after = desk_get(f, LIN, no);
        assert_string_equal(states[i].state, json_get_str(after, "state"));
        assert_true(
            json_equal(json_object_get(before, "clocks"), json_object_get(after, "clocks")));
        assert_null(json_object_get(after, "merged_into"));
        assert_null(json_object_get(after, "before_merge"));
        json_decref(before);
        json_decref(after);
        after = desk_get(f, LIN, into);
        assert_null(json_object_get(after, "merged"));
        json_decref(after);
    }
    assert_string_equal("", desk_faults(f));
}

static void who_may_take_it_back_and_when(void **state)
{
    struct fixture *f = *state;
    const uint32_t a = desk_open(f), b = desk_open(f), c = desk_open(f);
    struct error err;

    assert_int_equal(AF_CONFLICT, ticket_unmerge(f->app, MORI, a, BYTES_LIT("why"), &err));
    merge_ok(f, a, b);
    assert_int_equal(AF_DENIED, ticket_unmerge(f->app, LIN, a, BYTES_LIT("why"), &err));
    assert_int_equal(AF_DENIED, ticket_unmerge(f->app, CUSTOMER, a, BYTES_LIT("why"), &err));
    assert_int_equal(AF_INVALID, ticket_unmerge(f->app, MORI, a, BYTES_LIT(""), &err));
    merge_ok(f, b, c);
    assert_int_equal(AF_CONFLICT, ticket_unmerge(f->app, MORI, a, BYTES_LIT("why"), &err));
    assert_non_null(strstr(err.text, "first"));
    assert_ok(ticket_unmerge(f->app, MORI, b, BYTES_LIT("why"), &err)); /* a comes along */
    assert_ok(ticket_unmerge(f->app, MORI, a, BYTES_LIT("why"), &err));
    assert_string_equal("", desk_faults(f));
}

/* --- damage -------------------------------------------------------------------------------- */

static void a_merge_that_only_one_side_knows_is_named(void **state)
{
    static const struct {
        uint32_t no;
        const char *members, *said;
    } edits[] = {
        {2, "{'merged':[]}",       "its \"merged\" is none"                 },
        {2, "{'merged':[1,3]}",    "ticket 3 is not merged into it"         },
        {2, "{'merged':[3]}",      "which does not name it"                 },
        {2, "{'merged':[1,77]}",   "ticket 77, which was merged into it, is"},
        {1, "{'merged_into':3}",   "ticket 1 is not merged into it"         },
        {1, "{'merged_into':77}",  "merged into ticket 77, which is not"    },
        {1, "{'merged_into':0}",   "its state is merged and \"merged_into\""},
        {3, "{'before_merge':{}}", "its state is submitted and"             },
    };

    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct fixture *f;
        const char *said;

        fixture_begin((void **)&f);
        for (int n = 0; n < 3; n++)
            (void)desk_open(f);
        merge_ok(f, 1, 2);
        desk_damage(f, edits[i].no, edits[i].members);
        said = desk_faults(f);
        if (strstr(said, edits[i].said) == NULL)
            fail_msg("edit %zu: \"%s\" was not said, but: %s", i, edits[i].said, said);
        fixture_end((void **)&f);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(every_state_is_merged_or_refused_as_the_table_says),
        WITH_STORE(a_merged_ticket_ends_and_its_clocks_count_no_more),
        WITH_STORE(a_promise_is_not_got_rid_of_by_merging),
        WITH_STORE(a_merge_into_a_merged_one_goes_to_the_end_and_never_round),
        WITH_STORE(too_many_and_too_long_are_refused),
        WITH_STORE(staff_reads_both_threads_in_order_of_time),
        WITH_STORE(a_reporter_goes_on_by_his_own_link),
        WITH_STORE(one_reporter_of_both_reads_all_that_is_public),
        WITH_STORE(words_to_the_end_of_a_chain_reach_its_beginning),
        WITH_STORE(an_unmerge_gives_back_state_and_clocks),
        WITH_STORE(who_may_take_it_back_and_when),
        cmocka_unit_test(a_merge_that_only_one_side_knows_is_named),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
