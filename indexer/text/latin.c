/* latin.c: which forms of a chunk become terms. `·` separates tokens at one position, `|` moves
 * on to the next position.
 *
 *     router           w:router
 *     AllowCloudRec    w:allowcloudrec · p:allow · p:cloud · p:rec
 *     don't, router's  w:dont; w:router       l'erreur: two chunks, w:l | w:erreur
 *     00942            n:00942 · p:942
 *     ORA-00942        q:ora00942 · p:ora · p:00942 · p:942
 *     7.5.1            i:7.5.1 · q:751 · p:7 · p:5 · p:1      (75.1 is another)
 *     wi-fi, e-mail    w:wifi · w:wi · w:fi   (one half short: one word in two spellings)
 *     client-server    w:clientserver · w:client | w:server
 *     node.js          i:node.js · w:nodejs · w:node | w:js
 *     and/or           w:and | w:or
 *     C++              i:c++ · p:c
 *     AC-12/AC-2670.x  … · p:ac2670   (codes inside: latin_inner.c)
 *     a@example.com    i:a@example.com · q:aexamplecom · p:example · p:com
 *
 * A form that is letters only is always TERM_WORD, joined or not, and one with a digit is
 * TERM_SQUEEZED: so "wifi" finds "Wi-Fi" and "hg 8245h" typed as "HG-8245H" finds "HG8245H".
 * Where these say what the whole says, the whole is no term: a fifth of the terms of a segment
 * would be the same codes once more. A query still has it as a token, TOKEN_UNINDEXED, since it is
 * what was typed; and it looks for its words, numbers and codes among the parts (p:) too. */
#include "indexer/text/latin.h"

#include "data/base/limits.h"
#include "indexer/text/latin_impl.h"
#include "indexer/text/script.h"

#define SHORT_HALF 3       /* wi-fi, e-mail, log-in: bytes of the shorter half */
#define SHORT_WHOLE 12     /* and of the whole: not Get-MailboxStatistics */
#define ADDRESS_PART_MIN 3 /* of a URL, shorter parts say nothing */

/* Letters and digits of the chunk without what joins them. */
static struct bytes squeeze(struct tokens *t, const struct ident *ident)
{
    struct ident_range part;
    size_t at = ident->start;

    if (ident->components == 1)
        return slice(t, (struct ident_range){ident->start, ident->end});
    buf_clear(&t->scratch);
    while (ident_component(t->folded.text, ident, &at, &part))
        buf_add(&t->scratch, slice(t, part));
    t->failed = t->failed || !buf_ok(&t->scratch);
    return buf_bytes(&t->scratch);
}

/* --- parts ---------------------------------------------------------------------------- */

static bool is_all_digits(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.len > 0;
}

/* A number without its leading zeros; empty when it has none. */
static struct bytes without_zeros(struct bytes number)
{
    size_t zeros = 0;

    if (!is_all_digits(number) || number.len < 2 || number.data[0] != '0')
        return BYTES_NONE;
    while (zeros + 1 < number.len && number.data[zeros] == '0')
        zeros++;
    return bytes_of(number.data + zeros, number.len - zeros);
}

static void add_part(struct tokens *t, struct ident_range range, size_t least,
                     const struct place *place)
{
    struct bytes number = without_zeros(slice(t, range));

    if (range.end - range.start >= least)
        add_range(t, TERM_PART, range, place);
    if (number.len >= least)
        tokens_add(t, TERM_PART, number, place);
}

static void add_parts(struct tokens *t, const struct ident *ident, const struct place *place)
{
    size_t least = ident->kind == IDENT_ADDRESS ? ADDRESS_PART_MIN : 1, at = ident->start;
    unsigned left = IDENT_PARTS_MAX;
    struct ident_range component, parts[IDENT_PARTS_MAX];

    if (ident->characters > TOKEN_CODEPOINTS_MAX)
        least = ADDRESS_PART_MIN;
    while (left > 0 && ident_component(t->folded.text, ident, &at, &component)) {
        unsigned count = ident_parts(&t->folded, t->text, component, parts, left);

        if (ident->components > 1 && count > 1)
            add_part(t, component, least, place);
        for (unsigned i = 0; i < count; i++)
            add_part(t, parts[i], least, place);
        left -= count;
    }
}

/* --- kinds ---------------------------------------------------------------------------- */

static struct place place_of(const struct tokens *t, const struct ident *ident)
{
    struct place place = tokens_place(t, ident->start, ident->end);

    if (ident_is_volatile(t->folded.text, ident))
        place.flags |= TOKEN_VOLATILE;
    return place;
}

static void add_number(struct tokens *t, const struct ident *ident)
{
    struct ident_range number = {ident->start, ident->end};
    struct place place = place_of(t, ident);

    add_range(t, TERM_NUMBER, number, &place);
    if (t->is_query)
        add_range(t, TERM_PART, number, &place);
    tokens_add(t, TERM_PART, without_zeros(slice(t, number)), &place);
    next_position(t);
}

/* Does a code without its joiners say as much? Not where one stands between digits (7.5.1 is not
 * 75.1), nor c++11, an address, or what is too long to stand in a term. */
static bool is_squeezable(struct bytes folded, const struct ident *ident)
{
    if (ident->kind != IDENT_CODE || ident->end - ident->start > TOKEN_CODEPOINTS_MAX ||
        (ident->joiners & JOINER_OTHER) != 0 || (ident->components > 1 && ident->joiners == 0))
        return false;
    for (size_t i = ident->start + 1; i + 1 < ident->end; i++) {
        uint8_t c = folded.data[i];

        if ((c == '-' || c == '_' || c == '.') && script_is_digit(folded.data[i - 1]) &&
            script_is_digit(folded.data[i + 1]))
            return false;
    }
    return true;
}

static void add_code(struct tokens *t, const struct ident *ident)
{
    struct ident_range whole = {ident->start, ident->end};
    struct place place = place_of(t, ident);
    uint8_t last = t->folded.text.data[ident->end - 1];

    if (last == '+' || last == '#') {
        add_range(t, TERM_IDENT, whole, &place);
    } else {
        if (is_squeezable(t->folded.text, ident))
            add_typed(t, whole, &place);
        else
            add_range(t, TERM_IDENT, whole, &place);
        tokens_add(t, TERM_SQUEEZED, squeeze(t, ident), &place);
        if (t->is_query && ident->components == 1)
            add_range(t, TERM_PART, whole, &place);
    }
    add_parts(t, ident, &place);
    latin_add_inner_codes(t, ident, IDENT_PARTS_MAX, &place);
    next_position(t);
}

/* Two halves of which one is short are one word in two spellings. */
static bool is_one_word(const struct tokens *t, const struct ident *ident)
{
    struct ident_range a, b;
    size_t at = ident->start;

    if (ident->components != 2 || ident->joiners != JOINER_HYPHEN ||
        ident->end - ident->start > SHORT_WHOLE)
        return false;
    return ident_component(t->folded.text, ident, &at, &a) &&
           ident_component(t->folded.text, ident, &at, &b) &&
           (a.end - a.start <= SHORT_HALF || b.end - b.start <= SHORT_HALF);
}

static void add_compound(struct tokens *t, const struct ident *ident)
{
    struct place whole = tokens_place(t, ident->start, ident->end);
    bool is_one = is_one_word(t, ident);
    struct ident_range part;
    size_t at = ident->start;

    if (!is_one && (ident->joiners & (JOINER_DOT | JOINER_UNDERSCORE)) != 0)
        add_range(t, TERM_IDENT, (struct ident_range){ident->start, ident->end}, &whole);
    if ((ident->joiners & JOINER_OTHER) == 0 && ident->characters <= TOKEN_CODEPOINTS_MAX)
        latin_add_word(t, squeeze(t, ident), &whole);
    while (ident_component(t->folded.text, ident, &at, &part)) {
        struct place place = is_one ? whole : tokens_place(t, part.start, part.end);

        latin_add_component(t, part, &place);
        if (!is_one)
            next_position(t);
    }
    if (is_one)
        next_position(t);
}

size_t latin_add(struct tokens *t, size_t at)
{
    struct ident ident;
    size_t end = latin_add_quick_word(t, at);

    if (end > at)
        return end;
    ident_scan(t->folded.text, at, &ident);
    switch (ident.kind) {
    case IDENT_WORD:
        return latin_add_plain_word(t, &ident);
    case IDENT_NUMBER:
        add_number(t, &ident);
        break;
    case IDENT_COMPOUND:
        add_compound(t, &ident);
        break;
    case IDENT_CODE:
    case IDENT_ADDRESS:
        add_code(t, &ident);
        break;
    }
    return ident.end;
}
