/* What people's uses teach, who cannot teach, and that all of it can be told again: from people's
 * clicks to the order of answers. A year of it: tests/intake/learn_year_test.c. */
#include "tests/intake/api/fixture.h"

#include "intake/ask/learn.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#define DAY_MS INT64_C(86400000)

/* --- people --------------------------------------------------------------------------------- */

static const char *ask_as(struct fixture *f, const struct who *who, const char *asker,
                          const char *text)
{
    const struct ask_input input = {.text = bytes_str(text), .asker = bytes_str(asker)};
    struct search_result answers;
    const char *id;
    struct error err;

    arena_clear(f->arena);
    assert_ok(ask_begin(f->app, who, &input, f->arena, &id, &answers, &err));
    return arena_str(f->ids, bytes_str(id));
}

static void solve(struct fixture *f, const char *asker, const char *text, const char *case_id)
{
    const struct who customer = who_customer();
    struct error err;

    assert_ok(settle(f, &customer, ask_as(f, &customer, asker, text), true, case_id, 0, &err));
}

/* "K-1 K-2": what a customer finds, in order. */
static const char *found(struct fixture *f, const char *text)
{
    const struct search_request request = {.query = bytes_str(text), .limit = 10};
    struct search_result result;
    struct buf ids = {0};
    const char *copy;
    struct error err;

    arena_clear(f->arena);
    assert_ok(app_search(f->app, &request, f->arena, &result, &err));
    for (uint32_t i = 0; i < result.hits_count; i++) {
        if (i > 0)
            buf_add_u8(&ids, ' ');
        buf_add(&ids, result.hits[i].id);
    }
    copy = arena_str(f->ids, buf_bytes(&ids));
    buf_release(&ids);
    return copy;
}

static struct hit first(struct fixture *f, const char *text)
{
    const struct search_request request = {.query = bytes_str(text), .limit = 10};
    struct search_result result;
    struct error err;

    arena_clear(f->arena);
    assert_ok(app_search(f->app, &request, f->arena, &result, &err));
    assert_true(result.hits_count > 0);
    return result.hits[0];
}

static void count_fault(void *context, const char *sentence)
{
    (void)sentence;
    ++*(unsigned *)context;
}

static unsigned faults(struct fixture *f)
{
    struct txn *txn;
    struct error err;
    unsigned count = 0;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(learn_check(txn, count_fault, &count, &err));
    txn_abort(txn);
    return count;
}

static struct learned *learned_of(struct fixture *f, const char *case_id)
{
    struct learned *l = malloc(sizeof *l);
    struct txn *txn;
    struct error err;
    bool known;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(learned_get(txn, bytes_str(case_id), l, &known, &err));
    txn_abort(txn);
    return l;
}

/* --- who teaches ---------------------------------------------------------------------------- */

static void two_people_teach_a_word_that_the_case_lacks(void **state)
{
    struct fixture *f = *state;

    assert_string_equal("", found(f, "flickering"));
    solve(f, "10.0.0.1", "router flickering at night", "K-1");
    assert_string_equal("", found(f, "flickering"));
    solve(f, "10.0.0.2", "flickering router", "K-1");
    assert_string_equal("K-1", found(f, "flickering"));
    assert_int_equal(REASON_LEARNED, first(f, "flickering").reasons);
    assert_string_equal("", found(f, "night")); /* only one of them said so */
    assert_int_equal(0, faults(f));
}

static void a_case_that_has_the_word_itself_stands_above(void **state)
{
    struct fixture *f = *state;

    solve(f, "10.0.0.1", "router flickering today", "K-1");
    solve(f, "10.0.0.2", "router flickering badly", "K-1");
    put_case(f, "{\"id\":\"K-4\",\"lang\":\"en\",\"title\":\"Screen flickering\"}");
    assert_string_equal("K-4 K-1", found(f, "flickering"));
}

static void one_person_many_times_teaches_nothing(void **state)
{
    struct fixture *f = *state;
    char text[40];

    for (unsigned i = 0; i < 30; i++) {
        (void)snprintf(text, sizeof text, "router flickering %u", i % 12);
        solve(f, "10.0.0.1", text, "K-1");
    }
    assert_string_equal("", found(f, "flickering"));
    assert_string_equal("K-2 K-1", found(f, "router"));
    assert_int_equal(0, faults(f));
}

static void an_author_cannot_lift_his_own_case(void **state)
{
    struct fixture *f = *state;
    const struct who lin = who_staff(ROLE_AUTHOR, "lin"), customer = who_customer();
    struct error err;

    for (unsigned i = 0; i < 5; i++) {
        char asker[16];
        const char *id;

        (void)snprintf(asker, sizeof asker, "10.0.0.%u", i);
        /* signed in when he says it, when he asks, and both */
        assert_ok(settle(f, &lin, ask_as(f, &customer, asker, "router flickering"), true, "K-1", 0,
                         &err));
        assert_ok(
            settle(f, &customer, ask_as(f, &lin, "", "router flickering"), true, "K-1", 0, &err));
        id = ask_as(f, &lin, "", "router flickering");
        assert_ok(ask_opened(f->app, &lin, id, BYTES_LIT("K-1"), &err));
        assert_ok(settle(f, &lin, id, true, "K-1", 0, &err));
    }
    assert_int_equal(15, uses(f, "K-1", USE_SELF_USED));
    assert_int_equal(0, uses(f, "K-1", USE_SOLVED));
    assert_string_equal("", found(f, "flickering"));
    assert_string_equal("K-2 K-1", found(f, "router flickering"));
    assert_int_equal(0, faults(f));
}

static void saying_it_twice_is_one_vote(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    const char *id = ask_as(f, &customer, "10.0.0.1", "router flickering");
    struct learned *l;
    struct error err;

    assert_ok(settle(f, &customer, id, true, "K-1", 0, &err));
    assert_ok(settle(f, &customer, id, true, "K-1", 5, &err));
    l = learned_of(f, "K-1");
    assert_int_equal(1, l->questions_count);
    assert_int_equal(1, l->questions[0].votes_count);
    free(l);
}

static void earlier_wordings_of_the_consult_count_half(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    const char *id = ask_as(f, &customer, "10.0.0.1", "gizmo dead");
    struct search_result answers;
    struct learned *l;
    struct error err;

    for (unsigned i = 0; i < LEARNED_WORDINGS_MAX - 1; i++) {
        char text[40];

        (void)snprintf(text, sizeof text, i == 2 ? "router" : "box %u dead", i);
        assert_ok(ask_again(f->app, &customer, id, bytes_str(text), f->arena, &answers, &err));
    }
    assert_ok(settle(f, &customer, id, true, "K-1", 0, &err));
    l = learned_of(f, "K-1");
    assert_int_equal(LEARNED_WORDINGS_MAX, l->questions_count);
    assert_int_equal(LEARNED_WHOLE / 2, l->questions[0].votes[0].weight);
    assert_int_equal(learned_weight(2), l->questions[3].votes[0].weight); /* it stood second */
    free(l);
}

static void the_ticket_that_a_case_resolved_teaches_it(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer(), staff = who_staff(ROLE_ENGINEER, "wu"),
                     author = who_staff(ROLE_AUTHOR, "mori");
    const char *role[] = {"resolved_by", "resolved_by", "resolved_by"};
    struct error err;

    for (unsigned i = 0; i < 3; i++) {
        const struct ticket_input input = {.channel = BYTES_LIT("phone"),
                                           .title = i == 2 ? BYTES_LIT("lamp went orange")
                                                           : BYTES_LIT("glowing violet")};
        struct ticket_opened opened;

        assert_ok(ticket_open(f->app, &customer, &input, &opened, &err));
        /* the author's own link is self-use */
        assert_ok(ticket_link(f->app, i == 2 ? &author : &staff, opened.no, BYTES_LIT("K-2"),
                              bytes_str(role[i]), &err));
        assert_string_equal(i == 0 ? "" : "K-2", found(f, "violet"));
    }
    assert_string_equal("", found(f, "orange"));
    assert_int_equal(0, faults(f));
}

/* --- what it does to the order -------------------------------------------------------------- */

static void the_very_question_brings_its_case_first(void **state)
{
    struct fixture *f = *state;

    assert_string_equal("K-2 K-1", found(f, "router"));
    solve(f, "10.0.0.1", "Router!", "K-1");
    assert_string_equal("K-2 K-1", found(f, "router"));
    solve(f, "10.0.0.2", "router", "K-1");
    assert_string_equal("K-1 K-2", found(f, "router"));
    assert_true(first(f, "router").reasons & REASON_LEARNED);
}

static void use_never_lifts_above_the_code_that_was_asked_for(void **state)
{
    struct fixture *f = *state;
    char asker[16];

    for (unsigned i = 0; i < 12; i++) {
        (void)snprintf(asker, sizeof asker, "10.0.0.%u", i);
        solve(f, asker, "E-077 router", "K-1");
        solve(f, asker, "router E-077", "K-1");
    }
    put_case(f, "{\"id\":\"K-7\",\"lang\":\"en\",\"title\":\"Lamp\",\"error_code\":\"E-077\"}");
    assert_string_equal("K-7", arena_str(f->ids, first(f, "E-077").id));
    assert_string_equal("K-7", arena_str(f->ids, first(f, "E-077 router").id));
    assert_string_equal("K-7", arena_str(f->ids, first(f, "E077 router").id));
    assert_non_null(strstr(found(f, "E-077"), "K-1")); /* and yet it is found */
}

static void what_may_not_be_seen_stays_unseen(void **state)
{
    struct fixture *f = *state;
    const struct who a = who_staff(ROLE_ENGINEER, "a"), b = who_staff(ROLE_ENGINEER, "b");
    struct error err;

    assert_ok(settle(f, &a, ask_as(f, &a, "", "router gleaming"), true, "K-3", 0, &err));
    assert_ok(settle(f, &b, ask_as(f, &b, "", "router gleaming"), true, "K-3", 0, &err));
    assert_string_equal("K-2 K-1", found(f, "router gleaming"));
    assert_string_equal("", found(f, "gleaming"));
}

/* A lamp that was the one thing two years ago is another today. */
static void what_was_learned_fades(void **state)
{
    struct fixture *f = *state;

    for (unsigned i = 0; i < 5; i++) {
        char asker[16];

        (void)snprintf(asker, sizeof asker, "10.0.0.%u", i);
        solve(f, asker, "router flickering", "K-1");
    }
    clock_fix(START_MS + 720 * DAY_MS);
    solve(f, "10.0.0.8", "router flickering", "K-2");
    solve(f, "10.0.0.9", "router flickering", "K-2");
    assert_string_equal("K-2 K-1", found(f, "router flickering"));
    assert_int_equal(0, faults(f));
}

static void a_case_that_did_not_help_sinks(void **state)
{
    struct fixture *f = *state;
    const struct who customer = who_customer();
    double before;
    struct error err;

    solve(f, "10.0.0.1", "router flickering", "K-1");
    solve(f, "10.0.0.2", "router flickering", "K-1");
    before = first(f, "router flickering").score;
    for (unsigned i = 0; i < 4; i++) {
        char asker[16];
        const char *id;

        (void)snprintf(asker, sizeof asker, "10.0.1.%u", i);
        id = ask_as(f, &customer, asker, "router flickering");
        assert_ok(ask_opened(f->app, &customer, id, BYTES_LIT("K-1"), &err));
        assert_ok(settle(f, &customer, id, true, "K-2", 0, &err));
    }
    assert_string_equal("K-2 K-1", found(f, "router flickering"));
    assert_true(before > 0);
    assert_int_equal(0, faults(f));
}

/* --- that it can be told again -------------------------------------------------------------- */

static void teach_something(struct fixture *f)
{
    const struct who customer = who_customer();
    struct error err;

    for (unsigned i = 0; i < 6; i++) {
        char asker[16];
        const char *id;

        (void)snprintf(asker, sizeof asker, "10.0.0.%u", i);
        id = ask_as(f, &customer, asker, "router flickering");
        assert_ok(ask_opened(f->app, &customer, id, BYTES_LIT("K-2"), &err));
        assert_ok(settle(f, &customer, id, true, i % 3 == 0 ? "K-1" : "K-2", 0, &err));
    }
}

static void forget(struct fixture *f, const char *asker)
{
    const struct who who = who_operator();
    struct outcome outcome;
    char voter[VOTER_BYTES];
    struct error err;

    (void)voter_of("customer", bytes_str(asker), store_secret(app_store(f->app)), voter);
    assert_ok(propose(f->app, &who, "learned.forget", NULL, 0, json_pack("{s:s}", "voter", voter),
                      &outcome, &err));
    json_decref(outcome.result);
}

static void a_person_can_be_forgotten(void **state)
{
    struct fixture *f = *state;

    solve(f, "10.0.0.1", "router flickering", "K-1");
    solve(f, "10.0.0.2", "router flickering", "K-1");
    assert_string_equal("K-1", found(f, "flickering"));
    forget(f, "10.0.0.2");
    assert_string_equal("", found(f, "flickering"));
    assert_int_equal(0, faults(f));
    solve(f, "10.0.0.2", "router flickering", "K-1"); /* he comes again */
    assert_string_equal("K-1", found(f, "flickering"));
    assert_int_equal(0, faults(f));
}

static void check_says_what_the_ledger_does_not(void **state)
{
    struct fixture *f = *state;
    struct learned *l;
    struct txn *txn;
    struct error err;

    teach_something(f);
    assert_int_equal(0, faults(f));
    l = learned_of(f, "K-2");
    l->questions[0].votes[0].weight = 40; /* somebody helped his case */
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(learned_put(txn, BYTES_LIT("K-2"), 2, l, false, l->seq, &err));
    assert_ok(txn_commit(txn, &err));
    assert_int_equal(1, faults(f));
    free(l);
}

/* learned is told once more; what a person took back stays taken back. */
static void a_recount_tells_it_once_more(void **state)
{
    struct fixture *f = *state;
    const struct who who = who_operator();
    struct learned *before, *after;
    struct buf a = {0}, b = {0};
    struct outcome outcome;
    struct txn *txn;
    struct error err;

    teach_something(f);
    forget(f, "10.0.0.4");
    before = learned_of(f, "K-2");
    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(store_put(txn, TABLE_LEARNED, BYTES_LIT("K-2"), BYTES_LIT("rubbish"), &err));
    assert_ok(txn_commit(txn, &err));
    put_case(f, "{\"id\":\"K-2\",\"lang\":\"en\",\"title\":\"Router hums loudly\"}");
    assert_string_equal("K-2", found(f, "loudly")); /* a damaged record is no reason not to find */
    assert_true(faults(f) > 0);
    assert_ok(propose(f->app, &who, "use.recount", NULL, 0, json_object(), &outcome, &err));
    json_decref(outcome.result);
    assert_int_equal(0, faults(f));
    after = learned_of(f, "K-2");
    learned_encode(before, &a);
    learned_encode(after, &b);
    assert_bytes_equal(buf_bytes(&a), buf_bytes(&b));
    buf_release(&a);
    buf_release(&b);
    free(before);
    free(after);
}

static void table_text(struct store *store, enum table table, struct buf *out)
{
    struct cursor *cursor;
    struct bytes key, body;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(store, &txn, &err));
    assert_ok(cursor_open(txn, table, BYTES_NONE, WALK_UP, &cursor, &err));
    while (cursor_next(cursor, &key, &body, &err) == AF_OK) {
        buf_add_varint(out, key.len);
        buf_add(out, key);
        buf_add_varint(out, body.len);
        buf_add(out, body);
    }
    cursor_close(cursor);
    txn_abort(txn);
}

static void a_replayed_journal_has_learned_the_same(void **state)
{
    static const enum table tables[] = {TABLE_LEARNED, TABLE_LEARNED_AT};
    struct fixture *f = *state;
    char *dir = test_dir_new();
    struct journal_head head;
    struct app *again;
    struct txn *txn;
    struct error err;

    teach_something(f);
    forget(f, "10.0.0.4");
    solve(f, "10.0.0.4", "router again", "K-1");
    assert_ok(app_open(dir, APP_WRITE, &again, &err));
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    for (uint64_t seq = 1; seq <= head.seq; seq++) {
        struct bytes line;

        assert_ok(journal_line(txn, seq, &line, &err));
        assert_ok(journal_replay(app_journal(again), line, &err));
    }
    txn_abort(txn);
    for (size_t i = 0; i < 2; i++) {
        struct buf a = {0}, b = {0};

        table_text(app_store(f->app), tables[i], &a);
        table_text(app_store(again), tables[i], &b);
        assert_true(a.len > 0);
        assert_bytes_equal(buf_bytes(&a), buf_bytes(&b));
        buf_release(&a);
        buf_release(&b);
    }
    app_close(again);
    test_dir_remove(dir);
}

static void an_index_made_again_answers_the_same(void **state)
{
    static const char *const questions[] = {"router", "flickering", "router flickering", "hums"};
    static const char *const files[] = {"data.mdb", "lock.mdb"};
    struct fixture *f = *state;
    struct hit before[4];
    struct error err;

    teach_something(f);
    put_case(f, "{\"id\":\"K-2\",\"lang\":\"en\",\"title\":\"Router hums loudly\"}"); /* anew */
    for (size_t i = 0; i < 4; i++)
        before[i] = first(f, questions[i]);
    app_close(f->app);
    for (size_t i = 0; i < 2; i++) {
        struct buf path = {0};

        buf_printf(&path, "%s/index/%s", f->dir, files[i]);
        assert_int_equal(0, unlink(buf_str(&path)));
        buf_release(&path);
    }
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    for (size_t i = 0; i < 4; i++) {
        struct hit hit = first(f, questions[i]);

        assert_int_equal(before[i].no, hit.no);
        assert_int_equal(before[i].reasons, hit.reasons);
        assert_true(fabs(before[i].score - hit.score) < 0.02); /* dead documents count in df */
    }
}

/* As many cases as may be looked at, and more, have solved the question. */
static void many_cases_may_have_solved_the_same_question(void **state)
{
    struct fixture *f = *state;
    struct error err;
    const struct who a = who_staff(ROLE_ENGINEER, "a"), b = who_staff(ROLE_ENGINEER, "b");

    for (unsigned i = 0; i < REPEAT_CASES_MAX + 2; i++) {
        char json[100], id[16], title[16];

        (void)snprintf(id, sizeof id, "M-%02u", i);
        (void)snprintf(title, sizeof title, "gizmo%u", i);
        (void)snprintf(json, sizeof json, "{\"id\":\"%s\",\"lang\":\"en\",\"title\":\"%s\"}", id,
                       title);
        put_case(f, json);
        /* "dead" was not in any answer, so the one that found it says what it was about */
        for (unsigned who = 0; who < 2; who++) {
            const struct who *me = who == 0 ? &a : &b;
            const char *consult = ask_as(f, me, "", "dead");
            struct search_result answers;

            assert_ok(ask_again(f->app, me, consult, bytes_str(title), f->arena, &answers, &err));
            assert_ok(settle(f, me, consult, true, id, 0, &err));
        }
    }
    assert_int_equal(REPEAT_CASES_MAX + 2, (strlen(found(f, "dead")) + 1) / strlen("M-00 "));
    assert_int_equal(0, faults(f));
}

/* As after a bulk of the journal: many entries, some of which teach cases that are older. */
static void learning_is_found_after_a_flush_of_much(void **state)
{
    struct fixture *f = *state;
    struct error err;

    app_close(f->app); /* flushes: the cases are on the disk */
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    teach_something(f); /* 18 commands, more than the entries that are worth threads */
    app_close(f->app);
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    assert_string_equal("K-2 K-1", found(f, "flickering"));
    assert_int_equal(0, faults(f));
}

static void voters_are_kept_as_hashes_of_this_store(void **state)
{
    char a[VOTER_BYTES], b[VOTER_BYTES];
    uint8_t one[32] = {1}, two[32] = {2};
    char asker[ASKER_BYTES_MAX];

    (void)state;
    memset(asker, 'x', sizeof asker);
    assert_string_equal("", voter_of("customer", BYTES_NONE, bytes_of(one, 32), a));
    assert_string_equal("staff:lin", voter_of("staff:lin", BYTES_NONE, bytes_of(one, 32), a));
    (void)voter_of("customer", bytes_of(asker, sizeof asker), bytes_of(one, 32), a);
    (void)voter_of("customer", bytes_of(asker, sizeof asker), bytes_of(two, 32), b);
    assert_null(strstr(a, "xx"));
    assert_string_not_equal(a, b);
    (void)voter_of("customer", bytes_of(asker, sizeof asker - 1), bytes_of(one, 32), b);
    assert_string_not_equal(a, b);
}

int main(void)
{
#define WITH_FIXTURE(test) cmocka_unit_test_setup_teardown(test, fixture_begin, fixture_end)
    const struct CMUnitTest tests[] = {
        WITH_FIXTURE(two_people_teach_a_word_that_the_case_lacks),
        WITH_FIXTURE(a_case_that_has_the_word_itself_stands_above),
        WITH_FIXTURE(one_person_many_times_teaches_nothing),
        WITH_FIXTURE(an_author_cannot_lift_his_own_case),
        WITH_FIXTURE(saying_it_twice_is_one_vote),
        WITH_FIXTURE(earlier_wordings_of_the_consult_count_half),
        WITH_FIXTURE(the_ticket_that_a_case_resolved_teaches_it),
        WITH_FIXTURE(the_very_question_brings_its_case_first),
        WITH_FIXTURE(use_never_lifts_above_the_code_that_was_asked_for),
        WITH_FIXTURE(what_may_not_be_seen_stays_unseen),
        WITH_FIXTURE(what_was_learned_fades),
        WITH_FIXTURE(a_case_that_did_not_help_sinks),
        WITH_FIXTURE(a_person_can_be_forgotten),
        WITH_FIXTURE(check_says_what_the_ledger_does_not),
        WITH_FIXTURE(a_recount_tells_it_once_more),
        WITH_FIXTURE(a_replayed_journal_has_learned_the_same),
        WITH_FIXTURE(an_index_made_again_answers_the_same),
        WITH_FIXTURE(many_cases_may_have_solved_the_same_question),
        WITH_FIXTURE(learning_is_found_after_a_flush_of_much),
        cmocka_unit_test(voters_are_kept_as_hashes_of_this_store),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
