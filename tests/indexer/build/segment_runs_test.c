#include "tests/indexer/rows.h"

#include "indexer/build/segment_build.h"
#include "indexer/build/segment_runs.h"

#include <unistd.h>

#define RUNS 9
#define RUN_CASES 25

struct fixture {
    char *dir;
    struct analyzer *analyzer;
    struct stemmer *stemmer;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    assert_ok(hash_start(&err));
    f->dir = test_dir_new();
    assert_ok(analyzer_new(&f->analyzer, &err));
    assert_ok(stemmer_new(&f->stemmer, &err));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    stemmer_free(f->stemmer);
    analyzer_free(f->analyzer);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

/* --- runs --------------------------------------------------------------------------------- */

struct made {
    struct run_store store;
    struct run runs[RUNS];
};

static void add_case(struct segment_builder *builder, struct test_random *random, uint32_t no)
{
    struct article_ref ref = {.no = no, .version = 1, .seq = no};
    struct article_view view;
    struct buf text = {0};
    struct error err;
    json_t *article;
    char id[16];

    (void)snprintf(id, sizeof id, "case-%u", (unsigned)no);
    article = random_case(random, id);
    assert_ok(json_write(article, false, &text, &err));
    assert_true(article_view_of(buf_bytes(&text), &view));
    assert_ok(segment_builder_add(builder, &ref, &view, &err));
    json_decref(article);
    buf_release(&text);
}

/* The same cases every time. */
static void make(const struct fixture *f, uint64_t seed, size_t bytes_max, struct made *made)
{
    struct test_random random = {seed};
    struct segment_builder *builder;
    struct error err;

    run_store_init(&made->store, f->dir, bytes_max);
    made->store.block_bytes = 200; /* so that a few cases are cut into many ranges */
    assert_ok(segment_builder_new(f->analyzer, &made->store, &builder, &err));
    for (uint32_t i = 0; i < RUNS; i++) {
        for (uint32_t j = 0; j < RUN_CASES; j++)
            add_case(builder, &random, i * RUN_CASES + j);
        assert_ok(segment_builder_end(builder, &made->runs[i], &err));
        assert_true(made->runs[i].terms.count > 20);
    }
    segment_builder_free(builder);
}

static void made_release(struct made *made)
{
    for (int i = 0; i < RUNS; i++)
        run_release(&made->runs[i]);
    assert_int_equal(0, made->store.bytes);
    run_store_release(&made->store);
}

/* --- what comes out ----------------------------------------------------------------------- */

/* Every value in the order it was put, until one cannot be. */
struct puts {
    struct buf log;
    uint32_t count, fails_at;
};

static enum status put(void *context, enum image_kind kind, struct bytes key, struct bytes body,
                       struct error *err)
{
    struct puts *puts = context;

    if (++puts->count == puts->fails_at)
        return error_set(err, AF_FULL, "no room for this value");
    buf_add_u8(&puts->log, (uint8_t)kind);
    buf_add(&puts->log, key);
    buf_add(&puts->log, body);
    return AF_OK;
}

struct told {
    uint64_t done;
    uint32_t calls;
};

static void on_progress(void *context, uint64_t done, uint64_t all)
{
    struct told *told = context;

    assert_true(done >= told->done && done <= all);
    *told = (struct told){done, told->calls + 1};
}

static enum status join(const struct fixture *f, struct made *made, unsigned threads,
                        struct puts *puts, struct told *told, struct error *err)
{
    const struct segment_runs runs = {
        .store = &made->store,
        .runs = made->runs,
        .count = RUNS,
        .stemmer = f->stemmer,
        .threads = threads,
        .progress = on_progress,
        .context = told,
    };

    return segment_from_runs(&runs, (struct image_sink){put, puts}, err);
}

static void any_number_of_threads_puts_the_same_values(void **state)
{
    static const unsigned threads[] = {1, 2, 3, 4, 7, 16};
    const uint64_t seed = test_random_new().state;
    struct fixture *f = *state;
    struct puts first = {0};

    for (size_t i = 0; i < 2 * sizeof threads / sizeof *threads; i++) {
        unsigned n = threads[i / 2];
        struct puts again = {0};
        struct told told = {0};
        struct made made;
        struct error err;

        make(f, seed, i % 2 == 0 ? SIZE_MAX : 30000, &made); /* all in memory; most of it spilled */
        assert_ok(join(f, &made, n, &again, &told, &err));
        if (n > 1)
            assert_true(told.calls >= RUNS + 5); /* documents of each run, then ranges */
        made_release(&made);
        if (i == 0) {
            assert_true(again.count >= 10);
            first = again;
            continue;
        }
        assert_bytes_equal(buf_bytes(&first.log), buf_bytes(&again.log));
        buf_release(&again.log);
    }
    buf_release(&first.log);
}

static void whoever_fails_ends_all_threads(void **state)
{
    struct fixture *f = *state;

    for (uint32_t at = 1; at < 20; at++) {
        struct puts puts = {.fails_at = at};
        struct told told = {0};
        struct made made;
        struct error err;
        enum status status;

        make(f, 7, SIZE_MAX, &made);
        status = join(f, &made, 1 + at % 4, &puts, &told, &err);
        assert_int_equal(puts.count < at ? AF_OK : AF_FULL, status);
        made_release(&made);
        buf_release(&puts.log);
    }
}

/* Met by the thread that has this range, which is not always the one that writes. */
static void damage_in_the_file_for_sorting_is_refused(void **state)
{
    struct fixture *f = *state;

    for (int place = 1; place < 10; place++) {
        struct puts puts = {0};
        struct told told = {0};
        struct made made;
        struct error err;
        uint8_t byte;
        off_t at;

        make(f, 7, 0, &made);
        at = (off_t)(made.store.file_bytes / 10) * place;
        assert_int_equal(1, pread(made.store.fd, &byte, 1, at));
        byte ^= 4;
        assert_int_equal(1, pwrite(made.store.fd, &byte, 1, at));
        assert_refused(AF_IO, join(f, &made, 3, &puts, &told, &err));
        made_release(&made);
        buf_release(&puts.log);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(any_number_of_threads_puts_the_same_values),
        TEST(whoever_fails_ends_all_threads),
        TEST(damage_in_the_file_for_sorting_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
