/* Commands that are committed together.
 *
 * Why a group: a durable commit costs 0.2 to 8 ms whatever it holds, so commands that wait
 * together are committed together. Why no nested transactions: LMDB copies the dirty list for
 * each. Instead an apply refuses before its first write; one that fails later makes the group
 * start over without it, which costs time only.
 *
 * After a commit that failed for another reason than room, what is on disk is unknown (the
 * kernel may have dropped the page). The journal then answers AF_IO to everything: a restart
 * opens and verifies the store, and repeats are safe since every command has an id. */
#include "data/writer_impl.h"

#include "data/reserve.h"

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
        request->status = writer_run(journal, txn, &head, request);
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
    if ((*group)->next == NULL && (*group)->replay.len == 0 && journal->tell != NULL)
        journal->tell(journal->tell_context, txn, &(*group)->command, &head);
    return commit(journal, group, txn, err);
}

void writer_run_group(struct journal *journal, struct request *group)
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
