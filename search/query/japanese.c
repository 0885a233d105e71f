#include "search/query/japanese.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/reading.h"
#include "indexer/text/script.h"
#include "search/query/kana.h"

#define JAPANESE_SHARE 20 /* of a library that has Japanese, one case in so many at least */

static bool is_han(uint32_t cp)
{
    return cp < 0x10000 && (script_table[cp] & SCRIPT_HAN) != 0;
}

static bool is_kana(const struct respell *r, uint32_t at)
{
    return reading_code(r->letters[at].cp) != 0;
}

static bool offer_words(struct respell *r, enum slip slip, uint32_t start, uint32_t end,
                        struct reading_range words, uint32_t count)
{
    bool found = false;

    for (uint32_t word = words.first; word < words.end; word++) {
        struct change change = {.slip = slip, .start = start, .end = end};
        uint32_t letters[READING_WORD_MAX];

        change.count = (uint32_t)reading_word(word, letters);
        if (count > 0 && change.count != count)
            continue;
        memcpy(change.letters, letters, change.count * sizeof *letters);
        found = respell_offer(r, &change) || found;
    }
    return found;
}

/* --- wrong conversion --------------------------------------------------------------------- */

static void offer_homophones(struct respell *r, uint32_t at, uint32_t count)
{
    struct reading_range readings[READINGS_MAX];
    uint32_t letters[READING_WORD_MAX];
    size_t ways;

    for (uint32_t i = 0; i < count; i++)
        letters[i] = r->letters[at + i].cp;
    ways = reading_of(letters, count, readings);
    for (size_t i = 0; i < ways; i++)
        (void)offer_words(r, SLIP_READING, at, at + count, readings[i], count);
}

/* Han alone may be Chinese. */
static bool is_japanese(struct respell *r)
{
    const uint32_t no = 0x306E; /* の is in every Japanese case */

    for (uint32_t i = 0; i < r->count; i++)
        if (is_kana(r, i))
            return true;
    return respell_df(r, &no, 1) > r->x->lexicon->docs / JAPANESE_SHARE;
}

void japanese_homophones(struct respell *r)
{
    bool asked = false;

    for (uint32_t at = 0; at + 1 < r->count; at++) {
        if (!r->letters[at].goes_on || !is_han(r->letters[at].cp) ||
            !respell_is_rare(r, at, at + 2, true))
            continue;
        if (!asked && !is_japanese(r))
            return;
        asked = true;
        offer_homophones(r, at, 2);
        if (is_kana(r, at + 1) && r->letters[at + 1].goes_on && is_kana(r, at + 2)) /* 変わら */
            offer_homophones(r, at, 3);
    }
}

#define KANA_MIN 3 /* shorter readings are in everything */
/* Beside other letters kana may just be grammar (しよう, かどうか): a gram of them is then in more than
 * one case of so many, or no word of the reading is in enough times as many. */
#define KANA_SHARE 40

/* --- no conversion ------------------------------------------------------------------------ */

/* A run of kana of one kind; ー, which has none, goes with what is before it. */
static uint32_t run_end(const struct respell *r, uint32_t start)
{
    uint32_t end = start + 1;

    while (
        end < r->count && r->letters[end - 1].goes_on && is_kana(r, end) &&
        (r->letters[end].katakana == r->letters[start].katakana || r->letters[end].cp == KANA_LONG))
        end++;
    return end;
}

static bool is_no_grammar(const struct respell *r, uint32_t start, uint32_t end)
{
    return respell_typed(r, start, end) <= r->x->lexicon->docs / KANA_SHARE;
}

/* The longest word that the letters from `at` on are the reading of; how many they are, or 0. */
static uint32_t convert(struct respell *r, uint32_t at, uint32_t end)
{
    uint32_t kana[READING_KANA_MAX], len = 0;

    for (; len < READING_KANA_MAX && at + len < end; len++)
        kana[len] = r->letters[at + len].cp;
    for (; len >= KANA_MIN; len--) {
        struct reading_range words = reading_words(kana, len);

        if (words.first == words.end)
            continue;
        if (len == r->count ? offer_words(r, SLIP_ONLY_KANA, at, at + len, words, 0)
                            : is_no_grammar(r, at, at + len) &&
                                  offer_words(r, SLIP_UNCONVERTED, at, at + len, words, 0))
            return len;
    }
    return 0;
}

void japanese_unconverted(struct respell *r)
{
    for (uint32_t start = 0, end; start < r->count; start = end) {
        end = start + 1;
        if (!is_kana(r, start))
            continue;
        end = run_end(r, start);
        for (uint32_t at = start, len; !r->letters[start].katakana && at + 1 < end;
             at += len > 0 ? len : 1) {
            len = convert(r, at, end);
            for (uint32_t i = at; i < at + len; i++)
                r->letters[i].is_read = true;
        }
    }
}

/* --- slips among kana --------------------------------------------------------------------- */

static void offer_kana(struct respell *r, uint32_t start, uint32_t end, const uint32_t *letters,
                       uint32_t count, enum slip slip)
{
    struct change change = {.slip = slip, .start = start, .end = end, .count = count};

    for (uint32_t i = 0; i < count; i++)
        change.letters[i] = letters[i];
    (void)respell_offer(r, &change);
}

/* What may stand for the letter at `at` of a run, and for it and the next. */
static void offer_others(struct respell *r, uint32_t at, uint32_t end)
{
    uint32_t here = r->letters[at].cp, next = at + 1 < end ? r->letters[at + 1].cp : 0;
    uint32_t out[KANA_VARIANTS], swapped[] = {next, here};
    size_t count = kana_variants(here, out);

    if (respell_is_rare(r, at, at + 1, false)) {
        for (size_t i = 0; i < count; i++)
            offer_kana(r, at, at + 1, &out[i], 1, SLIP_KANA);
        if (here == KANA_LONG || here == KANA_TSU)
            offer_kana(r, at, at + 1, NULL, 0, SLIP_KANA);
        out[0] = KANA_LONG;
        if (at > 0 && r->letters[at - 1].goes_on && kana_is_long(r->letters[at - 1].cp, here))
            offer_kana(r, at, at + 1, out, 1, SLIP_KANA);
    }
    if (next != 0 && next != here && respell_is_rare(r, at, at + 2, false))
        offer_kana(r, at, at + 2, swapped, 2, SLIP_KANA_MOVED);
}

static void offer_missing(struct respell *r, uint32_t at)
{
    static const uint32_t missing[] = {KANA_LONG, KANA_TSU};

    if (respell_is_rare(r, at, at, false))
        for (size_t i = 0; i < 2; i++)
            if (r->letters[at].cp != missing[i] && r->letters[at - 1].cp != missing[i])
                offer_kana(r, at, at, &missing[i], 1, SLIP_KANA);
}

void japanese_kana_slips(struct respell *r)
{
    for (uint32_t start = 0, end; start < r->count; start = end) {
        end = start + 1;
        if (!is_kana(r, start))
            continue;
        end = run_end(r, start);
        for (uint32_t at = start; at < end && end - start > 1; at++) {
            if (r->letters[at].is_read)
                continue;
            offer_others(r, at, end);
            if (at > start)
                offer_missing(r, at);
        }
    }
}
