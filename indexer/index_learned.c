#include "indexer/index_learned.h"

#include <stdlib.h>

void index_learner_release(struct index_learner *learner)
{
    free(learner->learned);
    buf_release(&learner->id);
    learner->learned = NULL;
}

enum status index_add_case(struct index_learner *learner, struct txn *txn,
                           struct segment_builder *builder, const struct article_ref *ref,
                           const struct article_view *view, struct error *err)
{
    enum status status = AF_OK;
    bool found = false;

    if (!learner->is_off && !learned_is_empty(txn)) {
        if (learner->learned == NULL)
            learner->learned = malloc(sizeof *learner->learned);
        if (learner->learned == NULL)
            return error_set(err, AF_NO_MEMORY, "no memory for indexing cases");
        status = learned_get(txn, article_view_str(view, ARTICLE_ID, &learner->id),
                             learner->learned, &found, err);
    }
    if (status != AF_OK && status != AF_CORRUPT)
        return status;
    segment_builder_set_learned(builder, found ? learner->learned : NULL);
    return segment_builder_add(builder, ref, view, err);
}

bool index_has_learned(struct txn *txn, const struct article_view *view)
{
    struct buf id = {0};
    struct bytes body;
    bool has = !learned_is_empty(txn) &&
               store_get(txn, TABLE_LEARNED, article_view_str(view, ARTICLE_ID, &id), &body,
                         NULL) == AF_OK;

    buf_release(&id);
    return has;
}

static enum status view_taught(struct txn *txn, uint64_t seq, uint64_t since, uint32_t no,
                               struct buf *replaced, article_view_fn each, void *context,
                               struct error *err)
{
    struct article_view view;
    struct article_ref ref;
    struct bytes id, text;
    enum status status = article_id_of(txn, no, &id, err);

    if (status == AF_OK)
        status = article_find(txn, id, &ref, err);
    if (status != AF_OK || ref.seq > since)
        return status;
    if ((status = article_text(txn, &ref, &text, err)) != AF_OK)
        return status;
    if (!article_view_of(text, &view))
        return error_set(err, AF_CORRUPT, "damaged: table journal, entry %llu cannot be read",
                         (unsigned long long)ref.seq);
    ref.seq = seq;
    buf_add_be32(replaced, no);
    return each(context, &ref, &view, err);
}

enum status index_view_entry(struct txn *txn, uint64_t seq, uint64_t since, struct buf *replaced,
                             article_view_fn each, void *context, struct error *err)
{
    enum status status = article_view_entry(txn, seq, each, context, err);
    uint32_t no = 0;
    bool found = status == AF_OK;

    while (status == AF_OK && found) {
        status = learned_next_at(txn, seq, &no, &found, err);
        if (status == AF_CORRUPT)
            return AF_OK;
        if (status == AF_OK && found)
            status = view_taught(txn, seq, since, no, replaced, each, context, err);
    }
    return status;
}
