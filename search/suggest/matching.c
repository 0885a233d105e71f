#include "search/suggest/matching.h"

#include "indexer/text/pinyin.h"
#include "search/query/hangul.h"

#include <string.h>

_Static_assert(LETTERS_MAX <= 64, "a bit for each number of letters taken");

#define BIT(n) (UINT64_C(1) << (n))

/* What one step of the walk knows. */
struct step {
    const struct letters *typed;
    const struct letter *letter; /* of the text, and the next one, or NULL */
    const struct letter *next;
    enum matching_how how;
};

static bool in_range(struct hangul_range range, uint32_t cp)
{
    return cp >= range.first && cp <= range.last;
}

/* --- Hangul ------------------------------------------------------------------------------- */

static uint64_t take_hangul(const struct step *step, uint32_t at)
{
    uint32_t typed = step->typed->list[at].cp, moved;
    bool is_last = at + 1 == step->typed->count;
    struct hangul_range same, next;

    if (!hangul_unfinished(typed, &same, &moved, &next))
        return 0;
    if (!hangul_is_syllable(typed))
        return (is_last || step->how == HOW_INITIALS) && in_range(same, step->letter->cp)
                   ? BIT(at + 1)
                   : 0;
    if (!is_last)
        return 0;
    if (in_range(same, step->letter->cp))
        return BIT(at + 1);
    return moved == step->letter->cp && step->next != NULL && in_range(next, step->next->cp)
               ? BIT(at + 1)
               : 0;
}

/* --- Han as it is read -------------------------------------------------------------------- */

/* ü is typed as v, and folds to u. */
static bool same_key(uint32_t typed, char name)
{
    return typed == (uint8_t)name || (name == 'v' && typed == 'u');
}

/* How many letters of a syllable's name stand at `at`; a gap ends a syllable. */
static uint32_t shared(const struct letters *typed, uint32_t at, const char *name)
{
    uint32_t len = 0;

    while (name[len] != '\0' && at + len < typed->count &&
           same_key(typed->list[at + len].cp, name[len]) &&
           (len == 0 || !typed->list[at + len].gap))
        len++;
    return len;
}

static bool is_tone(const struct letters *typed, uint32_t at)
{
    return at < typed->count && typed->list[at].cp >= '1' && typed->list[at].cp <= '5';
}

static uint64_t take_syllable(const struct step *step, uint32_t at, const char *name)
{
    uint32_t len = shared(step->typed, at, name);
    uint64_t to = 0;

    if (len == 0)
        return 0;
    if (name[len] == '\0') {
        to |= BIT(at + len);
        if (is_tone(step->typed, at + len))
            to |= BIT(at + len + 1);
    }
    if (at + len == step->typed->count)
        to |= BIT(at + len);
    if (step->how == HOW_INITIALS) {
        to |= BIT(at + 1);
        if (len >= 2 && name[1] == 'h')
            to |= BIT(at + 2);
    }
    return to;
}

static uint64_t take_read(const struct step *step, uint32_t at)
{
    uint16_t readings[PINYIN_READINGS_MAX];
    uint32_t count;
    uint64_t to = 0;

    if (step->how == HOW_WRITTEN || step->typed->list[at].cp < 'a' ||
        step->typed->list[at].cp > 'z')
        return 0;
    count = pinyin_readings(step->letter->cp, readings);
    for (uint32_t i = 0; i < count; i++)
        to |= take_syllable(step, at, pinyin_name(readings[i]));
    return to;
}

/* --- one text ----------------------------------------------------------------------------- */

/* The numbers of letters that may be taken after this letter of the text, of those before it. */
static uint64_t take(const struct step *step, uint64_t from)
{
    uint64_t to = step->letter->script == SCRIPT_EXTEND ? from : 0;

    for (; from != 0; from &= from - 1) {
        uint32_t at = (uint32_t)__builtin_ctzll(from);

        if (step->typed->list[at].cp == step->letter->cp)
            to |= BIT(at + 1);
        else if (hangul_is_syllable(step->letter->cp))
            to |= take_hangul(step, at);
        else if (step->letter->script == SCRIPT_CJK)
            to |= take_read(step, at);
    }
    return to;
}

bool matching_from(const struct letters *typed, const struct letters *text, uint32_t at,
                   enum matching_how how, uint32_t *end)
{
    struct step step = {.typed = typed, .how = how};
    uint64_t taken = BIT(0);

    if (typed->count == 0 || typed->count >= LETTERS_MAX)
        return false;
    for (uint32_t i = at; i < text->count && taken != 0; i++) {
        step.letter = &text->list[i];
        step.next = i + 1 < text->count ? &text->list[i + 1] : NULL;
        taken = take(&step, taken);
        if ((taken & BIT(typed->count)) != 0) {
            *end = i + 1;
            return true;
        }
    }
    return false;
}

/* --- the best place ----------------------------------------------------------------------- */

static bool note(struct matched *out, unsigned rank, uint32_t start, uint32_t end)
{
    if (rank >= out->rank)
        return false;
    out->rank = rank;
    out->spans_count = 1;
    out->spans[0].start = start;
    out->spans[0].end = end;
    return true;
}

/* One letter says nothing but at the beginning, nor do two first letters. */
static bool is_enough(const struct letters *typed, enum matching_how how, uint32_t at)
{
    bool hangul = typed->list[0].script == SCRIPT_CJK;

    if (how == HOW_WRITTEN || at == 0)
        return typed->count > 1 || how != HOW_INITIALS;
    return typed->count >= (how == HOW_INITIALS && !hangul ? 3 : 2);
}

/* Rank: 0 and 1 written, at the beginning and inside; 2 and 3 read; 5 and 6 by initials. */
static void look(const struct letters *typed, const struct letters *text, enum matching_how how,
                 bool other_form, struct matched *out)
{
    static const unsigned ranks[] = {0, 2, 5};
    unsigned rank = ranks[how] + (other_form ? 2 : 0);

    for (uint32_t at = 0; at < text->count && rank + (at > 0) < out->rank; at++) {
        uint32_t end;

        if (text->list[at].begins && is_enough(typed, how, at) &&
            matching_from(typed, text, at, how, &end))
            (void)note(out, rank + (at > 0), at, end);
    }
}

/* --- pieces ------------------------------------------------------------------------------- */

static struct letters piece_of(const struct letters *typed, uint32_t start, uint32_t end)
{
    struct letters piece = {.count = end - start};

    memcpy(piece.list, typed->list + start, piece.count * sizeof *piece.list);
    return piece;
}

/* A word that is not the last was typed to its end. */
static bool is_whole(const struct letters *piece, const struct letters *text, uint32_t end)
{
    return piece->list[piece->count - 1].script != SCRIPT_LETTER || end == text->count ||
           text->list[end].begins;
}

static bool find_piece(const struct letters *piece, const struct letters *text, bool is_last,
                       struct matched *out)
{
    for (uint32_t at = 0; at < text->count; at++) {
        uint32_t end;

        if (!text->list[at].begins || !matching_from(piece, text, at, HOW_WRITTEN, &end) ||
            (!is_last && !is_whole(piece, text, end)))
            continue;
        if (out->spans_count < MATCHING_SPANS) {
            out->spans[out->spans_count].start = at;
            out->spans[out->spans_count++].end = end;
        }
        return true;
    }
    return false;
}

static bool find_pieces(const struct letters *typed, const struct letters *text,
                        struct matched *out)
{
    out->spans_count = 0;
    for (uint32_t start = 0, end; start < typed->count; start = end) {
        struct letters piece;

        for (end = start + 1; end < typed->count && !typed->list[end].gap; end++)
            ;
        piece = piece_of(typed, start, end);
        if (!find_piece(&piece, text, end == typed->count, out))
            return false;
    }
    return true;
}

bool matching_of(const struct typed *typed, const struct letters *text, struct matched *out)
{
    out->rank = MATCHED_WORST;
    if (typed->count == 0)
        return false;
    look(&typed->forms[0], text, HOW_WRITTEN, false, out);
    for (uint32_t i = 1; i < typed->count; i++)
        look(&typed->forms[i], text, HOW_WRITTEN, true, out);
    look(&typed->forms[0], text, HOW_READ, false, out);
    if (out->rank > 4 && typed->has_gaps) {
        if (find_pieces(&typed->forms[0], text, out))
            out->rank = 4;
    }
    look(&typed->forms[0], text, HOW_INITIALS, false, out);
    return out->rank < MATCHED_WORST;
}
