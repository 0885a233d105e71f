/* The store as the book of what was learned, and the commands that write in it. */
#include "intake/ask/learn_impl.h"

#include "data/article.h"

#include <stdlib.h>

/* --- the store as a book -------------------------------------------------------------------- */

static enum status store_read(void *txn, struct bytes case_id, struct learned *out,
                              struct error *err)
{
    bool found;

    return learned_get(txn, case_id, out, &found, err);
}

static enum status store_write(void *txn, struct bytes case_id, struct learned *learned,
                               bool changed, uint64_t seq, struct error *err)
{
    struct article_ref ref;
    enum status status = article_find(txn, case_id, &ref, err);

    return status == AF_OK ? learned_put(txn, case_id, ref.no, learned, changed, seq, err) : status;
}

/* The ids of those that the voter told something, each after its length: the table does not change
 * while it is walked. */
static enum status find_told(struct txn *txn, uint64_t voter, struct learned *scratch,
                             struct buf *ids, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    enum status status = cursor_open(txn, TABLE_LEARNED, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        if (key.data[0] == 0 || !learned_decode(body, scratch) || !learned_forget(scratch, voter))
            continue;
        buf_add_varint(ids, key.len);
        buf_add(ids, key);
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? buf_status(ids, "what a person taught", err) : status;
}

static enum status store_forget(void *txn, uint64_t voter, uint64_t seq, struct error *err)
{
    struct learned *scratch = malloc(sizeof *scratch);
    struct buf ids = {0};
    struct reader r;
    struct bytes id;
    uint32_t len;
    enum status status;

    if (scratch == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to forget");
    status = find_told(txn, voter, scratch, &ids, err);
    r = reader_of(buf_bytes(&ids));
    while (status == AF_OK && reader_varint32(&r, &len) && reader_take(&r, len, &id)) {
        status = store_read(txn, id, scratch, err);
        if (status == AF_OK && learned_forget(scratch, voter))
            status = store_write(txn, id, scratch, true, seq, err);
    }
    buf_release(&ids);
    free(scratch);
    return status;
}

static struct learn_book store_book(struct txn *txn)
{
    return (struct learn_book){txn, store_read, store_write, store_forget};
}

/* --- commands ------------------------------------------------------------------------------- */

/* A store of before this has a ledger and no table: the first use tells all of it. */
enum status learn_use(struct txn *txn, const struct command *command, enum use use,
                      const char *case_id, const char *subject, struct error *err)
{
    const struct learn_book book = store_book(txn);
    struct lesson lesson = {
        .use = use, .case_id = case_id, .day = learned_day(command->at_ms), .seq = command->seq};

    if (!learn_teaches(use))
        return AF_OK;
    if (learned_is_empty(txn))
        return learn_all(txn, &book, err);
    return learn_one(txn, &book, &lesson, subject, err);
}

enum status learn_apply_forget(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    const struct learn_book book = store_book(txn);
    const char *who = json_get_str(command->body, "voter");
    uint8_t key[LEARNED_FORGOTTEN_BYTES], seq[8];
    struct ledger_head head;
    enum status status;

    (void)result;
    if (who[0] == '\0')
        return error_set(err, AF_INVALID, "\"voter\" is empty");
    if ((status = ledger_head(txn, &head, err)) != AF_OK || learned_is_empty(txn))
        return status;
    put_be64(seq, command->seq);
    status = store_put(txn, TABLE_LEARNED, learned_forgotten_key(head.seq, learned_voter(who), key),
                       bytes_of(seq, sizeof seq), err);
    return status == AF_OK ? book.forget(txn, learned_voter(who), command->seq, err) : status;
}

/* Keys of a table's rows, each after its length; of TABLE_LEARNED without those who were forgotten,
 * which the ledger does not know. Also of rows that are damaged. */
static enum status list_rows(struct txn *txn, enum table table, struct buf *keys, struct error *err)
{
    struct cursor *cursor;
    struct bytes key, body;
    uint64_t ledger_seq, voter;
    enum status status = cursor_open(txn, table, BYTES_NONE, WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    for (;;) {
        key = BYTES_NONE;
        status = cursor_next(cursor, &key, &body, err);
        if (status != AF_OK && (status != AF_CORRUPT || key.len == 0))
            break;
        if (table == TABLE_LEARNED && learned_is_forgotten(key, &ledger_seq, &voter))
            continue;
        buf_add_varint(keys, key.len);
        buf_add(keys, key);
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? buf_status(keys, "what was learned", err) : status;
}

static enum status clear(struct txn *txn, enum table table, struct error *err)
{
    struct buf keys = {0};
    struct reader r;
    struct bytes key;
    uint32_t len;
    enum status status = list_rows(txn, table, &keys, err);

    r = reader_of(buf_bytes(&keys));
    while (status == AF_OK && reader_varint32(&r, &len) && reader_take(&r, len, &key))
        status = store_delete(txn, table, key, err);
    buf_release(&keys);
    return status;
}

enum status learn_apply_recount(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    const struct learn_book book = store_book(txn);
    enum status status = ledger_apply_recount(txn, command, result, err);

    if (status != AF_OK || learned_is_empty(txn))
        return status;
    if ((status = clear(txn, TABLE_LEARNED, err)) == AF_OK)
        status = clear(txn, TABLE_LEARNED_AT, err);
    return status == AF_OK ? learn_all(txn, &book, err) : status;
}
