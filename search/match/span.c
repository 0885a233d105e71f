#include "search/match/span.h"

#include "data/base/utf8.h"

/* Does this code point count? Marks, blanks, dashes and punctuation do not. */
static bool is_unit(uint32_t letter)
{
    if (letter < 0x80)
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               (letter >= 'A' && letter <= 'Z') || letter == '+' || letter == '#';
    if (letter < 0xC0)
        return letter == 0xAA || letter == 0xB5 || letter == 0xBA;
    if (letter >= 0x2000 && letter < 0x2070)
        return false;
    if (letter >= 0x3000 && letter < 0x3040)
        return letter >= 0x3005 && letter <= 0x3007;
    if ((letter >= 0xFE10 && letter < 0xFE70) || (letter >= 0xFF00 && letter < 0xFF66))
        return false; /* folding leaves no wide letters or digits, only marks */
    return letter != 0xD7 && letter != 0xF7 && letter != 0x30FB && letter != 0xFFFD &&
           letter != UTF8_INVALID;
}

/* The next unit of `r`; false at its end. */
static bool next_unit(struct reader *r, uint32_t *unit)
{
    while (reader_left(r) > 0) {
        *unit = *r->at < 0x80 ? *r->at++ : utf8_next(r);
        if (is_unit(*unit))
            return true;
    }
    return false;
}

/* Of a script that writes words apart: only there can a match stand inside a word. */
static bool is_word_letter(uint32_t letter)
{
    return is_unit(letter) && letter < 0x0E00;
}

/* --- the same from here on --------------------------------------------------------------- */

/* Moves `text` past the units of `other`; false at the first difference. */
static bool match_units(struct reader *text, struct bytes other)
{
    struct reader r = reader_of(other);
    uint32_t want, have;

    while (next_unit(&r, &want))
        if (!next_unit(text, &have) || have != want)
            return false;
    return true;
}

bool span_same(struct bytes text, struct bytes other)
{
    struct reader r = reader_of(text);
    uint32_t unit;

    return match_units(&r, other) && !next_unit(&r, &unit);
}

/* --- phrases ----------------------------------------------------------------------------- */

static bool word_goes_on(struct reader r)
{
    return reader_left(&r) > 0 && is_word_letter(utf8_next(&r));
}

/* Is there room for a word to begin at `at`? */
static bool word_begins(struct bytes text, size_t at)
{
    struct reader r;
    size_t back = at;

    if (at == 0)
        return true;
    do
        back--;
    while (back > 0 && (text.data[back] & 0xC0) == 0x80);
    r = (struct reader){text.data + back, text.data + text.len};
    return !is_word_letter(utf8_next(&r));
}

/* `end`: after the last byte of an occurrence that begins at `at`. */
static bool phrase_at(struct bytes text, size_t at, struct bytes phrase, uint32_t last)
{
    struct reader r = {text.data + at, text.data + text.len};

    if (!match_units(&r, phrase))
        return false;
    return !is_word_letter(last) || !word_goes_on(r);
}

/* The bytes of the first unit, to find where a phrase may begin, and its last unit. */
static bool phrase_ends(struct bytes phrase, struct bytes *first, uint32_t *first_unit,
                        uint32_t *last)
{
    struct reader r = reader_of(phrase);
    const uint8_t *start;
    bool any = false;

    while (reader_left(&r) > 0) {
        uint32_t unit;

        start = r.at;
        unit = utf8_next(&r);
        if (!is_unit(unit))
            continue;
        if (!any) {
            *first = bytes_of(start, (size_t)(r.at - start));
            *first_unit = unit;
        }
        *last = unit;
        any = true;
    }
    return any;
}

bool span_has_phrase(struct bytes text, struct bytes phrase)
{
    struct bytes first = BYTES_NONE;
    uint32_t first_unit = 0, last = 0;
    size_t at = 0;

    if (!phrase_ends(phrase, &first, &first_unit, &last))
        return true;
    while (at < text.len) {
        const uint8_t *found = memmem(text.data + at, text.len - at, first.data, first.len);

        if (found == NULL)
            return false;
        at = (size_t)(found - text.data);
        if ((!is_word_letter(first_unit) || word_begins(text, at)) &&
            phrase_at(text, at, phrase, last))
            return true;
        at += first.len;
    }
    return false;
}
