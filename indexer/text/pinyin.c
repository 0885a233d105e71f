#include "indexer/text/pinyin.h"

#include <string.h>

uint32_t pinyin_count(void)
{
    return pinyin_syllables_count;
}

const char *pinyin_name(uint32_t syllable)
{
    return pinyin_names[syllable];
}

uint32_t pinyin_readings(uint32_t letter, uint16_t out[PINYIN_READINGS_MAX])
{
    uint32_t count = 0;

    if (letter < PINYIN_LETTER_FIRST || letter >= PINYIN_LETTER_END)
        return 0;
    while (count < PINYIN_READINGS_MAX && pinyin_of[letter - PINYIN_LETTER_FIRST][count] > 0) {
        out[count] = (uint16_t)(pinyin_of[letter - PINYIN_LETTER_FIRST][count] - 1);
        count++;
    }
    return count;
}

struct pinyin_list pinyin_letters(uint32_t syllable)
{
    return (struct pinyin_list){
        pinyin_letter_list + pinyin_letter_at[syllable],
        (uint32_t)(pinyin_letter_at[syllable + 1] - pinyin_letter_at[syllable])};
}

struct pinyin_list pinyin_near(uint32_t syllable)
{
    return (struct pinyin_list){
        pinyin_near_list + pinyin_near_at[syllable],
        (uint32_t)(pinyin_near_at[syllable + 1] - pinyin_near_at[syllable])};
}

/* The first name that is not before `text`; `past`: that does not begin with it either. */
static uint32_t place_of(struct bytes text, bool past)
{
    uint32_t low = 0, high = pinyin_syllables_count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const char *name = pinyin_names[middle];
        struct bytes whole = bytes_of((const uint8_t *)name, strlen(name));
        bool before = past && bytes_has_prefix(whole, text) ? true : bytes_compare(whole, text) < 0;

        if (before)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t pinyin_beginning(struct bytes text, uint32_t *first)
{
    *first = place_of(text, false);
    return place_of(text, true) - *first;
}

bool pinyin_find(struct bytes name, uint32_t *syllable)
{
    *syllable = place_of(name, false);
    return *syllable < pinyin_syllables_count &&
           bytes_equal(name, bytes_str(pinyin_names[*syllable]));
}
