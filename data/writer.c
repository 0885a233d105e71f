/* The one writer: a turn, a queue and a thread (see the drawing in journal.h), and how others ask.
 *
 * Whoever has the turn writes. A command that finds nobody writing and nobody waiting takes it
 * and commits in its own thread: two threads that wake each other cost a tenth of a millisecond,
 * a fifth of a durable save. What comes meanwhile waits in the queue, and the thread commits all
 * of that together. */
#include "data/writer_impl.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

#include <assert.h>
#include <stdlib.h>

/* --- the thread --------------------------------------------------------------------------- */

/* Takes from the queue what goes into one commit. The lock is held. */
static struct request *take_group(struct journal *journal)
{
    struct request *group = journal->first, *last = group;
    size_t count = 1, bytes = group->body.len + group->replay.len;

    while (last->next != NULL && count < GROUP_COMMANDS_MAX && bytes < GROUP_BYTES_MAX) {
        last = last->next;
        bytes += last->body.len + last->replay.len;
        count++;
    }
    journal->first = last->next;
    if (journal->first == NULL)
        journal->last = NULL;
    last->next = NULL;
    journal->waiting -= count;
    return group;
}

/* The lock is held before and after, not meanwhile. */
static void run_in_turn(struct journal *journal, struct request *group)
{
    assert(!journal->is_writing);
    journal->is_writing = true;
    (void)pthread_mutex_unlock(&journal->lock);
    writer_run_group(journal, group);
    (void)pthread_mutex_lock(&journal->lock);
    journal->is_writing = false;
}

static void *writer(void *context)
{
    struct journal *journal = context;

    (void)pthread_mutex_lock(&journal->lock);
    for (;;) {
        struct request *group;

        while (journal->is_writing || (journal->first == NULL && !journal->stopping))
            (void)pthread_cond_wait(&journal->work, &journal->lock);
        if (journal->first == NULL)
            break;
        group = take_group(journal);
        run_in_turn(journal, group);
    }
    (void)pthread_mutex_unlock(&journal->lock);
    return NULL;
}

/* --- from outside ------------------------------------------------------------------------- */

/* Puts requests at the end of the queue, together and in order, and waits for every answer. The
 * lock is held. */
static enum status wait_in_queue(struct journal *journal, struct request *requests, size_t count,
                                 struct error *err)
{
    if (journal->waiting + count > QUEUE_COMMANDS_MAX)
        return error_set(err, AF_BUSY, "%d changes are waiting to be written; try again soon",
                         QUEUE_COMMANDS_MAX);
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
    return AF_OK;
}

/* Returns when every request is answered. Several go to the queue in any case: who imports has
 * something to do meanwhile. */
static enum status wait_for(struct journal *journal, struct request *requests, size_t count,
                            struct error *err)
{
    enum status status = AF_OK;

    (void)pthread_mutex_lock(&journal->lock);
    assert(!journal->stopping);
    if (count == 1 && journal->first == NULL && !journal->is_writing) {
        run_in_turn(journal, requests);
        if (journal->first != NULL || journal->stopping)
            (void)pthread_cond_signal(&journal->work);
    } else {
        status = wait_in_queue(journal, requests, count, err);
    }
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
    if (command->id != NULL && id_is_own(command->id))
        return error_set(err, AF_INVALID, "an idempotency key cannot begin with %c", ID_OWN_MARK);
    return AF_OK;
}

#define ID_OWN_BYTES (1 + ID_HEX_BYTES)

/* Fills what the writer needs; request_release() in every case. */
/* A text with a NUL is written as \u0000, which no reader of JSON here takes: such an entry could
 * never be read again. */
static bool says_nul(struct bytes json)
{
    const uint8_t *at = json.data, *end = json.data + json.len;

    while (json.len > 0 && (at = memmem(at, (size_t)(end - at), "\\u0000", 6)) != NULL) {
        const uint8_t *slash = at;

        while (slash > json.data && slash[-1] == '\\')
            slash--;
        if ((at - slash) % 2 == 0)
            return true;
        at++;
    }
    return false;
}

static enum status prepare(struct journal *journal, const struct command *command,
                           struct request *request, char id[ID_OWN_BYTES], struct error *err)
{
    enum status status;

    *request = (struct request){.command = *command,
                                .kind = writer_find_kind(journal, command->kind),
                                .written = {.ceiling = COMMAND_BYTES_MAX}};
    (void)pthread_cond_init(&request->answer, NULL);
    if ((status = check_command(command, request, err)) != AF_OK)
        return status;
    request->body = command->text;
    if (command->text.len == 0) {
        status = json_write(command->body, false, &request->written, err);
        request->body = buf_bytes(&request->written);
    }
    if (request->written.failed || request->body.len > COMMAND_BYTES_MAX)
        return error_set(err, AF_TOO_LARGE, "one change is larger than %u bytes",
                         COMMAND_BYTES_MAX);
    if (status != AF_OK)
        return status;
    if (says_nul(buf_bytes(&request->written)))
        return error_set(err, AF_INVALID, "a text holds the character NUL");
    if (request->command.id == NULL) {
        id[0] = ID_OWN_MARK;
        id_random(id + 1);
        request->command.id = id;
    }
    if (request->command.at_ms == 0)
        request->command.at_ms = clock_now_ms();
    request->print = command->print != 0 ? command->print : checksum64(0, &request->body, 1);
    return AF_OK;
}

static void request_release(struct request *request)
{
    buf_release(&request->written);
    (void)pthread_cond_destroy(&request->answer);
}

enum status journal_propose(struct journal *journal, const struct command *command,
                            struct outcome *out, struct error *err)
{
    struct request request;
    char id[ID_OWN_BYTES];
    enum status status = prepare(journal, command, &request, id, err);

    if (status == AF_OK)
        status = wait_for(journal, &request, 1, err);
    if (status == AF_OK)
        status = answer_of(&request, err);
    if (status == AF_OK && out != NULL)
        *out = request.outcome;
    else
        json_decref(request.outcome.result);
    request_release(&request);
    return status;
}

enum status journal_propose_many(struct journal *journal, const struct command *commands,
                                 size_t count, struct outcome *out, struct error *err)
{
    struct request requests[PROPOSE_MANY_MAX];
    char ids[PROPOSE_MANY_MAX][ID_OWN_BYTES];
    size_t prepared = 0;
    enum status status = AF_OK;

    assert(count <= PROPOSE_MANY_MAX);
    memset(out, 0, count * sizeof out[0]);
    while (status == AF_OK && prepared < count) {
        status = prepare(journal, &commands[prepared], &requests[prepared], ids[prepared], err);
        prepared++;
    }
    if (status == AF_OK)
        status = wait_for(journal, requests, count, err);
    for (size_t i = 0; status == AF_OK && i < count; i++)
        status = answer_of(&requests[i], err);
    for (size_t i = 0; i < prepared; i++) {
        if (requests[i].answered && requests[i].status == AF_OK)
            out[i] = requests[i].outcome;
        else
            json_decref(requests[i].outcome.result);
        request_release(&requests[i]);
    }
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

void journal_tell_ahead(struct journal *journal, journal_ahead_fn tell, void *context)
{
    (void)pthread_mutex_lock(&journal->lock);
    journal->tell = tell;
    journal->tell_context = context;
    (void)pthread_mutex_unlock(&journal->lock);
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
