/* What the store's side of an import costs, and reading what was imported: the figures of
 * data/README.md. Not a test: nothing is judged, and times differ from machine to machine.
 *
 *   make store-figures CORPUS=cases.jsonl */
#include "tests/cases.h"

#include "data/article_view.h"
#include "intake/import/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

/* CPU time of this thread. */
static double now_us(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* User and system time of all threads. */
static double process_us(void)
{
    struct rusage u;

    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

/* --- import ------------------------------------------------------------------------------- */

static void on_refused(void *context, const struct case_place *place, const char *reason)
{
    (void)context;
    (void)printf("%llu: %s\n", (unsigned long long)place->line, reason);
}

static void on_failed(void *context, const char *sentence)
{
    (void)context;
    (void)puts(sentence);
}

static uint64_t import(const char *dir, char *path)
{
    const struct import_options options = {
        .actor = "cli", .refused = on_refused, .failed = on_failed};
    struct import_files files = {0};
    struct import_result result;
    struct journal *journal;
    struct store *store;
    struct stat st;
    struct error err;
    char file[300];
    double start = process_us();

    assert_ok(store_open(dir, STORE_WRITE, &store, &err));
    assert_ok(journal_open(store, cases_kinds, &journal, &err));
    assert_ok(import_files_add(&files, path, &err));
    assert_ok(import_run(store, journal, &options, &files, &result, &err));
    journal_close(journal);
    store_close(store);
    import_files_release(&files);
    (void)snprintf(file, sizeof file, "%s/store/data.mdb", dir);
    assert_int_equal(0, stat(file, &st));
    (void)printf("import without index  %8.2f us a case, %llu cases\n",
                 (process_us() - start) / (double)result.read, (unsigned long long)result.read);
    (void)printf("store                 %8.1f MB\n", (double)st.st_size / 1e6);
    return result.added;
}

/* --- reading ------------------------------------------------------------------------------ */

static enum status count_view(void *context, const struct article_ref *ref,
                              const struct article_view *view, struct error *err)
{
    (void)ref;
    (void)view;
    (void)err;
    ++*(uint64_t *)context;
    return AF_OK;
}

static void view_all(struct store *store)
{
    struct journal_head head;
    struct txn *txn;
    struct error err;
    uint64_t count = 0;
    double start;

    assert_ok(store_begin_read(store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    start = now_us();
    for (uint64_t seq = 1; seq <= head.seq; seq++) {
        arena_clear(txn_arena(txn));
        assert_ok(article_view_entry(txn, seq, count_view, &count, &err));
    }
    (void)printf("every case as ranges  %8.2f us a case\n", (now_us() - start) / (double)count);
    txn_abort(txn);
}

static void read_ten(struct store *store, uint64_t cases)
{
    struct test_random random = {1};
    double best = 1e9;

    for (int round = 0; round < 1000; round++) {
        struct txn *txn;
        struct error err;
        double start = now_us();

        assert_ok(store_begin_read(store, &txn, &err));
        for (int i = 0; i < 10; i++) {
            uint32_t no = 1 + test_random_below(&random, (uint32_t)cases);
            struct article_ref ref;
            struct bytes id, text;

            assert_ok(article_id_of(txn, no, &id, &err));
            assert_ok(article_find(txn, id, &ref, &err));
            assert_ok(article_text(txn, &ref, &text, &err));
        }
        txn_abort(txn);
        if (now_us() - start < best)
            best = now_us() - start;
    }
    (void)printf("ten cases by chance   %8.1f us, the best of 1000\n", best);
}

/* --- JSON --------------------------------------------------------------------------------- */

enum way { WAY_TREE, WAY_TEXT, WAY_RANGES };

/* Compact lines, so that each way may read them. */
static void read_line(struct bytes line, enum way way, struct buf *out)
{
    struct article_view view;
    struct error err;
    json_t *json;

    if (way == WAY_TREE) {
        assert_ok(json_parse(line, &json, &err));
        json_decref(json);
    } else if (way == WAY_TEXT) {
        buf_clear(out);
        assert_true(jsontext_compact(line, out));
    } else {
        assert_true(article_view_of(line, &view));
    }
}

static void read_lines(struct bytes text, enum way way, const char *name)
{
    struct buf out = {0};
    const uint8_t *end = text.data + text.len, *at = text.data, *lf;
    double start = now_us();

    for (; (lf = memchr(at, '\n', (size_t)(end - at))) != NULL; at = lf + 1)
        read_line(bytes_of(at, (size_t)(lf - at)), way, &out);
    (void)printf("%-20s  %8.0f MB/s\n", name, (double)text.len / (now_us() - start));
    buf_release(&out);
}

static void parse_lines(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct buf text = {0};
    char *line = NULL;
    size_t room = 0;
    ssize_t len;

    assert_non_null(file);
    while (text.len < 20u << 20 && (len = getline(&line, &room, file)) > 0) {
        assert_true(jsontext_compact(bytes_of(line, (size_t)len), &text));
        buf_add_u8(&text, '\n');
    }
    read_lines(buf_bytes(&text), WAY_TREE, "a line to a tree");
    read_lines(buf_bytes(&text), WAY_TEXT, "to compact text");
    read_lines(buf_bytes(&text), WAY_RANGES, "its members as ranges");
    buf_release(&text);
    free(line);
    (void)fclose(file);
}

int main(int argc, char **argv)
{
    char *dir = test_dir_new();
    struct store *store;
    struct error err;
    uint64_t cases;

    if (argc != 2) {
        (void)fprintf(stderr, "usage: store_figures CASES.jsonl\n");
        return 2;
    }
    cases = import(dir, argv[1]);
    assert_ok(store_open(dir, STORE_READ, &store, &err));
    view_all(store);
    read_ten(store, cases);
    store_close(store);
    parse_lines(argv[1]);
    test_dir_remove(dir);
    return 0;
}
