#include "tests/indexer/index_fixture.h"

#include "data/base/limits.h"
#include "indexer/index_impl.h"

#include <time.h>

static int set_up(void **state)
{
    struct fixture *f;

    (void)fixture_set_up(state);
    f = *state;
    journal_tell_ahead(f->journal, index_ahead, f->index);
    return 0;
}

/* The seq of what was made ahead and not yet taken; 0: nothing. */
static uint64_t prepared_seq(struct fixture *f)
{
    uint64_t seq;

    (void)pthread_mutex_lock(&f->index->changing);
    seq = f->index->ahead.prepared.head.seq;
    (void)pthread_mutex_unlock(&f->index->changing);
    return seq;
}

static bool is_idle(struct fixture *f)
{
    bool idle;

    (void)pthread_mutex_lock(&f->index->changing);
    index_lock(f->index);
    idle = !f->index->ahead.is_offered && !f->index->ahead.is_many;
    index_unlock(f->index);
    (void)pthread_mutex_unlock(&f->index->changing);
    return idle;
}

static void wait_until_idle(struct fixture *f)
{
    while (!is_idle(f))
        (void)nanosleep(&(struct timespec){.tv_nsec = 100000}, NULL);
}

static uint64_t head_of(struct fixture *f)
{
    struct journal_head head;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    txn_abort(txn);
    return head.seq;
}

/* A case that is to be found, with a text of so many bytes beside. */
static void put_plain(struct fixture *f, uint32_t i, size_t bytes)
{
    char id[16], *text = malloc(bytes + 1);

    (void)snprintf(id, sizeof id, "case-%u", (unsigned)i);
    memset(text, 'x', bytes);
    text[bytes] = '\0';
    f->versions[i]++;
    json_decref(f->cases[i]);
    f->cases[i] = json_pack("{s:s,s:s,s:s,s:s,s:i}", "id", id, "lang", "en", "title", "plain",
                            "body", text, "stamp", (int)f->versions[i]);
    f->numbers[i] = i;
    put_article(f, json_incref(f->cases[i]));
    free(text);
}

static void a_saved_case_is_ready_before_it_is_asked_for(void **state)
{
    struct fixture *f = *state;
    const struct segment_base *made;
    const struct state *now;

    put_plain(f, 1, 10);
    assert_right(f); /* somebody searches here */
    put_plain(f, 2, 10);
    wait_until_idle(f);
    assert_int_equal(head_of(f), prepared_seq(f));
    made = f->index->ahead.prepared.base;
    assert_non_null(made);
    assert_right(f);
    now = f->index->state;
    assert_ptr_equal(made, now->entries[now->count - 1].base);
    assert_int_equal(0, prepared_seq(f));
}

static void who_saves_without_searching_pays_for_one(void **state)
{
    struct fixture *f = *state;
    uint64_t first;

    put_plain(f, 1, 10);
    wait_until_idle(f);
    assert_int_equal(0, prepared_seq(f));
    assert_false(f->index->ahead.has_thread);
    assert_right(f);
    put_plain(f, 2, 10);
    first = head_of(f);
    for (uint32_t i = 3; i < 10; i++)
        put_plain(f, i, 10);
    wait_until_idle(f);
    assert_int_equal(first, prepared_seq(f));
    assert_right(f);
    assert_int_equal(0, prepared_seq(f));
}

static void a_long_case_and_many_at_once_are_not_made_ahead(void **state)
{
    struct fixture *f = *state;

    put_plain(f, 1, 10);
    assert_right(f);
    put_plain(f, 2, INDEX_AHEAD_BYTES - 1000);
    wait_until_idle(f);
    assert_int_equal(head_of(f), prepared_seq(f));
    assert_right(f);
    put_plain(f, 3, INDEX_AHEAD_BYTES);
    wait_until_idle(f);
    assert_int_equal(0, prepared_seq(f));
    assert_right(f);
    f->cases[4] = json_pack("{s:s,s:s,s:s}", "id", "case-4", "lang", "en", "title", "four");
    f->cases[5] = json_pack("{s:s,s:s,s:s}", "id", "case-5", "lang", "en", "title", "five");
    for (uint32_t i = 4; i < 6; i++) {
        f->versions[i] = 1;
        f->numbers[i] = i;
    }
    cases_put(f->journal, json_pack("[O,O]", f->cases[4], f->cases[5]));
    wait_until_idle(f);
    assert_int_equal(0, prepared_seq(f));
    assert_right(f);
}

/* --- a commit that does not become what was told ------------------------------------------- */

/* As if another process had saved another text with the same number. */
static void tell_another_text(void *context, struct txn *txn, const struct command *command,
                              const struct journal_head *head)
{
    struct command other = *command;
    struct journal_head other_head = *head;
    uint8_t *line = malloc(command->line.len), *title;

    memcpy(line, command->line.data, command->line.len);
    title = memmem(line, command->line.len, "plain", 5);
    assert_non_null(title);
    memcpy(title, "other", 5);
    other.line = bytes_of(line, command->line.len);
    other_head.hash.b[0] ^= 1;
    index_ahead(context, txn, &other, &other_head);
    free(line);
}

static void what_was_made_for_another_journal_is_not_shown(void **state)
{
    struct fixture *f = *state;

    journal_tell_ahead(f->journal, tell_another_text, f->index);
    put_plain(f, 1, 10);
    assert_right(f);
    put_plain(f, 2, 10);
    wait_until_idle(f);
    assert_int_equal(head_of(f), prepared_seq(f));
    assert_right(f);
    assert_int_equal(0, prepared_seq(f));
}

/* The journal never comes to have it: others, of the same numbers, are saved in its place. */
static void a_case_whose_commit_failed_is_never_found(void **state)
{
    struct fixture *f = *state;
    const char *line =
        "{\"seq\":2,\"id\":\"~1\",\"at\":\"2026-11-22T00:00:00.000Z\",\"actor\":\"a\","
        "\"kind\":\"case.put\",\"schema\":1,\"prev_hash\":\"\",\"body\":{\"cases\":["
        "{\"id\":\"lost\",\"lang\":\"en\",\"title\":\"lost\"}]}}";
    const char *body = strstr(line, "{\"cases\"");
    struct command command = {.kind = "case.put",
                              .seq = 2,
                              .line = bytes_str(line),
                              .body_offset = (size_t)(body - line)};
    struct journal_head head = {.seq = 2};
    json_t *result = json_object();
    struct error err;
    struct txn *txn;

    put_plain(f, 1, 10);
    assert_right(f);
    assert_ok(store_begin_write(f->store, &txn, &err));
    assert_ok(article_apply_put(txn, &command, result, &err));
    index_ahead(f->index, txn, &command, &head);
    txn_abort(txn);
    json_decref(result);
    wait_until_idle(f);
    assert_int_equal(2, prepared_seq(f));
    assert_right(f);
    assert_int_equal(2, prepared_seq(f)); /* it could be being committed yet */
    put_plain(f, 2, 10);
    assert_int_equal(2, head_of(f));
    assert_right(f);
    assert_int_equal(0, prepared_seq(f));
}

/* --- anything goes ------------------------------------------------------------------------- */

static void whatever_happens_in_between_the_index_is_right(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (int round = 0; round < 300; round++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        if (test_random_below(&random, 3) == 0)
            wait_until_idle(f);
        if (test_random_below(&random, 4) > 0)
            assert_right(f);
        if (test_random_below(&random, 40) == 0)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    assert_right(f);
    assert_sound(f);
}

static uint32_t memory_segments(struct fixture *f)
{
    uint32_t count;

    (void)pthread_mutex_lock(&f->index->changing);
    count = f->index->state->count - f->index->state->disk;
    (void)pthread_mutex_unlock(&f->index->changing);
    return count;
}

static void the_thread_keeps_segments_few(void **state)
{
    struct fixture *f = *state;

    for (uint32_t i = 1; i < FIXTURE_CASES; i++) {
        put_plain(f, i, 10);
        assert_right(f);
        wait_until_idle(f);
        assert_int_equal((i / INDEX_TIER) + (i % INDEX_TIER), memory_segments(f));
    }
    assert_right(f);
}

static void when_the_thread_is_late_the_search_keeps_them_few(void **state)
{
    struct fixture *f = *state;

    journal_tell_ahead(f->journal, NULL, NULL);
    f->index->ahead.has_thread = true; /* one that never comes */
    for (uint32_t i = 1; i < FIXTURE_CASES; i++) {
        put_plain(f, i, 10);
        assert_right(f);
        assert_int_equal((i / (2 * INDEX_TIER)) + (i % (2 * INDEX_TIER)), memory_segments(f));
    }
    f->index->ahead.has_thread = false;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_saved_case_is_ready_before_it_is_asked_for),
        TEST(who_saves_without_searching_pays_for_one),
        TEST(a_long_case_and_many_at_once_are_not_made_ahead),
        TEST(what_was_made_for_another_journal_is_not_shown),
        TEST(a_case_whose_commit_failed_is_never_found),
        TEST(whatever_happens_in_between_the_index_is_right),
        TEST(the_thread_keeps_segments_few),
        TEST(when_the_thread_is_late_the_search_keeps_them_few),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
