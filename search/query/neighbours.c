#include "search/query/neighbours.h"

#include "data/base/utf8.h"
#include "indexer/text/analyzer.h"

const struct alphabet alphabet_codes = {
    {{'a', 'z'}, {'0', '9'}}
};

const struct alphabet *alphabet_of(uint32_t letter)
{
    static const struct alphabet alphabets[] = {
        {{{'a', 'z'}}}, {{{0x3B1, 0x3C9}}}, {{{0x430, 0x44F}}}};

    for (size_t i = 0; i < sizeof alphabets / sizeof *alphabets; i++)
        if (letter >= alphabets[i].ranges[0].low && letter <= alphabets[i].ranges[0].high)
            return &alphabets[i];
    return NULL;
}

/* --- all of them -------------------------------------------------------------------------- */

#define LETTER_BYTES 4

struct speller {
    neighbour_fn visit;
    void *context;
    const struct alphabet *alphabet;
    uint32_t letters[NEIGHBOUR_LETTERS_MAX];
    uint32_t at[NEIGHBOUR_LETTERS_MAX + 1]; /* byte where each begins; then the end */
    uint32_t count;
    const uint8_t *typed;
    uint8_t text[LETTER_BYTES * (NEIGHBOUR_LETTERS_MAX + 1)];
};

static bool read_letters(struct speller *speller, struct bytes text)
{
    struct reader r = reader_of(text);

    while (reader_left(&r) > 0) {
        uint32_t letter = speller->count < NEIGHBOUR_LETTERS_MAX ? utf8_next(&r) : UTF8_INVALID;

        if (letter == UTF8_INVALID)
            return false;
        speller->letters[speller->count++] = letter;
        speller->at[speller->count] = (uint32_t)(r.at - text.data);
    }
    speller->typed = text.data;
    return speller->count > 0;
}

/* Letters before i, which stand in speller->text already; then these; then those from j on. */
static bool give(struct speller *speller, uint32_t i, const uint32_t *between, uint32_t count,
                 uint32_t j)
{
    size_t used = speller->at[i], rest = speller->at[speller->count] - speller->at[j];

    for (uint32_t k = 0; k < count; k++) {
        if (between[k] < 0x80)
            speller->text[used++] = (uint8_t)between[k];
        else
            used += utf8_encode(between[k], speller->text + used);
    }
    memcpy(speller->text + used, speller->typed + speller->at[j], rest);
    return speller->visit(speller->context, bytes_of(speller->text, used + rest));
}

/* Of equal neighbours one is left out, so that no text comes twice: oo loses its first o only,
 * and gains another o in front of the first only. */
static bool give_at(struct speller *speller, uint32_t i)
{
    uint32_t before = i > 0 ? speller->letters[i - 1] : 0;
    uint32_t here = i < speller->count ? speller->letters[i] : 0;

    if (here != 0 && here != before && speller->count > 1 && !give(speller, i, NULL, 0, i + 1))
        return false;
    if (here != 0 && i + 1 < speller->count && here != speller->letters[i + 1]) {
        uint32_t swapped[] = {speller->letters[i + 1], here};

        if (!give(speller, i, swapped, 2, i + 2))
            return false;
    }
    for (size_t range = 0; range < 2; range++) {
        uint32_t low = speller->alphabet->ranges[range].low,
                 high = speller->alphabet->ranges[range].high;

        for (uint32_t letter = low; high > 0 && letter <= high; letter++) {
            if (letter != before && !give(speller, i, &letter, 1, i))
                return false;
            if (here != 0 && letter != here && !give(speller, i, &letter, 1, i + 1))
                return false;
        }
    }
    return true;
}

bool neighbours_each(struct bytes text, const struct alphabet *alphabet, neighbour_fn visit,
                     void *context)
{
    struct speller speller = {.visit = visit, .context = context, .alphabet = alphabet};

    if (!read_letters(&speller, text))
        return false;
    for (uint32_t i = 0; i <= speller.count; i++) {
        memcpy(speller.text, text.data, speller.at[i]);
        if (!give_at(&speller, i))
            break;
    }
    return true;
}

/* --- those that the index has ------------------------------------------------------------- */

struct finder {
    const struct lexicon *lexicon;
    struct picks *picks;
    enum status status;
    struct error *err;
    uint8_t term[1 + LETTER_BYTES * (NEIGHBOUR_LETTERS_MAX + 1)];
};

static bool look_up(void *context, struct bytes text)
{
    struct finder *finder = context;
    const struct term_entry *entries;
    struct bytes term = bytes_of(finder->term, text.len + 1);
    uint64_t df;
    bool may;

    memcpy(finder->term + 1, text.data, text.len);
    if (term.len > TERM_BYTES_MAX)
        return true;
    finder->status = lexicon_may_have(finder->lexicon, term, &may, finder->err);
    if (finder->status != AF_OK || !may)
        return finder->status == AF_OK;
    finder->status = lexicon_find(finder->lexicon, term, &df, &entries, finder->err);
    if (finder->status == AF_OK && df > 0)
        picks_offer(finder->picks, term, df, 1);
    return finder->status == AF_OK;
}

enum status neighbours_find(const struct lexicon *lexicon, uint8_t term_class, struct bytes text,
                            const struct alphabet *alphabet, struct picks *picks, struct error *err)
{
    struct finder finder = {.lexicon = lexicon, .picks = picks, .err = err};

    finder.term[0] = term_class;
    if (!neighbours_each(text, alphabet, look_up, &finder))
        return AF_OK;
    if (finder.status == AF_OK && picks->exhausted)
        return arena_exhausted(lexicon->arena, err);
    return finder.status;
}
