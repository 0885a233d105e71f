/* Drafts: saved bit by bit, found again after a crash, gone with their ticket or after a time. */
#include "tests/intake/api/fixture.h"

#include "intake/desk/ticket_sweep.h"
#include "intake/draft/draft.h"
#include "intake/intake_check.h"

#include <stdio.h>

#define ID BYTES_LIT("0123456789abcdef0123456789abcdef")
#define DAY_MS INT64_C(86400000)

static enum status put(struct fixture *f, const struct who *who, struct bytes id,
                       const char *values, struct error *err)
{
    json_t *json = test_json_quoted(values);
    enum status status = draft_put(f->app, who, id, json, err);

    json_decref(json);
    return status;
}

static void put_ok(struct fixture *f, struct bytes id, const char *values)
{
    const struct who customer = who_customer();
    struct error err;

    assert_ok(put(f, &customer, id, values, &err));
}

static void is_now(struct fixture *f, struct bytes id, const char *wanted)
{
    json_t *draft, *values = test_json_quoted(wanted);
    struct error err;

    assert_ok(draft_get(f->app, id, &draft, &err));
    if (!json_equal(values, json_object_get(draft, "values")))
        fail_msg("%s is %s", wanted, json_dumps(draft, 0));
    json_decref(draft);
    json_decref(values);
}

static uint64_t head(struct fixture *f)
{
    struct journal_head head;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    txn_abort(txn);
    return head.seq;
}

static struct table_sum rows(struct fixture *f, enum table table)
{
    struct table_sum sum;
    struct error err;
    struct txn *txn;

    assert_ok(store_begin_read(app_store(f->app), &txn, &err));
    sum = store_sum(txn, table);
    txn_abort(txn);
    return sum;
}

static void what_was_typed_is_there_again(void **state)
{
    struct fixture *f = *state;
    uint64_t before;

    put_ok(f, ID, "{'title':'It blinks','f.lights':['red','off'],'empty':''}");
    is_now(f, ID, "{'title':'It blinks','f.lights':['red','off']}");
    put_ok(f, ID, "{'title':'It blinks red','text':'Since today.'}");
    is_now(f, ID, "{'title':'It blinks red','text':'Since today.','f.lights':['red','off']}");
    before = head(f);
    put_ok(f, ID, "{'title':'It blinks red'}"); /* nothing new: nothing is written */
    assert_int_equal(before, head(f));
    put_ok(f, ID, "{'text':'','f.lights':[]}");
    is_now(f, ID, "{'title':'It blinks red'}");
}

/* Killed between two saves: the store is opened again, as after a crash. */
static void it_outlives_the_program(void **state)
{
    struct fixture *f = *state;
    struct error err;

    put_ok(f, ID, "{'text':'half a sen'}");
    app_close(f->app);
    assert_ok(app_open(f->dir, APP_WRITE, &f->app, &err));
    is_now(f, ID, "{'text':'half a sen'}");
}

static void what_is_no_draft_is_refused(void **state)
{
    static const struct {
        const char *id, *values;
        enum status wanted;
    } rows_[] = {
        {"0123",                              "{}",            AF_NOT_FOUND},
        {"0123456789ABCDEF0123456789abcdef",  "{}",            AF_NOT_FOUND},
        {"0123456789abcdef0123456789abcdef0", "{}",            AF_NOT_FOUND},
        {"0123456789abcdef0123456789abcdef",  "[]",            AF_INVALID  },
        {"0123456789abcdef0123456789abcdef",  "{'a':7}",       AF_INVALID  },
        {"0123456789abcdef0123456789abcdef",  "{'a':['x',7]}", AF_INVALID  },
        {"0123456789abcdef0123456789abcdef",  "{'':'x'}",      AF_INVALID  },
    };
    const struct who customer = who_customer();
    struct fixture *f = *state;
    json_t *draft;
    struct error err;

    for (size_t i = 0; i < sizeof rows_ / sizeof rows_[0]; i++)
        assert_refused(rows_[i].wanted,
                       put(f, &customer, bytes_str(rows_[i].id), rows_[i].values, &err));
    assert_refused(AF_NOT_FOUND, draft_get(f->app, ID, &draft, &err));
    assert_int_equal(0, rows(f, TABLE_DRAFT).count);
}

static void limits_are_told(void **state)
{
    const struct who customer = who_customer();
    struct fixture *f = *state;
    json_t *values = json_object();
    char *text = calloc(1, DRAFT_BYTES_MAX + 1), name[24];
    struct error err;

    for (int i = 0; i <= DRAFT_VALUES_MAX; i++) {
        (void)snprintf(name, sizeof name, "v%d", i);
        json_object_set_new(values, name, json_string("x"));
    }
    assert_refused(AF_TOO_LARGE, draft_put(f->app, &customer, ID, values, &err));
    json_object_del(values, "v0");
    assert_ok(draft_put(f->app, &customer, ID, values, &err));
    json_object_clear(values);
    memset(text, 'x', DRAFT_BYTES_MAX);
    json_object_set_new(values, "text", json_string(text));
    assert_refused(AF_TOO_LARGE, draft_put(f->app, &customer, ID, values, &err));
    json_decref(values);
    free(text);
    for (int i = 1; i < DRAFT_SAVES_MAX; i++) {
        (void)snprintf(name, sizeof name, "{'v1':'%d'}", i);
        put_ok(f, ID, name);
    }
    assert_refused(AF_TOO_LARGE, put(f, &customer, ID, "{'v1':'once more'}", &err));
}

/* --- going --------------------------------------------------------------------------------- */

static void it_goes_with_its_ticket(void **state)
{
    const struct who customer = who_customer();
    struct fixture *f = *state;
    const char *consult = begin_consult(f, "router");
    const struct ticket_input by_consult = {.consult_id = consult},
                              by_id = {.channel = BYTES_LIT("phone"),
                                       .title = BYTES_LIT("It hums"),
                                       .draft = ID};
    struct ticket_opened opened;
    struct error err;

    assert_ok(settle(f, &customer, consult, false, "", 0, &err));
    put_ok(f, bytes_str(consult), "{'text':'still'}");
    put_ok(f, ID, "{'title':'It hums'}");
    assert_ok(ticket_open(f->app, &customer, &by_consult, &opened, &err));
    assert_int_equal(1, rows(f, TABLE_DRAFT).count);
    assert_ok(ticket_open(f->app, &customer, &by_id, &opened, &err));
    assert_int_equal(0, rows(f, TABLE_DRAFT).count);
    assert_int_equal(0, rows(f, TABLE_DRAFT_AGE).count);
    /* a page that saves late */
    assert_refused(AF_CONFLICT, put(f, &customer, bytes_str(consult), "{'text':'late'}", &err));
}

static void it_is_forgotten_after_its_time(void **state)
{
    struct fixture *f = *state;
    struct ticket_swept swept;
    char id[DRAFT_FORGET_MAX + 1][33];
    struct error err;

    for (int i = 0; i <= DRAFT_FORGET_MAX; i++) {
        (void)snprintf(id[i], sizeof id[i], "%032x", i + 1);
        put_ok(f, bytes_str(id[i]), "{'text':'x'}");
    }
    clock_fix(START_MS + DRAFT_DAYS * DAY_MS);
    put_ok(f, bytes_str(id[7]), "{'text':'y'}"); /* somebody came back */
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(0, swept.drafts);
    clock_fix(START_MS + DRAFT_DAYS * DAY_MS + 1);
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(DRAFT_FORGET_MAX, swept.drafts);
    assert_int_equal(1, rows(f, TABLE_DRAFT).count);
    is_now(f, bytes_str(id[7]), "{'text':'y'}");
    assert_ok(ticket_sweep(f->app, &swept, &err));
    assert_int_equal(0, swept.drafts);
}

static void it_is_thrown_away(void **state)
{
    const struct who customer = who_customer();
    struct fixture *f = *state;
    json_t *draft;
    struct error err;

    put_ok(f, ID, "{'text':'x'}");
    assert_ok(draft_drop(f->app, &customer, ID, &err));
    assert_ok(draft_drop(f->app, &customer, ID, &err));
    assert_refused(AF_NOT_FOUND, draft_get(f->app, ID, &draft, &err));
}

/* --- whose --------------------------------------------------------------------------------- */

static void staff_find_their_own(void **state)
{
    const struct who lin = who_staff(ROLE_ENGINEER, "lin"),
                     linda = who_staff(ROLE_ENGINEER, "linda"), customer = who_customer();
    struct fixture *f = *state;
    json_t *list;
    struct error err;

    for (int i = 0; i <= DRAFT_LIST_MAX; i++) {
        char id[33];

        clock_fix(START_MS + i * 1000);
        (void)snprintf(id, sizeof id, "%032x", i + 1);
        assert_ok(put(f, &lin, bytes_str(id), i == 3 ? "{'title':'third'}" : "{'text':'x'}", &err));
    }
    assert_ok(draft_list(f->app, &lin, &list, &err));
    assert_int_equal(DRAFT_LIST_MAX, json_array_size(json_object_get(list, "drafts")));
    assert_string_equal("00000000000000000000000000000033",
                        json_get_str(json_array_get(json_object_get(list, "drafts"), 0), "id"));
    json_decref(list);
    assert_ok(draft_list(f->app, &linda, &list, &err));
    assert_int_equal(0, json_array_size(json_object_get(list, "drafts")));
    json_decref(list);
    assert_refused(AF_DENIED, draft_list(f->app, &customer, &list, &err));
    /* whoever saves last has it */
    assert_ok(
        put(f, &linda, BYTES_LIT("00000000000000000000000000000004"), "{'text':'mine'}", &err));
    assert_ok(draft_list(f->app, &linda, &list, &err));
    assert_string_equal("third",
                        json_get_str(json_array_get(json_object_get(list, "drafts"), 0), "title"));
    json_decref(list);
    assert_int_equal(DRAFT_LIST_MAX + 1, rows(f, TABLE_DRAFT_BY).count);
}

/* --- damage -------------------------------------------------------------------------------- */

static void note_fault(void *context, const char *sentence)
{
    struct buf *said = context;

    buf_printf(said, "%s\n", sentence);
}

static void damage_is_named(void **state)
{
    static const struct {
        enum table table;
        struct bytes key, body; /* body NULL: the row is deleted */
        const char *said;
    } edits[] = {
        {TABLE_DRAFT,     {0},                          BYTES_LIT("{\"id\":\"other\"}"), "its \"id\" is other"                },
        {TABLE_DRAFT,     {0},                          {0},                             "there is no such draft"             },
        {TABLE_DRAFT_AGE, BYTES_LIT("12345678"),        BYTES_LIT(""),                   "not a draft's"                      },
        {TABLE_DRAFT_BY,  BYTES_LIT("lin"),             BYTES_LIT(""),                   "not a name and a draft"             },
        {TABLE_DRAFT_BY,
         BYTES_LIT("eve\0"
                   "0123456789abcdef0123456789abcdef"),
         BYTES_LIT(""),                                                                  "the draft is another's"             },
        {TABLE_DRAFT_AGE,
         BYTES_LIT("12345678"
                   "0123456789abcdef0123456789abcdef"),
         BYTES_LIT(""),                                                                  "saved at another time"              },
        {TABLE_DRAFT_AGE,
         BYTES_LIT("12345678"
                   "0123456789abcdef0123456789abcdef"),
         BYTES_LIT(""),                                                                  "draft_age has 2 rows, table draft 1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof edits / sizeof edits[0]; i++) {
        struct fixture *f;
        struct buf said = {0};
        const struct check_options options = {
            .fault = note_fault, .context = &said, .more = intake_checks};
        const struct who lin = who_staff(ROLE_ENGINEER, "lin");
        const struct bytes key = edits[i].key.len > 0 ? edits[i].key : ID;
        struct check_counts counts;
        struct error err;
        struct txn *txn;

        fixture_begin((void **)&f);
        assert_ok(put(f, &lin, ID, "{'text':'x'}", &err));
        assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
        assert_string_equal("", buf_str(&said));
        assert_ok(store_begin_write(app_store(f->app), &txn, &err));
        if (edits[i].body.data != NULL)
            assert_ok(store_put(txn, edits[i].table, key, edits[i].body, &err));
        else
            assert_ok(store_delete(txn, edits[i].table, key, &err));
        assert_ok(txn_commit(txn, &err));
        assert_ok(store_check_with(app_store(f->app), &options, &counts, &err));
        if (strstr(buf_str(&said), edits[i].said) == NULL)
            fail_msg("edit %zu: \"%s\" was not said, but: %s", i, edits[i].said, buf_str(&said));
        buf_release(&said);
        fixture_end((void **)&f);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)
        TEST(what_was_typed_is_there_again),
        TEST(it_outlives_the_program),
        TEST(what_is_no_draft_is_refused),
        TEST(limits_are_told),
        TEST(it_goes_with_its_ticket),
        TEST(it_is_forgotten_after_its_time),
        TEST(it_is_thrown_away),
        TEST(staff_find_their_own),
        cmocka_unit_test(damage_is_named),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
