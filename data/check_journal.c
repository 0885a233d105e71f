/* The journal, and the answers that are remembered for commands that come twice. */
#include "data/check_impl.h"

#include <string.h>

/* --- journal ------------------------------------------------------------------------------ */

/* The done table has what a client may repeat. In it an answer older than IDEMPOTENCY_DAYS may be
 * gone. Two entries with one id are two commands only if the first had been forgotten: then the
 * answer belongs to the later. */
static void check_answer(struct check *check, const struct entry *entry)
{
    const int64_t keep_ms = (int64_t)IDEMPOTENCY_DAYS * 86400000;
    struct done done;
    enum status status = done_find(check->txn, entry->id, &done, NULL);

    if (status == AF_NOT_FOUND && !id_is_own(entry->id) &&
        entry->at_ms >= check->remembered_ms - keep_ms)
        check_fault(check, "damaged: table journal, entry %llu: its command id is not remembered",
                    number(entry->seq));
    if (status != AF_OK)
        return;
    if (done.seq < entry->seq)
        check_fault(check,
                    "damaged: table journal, entry %llu: the same command is entry %llu already",
                    number(entry->seq), number(done.seq));
    check->done_confirmed += done.seq == entry->seq;
    json_decref(done.result);
}

static bool follows(struct check *check, struct bytes key)
{
    struct reader r = reader_of(key);
    uint64_t seq = 0;
    bool next;

    (void)reader_be64(&r, &seq); /* the key's length is checked already */
    next = seq == check->at.seq + 1;
    if (!next)
        check_fault(check, "damaged: table journal: entries %llu to %llu are missing",
                    number(check->at.seq + 1), number(seq - 1));
    check->at.seq = seq;
    return next;
}

void check_journal_gap(struct check *check, struct bytes key)
{
    if (key.len == 8)
        (void)follows(check, key);
    check->at_is_known = false;
}

void check_journal_row(struct check *check, struct bytes key, struct bytes body)
{
    bool known = check->at_is_known && follows(check, key);
    struct digest before = check->at.hash;
    struct entry entry;
    struct error why;

    if (!check->at_is_known)
        (void)follows(check, key);
    check->at.hash = digest_plain(body);
    check->at_is_known = true;
    if (entry_parse(body, &entry, &why) != AF_OK) {
        check_fault(check, "damaged: table journal, entry %llu: %s", number(check->at.seq),
                    why.text);
        return;
    }
    if (entry.seq != check->at.seq)
        check_fault(check, "damaged: table journal, entry %llu says that it is entry %llu",
                    number(check->at.seq), number(entry.seq));
    else if (known && !digest_equal(&entry.prev, &before))
        check_fault(check,
                    "damaged: table journal, entry %llu does not continue the chain: it or the "
                    "entry before it was changed",
                    number(entry.seq));
    check_answer(check, &entry);
    json_decref(entry.json);
}

/* --- answers ------------------------------------------------------------------------------ */

/* Only when the totals differ is each answer looked up in the journal, to name the wrong one. */
static void confirm_answer(struct check *check, struct bytes key, uint64_t seq)
{
    struct bytes line;
    struct entry entry;
    char text[64];

    if (journal_line(check->txn, seq, &line, NULL) != AF_OK ||
        entry_parse(line, &entry, NULL) != AF_OK)
        return;
    key_text(key, text, sizeof text);
    if (!bytes_equal(bytes_str(entry.id), key))
        check_fault(check, "damaged: table done, key %s: entry %llu is another command", text,
                    number(seq));
    json_decref(entry.json);
}

void check_done_row(struct check *check, struct bytes key, struct bytes body)
{
    json_t *json = NULL;
    uint64_t seq;
    char text[64];

    key_text(key, text, sizeof text);
    if (json_parse(body, &json, NULL) != AF_OK || !json_is_object(json) ||
        !json_is_object(json_object_get(json, "result")) ||
        strlen(json_get_str(json, "print")) != 16) {
        check_fault(check, "damaged: table done, key %s: not what belongs there", text);
        json_decref(json);
        return;
    }
    seq = json_get_u64(json, "seq");
    json_decref(json);
    if (seq == 0 || seq > check->counts->journal.seq)
        check_fault(check, "damaged: table done, key %s: there is no entry %llu", text,
                    number(seq));
    else if (check->done_confirmed != store_sum(check->txn, TABLE_DONE).count)
        confirm_answer(check, key, seq);
}

void check_done_age_row(struct check *check, struct bytes key, struct bytes body)
{
    struct bytes id = bytes_of(key.data + 8, key.len - 8);
    char text[64];

    (void)body;
    key_text(id, text, sizeof text);
    if (store_get(check->txn, TABLE_DONE, id, &body, NULL) == AF_NOT_FOUND)
        check_fault(check, "damaged: table done_age: command %s is not in table done", text);
}
