#include "indexer/text/title_terms.h"

#include "indexer/text/pinyin.h"
#include "indexer/text/script.h"

#include <string.h>

#define READINGS 2 /* of a character: a third is hardly ever how a title has it */

/* A character that has a sound of its own. */
struct sounding {
    int initial; /* of Hangul; -1: Han */
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count; /* of readings; 0 with no initial: no neighbour */
};

static void add(struct title_terms *terms, const uint8_t *text, size_t len)
{
    if (terms->count == TITLE_TERMS_MAX)
        return;
    for (uint32_t i = 0; i < terms->count; i++)
        if (terms->len[i] == len && memcmp(terms->text[i], text, len) == 0)
            return;
    memcpy(terms->text[terms->count], text, len);
    terms->len[terms->count++] = (uint8_t)len;
}

/* --- pairs -------------------------------------------------------------------------------- */

static size_t put(uint8_t *out, size_t at, const char *text)
{
    size_t len = strlen(text);

    if (len > TITLE_TERM_BYTES - at)
        len = TITLE_TERM_BYTES - at;
    memcpy(out + at, text, len);
    return at + len;
}

size_t sound_term(uint8_t out[TITLE_TERM_BYTES], const char *first, const char *second)
{
    size_t at = 3;

    out[0] = TERM_SOUND;
    out[1] = (uint8_t)first[0];
    out[2] = (uint8_t)second[0];
    at = put(out, at, first + 1);
    at = put(out, at, "'");
    return put(out, at, second + 1);
}

int sound_initial(uint32_t cp)
{
    return cp >= 0xAC00 && cp <= 0xD7A3 ? (int)((cp - 0xAC00) / 588) : -1;
}

size_t sound_term_hangul(uint8_t out[TITLE_TERM_BYTES], int first, int second)
{
    out[0] = TERM_SOUND;
    out[1] = (uint8_t)('A' + first);
    out[2] = (uint8_t)('A' + second);
    return 3;
}

static struct sounding sounding_of(uint32_t cp, bool is_japanese)
{
    struct sounding s = {.initial = sound_initial(cp)};

    if (s.initial < 0 && !is_japanese)
        s.count = pinyin_readings(cp, s.readings);
    if (s.count > READINGS)
        s.count = READINGS;
    return s;
}

static void add_pairs(const struct sounding *a, const struct sounding *b, struct title_terms *out)
{
    uint8_t term[TITLE_TERM_BYTES];

    if (a->initial >= 0 && b->initial >= 0)
        add(out, term, sound_term_hangul(term, a->initial, b->initial));
    for (uint32_t i = 0; i < a->count; i++)
        for (uint32_t k = 0; k < b->count; k++)
            add(out, term,
                sound_term(term, pinyin_name(a->readings[i]), pinyin_name(b->readings[k])));
}

/* --- openings ----------------------------------------------------------------------------- */

struct opening {
    uint8_t text[TITLE_TERM_BYTES], read[TITLE_TERM_BYTES];
    size_t text_len, read_len;
    uint32_t letters;
    bool is_read; /* all of it so far is Han */
};

static void take_opening(struct opening *o, struct bytes letter, const struct sounding *sounding)
{
    if (o->letters == OPENING_LETTERS || letter.len > sizeof o->text - o->text_len)
        return;
    o->letters++;
    memcpy(o->text + o->text_len, letter.data, letter.len);
    o->text_len += letter.len;
    o->is_read = o->is_read && sounding->count > 0;
    if (o->is_read)
        o->read_len = put(o->read, o->read_len, pinyin_name(sounding->readings[0]));
}

/* --- a title ------------------------------------------------------------------------------ */

static bool has_kana(struct bytes folded)
{
    for (size_t at = 0; at < folded.len;) {
        uint32_t cp = script_next(folded.data, &at);

        if (cp >= 0x3041 && cp <= 0x3096)
            return true;
    }
    return false;
}

void title_terms_of(struct bytes folded, struct title_terms *out)
{
    struct opening opening = {.text = {TERM_OPENING},
                              .read = {TERM_OPENING},
                              .text_len = 1,
                              .read_len = 1,
                              .is_read = true};
    struct sounding before = {.initial = -1};
    bool is_japanese = has_kana(folded);
    size_t at = 0;

    out->count = 0;
    for (uint32_t letters = 0; at < folded.len && letters < TITLE_LETTERS_MAX;) {
        size_t from = at;
        uint32_t cp = script_next(folded.data, &at);
        enum script script = script_of(cp);
        struct sounding now;

        if (script == SCRIPT_OTHER || script == SCRIPT_BLANK)
            continue;
        letters++;
        now = sounding_of(cp, is_japanese);
        take_opening(&opening, bytes_of(folded.data + from, at - from), &now);
        add_pairs(&before, &now, out);
        before = now;
    }
    if (opening.letters > 0)
        add(out, opening.text, opening.text_len);
    if (opening.read_len > 1)
        add(out, opening.read, opening.read_len);
}
