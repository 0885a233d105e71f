#include "tests/indexer/index_fixture.h"

#include "data/base/limits.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <unistd.h>

static void an_empty_store_has_an_empty_index(void **state)
{
    struct fixture *f = *state;
    struct snapshot *snapshot = acquire(f);
    struct error err;

    assert_int_equal(0, snapshot_segments(snapshot));
    assert_int_equal(0, snapshot_totals(snapshot).docs_all);
    snapshot_release(snapshot);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_sound(f);
}

static void a_case_is_there_when_its_save_has_returned(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();

    for (uint32_t i = 0; i < 20; i++) {
        put_random(f, &random, i);
        assert_right(f);
    }
}

/* A search has followed the journal already when the flush comes: what it made must go to disk
 * as well, or it would be made again at every start. */
static void what_a_search_brought_into_memory_is_flushed(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct index_stats stats;
    struct error err;

    put_random(f, &random, 1);
    snapshot_release(acquire(f));
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_ok(index_stats(f->index, &stats, &err));
    assert_true(stats.covers_seq > 0);
    assert_int_equal(stats.covers_seq, stats.disk_covers_seq);
}

static void a_snapshot_does_not_change(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct snapshot *before;
    struct rows then, now;
    struct error err;

    for (uint32_t i = 0; i < 12; i++)
        put_random(f, &random, i);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    before = acquire(f);
    then = naive_rows(f);
    for (uint32_t i = 0; i < 12; i++) {
        put_random(f, &random, i);
        assert_right(f);
    }
    assert_ok(index_flush(f->index, NULL, NULL, &err)); /* merges away what `before` reads */
    assert_right(f);
    now = rows_of_snapshot(before);
    assert_rows_equal(&then, &now);
    snapshot_release(before);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_sound(f);
}

static void remove_index(struct fixture *f)
{
    char *path = malloc(4096);

    (void)snprintf(path, 4096, "%s/index", f->dir);
    test_dir_remove(path); /* frees the name */
}

/* The whole life at random: saves, hidings, flushes, reopenings, with and without
 * the index that was there. */
static void any_history_gives_what_the_cases_say(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (int step = 0; step < 400; step++) {
        uint32_t what = test_random_below(&random, 100);

        if (what < 70)
            put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        else if (what < 80)
            snapshot_release(acquire(f));
        else if (what < 92)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
        else if (what < 98) {
            fixture_close(f);
            fixture_open(f);
        } else if (what < 99) {
            fixture_close(f);
            remove_index(f);
            fixture_open(f);
        }
        if (test_random_below(&random, 12) == 0)
            assert_right(f);
    }
    assert_right(f);
    assert_sound(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    assert_sound(f);
}

static void segments_stay_few(void **state)
{
    struct fixture *f = *state;
    struct test_random random = {5};
    struct error err;
    struct index_stats stats;

    for (int round = 0; round < 100; round++) { /* in memory: a segment a save, merged by eights */
        put_random(f, &random, (uint32_t)round % FIXTURE_CASES);
        stats = stats_of(f);
        assert_true(stats.segments <= 22);
    }
    for (int round = 0; round < 40; round++) { /* on disk */
        put_random(f, &random, (uint32_t)round % FIXTURE_CASES);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        stats = stats_of(f);
        assert_true(stats.segments <= 22);
        assert_true(stats.deleted * 100 <= (stats.docs + stats.deleted) * 40);
    }
    assert_right(f);
}

static void put_and_flush(struct fixture *f, const char *id, const char *title)
{
    struct error err;

    put_article(f, json_pack("{s:s,s:s,s:s}", "id", id, "lang", "en", "title", title));
    assert_ok(index_flush(f->index, NULL, NULL, &err));
}

static void segments_of_a_size_become_one_and_one_with_many_dead_is_written_anew(void **state)
{
    const unsigned kept = INDEX_TIER * INDEX_DEAD_PERCENT / 100;
    struct fixture *f = *state;
    char id[16];

    for (unsigned i = 1; i <= INDEX_TIER; i++) {
        (void)snprintf(id, sizeof id, "%u", i);
        put_and_flush(f, id, "first");
        assert_int_equal(i < INDEX_TIER ? i : 1, stats_of(f).segments);
    }
    for (unsigned i = 1; i <= kept + 1; i++) {
        (void)snprintf(id, sizeof id, "%u", i);
        put_and_flush(f, id, "second");
        assert_int_equal(i <= kept ? i : 0, stats_of(f).deleted);
    }
}

static void unused_segments_leave_the_file(void **state)
{
    struct fixture *f = *state;
    struct test_random random = {5};
    struct error err;
    uint64_t first = 0;
    char path[4096];

    for (int round = 0; round < 60; round++) {
        FILE *file;

        put_random(f, &random, (uint32_t)round % 8);
        assert_ok(index_flush(f->index, NULL, NULL, &err));
        (void)snprintf(path, sizeof path, "%s/index/data.mdb", f->dir);
        file = fopen(path, "rb");
        assert_non_null(file);
        assert_int_equal(0, fseek(file, 0, SEEK_END));
        if (round == 19)
            first = (uint64_t)ftell(file);
        if (round > 19)
            assert_true((uint64_t)ftell(file) <= 2 * first);
        (void)fclose(file);
    }
}

static void reopening_reads_the_disk_and_not_the_journal(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;
    uint64_t covers;

    for (uint32_t i = 0; i < FIXTURE_CASES; i++)
        put_random(f, &random, i);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    covers = stats_of(f).covers_seq;
    fixture_close(f);
    fixture_open(f);
    assert_int_equal(1, stats_of(f).segments); /* memory segments would be more */
    assert_int_equal(covers, stats_of(f).covers_seq);
    assert_right(f);
}

/* --- what may be missing or foreign --- */

static void a_removed_index_is_made_again(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (uint32_t i = 0; i < 30; i++)
        put_random(f, &random, i);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    fixture_close(f);
    remove_index(f);
    fixture_open(f);
    assert_right(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    assert_sound(f);
}

static void a_reader_without_an_index_holds_all_in_memory(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;
    char path[4096];

    for (uint32_t i = 0; i < 30; i++)
        put_random(f, &random, i);
    index_close(f->index);
    remove_index(f);
    assert_ok(index_open(f->store, STORE_READ, &f->index, &err));
    assert_right(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err)); /* does nothing */
    assert_right(f);
    (void)snprintf(path, sizeof path, "%s/index", f->dir);
    assert_int_not_equal(0, access(path, F_OK));
}

static void a_reader_uses_the_index_that_is_there(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;

    for (uint32_t i = 0; i < 30; i++)
        put_random(f, &random, i);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    index_close(f->index);
    assert_ok(index_open(f->store, STORE_READ, &f->index, &err));
    assert_int_equal(1, stats_of(f).segments);
    put_random(f, &random, 3);
    assert_right(f);
    assert_sound(f);
}

static void an_index_of_another_journal_is_not_believed(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;
    char from[4096], to[4096];
    char *other_dir;

    for (uint32_t i = 0; i < 10; i++)
        put_random(f, &random, i);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    fixture_close(f);
    other_dir = f->dir;
    f->dir = test_dir_new();
    fixture_open(f);
    for (uint32_t i = 0; i < 12; i++)
        put_random(f, &random, i);
    fixture_close(f);
    for (uint32_t i = 0; i < FIXTURE_CASES; i++)
        assert_true(i < 12 || f->cases[i] == NULL);
    remove_index(f);
    (void)snprintf(from, sizeof from, "%s/index", other_dir);
    (void)snprintf(to, sizeof to, "%s/index", f->dir);
    assert_int_equal(0, rename(from, to));
    test_dir_remove(other_dir);
    fixture_open(f);
    assert_right(f);
    assert_ok(index_flush(f->index, NULL, NULL, &err));
    assert_right(f);
    assert_sound(f);
}

/* --- more than one at a time --- */

static char wait_for(int fd)
{
    char c = 0;

    assert_int_equal(1, read(fd, &c, 1));
    return c;
}

static void say(int fd, char c)
{
    assert_int_equal(1, write(fd, &c, 1));
}

/* The other process: each 'p' puts eight cases of its own, 'f' flushes, 'q' ends. */
static void other_process(const char *dir, int in, int out)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;
    uint32_t next = 0;
    char c;

    f->dir = strdup(dir);
    fixture_open(f);
    while ((c = wait_for(in)) != 'q') {
        for (int i = 0; c == 'p' && i < 8; i++) {
            char id[32];

            (void)snprintf(id, sizeof id, "other-%u", (unsigned)next++);
            put_article(f, json_pack("{s:s,s:s,s:s}", "id", id, "lang", "en", "title",
                                     "from the other side"));
        }
        if (c == 'f')
            assert_ok(index_flush(f->index, NULL, NULL, &err));
        say(out, c);
    }
    fixture_close(f);
    _exit(0);
}

static void two_processes_see_each_others_saves(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct error err;
    int to[2], from[2], status;
    uint32_t others = 0, mine = 0;
    pid_t child;

    fixture_close(f); /* nothing may be open across a fork */
    assert_int_equal(0, pipe(to));
    assert_int_equal(0, pipe(from));
    child = fork();
    assert_true(child >= 0);
    if (child == 0)
        other_process(f->dir, to[0], from[1]);
    fixture_open(f);
    for (int round = 0; round < 60; round++) {
        struct snapshot *held = acquire(f);
        char what = test_random_below(&random, 2) == 0 ? 'p' : 'f';

        say(to[1], what);
        if (test_random_below(&random, 3) == 0) /* at the same time */
            assert_ok(index_flush(f->index, NULL, NULL, &err));
        assert_int_equal(what, wait_for(from[0]));
        others += what == 'p' ? 8 : 0;
        if (test_random_below(&random, 2) == 0) {
            put_random(f, &random, mine % FIXTURE_CASES);
            mine++;
        }
        snapshot_release(held);
        held = acquire(f);
        status = 0;
        for (int i = 0; i < FIXTURE_CASES; i++)
            status += f->cases[i] != NULL;
        assert_int_equal(others + (uint32_t)status, snapshot_totals(held).docs);
        snapshot_release(held);
    }
    assert_sound(f);
    say(to[1], 'q');
    assert_int_equal(child, waitpid(child, &status, 0));
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(to[0]);
    close(to[1]);
    close(from[0]);
    close(from[1]);
}

struct reading {
    struct fixture *f;
    atomic_bool stop;
    atomic_uint rounds;
    atomic_uint wrong;
};

/* Every snapshot must be whole: each case once, and its document readable. */
static void *read_again_and_again(void *context)
{
    struct reading *r = context;

    while (!r->stop) {
        struct snapshot *snapshot = NULL;
        struct txn *txn = NULL;
        uint32_t seen[FIXTURE_CASES + 1] = {0};

        if (store_begin_read(r->f->store, &txn, NULL) != AF_OK ||
            snapshot_acquire(r->f->index, txn, &snapshot, NULL) != AF_OK) {
            r->wrong++;
            txn_abort(txn);
            return NULL;
        }
        txn_abort(txn);
        for (uint32_t s = 0; s < snapshot_segments(snapshot); s++) {
            const struct segment *segment = snapshot_segment(snapshot, s);
            struct document document;

            for (uint32_t doc = 0; doc < segment_docs(segment); doc++) {
                if (!segment_is_live(segment, doc))
                    continue;
                if (segment_document(segment, doc, &document, NULL) != AF_OK ||
                    document.no > FIXTURE_CASES || seen[document.no]++ > 0)
                    r->wrong++;
            }
        }
        snapshot_release(snapshot);
        r->rounds++;
    }
    return NULL;
}

static void readers_go_on_while_the_index_is_written(void **state)
{
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    struct reading reading = {.f = f};
    pthread_t threads[3];
    struct error err;

    for (int i = 0; i < 3; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, read_again_and_again, &reading));
    for (int round = 0; round < 150; round++) {
        put_random(f, &random, test_random_below(&random, FIXTURE_CASES));
        if (round % 5 == 0)
            assert_ok(index_flush(f->index, NULL, NULL, &err));
    }
    reading.stop = true;
    for (int i = 0; i < 3; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    assert_int_equal(0, reading.wrong);
    assert_true(reading.rounds > 0);
    assert_right(f);
    assert_sound(f);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_set_up, fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(an_empty_store_has_an_empty_index),
        TEST(a_case_is_there_when_its_save_has_returned),
        TEST(what_a_search_brought_into_memory_is_flushed),
        TEST(a_snapshot_does_not_change),
        TEST(any_history_gives_what_the_cases_say),
        TEST(segments_stay_few),
        TEST(segments_of_a_size_become_one_and_one_with_many_dead_is_written_anew),
        TEST(unused_segments_leave_the_file),
        TEST(reopening_reads_the_disk_and_not_the_journal),
        TEST(a_removed_index_is_made_again),
        TEST(a_reader_without_an_index_holds_all_in_memory),
        TEST(a_reader_uses_the_index_that_is_there),
        TEST(an_index_of_another_journal_is_not_believed),
        TEST(two_processes_see_each_others_saves),
        TEST(readers_go_on_while_the_index_is_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
