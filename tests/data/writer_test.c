/* The limits of the queue: how many may wait, how many commands and bytes one commit takes. */
#include "tests/harness.h"

#include "data/base/limits.h"
#include "data/writer_impl.h"

#include <sched.h>
#include <stdlib.h>

enum { TXNS_MAX = 16, CALLERS = QUEUE_COMMANDS_MAX / REPLAY_LINES_MAX };

/* What was applied: how many commands in each transaction. Only the writer writes here. */
static struct {
    atomic_bool holds, is_held;
    uint64_t txn[TXNS_MAX];
    unsigned count[TXNS_MAX], txns;
} ran;

static enum status apply_gate(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    (void)txn;
    (void)command;
    (void)result;
    (void)err;
    atomic_store(&ran.is_held, true);
    while (atomic_load(&ran.holds))
        sched_yield();
    return AF_OK;
}

static enum status apply_count(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    (void)command;
    (void)result;
    (void)err;
    if (ran.txns == 0 || ran.txn[ran.txns - 1] != txn_id(txn)) {
        assert_true(ran.txns < TXNS_MAX);
        ran.txn[ran.txns++] = txn_id(txn);
    }
    ran.count[ran.txns - 1]++;
    return AF_OK;
}

static const struct command_kind kinds[] = {
    {.name = "gate",       .schema = 1, .apply = apply_gate},
    {.name = "count", .schema = 1, .apply = apply_count},
    {.name = NULL     },
};

struct fixture {
    char *dir;
    struct store *store;
    struct journal *journal;
    pthread_t holder;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    memset(&ran, 0, sizeof ran);
    f->dir = test_dir_new();
    assert_ok(store_open(f->dir, STORE_WRITE, &f->store, &err));
    assert_ok(journal_open(f->store, kinds, &f->journal, &err));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    journal_close(f->journal);
    store_close(f->store);
    test_dir_remove(f->dir);
    free(f);
    return 0;
}

static enum status propose(struct fixture *f, const char *kind, struct error *err)
{
    json_t *body = json_object();
    struct command command = {.actor = "test", .kind = kind, .body = body};
    enum status status = journal_propose(f->journal, &command, NULL, err);

    json_decref(body);
    return status;
}

static void *hold(void *context)
{
    struct error err;

    assert_ok(propose(context, "gate", &err));
    return NULL;
}

/* From here on whatever is proposed waits. */
static void close_gate(struct fixture *f)
{
    atomic_store(&ran.holds, true);
    assert_int_equal(0, pthread_create(&f->holder, NULL, hold, f));
    while (!atomic_load(&ran.is_held))
        sched_yield();
}

static void wait_until_waiting(struct journal *journal, size_t count)
{
    size_t waiting = 0;

    while (waiting < count) {
        sched_yield();
        (void)pthread_mutex_lock(&journal->lock);
        waiting = journal->waiting;
        (void)pthread_mutex_unlock(&journal->lock);
    }
    assert_int_equal(count, waiting);
}

static void open_gate(struct fixture *f)
{
    atomic_store(&ran.holds, false);
    assert_int_equal(0, pthread_join(f->holder, NULL));
}

static void *replay_nonsense(void *context)
{
    struct fixture *f = context;
    struct bytes lines[REPLAY_LINES_MAX];
    struct error err;
    size_t replayed;

    for (size_t i = 0; i < REPLAY_LINES_MAX; i++)
        lines[i] = BYTES_LIT("{}");
    assert_true(journal_replay_many(f->journal, lines, REPLAY_LINES_MAX, &replayed, &err) != AF_OK);
    assert_int_equal(0, replayed);
    return NULL;
}

static void so_many_may_wait_and_one_more_is_told_to_come_again(void **state)
{
    struct fixture *f = *state;
    pthread_t callers[CALLERS];
    struct error err;

    assert_int_equal(0, QUEUE_COMMANDS_MAX % REPLAY_LINES_MAX);
    close_gate(f);
    for (size_t i = 0; i < CALLERS; i++)
        assert_int_equal(0, pthread_create(&callers[i], NULL, replay_nonsense, f));
    wait_until_waiting(f->journal, QUEUE_COMMANDS_MAX);
    assert_refused(AF_BUSY, propose(f, "count", &err));
    open_gate(f);
    for (size_t i = 0; i < CALLERS; i++)
        assert_int_equal(0, pthread_join(callers[i], NULL));
    assert_ok(propose(f, "count", &err));
}

struct many {
    struct fixture *f;
    size_t count, bytes; /* of commands; of the body of each */
};

static void *propose_many(void *context)
{
    const struct many *many = context;
    struct command commands[PROPOSE_MANY_MAX];
    struct outcome outcomes[PROPOSE_MANY_MAX];
    char *text = calloc(1, many->bytes + 1);
    json_t *body;
    struct error err;

    assert_non_null(text);
    memset(text, 'x', many->bytes);
    body = json_pack("{s:s}", "text", text);
    for (size_t i = 0; i < many->count; i++)
        commands[i] = (struct command){.actor = "test", .kind = "count", .body = body};
    assert_ok(journal_propose_many(many->f->journal, commands, many->count, outcomes, &err));
    for (size_t i = 0; i < many->count; i++)
        json_decref(outcomes[i].result);
    json_decref(body);
    free(text);
    return NULL;
}

static void a_commit_takes_so_many_commands(void **state)
{
    enum { THREADS = GROUP_COMMANDS_MAX / PROPOSE_MANY_MAX + 1 };
    struct many many = {*state, PROPOSE_MANY_MAX, 1};
    pthread_t threads[THREADS];

    close_gate(*state);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(0, pthread_create(&threads[i], NULL, propose_many, &many));
    wait_until_waiting(many.f->journal, (size_t)THREADS * PROPOSE_MANY_MAX);
    open_gate(*state);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(0, pthread_join(threads[i], NULL));
    assert_int_equal(2, ran.txns);
    assert_int_equal(GROUP_COMMANDS_MAX, ran.count[0]);
    assert_int_equal(PROPOSE_MANY_MAX, ran.count[1]);
}

static void a_commit_is_closed_past_so_many_bytes(void **state)
{
    struct many many = {*state, 5, GROUP_BYTES_MAX / 3};

    (void)propose_many(&many);
    assert_int_equal(2, ran.txns);
    assert_int_equal(3, ran.count[0]); /* with their names past it */
    assert_int_equal(2, ran.count[1]);
}

/* --- told ahead ---------------------------------------------------------------------------- */

static struct {
    struct store *store;
    unsigned count;
    struct journal_head head; /* what was told last */
    bool was_durable;
} told;

static struct journal_head durable_head(struct store *store)
{
    struct journal_head head;
    struct txn *txn;
    struct error err;

    assert_ok(store_begin_read(store, &txn, &err));
    assert_ok(journal_head(txn, &head, &err));
    txn_abort(txn);
    return head;
}

static void note_told(void *context, struct txn *txn, const struct command *command,
                      const struct journal_head *head)
{
    struct journal_head inside;
    struct error err;

    assert_ptr_equal(&told, context);
    assert_ok(journal_head(txn, &inside, &err)); /* what the transaction changed shows in it */
    assert_int_equal(head->seq, inside.seq);
    assert_int_equal(head->seq, command->seq);
    told.count++;
    told.head = *head;
    told.was_durable = durable_head(told.store).seq >= head->seq;
}

static void a_command_alone_is_told_of_before_its_commit(void **state)
{
    struct fixture *f = *state;
    struct many many = {f, 3, 1};
    json_t *body = json_object();
    struct command command = {.id = "once", .actor = "test", .kind = "count", .body = body};
    struct journal_head head;
    struct error err;

    memset(&told, 0, sizeof told);
    told.store = f->store;
    journal_tell_ahead(f->journal, note_told, &told);
    assert_ok(journal_propose(f->journal, &command, NULL, &err));
    assert_int_equal(1, told.count);
    assert_false(told.was_durable);
    head = durable_head(f->store);
    assert_int_equal(head.seq, told.head.seq);
    assert_true(digest_equal(&head.hash, &told.head.hash));
    assert_ok(journal_propose(f->journal, &command, NULL, &err)); /* again: nothing is committed */
    assert_int_equal(1, told.count);
    (void)propose_many(&many);
    assert_int_equal(1, told.count);
    json_decref(body);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(so_many_may_wait_and_one_more_is_told_to_come_again),
        TEST(a_commit_takes_so_many_commands),
        TEST(a_commit_is_closed_past_so_many_bytes),
        TEST(a_command_alone_is_told_of_before_its_commit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
