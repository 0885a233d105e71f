#include "search/query/vocabulary.h"

#include "indexer/text/script.h"

static const struct vocabulary_slot no_slot;
const struct vocabulary vocabulary_empty = {.texts = "", .slots = &no_slot};

/* Of a script whose words stand apart. */
static bool is_letter(uint32_t cp)
{
    enum script script = script_of(cp);

    return script == SCRIPT_LETTER || script == SCRIPT_DIGIT;
}

static bool is_letter_at(struct bytes text, size_t at)
{
    return at < text.len && is_letter(script_next(text.data, &at));
}

static bool is_letter_before(struct bytes text, size_t at)
{
    if (at == 0)
        return false;
    do
        at--;
    while (at > 0 && (text.data[at] & 0xC0) == 0x80);
    return is_letter_at(text, at);
}

bool vocabulary_may_begin(struct bytes text, size_t at)
{
    return (text.data[at] & 0xC0) != 0x80 &&
           !(is_letter_at(text, at) && is_letter_before(text, at));
}

static bool may_end(struct bytes text, size_t at)
{
    return !(is_letter_before(text, at) && is_letter_at(text, at));
}

uint64_t vocabulary_beginning(struct bytes text)
{
    size_t end = 0;
    uint64_t beginning = 0;

    if (is_letter(script_next(text.data, &end))) {
        while (end < text.len && end < sizeof beginning && is_letter_at(text, end))
            (void)script_next(text.data, &end);
    } else if (end < text.len) {
        (void)script_next(text.data, &end);
    }
    for (size_t i = 0; i < end && i < sizeof beginning; i++)
        beginning = beginning << 8 | text.data[i];
    return beginning;
}

static const struct vocabulary_slot *slot_of(const struct vocabulary *v, uint64_t beginning)
{
    uint32_t at = vocabulary_hash(beginning) & v->mask;

    while (v->slots[at].beginning != 0 && v->slots[at].beginning != beginning)
        at = (at + 1) & v->mask;
    return &v->slots[at];
}

/* The last phrase of the slot that stands before `text` or is it; NULL: all stand after it. */
static const struct vocabulary_phrase *
last_upto(const struct vocabulary *v, const struct vocabulary_slot *slot, struct bytes text)
{
    uint32_t low = slot->first, high = slot->first + slot->count;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (bytes_compare(vocabulary_text(v, &v->phrases[middle]), text) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low == slot->first ? NULL : &v->phrases[low - 1];
}

static const struct vocabulary_phrase *begun_by(const struct vocabulary *v,
                                                const struct vocabulary_phrase *phrase)
{
    return phrase->begins == 0 ? NULL : &v->phrases[phrase->begins - 1];
}

/* The first of `phrase` and those that it begins with that stands at `at`. */
static const struct vocabulary_phrase *standing(const struct vocabulary *v, struct bytes text,
                                                size_t at, const struct vocabulary_phrase *phrase)
{
    struct bytes rest = bytes_of(text.data + at, text.len - at);

    while (phrase != NULL &&
           !(bytes_has_prefix(rest, vocabulary_text(v, phrase)) && may_end(text, at + phrase->len)))
        phrase = begun_by(v, phrase);
    return phrase;
}

/* A phrase that begins the text stands before it or is it, and what stands between the two
 * begins with it as well: so it is among those that the last of them begins with. */
const struct vocabulary_phrase *vocabulary_longest(const struct vocabulary *v, struct bytes text,
                                                   size_t at)
{
    struct bytes rest = bytes_of(text.data + at, text.len - at);
    const struct vocabulary_slot *slot = slot_of(v, vocabulary_beginning(rest));

    if (slot->count == 0)
        return NULL;
    return standing(v, text, at, last_upto(v, slot, rest));
}

const struct vocabulary_phrase *vocabulary_shorter(const struct vocabulary *v, struct bytes text,
                                                   size_t at,
                                                   const struct vocabulary_phrase *phrase)
{
    return standing(v, text, at, begun_by(v, phrase));
}

const struct vocabulary_phrase *vocabulary_find(const struct vocabulary *v, struct bytes text)
{
    const struct vocabulary_slot *slot;
    const struct vocabulary_phrase *last;

    if (text.len == 0)
        return NULL;
    slot = slot_of(v, vocabulary_beginning(text));
    last = slot->count == 0 ? NULL : last_upto(v, slot, text);
    return last != NULL && bytes_equal(vocabulary_text(v, last), text) ? last : NULL;
}

unsigned vocabulary_langs_of(struct bytes folded)
{
    bool han = false;

    for (size_t at = 0; at < folded.len;) {
        uint32_t cp = script_next(folded.data, &at);

        if (cp >= 0xAC00 && cp <= 0xD7A3)
            return VOCABULARY_KO | VOCABULARY_EN;
        if (cp < 0x10000 && cp != 0x30FB && (script_table[cp] & SCRIPT_KANA) != 0)
            return VOCABULARY_JA | VOCABULARY_EN;
        han = han || (cp < 0x10000 && (script_table[cp] & SCRIPT_HAN) != 0);
    }
    return han ? VOCABULARY_ZH | VOCABULARY_JA | VOCABULARY_EN : VOCABULARY_ANY;
}
