#include "tests/harness.h"

#include "data/article.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/frame.h"
#include "data/journal.h"
#include "data/ledger.h"
#include "data/writer_impl.h"

#include <pthread.h>
#include <sched.h>
#include <stdio.h>

/* Kinds besides the real one: a use of a case, an apply that fails after writing, and one that
 * notes where it runs. */
static enum status apply_use(struct txn *txn, const struct command *command, json_t *result,
                             struct error *err)
{
    const struct use_event event = {.use = USE_OPENED,
                                    .case_id = bytes_str(json_get_str(command->body, "case")),
                                    .version = 1,
                                    .role = "customer",
                                    .subject = json_get_str(command->body, "subject")};
    bool counted, ok = true;
    enum status status = ledger_add(txn, command, &event, &counted, err);

    json_put(result, "counted", json_boolean(counted), &ok);
    return status;
}

static enum status apply_dirty(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    (void)command;
    (void)result;
    if (store_put(txn, TABLE_TOKEN, BYTES_LIT("left"), BYTES_LIT("behind"), err) != AF_OK)
        return AF_IO;
    return error_set(err, AF_CONFLICT, "changed its mind");
}

/* The first one waits until OTHERS are in the queue. */
enum { OTHERS = 3 };

static struct {
    struct journal *journal;
    pthread_t thread[1 + OTHERS];
    _Atomic uint64_t txn[1 + OTHERS];
} ran;

static bool is_waiting(struct journal *journal, size_t count)
{
    bool yes;

    (void)pthread_mutex_lock(&journal->lock);
    yes = journal->waiting >= count;
    (void)pthread_mutex_unlock(&journal->lock);
    return yes;
}

static enum status apply_where(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    uint64_t number = json_get_u64(command->body, "number");

    (void)result;
    (void)err;
    assert_true(number <= OTHERS);
    ran.thread[number] = pthread_self();
    ran.txn[number] = txn_id(txn);
    while (number == 0 && !is_waiting(ran.journal, OTHERS))
        sched_yield();
    return AF_OK;
}

static const struct command_kind kinds[] = {
    {"case.put", 1, article_apply_put, true },
    {"use",      1, apply_use,         false},
    {"dirty",    1, apply_dirty,       false},
    {"where",    1, apply_where,       false},
    {NULL,       0, NULL,              false},
};

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
};

static void open_all(struct fixture *f)
{
    struct error err;

    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, kinds, &f->journal, &err));
}

static void close_all(struct fixture *f)
{
    journal_close(f->journal);
    store_close(f->store);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);

    f->dir = test_dir_new();
    open_all(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    close_all(f);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static enum status propose(struct fixture *f, const char *id, const char *kind, const char *body,
                           struct outcome *out, struct error *err)
{
    json_t *json = test_json(body);
    struct command command = {.id = id, .actor = "cli", .kind = kind, .body = json};
    enum status status = journal_propose(f->journal, &command, out, err);

    json_decref(json);
    return status;
}

static void a_case_is_read_back_as_it_was_given(void **state)
{
    static const char body[] =
        "{\"cases\":[{\"id\":\"A-1\",\"lang\":\"en\",\"title\":\"first \\\"}]{\"},"
        "{\"id\":\"A-2\",\"lang\":\"zh-Hans\",\"title\":\"\xe6\x89\x93\xe5\x8d\xb0\","
        "\"x\":{\"kept\":[1,2.5,null]}}]}";
    struct fixture *f = *state;
    struct article_ref ref;
    struct outcome outcome;
    struct error err;
    struct bytes text;
    struct txn *txn;

    assert_ok(propose(f, "k1", "case.put", body, &outcome, &err));
    assert_int_equal(2, json_get_u64(outcome.result, "added"));
    json_decref(outcome.result);
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(article_find(txn, BYTES_LIT("A-2"), &ref, &err));
    assert_int_equal(2, ref.no);
    assert_int_equal(1, ref.version);
    assert_ok(article_text(txn, &ref, &text, &err));
    assert_bytes_equal(BYTES_LIT("{\"id\":\"A-2\",\"lang\":\"zh-Hans\",\"title\":\"\xe6\x89\x93\xe5"
                                 "\x8d\xb0\",\"x\":{\"kept\":[1,2.5,null]}}"),
                       text);
    assert_refused(AF_NOT_FOUND, article_find(txn, BYTES_LIT("A-3"), &ref, &err));
    txn_abort(txn);
}

static void the_same_text_again_is_unchanged_and_another_is_a_version(void **state)
{
    static const struct {
        const char *body;
        const char *counter;
        uint32_t version;
    } rows[] = {
        {"{\"cases\":[{\"id\":\"A\",\"lang\":\"en\",\"title\":\"one\"}]}", "added",     1},
        {"{\"cases\":[{\"title\":\"one\",\"lang\":\"en\",\"id\":\"A\"}]}", "unchanged", 1},
        {"{\"cases\":[{\"id\":\"A\",\"lang\":\"en\",\"title\":\"two\"}]}", "updated",   2},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct outcome outcome;
        struct error err;

        assert_ok(propose(f, NULL, "case.put", rows[i].body, &outcome, &err));
        assert_int_equal(1, json_get_u64(outcome.result, rows[i].counter));
        assert_int_equal(rows[i].version, json_get_u64(outcome.result, "version"));
        json_decref(outcome.result);
    }
}

static void a_repeated_command_gets_its_first_answer(void **state)
{
    struct fixture *f = *state;
    struct outcome first, again;
    struct error err;

    assert_ok(propose(f, "key", "use", "{\"case\":\"A\",\"subject\":\"consult:1\"}", &first, &err));
    assert_false(first.repeated);
    close_all(f);
    open_all(f);
    assert_ok(propose(f, "key", "use", "{\"case\":\"A\",\"subject\":\"consult:1\"}", &again, &err));
    assert_true(again.repeated);
    assert_int_equal(first.seq, again.seq);
    assert_true(json_equal(first.result, again.result));
    json_decref(first.result);
    json_decref(again.result);
    assert_refused(AF_CONFLICT,
                   propose(f, "key", "use", "{\"case\":\"B\",\"subject\":\"x\"}", &again, &err));
}

static void a_command_without_an_id_is_remembered_in_the_journal_alone(void **state)
{
    struct fixture *f = *state;
    struct outcome outcome;
    struct entry entry;
    struct bytes line;
    struct error err;
    struct txn *txn;

    assert_ok(propose(f, NULL, "use", "{\"case\":\"A\",\"subject\":\"s\"}", &outcome, &err));
    json_decref(outcome.result);
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(journal_line(txn, 1, &line, &err));
    assert_ok(entry_parse(line, &entry, &err));
    assert_true(id_is_own(entry.id) && strlen(entry.id) == 33);
    assert_int_equal(0, store_sum(txn, TABLE_DONE).count);
    assert_int_equal(0, store_sum(txn, TABLE_DONE_AGE).count);
    assert_refused(AF_INVALID, propose(f, entry.id, "use", "{}", NULL, &err));
    json_decref(entry.json);
    txn_abort(txn);
}

static void the_kind_of_a_line_is_known_however_it_is_written(void **state)
{
#define LINE(kind)                                                                                 \
    "{\"seq\":7,\"id\":\"a "                                                                       \
    "\\\",\\\"kind\\\":\\\"x\\\"\",\"at\":\"2026-11-22T01:53:10.123Z\",\"actor\":\"cli\"," kind    \
    ",\"schema\":1,\"prev_hash\":"                                                                 \
    "\"0000000000000000000000000000000000000000000000000000000000000000\",\"body\":{\"kind\":1}}"
    static const struct {
        const char *line;
        bool is_of;
    } rows[] = {
        {LINE("\"kind\":\"case.put\""),        true },
        {LINE("\"kind\":\"case.putt\""),       false},
        {LINE("\"kind\":\"use\""),             false},
        {LINE("\"kind\" : \"case.put\" "),     true },
        {LINE("\"kind\":\"case\\u002eput\""),  true },
        {LINE("\"kind\":\"case\\u002eputt\""), false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct bytes body;
        struct error err;
        bool is_of;

        assert_ok(entry_body_of(bytes_str(rows[i].line), "case.put", &body, &is_of, &err));
        assert_int_equal(rows[i].is_of, is_of);
        assert_bytes_equal(BYTES_LIT("{\"kind\":1}"), body);
    }
#undef LINE
}

/* What stands before the body is as jansson writes the same members, whatever the names hold. */
static void the_head_of_a_line_is_compact_json(void **state)
{
    static const char *const names[] = {"cli",         "staff:a b",    "quo\"te",
                                        "back\\slash", "a/b",          "\x01\n",
                                        "\x7F",        "\xe6\x89\x93", "\xf0\x9f\x98\x80"};
    const struct journal_head head = {.seq = 6, .hash = {{7}}};
    struct buf line = {0}, again = {0};
    struct error err;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct command command = {
            .id = names[i], .actor = names[i], .kind = names[i], .at_ms = 5, .print = i};
        struct entry entry;

        assert_ok(journal_compose(&head, &command, 3, BYTES_LIT("{\"x\":1}"), &line, &err));
        assert_ok(entry_parse(buf_bytes(&line), &entry, &err));
        assert_int_equal(7, entry.seq);
        assert_string_equal(names[i], entry.actor);
        assert_int_equal(i, entry.print);
        buf_clear(&again);
        assert_ok(json_write(entry.json, false, &again, &err));
        assert_string_equal(buf_str(&again), buf_str(&line));
        json_decref(entry.json);
    }
    assert_refused(AF_INVALID,
                   journal_compose(&head,
                                   &(struct command){.id = "\xff", .actor = "a", .kind = "k"}, 1,
                                   BYTES_LIT("{}"), &line, &err));
    buf_release(&line);
    buf_release(&again);
}

static void a_use_is_counted_once_for_its_subject(void **state)
{
    struct fixture *f = *state;
    struct use_counts counts;
    struct outcome outcome;
    struct error err;
    struct txn *txn;

    for (int i = 0; i < 3; i++) {
        assert_ok(
            propose(f, NULL, "use", "{\"case\":\"A\",\"subject\":\"consult:1\"}", &outcome, &err));
        assert_int_equal(i == 0, json_get_bool(outcome.result, "counted"));
        json_decref(outcome.result);
    }
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(use_counts_get(txn, BYTES_LIT("A"), &counts, &err));
    assert_int_equal(1, counts.of[USE_OPENED]);
    assert_int_equal(0, counts.of[USE_SOLVED]);
    txn_abort(txn);
}

/* Written as \u0000 it would be an entry that nothing can read again. */
static void a_text_with_a_nul_is_not_taken(void **state)
{
    static const struct bytes texts[] = {BYTES_LIT("a\0b"), BYTES_LIT("\0"), BYTES_LIT("\\\0")};
    struct fixture *f = *state;
    struct error err;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        json_t *body = json_pack("{s:s,s:o}", "case", "A", "subject", json_from_bytes(texts[i]));
        const struct command command = {.actor = "cli", .kind = "use", .body = body};

        assert_refused(AF_INVALID, journal_propose(f->journal, &command, NULL, &err));
        json_decref(body);
    }
    assert_ok(propose(f, NULL, "use", "{\"case\":\"A\",\"subject\":\"\\\\u0000\"}", NULL, &err));
}

static void a_refusal_after_a_write_leaves_nothing(void **state)
{
    struct fixture *f = *state;
    struct journal_head head;
    struct bytes body;
    struct error err;
    struct txn *txn;

    assert_refused(AF_CONFLICT, propose(f, NULL, "dirty", "{}", NULL, &err));
    assert_refused(AF_INVALID, propose(f, NULL, "unheard-of", "{}", NULL, &err));
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_int_equal(AF_NOT_FOUND, store_get(txn, TABLE_TOKEN, BYTES_LIT("left"), &body, &err));
    assert_ok(journal_head(txn, &head, &err));
    assert_int_equal(0, head.seq);
    txn_abort(txn);
}

struct client {
    struct fixture *f;
    int number, acknowledged;
};

static void *send_many(void *context)
{
    struct client *client = context;

    for (int i = 0; i < 50; i++) {
        char body[96];
        struct outcome outcome;
        struct error err;

        (void)snprintf(body, sizeof body, "{\"case\":\"A\",\"subject\":\"consult:%d-%d\"}",
                       client->number, i);
        /* Every fifth one spoils its group, which must cost the others nothing. */
        if (i % 5 == 0)
            (void)propose(client->f, NULL, "dirty", "{}", NULL, &err);
        if (propose(client->f, NULL, "use", body, &outcome, &err) == AF_OK) {
            client->acknowledged++;
            json_decref(outcome.result);
        }
    }
    return NULL;
}

static void many_callers_are_grouped_and_none_is_lost(void **state)
{
    enum { CLIENTS = 8 };
    struct fixture *f = *state;
    struct client clients[CLIENTS];
    pthread_t threads[CLIENTS];
    struct use_counts counts;
    struct error err;
    struct txn *txn;

    for (int i = 0; i < CLIENTS; i++) {
        clients[i] = (struct client){f, i, 0};
        assert_int_equal(0, pthread_create(&threads[i], NULL, send_many, &clients[i]));
    }
    for (int i = 0; i < CLIENTS; i++) {
        assert_int_equal(0, pthread_join(threads[i], NULL));
        assert_int_equal(50, clients[i].acknowledged);
    }
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(use_counts_get(txn, BYTES_LIT("A"), &counts, &err));
    assert_int_equal(CLIENTS * 50, counts.of[USE_OPENED]);
    txn_abort(txn);
}

static void *send_one(void *context)
{
    struct client *client = context;
    char body[32];
    struct error err;

    (void)snprintf(body, sizeof body, "{\"number\":%d}", client->number);
    assert_ok(propose(client->f, NULL, "where", body, NULL, &err));
    return NULL;
}

static void one_alone_commits_itself_and_those_that_come_meanwhile_are_one_commit(void **state)
{
    struct fixture *f = *state;
    struct client clients[1 + OTHERS];
    pthread_t threads[1 + OTHERS];

    ran.journal = f->journal;
    for (int i = 0; i <= OTHERS; i++) {
        clients[i] = (struct client){f, i, 0};
        assert_int_equal(0, pthread_create(&threads[i], NULL, send_one, &clients[i]));
        while (i == 0 && ran.txn[0] == 0)
            sched_yield();
    }
    for (int i = 0; i <= OTHERS; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    assert_true(pthread_equal(ran.thread[0], threads[0]));
    for (int i = 1; i <= OTHERS; i++) {
        assert_true(pthread_equal(ran.thread[i], f->journal->thread));
        assert_int_equal(ran.txn[0] + 1, ran.txn[i]);
    }
}

static void a_replayed_journal_gives_the_same_store(void **state)
{
    struct fixture *f = *state, copy = {.dir = test_dir_new()};
    struct journal_head head, copied;
    struct error err;
    struct txn *txn;

    assert_ok(propose(f, "a", "case.put",
                      "{\"cases\":[{\"id\":\"A\",\"lang\":\"en\",\"title\":\"one\",\"f\":0.1}]}",
                      NULL, &err));
    assert_ok(propose(f, "b", "use", "{\"case\":\"A\",\"subject\":\"consult:1\"}", NULL, &err));
    assert_ok(propose(f, NULL, "use", "{\"case\":\"A\",\"subject\":\"consult:2\"}", NULL, &err));
    open_all(&copy);
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    for (uint64_t seq = 1; seq <= head.seq; seq++) {
        struct bytes line;

        assert_ok(journal_line(txn, seq, &line, &err));
        assert_ok(journal_replay(copy.journal, line, &err));
        assert_refused(AF_CONFLICT, journal_replay(copy.journal, line, &err));
    }
    for (int table = 0; table < TABLE_COUNT; table++) {
        struct txn *other;

        if (table == TABLE_META)
            continue;
        assert_ok(store_begin_read(copy.store, &other, &err));
        assert_int_equal(store_sum(txn, (enum table)table).count,
                         store_sum(other, (enum table)table).count);
        assert_true(store_sum(txn, (enum table)table).sum ==
                    store_sum(other, (enum table)table).sum);
        assert_ok(journal_head(other, &copied, &err));
        assert_true(digest_equal(&head.hash, &copied.hash));
        txn_abort(other);
    }
    txn_abort(txn);
    close_all(&copy);
    test_dir_remove(copy.dir);
}

static void the_hash_of_an_entry_is_that_of_its_line(void **state)
{
    static const struct digest zeros = {{0}};
    struct fixture *f = *state;
    struct digest hash, wanted;
    struct bytes line;
    struct error err;
    struct txn *txn;
    char id[16], body[80];

    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(journal_hash(txn, 0, &hash, &err));
    assert_true(digest_equal(&zeros, &hash));
    assert_int_equal(AF_NOT_FOUND, journal_hash(txn, 1, &hash, &err));
    txn_abort(txn);
    for (int i = 0; i < 3; i++) {
        (void)snprintf(id, sizeof id, "h%d", i);
        (void)snprintf(body, sizeof body,
                       "{\"cases\":[{\"id\":\"A%d\",\"lang\":\"en\",\"title\":\"one\"}]}", i);
        assert_ok(propose(f, id, "case.put", body, NULL, &err));
    }
    assert_ok(store_begin_read(f->store, &txn, &err));
    for (uint64_t seq = 1; seq <= 3; seq++) {
        assert_ok(journal_line(txn, seq, &line, &err));
        wanted = digest_plain(line);
        assert_ok(journal_hash(txn, seq, &hash, &err));
        assert_true(digest_equal(&wanted, &hash));
    }
    assert_int_equal(AF_NOT_FOUND, journal_hash(txn, 4, &hash, &err));
    assert_ok(journal_hash(txn, 0, &hash, &err));
    assert_true(digest_equal(&zeros, &hash));
    txn_abort(txn);
}

static void an_expected_version_that_is_another_is_a_conflict(void **state)
{
    struct fixture *f = *state;
    struct error err;

    assert_ok(
        propose(f, NULL, "case.put",
                "{\"cases\":[{\"id\":\"A\",\"lang\":\"en\",\"title\":\"1\"}],\"if_version\":0}",
                NULL, &err));
    assert_refused(AF_CONFLICT,
                   propose(f, NULL, "case.put",
                           "{\"cases\":[{\"id\":\"A\",\"lang\":\"en\",\"title\":\"2\"}],"
                           "\"if_version\":0}",
                           NULL, &err));
    assert_ok(
        propose(f, NULL, "case.put",
                "{\"cases\":[{\"id\":\"A\",\"lang\":\"en\",\"title\":\"2\"}],\"if_version\":1}",
                NULL, &err));
}

struct faults {
    int count;
    char last[ERROR_TEXT_MAX];
};

static void note_fault(void *context, const char *sentence)
{
    struct faults *faults = context;

    faults->count++;
    (void)snprintf(faults->last, sizeof faults->last, "%s", sentence);
}

static void fill_ledger(struct fixture *f, int entries)
{
    for (int i = 0; i < entries; i++) {
        char body[64];
        struct error err;

        (void)snprintf(body, sizeof body, "{\"case\":\"A\",\"subject\":\"consult:%d\"}", i);
        assert_ok(propose(f, NULL, "use", body, NULL, &err));
    }
}

/* An edit through the store itself, so that every checksum is right: only the chain can tell. */
static void every_edit_of_the_ledger_is_named(void **state)
{
    enum { ENTRIES = 5 };
    struct fixture *f = *state;
    struct error err;

    fill_ledger(f, ENTRIES);
    for (uint64_t seq = 1; seq <= ENTRIES; seq++)
        for (int edit = 0; edit < 2; edit++) {
            struct faults faults = {0};
            uint8_t key[8], copy[512];
            struct bytes line;
            uint64_t entries;
            struct txn *txn;

            put_be64(key, seq);
            assert_ok(store_begin_write(f->store, &txn, &err));
            assert_ok(store_get(txn, TABLE_LEDGER, bytes_of(key, 8), &line, &err));
            assert_true(line.len < sizeof copy);
            memcpy(copy, line.data, line.len);
            copy[line.len - 90] ^= 1; /* inside "command" or "subject": still JSON or not */
            if (edit == 0)
                assert_ok(
                    store_put(txn, TABLE_LEDGER, bytes_of(key, 8), bytes_of(copy, line.len), &err));
            else
                assert_ok(store_delete(txn, TABLE_LEDGER, bytes_of(key, 8), &err));
            assert_ok(ledger_verify(txn, note_fault, &faults, &entries, &err));
            assert_true(faults.count > 0);
            txn_abort(txn);
        }
}

static void a_counter_that_was_edited_is_named(void **state)
{
    struct fixture *f = *state;
    struct faults faults = {0};
    uint8_t body[8 * USE_COUNTED] = {0};
    uint64_t cases;
    struct error err;
    struct txn *txn;

    fill_ledger(f, 3);
    assert_ok(store_begin_write(f->store, &txn, &err));
    assert_ok(ledger_recount(txn, note_fault, &faults, &cases, &err));
    assert_int_equal(0, faults.count);
    assert_int_equal(1, cases);
    put_be64(body + 8 * USE_OPENED, 300);
    assert_ok(store_put(txn, TABLE_USE, BYTES_LIT("A"), bytes_of(body, sizeof body), &err));
    assert_ok(store_put(txn, TABLE_USE, BYTES_LIT("B"), bytes_of(body, sizeof body), &err));
    assert_ok(ledger_recount(txn, note_fault, &faults, &cases, &err));
    assert_int_equal(2, faults.count);
    txn_abort(txn);
}

static void a_command_is_forgotten_after_its_time(void **state)
{
    struct fixture *f = *state;
    const int64_t day_ms = 86400000;
    struct outcome outcome;
    struct error err;

    clock_fix(1000 * day_ms);
    assert_ok(propose(f, "old", "use", "{\"case\":\"A\",\"subject\":\"s\"}", NULL, &err));
    clock_fix((1000 + IDEMPOTENCY_DAYS + 1) * day_ms);
    assert_ok(propose(f, "new", "use", "{\"case\":\"A\",\"subject\":\"s\"}", NULL, &err));
    assert_ok(propose(f, "old", "use", "{\"case\":\"A\",\"subject\":\"s\"}", &outcome, &err));
    assert_false(outcome.repeated);
    json_decref(outcome.result);
    clock_fix(-1);
}

/* Each case is within the limit on elements, the entry of them all is past it. */
static void a_batch_of_many_elements_stays_readable(void **state)
{
    const int elements = JSON_TOKENS_MAX / 2;
    struct fixture *f = *state;
    struct buf body = {0};
    struct bytes line;
    struct entry entry;
    struct txn *txn;
    struct error err;
    json_t *json;

    buf_add_str(&body, "{\"cases\":[");
    for (int i = 0; i < 3; i++) {
        buf_printf(&body, "%s{\"id\":\"M-%d\",\"lang\":\"en\",\"title\":\"t\",\"mine\":[0",
                   i > 0 ? "," : "", i);
        for (int k = 1; k < elements; k++)
            buf_add_str(&body, ",0");
        buf_add_str(&body, "]}");
    }
    buf_add_str(&body, "]}");
    assert_ok(json_parse_stored(buf_bytes(&body), &json, &err));
    assert_ok(journal_propose(
        f->journal, &(struct command){.actor = "t", .kind = "case.put", .body = json}, NULL, &err));
    assert_ok(store_begin_read(f->store, &txn, &err));
    assert_ok(journal_line(txn, 1, &line, &err));
    assert_ok(entry_parse(line, &entry, &err));
    assert_bytes_equal(buf_bytes(&body), entry.body_text);
    json_decref(entry.json);
    assert_ok(entry_parse_head(line, &entry, &err));
    assert_bytes_equal(buf_bytes(&body), entry.body_text);
    assert_string_equal("case.put", entry.kind);
    json_decref(entry.json);
    txn_abort(txn);
    json_decref(json);
    buf_release(&body);
}

/* Bulk commands bring text that is packed already, several at once; what is stored says the same
 * as of a tree, byte for byte. */
static void a_body_packed_beforehand_gives_the_same_line(void **state)
{
    struct fixture *f = *state;
    struct frame_packer *packer;
    struct frame_parts parts[3] = {0};
    struct buf text[3] = {0};
    struct command commands[3];
    struct outcome out[3];
    struct error err;
    struct txn *txn;

    assert_ok(frame_packer_new(&packer, &err));
    for (unsigned i = 0; i < 3; i++) {
        buf_printf(&text[i],
                   "{\"cases\":[{\"id\":\"P-%u\",\"lang\":\"en\",\"title\":\"t\",\"text\":\"", i);
        for (unsigned k = 0; k < 4000 * i; k++)
            buf_printf(&text[i], "%u ", k * k % 9973);
        buf_add_str(&text[i], "\"}]}");
        assert_ok(frame_parts_pack(packer, buf_bytes(&text[i]), &parts[i], &err));
        commands[i] = (struct command){.actor = "cli",
                                       .kind = i == 1 ? "none" : "case.put",
                                       .text = buf_bytes(&text[i]),
                                       .parts = &parts[i]};
    }
    assert_refused(AF_INVALID, journal_propose_many(f->journal, commands, 3, out, &err));
    assert_true(out[0].seq == 0 && out[2].seq == 0 && out[0].result == NULL);
    commands[1].kind = "case.put";
    assert_ok(journal_propose_many(f->journal, commands, 3, out, &err));
    assert_ok(store_begin_read(f->store, &txn, &err));
    for (unsigned i = 0; i < 3; i++) {
        struct entry entry;
        struct bytes line;

        assert_int_equal(i + 1, out[i].seq);
        assert_int_equal(1, json_get_u64(out[i].result, "added"));
        assert_ok(journal_line(txn, i + 1, &line, &err));
        assert_ok(entry_parse(line, &entry, &err));
        assert_bytes_equal(buf_bytes(&text[i]), entry.body_text);
        json_decref(entry.json);
        json_decref(out[i].result);
        buf_release(&text[i]);
        frame_parts_release(&parts[i]);
    }
    txn_abort(txn);
    frame_packer_free(packer);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_case_is_read_back_as_it_was_given),
        TEST(the_hash_of_an_entry_is_that_of_its_line),
        TEST(the_same_text_again_is_unchanged_and_another_is_a_version),
        TEST(a_repeated_command_gets_its_first_answer),
        TEST(a_command_without_an_id_is_remembered_in_the_journal_alone),
        TEST(the_kind_of_a_line_is_known_however_it_is_written),
        TEST(the_head_of_a_line_is_compact_json),
        TEST(a_use_is_counted_once_for_its_subject),
        TEST(a_text_with_a_nul_is_not_taken),
        TEST(a_refusal_after_a_write_leaves_nothing),
        TEST(many_callers_are_grouped_and_none_is_lost),
        TEST(one_alone_commits_itself_and_those_that_come_meanwhile_are_one_commit),
        TEST(a_replayed_journal_gives_the_same_store),
        TEST(an_expected_version_that_is_another_is_a_conflict),
        TEST(every_edit_of_the_ledger_is_named),
        TEST(a_counter_that_was_edited_is_named),
        TEST(a_command_is_forgotten_after_its_time),
        TEST(a_batch_of_many_elements_stays_readable),
        TEST(a_body_packed_beforehand_gives_the_same_line),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
