#include "tests/cases.h"
#include "tests/intake/import/fixture.h"

#include "data/base/limits.h"
#include "intake/import/import.h"

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
    struct buf refused; /* "LINE LINE …" */
    unsigned failed;
    volatile sig_atomic_t stop;
    uint64_t stop_after; /* cases; 0: never */
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->dir = test_dir_new();
    assert_ok(hash_start(&err));
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, cases_kinds, &f->journal, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    journal_close(f->journal);
    store_close(f->store);
    buf_release(&f->refused);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static void on_refused(void *context, const struct case_place *place, const char *reason)
{
    struct fixture *f = context;

    assert_true(reason[0] != '\0');
    buf_printf(&f->refused, "%llu ", (unsigned long long)place->line);
}

static void on_failed(void *context, const char *sentence)
{
    struct fixture *f = context;

    assert_true(sentence[0] != '\0');
    f->failed++;
}

static void on_progress(void *context, const struct import_progress *progress)
{
    struct fixture *f = context;

    if (f->stop_after > 0 && progress->cases >= f->stop_after)
        f->stop = 1;
}

/* Imports this text as a JSONL file. */
static struct import_result import(struct fixture *f, struct bytes text)
{
    const struct import_options options = {.actor = "cli",
                                           .stop = &f->stop,
                                           .context = f,
                                           .refused = on_refused,
                                           .progress = on_progress,
                                           .failed = on_failed};
    struct import_files files = {0};
    struct import_result result;
    struct error err;
    char *path = put_file(f->dir, "cases.jsonl", text);

    assert_ok(import_files_add(&files, path, &err));
    assert_ok(import_run(f->store, f->journal, &options, &files, &result, &err));
    import_files_release(&files);
    free(path);
    return result;
}

static void assert_result(struct import_result result, uint64_t read, uint64_t added,
                          uint64_t updated, uint64_t unchanged, uint64_t rejected)
{
    assert_int_equal(read, result.read);
    assert_int_equal(added, result.added);
    assert_int_equal(updated, result.updated);
    assert_int_equal(unchanged, result.unchanged);
    assert_int_equal(rejected, result.rejected);
}

static uint64_t journal_seq(struct fixture *f)
{
    struct journal_head head;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    txn_abort(txn);
    return head.seq;
}

static char *stored_title(struct fixture *f, const char *id)
{
    struct article_ref ref;
    struct error err;
    struct txn *txn;
    json_t *article;
    char *title;

    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(article_find(txn, bytes_str(id), &ref, &err));
    assert_ok(article_read(txn, &ref, &article, &err));
    title = strdup(json_get_str(article, "title"));
    json_decref(article);
    txn_abort(txn);
    return title;
}

static void the_same_again_changes_nothing_and_writes_nothing(void **state)
{
    struct fixture *f = *state;
    struct bytes text = BYTES_LIT("{\"id\":\"a\",\"title\":\"One\"}\n{\"title\":\"Without id\"}\n");
    uint64_t seq;

    assert_result(import(f, text), 2, 2, 0, 0, 0);
    seq = journal_seq(f);
    assert_result(import(f, text), 2, 0, 0, 2, 0);
    assert_int_equal(seq, journal_seq(f));
}

/* The store's version must not make the last line look unchanged while the one before it is
 * still on its way. */
static void there_and_back_in_one_file_ends_with_the_last_line(void **state)
{
    struct fixture *f = *state;
    char *title;

    (void)import(f, BYTES_LIT("{\"id\":\"a\",\"title\":\"One\"}\n"));
    assert_result(import(f, BYTES_LIT("{\"id\":\"a\",\"title\":\"Two\"}\n"
                                      "{\"id\":\"a\",\"title\":\"One\"}\n")),
                  2, 0, 2, 0, 0);
    title = stored_title(f, "a");
    assert_string_equal("One", title);
    free(title);
}

static void bad_lines_are_counted_and_the_others_stored(void **state)
{
    struct fixture *f = *state;

    assert_result(import(f, BYTES_LIT("{\"title\":\"One\"}\nrubbish\n\n{\"id\":\"x\"}\n"
                                      "{\"title\":\"Two\"}\n\xFF\n")),
                  5, 2, 0, 0, 3);
    assert_string_equal("2 4 6 ", buf_str(&f->refused));
}

/* Many batches: the order of the file is the order of the journal, whatever thread did what. */
static void numbers_follow_the_order_of_the_file(void **state)
{
    struct fixture *f = *state;
    const unsigned count = 3000;
    struct buf text = {0};
    struct error err;
    struct txn *txn;

    for (unsigned i = 0; i < count; i++)
        buf_printf(&text, "{\"id\":\"case-%u\",\"title\":\"Title %u\"}\n", i, i);
    assert_result(import(f, buf_bytes(&text)), count, count, 0, 0, 0);
    assert_true(journal_seq(f) >= count / 256);
    assert_ok(store_begin_read(f->store, &txn, &err));
    for (unsigned i = 0; i < count; i++) {
        char wanted[32];
        struct bytes id;

        assert_ok(article_id_of(txn, i + 1, &id, &err));
        (void)snprintf(wanted, sizeof wanted, "case-%u", i);
        assert_bytes_equal(bytes_str(wanted), id);
    }
    txn_abort(txn);
    buf_release(&text);
}

static void a_stopped_import_has_stored_what_it_counts_and_continues(void **state)
{
    struct fixture *f = *state;
    struct import_result first, second;
    struct buf text = {0};

    for (unsigned i = 0; i < 3000; i++)
        buf_printf(&text, "{\"id\":\"case-%u\",\"title\":\"Title %u\"}\n", i, i);
    f->stop_after = 1000;
    first = import(f, buf_bytes(&text));
    assert_true(first.was_stopped);
    assert_int_equal(first.read, first.added);
    assert_in_range(first.added, 1, 1000);
    f->stop_after = 0;
    f->stop = 0;
    second = import(f, buf_bytes(&text));
    assert_false(second.was_stopped);
    assert_result(second, 3000, 3000 - first.added, 0, first.added, 0);
    buf_release(&text);
}

/* Batches are made by several threads; what was refused is still told in the order of the file. */
static void refusals_come_in_the_order_of_the_lines(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0}, wanted = {0};

    for (unsigned i = 1; i <= 3000; i++) {
        if (i % 7 != 0) {
            buf_printf(&text, "{\"title\":\"Title %u\"}\n", i);
            continue;
        }
        buf_add_str(&text, i % 14 == 0 ? "{\"title\":5}\n" : "\xFF\n"); /* by worker, by reader */
        buf_printf(&wanted, "%u ", i);
    }
    assert_result(import(f, buf_bytes(&text)), 3000, 3000 - 3000 / 7, 0, 0, 3000 / 7);
    assert_string_equal(buf_str(&wanted), buf_str(&f->refused));
    buf_release(&text);
    buf_release(&wanted);
}

/* 30 rounds over 100 ids, each round in another batch: version by version, as in the file. */
static void of_lines_with_one_id_the_last_wins_across_batches(void **state)
{
    struct fixture *f = *state;
    struct buf text = {0};

    for (unsigned round = 1; round <= 30; round++)
        for (unsigned i = 0; i < 100; i++)
            buf_printf(&text, "{\"id\":\"case-%u\",\"title\":\"Round %u\"}\n", i, round);
    assert_result(import(f, buf_bytes(&text)), 3000, 100, 2900, 0, 0);
    for (unsigned i = 0; i < 100; i += 33) {
        char id[32], *title;

        (void)snprintf(id, sizeof id, "case-%u", i);
        title = stored_title(f, id);
        assert_string_equal("Round 30", title);
        free(title);
    }
    buf_release(&text);
}

static void of_a_changed_file_only_the_changes_are_written(void **state)
{
    struct fixture *f = *state;
    struct buf before = {0}, after = {0};
    char *title;
    uint64_t seq;

    for (unsigned i = 0; i < 2000; i++) {
        buf_printf(&before, "{\"id\":\"case-%u\",\"title\":\"One\",\"n\":%u}\n", i, i);
        buf_printf(&after, "{\"n\":%u, \"title\":\"%s\", \"id\":\"case-%u\"}\n", i,
                   i % 1000 == 7 ? "Two" : "\\u004fne", i);
    }
    assert_result(import(f, buf_bytes(&before)), 2000, 2000, 0, 0, 0);
    seq = journal_seq(f);
    assert_result(import(f, buf_bytes(&after)), 2000, 0, 2, 1998, 0);
    assert_int_equal(seq + 2, journal_seq(f)); /* two of eight batches have anything new */
    title = stored_title(f, "case-1007");
    assert_string_equal("Two", title);
    free(title);
    buf_release(&before);
    buf_release(&after);
}

/* Lines near the limit, past what is read ahead: the reader waits, nothing is lost. */
static void long_lines_are_all_taken(void **state)
{
    struct fixture *f = *state;
    const size_t long_bytes = ARTICLE_JSON_BYTES_MAX - 100;
    const unsigned count = IMPORT_AHEAD_BYTES / ARTICLE_JSON_BYTES_MAX + 4;
    struct buf text = {0};

    for (unsigned i = 0; i < count; i++) {
        uint8_t *at;

        buf_printf(&text, "{\"id\":\"case-%u\",\"lang\":\"en\",\"title\":\"t\",\"text\":\"", i);
        at = buf_reserve(&text, long_bytes);
        assert_non_null(at);
        memset(at, 'a', long_bytes);
        text.len += long_bytes;
        buf_add_str(&text, "\"}\n");
    }
    assert_result(import(f, buf_bytes(&text)), count, count, 0, 0, 0);
    buf_release(&text);
}

/* The journal takes no case.put here: the import ends with its sentence. */
static void a_journal_that_takes_no_more_ends_the_import(void **state)
{
    static const struct command_kind none[] = {
        {NULL, 0, NULL, false}
    };
    struct fixture *f = *state;
    const struct import_options options = {
        .actor = "cli", .context = f, .refused = on_refused, .failed = on_failed};
    struct import_files files = {0};
    struct import_result result;
    struct buf text = {0};
    struct error err;
    char *path;

    for (unsigned i = 0; i < 3000; i++)
        buf_printf(&text, "{\"title\":\"Title %u\"}\n", i);
    path = put_file(f->dir, "cases.jsonl", buf_bytes(&text));
    journal_close(f->journal);
    assert_ok(journal_open(f->store, none, &f->journal, &err));
    assert_ok(import_files_add(&files, path, &err));
    assert_refused(AF_INVALID, import_run(f->store, f->journal, &options, &files, &result, &err));
    assert_int_equal(0, result.added);
    assert_int_equal(0, journal_seq(f));
    import_files_release(&files);
    buf_release(&text);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_again_changes_nothing_and_writes_nothing, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(there_and_back_in_one_file_ends_with_the_last_line, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(bad_lines_are_counted_and_the_others_stored, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(numbers_follow_the_order_of_the_file, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stopped_import_has_stored_what_it_counts_and_continues,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(refusals_come_in_the_order_of_the_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(of_lines_with_one_id_the_last_wins_across_batches, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(of_a_changed_file_only_the_changes_are_written, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(long_lines_are_all_taken, setup, teardown),
        cmocka_unit_test_setup_teardown(a_journal_that_takes_no_more_ends_the_import, setup,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
