#include "indexer/index_impl.h"

#include "data/journal.h"
#include "indexer/index_learned.h"

#include <assert.h>
#include <stdlib.h>

/* What one run over the journal gathers: new documents, and cases whose older document is now
 * out of date. */
struct batch {
    const struct index_source *source;
    struct segment_builder *builder;
    struct index_learner learner;
    struct txn *txn;
    struct buf replaced; /* case numbers be32 */
    uint64_t from, to;
    struct prepared ahead; /* the entry after those to be read, if it is there already */
};

static enum status visit(void *context, const struct article_ref *ref,
                         const struct article_view *view, struct error *err)
{
    struct batch *batch = context;

    if (ref->version > 1)
        buf_add_be32(&batch->replaced, ref->no);
    return article_view_is_findable(view)
               ? index_add_case(&batch->learner, batch->txn, batch->builder, ref, view, err)
               : AF_OK;
}

static enum status read_journal(struct batch *batch, uint64_t head, struct error *err)
{
    enum status status = AF_OK;

    while (status == AF_OK && batch->to < head &&
           segment_builder_bytes(batch->builder) < INDEX_FLUSH_BYTES) {
        status = batch->source->entry(batch->txn, batch->to + 1, batch->from, &batch->replaced,
                                      visit, batch, err);
        arena_clear(txn_arena(batch->txn));
        batch->to++;
    }
    return status == AF_OK ? buf_status(&batch->replaced, "indexing cases", err) : status;
}

/* --- older documents ---------------------------------------------------------------------- */

/* Puts a bit into entry `i` of `next`, which at first shares its set with the state before. */
static enum status mark_dead(const struct snapshot *look, struct state *next, uint32_t i,
                             uint32_t doc, struct error *err)
{
    const struct deadset *shared = look->state->entries[i].dead;
    struct state_entry *entry = &next->entries[i];

    if (entry->dead == shared) {
        struct deadset *own =
            shared == NULL ? deadset_new(entry->base->docs) : deadset_copy(shared);

        if (own == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
        state_drop_dead(look->index, entry);
        entry->dead = own;
    }
    deadset_add(entry->dead, doc);
    return AF_OK;
}

/* A case has one live document at most. The newest segments are asked first. */
static enum status kill_older(const struct snapshot *look, struct state *next, uint32_t no,
                              struct error *err)
{
    for (uint32_t i = look->state->count; i-- > 0;) {
        const struct segment *segment = &look->segments[i];
        uint32_t doc;
        bool found;
        enum status status = segment_find_number(segment, no, &doc, &found, err);

        if (status != AF_OK)
            return status;
        if (found && !deadset_has(next->entries[i].dead, doc))
            return mark_dead(look, next, i, doc, err);
    }
    return AF_OK;
}

enum status index_kill_replaced(const struct snapshot *look, struct state *next,
                                struct bytes numbers, struct error *err)
{
    struct reader r = reader_of(numbers);
    enum status status = AF_OK;
    uint32_t no;

    while (status == AF_OK && reader_be32(&r, &no))
        status = kill_older(look, next, no, err);
    return status;
}

static enum status kill_replaced(struct index *index, const struct batch *batch, struct state *next,
                                 struct error *err)
{
    struct snapshot *look = NULL;
    enum status status;

    if (batch->replaced.len == 0)
        return AF_OK;
    status = snapshot_make(index, index->state, &look, err);
    if (status == AF_OK)
        status = index_kill_replaced(look, next, buf_bytes(&batch->replaced), err);
    snapshot_release(look);
    return status;
}

/* --- the whole ---------------------------------------------------------------------------- */

/* What was read, then what was made ahead; each may have nothing to find. */
static enum status append_new(struct index *index, struct batch *batch, struct state *next,
                              struct error *err)
{
    struct segment_base *built;
    enum status status = AF_OK;

    if (batch->builder != NULL) {
        status = index_build_memory(index, &built, err);
        if (status == AF_OK && built != NULL)
            state_append_memory(next, built);
    }
    if (status == AF_OK && batch->ahead.base != NULL) {
        state_append_memory(next, batch->ahead.base);
        batch->ahead.base = NULL;
    }
    return status;
}

static enum status publish(struct index *index, struct batch *batch, struct error *err)
{
    struct state *next = state_copy(index, index->state);
    enum status status;
    bool is_many;

    if (next == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for the index of new cases");
    next->covers_seq = batch->to;
    status = kill_replaced(index, batch, next, err);
    if (status == AF_OK)
        status = append_new(index, batch, next, err);
    if (status == AF_OK)
        status = index_merge_memory(index, &next, index_memory_limit(index), err);
    if (status != AF_OK) {
        state_unref(index, next);
        return status;
    }
    is_many = index_memory_is_many(next, INDEX_TIER);
    index_set_state(index, next);
    if (is_many)
        index_ahead_merge(index);
    return AF_OK;
}

static enum status read_and_publish(struct index *index, struct batch *batch, uint64_t until,
                                    struct error *err)
{
    uint64_t ahead = batch->ahead.head.seq;
    enum status status = AF_OK;

    if (ahead != 0)
        until = ahead - 1;
    if (batch->to < until) {
        status = index_need_builder(index, err);
        batch->builder = index->builder;
        if (status == AF_OK)
            status = read_journal(batch, until, err);
    }
    if (status == AF_OK && ahead != 0 && batch->to == until) {
        batch->to = ahead;
        if (batch->ahead.replaced != 0)
            buf_add_be32(&batch->replaced, batch->ahead.replaced);
        status = buf_status(&batch->replaced, "indexing cases", err);
    }
    if (status == AF_OK)
        status = publish(index, batch, err);
    if (status != AF_OK && batch->builder != NULL)
        index_drop_builder(index);
    return status;
}

enum status index_catch_up(struct index *index, uint64_t *head, struct error *err)
{
    struct batch batch = {.source = index->source,
                          .learner = {.is_off = !index->source->learns},
                          .from = index->state->covers_seq,
                          .to = index->state->covers_seq};
    struct journal_head journal;
    enum status status = store_begin_read(index->store, &batch.txn, err);

    if (status != AF_OK)
        return status;
    status = journal_head(batch.txn, &journal, err);
    if (status == AF_OK)
        *head = journal.seq;
    if (status == AF_OK && batch.to < journal.seq) {
        (void)index_ahead_take(index, batch.txn, &journal, &batch.ahead);
        status = read_and_publish(index, &batch, journal.seq, err);
        if (batch.ahead.base != NULL)
            segment_base_free(batch.ahead.base);
    }
    buf_release(&batch.replaced);
    index_learner_release(&batch.learner);
    txn_abort(batch.txn);
    return status;
}
