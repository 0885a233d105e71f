#include "search/runs.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "search/span.h"

#include <assert.h>

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

struct runs {
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

    if (!span_next_unit(r, &unit))
        return false;
    if (!span_is_word_letter(unit)) {
        *piece = unit;
        return true;
    }
    for (;;) {
        const uint8_t *before = r->at;

        hash = (hash ^ unit) * 16777619u;
        if (reader_left(r) == 0)
            break;
        unit = *r->at < 0x80 ? *r->at++ : utf8_next(r);
        if (!span_is_word_letter(unit)) {
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

static void learn(struct runs *runs, uint32_t piece)
{
    runs->filter[(piece >> 6) & 255] |= (uint64_t)1 << (piece & 63);
    runs->known[slot_of(piece)] = true;
}

/* False when the question surely does not have it. */
static bool may_know(const struct runs *runs, uint32_t piece)
{
    return (runs->filter[(piece >> 6) & 255] >> (piece & 63) & 1) != 0 &&
           runs->known[slot_of(piece)];
}

static struct edge *edge_of(const struct runs *runs, uint32_t state, uint32_t piece)
{
    uint32_t at = runs->states[state].edges;

    while (at != 0 && runs->edges[at - 1].piece != piece)
        at = runs->edges[at - 1].next;
    return at == 0 ? NULL : &runs->edges[at - 1];
}

static void add_edge(struct runs *runs, uint32_t state, uint32_t piece, uint32_t to)
{
    runs->edges[runs->edges_count] = (struct edge){piece, to, runs->states[state].edges};
    runs->states[state].edges = ++runs->edges_count;
}

static uint32_t add_clone(struct runs *runs, uint32_t of, uint32_t length)
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
static uint32_t extend(struct runs *runs, uint32_t last, uint32_t piece)
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

enum status runs_new(struct bytes question, struct arena *arena, struct runs **out,
                     struct error *err)
{
    struct reader r = reader_of(question);
    struct runs *runs;
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

uint32_t runs_weight(const struct runs *runs)
{
    return runs->weights[runs->pieces_count];
}

uint32_t runs_longest(const struct runs *runs, struct bytes text)
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
