/* latin_word.c: words of letters alone, most of an alphabetic text. */
#include "indexer/text/latin_impl.h"

#include "data/base/limits.h"
#include "indexer/text/script.h"

void latin_add_word(struct tokens *t, struct bytes word, const struct place *place)
{
    tokens_add(t, TERM_WORD, word, place);
    if (t->is_query)
        tokens_add(t, TERM_PART, word, place);
}

void latin_add_component(struct tokens *t, struct ident_range range, const struct place *place)
{
    struct ident_range parts[IDENT_PARTS_MAX];
    unsigned count;

    add_range(t, TERM_WORD, range, place);
    if (t->is_query)
        add_range(t, TERM_PART, range, place);
    if (!ident_is_camel(&t->folded, t->text, range))
        return;
    add_typed(t, range, place);
    count = ident_parts(&t->folded, t->text, range, parts, IDENT_PARTS_MAX);
    for (unsigned i = 0; i < count; i++)
        add_range(t, TERM_PART, parts[i], place);
}

/* What follows an apostrophe: 's says nothing, n't and its like belong to the word, anything
 * else (l'erreur) is a word of its own. Cyrillic keeps its apostrophe inside words. */
enum suffix { SUFFIX_NONE, SUFFIX_DROPPED, SUFFIX_JOINED };

static enum suffix suffix_of(struct bytes suffix)
{
    static const char *const joined[] = {"t", "re", "ve", "ll", "d", "m"};

    if (bytes_equal(suffix, BYTES_LIT("s")))
        return SUFFIX_DROPPED;
    for (size_t i = 0; i < sizeof joined / sizeof joined[0]; i++) {
        if (bytes_equal(suffix, bytes_str(joined[i])))
            return SUFFIX_JOINED;
    }
    return suffix.len > 0 && (suffix.data[0] == 0xD0 || suffix.data[0] == 0xD1) ? SUFFIX_JOINED
                                                                                : SUFFIX_NONE;
}

size_t latin_add_plain_word(struct tokens *t, const struct ident *ident)
{
    struct bytes folded = t->folded.text;
    struct ident_range range = {ident->start, ident->end}, tail = {ident->end + 1, ident->end + 1};
    enum suffix suffix = SUFFIX_NONE;
    struct place place;

    if (ident->end + 1 < folded.len && folded.data[ident->end] == '\'') {
        tail.end = script_run_end(folded, tail.start, SCRIPT_LETTER);
        suffix = suffix_of(slice(t, tail));
    }
    place = tokens_place(t, range.start, suffix == SUFFIX_NONE ? range.end : tail.end);
    if (suffix == SUFFIX_JOINED) {
        buf_clear(&t->scratch);
        buf_add(&t->scratch, slice(t, range));
        buf_add(&t->scratch, slice(t, tail));
        t->failed = t->failed || !buf_ok(&t->scratch);
        latin_add_word(t, buf_bytes(&t->scratch), &place);
    } else {
        latin_add_component(t, range, &place);
    }
    next_position(t);
    return place.fold_end;
}

/* --- most words ----------------------------------------------------------------------- */

/* May a joiner be here that holds the word to what follows? Not before a blank or the end. */
static bool may_join(const uint8_t *p)
{
    switch (p[0]) {
    case '-':
    case '_':
    case '.':
    case '/':
    case ':':
    case '@':
    case '\\':
        return p[1] != ' ' && p[1] != '\n' && p[1] != '\0';
    case '#':
    case '+':
    case '\'':
        return true;
    default:
        return script_is_digit(p[0]);
    }
}

/* The end of a word of small ASCII letters that ident_scan() would say is IDENT_WORD, without an
 * apostrophe; `at` when that takes more than a look at what follows it. */
static size_t plain_end(struct bytes folded, size_t at)
{
    const uint8_t *p = folded.data + at;
    size_t start = at, end;
    enum script after;

    while (*p >= 'a' && *p <= 'z') /* FOLD_SLACK ends it */
        p++;
    end = (size_t)(p - folded.data);
    if (*p < 0x80)
        return may_join(p) ? start : end;
    at = end;
    after = script_of(script_next(folded.data, &at));
    return after == SCRIPT_LETTER || after == SCRIPT_EXTEND ? start : end;
}

size_t latin_add_quick_word(struct tokens *t, size_t at)
{
    struct ident_range range = {at, plain_end(t->folded.text, at)};
    struct place place;

    if (range.end == at)
        return at;
    place = tokens_place(t, range.start, range.end);
    latin_add_component(t, range, &place);
    next_position(t);
    return range.end;
}
