#include "tests/harness.h"

#include "data/dump.h"
#include "tests/fault/scenario.h"

#include <stdio.h>
#include <unistd.h>

enum { STEPS = 300 };

struct fixture {
    char *dir, *copy_dir;
    struct scenario s, copy;
    struct buf text; /* the dump */
};

static void read_all(FILE *file, struct buf *out)
{
    int c;

    rewind(file);
    buf_clear(out);
    while ((c = getc(file)) != EOF)
        buf_add_u8(out, (uint8_t)c);
    assert_true(buf_ok(out));
}

static FILE *file_of(struct bytes text)
{
    FILE *file = tmpfile();

    assert_non_null(file);
    assert_int_equal(text.len, fwrite(text.data, 1, text.len, file));
    rewind(file);
    return file;
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;
    FILE *file = tmpfile();

    f->dir = test_dir_new();
    f->copy_dir = test_dir_new();
    assert_ok(scenario_open(&f->s, f->dir, &err));
    assert_ok(scenario_open(&f->copy, f->copy_dir, &err));
    for (unsigned i = 1; i <= STEPS; i++) {
        uint64_t seq;
        bool repeated;

        assert_ok(scenario_step(&f->s, "a", i, &seq, &repeated, &err));
    }
    assert_non_null(file);
    assert_ok(dump_write(f->s.store, file, NULL, NULL, &err));
    read_all(file, &f->text);
    assert_int_equal(0, fclose(file));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    scenario_close(&f->s);
    scenario_close(&f->copy);
    test_dir_remove(f->dir);
    test_dir_remove(f->copy_dir);
    buf_release(&f->text);
    free(f);
    return 0;
}

static enum status load(struct fixture *f, struct bytes text, uint64_t *entries, struct error *err)
{
    FILE *file = file_of(text);
    enum status status = dump_load(f->copy.store, f->copy.journal, file, NULL, NULL, entries, err);

    assert_int_equal(0, fclose(file));
    return status;
}

static void demand_same_tables(struct fixture *f)
{
    struct txn *one, *other;
    struct error err;

    assert_ok(store_begin_read(f->s.store, &one, &err));
    assert_ok(store_begin_read(f->copy.store, &other, &err));
    for (int i = TABLE_META + 1; i < TABLE_COUNT; i++) {
        assert_int_equal(store_sum(one, (enum table)i).count,
                         store_sum(other, (enum table)i).count);
        assert_true(store_sum(one, (enum table)i).sum == store_sum(other, (enum table)i).sum);
    }
    txn_abort(one);
    txn_abort(other);
}

static void a_loaded_dump_is_the_same_store_and_dumps_the_same(void **state)
{
    struct fixture *f = *state;
    struct check_counts counts;
    struct buf again = {0};
    struct error err;
    uint64_t entries;
    FILE *file;
    const uint8_t *first, *second;

    assert_ok(load(f, buf_bytes(&f->text), &entries, &err));
    assert_int_equal(STEPS, entries);
    assert_ok(scenario_check(f->copy.store, &counts, &err));
    demand_same_tables(f);
    file = tmpfile();
    assert_non_null(file);
    assert_ok(dump_write(f->copy.store, file, NULL, NULL, &err));
    read_all(file, &again);
    assert_int_equal(0, fclose(file));
    /* All but the header, which tells its time. */
    first = memchr(f->text.data, '\n', f->text.len);
    second = memchr(again.data, '\n', again.len);
    assert_bytes_equal(bytes_of(first, f->text.len - (size_t)(first - f->text.data)),
                       bytes_of(second, again.len - (size_t)(second - again.data)));
    buf_release(&again);
}

static void a_store_with_entries_takes_no_dump(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint64_t entries;

    assert_ok(load(f, buf_bytes(&f->text), &entries, &err));
    assert_refused(AF_CONFLICT, load(f, buf_bytes(&f->text), &entries, &err));
}

static void demand_empty(struct fixture *f)
{
    struct journal_head head;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(f->copy.store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    assert_int_equal(0, head.seq);
    txn_abort(txn);
}

static void a_dump_cut_off_anywhere_loads_nothing(void **state)
{
    struct fixture *f = *state;
    struct error err;
    uint64_t entries;

    for (size_t len = 0; len < f->text.len; len += len < 2000 ? 1 : 4999) {
        enum status status;

        err.text[0] = '\0';
        status = load(f, bytes_of(f->text.data, len), &entries, &err);
        assert_true(status == AF_CORRUPT || status == AF_INVALID);
        assert_true(err.text[0] != '\0');
        assert_int_equal(0, entries);
    }
    assert_refused(AF_CORRUPT, load(f, bytes_of(f->text.data, f->text.len - 1), &entries, &err));
    demand_empty(f);
}

static void a_dump_with_a_flipped_byte_loads_nothing(void **state)
{
    struct fixture *f = *state;
    const uint8_t *newline = memchr(f->text.data, '\n', f->text.len);
    size_t header = (size_t)(newline - f->text.data);
    struct error err;
    uint64_t entries;

    for (size_t at = header + 1; at < f->text.len; at += at < header + 1000 ? 1 : 1999) {
        enum status status;

        f->text.data[at] ^= 1;
        err.text[0] = '\0';
        status = load(f, buf_bytes(&f->text), &entries, &err);
        f->text.data[at] ^= 1;
        if (status != AF_CORRUPT)
            fail_msg("byte %zu flipped: %s", at, status_name(status));
        assert_true(err.text[0] != '\0');
    }
    demand_empty(f);
}

static void a_piped_dump_that_ends_early_says_what_was_loaded(void **state)
{
    struct fixture *f = *state;
    size_t len = f->text.len * 2 / 3;
    struct error err;
    uint64_t entries;
    FILE *file;
    int ends[2];
    pid_t pid;

    assert_int_equal(0, pipe(ends));
    pid = fork();
    if (pid == 0) {
        close(ends[0]);
        for (size_t at = 0; at < len;) {
            ssize_t n = write(ends[1], f->text.data + at, len - at);

            if (n <= 0)
                _exit(1);
            at += (size_t)n;
        }
        _exit(0);
    }
    close(ends[1]);
    file = fdopen(ends[0], "r");
    assert_non_null(file);
    assert_refused(AF_CORRUPT,
                   dump_load(f->copy.store, f->copy.journal, file, NULL, NULL, &entries, &err));
    assert_non_null(strstr(err.text, "entries were loaded"));
    assert_true(entries > 0 && entries < STEPS);
    assert_int_equal(0, fclose(file));
}

static void what_is_no_dump_or_a_newer_one_is_refused(void **state)
{
    static const struct {
        const char *text;
        enum status status;
    } rows[] = {
        {"",                                                                         AF_INVALID},
        {"\n",                                                                       AF_INVALID},
        {"{\"id\":\"A\",\"title\":\"a case\"}\n",                                    AF_INVALID},
        {"[]\n",                                                                     AF_INVALID},
        {"{\"askfirst_dump\":1,\"format\":2,\"head_seq\":0}\n",                      AF_NEWER  },
        {"{\"askfirst_dump\":1,\"format\":1,\"head_seq\":0}\n",                      AF_CORRUPT},
        {"{\"askfirst_dump\":1,\"format\":1,\"head_seq\":0,\"head_hash\":\"00\"}\n", AF_CORRUPT},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct error err;
        uint64_t entries;

        assert_refused(rows[i].status, load(f, bytes_str(rows[i].text), &entries, &err));
    }
    demand_empty(f);
}

static void cases_come_out_as_import_takes_them(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};
    FILE *file = tmpfile();
    uint64_t cases, lines = 0;
    struct check_counts counts;
    struct error err;
    struct reader r;

    assert_non_null(file);
    assert_ok(dump_write_cases(f->s.store, file, &cases, &err));
    read_all(file, &text);
    assert_int_equal(0, fclose(file));
    r = reader_of(buf_bytes(&text));
    while (reader_left(&r) > 0) {
        const uint8_t *end = memchr(r.at, '\n', reader_left(&r));
        struct bytes line;
        json_t *json;

        assert_non_null(end);
        assert_true(reader_take(&r, (size_t)(end - r.at), &line));
        r.at++;
        assert_ok(json_parse(line, &json, &err));
        assert_true(json_get_str(json, "id")[0] == 'C');
        json_decref(json);
        lines++;
    }
    assert_ok(scenario_check(f->s.store, &counts, &err));
    assert_int_equal(counts.values[TABLE_ARTICLE], cases);
    assert_int_equal(cases, lines);
    buf_release(&text);
}

static void a_dump_onto_a_full_disk_is_noticed(void **state)
{
    struct fixture *f = *state;
    FILE *full = fopen("/dev/full", "w");
    struct error err;

    if (full == NULL)
        skip();
    assert_refused(AF_FULL, dump_write(f->s.store, full, NULL, NULL, &err));
    (void)fclose(full);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_loaded_dump_is_the_same_store_and_dumps_the_same),
        TEST(a_store_with_entries_takes_no_dump),
        TEST(a_dump_cut_off_anywhere_loads_nothing),
        TEST(a_dump_with_a_flipped_byte_loads_nothing),
        TEST(a_piped_dump_that_ends_early_says_what_was_loaded),
        TEST(what_is_no_dump_or_a_newer_one_is_refused),
        TEST(cases_come_out_as_import_takes_them),
        TEST(a_dump_onto_a_full_disk_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
