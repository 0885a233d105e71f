#include "search/show/piece.h"

#include "search/show/snippet.h"

#define CJK_COST 3
#define PAIR_GAIN 1.15                  /* two pieces must show this much more than one */
#define SENTENCE_MIN (SNIPPET_COST / 3) /* a sentence end before this much is not waited for */

/* --- characters -------------------------------------------------------------------------- */

static size_t step_back(struct bytes text, size_t at)
{
    do
        at--;
    while (at > 0 && (text.data[at] & 0xC0) == 0x80);
    return at;
}

static unsigned cost_of(uint32_t letter)
{
    return letter >= 0x2E80 ? CJK_COST : 1;
}

static unsigned cost_between(struct bytes text, size_t start, size_t end, unsigned most)
{
    unsigned cost = 0;
    size_t len;

    for (size_t at = start; at < end && cost <= most; at += len)
        cost += cost_of(letter_at(text, at, &len));
    return cost;
}

/* Does a sentence end with the character at `at`? A Latin full stop needs a blank after it. */
static bool ends_sentence(struct bytes text, size_t at, size_t len, uint32_t letter)
{
    if (letter == '\n' || letter == 0x3002 || letter == 0xFF0E || letter == 0xFF01 ||
        letter == 0xFF1F || letter == 0xFF61)
        return true;
    if (letter != '.' && letter != '!' && letter != '?')
        return false;
    return at + len >= text.len || text.data[at + len] <= ' ';
}

static bool is_boundary(uint32_t letter)
{
    return is_blank(letter) || letter >= 0x2E80;
}

/* --- the best piece ---------------------------------------------------------------------- */

/* Slides over the matches: `seen` counts each group's matches inside. Matches that reach into
 * `but` are left out, so that a second piece is another piece. */
static struct piece best_piece(struct bytes text, const struct matches *matches, uint32_t *seen,
                               unsigned cost_max, const struct piece *but, const bool *shown)
{
    struct piece best = {0, 0, 0};
    uint32_t first = 0;
    double worth = 0;

    for (uint32_t i = 0; i < matches->count; i++) {
        const struct match *m = &matches->list[i];

        if (but != NULL && m->start < but->end && m->end > but->start) {
            for (; first < i; first++)
                seen[matches->list[first].group] = 0;
            first = i + 1;
            worth = 0;
            continue;
        }
        if (seen[m->group]++ == 0 && (shown == NULL || !shown[m->group]))
            worth += m->worth;
        while (first < i &&
               cost_between(text, matches->list[first].start, m->end, cost_max) > cost_max) {
            const struct match *gone = &matches->list[first++];

            if (seen[gone->group] > 0 && --seen[gone->group] == 0 &&
                (shown == NULL || !shown[gone->group]))
                worth -= gone->worth;
        }
        if (worth > best.worth + 1e-9)
            best = (struct piece){matches->list[first].start, m->end, worth};
    }
    for (uint32_t i = 0; i < matches->count; i++)
        seen[matches->list[i].group] = 0;
    return best;
}

/* Back to the beginning of the sentence, or a third of the room, to a place between words. */
static size_t widen_left(struct bytes text, size_t start, unsigned room)
{
    size_t at = start, between = start;
    unsigned cost = 0;

    while (at > 0) {
        size_t before = step_back(text, at), len;
        uint32_t letter = letter_at(text, before, &len);

        if (ends_sentence(text, before, len, letter))
            return at;
        cost += cost_of(letter);
        if (cost > room)
            return between;
        if (is_boundary(letter) && cost <= room / 2)
            between = letter >= 0x2E80 ? before : at;
        at = before;
    }
    return 0;
}

/* On to the end of a sentence, or to the last place between words that the room allows. */
static size_t widen_right(struct bytes text, size_t start, size_t end, unsigned room)
{
    unsigned before = cost_between(text, start, end, 4 * SNIPPET_COST), cost = before;
    size_t at = end, between = end;

    if (end > start && end <= text.len) {
        size_t last = step_back(text, end), len;
        uint32_t letter = letter_at(text, last, &len);

        if (before >= SENTENCE_MIN && ends_sentence(text, last, len, letter))
            return end;
    }
    while (at < text.len) {
        size_t len;
        uint32_t letter = letter_at(text, at, &len);

        if (is_blank(letter))
            between = at;
        cost += cost_of(letter);
        if (cost > before + room)
            return between;
        at += len;
        if (cost >= SENTENCE_MIN && ends_sentence(text, at - len, len, letter))
            return at;
        if (letter >= 0x2E80)
            between = at;
    }
    return text.len;
}

static struct piece widened(struct bytes text, struct piece piece, unsigned cost_max)
{
    unsigned used = cost_between(text, piece.start, piece.end, cost_max);
    unsigned room = used < cost_max ? cost_max - used : 0;
    size_t start = widen_left(text, piece.start, room);

    used = cost_between(text, start, piece.end, 2 * cost_max);
    room = used < cost_max ? cost_max - used : 0;
    piece.end = widen_right(text, start, piece.end, room);
    piece.start = start;
    return piece;
}

/* --- the ends of sentences --------------------------------------------------------------- */

bool piece_begins_sentence(struct bytes text, size_t at)
{
    size_t len;

    while (at > 0) {
        size_t before = step_back(text, at);
        uint32_t letter = letter_at(text, before, &len);

        if (ends_sentence(text, before, len, letter))
            return true;
        if (!is_blank(letter))
            return false;
        at = before;
    }
    return true;
}

bool piece_stops_sentence(struct bytes text, size_t at)
{
    size_t before, len;
    uint32_t letter;

    if (at == 0 || at >= text.len || text.data[at] == '\n')
        return true;
    before = step_back(text, at);
    letter = letter_at(text, before, &len);
    return ends_sentence(text, before, len, letter);
}

/* --- one or two -------------------------------------------------------------------------- */

static bool overlap(const struct piece *a, const struct piece *b)
{
    return a->start < b->end && b->start < a->end;
}

/* One piece of the whole size, or two of half the size when they show clearly more. */
static uint32_t choose(struct bytes text, const struct matches *matches, uint32_t *seen,
                       bool *shown, struct piece pieces[2])
{
    struct piece one = best_piece(text, matches, seen, SNIPPET_COST, NULL, NULL);
    struct piece first = best_piece(text, matches, seen, SNIPPET_COST / 2, NULL, NULL), second;

    for (uint32_t i = 0; i < matches->count; i++)
        if (matches->list[i].start >= first.start && matches->list[i].end <= first.end)
            shown[matches->list[i].group] = true;
    second = best_piece(text, matches, seen, SNIPPET_COST / 2, &first, shown);
    pieces[0] = widened(text, one, SNIPPET_COST);
    pieces[0].worth = one.worth;
    if (second.worth <= 0 || first.worth + second.worth < PAIR_GAIN * one.worth)
        return 1;
    first = widened(text, first, SNIPPET_COST / 2);
    second = widened(text, second, SNIPPET_COST / 2);
    if (overlap(&first, &second))
        return 1;
    pieces[0] = first.start < second.start ? first : second;
    pieces[1] = first.start < second.start ? second : first;
    return 2;
}

enum status pieces_choose(struct bytes text, const struct matches *matches, uint32_t groups,
                          struct arena *arena, struct piece pieces[2], uint32_t *count,
                          struct error *err)
{
    uint32_t *seen = arena_array(arena, groups + 1u, sizeof *seen);
    bool *shown = arena_array(arena, groups + 1u, sizeof *shown);

    if (seen == NULL || shown == NULL)
        return arena_exhausted(arena, err);
    *count = 1;
    pieces[0] = pieces[1] = (struct piece){0};
    if (matches->count > 0)
        *count = choose(text, matches, seen, shown, pieces);
    else
        pieces[0] = widened(text, pieces[0], SNIPPET_COST);
    return AF_OK;
}
