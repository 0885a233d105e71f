#include "tests/indexer/index_fixture.h"

#include "indexer/index_impl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static struct snapshot *acquire_now(struct fixture *f)
{
    struct snapshot *snapshot = NULL;
    struct error err;

    assert_ok(snapshot_acquire(f->index, NULL, &snapshot, &err));
    return snapshot;
}

static void an_ended_search_lends_its_transaction_to_the_next(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct snapshot *first, *other;
    MDB_envinfo before, after;
    struct error err;

    put_random(f, &random, 0);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    first = acquire_now(f);
    other = acquire_now(f);
    assert_ptr_not_equal(first, other);
    snapshot_release(other);
    assert_int_equal(0, mdb_env_info(f->index->env.mdb, &before));
    for (int i = 0; i < 100; i++) {
        struct snapshot *again = acquire_now(f);

        assert_ptr_equal(other, again);
        snapshot_release(again);
    }
    snapshot_release(first);
    assert_int_equal(0, mdb_env_info(f->index->env.mdb, &after));
    assert_int_equal(before.me_numreaders, after.me_numreaders);
}

static void only_so_many_transactions_are_kept(void **state)
{
    struct fixture *f = *state;
    struct snapshot *held[INDEX_POOL_MAX + 8];

    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        held[i] = acquire_now(f);
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        snapshot_release(held[i]);
    assert_int_equal(INDEX_POOL_MAX, f->index->pooled);
}

static void a_snapshot_of_now_holds_what_was_saved_before(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (int round = 0; round < 60; round++) {
        struct snapshot *snapshot;
        struct rows naive, rows;

        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        if (round % 7 == 6)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
        snapshot = acquire_now(f);
        naive = naive_rows(f);
        rows = rows_of_snapshot(snapshot);
        snapshot_release(snapshot);
        assert_rows_equal(&naive, &rows);
    }
}

/* A pooled one has an open cursor in each segment; they must not show what was there before. */
static void a_pooled_snapshot_forgets_what_it_has_seen(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (int round = 0; round < 40; round++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        assert_right(f);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_right(f);
        assert_right(f);
    }
    assert_sound(f);
}

static void a_search_without_end_is_counted_once(void **state)
{
    struct fixture *f = *state;
    struct snapshot *snapshot = acquire_now(f);

    assert_int_equal(0, snapshots_overdue(f->index, INDEX_HELD_S_MAX * (int64_t)1000000));
    assert_int_equal(1, snapshots_overdue(f->index, 0));
    assert_int_equal(0, snapshots_overdue(f->index, 0));
    snapshot_release(snapshot);
    snapshot = acquire_now(f); /* the same one, by now of another search */
    assert_int_equal(1, snapshots_overdue(f->index, 0));
    snapshot_release(snapshot);
    assert_int_equal(0, snapshots_overdue(f->index, 0));
}

static void an_index_in_memory_is_looked_at_again_and_again(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    put_random(f, &random, 1);
    index_close(f->index);
    assert_ok(index_open(f->store, STORE_READ, &f->index, &err));
    for (int i = 0; i < 20; i++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        snapshot_release(acquire_now(f));
        assert_right(f);
    }
}

/* --- many at once --- */

#define READERS 200
#define ROUNDS 120

struct reading {
    struct fixture *f;
    atomic_bool stop;
    atomic_uint rounds, wrong;
};

/* Every snapshot must be whole: each case once, and its document readable. */
static bool is_whole(const struct snapshot *snapshot)
{
    uint32_t seen[FIXTURE_CASES + 1] = {0};

    for (uint32_t s = 0; s < snapshot_segments(snapshot); s++) {
        const struct segment *segment = snapshot_segment(snapshot, s);
        struct document document;

        for (uint32_t doc = 0; doc < segment_docs(segment); doc++)
            if (segment_is_live(segment, doc) &&
                (segment_document(segment, doc, &document, NULL) != AF_OK ||
                 document.no > FIXTURE_CASES || seen[document.no]++ > 0))
                return false;
    }
    return true;
}

static void *read_again_and_again(void *context)
{
    const struct timespec thinking = {.tv_nsec = 2000000};
    struct reading *r = context;

    while (!r->stop) {
        struct snapshot *snapshot = NULL;

        if (snapshot_acquire(r->f->index, NULL, &snapshot, NULL) != AF_OK) {
            r->wrong++;
            return NULL;
        }
        if (!is_whole(snapshot))
            r->wrong++;
        snapshot_release(snapshot);
        r->rounds++;
        (void)nanosleep(&thinking, NULL); /* else two hundred of them leave the writer nothing */
    }
    return NULL;
}

static size_t pages_of(const struct fixture *f)
{
    MDB_envinfo info;

    assert_int_equal(0, mdb_env_info(f->index->env.mdb, &info));
    return info.me_last_pgno;
}

/* Nobody waits, nobody fails, and pages are used again: a file that kept what every flush and
 * merge leaves behind would be many times as large in the end as after the first quarter. */
static void two_hundred_searches_go_on_while_the_index_is_written(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct reading reading = {.f = f};
    pthread_t threads[READERS];
    struct error err;
    size_t pages = 0;

    for (int i = 0; i < READERS; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, read_again_and_again, &reading));
    for (int round = 0; round < ROUNDS; round++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        if (round % 2 == 0)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
        if (round == ROUNDS / 4)
            pages = pages_of(f);
    }
    reading.stop = true;
    for (int i = 0; i < READERS; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    assert_int_equal(0, reading.wrong);
    assert_true(reading.rounds > 0);
    print_message("%u snapshots; pages %zu, then %zu\n", reading.rounds, pages, pages_of(f));
    assert_true(pages_of(f) <= 3 * pages);
    assert_right(f);
    assert_sound(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_ended_search_lends_its_transaction_to_the_next),
        TEST(only_so_many_transactions_are_kept),
        TEST(a_snapshot_of_now_holds_what_was_saved_before),
        TEST(a_pooled_snapshot_forgets_what_it_has_seen),
        TEST(a_search_without_end_is_counted_once),
        TEST(an_index_in_memory_is_looked_at_again_and_again),
        TEST(two_hundred_searches_go_on_while_the_index_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
