/* Work for the next search, done before it comes by a thread of the index's own.
 *
 *   save      … apply ─┬─ write pages, wait for the disk ─────── answer ─┐
 *   ahead              └─ analyse the case, make its segment             │   merge, if many
 *   search                                                               └─ publish ┘ ask
 *
 * A case is analysed while its commit waits for the disk, and published by whoever follows the
 * journal afterwards, when the journal's head in the store is the one that the segment was made
 * for: a commit that failed, or another process's, has another one, and what was made is let go.
 * What this thread has not begun when it is needed is done as if it were not there, and so is
 * everything when it cannot be started. A save is offered only when somebody has searched since the
 * one before: who saves without searching pays for nothing. */
#include "indexer/index_impl.h"

#include "data/journal.h"
#include "indexer/index_learned.h"

/* --- the save's side: in the writer's turn ------------------------------------------------ */

struct offering {
    struct txn *txn;
    struct offered *offered;
    unsigned cases;
};

static enum status offer_one(void *context, const struct article_ref *ref,
                             const struct article_view *view, struct error *err)
{
    struct offering *offering = context;
    struct offered *offered = offering->offered;

    offering->cases++;
    if (ref->version > 1 && index_has_learned(offering->txn, view))
        return AF_NOT_FOUND; /* who follows the journal reads that too */
    offered->ref = *ref;
    buf_clear(&offered->text);
    buf_add(&offered->text, view->text);
    return buf_status(&offered->text, "indexing cases", err);
}

static void *work_ahead(void *context);

static bool has_thread(struct ahead *ahead, struct index *index)
{
    if (!ahead->has_thread)
        ahead->has_thread = pthread_create(&ahead->thread, NULL, work_ahead, index) == 0;
    return ahead->has_thread;
}

static void hand_over(struct index *index, struct offered *made)
{
    struct ahead *ahead = &index->ahead;
    struct offered before;

    index_lock(index);
    if (has_thread(ahead, index)) {
        before = ahead->offered;
        ahead->offered = *made;
        *made = before;
        ahead->is_offered = true;
        ahead->is_wanted = false;
        (void)pthread_cond_signal(&ahead->work);
    }
    index_unlock(index);
}

void index_ahead(void *context, struct txn *txn, const struct command *command,
                 const struct journal_head *head)
{
    struct index *index = context;
    struct offering offering = {.txn = txn, .offered = &index->ahead.making};
    bool is_wanted;

    index_lock(index);
    is_wanted = index->ahead.is_wanted;
    index_unlock(index);
    if (!is_wanted || command->line.len > INDEX_AHEAD_BYTES ||
        article_view_line(txn, command->seq, command->line, offer_one, &offering, NULL) != AF_OK ||
        offering.cases != 1)
        return;
    offering.offered->head = *head;
    hand_over(index, offering.offered);
}

/* --- the thread --------------------------------------------------------------------------- */

static void prepared_release(struct prepared *prepared)
{
    if (prepared->base != NULL)
        segment_base_free(prepared->base);
    *prepared = (struct prepared){0};
}

static enum status build(struct index *index, const struct offered *offered,
                         struct segment_base **out)
{
    struct article_view view;
    enum status status;

    *out = NULL;
    if (!article_view_of(buf_bytes(&offered->text), &view))
        return AF_CORRUPT;
    if (!article_view_is_findable(&view))
        return AF_OK;
    status = index_need_builder(index, NULL);
    if (status == AF_OK) {
        status = segment_builder_add(index->builder, &offered->ref, &view, NULL);
        if (status != AF_OK)
            index_drop_builder(index);
    }
    return status == AF_OK ? index_build_memory(index, out, NULL) : status;
}

static void prepare(struct index *index, const struct offered *offered)
{
    struct prepared made = {.head = offered->head};

    if (offered->ref.version > 1)
        made.replaced = offered->ref.no;
    if (build(index, offered, &made.base) != AF_OK)
        return; /* whoever follows the journal meets it again, and can say it */
    prepared_release(&index->ahead.prepared);
    index->ahead.prepared = made;
}

static void merge(struct index *index)
{
    struct state *next;

    if (!index_memory_is_many(index->state, INDEX_TIER))
        return;
    next = state_copy(index, index->state);
    if (next == NULL)
        return;
    if (index_merge_memory(index, &next, INDEX_TIER, NULL) == AF_OK)
        index_set_state(index, next);
    else
        state_unref(index, next);
}

/* With `changing` held. */
static void work(struct index *index)
{
    struct ahead *ahead = &index->ahead;
    struct offered taken = {0};
    bool is_offered, is_many;

    index_lock(index);
    is_offered = ahead->is_offered;
    is_many = ahead->is_many;
    if (is_offered) {
        taken = ahead->offered;
        ahead->offered = ahead->taken;
    }
    ahead->is_offered = ahead->is_many = false;
    index_unlock(index);
    if (is_offered) {
        ahead->taken = taken;
        prepare(index, &taken);
    }
    if (is_many)
        merge(index);
}

static void *work_ahead(void *context)
{
    struct index *index = context;
    struct ahead *ahead = &index->ahead;

    index_lock(index);
    while (!ahead->stops) {
        if (!ahead->is_offered && !ahead->is_many) {
            (void)pthread_cond_wait(&ahead->work, &index->mutex);
            continue;
        }
        index_unlock(index);
        (void)pthread_mutex_lock(&index->changing);
        work(index);
        (void)pthread_mutex_unlock(&index->changing);
        index_lock(index);
    }
    index_unlock(index);
    return NULL;
}

/* --- the search's side: with `changing` held ---------------------------------------------- */

/* Is it of the journal as it is? */
static bool is_of(const struct prepared *prepared, struct txn *txn)
{
    struct digest hash;

    return journal_hash(txn, prepared->head.seq, &hash, NULL) == AF_OK &&
           digest_equal(&hash, &prepared->head.hash);
}

bool index_ahead_take(struct index *index, struct txn *txn, const struct journal_head *head,
                      struct prepared *out)
{
    struct ahead *ahead = &index->ahead;

    *out = (struct prepared){0};
    index_lock(index);
    ahead->is_wanted = true;
    if (ahead->is_offered && ahead->offered.head.seq <= head->seq)
        ahead->is_offered = false;
    index_unlock(index);
    if (ahead->prepared.head.seq == 0 || ahead->prepared.head.seq > head->seq)
        return false; /* nothing, or it is being committed */
    if (ahead->prepared.head.seq <= index->state->covers_seq || !is_of(&ahead->prepared, txn)) {
        prepared_release(&ahead->prepared);
        return false;
    }
    *out = ahead->prepared;
    ahead->prepared = (struct prepared){0};
    return true;
}

uint32_t index_memory_limit(struct index *index)
{
    bool helps;

    index_lock(index);
    helps = index->ahead.has_thread;
    index_unlock(index);
    return helps ? 2 * INDEX_TIER : INDEX_TIER;
}

void index_ahead_merge(struct index *index)
{
    index_lock(index);
    index->ahead.is_many = true;
    (void)pthread_cond_signal(&index->ahead.work);
    index_unlock(index);
}

void index_ahead_stop(struct index *index)
{
    struct ahead *ahead = &index->ahead;

    index_lock(index);
    ahead->stops = true;
    (void)pthread_cond_signal(&ahead->work);
    index_unlock(index);
    if (ahead->has_thread)
        (void)pthread_join(ahead->thread, NULL);
    prepared_release(&ahead->prepared);
    buf_release(&ahead->making.text);
    buf_release(&ahead->offered.text);
    buf_release(&ahead->taken.text);
}
