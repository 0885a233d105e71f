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

bool learned_is_solved(const struct learned_question *question)
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
    if (!learned_is_solved(&learned->questions[first]))
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
    if (!learned_is_solved(question))
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
        if (!learned_is_solved(&learned->questions[q]))
            drop_question(learned, q);
    }
    return changed;
}
