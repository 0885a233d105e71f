#include "search/query/alternatives.h"

#include "indexer/text/pinyin.h"

/* Adds it unless it is there, or is `typed`, or there is no room. */
static void add(struct alternatives *alternatives, uint32_t typed, uint32_t letter,
                enum nearness nearness)
{
    if (letter == typed || alternatives->count == ALTERNATIVES_MAX)
        return;
    for (uint32_t i = 0; i < alternatives->count; i++)
        if (alternatives->list[i].letter == letter)
            return;
    alternatives->list[alternatives->count++] = (struct alternative){letter, (uint8_t)nearness};
    alternatives->same += nearness == NEAR_SAME;
}

bool alternatives_never(uint32_t letter)
{
    static const uint32_t letters[] = U"的了是哪谁吗呢么吧啊们这那几何";

    for (const uint32_t *at = letters; *at != 0; at++)
        if (*at == letter)
            return true;
    return false;
}

/* --- Chinese: read alike ------------------------------------------------------------------ */

#define SAME_MAX 32 /* of a syllable: those in use, and then some */
#define LIKE_MAX 12

static void add_syllable(struct alternatives *out, uint32_t typed, uint32_t syllable, uint32_t most,
                         enum nearness nearness)
{
    struct pinyin_list letters = pinyin_letters(syllable);

    for (uint32_t i = 0; i < letters.count && i < most; i++)
        add(out, typed, letters.items[i], nearness);
}

static void add_homophones(struct alternatives *out, uint32_t typed)
{
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count = pinyin_readings(typed, readings);

    for (uint32_t i = 0; i < count; i++)
        add_syllable(out, typed, readings[i], SAME_MAX / count, NEAR_SAME);
    for (uint32_t i = 0; i < count; i++) {
        struct pinyin_list near = pinyin_near(readings[i]);

        for (uint32_t k = 0; k < near.count; k++)
            add_syllable(out, typed, near.items[k], LIKE_MAX, NEAR_LIKE);
    }
}

void alternatives_of(uint32_t letter, struct alternatives *out)
{
    out->count = out->same = 0;
    add_homophones(out, letter);
}
