#include "indexer/text/reading.h"

#include <stdbool.h>
#include <string.h>

/* The order of the table is that of zero-filled kana, so a beginning stands before what it
 * begins. */
static int compare_kana(const struct reading_entry *entry, const uint8_t *kana, size_t count)
{
    size_t len = entry[1].kana - entry->kana;
    int order = memcmp(reading_kana + entry->kana, kana, len < count ? len : count);

    return order != 0 ? order : (len > count) - (len < count);
}

struct reading_range reading_words(const uint32_t *kana, size_t count)
{
    uint8_t codes[READING_KANA_MAX];
    uint32_t low = 0, high = reading_count;

    if (count == 0 || count > READING_KANA_MAX)
        return (struct reading_range){0, 0};
    for (size_t i = 0; i < count; i++)
        if ((codes[i] = reading_code(kana[i])) == 0)
            return (struct reading_range){0, 0};
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_kana(&reading_entries[middle], codes, count);

        if (order == 0)
            return (struct reading_range){reading_entries[middle].word,
                                          reading_entries[middle + 1].word};
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return (struct reading_range){0, 0};
}

size_t reading_word(uint32_t word, uint32_t letters[READING_WORD_MAX])
{
    size_t count = 0;

    while (count < READING_WORD_MAX && reading_letters[word][count] != 0) {
        letters[count] = reading_letters[word][count];
        count++;
    }
    return count;
}

static int compare_word(uint32_t word, const uint32_t *letters, size_t count)
{
    for (size_t i = 0; i < READING_WORD_MAX; i++) {
        uint32_t a = reading_letters[word][i], b = i < count ? letters[i] : 0;

        if (a != b)
            return a < b ? -1 : 1;
    }
    return 0;
}

/* The reading that the word of this number stands under. */
static struct reading_range range_of(uint32_t word)
{
    uint32_t low = 0, high = reading_count;

    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;

        if (reading_entries[middle].word <= word)
            low = middle;
        else
            high = middle;
    }
    return (struct reading_range){reading_entries[low].word, reading_entries[low + 1].word};
}

size_t reading_of(const uint32_t *letters, size_t count, struct reading_range out[READINGS_MAX])
{
    uint32_t low = 0, high = reading_words_count;
    size_t found = 0;

    if (count < READING_WORD_MIN || count > READING_WORD_MAX)
        return 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (compare_word(reading_by_word[middle], letters, count) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; found < READINGS_MAX && low < reading_words_count; low++) {
        if (compare_word(reading_by_word[low], letters, count) != 0)
            break;
        out[found++] = range_of(reading_by_word[low]);
    }
    return found;
}
