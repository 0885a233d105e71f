#include "tests/indexer/index_fixture.h"

#include "indexer/index_impl.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* An empty index, as if DIR/index had never been made. */
static void begin_index(struct fixture *f, unsigned threads, size_t bytes)
{
    struct error err;
    char path[512];

    index_close(f->index);
    for (int i = 0; i < 2; i++) {
        (void)snprintf(path, sizeof path, "%s/index/%s", f->dir, i == 0 ? "data.mdb" : "lock.mdb");
        (void)unlink(path);
    }
    assert_ok(index_open(f->store, STORE_WRITE, &f->index, &err));
    index_set_build(f->index, threads, bytes);
    f->index->bulk_entries = 1;
}

/* Every value of every segment, with its key. */
static void dump_segments(struct fixture *f, struct buf *out)
{
    struct snapshot *snapshot = acquire(f);

    for (uint32_t i = 0; i < snapshot->state->count; i++) {
        const struct segment_base *base = snapshot->state->entries[i].base;
        struct bytes key = BYTES_NONE, value;
        struct error err;
        bool found = true;

        assert_null(base->memory);
        buf_printf(out, "segment %u\n", (unsigned)base->id);
        for (uint64_t n = 0; found; n++) {
            assert_ok(tree_find(base->tree, TREE_AFTER, key, &key, &value, &found, &err));
            assert_int_equal(found, n < tree_entries(base->tree));
            buf_add(out, found ? key : BYTES_NONE);
            buf_add(out, found ? value : BYTES_NONE);
        }
    }
    snapshot_release(snapshot);
    assert_true(buf_ok(out));
}

static void any_number_of_threads_builds_the_same(void **state)
{
    static const struct {
        unsigned threads;
        size_t bytes;
    } builds[] = {
        {1, 0      },
        {2, 0      },
        {3, 0      },
        {7, 0      },
        {1, 3      },
        {3, 3      },
        {4, 1 << 20}
    };
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct buf first = {0};
    struct error err;

    for (int i = 0; i < 300; i++)
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        struct buf again = {0};

        begin_index(f, builds[i].threads, builds[i].bytes);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        dump_segments(f, &again);
        assert_right(f);
        assert_sound(f);
        if (i == 0) {
            assert_true(again.len > 1000);
            first = again;
            continue;
        }
        assert_true(bytes_equal(buf_bytes(&first), buf_bytes(&again)));
        buf_release(&again);
    }
    buf_release(&first);
}

static void a_history_built_in_bulk_is_what_the_cases_say(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    f->index->bulk_entries = 1;
    for (int round = 0; round < 25; round++) {
        uint32_t puts = 1 + test_random_below(&random, 12);

        for (uint32_t i = 0; i < puts; i++)
            put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        if (round % 3 == 0)
            assert_right(f); /* from memory, which the flush then does without */
        f->index->bulk_entries = 1 + test_random_below(&random, 3) * 8;
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_right(f);
        assert_sound(f);
    }
}

static void put_note(struct fixture *f)
{
    put_article(f, test_json("{\"id\":\"note\",\"lang\":\"en\",\"title\":\"a note\","
                             "\"state\":\"wip\"}"));
}

static void a_journal_without_findable_cases_makes_no_segment(void **state)
{
    struct fixture *f = *state;
    struct index_stats stats;
    struct error err;

    f->index->bulk_entries = 1;
    put_note(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_ok(index_stats(f->index, &stats, &err));
    assert_int_equal(0, stats.segments);
    assert_int_equal(stats.covers_seq, stats.disk_covers_seq);
}

struct told {
    uint64_t calls, done, all, cases;
};

static void on_progress(void *context, const struct index_progress *at)
{
    struct told *told = context;

    assert_true(at->done >= told->done && at->done <= at->all);
    assert_true(at->cases >= told->cases);
    *told = (struct told){told->calls + 1, at->done, at->all, at->cases};
}

static void progress_rises_to_its_end(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct told told = {0};
    struct error err;

    for (uint32_t i = 0; i < FIXTURE_CASES; i++)
        put_random(f, &random, i);
    begin_index(f, 2, 0);
    assert_ok(index_flush(f->index, on_progress, &told, &err));
    assert_true(told.calls > 2);
    assert_int_equal(FIXTURE_CASES, told.cases);
}

static void a_spill_that_cannot_be_written_leaves_the_index_as_it_was(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    char path[512];
    struct error err;

    for (uint32_t i = 0; i < FIXTURE_CASES / 2; i++)
        put_random(f, &random, i);
    begin_index(f, 2, 3);
    (void)snprintf(path, sizeof path, "%s/index/sorting.tmp", f->dir);
    assert_int_equal(0, mkdir(path, 0700)); /* where the file should be */
    assert_refused(AF_IO, index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    assert_int_equal(0, rmdir(path));
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    assert_sound(f);
}

/* --- a map that is full ------------------------------------------------------------------- */

/* As a file that fills what it was opened for, 64 GiB else. */
static void begin_small(struct fixture *f, size_t map_bytes)
{
    struct error err;

    begin_index(f, 3, 0);
    f->index->map_bytes = map_bytes;
    index_close_files(f->index);
    assert_ok(index_open_files(f->index, &err));
    assert_int_equal(map_bytes, env_map_bytes(&f->index->env));
}

static void a_map_that_is_full_grows_while_an_index_is_built(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (int i = 0; i < 300; i++)
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
    for (size_t bytes = 24 << 10; bytes <= 36 << 10; bytes += 4 << 10) {
        begin_small(f, bytes);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_true(env_map_bytes(&f->index->env) > bytes);
        assert_right(f);
        assert_sound(f);
    }
}

/* Many small flushes and merges, each of which may be the one without room. */
static void a_map_that_is_full_grows_while_cases_are_flushed(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    begin_small(f, 64 << 10);
    f->index->bulk_entries = UINT64_MAX;
    for (int i = 0; i < 60; i++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_right(f);
    }
    assert_true(env_map_bytes(&f->index->env) > 64 << 10);
    assert_sound(f);
}

static void a_search_that_looks_at_the_file_keeps_its_map(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct snapshot *snapshot;
    struct error err;

    begin_small(f, 64 << 10);
    put_random(f, &random, 1);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    for (int i = 0; i < 300; i++)
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
    snapshot = acquire(f);
    assert_true(snapshot->on_disk);
    assert_refused(AF_FULL, index_flush(f->index, NULL, NULL, &err));
    assert_non_null(strstr(err.text, "the size that it was opened for"));
    assert_int_equal(64 << 10, env_map_bytes(&f->index->env));
    snapshot_release(snapshot);
    assert_right(f); /* from the old segment and from memory */
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    assert_sound(f);
}

/* --- compact --- */

static void compacting_leaves_one_segment_and_a_smaller_file(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct index_compacted done;
    struct index_stats stats;
    struct error err;

    for (int round = 0; round < 30; round++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    put_random(f, &random, 3);
    assert_ok(index_compact(f->index, NULL, NULL, &done, &err));
    assert_true(done.bytes_after < done.bytes_before);
    assert_ok(index_stats(f->index, &stats, &err));
    assert_int_equal(1, stats.segments);
    assert_int_equal(0, stats.deleted);
    assert_right(f);
    assert_sound(f);
    put_random(f, &random, 4); /* and goes on as ever */
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    fixture_close(f);
    fixture_open(f);
    assert_right(f);
    assert_sound(f);
}

static void an_index_that_is_searched_is_not_compacted(void **state)
{
    struct fixture *f = *state;
    struct index_compacted done;
    struct snapshot *snapshot = acquire(f);
    struct error err;

    assert_refused(AF_BUSY, index_compact(f->index, NULL, NULL, &done, &err));
    snapshot_release(snapshot);
    assert_ok(index_compact(f->index, NULL, NULL, &done, &err));
}

/* The child has the index open until it is told to end. */
static pid_t open_elsewhere(struct fixture *f, int ready[2], int stop[2])
{
    pid_t child;
    char byte;

    assert_int_equal(0, pipe(ready));
    assert_int_equal(0, pipe(stop));
    child = env_fork();
    if (child == 0) {
        struct store *store;
        struct index *index;
        struct error err;

        if (store_open(f->dir, STORE_READ, &store, &err) != AF_OK ||
            index_open(store, STORE_READ, &index, &err) != AF_OK)
            _exit(1);
        (void)!write(ready[1], "r", 1);
        (void)!read(stop[0], &byte, 1);
        _exit(0);
    }
    assert_int_equal(1, read(ready[0], &byte, 1));
    return child;
}

static void a_file_that_another_program_has_open_keeps_its_size(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct index_compacted done;
    struct error err;
    int ready[2], stop[2], status;
    pid_t child;

    put_random(f, &random, 1);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    child = open_elsewhere(f, ready, stop);
    assert_refused(AF_BUSY, index_compact(f->index, NULL, NULL, &done, &err));
    assert_int_equal(done.bytes_before, done.bytes_after);
    assert_right(f);
    assert_int_equal(1, write(stop[1], "s", 1));
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    assert_ok(index_compact(f->index, NULL, NULL, &done, &err));
    assert_right(f);
    assert_sound(f);
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(stop[i]);
    }
}

static void what_a_killed_compact_left_is_removed(void **state)
{
    struct fixture *f = *state;
    char path[512];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/index/" INDEX_COPY_NAME, f->dir);
    file = fopen(path, "w");
    assert_non_null(file);
    (void)fclose(file);
    fixture_close(f);
    fixture_open(f);
    assert_int_not_equal(0, access(path, F_OK));
    assert_right(f);
}

/* --- while others go on --- */

struct others {
    struct fixture *f;
    atomic_bool stop;
    atomic_uint wrong;
};

static void *read_on(void *context)
{
    struct others *others = context;

    while (!others->stop) {
        struct snapshot *snapshot;

        if (snapshot_acquire(others->f->index, NULL, &snapshot, NULL) != AF_OK)
            others->wrong++;
        else
            snapshot_release(snapshot);
    }
    return NULL;
}

static void *flush_on(void *context)
{
    struct others *others = context;

    while (!others->stop)
        if (index_flush(others->f->index, NULL, NULL, NULL) != AF_OK)
            others->wrong++;
    return NULL;
}

static void cases_are_saved_and_found_while_an_index_is_built(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct others others = {.f = f};
    pthread_t threads[2];

    begin_index(f, 3, 0);
    assert_int_equal(0, pthread_create(&threads[0], NULL, read_on, &others));
    assert_int_equal(0, pthread_create(&threads[1], NULL, flush_on, &others));
    for (int i = 0; i < 200; i++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        if (i % 10 == 0)
            assert_right(f);
    }
    others.stop = true;
    for (int i = 0; i < 2; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    assert_int_equal(0, others.wrong);
    assert_right(f);
    assert_sound(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_number_of_threads_builds_the_same),
        TEST(a_history_built_in_bulk_is_what_the_cases_say),
        TEST(a_journal_without_findable_cases_makes_no_segment),
        TEST(progress_rises_to_its_end),
        TEST(a_spill_that_cannot_be_written_leaves_the_index_as_it_was),
        TEST(a_map_that_is_full_grows_while_an_index_is_built),
        TEST(a_map_that_is_full_grows_while_cases_are_flushed),
        TEST(a_search_that_looks_at_the_file_keeps_its_map),
        TEST(compacting_leaves_one_segment_and_a_smaller_file),
        TEST(an_index_that_is_searched_is_not_compacted),
        TEST(a_file_that_another_program_has_open_keeps_its_size),
        TEST(what_a_killed_compact_left_is_removed),
        TEST(cases_are_saved_and_found_while_an_index_is_built),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
