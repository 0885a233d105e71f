/* The one writer: a queue and a thread (see the drawing in journal.h).
 *
 * Why a group: a durable commit costs 0.2 to 8 ms whatever it holds, so commands that wait
 * together are committed together. Why no nested transactions: LMDB copies the dirty list for
 * each. Instead an apply refuses before its first write; one that fails later makes the group
 * start over without it, which costs time only.
 *
 * After a commit that failed for another reason than room, what is on disk is unknown (the
 * kernel may have dropped the page). The journal then answers AF_IO to everything: a restart
 * opens and verifies the store, and repeats are safe since every command has an id. */
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/journal.h"
#include "data/reserve.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

struct request {
    struct command command; /* a copy: the journal fills in its part */
    const struct command_kind *kind;
    struct buf body_text;
    uint64_t print;
    struct bytes replay; /* a line of another journal; empty: a new command */

    struct outcome outcome;
    enum status status;
    struct error error;
    bool refused; /* decided without the others: leave it out when starting over */
    bool answered;
    pthread_cond_t answer;
    struct request *next;
};

struct journal {
    struct store *store;
    const struct command_kind *kinds;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct request *first, *last;
    size_t waiting;
    bool stopping;
    /* The writer's own: */
    struct buf line;
    atomic_bool broken;    /* a commit failed; see above */
    atomic_bool low_space; /* the reserve is gone; commands that can wait are refused */
};

static const struct command_kind *find_kind(const struct journal *journal, const char *name)
{
    for (const struct command_kind *kind = journal->kinds; kind->name != NULL; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

/* --- one command -------------------------------------------------------------------------- */

static enum status answer_again(struct request *request, struct done *done)
{
    if (done->print != request->print) {
        json_decref(done->result);
        return error_set(&request->error, AF_CONFLICT,
                         "this idempotency key was used for another request before");
    }
    request->outcome = (struct outcome){done->seq, done->result, true};
    return AF_OK;
}

/* Once the reserve was given back, imports wait until it can be laid down again. */
static bool has_room(struct journal *journal)
{
    if (journal->low_space && reserve_keep(store_dir(journal->store)))
        journal->low_space = false;
    return !journal->low_space;
}

static enum status run_new(struct journal *journal, struct txn *txn, struct journal_head *head,
                           struct request *request)
{
    struct error *err = &request->error;
    struct done done;
    enum status status = done_find(txn, request->command.id, &done, err);

    if (status == AF_OK)
        return answer_again(request, &done);
    if (status != AF_NOT_FOUND)
        return status;
    if (request->kind->can_wait && !has_room(journal))
        return error_set(err, AF_FULL,
                         "the disk is nearly full: imports wait until there is room in %s",
                         store_dir(journal->store));
    status = journal_compose(head, &request->command, request->kind->schema,
                             buf_bytes(&request->body_text), &journal->line, err);
    if (status == AF_OK)
        status = request->kind->apply(txn, &request->command, request->outcome.result, err);
    return status;
}

static enum status run_replay(struct journal *journal, const struct journal_head *head,
                              struct txn *txn, struct request *request)
{
    struct error *err = &request->error;
    struct command *command = &request->command;
    struct entry entry;
    enum status status = entry_parse(request->replay, &entry, err);

    if (status != AF_OK)
        return status;
    request->kind = find_kind(journal, entry.kind);
    if (request->kind == NULL || entry.schema > request->kind->schema)
        status =
            error_set(err, AF_NEWER, "entry %llu is a command of a newer program: %.60s, schema %u",
                      (unsigned long long)entry.seq, entry.kind, entry.schema);
    else if (entry.seq != head->seq + 1)
        status = error_set(err, AF_CONFLICT, "entry %llu does not follow the last one, %llu",
                           (unsigned long long)entry.seq, (unsigned long long)head->seq);
    else if (!digest_equal(&entry.prev, &head->hash))
        status = error_set(err, AF_CORRUPT,
                           "entry %llu does not continue the chain: its prev_hash is not the "
                           "hash of the line before it",
                           (unsigned long long)entry.seq);
    else if (strlen(entry.id) > IDEMPOTENCY_KEY_BYTES_MAX || entry.at_ms < 0)
        status = error_set(err, AF_INVALID, "entry %llu has an impossible id or time",
                           (unsigned long long)entry.seq);
    if (status == AF_OK) {
        *command =
            (struct command){.id = entry.id,
                             .actor = entry.actor,
                             .kind = entry.kind,
                             .at_ms = entry.at_ms,
                             .body = entry.body,
                             .print = entry.print,
                             .seq = entry.seq,
                             .line = request->replay,
                             .body_offset = (size_t)(entry.body_text.data - request->replay.data)};
        request->print = entry.print != 0 ? entry.print : checksum64(0, &entry.body_text, 1);
        status = request->kind->apply(txn, command, request->outcome.result, err);
    }
    if (status == AF_OK)
        status = done_add(txn, command, request->print, request->outcome.result, err);
    json_decref(entry.json);
    return status;
}

static enum status run_one(struct journal *journal, struct txn *txn, struct journal_head *head,
                           struct request *request)
{
    bool is_replay = request->replay.len > 0;
    enum status status;

    request->outcome = (struct outcome){.result = json_object()};
    if (request->outcome.result == NULL)
        return error_set(&request->error, AF_NO_MEMORY, "no memory for a command's result");
    if (is_replay) {
        status = run_replay(journal, head, txn, request);
        if (status == AF_OK)
            status = journal_append(txn, request->replay, head, &request->error);
        request->outcome.seq = head->seq;
        return status;
    }
    {
        json_t *fresh = request->outcome.result;

        status = run_new(journal, txn, head, request);
        if (request->outcome.result != fresh)
            json_decref(fresh); /* a repeat brought its own answer */
    }
    if (status != AF_OK || request->outcome.repeated)
        return status;
    request->outcome.seq = request->command.seq;
    status =
        done_add(txn, &request->command, request->print, request->outcome.result, &request->error);
    if (status == AF_OK)
        status = journal_append(txn, request->command.line, head, &request->error);
    return status;
}

/* --- a group ------------------------------------------------------------------------------ */

static void drop_results(struct request *group)
{
    for (struct request *request = group; request != NULL; request = request->next) {
        json_decref(request->outcome.result);
        request->outcome = (struct outcome){0};
    }
}

static void fail_all(struct request *group, enum status status, const struct error *err)
{
    drop_results(group);
    for (struct request *request = group; request != NULL; request = request->next) {
        if (request->refused)
            continue;
        request->status = status;
        request->error = *err;
    }
}

static void answer_group(struct journal *journal, struct request *group)
{
    (void)pthread_mutex_lock(&journal->lock);
    while (group != NULL) {
        struct request *next = group->next; /* gone once its owner wakes */

        group->answered = true;
        (void)pthread_cond_signal(&group->answer);
        group = next;
    }
    (void)pthread_mutex_unlock(&journal->lock);
}

/* The one place where the order of "durable" and "answered" is decided. */
static enum status commit(struct journal *journal, struct request **group, struct txn *txn,
                          struct error *err)
{
#ifdef AF_FAULT_ACK_EARLY /* a planted fault: tests/fault shows that the harness notices it */
    answer_group(journal, *group);
    *group = NULL;
#else
    (void)journal;
    (void)group;
#endif
    return txn_commit(txn, err);
}

/* One try. AF_OK: committed, or everything was refused. *again: somebody failed after writing
 * and is now left out. Other: nothing is on disk, for the reason in `err`. */
static enum status try_group(struct journal *journal, struct request **group, bool *again,
                             struct error *err)
{
    struct journal_head head;
    struct txn *txn;
    enum status status = store_begin_write(journal->store, &txn, err);

    *again = false;
    if (status != AF_OK)
        return status;
    status = journal_head(txn, &head, err);
    for (struct request *request = *group; status == AF_OK && request != NULL;
         request = request->next) {
        uint64_t before = txn_writes(txn);

        if (request->refused)
            continue;
        request->status = run_one(journal, txn, &head, request);
        if (request->status == AF_OK)
            continue;
        if (txn_is_dead(txn)) { /* it concerns all, whoever's command met it */
            *err = request->error;
            status = request->status;
            break;
        }
        request->refused = true;
        if (txn_writes(txn) != before) {
            *again = true;
            break;
        }
    }
    if (status != AF_OK || *again) {
        txn_abort(txn);
        return status;
    }
    if (txn_writes(txn) == 0) {
        txn_abort(txn);
        return AF_OK;
    }
    return commit(journal, group, txn, err);
}

/* Runs the group and answers every request in it. */
static void run_group(struct journal *journal, struct request *group)
{
    struct error err = {AF_IO, "an earlier write failed: check the disk, then restart askfirst"};
    enum status status = AF_IO;
    bool again = true;

    while (!journal->broken && again) {
        status = try_group(journal, &group, &again, &err);
        if (again)
            drop_results(group);
        if (status == AF_FULL && reserve_release(store_dir(journal->store))) {
            journal->low_space = true;
            drop_results(group);
            again = true;
        }
    }
    if (status == AF_IO || status == AF_CORRUPT)
        journal->broken = true;
    if (status != AF_OK)
        fail_all(group, status, &err);
    answer_group(journal, group);
}

/* Takes from the queue what goes into one commit. The lock is held. */
static struct request *take_group(struct journal *journal)
{
    struct request *group = journal->first, *last = group;
    size_t count = 1, bytes = group->body_text.len + group->replay.len;

    while (last->next != NULL && count < GROUP_COMMANDS_MAX && bytes < GROUP_BYTES_MAX) {
        last = last->next;
        bytes += last->body_text.len + last->replay.len;
        count++;
    }
    journal->first = last->next;
    if (journal->first == NULL)
        journal->last = NULL;
    last->next = NULL;
    journal->waiting -= count;
    return group;
}

static void *writer(void *context)
{
    struct journal *journal = context;

    (void)pthread_mutex_lock(&journal->lock);
    for (;;) {
        struct request *group;

        while (journal->first == NULL && !journal->stopping)
            (void)pthread_cond_wait(&journal->work, &journal->lock);
        if (journal->first == NULL)
            break;
        group = take_group(journal);
        (void)pthread_mutex_unlock(&journal->lock);
        run_group(journal, group);
        (void)pthread_mutex_lock(&journal->lock);
    }
    (void)pthread_mutex_unlock(&journal->lock);
    return NULL;
}

/* --- from outside ------------------------------------------------------------------------- */

/* Puts requests at the end of the queue, together and in order, and waits for every answer. */
static enum status wait_for(struct journal *journal, struct request *requests, size_t count,
                            struct error *err)
{
    enum status status = AF_OK;

    (void)pthread_mutex_lock(&journal->lock);
    assert(!journal->stopping);
    if (journal->waiting + count > QUEUE_COMMANDS_MAX) {
        status = error_set(err, AF_BUSY, "%d changes are waiting to be written; try again soon",
                           QUEUE_COMMANDS_MAX);
        count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (journal->last != NULL)
            journal->last->next = &requests[i];
        else
            journal->first = &requests[i];
        journal->last = &requests[i];
    }
    journal->waiting += count;
    (void)pthread_cond_signal(&journal->work);
    for (size_t i = 0; i < count; i++)
        while (!requests[i].answered)
            (void)pthread_cond_wait(&requests[i].answer, &journal->lock);
    (void)pthread_mutex_unlock(&journal->lock);
    return status;
}

static enum status answer_of(const struct request *request, struct error *err)
{
    if (request->status != AF_OK && err != NULL)
        *err = request->error;
    return request->status;
}

static enum status check_command(const struct command *command, const struct request *request,
                                 struct error *err)
{
    if (request->kind == NULL)
        return error_set(err, AF_INVALID, "no command of kind %.60s", command->kind);
    if (command->id != NULL &&
        (command->id[0] == '\0' || strlen(command->id) > IDEMPOTENCY_KEY_BYTES_MAX))
        return error_set(err, AF_INVALID, "an idempotency key has 1 to %d bytes",
                         IDEMPOTENCY_KEY_BYTES_MAX);
    return AF_OK;
}

enum status journal_propose(struct journal *journal, const struct command *command,
                            struct outcome *out, struct error *err)
{
    struct request request = {.command = *command,
                              .kind = find_kind(journal, command->kind),
                              .body_text = {.ceiling = COMMAND_BYTES_MAX}};
    char id[ID_HEX_BYTES];
    enum status status = check_command(command, &request, err);

    if (status != AF_OK)
        return status;
    (void)pthread_cond_init(&request.answer, NULL);
    status = json_write(command->body, false, &request.body_text, err);
    if (status != AF_OK && request.body_text.failed) {
        status =
            error_set(err, AF_TOO_LARGE, "one change is larger than %u bytes", COMMAND_BYTES_MAX);
        goto done;
    }
    if (request.command.id == NULL) {
        id_random(id);
        request.command.id = id;
    }
    if (request.command.at_ms == 0)
        request.command.at_ms = clock_now_ms();
    request.print = command->print;
    if (request.print == 0) {
        struct bytes text = buf_bytes(&request.body_text);

        request.print = checksum64(0, &text, 1);
    }
    status = wait_for(journal, &request, 1, err);
    if (status == AF_OK)
        status = answer_of(&request, err);
    if (status == AF_OK && out != NULL)
        *out = request.outcome;
    else
        json_decref(request.outcome.result);
done:
    buf_release(&request.body_text);
    (void)pthread_cond_destroy(&request.answer);
    return status;
}

enum status journal_replay_many(struct journal *journal, const struct bytes *lines, size_t count,
                                size_t *replayed, struct error *err)
{
    struct request requests[REPLAY_LINES_MAX];
    enum status status = AF_OK;

    assert(count <= REPLAY_LINES_MAX);
    *replayed = 0;
    for (size_t i = 0; i < count; i++)
        if (lines[i].len == 0)
            return error_set(err, AF_INVALID, "an empty line is not a journal entry");
    for (size_t i = 0; i < count; i++) {
        requests[i] = (struct request){.replay = lines[i]};
        (void)pthread_cond_init(&requests[i].answer, NULL);
    }
    status = wait_for(journal, requests, count, err);
    for (size_t i = 0; i < count; i++) {
        if (status == AF_OK && (status = answer_of(&requests[i], err)) == AF_OK)
            (*replayed)++;
        json_decref(requests[i].outcome.result);
        (void)pthread_cond_destroy(&requests[i].answer);
    }
    return status;
}

enum status journal_replay(struct journal *journal, struct bytes line, struct error *err)
{
    size_t replayed;

    return journal_replay_many(journal, &line, 1, &replayed, err);
}

enum status journal_health(const struct journal *journal, struct error *err)
{
    if (journal->broken)
        return error_set(err, AF_IO, "an earlier write failed: check the disk, then restart");
    if (journal->low_space)
        return error_set(err, AF_FULL, "the disk is nearly full: imports are refused");
    return AF_OK;
}

enum status journal_open(struct store *store, const struct command_kind *kinds,
                         struct journal **out, struct error *err)
{
    struct journal *journal = calloc(1, sizeof *journal);

    if (journal == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the journal");
    journal->store = store;
    journal->kinds = kinds;
    (void)pthread_mutex_init(&journal->lock, NULL);
    (void)pthread_cond_init(&journal->work, NULL);
    if (pthread_create(&journal->thread, NULL, writer, journal) != 0) {
        free(journal);
        return error_set(err, AF_IO, "the writer thread cannot be started");
    }
    *out = journal;
    return AF_OK;
}

void journal_close(struct journal *journal)
{
    if (journal == NULL)
        return;
    (void)pthread_mutex_lock(&journal->lock);
    journal->stopping = true;
    (void)pthread_cond_signal(&journal->work);
    (void)pthread_mutex_unlock(&journal->lock);
    (void)pthread_join(journal->thread, NULL);
    (void)pthread_cond_destroy(&journal->work);
    (void)pthread_mutex_destroy(&journal->lock);
    buf_release(&journal->line);
    free(journal);
}
