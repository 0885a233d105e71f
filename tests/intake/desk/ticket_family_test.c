/* What tickets are to one another, and a parent's end that thousands hear of, each once. */
#include "tests/intake/desk/desk.h"

#include "intake/desk/ticket_family.h"
#include "intake/desk/ticket_sweep.h"
#include "intake/desk/ticket_ties.h"
#include "intake/ticket/ticket_relation.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static enum status relate(struct fixture *f, uint32_t no, const char *kind, uint32_t other,
                          struct error *err)
{
    return ticket_relate(f->app, LIN, no, bytes_str(kind), other, BYTES_LIT("why"), err);
}

static void relate_ok(struct fixture *f, uint32_t no, const char *kind, uint32_t other)
{
    struct error err;

    if (relate(f, no, kind, other, &err) != AF_OK)
        fail_msg("%u %s %u: %s", no, kind, other, err.text);
}

static void open_many(struct fixture *f, int count)
{
    while (count-- > 0)
        (void)desk_open(f);
}

/* "parent 7, related 9" */
static const char *relations(struct fixture *f, uint32_t no)
{
    json_t *ticket = desk_get(f, LIN, no), *item;
    struct buf text = {0};
    const char *kept;
    size_t i;

    json_array_foreach(json_object_get(ticket, "relations"), i, item)
        buf_printf(&text, "%s%s %u", i > 0 ? ", " : "", json_get_str(item, "kind"),
                   (unsigned)json_get_u64(item, "ticket"));
    kept = arena_str(f->ids, buf_bytes(&text));
    buf_release(&text);
    json_decref(ticket);
    return kept;
}

/* --- relations ------------------------------ */

static void each_kind_stands_on_both_sides_and_goes_from_both(void **state)
{
    static const struct {
        const char *kind, *mine, *theirs;
    } kinds[] = {
        {"parent",       "parent 2",       "child 1"       },
        {"child",        "child 2",        "parent 1"      },
        {"duplicate_of", "duplicate_of 2", "duplicate 1"   },
        {"duplicate",    "duplicate 2",    "duplicate_of 1"},
        {"related",      "related 2",      "related 1"     },
        {"follows",      "follows 2",      "followed_by 1" },
        {"followed_by",  "followed_by 2",  "follows 1"     },
    };
    struct fixture *f = *state;
    struct error err;

    open_many(f, 2);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        relate_ok(f, 1, kinds[i].kind, 2);
        assert_string_equal(kinds[i].mine, relations(f, 1));
        assert_string_equal(kinds[i].theirs, relations(f, 2));
        assert_int_equal(AF_CONFLICT, relate(f, 1, kinds[i].kind, 2, &err));
        assert_string_equal("", desk_faults(f));
        assert_ok(
            ticket_unrelate(f->app, LIN, 1, bytes_str(kinds[i].kind), 2, BYTES_LIT("no"), &err));
        assert_string_equal("", relations(f, 1));
        assert_string_equal("", relations(f, 2));
        assert_int_equal(AF_NOT_FOUND, ticket_unrelate(f->app, LIN, 1, bytes_str(kinds[i].kind), 2,
                                                       BYTES_LIT("no"), &err));
    }
}

static void loops_second_parents_and_nonsense_are_refused(void **state)
{
    struct fixture *f = *state;
    const struct {
        uint32_t no;
        const char *kind;
        uint32_t other;
        enum status wanted;
        const char *named;
    } rows[] = {
        {2,  "parent",       1,  AF_CONFLICT,  "parent already: ticket 3"},
        {3,  "parent",       1,  AF_CONFLICT,  "below it already"        }, /* 1, 2, 3 */
        {3,  "duplicate_of", 1,  AF_CONFLICT,  "below it already"        },
        {1,  "child",        3,  AF_CONFLICT,  "below it already"        },
        {1,  "parent",       4,  AF_CONFLICT,  "parent already: ticket 2"},
        {1,  "duplicate_of", 4,  AF_CONFLICT,  "parent already"          },
        {4,  "child",        1,  AF_CONFLICT,  "parent already"          },
        {1,  "parent",       1,  AF_INVALID,   "to itself"               },
        {1,  "parent",       99, AF_NOT_FOUND, "no ticket 99"            },
        {99, "parent",       1,  AF_NOT_FOUND, "no ticket 99"            },
        {1,  "brother",      4,  AF_INVALID,   "\"kind\""                },
        {1,  "split_from",   4,  AF_INVALID,   "\"kind\""                },
        {1,  "",             4,  AF_INVALID,   "\"kind\""                },
        {5,  "follows",      4,  AF_CONFLICT,  "follows this one"        }, /* 4 follows 5 */
        {6,  "related",      1,  AF_CONFLICT,  "is merged"               },
        {1,  "parent",       6,  AF_CONFLICT,  NULL                      },
    };
    uint32_t survivor;
    struct error err;

    open_many(f, 7);
    relate_ok(f, 1, "parent", 2);
    relate_ok(f, 2, "parent", 3);
    relate_ok(f, 4, "follows", 5);
    assert_ok(ticket_merge(f->app, LIN, 6, 7, BYTES_LIT(""), &survivor, &err));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const enum status status = relate(f, rows[i].no, rows[i].kind, rows[i].other, &err);

        if (status != rows[i].wanted ||
            (rows[i].named != NULL && strstr(err.text, rows[i].named) == NULL))
            fail_msg("%u %s %u: %s", rows[i].no, rows[i].kind, rows[i].other, err.text);
    }
    assert_int_equal(AF_DENIED, ticket_relate(f->app, CUSTOMER, 1, BYTES_LIT("related"), 4,
                                              BYTES_LIT(""), &err));
    assert_string_equal("", desk_faults(f));
}

static void depth_and_number_are_bounded(void **state)
{
    struct fixture *f = *state;
    struct error err;

    open_many(f, TICKET_FAMILY_DEPTH_MAX + 2);
    for (uint32_t no = TICKET_FAMILY_DEPTH_MAX; no >= 1; no--) /* from the top down */
        relate_ok(f, no, "parent", no + 1);
    assert_int_equal(AF_TOO_LARGE, relate(f, TICKET_FAMILY_DEPTH_MAX + 2, "parent", 1, &err));
    open_many(f, TICKET_RELATIONS_MAX);
    for (uint32_t i = 0; i < TICKET_RELATIONS_MAX; i++)
        relate_ok(f, 1, "related", TICKET_FAMILY_DEPTH_MAX + 3 + i);
    assert_int_equal(AF_TOO_LARGE, relate(f, 1, "related", 2, &err));
    assert_int_equal(AF_TOO_LARGE, relate(f, 2, "related", 1, &err));
    assert_non_null(strstr(err.text, "200"));
    assert_string_equal("", desk_faults(f));
}

static void relations_are_read_page_by_page(void **state)
{
    struct fixture *f = *state;
    char after[32] = "";
    uint32_t expected = 2;
    struct error err;
    json_t *ticket;

    open_many(f, 131);
    for (uint32_t no = 2; no <= 131; no++)
        relate_ok(f, no, no <= 70 ? "parent" : "related", 1);
    ticket = desk_get(f, LIN, 1);
    assert_int_equal(TICKET_RELATIONS_SHOWN, json_array_size(json_object_get(ticket, "relations")));
    assert_true(json_get_bool(ticket, "more_relations"));
    json_decref(ticket);
    do {
        json_t *page, *item;
        size_t i;

        assert_ok(ticket_relations(f->app, LIN, 1, bytes_str(after), 20, &page, &err));
        json_array_foreach(json_object_get(page, "relations"), i, item)
        {
            assert_int_equal(expected++, json_get_u64(item, "ticket"));
            assert_string_equal("It blinks", json_get_str(item, "title"));
        }
        (void)snprintf(after, sizeof after, "%s", json_get_str(page, "after"));
        json_decref(page);
    } while (after[0] != '\0');
    assert_int_equal(132, expected);
    for (size_t i = 0; i < 4; i++) {
        static const char *const wrong[] = {"x", "9-1", "1-4294967295", "1-2x"};
        json_t *page;

        assert_int_equal(AF_INVALID,
                         ticket_relations(f->app, LIN, 1, bytes_str(wrong[i]), 20, &page, &err));
    }
    ticket = desk_get(f, CUSTOMER, 1);
    assert_null(json_object_get(ticket, "relations"));
    json_decref(ticket);
}

static void a_relation_on_one_side_only_is_named(void **state)
{
    static const struct {
        struct relation_key key;
        bool removes;
        const char *body, *said;
    } edits[] = {
        {{1, RELATION_PARENT, 2},  true,  NULL, "2 child 1: the relation stands on this side only" },
        {{2, RELATION_CHILD, 1},   true,  NULL, "1 parent 2: the relation stands on this side only"},
        {{2, RELATION_RELATED, 3}, false, "{}", "2 related 3: the relation stands on this side"    },
        {{2, RELATION_RELATED, 9}, false, "{}", "one of the two is not in table ticket"            },
        {{2, RELATION_PARENT, 1},  false, "{}", "it is its own parent"                             },
        {{9, 77, 1},               false, "{}", "not a relation of two tickets"                    },
    };

    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        uint8_t key[RELATION_KEY_BYTES];
        struct fixture *f;
        struct error err;
        struct txn *txn;
        const char *said;

        fixture_begin((void **)&f);
        open_many(f, 3);
        relate_ok(f, 1, "parent", 2);
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        put_be32(key, edits[i].key.ticket);
        key[4] = (uint8_t)edits[i].key.kind;
        put_be32(key + 5, edits[i].key.other);
        if (edits[i].removes)
            assert_ok(store_delete(txn, TABLE_TICKET_RELATION, bytes_of(key, sizeof key), &err));
        else
            assert_ok(store_put(txn, TABLE_TICKET_RELATION, bytes_of(key, sizeof key),
                                bytes_str(edits[i].body), &err));
        assert_ok(txn_commit(txn, &err));
        said = desk_faults(f);
        if (strstr(said, edits[i].said) == NULL)
            fail_msg("edit %zu: \"%s\" was not said, but: %s", i, edits[i].said, said);
        fixture_end((void **)&f);
    }
}

/* --- a parent's end ------------------------------ */

static void sweep(struct fixture *f)
{
    struct ticket_swept swept;
    struct error err;

    clock_fix(clock_now_ms() + 1000);
    assert_ok(ticket_sweep(f->app, &swept, &err));
}

static void end_parent(struct fixture *f, uint32_t no, const char *event, const char *text,
                       bool with)
{
    const struct ticket_children children = {bytes_str(text), with};
    struct error err;

    assert_ok(ticket_step_family(f->app, LIN, no, bytes_str(event), BYTES_LIT(""), false, &children,
                                 &err));
}

static uint32_t open_in(struct fixture *f, const char *lang)
{
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, CUSTOMER,
                          &(struct ticket_input){.channel = BYTES_LIT("phone"),
                                                 .title = BYTES_LIT("x"),
                                                 .lang = bytes_str(lang)},
                          &opened, &err));
    return opened.no;
}

static const char *last_word(struct fixture *f, uint32_t no)
{
    json_t *ticket = desk_get(f, CUSTOMER, no);
    const json_t *posts = json_object_get(ticket, "posts");
    const char *text = arena_str(
        f->ids, bytes_str(json_get_str(json_array_get(posts, json_array_size(posts) - 1), "text")));

    json_decref(ticket);
    return text;
}

static void each_child_hears_it_in_its_language(void **state)
{
    static const struct {
        const char *lang, *restored, *resolved;
    } rows[] = {
        {"zh-Hans", "业务已恢复", "已经解决"      },
        {"zh-CN",   "业务已恢复", "已经解决"      },
        {"zh-Hant", "服務已恢復", "已經解決"      },
        {"zh-tw",   "服務已恢復", "已經解決"      },
        {"ja",      "復旧",          "解決しました"},
        {"en-GB",   "works again",     "resolved"          },
        {"",        "works again",     "resolved"          },
    };
    struct fixture *f = *state;
    const uint32_t parent = desk_open(f);

    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        relate_ok(f, open_in(f, rows[i].lang), i % 2 == 0 ? "parent" : "duplicate_of", parent);
    desk_move(f, parent, "take restore");
    sweep(f);
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_non_null(strstr(last_word(f, parent + 1 + i), rows[i].restored));
    end_parent(f, parent, "resolve", "", false);
    sweep(f);
    for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_non_null(strstr(last_word(f, parent + 1 + i), rows[i].resolved));
        desk_assert_state(f, parent + 1 + i, "submitted"); /* nobody said with_children */
    }
}

/* Which children hear it, and what it does to them. */
static void only_what_is_still_work_is_told_and_ends_with_it_if_asked(void **state)
{
    static const struct {
        const char *steps, *alone, *with; /* the state afterwards; NULL: not told */
    } rows[] = {
        {"",                   "submitted",        "resolved"},
        {"accept",             "accepted",         "resolved"},
        {"take",               "in_progress",      "resolved"},
        {"take wait_customer", "pending_customer", "resolved"},
        {"take wait_parts",    "pending_parts",    "resolved"},
        {"take restore",       "restored",         "resolved"},
        {"take resolve",       NULL,               NULL      },
        {"take resolve close", NULL,               NULL      },
        {"cancel",             NULL,               NULL      },
        {"spam",               NULL,               NULL      },
    };
    struct fixture *f = *state;

    for (int with = 0; with < 2; with++) {
        const uint32_t parent = desk_open(f);
        json_t *ticket;

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            const uint32_t child = desk_open(f);

            desk_move(f, child, rows[i].steps);
            relate_ok(f, child, "parent", parent);
        }
        desk_move(f, parent, "take");
        end_parent(f, parent, "resolve", "It was the cable.", with);
        sweep(f);
        for (uint32_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
            const char *wanted = with ? rows[i].with : rows[i].alone;

            ticket = desk_get(f, LIN, parent + 1 + i);
            assert_int_equal(wanted != NULL, json_array_size(json_object_get(ticket, "posts")));
            if (wanted != NULL) {
                const json_t *history = json_object_get(ticket, "history");
                const json_t *entry = json_array_get(history, json_array_size(history) - 1);

                assert_string_equal(wanted, json_get_str(ticket, "state"));
                assert_string_equal("It was the cable.", last_word(f, parent + 1 + i));
                assert_string_equal("parent_resolve", json_get_str(entry, "event"));
                assert_int_equal(parent, json_get_u64(entry, "other"));
                assert_string_equal(
                    "stopped", json_get_str(json_array_get(json_object_get(ticket, "clocks"), 0),
                                            "state")); /* respond */
            }
            json_decref(ticket);
        }
        ticket = desk_get(f, LIN, parent);
        assert_null(json_object_get(ticket, "telling"));
        assert_int_equal(1, json_array_size(json_object_get(ticket, "timers"))); /* "confirm" */
        assert_int_equal(
            6, json_get_u64(json_array_get(json_object_get(ticket, "history"), 3), "told"));
        json_decref(ticket);
    }
    assert_string_equal("", desk_faults(f));
}

static void children_of_children_and_of_merged_parents_hear_it(void **state)
{
    struct fixture *f = *state;
    uint32_t survivor;
    struct error err;

    open_many(f, 5);
    relate_ok(f, 2, "parent", 1);
    relate_ok(f, 3, "parent", 2);
    relate_ok(f, 5, "parent", 4);
    assert_ok(ticket_merge(f->app, LIN, 4, 1, BYTES_LIT(""), &survivor, &err));
    desk_move(f, 1, "take");
    end_parent(f, 1, "resolve", "done", true);
    desk_move(f, 1, "close"); /* before anybody was told */
    for (int i = 0; i < 3; i++)
        sweep(f);
    desk_assert_state(f, 2, "resolved");
    desk_assert_state(f, 3, "resolved");
    desk_assert_state(f, 5, "resolved");
    assert_string_equal("done", last_word(f, 3));
    assert_string_equal("done", last_word(f, 5));
}

static void back_to_work_before_all_are_told_stops_and_its_next_end_tells_all(void **state)
{
    struct fixture *f = *state;

    open_many(f, 2);
    relate_ok(f, 2, "parent", 1);
    desk_move(f, 1, "take resolve resume");
    sweep(f);
    assert_string_equal("", desk_texts(f, desk_get(f, LIN, 2)));
    desk_move(f, 1, "resolve");
    sweep(f);
    sweep(f);
    assert_non_null(strstr(last_word(f, 2), "resolved"));
    desk_move(f, 1, "resume resolve");
    sweep(f);
    assert_int_equal(2, json_array_size(json_object_get(desk_get(f, LIN, 2), "posts")));
}

static void a_child_that_cannot_hear_keeps_no_other_from_it(void **state)
{
    struct fixture *f = *state;
    json_t *ticket;

    open_many(f, 4);
    for (uint32_t no = 2; no <= 4; no++)
        relate_ok(f, no, "parent", 1);
    desk_fill_thread(f, 3, TICKET_POSTS_MAX);
    desk_move(f, 1, "take resolve");
    sweep(f);
    assert_non_null(strstr(last_word(f, 2), "resolved"));
    assert_non_null(strstr(last_word(f, 4), "resolved"));
    ticket = desk_get(f, LIN, 1);
    assert_int_equal(2,
                     json_get_u64(json_array_get(json_object_get(ticket, "history"), 3), "told"));
    assert_int_equal(1,
                     json_get_u64(json_array_get(json_object_get(ticket, "history"), 3), "missed"));
    json_decref(ticket);
}

/* --- a mass fault, and the machine fails ------------------------------ */

#define CHILDREN 1200

/* Called by propose() in place of the journal's: the machine stops at one of them. */
enum status __real_journal_propose(struct journal *journal, const struct command *command,
                                   struct outcome *out, struct error *err);
enum status __wrap_journal_propose(struct journal *journal, const struct command *command,
                                   struct outcome *out, struct error *err);

static int proposals_left = -1; /* until the machine stops; -1: it does not */
static bool stops_before;

enum status __wrap_journal_propose(struct journal *journal, const struct command *command,
                                   struct outcome *out, struct error *err)
{
    enum status status;

    if (proposals_left == 0 && stops_before)
        (void)raise(SIGKILL);
    status = __real_journal_propose(journal, command, out, err);
    if (proposals_left == 0)
        (void)raise(SIGKILL);
    proposals_left -= proposals_left > 0;
    return status;
}

/* Sweeps in a process that is killed at its nth command, and opens the store again after it. */
static void sweep_until_killed(struct fixture *f, int nth, bool before)
{
    struct error err;
    int ended;
    pid_t pid;

    app_close(f->app);
    clock_fix(clock_now_ms() + 1000);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        struct ticket_swept swept;

        if (app_open(f->dir, APP_WRITE, &f->app, &err) != AF_OK)
            _exit(1);
        proposals_left = nth;
        stops_before = before;
        while (ticket_sweep(f->app, &swept, &err) == AF_OK)
            clock_fix(clock_now_ms() + 1000);
        _exit(2);
    }
    assert_int_equal(pid, waitpid(pid, &ended, 0));
    assert_true(WIFSIGNALED(ended) && WTERMSIG(ended) == SIGKILL);
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
}

static void of_1200_children_each_is_told_once_however_often_the_machine_fails(void **state)
{
    struct fixture *f = *state;
    const uint32_t parent = desk_open(f);
    bool is_telling;
    json_t *ticket;
    int sweeps = 0;

    for (int i = 0; i < CHILDREN; i++)
        relate_ok(f, desk_open(f), "parent", parent);
    desk_move(f, parent, "take");
    end_parent(f, parent, "resolve", "It was the cable.", true);
    sweep_until_killed(f, 3, true);
    sweep_until_killed(f, 57, false);
    sweep_until_killed(f, TICKET_CHILDREN_BATCH + 1, true); /* before where it came to is kept */
    sweep_until_killed(f, TICKET_CHILDREN_BATCH + 60, false);
    do { /* the clock of those that were killed was a little ahead */
        sweep(f);
        ticket = desk_record(f, parent);
        is_telling = json_object_get(ticket, "telling") != NULL;
        json_decref(ticket);
        assert_true(++sweeps < 10 + CHILDREN / TICKET_CHILDREN_BATCH);
    } while (is_telling);
    for (uint32_t no = parent + 1; no <= parent + CHILDREN; no++) {
        ticket = desk_record(f, no);
        assert_int_equal(1, json_array_size(json_object_get(ticket, "posts")));
        assert_string_equal("resolved", json_get_str(ticket, "state"));
        json_decref(ticket);
    }
    ticket = desk_record(f, parent);
    assert_int_equal(CHILDREN,
                     json_get_u64(json_array_get(json_object_get(ticket, "history"), 3), "told"));
    assert_null(json_object_get(ticket, "telling"));
    assert_true(json_get_u64(ticket, "version") < 60); /* it does not grow with its children */
    json_decref(ticket);
    assert_string_equal("", desk_faults(f));
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(each_kind_stands_on_both_sides_and_goes_from_both),
        WITH_STORE(loops_second_parents_and_nonsense_are_refused),
        WITH_STORE(depth_and_number_are_bounded),
        WITH_STORE(relations_are_read_page_by_page),
        cmocka_unit_test(a_relation_on_one_side_only_is_named),
        WITH_STORE(each_child_hears_it_in_its_language),
        WITH_STORE(only_what_is_still_work_is_told_and_ends_with_it_if_asked),
        WITH_STORE(children_of_children_and_of_merged_parents_hear_it),
        WITH_STORE(back_to_work_before_all_are_told_stops_and_its_next_end_tells_all),
        WITH_STORE(a_child_that_cannot_hear_keeps_no_other_from_it),
        WITH_STORE(of_1200_children_each_is_told_once_however_often_the_machine_fails),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
