/* A store written by the program before compact records and packed parts (case, case_version and
 * journal of format 1): 18 cases of the sample library, one with three versions, two with two,
 * their uses, two consults and a ticket. It is read, checked and written on as it is. */
#include "tests/harness.h"

#include "data/article.h"
#include "tests/fault/scenario.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <zstd.h>

#define OLD_STORE "tests/format/store-1.mdb.zst"

static void read_file(const char *path, struct buf *out)
{
    FILE *file = fopen(path, "rb");
    int c;

    if (file == NULL)
        fail_msg("%s is not there", path);
    while ((c = getc(file)) != EOF)
        buf_add_u8(out, (uint8_t)c);
    (void)fclose(file);
}

static char *unpack_old_store(void)
{
    char *dir = test_dir_new();
    struct buf packed = {0}, plain = {0}, path = {0};
    unsigned long long len;
    FILE *file;

    read_file(OLD_STORE, &packed);
    len = ZSTD_getFrameContentSize(packed.data, packed.len);
    assert_true(len > 0 && len < 1 << 20);
    assert_non_null(buf_reserve(&plain, (size_t)len));
    assert_int_equal(len, ZSTD_decompress(plain.data, (size_t)len, packed.data, packed.len));
    buf_printf(&path, "%s/store", dir);
    assert_int_equal(0, mkdir(buf_str(&path), 0700));
    buf_add_str(&path, "/data.mdb");
    file = fopen(buf_str(&path), "wb");
    assert_non_null(file);
    assert_int_equal(len, fwrite(plain.data, 1, (size_t)len, file));
    assert_int_equal(0, fclose(file));
    buf_release(&packed);
    buf_release(&plain);
    buf_release(&path);
    return dir;
}

/* "NH-0018 v3 Third: …" of one version. */
static void see(struct store *store, const char *id, uint32_t version, char title[200])
{
    struct article_ref ref;
    struct txn *txn;
    struct error err;
    json_t *article;

    assert_ok(store_begin_read(store, &txn, &err));
    assert_ok(article_find_version(txn, bytes_str(id), version, &ref, &err));
    assert_true(version == 0 || ref.version == version);
    assert_ok(article_read(txn, &ref, &article, &err));
    assert_string_equal(id, json_get_str(article, "id"));
    (void)snprintf(title, 200, "v%u %s", ref.version, json_get_str(article, "title"));
    json_decref(article);
    txn_abort(txn);
}

static void assert_titles(struct store *store)
{
    char title[200];

    see(store, "NH-0018", 1, title);
    assert_string_equal("v1 Wifi keeps dropping every few minutes", title);
    see(store, "NH-0018", 2, title);
    assert_string_equal("v2 Again: Wifi keeps dropping every few minutes", title);
    see(store, "NH-0018", 3, title);
    assert_string_equal("v3 Third: Wifi keeps dropping every few minutes", title);
}

static void an_older_store_is_read_and_sound(void **state)
{
    char *dir = unpack_old_store(), title[200];
    struct store *store;
    struct check_counts counts;
    struct error err;

    (void)state;
    assert_ok(store_open(dir, STORE_READ, &store, &err));
    assert_ok(scenario_check(store, &counts, &err));
    assert_int_equal(18, counts.values[TABLE_ARTICLE]);
    assert_int_equal(22, counts.values[TABLE_ARTICLE_VERSION]); /* the newest too, in that format */
    assert_int_equal(12, counts.values[TABLE_LEDGER]);
    assert_titles(store);
    see(store, "NH-0018", 0, title);
    assert_string_equal("v3 Third: Wifi keeps dropping every few minutes", title);
    store_close(store);
    test_dir_remove(dir);
}

static void put(struct journal *journal, const char *text)
{
    json_t *body = test_json(text);
    const struct command command = {.actor = "test", .kind = "case.put", .body = body};
    struct error err;

    assert_ok(journal_propose(journal, &command, NULL, &err));
    json_decref(body);
}

static void an_older_store_is_written_on(void **state)
{
    char *dir = unpack_old_store(), title[200];
    struct check_counts counts;
    struct scenario s;
    struct error err;

    (void)state;
    assert_ok(scenario_open(&s, dir, &err));
    put(s.journal, "{\"cases\":[{\"id\":\"NH-0018\",\"lang\":\"en\",\"title\":\"Fourth\"},"
                   "{\"id\":\"new\",\"lang\":\"en\",\"title\":\"New\"}]}");
    put(s.journal, "{\"cases\":[{\"id\":\"NH-0018\",\"lang\":\"en\",\"title\":\"Fifth\"},"
                   "{\"id\":\"NH-0020\",\"lang\":\"en\",\"title\":\"Newer\"}]}");
    assert_ok(scenario_check(s.store, &counts, &err));
    assert_int_equal(19, counts.values[TABLE_ARTICLE]);
    assert_titles(s.store);
    see(s.store, "NH-0018", 4, title);
    assert_string_equal("v4 Fourth", title);
    see(s.store, "NH-0018", 0, title);
    assert_string_equal("v5 Fifth", title);
    see(s.store, "new", 0, title);
    assert_string_equal("v1 New", title);
    scenario_close(&s);
    test_dir_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_older_store_is_read_and_sound),
        cmocka_unit_test(an_older_store_is_written_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
