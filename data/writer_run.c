/* One command inside the group's transaction: a new one, or an entry that another journal wrote. */
#include "data/writer_impl.h"

#include "data/base/limits.h"
#include "data/reserve.h"

const struct command_kind *writer_find_kind(const struct journal *journal, const char *name)
{
    for (const struct command_kind *kind = journal->kinds; kind->name != NULL; kind++)
        if (strcmp(kind->name, name) == 0)
            return kind;
    return NULL;
}

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
    status = journal_compose(head, &request->command, request->kind->schema, request->body,
                             &journal->line, err);
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
    request->kind = writer_find_kind(journal, entry.kind);
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

enum status writer_run(struct journal *journal, struct txn *txn, struct journal_head *head,
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
            status = journal_append(txn, request->replay, 0, NULL, head, &request->error);
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
        status = journal_append(txn, request->command.line, request->command.body_offset,
                                request->command.parts, head, &request->error);
    return status;
}
