/* Files in a ticket's record: what a command may bring, what a customer sees, and that `check`
 * notices when record, table and folder disagree; a dump that is loaded gives the same. */
#include "tests/intake/api/fixture.h"

#include "data/blob.h"
#include "data/blob_ref.h"
#include "data/check.h"
#include "data/dump.h"
#include "intake/attachment/receipt.h"
#include "intake/attachment/upload.h"
#include "intake/commands.h"
#include "intake/desk/ticket_attach.h"
#include "intake/desk/ticket_ties.h"
#include "intake/intake_check.h"
#include "intake/ticket/ticket_files.h"

#include <stdio.h>
#include <unistd.h>

static json_t *sent(struct fixture *f, const char *name, const char *content)
{
    struct uploaded file;
    struct upload *upload;
    struct error err;

    assert_ok(upload_begin(f->dir, "file", bytes_str(name), 0, &upload, &err));
    assert_ok(upload_take(upload, bytes_str(content), &err));
    assert_ok(upload_end(upload, &file, &err));
    return uploaded_json(&file);
}

static uint32_t open_with(struct fixture *f, json_t *files)
{
    const struct who who = who_operator();
    const struct ticket_input input = {
        .channel = BYTES_LIT("phone"), .title = BYTES_LIT("No dial tone"), .files = files};
    struct ticket_opened opened;
    struct error err;

    assert_ok(ticket_open(f->app, &who, &input, &opened, &err));
    json_decref(files);
    return opened.no;
}

static enum status reply(struct fixture *f, const struct who *who, uint32_t no, json_t *files,
                         bool internal, struct error *err)
{
    const struct ticket_post post = {.files = files, .internal = internal};
    enum status status = ticket_reply_with(f->app, who, no, &post, err);

    json_decref(files);
    return status;
}

static json_t *seen_by(struct fixture *f, const struct who *who, uint32_t no)
{
    struct error err;
    json_t *ticket;

    assert_ok(ticket_get(f->app, who, no, &ticket, &err));
    return ticket;
}

#define SAID_BYTES 4096

static void say(void *context, const char *sentence)
{
    char *said = context;
    size_t len = strlen(said);

    (void)snprintf(said + len, SAID_BYTES - len, "%s\n", sentence);
}

static uint64_t faults_of(struct store *store, char said[SAID_BYTES])
{
    const struct check_options options = {.fault = say, .context = said, .more = intake_checks};
    struct check_counts counts;
    struct error err;

    said[0] = '\0';
    assert_ok(store_check_with(store, &options, &counts, &err));
    return counts.faults;
}

static void files_are_numbered_and_belong_to_their_post(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator();
    uint32_t no = open_with(f, json_pack("[o]", sent(f, "a.txt", "one")));
    struct error err;
    char said[SAID_BYTES];
    json_t *ticket;

    assert_ok(reply(f, &operator, no,
                    json_pack("[o,o]", sent(f, "b.txt", "two"), sent(f, "c.txt", "one")), false,
                    &err));
    ticket = seen_by(f, &operator, no);
    assert_int_equal(3, json_array_size(json_object_get(ticket, "files")));
    assert_string_equal("a.txt", json_get_str(ticket_file_find(ticket, 1, false), "name"));
    assert_string_equal("staff", json_get_str(ticket_file_find(ticket, 1, false), "from"));
    assert_null(ticket_file_find(ticket, 0, true));
    assert_null(ticket_file_find(ticket, 4, true));
    assert_int_equal(
        3, json_integer_value(json_array_get(
               json_object_get(json_array_get(json_object_get(ticket, "posts"), 0), "files"), 1)));
    json_decref(ticket);
    assert_int_equal(0, faults_of(app_store(f->app), said));
}

static void what_no_service_would_bring_is_refused(void **state)
{
    static const struct {
        const char *files;
        enum status status;
    } rows[] = {
        {"{}",                                                             AF_INVALID  },
        {"[7]",                                                            AF_INVALID  },
        {"[{}]",                                                           AF_INVALID  },
        {"[{'name':'','type':'text/plain','bytes':1,'hash':'H'}]",         AF_INVALID  },
        {"[{'name':'a','type':'','bytes':1,'hash':'H'}]",                  AF_INVALID  },
        {"[{'name':'a','type':'text/plain','bytes':0,'hash':'H'}]",        AF_INVALID  },
        {"[{'name':'a','type':'text/plain','bytes':-1,'hash':'H'}]",       AF_INVALID  },
        {"[{'name':'a','type':'text/plain','bytes':1.5,'hash':'H'}]",      AF_INVALID  },
        {"[{'name':'a','type':'text/plain','bytes':1,'hash':'abc'}]",      AF_INVALID  },
        {"[{'name':'a','type':'text/plain','bytes':52428801,'hash':'H'}]", AF_TOO_LARGE},
        {"[{'name':'a','type':'text/plain','bytes':52428800,'hash':'H'}]", AF_OK       },
        {"[]",                                                             AF_OK       },
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *body = json_pack("{s:o}", "files", test_json_quoted(rows[i].files)), *file;

        file = json_array_get(json_object_get(body, "files"), 0);
        if (strcmp(json_get_str(file, "hash"), "H") == 0)
            (void)json_object_set_new(file, "hash", json_sprintf("%064d", 7));
        if (ticket_files_check_body(NULL, body, &err) != rows[i].status)
            fail_msg("row %zu: %s", i, rows[i].files);
        json_decref(body);
    }
}

/* `count` files of `bytes` each. */
static json_t *many(size_t count, json_int_t bytes)
{
    json_t *files = json_array();

    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(files, json_pack("{s:s,s:s,s:I,s:o}", "name", "a", "type",
                                                     "text/plain", "bytes", bytes, "hash",
                                                     json_sprintf("%064d", 7)));
    return files;
}

static void a_post_and_a_ticket_have_bounded_files(void **state)
{
    static const struct {
        size_t have, come;
        json_int_t have_bytes, come_bytes;
        enum status status;
    } rows[] = {
        {0,                   ATTACHMENTS_A_POST_MAX,     1,                         1, AF_OK       },
        {0,                   ATTACHMENTS_A_POST_MAX + 1, 1,                         1, AF_TOO_LARGE},
        {ATTACHMENTS_MAX - 1, 1,                          1,                         1, AF_OK       },
        {ATTACHMENTS_MAX,     1,                          1,                         1, AF_TOO_LARGE},
        {1,                   1,                          ATTACHMENTS_BYTES_MAX - 1, 1, AF_OK       },
        {1,                   1,                          ATTACHMENTS_BYTES_MAX,     1, AF_TOO_LARGE},
    };
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        json_t *ticket = json_pack("{s:o}", "files", many(rows[i].have, rows[i].have_bytes));
        json_t *body = json_pack("{s:o}", "files", many(rows[i].come, rows[i].come_bytes));

        if (ticket_files_check_body(ticket, body, &err) != rows[i].status)
            fail_msg("row %zu", i);
        /* What was taken away makes room for bytes. */
        if (rows[i].have_bytes > 1) {
            (void)json_object_set_new(json_array_get(json_object_get(ticket, "files"), 0),
                                      "removed", json_object());
            assert_ok(ticket_files_check_body(ticket, body, &err));
        }
        json_decref(ticket);
        json_decref(body);
    }
}

static void a_customer_sees_what_is_not_internal(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator(), customer = who_customer();
    uint32_t no = open_with(f, json_pack("[o]", sent(f, "a.txt", "one")));
    struct ticket_file file;
    struct error err;
    json_t *ticket;

    assert_ok(reply(f, &operator, no, json_pack("[o]", sent(f, "b.txt", "two")), true, &err));
    ticket = seen_by(f, &customer, no);
    assert_int_equal(1, json_array_size(json_object_get(ticket, "files")));
    assert_null(json_object_get(json_array_get(json_object_get(ticket, "files"), 0), "hash"));
    assert_null(json_object_get(json_array_get(json_object_get(ticket, "files"), 0), "by"));
    json_decref(ticket);
    assert_ok(ticket_file_open(f->app, &customer, no, 1, &file, &err));
    assert_string_equal("a.txt", file.name);
    assert_string_equal("text/plain", file.type->name);
    (void)close(file.fd);
    assert_refused(AF_NOT_FOUND, ticket_file_open(f->app, &customer, no, 2, &file, &err));
    assert_ok(ticket_file_open(f->app, &operator, no, 2, &file, &err));
    (void)close(file.fd);
}

static void what_came_through_a_merged_tickets_link_is_not_the_other_reporters(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator(), customer = who_customer();
    uint32_t one = open_with(f, json_pack("[o]", sent(f, "one.txt", "of one")));
    uint32_t two = open_with(f, json_pack("[o]", sent(f, "two.txt", "of two"))), into;
    struct ticket_file file;
    struct error err;
    json_t *ticket;

    assert_ok(ticket_merge(f->app, &operator, two, one, BYTES_LIT("the same"), &into, &err));
    assert_ok(
        reply(f, &customer, two, json_pack("[o]", sent(f, "late.txt", "of two too")), false, &err));
    ticket = seen_by(f, &operator, one);
    assert_int_equal(2, json_array_size(json_object_get(ticket, "files")));
    json_decref(ticket);
    ticket = seen_by(f, &customer, one);
    assert_int_equal(1, json_array_size(json_object_get(ticket, "files")));
    assert_string_equal("one.txt", json_get_str(ticket_file_find(ticket, 1, false), "name"));
    json_decref(ticket);
    assert_refused(AF_NOT_FOUND, ticket_file_open(f->app, &customer, one, 2, &file, &err));
    assert_ok(ticket_file_open(f->app, &operator, one, 2, &file, &err));
    (void)close(file.fd);
    ticket = seen_by(f, &customer, two);
    assert_int_equal(1, json_array_size(json_object_get(ticket, "files")));
    assert_string_equal("two.txt", json_get_str(ticket_file_find(ticket, 1, false), "name"));
    json_decref(ticket);
}

static void what_is_taken_away_is_swept_unless_another_ticket_has_it(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator(), customer = who_customer();
    uint32_t one =
        open_with(f, json_pack("[o,o]", sent(f, "a.txt", "shared"), sent(f, "b.txt", "alone")));
    uint32_t two = open_with(f, json_pack("[o]", sent(f, "c.txt", "shared")));
    struct digest shared = digest_plain(BYTES_LIT("shared")),
                  alone = digest_plain(BYTES_LIT("alone"));
    char said[SAID_BYTES];
    struct blob_sum sum;
    struct error err;

    assert_refused(AF_DENIED, ticket_detach(f->app, &customer, one, 1, BYTES_LIT("x"), &err));
    assert_refused(AF_INVALID, ticket_detach(f->app, &operator, one, 1, BYTES_LIT(" "), &err));
    assert_refused(AF_NOT_FOUND, ticket_detach(f->app, &operator, one, 3, BYTES_LIT("x"), &err));
    assert_ok(ticket_detach(f->app, &operator, one, 1, BYTES_LIT("by mistake"), &err));
    assert_ok(ticket_detach(f->app, &operator, one, 2, BYTES_LIT("a password"), &err));
    assert_refused(AF_NOT_FOUND, ticket_detach(f->app, &operator, one, 2, BYTES_LIT("x"), &err));
    assert_int_equal(0, faults_of(app_store(f->app), said));
    clock_fix(-1); /* files have the time that it is */
    assert_ok(blob_sweep(app_store(f->app), -1000, false, &sum, &err));
    clock_fix(START_MS);
    assert_int_equal(1, sum.files);
    assert_ok(blob_verify(f->dir, &shared, 6, &err));
    assert_refused(AF_CORRUPT, blob_verify(f->dir, &alone, 5, &err));
    assert_int_equal(0, faults_of(app_store(f->app), said));
    (void)two;
}

/* --- check -------------------------------------------------------------------------------- */

/* Writes a ticket's record changed, behind the back of the journal. */
static void tamper(struct fixture *f, uint32_t no, void (*how)(struct txn *txn, json_t *ticket))
{
    struct error err;
    json_t *ticket;
    struct txn *txn;
    uint8_t key[4];

    assert_ok(store_begin_write(app_store(f->app), &txn, &err));
    assert_ok(ticket_load(txn, no, &ticket, &err));
    how(txn, ticket);
    put_be32(key, no);
    assert_ok(store_put_json(txn, TABLE_TICKET, bytes_of(key, 4), ticket, &err));
    assert_ok(txn_commit(txn, &err));
    json_decref(ticket);
}

static json_t *first_file(json_t *ticket)
{
    return json_array_get(json_object_get(ticket, "files"), 0);
}

static void change_hash(struct txn *txn, json_t *ticket)
{
    (void)txn;
    (void)json_object_set_new(first_file(ticket), "hash", json_sprintf("%064d", 7));
}

static void change_size(struct txn *txn, json_t *ticket)
{
    (void)txn;
    (void)json_object_set_new(first_file(ticket), "bytes", json_integer(4));
}

static void change_id(struct txn *txn, json_t *ticket)
{
    (void)txn;
    (void)json_object_set_new(first_file(ticket), "id", json_integer(2));
}

static void forget_it(struct txn *txn, json_t *ticket)
{
    (void)txn;
    (void)json_object_del(ticket, "files");
}

static void remove_but_keep_hash(struct txn *txn, json_t *ticket)
{
    (void)txn;
    (void)json_object_set_new(first_file(ticket), "removed", json_object());
}

static void name_another(struct txn *txn, json_t *ticket)
{
    (void)txn;
    (void)json_object_set_new(json_array_get(json_object_get(ticket, "posts"), 0), "files",
                              json_pack("[i]", 9));
}

static void add_row(struct txn *txn, json_t *ticket)
{
    struct digest hash = digest_plain(BYTES_LIT("one"));
    struct error err;

    (void)ticket;
    assert_ok(blob_ref_add(txn, &hash, BYTES_LIT("\0\0\0\x63\0\0\0\x01"), 3, &err));
}

static void check_notices_what_disagrees(void **state)
{
    static const struct {
        void (*how)(struct txn *txn, json_t *ticket);
        const char *sentence;
    } rows[] = {
        {change_hash,          "its file 1 is not in table blob"    },
        {change_size,          "its file 1 has another size"        },
        {change_id,            "its file 1 has another"             },
        {forget_it,            "has no such file 1"                 },
        {remove_but_keep_hash, "was taken away and still has a hash"},
        {name_another,         "has a file that it has not"         },
        {add_row,              "ticket 99 is not in table ticket"   },
    };
    const struct who operator= who_operator();
    char said[SAID_BYTES];
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        void *own = NULL;
        struct fixture *f;
        uint32_t no;

        assert_int_equal(0, fixture_begin(&own));
        f = own;
        no = open_with(f, json_pack("[o]", sent(f, "a.txt", "one")));
        assert_ok(reply(f, &operator, no, json_pack("[o]", sent(f, "b.txt", "two")), false, &err));
        assert_int_equal(0, faults_of(app_store(f->app), said));
        tamper(f, no, rows[i].how);
        assert_true(faults_of(app_store(f->app), said) > 0);
        if (strstr(said, rows[i].sentence) == NULL)
            fail_msg("row %zu: %s", i, said);
        assert_int_equal(0, fixture_end(&own));
    }
}

static void a_dump_that_is_loaded_gives_the_same_records_and_rows(void **state)
{
    struct fixture *f = *state;
    const struct who operator= who_operator();
    uint32_t no =
        open_with(f, json_pack("[o,o]", sent(f, "a.txt", "one"), sent(f, "b.txt", "two")));
    char *dir = test_dir_new(), said[SAID_BYTES];
    struct store *store;
    struct journal *journal;
    struct blob_sum sum;
    struct error err;
    uint64_t entries;
    FILE *file = tmpfile();

    assert_ok(ticket_detach(f->app, &operator, no, 2, BYTES_LIT("x"), &err));
    assert_ok(dump_write(app_store(f->app), file, NULL, NULL, &err));
    rewind(file);
    assert_ok(store_open(dir, STORE_WRITE, &store, &err));
    assert_ok(journal_open(store, command_kinds, &journal, &err));
    assert_ok(dump_load(store, journal, file, NULL, NULL, &entries, &err));
    assert_int_equal(1, faults_of(store, said)); /* the bytes are not in a dump */
    assert_non_null(strstr(said, "is missing"));
    assert_ok(blob_copy_named(store, f->dir, dir, say, said, &sum, &err));
    assert_int_equal(1, sum.files);
    assert_int_equal(0, faults_of(store, said));
    journal_close(journal);
    store_close(store);
    (void)fclose(file);
    test_dir_remove(dir);
}

static void a_receipt_is_good_for_so_many_hours(void **state)
{
    struct fixture *f = *state;
    json_t *file = sent(f, "a.txt", "one"), *list, *files;
    const char *receipt;
    struct error err;
    const int64_t until_ms = START_MS + RECEIPT_HOURS * 3600000ll;

    assert_ok(receipt_make(app_store(f->app), file, START_MS, f->ids, &receipt, &err));
    list = json_pack("[s]", receipt);
    assert_ok(receipts_read(app_store(f->app), "attachments", list, until_ms, &files, &err));
    assert_true(json_equal(file, json_array_get(files, 0)));
    json_decref(files);
    assert_refused(AF_INVALID, receipts_read(app_store(f->app), "attachments", list, until_ms + 1,
                                             &files, &err));
    assert_non_null(strstr(err.text, "too old"));
    assert_true(ORPHAN_HOURS > RECEIPT_HOURS);
    json_decref(list);
    json_decref(file);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_are_numbered_and_belong_to_their_post),
        cmocka_unit_test(what_no_service_would_bring_is_refused),
        cmocka_unit_test(a_post_and_a_ticket_have_bounded_files),
        TEST(a_customer_sees_what_is_not_internal),
        TEST(what_came_through_a_merged_tickets_link_is_not_the_other_reporters),
        TEST(what_is_taken_away_is_swept_unless_another_ticket_has_it),
        cmocka_unit_test(check_notices_what_disagrees),
        TEST(a_dump_that_is_loaded_gives_the_same_records_and_rows),
        TEST(a_receipt_is_good_for_so_many_hours),
    };

    return cmocka_run_group_tests(tests, fixture_hash_start, NULL);
}
