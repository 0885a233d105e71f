#include "search/show/suggestion.h"

#include "data/base/utf8.h"
#include "indexer/text/script.h"

#define CORRECTED (REASON_TYPO | REASON_SOUND)

static uint64_t typed_df(const struct group *group)
{
    uint64_t df = 0;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if ((m->reason & CORRECTED) == 0 && m->df > df)
            df = m->df;
    return df;
}

/* The likeliest: what is worth most, then what is commonest. A term of another class is another
 * kind of thing, and cannot stand in the text for this one. */
static const struct member *correction(const struct group *group)
{
    const struct member *best = NULL;
    uint64_t typed = typed_df(group);

    for (const struct member *m = group->members; m != NULL; m = m->next) {
        if ((m->reason & CORRECTED) == 0 || m->df == 0 || m->df < SUGGESTION_GAIN * typed)
            continue;
        if (m->term.data[0] != TERM_WORD && m->term.data[0] != TERM_GRAM2)
            continue;
        if (best == NULL || m->weight > best->weight ||
            (m->weight >= best->weight && m->df > best->df))
            best = m;
    }
    return best;
}

static const struct group *next_from(const struct query *query, uint32_t at)
{
    const struct group *next = NULL;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        if (group->start < at || (group->kind != GROUP_WORD && group->kind != GROUP_GRAM2) ||
            group->required || (next != NULL && group->start >= next->start) ||
            correction(group) == NULL)
            continue;
        next = group;
    }
    return next;
}

static struct bytes stretch(struct bytes text, uint32_t from, uint32_t end)
{
    return bytes_of(text.data + from, end - from);
}

/* --- grams -------------------------------------------------------------------------------- */

static bool is_hangul(uint32_t letter)
{
    return letter >= 0xAC00 && letter <= 0xD7A3;
}

/* Folding has made hiragana of all kana, so a gram of it cannot be shown as people write it. */
static bool is_kana(uint32_t letter)
{
    return letter >= 0x3041 && letter <= 0x30FF;
}

static uint32_t letter_before(struct bytes text, uint32_t at, uint32_t *start)
{
    struct reader r;

    for (*start = at; *start > 0 && (*start == at || (text.data[*start] & 0xC0) == 0x80);)
        --*start;
    r = reader_of(stretch(text, *start, at));
    return *start < at ? utf8_next(&r) : ' ';
}

static uint32_t letter_after(struct bytes text, uint32_t at, uint32_t *end)
{
    struct reader r = reader_of(stretch(text, at, (uint32_t)text.len));
    uint32_t letter = reader_left(&r) > 0 ? utf8_next(&r) : ' ';

    *end = (uint32_t)(r.at - text.data);
    return letter;
}

#define HANGUL_LEAST 9 /* bytes: two syllables are within many words, as 팀으 in 팀으로 */

/* What some case must have. False: nobody can tell. */
static bool take_gram(struct bytes text, uint32_t start, uint32_t end, struct suggestion_gram *out)
{
    struct reader r = reader_of(stretch(text, start, end));
    uint32_t first = utf8_next(&r), last = utf8_next(&r), from = start, to = end, at;

    if (is_kana(first) || is_kana(last))
        return false;
    if (is_hangul(first) && is_hangul(last)) {
        while (is_hangul(letter_before(text, from, &at)))
            from = at;
        while (is_hangul(letter_after(text, to, &at)))
            to = at;
        *out = (struct suggestion_gram){{stretch(text, from, to)}};
        return to - from >= HANGUL_LEAST;
    }
    *out = (struct suggestion_gram){{stretch(text, start, end)}};
    if (script_of(letter_before(text, start, &from)) == SCRIPT_CJK)
        out->with[0] = stretch(text, from, end);
    if (script_of(letter_after(text, end, &to)) == SCRIPT_CJK)
        out->with[out->with[0].len > end - start] = stretch(text, start, to);
    return true;
}

/* --- the question ------------------------------------------------------------------------- */

struct places {
    uint32_t count, at[SUGGESTION_GRAMS][2]; /* of grams in the new text */
};

/* The first place of a word is put right; one that is there twice is typed twice by no accident.
 * False: too many grams. */
static bool put_right(const struct query *query, struct buf *text, struct places *places,
                      uint64_t *typed_most)
{
    const struct group *group;
    uint32_t at = 0;

    while ((group = next_from(query, at)) != NULL) {
        struct bytes term = correction(group)->term;
        uint64_t typed = typed_df(group);
        uint32_t start;

        buf_add(text, stretch(query->folded, at, group->start));
        start = (uint32_t)text->len;
        buf_add(text, bytes_of(term.data + 1, term.len - 1));
        if (term.data[0] == TERM_GRAM2) {
            if (places->count == SUGGESTION_GRAMS)
                return false;
            places->at[places->count][0] = start;
            places->at[places->count++][1] = (uint32_t)text->len;
        }
        *typed_most = typed < *typed_most ? typed : *typed_most;
        at = group->end;
    }
    if (at > 0)
        buf_add(text, stretch(query->folded, at, (uint32_t)query->folded.len));
    return at > 0;
}

enum status suggestion_of(const struct query *query, struct arena *arena, struct suggestion *out,
                          struct error *err)
{
    struct suggestion made = {.typed_most = UINT64_MAX};
    struct places places = {0};
    struct buf text = {0};
    bool ok = put_right(query, &text, &places, &made.typed_most);
    enum status status = buf_status(&text, "a suggestion", err);

    *out = (struct suggestion){.typed_most = UINT64_MAX};
    if (status == AF_OK && ok && (made.text = arena_copy(arena, buf_bytes(&text))).data == NULL)
        status = arena_exhausted(arena, err);
    buf_release(&text);
    if (status != AF_OK || !ok)
        return status;
    for (; made.grams_count < places.count; made.grams_count++)
        if (!take_gram(made.text, places.at[made.grams_count][0], places.at[made.grams_count][1],
                       &made.grams[made.grams_count]))
            return AF_OK;
    *out = made;
    return AF_OK;
}
