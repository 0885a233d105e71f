/* A file of accounts, contacts and entitlements: counts, the line of each refusal, its limits. */
#include "tests/intake/party/party_fixture.h"

#include "data/base/limits.h"
#include "intake/party/party_import.h"

struct told {
    struct buf lines; /* "3 7": of the refused lines */
};

static void on_refused(void *context, uint64_t line, const char *reason)
{
    struct told *told = context;

    assert_true(reason[0] != '\0');
    buf_printf(&told->lines, "%s%llu", told->lines.len > 0 ? " " : "", (unsigned long long)line);
}

static enum status import(struct fixture *f, const struct who *who, struct bytes text,
                          struct party_import *out, char refused[200], struct error *err)
{
    struct told told = {{0}};
    struct source *source;
    char path[400];
    FILE *file;
    enum status status;

    (void)snprintf(path, sizeof path, "%s/in.jsonl", f->dir);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(text.len, fwrite(text.data, 1, text.len, file));
    assert_int_equal(0, fclose(file));
    assert_int_equal(AF_OK, source_open(path, &source, err));
    *out = (struct party_import){0};
    status = party_import_run(f->app, who, source, on_refused, &told, out, err);
    (void)snprintf(refused, 200, "%s", buf_str(&told.lines));
    buf_release(&told.lines);
    source_close(source);
    return status;
}

#define LINE(kind, rest) "{\"" kind "\":{" rest "}}\n"
#define PERSON(id, phone)                                                                          \
    LINE("contact", "\"id\":\"" id "\",\"account\":\"a\",\"name\":\"N\",\"kind\":\"customer\","    \
                    "\"identities\":{\"phone\":\"" phone "\"}")

static void each_line_is_taken_or_told_of(void **state)
{
    static const char text[] = LINE("account", "\"id\":\"a\",\"name\":\"A\"") /* 1 */
        PERSON("1", "13800138001") PERSON("2", "13800138002")                 /* 2, 3 */
        PERSON("3", "138 0013 8001")                                          /* 4: 1's */
        "\n"                                                                  /* 5 */
        "nonsense\n"                                                          /* 6 */
        LINE("contact", "\"id\":\"4\",\"account\":\"later\",\"name\":\"N\",\"kind\":\"customer\"")
            LINE("account", "\"id\":\"later\",\"name\":\"L\"") /* 8 */
        PERSON("2", "13800138009")                             /* 9: version 2 */
        PERSON("1", "13800138001")                             /* 10: the same */
        "{\"contact\":[]}\n"                                   /* 11 */
        LINE("entitlement", "\"id\":\"e\",\"contact\":\"1\",\"kind\":\"contract\","
                            "\"from\":\"2026-01-01\",\"to\":\"2026-12-31\"") /* 12 */
        "\xff\n"                                                             /* 13 */
        "{\"account\":{},\"contact\":{}}";                                   /* 14 */
    struct fixture *f = *state;
    struct party_import counts;
    struct error err;
    char refused[200];

    assert_ok(import(f, &f->admin, bytes_of(text, sizeof text - 1), &counts, refused, &err));
    assert_string_equal("4 6 7 11 13 14", refused);
    assert_int_equal(13, counts.read);
    assert_int_equal(5, counts.added);
    assert_int_equal(1, counts.updated);
    assert_int_equal(1, counts.unchanged);
    assert_int_equal(6, counts.rejected);
    assert_sound(f);
    assert_refused(AF_DENIED, import(f, &f->engineer, BYTES_LIT("{}"), &counts, refused, &err));
}

/* More than one batch, twice: the second time nothing is changed and nothing is written. */
static void a_file_again_changes_nothing(void **state)
{
    struct fixture *f = *state;
    struct party_import counts;
    struct buf text = {0};
    struct error err;
    char refused[200];
    uint64_t seq;
    struct journal_head head;
    struct txn *txn;

    for (int i = 0; i < 100; i++)
        buf_printf(&text, "{\"contact\":{\"id\":\"c%d\",\"name\":\"N\",\"kind\":\"customer\"}}\n",
                   i);
    assert_ok(import(f, &f->admin, buf_bytes(&text), &counts, refused, &err));
    assert_int_equal(100, counts.added);
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    seq = head.seq;
    txn_abort(txn);
    assert_ok(import(f, &f->admin, buf_bytes(&text), &counts, refused, &err));
    assert_int_equal(100, counts.unchanged);
    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    assert_int_equal(seq, head.seq);
    txn_abort(txn);
    buf_release(&text);
}

static void a_line_is_as_long_as_its_limit(void **state)
{
    struct fixture *f = *state;
    struct party_import counts;
    struct error err;
    char refused[200];

    for (size_t len = PARTY_LINE_BYTES_MAX; len <= PARTY_LINE_BYTES_MAX + 1; len++) {
        struct buf text = {0};

        buf_add_str(&text, "{\"contact\":{\"id\":\"c\",\"name\":\"N\",\"kind\":\"customer\"}}");
        while (text.len < len)
            buf_add_u8(&text, ' ');
        buf_add_u8(&text, '\n');
        assert_ok(import(f, &f->admin, buf_bytes(&text), &counts, refused, &err));
        assert_string_equal(len == PARTY_LINE_BYTES_MAX ? "" : "1", refused);
        buf_release(&text);
    }
}

/* The document behind it all. */
static void the_parties_document_has_its_bounds(void **state)
{
    static const struct {
        const char *text;
        bool is_sound;
    } table[] = {
        {"{'country':'CN','zone':'Asia/Shanghai','enquiry_days':1}",                 true },
        {"{'country':'JP','zone':'UTC','enquiry_days':366,'none_level':'standard'}", true },
        {"{'country':'JP','zone':'UTC','enquiry_days':367}",                         false},
        {"{'country':'JP','zone':'UTC','enquiry_days':0}",                           false},
        {"{'country':'JP','zone':'UTC'}",                                            false},
        {"{'country':'jp','zone':'UTC','enquiry_days':1}",                           false},
        {"{'country':'JP','zone':'Moon','enquiry_days':1}",                          false},
        {"{'country':'JP','zone':'UTC','enquiry_days':1,'no_data_level':'gold'}",    false},
        {"{'country':'JP','zone':'UTC','enquiry_days':1,'extra':1}",                 false},
    };
    struct fixture *f = *state;

    assert_int_equal(366, ENQUIRY_DAYS_MAX); /* as in the table */
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        json_t *doc = test_json_quoted(table[i].text), *complaints;
        struct error err;
        uint32_t version;

        assert_int_equal(table[i].is_sound ? AF_OK : AF_INVALID,
                         rules_set(f->app, &f->admin, RULES_PARTIES, doc, RULES_ANY_VERSION,
                                   &version, &complaints, &err));
        json_decref(complaints);
        json_decref(doc);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_line_is_taken_or_told_of, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_again_changes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_line_is_as_long_as_its_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_parties_document_has_its_bounds, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
