/* What a case has learned as bytes, and the tables that hold it. */
#include "data/learned.h"

#include <string.h>

static void put_vote(const struct learned_vote *vote, bool has_weight, struct buf *out)
{
    buf_add_be64(out, vote->voter);
    buf_add_u8(out, (uint8_t)(vote->day >> 8));
    buf_add_u8(out, (uint8_t)vote->day);
    if (has_weight)
        buf_add_u8(out, vote->weight);
}

void learned_encode(const struct learned *learned, struct buf *out)
{
    buf_add_be64(out, learned->seq);
    buf_add_u8(out, (uint8_t)learned->openers_count);
    for (uint32_t i = 0; i < learned->openers_count; i++)
        put_vote(&learned->openers[i], false, out);
    buf_add_u8(out, (uint8_t)learned->questions_count);
    for (uint32_t q = 0; q < learned->questions_count; q++) {
        const struct learned_question *question = &learned->questions[q];

        buf_add_varint(out, question->text_bytes);
        buf_add(out, bytes_of(question->text, question->text_bytes));
        buf_add_u8(out, question->votes_count);
        for (uint32_t i = 0; i < question->votes_count; i++)
            put_vote(&question->votes[i], true, out);
    }
}

static bool take_vote(struct reader *r, bool has_weight, struct learned_vote *out)
{
    out->weight = 0;
    return reader_be64(r, &out->voter) && reader_be16(r, &out->day) &&
           (!has_weight || reader_u8(r, &out->weight));
}

static bool take_question(struct reader *r, struct learned_question *out)
{
    struct bytes text;
    uint32_t len;

    if (!reader_varint32(r, &len) || len == 0 || len > LEARNED_QUESTION_BYTES_MAX ||
        !reader_take(r, len, &text) || !reader_u8(r, &out->votes_count) ||
        out->votes_count > LEARNED_VOTES_MAX)
        return false;
    memcpy(out->text, text.data, len);
    out->text_bytes = (uint16_t)len;
    for (uint32_t i = 0; i < out->votes_count; i++)
        if (!take_vote(r, true, &out->votes[i]))
            return false;
    return learned_is_solved(out);
}

bool learned_decode(struct bytes body, struct learned *out)
{
    struct reader r = reader_of(body);
    uint8_t openers, questions;

    out->openers_count = out->questions_count = 0;
    if (!reader_be64(&r, &out->seq) || !reader_u8(&r, &openers) || openers > LEARNED_OPENERS_MAX)
        return false;
    for (; out->openers_count < openers; out->openers_count++)
        if (!take_vote(&r, false, &out->openers[out->openers_count]))
            return false;
    if (!reader_u8(&r, &questions) || questions > LEARNED_QUESTIONS_MAX)
        return false;
    for (; out->questions_count < questions; out->questions_count++)
        if (!take_question(&r, &out->questions[out->questions_count]))
            return false;
    return reader_left(&r) == 0;
}

/* --- the tables --------------------------------------------------------------------------- */

bool learned_is_empty(const struct txn *txn)
{
    return store_sum(txn, TABLE_LEARNED).count == 0;
}

enum status learned_get(struct txn *txn, struct bytes case_id, struct learned *out, bool *found,
                        struct error *err)
{
    struct bytes body;
    enum status status = AF_NOT_FOUND;

    if (!learned_is_empty(txn))
        status = store_get(txn, TABLE_LEARNED, case_id, &body, err);
    *found = status == AF_OK;
    if (status == AF_NOT_FOUND) {
        out->seq = 0;
        out->openers_count = out->questions_count = 0;
        return AF_OK;
    }
    if (status == AF_OK && !learned_decode(body, out))
        return error_set(err, AF_CORRUPT, "damaged: table learned, key %.*s: cut off",
                         (int)(case_id.len < 80 ? case_id.len : 80), (const char *)case_id.data);
    return status;
}

#define AT_KEY_BYTES 12

static struct bytes at_key(uint64_t seq, uint32_t no, uint8_t key[AT_KEY_BYTES])
{
    put_be64(key, seq);
    put_be32(key + 8, no);
    return bytes_of(key, AT_KEY_BYTES);
}

static enum status move_row(struct txn *txn, uint32_t no, uint64_t from, uint64_t to,
                            struct error *err)
{
    uint8_t key[AT_KEY_BYTES];
    enum status status = AF_NOT_FOUND;

    if (from > 0)
        status = store_delete(txn, TABLE_LEARNED_AT, at_key(from, no, key), err);
    if (status != AF_OK && status != AF_NOT_FOUND)
        return status;
    return store_put(txn, TABLE_LEARNED_AT, at_key(to, no, key), BYTES_LIT(""), err);
}

static const struct bytes today_key = {(const uint8_t *)"", 1};

enum status learned_today(struct txn *txn, uint16_t *day, struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status = store_get(txn, TABLE_LEARNED, today_key, &body, err);

    *day = 0;
    if (status != AF_OK)
        return status == AF_NOT_FOUND ? AF_OK : status;
    r = reader_of(body);
    if (!reader_be16(&r, day) || reader_left(&r) > 0)
        return error_set(err, AF_CORRUPT, "damaged: table learned: its newest day");
    return AF_OK;
}

static enum status put_today(struct txn *txn, uint16_t day, struct error *err)
{
    uint8_t body[2];
    uint16_t known;
    enum status status = learned_today(txn, &known, err);

    if (status != AF_OK || day <= known)
        return status;
    put_be16(body, day);
    return store_put(txn, TABLE_LEARNED, today_key, bytes_of(body, sizeof body), err);
}

enum status learned_put(struct txn *txn, struct bytes case_id, uint32_t no, struct learned *learned,
                        bool changed, uint64_t seq, struct error *err)
{
    struct buf body = {0};
    enum status status = AF_OK;

    if (changed && learned->seq != seq)
        status = move_row(txn, no, learned->seq, seq, err);
    if (changed)
        learned->seq = seq;
    learned_encode(learned, &body);
    if (status == AF_OK)
        status = buf_status(&body, "what a case has learned", err);
    if (status == AF_OK)
        status = store_put(txn, TABLE_LEARNED, case_id, buf_bytes(&body), err);
    buf_release(&body);
    return status == AF_OK ? put_today(txn, learned_newest(learned), err) : status;
}

enum status learned_next_at(struct txn *txn, uint64_t seq, uint32_t *no, bool *found,
                            struct error *err)
{
    struct cursor *cursor = NULL;
    struct bytes key, body;
    uint8_t from[AT_KEY_BYTES];
    struct reader r;
    uint64_t at;
    uint32_t next;
    enum status status;

    *found = false;
    if (store_sum(txn, TABLE_LEARNED_AT).count == 0)
        return AF_OK;
    status = cursor_open(txn, TABLE_LEARNED_AT, at_key(seq, *no + 1, from), WALK_UP, &cursor, err);
    if (status == AF_OK)
        status = cursor_next(cursor, &key, &body, err);
    if (status == AF_OK) {
        r = reader_of(key);
        if (!reader_be64(&r, &at) || !reader_be32(&r, &next))
            status = error_set(err, AF_CORRUPT, "damaged: table learned_at: a key of %zu bytes",
                               key.len);
        else if (at == seq) {
            *no = next;
            *found = true;
        }
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

struct bytes learned_forgotten_key(uint64_t ledger_seq, uint64_t voter,
                                   uint8_t key[LEARNED_FORGOTTEN_BYTES])
{
    key[0] = 0;
    put_be64(key + 1, ledger_seq);
    put_be64(key + 9, voter);
    return bytes_of(key, LEARNED_FORGOTTEN_BYTES);
}

bool learned_is_forgotten(struct bytes key, uint64_t *ledger_seq, uint64_t *voter)
{
    struct reader r = reader_of(key);
    uint8_t mark;

    return key.len == LEARNED_FORGOTTEN_BYTES && reader_u8(&r, &mark) && mark == 0 &&
           reader_be64(&r, ledger_seq) && reader_be64(&r, voter);
}
