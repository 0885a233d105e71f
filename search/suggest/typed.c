#include "search/suggest/typed.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/reading.h"
#include "search/query/hangul.h"
#include "search/query/kana.h"

#define KEYS_MIN 3 /* fewer keys are no word of another keyboard */

static struct letters *next_form(struct typed *typed)
{
    return typed->count < TYPED_FORMS_MAX ? &typed->forms[typed->count] : NULL;
}

/* Folded letters as a form of their own. */
static void add_form(struct typed *typed, const uint32_t *cps, size_t count)
{
    struct letters *form = next_form(typed);
    uint8_t text[4 * LETTERS_MAX];
    size_t len = 0;

    if (form == NULL || count == 0 || count > LETTERS_MAX)
        return;
    for (size_t i = 0; i < count; i++)
        len += utf8_encode(cps[i], text + len);
    letters_of(bytes_of(text, len), form);
    typed->count++;
}

static void add_words_read(struct typed *typed, const uint32_t *kana, size_t count)
{
    struct reading_range range = {0, 0};

    if (count > 1 && count <= READING_KANA_MAX)
        range = reading_words(kana, count);
    for (uint32_t i = range.first; i < range.end && next_form(typed) != NULL; i++) {
        uint32_t letters[READING_WORD_MAX];

        add_form(typed, letters, reading_word(i, letters));
    }
}

static bool is_kana(const struct letters *letters)
{
    for (uint32_t i = 0; i < letters->count; i++)
        if (reading_code(letters->list[i].cp) == 0)
            return false;
    return letters->count > 0;
}

/* Small letters of one piece, and the hyphen that romaji writes for ー. */
static size_t keys_of(struct bytes folded, uint8_t keys[LETTERS_MAX])
{
    for (size_t i = 0; i < folded.len; i++) {
        if (i == LETTERS_MAX ||
            ((folded.data[i] < 'a' || folded.data[i] > 'z') && folded.data[i] != '-'))
            return 0;
        keys[i] = folded.data[i];
    }
    return folded.len < KEYS_MIN ? 0 : folded.len;
}

static void add_kana(struct typed *typed, struct bytes folded)
{
    uint32_t kana[LETTERS_MAX];
    uint8_t keys[LETTERS_MAX];
    size_t count = keys_of(folded, keys);

    count = count == 0 ? 0 : kana_of_romaji(keys, count, true, kana, LETTERS_MAX);
    if (count < 2)
        return;
    add_form(typed, kana, count);
    add_words_read(typed, kana, count);
}

/* Capitals are shifted keys, so it is the text before folding that says it. */
static void add_hangul(struct typed *typed, struct bytes text)
{
    uint32_t syllables[LETTERS_MAX];
    size_t count = 0;

    for (size_t i = 0; i < text.len; i++)
        if ((text.data[i] | 0x20) < 'a' || (text.data[i] | 0x20) > 'z')
            return;
    if (text.len >= KEYS_MIN)
        count = hangul_of_keys(text.data, text.len, syllables, LETTERS_MAX);
    if (count > 1)
        add_form(typed, syllables, count);
}

enum status typed_of(struct bytes text, struct folder *folder, struct typed *out, struct error *err)
{
    struct letters *first = &out->forms[0];
    struct bytes read = text.len > QUERY_BYTES_MAX ? bytes_of(text.data, QUERY_BYTES_MAX) : text;
    struct folded folded;
    enum status status = folder_run(folder, read, &folded, err);

    out->count = 0;
    out->has_gaps = false;
    if (status != AF_OK)
        return status;
    letters_typed(folded.text, first);
    if (first->count == 0 || first->count > SUGGEST_LETTERS_MAX || text.len > QUERY_BYTES_MAX)
        return AF_OK;
    out->count = 1;
    for (uint32_t i = 1; i < first->count; i++)
        out->has_gaps = out->has_gaps || first->list[i].gap;
    add_hangul(out, text);
    add_kana(out, folded.text);
    if (is_kana(first)) {
        uint32_t kana[LETTERS_MAX];

        for (uint32_t i = 0; i < first->count; i++)
            kana[i] = first->list[i].cp;
        add_words_read(out, kana, first->count);
    }
    return AF_OK;
}
