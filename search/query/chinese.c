#include "search/query/chinese.h"

#include "indexer/text/pinyin.h"
#include "indexer/text/reading.h"
#include "search/query/hangul.h"

#define SAME_MAX 32 /* of a syllable: those in use, and then some */
#define LIKE_MAX 12

/* Of the products of ranks of two homophones: (1st, 256th) … (16th, 16th) … (256th, 1st). */
#define PAIR_RANKS_MAX 256

/* --- read alike --------------------------------------------------------------------------- */

static void add(struct alike *out, uint32_t typed, uint32_t letter)
{
    if (letter == typed || out->count == ALIKE_MAX)
        return;
    for (uint32_t i = 0; i < out->count; i++)
        if (out->letters[i] == letter)
            return;
    out->letters[out->count++] = letter;
}

static void add_syllable(struct alike *out, uint32_t typed, uint32_t syllable, uint32_t most)
{
    struct pinyin_list letters = pinyin_letters(syllable);

    for (uint32_t i = 0; i < letters.count && i < most; i++)
        add(out, typed, letters.items[i]);
}

void chinese_alike(uint32_t letter, struct alike *out)
{
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count = pinyin_readings(letter, readings);

    out->count = 0;
    for (uint32_t i = 0; i < count; i++)
        add_syllable(out, letter, readings[i], SAME_MAX / count);
    out->same = out->count;
    for (uint32_t i = 0; i < count; i++) {
        struct pinyin_list near = pinyin_near(readings[i]);

        for (uint32_t k = 0; k < near.count; k++)
            add_syllable(out, letter, near.items[k], LIKE_MAX);
    }
}

/* --- asking ------------------------------------------------------------------------------- */

/* 印机 不能: only the words are strange to each other. */
static bool may_be_wrong(const struct respell *r, uint32_t at)
{
    bool left = at > 0 && respell_is_strange(r, at - 1), right = respell_is_strange(r, at);

    return (left && !respell_vouches(r, at)) || (right && !(at > 0 && respell_vouches(r, at - 1)));
}

static void replace_one(struct respell *r, uint32_t at, const struct alike *alike)
{
    struct change change = {.start = at, .end = at + 1, .count = 1};

    for (uint32_t i = 0; i < alike->count; i++) {
        change.slip = i < alike->same ? SLIP_ALIKE : SLIP_NEARLY;
        change.letters[0] = alike->letters[i];
        if (!gram_says_nothing(change.letters[0]))
            respell_offer(r, &change);
    }
}

/* Commonest first, as far as one of the two is common: a rare character beside a rare one is
 * hardly ever a word. */
static void replace_both(struct respell *r, uint32_t at, const struct alike *a,
                         const struct alike *b)
{
    struct change change = {.slip = SLIP_BOTH, .start = at, .end = at + 2, .count = 2};

    for (uint32_t i = 0; i < a->same; i++)
        for (uint32_t k = 0; k < b->same && (i + 1) * (k + 1) <= PAIR_RANKS_MAX; k++) {
            change.letters[0] = a->letters[i];
            change.letters[1] = b->letters[k];
            if (!gram_says_nothing(a->letters[i]) && !gram_says_nothing(b->letters[k]))
                respell_offer(r, &change);
        }
}

static bool is_chinese(const struct respell *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        if (reading_code(r->letters[i].cp) != 0 || hangul_is_syllable(r->letters[i].cp))
            return false;
    return true;
}

void chinese_homophones(struct respell *r)
{
    struct alike alike[2] = {{.count = 0}};
    bool wrong[2] = {false};

    if (!is_chinese(r))
        return;
    for (uint32_t at = 0; at < r->count; at++) {
        alike[0] = alike[1];
        wrong[0] = wrong[1];
        if ((wrong[1] = may_be_wrong(r, at))) {
            chinese_alike(r->letters[at].cp, &alike[1]);
            replace_one(r, at, &alike[1]);
        }
        if (at > 0 && wrong[0] && wrong[1] && respell_is_strange(r, at - 1) &&
            !(at > 1 && respell_vouches(r, at - 2)) && !respell_vouches(r, at) &&
            respell_best(r, at - 1) < SLIP_SCORE_SURE)
            replace_both(r, at - 1, &alike[0], &alike[1]);
    }
}
