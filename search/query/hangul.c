#include "search/query/hangul.h"

#define SYLLABLES 0xAC00
#define NO_LETTER 0xFF

/* The compatibility letters ㄱ … ㅣ (U+3131 …), which name the letters in this file: one number
 * for a consonant wherever it stands. */
#define LETTERS 0x3131
#define CONSONANTS 30
#define VOWELS_AT 30
#define LETTERS_COUNT (VOWELS_AT + HANGUL_VOWELS)

static const uint8_t initials[HANGUL_INITIALS] = {0,  1,  3,  6,  7,  8,  16, 17, 18, 20,
                                                  21, 22, 23, 24, 25, 26, 27, 28, 29};
static const uint8_t finals[HANGUL_FINALS] = {NO_LETTER, 0,  1,  2,  3,  4,  5,  6,  8,  9,
                                              10,        11, 12, 13, 14, 15, 16, 17, 19, 20,
                                              21,        22, 23, 25, 26, 27, 28, 29};

/* What each key writes, and with shift. */
static const struct key {
    char latin;
    uint8_t letter, shifted;
} keys[] = {
    {'q', 17, 18},
    {'w', 23, 24},
    {'e', 6,  7 },
    {'r', 0,  1 },
    {'t', 20, 21},
    {'y', 42, 42},
    {'u', 36, 36},
    {'i', 32, 32},
    {'o', 31, 33},
    {'p', 35, 37},
    {'a', 16, 16},
    {'s', 3,  3 },
    {'d', 22, 22},
    {'f', 8,  8 },
    {'g', 29, 29},
    {'h', 38, 38},
    {'j', 34, 34},
    {'k', 30, 30},
    {'l', 50, 50},
    {'z', 26, 26},
    {'x', 27, 27},
    {'c', 25, 25},
    {'v', 28, 28},
    {'b', 47, 47},
    {'n', 43, 43},
    {'m', 48, 48},
};

/* Two keys, one letter: ㅘ is ㅗ ㅏ, ㄳ is ㄱ ㅅ. */
static const struct pair {
    uint8_t first, second, both;
} pairs[] = {
    {38, 30, 39},
    {38, 31, 40},
    {38, 50, 41},
    {43, 34, 44},
    {43, 35, 45},
    {43, 50, 46},
    {48, 50, 49},
    {0,  20, 2 },
    {3,  23, 4 },
    {3,  29, 5 },
    {8,  0,  9 },
    {8,  16, 10},
    {8,  17, 11},
    {8,  20, 12},
    {8,  27, 13},
    {8,  28, 14},
    {8,  29, 15},
    {17, 20, 19},
};

#define COUNT_OF(a) (sizeof(a) / sizeof *(a))

struct hangul hangul_split(uint32_t syllable)
{
    uint32_t n = syllable - SYLLABLES;

    return (struct hangul){.initial = (uint8_t)(n / (HANGUL_VOWELS * HANGUL_FINALS)),
                           .vowel = (uint8_t)(n / HANGUL_FINALS % HANGUL_VOWELS),
                           .final = (uint8_t)(n % HANGUL_FINALS)};
}

uint32_t hangul_join(struct hangul h)
{
    return SYLLABLES + ((uint32_t)h.initial * HANGUL_VOWELS + h.vowel) * HANGUL_FINALS + h.final;
}

/* --- one letter away ---------------------------------------------------------------------- */

/* The likely slips of each letter, a bit a letter: keys less than 1.9 widths of a key apart, and
 * what sounds alike. tests/search/query/hangul_test.c makes it anew from keyboard and sounds. */
static const uint64_t likely[LETTERS_COUNT] = {
    0x00000247003c6, 0x00000247003c5, 0x0000004000203, 0x000000fc700f0, 0x0000000000028,
    0x0000000000018, 0x0000009c0018b, 0x0000009c0014b, 0x000003a70b8c3, 0x0000004000007,
    0x0000000010000, 0x000000000b100, 0x000000000a900, 0x0000000009900, 0x00000100e0000,
    0x0000000003900, 0x000000d860408, 0x00000118d4008, 0x00000118b4008, 0x0000010064000,
    0x0000020200103, 0x0000020100103, 0x000001f8001cb, 0x00000034700c8, 0x0000002c700c8,
    0x0000039c00108, 0x000000841020f, 0x00000064101c8, 0x00000224e4100, 0x0000012300103,
    0x5081780000000, 0x4002b40000000, 0x40016c0000000, 0x40029c0000000, 0x18c5140000000,
    0x6002280000000, 0x0044540000000, 0x4000a80000000, 0x18c1400000000, 0x0000000000000,
    0x0220000000000, 0x0210000000000, 0x0005400000000, 0x1804440000000, 0x0000000000000,
    0x0030000000000, 0x4000000000000, 0x0084400000000, 0x4084440000000, 0x4000800000000,
    0x3402bc0000000,
};

/* At the end of a syllable ㄷ ㅅ ㅆ ㅈ ㅊ ㅌ ㅎ are all an unreleased t. */
#define LIKE_T (1u << 6 | 1u << 20 | 1u << 21 | 1u << 23 | 1u << 25 | 1u << 27 | 1u << 29)

static unsigned cost_of(uint8_t a, uint8_t b)
{
    return (likely[a] >> b & 1) != 0 ? 1 : 2;
}

static unsigned cost_of_final(uint8_t a, uint8_t b)
{
    if (a == NO_LETTER || b == NO_LETTER)
        return 2;
    return (LIKE_T >> a & LIKE_T >> b & 1) != 0 ? 1 : cost_of(a, b);
}

void hangul_slips(uint32_t syllable, hangul_fn visit, void *context)
{
    const struct hangul typed = hangul_split(syllable);
    struct hangul h = typed;

    for (h.initial = 0; h.initial < HANGUL_INITIALS; h.initial++)
        if (h.initial != typed.initial)
            visit(context, hangul_join(h), cost_of(initials[h.initial], initials[typed.initial]));
    h = typed;
    for (h.vowel = 0; h.vowel < HANGUL_VOWELS; h.vowel++)
        if (h.vowel != typed.vowel)
            visit(context, hangul_join(h),
                  cost_of((uint8_t)(VOWELS_AT + h.vowel), (uint8_t)(VOWELS_AT + typed.vowel)));
    h = typed;
    for (h.final = 0; h.final < HANGUL_FINALS; h.final++)
        if (h.final != typed.final)
            visit(context, hangul_join(h), cost_of_final(finals[h.final], finals[typed.final]));
}

/* --- while typing ------------------------------------------------------------------------- */

static uint8_t initial_of(uint8_t letter)
{
    for (uint8_t i = 0; i < HANGUL_INITIALS; i++)
        if (initials[i] == letter)
            return i;
    return NO_LETTER;
}

static uint8_t final_of(uint8_t letter)
{
    for (uint8_t i = 1; i < HANGUL_FINALS; i++)
        if (finals[i] == letter)
            return i;
    return NO_LETTER;
}

static struct hangul_range all_of(uint8_t initial)
{
    struct hangul first = {initial, 0, 0}, last = {initial, HANGUL_VOWELS - 1, HANGUL_FINALS - 1};

    return (struct hangul_range){hangul_join(first), hangul_join(last)};
}

/* The final without its last key: ㄵ is ㄴ and then ㅈ. What was taken away is the last letter. */
static uint8_t without_last(uint8_t letter, uint8_t *last)
{
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i].both == letter) {
            *last = pairs[i].second;
            return pairs[i].first;
        }
    *last = letter;
    return NO_LETTER;
}

bool hangul_unfinished(uint32_t cp, struct hangul_range *same, uint32_t *moved,
                       struct hangul_range *next)
{
    struct hangul h;
    uint8_t rest, last, initial;

    *moved = 0;
    *next = (struct hangul_range){0, 0};
    if (cp >= LETTERS && cp < LETTERS + CONSONANTS) {
        initial = initial_of((uint8_t)(cp - LETTERS));
        *same = all_of(initial);
        return initial != NO_LETTER;
    }
    if (!hangul_is_syllable(cp))
        return false;
    h = hangul_split(cp);
    *same = (struct hangul_range){cp, h.final == 0 ? cp + HANGUL_FINALS - 1 : cp};
    if (h.final == 0)
        return true;
    rest = without_last(finals[h.final], &last);
    if ((initial = initial_of(last)) == NO_LETTER)
        return true;
    h.final = rest == NO_LETTER ? 0 : final_of(rest);
    *moved = hangul_join(h);
    *next = all_of(initial);
    return true;
}

/* --- the other keyboard layout ------------------------------------------------------------ */

static uint8_t letter_of(uint8_t key)
{
    bool shifted = key >= 'A' && key <= 'Z';

    for (size_t i = 0; i < COUNT_OF(keys); i++)
        if (keys[i].latin == (char)(shifted ? key | 0x20 : key))
            return shifted ? keys[i].shifted : keys[i].letter;
    return NO_LETTER;
}

static uint8_t joined(uint8_t first, uint8_t second)
{
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        if (pairs[i].first == first && pairs[i].second == second)
            return pairs[i].both;
    return NO_LETTER;
}

struct keyboard {
    const uint8_t *keys;
    size_t count, at;
};

/* The letter `ahead` keys on; NO_LETTER at the end. */
static uint8_t look(const struct keyboard *k, size_t ahead)
{
    return k->at + ahead < k->count ? letter_of(k->keys[k->at + ahead]) : NO_LETTER;
}

static bool is_vowel(uint8_t letter)
{
    return letter >= VOWELS_AT && letter != NO_LETTER;
}

static bool is_consonant(uint8_t letter)
{
    return letter < CONSONANTS;
}

/* A consonant before a vowel begins the next syllable, as every Korean input method has it. */
static void take_final(struct keyboard *k, struct hangul *h)
{
    uint8_t first = look(k, 0), second = look(k, 1), both;

    if (!is_consonant(first) || is_vowel(second) || final_of(first) == NO_LETTER)
        return;
    h->final = final_of(first);
    k->at++;
    both = is_consonant(second) ? joined(first, second) : NO_LETTER;
    if (both != NO_LETTER && !is_vowel(look(k, 1))) {
        h->final = final_of(both);
        k->at++;
    }
}

static bool take_syllable(struct keyboard *k, struct hangul *h)
{
    uint8_t first = look(k, 0), vowel = look(k, 1), second, both;

    if (!is_consonant(first) || !is_vowel(vowel))
        return false;
    k->at += 2;
    second = look(k, 0);
    if (is_vowel(second) && (both = joined(vowel, second)) != NO_LETTER) {
        vowel = both;
        k->at++;
    }
    *h = (struct hangul){initial_of(first), (uint8_t)(vowel - VOWELS_AT), 0};
    take_final(k, h);
    return true;
}

size_t hangul_of_keys(const uint8_t *typed, size_t count, uint32_t *out, size_t max)
{
    struct keyboard k = {typed, count, 0};
    size_t syllables = 0;
    struct hangul h;

    while (k.at < count) {
        if (syllables == max || !take_syllable(&k, &h))
            return 0;
        out[syllables++] = hangul_join(h);
    }
    return syllables;
}
