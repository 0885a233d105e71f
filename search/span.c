#include "search/span.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <assert.h>

bool span_is_unit(uint32_t letter)
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
        if (span_is_unit(*unit))
            return true;
    }
    return false;
}

/* Scripts that write words apart: only there can a match stand inside a word. */
static bool is_word_letter(uint32_t letter)
{
    return span_is_unit(letter) && letter < 0x0E00;
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

bool span_begins(struct bytes text, struct bytes start)
{
    struct reader r = reader_of(start);
    uint32_t unit;

    if (!next_unit(&r, &unit))
        return false;
    r = reader_of(text);
    return match_units(&r, start);
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
        if (!span_is_unit(unit))
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

/* --- longest runs ------------------------------------------------------------------------ */

#define PIECE_SLOTS 2048 /* hash of the question's distinct pieces; at most a quarter is used */
#define NO_STATE UINT32_MAX
#define WORD_BIT 0x80000000u /* tells the hash of a word from a character */
#define WORD_WEIGHT 3u       /* of a word; a CJK character weighs 1, as in rank.c */

struct edge {
    uint32_t piece, to, next; /* next edge of the state + 1; 0 ends the list */
};

struct state {
    uint32_t length, link, edges;
    uint32_t end; /* where its first occurrence in the question ends */
};

struct span_runs {
    uint32_t pieces_count, states_count, edges_count;
    struct state *states;
    struct edge *edges;
    uint32_t *weights;       /* weights[i]: of the first i pieces */
    uint64_t filter[256];    /* a bit for the low 14 bits of each piece: most text fails here */
    bool known[PIECE_SLOTS]; /* and for another 11 */
};

/* A word (any run of letters and digits of scripts that write words apart), as a hash, or one
 * character of another script. False at the end. */
static bool next_piece(struct reader *r, uint32_t *piece)
{
    uint32_t unit, hash = 2166136261u; /* FNV-1a; a false match only misjudges a length */

    if (!next_unit(r, &unit))
        return false;
    if (!is_word_letter(unit)) {
        *piece = unit;
        return true;
    }
    for (;;) {
        const uint8_t *before = r->at;

        hash = (hash ^ unit) * 16777619u;
        if (reader_left(r) == 0)
            break;
        unit = *r->at < 0x80 ? *r->at++ : utf8_next(r);
        if (!is_word_letter(unit)) {
            r->at = before;
            break;
        }
    }
    *piece = hash | WORD_BIT;
    return true;
}

static uint32_t weight_of(uint32_t piece)
{
    return (piece & WORD_BIT) != 0 ? WORD_WEIGHT : 1;
}

static uint32_t slot_of(uint32_t piece)
{
    return piece * 2654435761u >> 21;
}

static void learn(struct span_runs *runs, uint32_t piece)
{
    runs->filter[(piece >> 6) & 255] |= (uint64_t)1 << (piece & 63);
    runs->known[slot_of(piece)] = true;
}

/* False when the question surely does not have it. */
static bool may_know(const struct span_runs *runs, uint32_t piece)
{
    return (runs->filter[(piece >> 6) & 255] >> (piece & 63) & 1) != 0 &&
           runs->known[slot_of(piece)];
}

static struct edge *edge_of(const struct span_runs *runs, uint32_t state, uint32_t piece)
{
    uint32_t at = runs->states[state].edges;

    while (at != 0 && runs->edges[at - 1].piece != piece)
        at = runs->edges[at - 1].next;
    return at == 0 ? NULL : &runs->edges[at - 1];
}

static void add_edge(struct span_runs *runs, uint32_t state, uint32_t piece, uint32_t to)
{
    runs->edges[runs->edges_count] = (struct edge){piece, to, runs->states[state].edges};
    runs->states[state].edges = ++runs->edges_count;
}

static uint32_t add_clone(struct span_runs *runs, uint32_t of, uint32_t length)
{
    uint32_t clone = runs->states_count++;

    runs->states[clone] = runs->states[of];
    runs->states[clone].length = length;
    runs->states[clone].edges = 0;
    for (uint32_t at = runs->states[of].edges; at != 0; at = runs->edges[at - 1].next)
        add_edge(runs, clone, runs->edges[at - 1].piece, runs->edges[at - 1].to);
    return clone;
}

/* The online construction: `last` is the state of the whole text so far. */
static uint32_t extend(struct span_runs *runs, uint32_t last, uint32_t piece)
{
    uint32_t now = runs->states_count++, from = last, to, clone;
    uint32_t length = runs->states[last].length + 1;
    struct edge *edge = NULL;

    runs->states[now] = (struct state){length, 0, 0, length};
    while (from != NO_STATE && (edge = edge_of(runs, from, piece)) == NULL) {
        add_edge(runs, from, piece, now);
        from = runs->states[from].link;
    }
    if (from == NO_STATE)
        return now;
    to = edge->to;
    if (runs->states[to].length == runs->states[from].length + 1) {
        runs->states[now].link = to;
        return now;
    }
    clone = add_clone(runs, to, runs->states[from].length + 1);
    while (from != NO_STATE && (edge = edge_of(runs, from, piece)) != NULL && edge->to == to) {
        edge->to = clone;
        from = runs->states[from].link;
    }
    runs->states[to].link = runs->states[now].link = clone;
    return now;
}

enum status span_runs_new(struct bytes question, struct arena *arena, struct span_runs **out,
                          struct error *err)
{
    struct reader r = reader_of(question);
    struct span_runs *runs;
    uint32_t piece, last = 0, count = 0;

    *out = NULL;
    while (count < SPAN_PIECES_MAX && next_piece(&r, &piece))
        count++;
    if (count == 0)
        return AF_OK;
    /* At most 2n - 1 states and 3n - 4 edges (n > 2). */
    if ((runs = arena_alloc(arena, sizeof *runs)) == NULL ||
        (runs->states = arena_array(arena, 2 * count + 2, sizeof *runs->states)) == NULL ||
        (runs->edges = arena_array(arena, 3 * count + 4, sizeof *runs->edges)) == NULL ||
        (runs->weights = arena_array(arena, count + 1, sizeof *runs->weights)) == NULL)
        return arena_exhausted(arena, err);
    runs->states_count = 1;
    runs->states[0].link = NO_STATE;
    runs->pieces_count = count;
    r = reader_of(question);
    for (uint32_t i = 0; i < count && next_piece(&r, &piece); i++) {
        learn(runs, piece);
        runs->weights[i + 1] = runs->weights[i] + weight_of(piece);
        last = extend(runs, last, piece);
    }
    assert(runs->states_count <= 2 * count + 2 && runs->edges_count <= 3 * count + 4);
    *out = runs;
    return AF_OK;
}

uint32_t span_runs_weight(const struct span_runs *runs)
{
    return runs->weights[runs->pieces_count];
}

uint32_t span_runs_longest(const struct span_runs *runs, struct bytes text)
{
    struct reader r = reader_of(
        bytes_of(text.data, text.len < SPAN_TEXT_BYTES_MAX ? text.len : SPAN_TEXT_BYTES_MAX));
    uint32_t state = 0, length = 0, longest = 0, piece;

    while (next_piece(&r, &piece)) {
        const struct edge *edge = NULL;
        uint32_t end, weight;

        if (!may_know(runs, piece)) {
            state = length = 0;
            continue;
        }
        while ((edge = edge_of(runs, state, piece)) == NULL && state != 0) {
            state = runs->states[state].link;
            length = runs->states[state].length;
        }
        if (edge == NULL)
            continue;
        state = edge->to;
        length++;
        end = runs->states[state].end;
        weight = runs->weights[end] - runs->weights[end - length];
        if (weight > longest)
            longest = weight;
    }
    return longest;
}

/* --- nearness ---------------------------------------------------------------------------- */

/* The next place of a needle at or after `at` where it is a word of its own; SIZE_MAX: none. */
static size_t next_place(struct bytes text, size_t at, struct bytes needle)
{
    while (at < text.len) {
        const uint8_t *found = memmem(text.data + at, text.len - at, needle.data, needle.len);

        if (found == NULL)
            break;
        at = (size_t)(found - text.data);
        if (needle.data[0] >= 0x80 || word_begins(text, at))
            return at;
        at++;
    }
    return SIZE_MAX;
}

/* Always moves on the needle that stands first: the smallest piece is met on the way. */
double span_nearness(struct bytes text, const struct bytes *needles, uint32_t count)
{
    size_t places[SPAN_NEEDLES_MAX], total = 0, smallest = SIZE_MAX;

    assert(count <= SPAN_NEEDLES_MAX);
    if (text.len > SPAN_TEXT_BYTES_MAX)
        text = utf8_cut(text, SPAN_TEXT_BYTES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        if (needles[i].len == 0 || (places[i] = next_place(text, 0, needles[i])) == SIZE_MAX)
            return 0;
        total += needles[i].len;
    }
    while (count > 0) {
        uint32_t first = 0;
        size_t end = 0;

        for (uint32_t i = 0; i < count; i++) {
            if (places[i] < places[first])
                first = i;
            if (places[i] + needles[i].len > end)
                end = places[i] + needles[i].len;
        }
        if (end - places[first] < smallest)
            smallest = end - places[first];
        places[first] = next_place(text, places[first] + 1, needles[first]);
        if (places[first] == SIZE_MAX)
            break;
    }
    return smallest == SIZE_MAX || smallest < total ? (smallest == SIZE_MAX ? 0 : 1)
                                                    : (double)total / (double)smallest;
}
