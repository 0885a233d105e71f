#include "intake/import/pipeline_impl.h"

#include "data/article_view.h"

/* --- what is stored already --------------------------------------------------------------- */

/* Hashes of the ids that this group writes. Not the second of two with one id may be left out for
 * being what the store has: it may undo the first. */
struct written {
    uint64_t ids[IMPORT_GROUP * ARTICLE_BATCH_MAX];
    size_t count;
};

static bool is_written(const struct written *written, uint64_t id)
{
    for (size_t i = 0; i < written->count; i++)
        if (written->ids[i] == id)
            return true;
    return false;
}

/* Is this case the newest version that is stored? */
static enum status is_stored(struct txn *txn, const struct article_view *view, struct bytes id,
                             struct buf *scratch, bool *out, struct error *err)
{
    struct article_ref ref;
    uint64_t print;
    enum status status = article_look(txn, id, &ref, err);

    *out = false;
    if (status == AF_NOT_FOUND)
        return AF_OK;
    if (status != AF_OK)
        return status;
    status = article_view_print(view, scratch, &print, err);
    *out = status == AF_OK && print == ref.print;
    return status;
}

static enum status look_at(struct txn *txn, struct bytes text, struct written *written,
                           struct buf *scratch, bool *is_same, struct error *err)
{
    struct article_view view;
    struct bytes id;
    uint64_t hash;
    enum status status = AF_OK;

    if (!article_view_of(text, &view)) /* it was just made */
        return error_set(err, AF_INVALID, "a case of this import is not compact JSON");
    id = article_view_str(&view, ARTICLE_ID, scratch);
    hash = checksum64(0, &id, 1);
    *is_same = false;
    if (!is_written(written, hash))
        status = is_stored(txn, &view, id, scratch, is_same, err);
    if (status == AF_OK && !*is_same)
        written->ids[written->count++] = hash;
    return status;
}

static enum status leave_out_stored(struct txn *txn, struct chunk *chunk, struct written *written,
                                    struct chunk_maker *maker, struct error *err)
{
    bool without[ARTICLE_BATCH_MAX];
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < chunk->case_count; i++) {
        const struct chunk_case *made = &chunk->cases[i];
        struct bytes text = bytes_of(chunk->body.data + made->start, made->len);

        status = look_at(txn, text, written, &maker->scratch, &without[i], err);
        chunk->counts.unchanged += status == AF_OK && without[i];
    }
    return status == AF_OK && chunk->counts.unchanged > 0
               ? chunk_leave_out(chunk, without, maker, err)
               : status;
}

static enum status leave_out_all(const struct pipeline_options *options, struct chunk **chunks,
                                 size_t count, struct chunk_maker *maker, struct error *err)
{
    struct written written = {.count = 0};
    struct txn *txn;
    enum status status = store_begin_read(options->store, &txn, err);

    if (status != AF_OK)
        return status;
    for (size_t i = 0; status == AF_OK && i < count; i++)
        status = leave_out_stored(txn, chunks[i], &written, maker, err);
    txn_abort(txn);
    return status;
}

/* --- writing ------------------------------------------------------------------------------ */

static enum status propose(const struct pipeline_options *options, struct chunk **chunks,
                           size_t count, struct error *err)
{
    struct command commands[IMPORT_GROUP];
    struct outcome outcomes[IMPORT_GROUP];
    struct chunk *of[IMPORT_GROUP];
    size_t n = 0;
    enum status status;

    for (size_t i = 0; i < count; i++)
        if (chunks[i]->case_count > 0) {
            of[n] = chunks[i];
            commands[n++] = (struct command){.actor = options->actor,
                                             .kind = "case.put",
                                             .text = buf_bytes(&chunks[i]->body),
                                             .parts = &chunks[i]->parts};
        }
    if (n == 0)
        return AF_OK;
    status = journal_propose_many(options->journal, commands, n, outcomes, err);
    for (size_t i = 0; i < n; i++) {
        struct import_counts *counts = &of[i]->counts;

        counts->added = json_get_u64(outcomes[i].result, "added");
        counts->updated = json_get_u64(outcomes[i].result, "updated");
        counts->unchanged += json_get_u64(outcomes[i].result, "unchanged");
        json_decref(outcomes[i].result);
    }
    return status;
}

enum status chunks_write(const struct pipeline_options *options, struct chunk **chunks,
                         size_t count, struct chunk_maker *maker, struct error *err)
{
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < count; i++)
        if (chunks[i]->status != AF_OK) {
            *err = chunks[i]->err;
            status = chunks[i]->status;
        }
    if (status == AF_OK)
        status = leave_out_all(options, chunks, count, maker, err);
    return status == AF_OK ? propose(options, chunks, count, err) : status;
}
