#include "data/learned.h"

#include "data/base/hash.h"

#include <string.h>

#define MS_A_DAY INT64_C(86400000)

/* --- arithmetic --------------------------------------------------------------------------- */

uint16_t learned_day(int64_t at_ms)
{
    int64_t day = at_ms / MS_A_DAY - LEARNED_DAY_ZERO;

    return (uint16_t)(day < 0 ? 0 : day > UINT16_MAX ? UINT16_MAX : day);
}

/* 2^(-1/90) in 32 bits, multiplied by itself: the same on every machine. */
uint32_t learned_fade(uint32_t days)
{
    uint64_t left = UINT64_C(1) << 32;

    if (days / LEARNED_HALF_LIFE_DAYS > 16)
        return 0;
    for (uint32_t i = 0; i < days % LEARNED_HALF_LIFE_DAYS; i++)
        left = left * UINT64_C(4262016076) >> 32;
    return (uint32_t)(left >> (16 + days / LEARNED_HALF_LIFE_DAYS));
}

uint8_t learned_weight(unsigned rank)
{
    static const uint8_t weights[] = {LEARNED_WHOLE / 2, 8, 13, 17, 21, 25, 28, 31, 34, 37, 40};

    return weights[rank < sizeof weights ? rank : sizeof weights - 1];
}

uint64_t learned_voter(const char *who)
{
    const struct bytes parts[] = {BYTES_LIT("voter"), bytes_str(who)};

    return checksum64(0, parts, 2);
}

uint16_t learned_newest(const struct learned *learned)
{
    uint16_t day = 0;

    for (uint32_t i = 0; i < learned->openers_count; i++)
        day = learned->openers[i].day > day ? learned->openers[i].day : day;
    for (uint32_t q = 0; q < learned->questions_count; q++)
        for (uint32_t i = 0; i < learned->questions[q].votes_count; i++)
            if (learned->questions[q].votes[i].day > day)
                day = learned->questions[q].votes[i].day;
    return day;
}

/* --- lists of votes ----------------------------------------------------------------------- */

/* Removes a voter's: one, or all that a record of another program gives him. */
static bool drop_voter(struct learned_vote *votes, uint32_t *count, uint64_t voter)
{
    uint32_t kept = 0, before = *count;

    for (uint32_t i = 0; i < before; i++)
        if (votes[i].voter != voter)
            votes[kept++] = votes[i];
    *count = kept;
    return kept < before;
}

static void append(struct learned_vote *votes, uint32_t *count, uint32_t room,
                   struct learned_vote vote)
{
    if (*count == room)
        memmove(votes, votes + 1, --*count * sizeof *votes);
    votes[(*count)++] = vote;
}

static void drop_question(struct learned *learned, uint32_t q)
{
    struct learned_question *at = &learned->questions[q];

    memmove(at, at + 1, (--learned->questions_count - q) * sizeof *at);
}

static bool drop_question_vote(struct learned_question *question, uint64_t voter)
{
    uint32_t count = question->votes_count;
    bool dropped = drop_voter(question->votes, &count, voter);

    question->votes_count = (uint8_t)count;
    return dropped;
}

static bool is_solved(const struct learned_question *question)
{
    for (uint32_t i = 0; i < question->votes_count; i++)
        if (question->votes[i].weight > 0)
            return true;
    return false;
}

static struct learned_question *find(struct learned *learned, struct bytes text)
{
    for (uint32_t q = 0; q < learned->questions_count; q++) {
        struct learned_question *question = &learned->questions[q];

        if (bytes_equal(bytes_of(question->text, question->text_bytes), text))
            return question;
    }
    return NULL;
}

/* --- room --------------------------------------------------------------------------------- */

/* What the question is worth on a day: the sum of its votes as they have faded. */
static uint64_t worth(const struct learned_question *question, uint16_t day)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < question->votes_count; i++) {
        const struct learned_vote *vote = &question->votes[i];

        sum += (uint64_t)vote->weight * learned_left(vote->day, day);
    }
    return sum;
}

/* The least worthy question gives its place, the oldest of equals. */
static void make_room(struct learned *learned, uint16_t day)
{
    uint32_t least = 0;

    if (learned->questions_count < LEARNED_QUESTIONS_MAX)
        return;
    for (uint32_t q = 1; q < learned->questions_count; q++)
        if (worth(&learned->questions[q], day) < worth(&learned->questions[least], day))
            least = q;
    drop_question(learned, least);
}

/* One person cannot fill a case with questions: his oldest goes when he has too many. */
static void limit_voter(struct learned *learned, uint64_t voter)
{
    uint32_t count = 0, first = 0;

    for (uint32_t q = learned->questions_count; q-- > 0;)
        for (uint32_t i = 0; i < learned->questions[q].votes_count; i++)
            if (learned->questions[q].votes[i].voter == voter) {
                first = q;
                count++;
            }
    if (count < LEARNED_VOTER_QUESTIONS_MAX)
        return;
    (void)drop_question_vote(&learned->questions[first], voter);
    if (!is_solved(&learned->questions[first]))
        drop_question(learned, first);
}

static struct bytes cut(struct bytes text)
{
    size_t len = LEARNED_QUESTION_BYTES_MAX;

    if (text.len <= len)
        return text;
    while (len > 0 && (text.data[len] & 0xC0) == 0x80)
        len--;
    return bytes_of(text.data, len);
}

/* --- votes -------------------------------------------------------------------------------- */

static struct learned_question *add_question(struct learned *learned, struct bytes text,
                                             const struct learned_vote *vote)
{
    struct learned_question *question;

    limit_voter(learned, vote->voter);
    make_room(learned, vote->day);
    question = &learned->questions[learned->questions_count++];
    question->text_bytes = (uint16_t)text.len;
    question->votes_count = 0;
    memcpy(question->text, text.data, text.len);
    return question;
}

bool learned_vote(struct learned *learned, struct bytes text, struct learned_vote vote)
{
    struct bytes kept = cut(text);
    struct learned_question *question = find(learned, kept);
    uint32_t count;

    if (kept.len == 0 || (question == NULL && vote.weight == 0))
        return false;
    if (question == NULL)
        question = add_question(learned, kept, &vote);
    (void)drop_question_vote(question, vote.voter);
    count = question->votes_count;
    append(question->votes, &count, LEARNED_VOTES_MAX, vote);
    question->votes_count = (uint8_t)count;
    if (!is_solved(question))
        drop_question(learned, (uint32_t)(question - learned->questions));
    return true;
}

/* The index is told at the third person and whenever they have doubled: it weighs a logarithm. */
bool learned_open(struct learned *learned, uint64_t voter, uint16_t day)
{
    struct learned_vote opener = {.voter = voter, .day = day};
    uint32_t before = learned->openers_count, now;

    (void)drop_voter(learned->openers, &learned->openers_count, voter);
    append(learned->openers, &learned->openers_count, LEARNED_OPENERS_MAX, opener);
    now = learned->openers_count;
    return now > before && (now & (now + 1)) == 0 && now >= 3;
}

bool learned_forget(struct learned *learned, uint64_t voter)
{
    bool changed = drop_voter(learned->openers, &learned->openers_count, voter);

    for (uint32_t q = learned->questions_count; q-- > 0;) {
        changed = drop_question_vote(&learned->questions[q], voter) || changed;
        if (!is_solved(&learned->questions[q]))
            drop_question(learned, q);
    }
    return changed;
}

/* --- bytes -------------------------------------------------------------------------------- */

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
    return is_solved(out);
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
