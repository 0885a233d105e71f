#include "search/show/highlight.h"

#include "data/base/hash.h"

#include <stdlib.h>

/* A word worth less than this share of the best one ("the" beside "toner") is not marked. */
#define WORTH_SHARE 0.08f

struct slot {
    struct bytes term; /* len 0 is free */
    uint32_t group;
};

struct highlighter {
    const struct query *query;
    struct analyzer *analyzer;
    struct arena *arena;
    struct slot *slots;
    uint32_t mask;
    bool has_longer; /* in a text of this case, something longer than a character matched */
};

static struct slot *slot_of(const struct highlighter *h, struct bytes term)
{
    uint32_t at = (uint32_t)checksum64(0, &term, 1) & h->mask;

    while (h->slots[at].term.len != 0 && !bytes_equal(h->slots[at].term, term))
        at = (at + 1) & h->mask;
    return &h->slots[at];
}

/* A term of two groups belongs to the one it says more for. */
static void add_member(struct highlighter *h, uint32_t group, const struct member *member)
{
    struct slot *slot = slot_of(h, member->term);
    const struct group *groups = h->query->groups;

    if (slot->term.len != 0 && groups[slot->group].weight * groups[slot->group].idf >=
                                   groups[group].weight * groups[group].idf)
        return;
    *slot = (struct slot){member->term, group};
}

enum status highlighter_new(const struct query *query, struct analyzer *analyzer,
                            struct arena *arena, struct highlighter **out, struct error *err)
{
    struct highlighter *h = arena_alloc(arena, sizeof *h);
    uint32_t members = 0, slots = 16;
    float best = 0;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        for (const struct member *m = group->members; m != NULL; m = m->next)
            members++;
        if (group->df > 0 && group->weight * group->idf > best)
            best = group->weight * group->idf;
    }
    while (slots < 2 * members)
        slots *= 2;
    if (h == NULL || (h->slots = arena_array(arena, slots, sizeof *h->slots)) == NULL)
        return arena_exhausted(arena, err);
    h->query = query;
    h->analyzer = analyzer;
    h->arena = arena;
    h->mask = slots - 1;
    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        if (group->df == 0 || group->weight * group->idf < WORTH_SHARE * best)
            continue;
        for (const struct member *m = group->members; m != NULL; m = m->next)
            if (m->df > 0)
                add_member(h, i, m);
    }
    *out = h;
    return AF_OK;
}

uint32_t highlighter_groups(const struct highlighter *highlighter)
{
    return highlighter->query->groups_count;
}

static int by_start(const void *a, const void *b)
{
    const struct match *x = a, *y = b;

    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    if (x->end != y->end)
        return x->end < y->end ? -1 : 1;
    return x->group < y->group ? -1 : x->group > y->group;
}

/* One character: a gram of one, or a word or part of a single letter. */
static bool is_single(const struct token *token)
{
    size_t letters = 0;

    for (uint32_t i = 1; i < token->term_bytes; i++)
        letters += (token->term[i] & 0xC0) != 0x80;
    return letters <= 1;
}

static const struct slot *matched(const struct highlighter *h, const struct token *token)
{
    const struct slot *slot = slot_of(h, bytes_of(token->term, token->term_bytes));

    return slot->term.len == 0 || token->end <= token->start ? NULL : slot;
}

void highlighter_begin(struct highlighter *highlighter)
{
    highlighter->has_longer = false;
}

enum status highlighter_find(struct highlighter *h, struct bytes text, struct matches *out,
                             struct error *err)
{
    struct analysis analysis;
    enum status status = analyzer_run(h->analyzer, ANALYZE_DOCUMENT, text, &analysis, err);
    uint32_t longer = 0, all = 0;
    struct match *list;

    if (status != AF_OK)
        return status;
    for (uint32_t i = 0; i < analysis.count; i++) {
        if (matched(h, &analysis.tokens[i]) == NULL)
            continue;
        all++;
        longer += !is_single(&analysis.tokens[i]);
    }
    h->has_longer = h->has_longer || longer > 0;
    if ((list = arena_array(h->arena, all + 1u, sizeof *list)) == NULL)
        return arena_exhausted(h->arena, err);
    *out = (struct matches){list, 0};
    for (uint32_t i = 0; i < analysis.count; i++) {
        const struct token *token = &analysis.tokens[i];
        const struct slot *slot = matched(h, token);
        const struct group *group = slot == NULL ? NULL : &h->query->groups[slot->group];

        if (slot != NULL && (!h->has_longer || !is_single(token)))
            list[out->count++] =
                (struct match){token->start, token->end, slot->group, group->weight * group->idf};
    }
    if (out->count > 1)
        qsort(list, out->count, sizeof *list, by_start);
    return AF_OK;
}

enum status highlight_marks(const struct matches *matches, struct arena *arena, struct mark **marks,
                            uint32_t *count, struct error *err)
{
    struct mark *list = arena_array(arena, matches->count + 1u, sizeof *list);
    uint32_t n = 0;

    if (list == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; i < matches->count; i++) {
        const struct match *match = &matches->list[i];

        if (n > 0 && match->start <= list[n - 1].end) {
            if (match->end > list[n - 1].end)
                list[n - 1].end = match->end;
            continue;
        }
        list[n++] = (struct mark){match->start, match->end};
    }
    *marks = list;
    *count = n;
    return AF_OK;
}
