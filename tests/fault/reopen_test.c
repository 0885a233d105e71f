/* LMDB gives up on the index's environment (a failed write of its first page) while others search:
 * they go on, in memory if need be, and never wrongly; a flush brings the index back to the disk as
 * soon as nobody looks at the old files. */
#include "tests/indexer/index_fixture.h"

#include "indexer/index_impl.h"
#include "tests/fault/lmdb_calls.h"

#include <pthread.h>
#include <sched.h>

enum { ROUNDS = 20, LOOKERS = 3, CASES = 12 };

static unsigned code_of_panic(void)
{
    unsigned i = 0;

    while (!lmdb_code_of(LMDB_COMMIT, i)->is_fatal)
        i++;
    return i;
}

/* The environment is useless afterwards, and the index in memory. */
static void break_files(struct fixture *f, struct test_random *random)
{
    struct error err;

    put_random(f, random, test_random_below(random, CASES));
    lmdb_calls_begin(-1, code_of_panic(), 0);
    assert_int_equal(AF_IO, index_flush(f->index, NULL, NULL, &err));
    lmdb_calls_end();
}

static void an_index_comes_back_to_the_disk(void **state)
{
    struct test_random random = test_random_new();
    struct fixture *f = *state;
    struct snapshot *held;
    struct error err;

    for (int round = 0; round < 3; round++) {
        break_files(f, &random);
        held = acquire(f); /* notices, and goes on in memory */
        assert_false(f->index->on_disk);
        assert_right(f);
        assert_ok(index_flush(f->index, NULL, NULL, &err)); /* `held` is of memory alone */
        assert_true(f->index->on_disk);
        snapshot_release(held);
        assert_right(f);
        assert_sound(f);
    }
    fixture_close(f);
    fixture_open(f);
    assert_right(f);
}

static void files_that_somebody_looks_at_stay_open(void **state)
{
    struct test_random random = test_random_new();
    struct fixture *f = *state;
    struct snapshot *held;
    struct rows before, after;
    struct error err;

    put_random(f, &random, 0);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    held = acquire(f);
    before = rows_of_snapshot(held);
    break_files(f, &random);
    assert_right(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_false(f->index->on_disk);
    after = rows_of_snapshot(held);
    assert_rows_equal(&before, &after);
    snapshot_release(held);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_true(f->index->on_disk);
    assert_right(f);
    assert_sound(f);
}

struct looker {
    struct fixture *f;
    atomic_bool *stops;
    unsigned looks;
    pthread_t thread;
};

/* What is there can be read, and no case is there twice. */
static void *keep_looking(void *context)
{
    struct looker *looker = context;

    while (!atomic_load(looker->stops)) {
        struct snapshot *snapshot = acquire(looker->f);
        struct rows rows = rows_of_snapshot(snapshot);

        snapshot_release(snapshot);
        rows_release(&rows);
        looker->looks++;
    }
    return NULL;
}

static bool is_on_disk(struct index *index)
{
    bool on_disk;

    index_lock(index);
    on_disk = index->on_disk;
    index_unlock(index);
    return on_disk;
}

static void searches_go_on_while_it_breaks_and_comes_back(void **state)
{
    struct test_random random = test_random_new();
    struct fixture *f = *state;
    struct looker lookers[LOOKERS];
    atomic_bool stops = false;
    unsigned failed = 0;
    struct error err;

    for (int i = 0; i < LOOKERS; i++) {
        lookers[i] = (struct looker){.f = f, .stops = &stops};
        assert_int_equal(0, pthread_create(&lookers[i].thread, NULL, keep_looking, &lookers[i]));
    }
    for (int round = 0; round < ROUNDS; round++) {
        put_random(f, &random, test_random_below(&random, CASES));
        lmdb_calls_begin(-1 - (long)test_random_below(&random, 3), code_of_panic(), 0);
        failed += index_flush(f->index, NULL, NULL, &err) != AF_OK;
        lmdb_calls_end();
        do { /* every search of the old files ends, and new ones are of memory */
            sched_yield();
            failed += index_flush(f->index, NULL, NULL, &err) != AF_OK;
        } while (!is_on_disk(f->index));
    }
    atomic_store(&stops, true);
    for (int i = 0; i < LOOKERS; i++) {
        assert_int_equal(0, pthread_join(lookers[i].thread, NULL));
        print_message("%u looks\n", lookers[i].looks);
    }
    assert_true(failed > ROUNDS / 4);
    assert_right(f);
    assert_sound(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_index_comes_back_to_the_disk),
        TEST(files_that_somebody_looks_at_stay_open),
        TEST(searches_go_on_while_it_breaks_and_comes_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
