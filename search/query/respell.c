#include "search/query/respell.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/script.h"

#define RARE_DF 3        /* in fewer cases a gram may be a slip, */
#define RARE_SHARE 10000 /* and in less than one of so many */

static const float cost_weight = 0.8f; /* of each step of cost after the first */

/* --- the letters of the question ---------------------------------------------------------- */

static void note_pairs(struct respell *r)
{
    struct query *query = r->x->query;
    uint32_t at = 0;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        if (group->kind != GROUP_GRAM2 || group->required)
            continue;
        /* Groups stand in the order of their first occurrence, but for those of codes. */
        if (at >= r->count || r->letters[at].at > group->start)
            at = 0;
        while (at < r->count && r->letters[at].at < group->start)
            at++;
        if (at < r->count && r->letters[at].at == group->start)
            r->letters[at].pair = group;
    }
}

static bool is_katakana(const struct query *query, size_t at)
{
    struct reader r = reader_of(query->text);
    uint32_t cp;

    if (query->source[at] >= query->text.len)
        return false;
    r.at += query->source[at];
    cp = utf8_next(&r);
    return (cp > 0x30A0 && cp < 0x30FB) || (cp >= 0xFF66 && cp < 0xFF9E);
}

static bool has_words(const struct query *query)
{
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (query->groups[i].kind == GROUP_WORD || query->groups[i].kind == GROUP_CODE)
            return true;
    return false;
}

enum status respell_init(struct respell *r, struct expansion *x)
{
    struct bytes text = x->query->folded;
    uint32_t room = x->query->cjk, more = has_words(x->query) ? SWITCHED_LETTERS_MAX : 0;
    size_t end = 0;

    *r = (struct respell){
        .x = x, .rare = x->lexicon->docs / RARE_SHARE, .left = RESPELL_ASKED_MAX, .room = more};
    if (r->rare < RARE_DF)
        r->rare = RARE_DF;
    if (room + more == 0)
        return AF_OK;
    r->letters = arena_array(x->lexicon->arena, room + more, sizeof *r->letters);
    if (r->letters == NULL)
        return arena_exhausted(x->lexicon->arena, x->err);
    for (size_t at = 0; at < text.len && r->count < room;) {
        size_t start = at;
        uint32_t cp = script_next(text.data, &at);

        if (script_of(cp) != SCRIPT_CJK)
            continue;
        if (r->count > 0)
            r->letters[r->count - 1].goes_on = end == start;
        r->letters[r->count++] = (struct letter){
            .cp = cp, .at = (uint32_t)start, .katakana = is_katakana(x->query, start)};
        end = at;
    }
    note_pairs(r);
    return AF_OK;
}

/* --- asking ------------------------------------------------------------------------------- */

static uint64_t ask_term(struct respell *r, struct bytes term)
{
    const struct term_entry *entries;
    bool may = true;
    uint64_t df = 0;

    if (r->status == AF_OK && term.data[0] == TERM_GRAM2)
        r->status = lexicon_may_have(r->x->lexicon, term, &may, r->x->err);
    if (r->status == AF_OK && may)
        r->status = lexicon_find(r->x->lexicon, term, &df, &entries, r->x->err);
    return df;
}

static uint64_t ask(struct respell *r, uint32_t first, uint32_t second)
{
    uint8_t term[GRAM_TERM_BYTES];

    return ask_term(r, gram_term(term, first, second));
}

uint64_t respell_df(struct respell *r, const uint32_t *letters, uint32_t count)
{
    uint64_t least = count == 1 ? ask(r, 0, letters[0]) : UINT64_MAX;

    for (uint32_t i = 0; i + 1 < count && least > 0; i++) {
        uint64_t df = ask(r, letters[i], letters[i + 1]);

        least = df < least ? df : least;
    }
    return count == 0 ? 0 : least;
}

static bool has_left(const struct respell *r, uint32_t start)
{
    return start > 0 && r->letters[start - 1].goes_on;
}

static bool has_right(const struct respell *r, uint32_t end)
{
    return end < r->count && end > 0 && r->letters[end - 1].goes_on;
}

/* A wrong letter spoils all grams that have it; one that no case has need not be alone. */
bool respell_begin(struct respell *r, uint32_t start, uint32_t end, bool is_word, uint32_t times)
{
    uint32_t first = !is_word && start > 0 ? start - 1 : start;
    uint32_t last = is_word && end > 0 ? end - 1 : end; /* past the last gram */
    uint64_t most = 0;

    r->typed = UINT64_MAX;
    r->times = times;
    for (uint32_t i = first; i < last; i++) {
        const struct letter *letter = &r->letters[i];

        if (!letter->goes_on || letter->pair == NULL)
            continue;
        r->typed = letter->pair->df < r->typed ? letter->pair->df : r->typed;
        most = letter->pair->df > most ? letter->pair->df : most;
    }
    return r->typed == 0 || (r->typed < r->rare && most < r->rare);
}

/* The likelier first: by cost, by what is around it, by how common it is. */
static bool is_better(const struct chosen *a, const struct chosen *b)
{
    if (a->change.cost != b->change.cost)
        return a->change.cost < b->change.cost;
    if (a->borne != b->borne)
        return a->borne > b->borne;
    return a->df > b->df;
}

static void keep(struct respell *r, const struct chosen *chosen)
{
    uint32_t at = r->best_count < RESPELL_MAX ? r->best_count++ : RESPELL_MAX;

    for (; at > 0 && is_better(chosen, &r->best[at - 1]); at--)
        if (at < RESPELL_MAX)
            r->best[at] = r->best[at - 1];
    if (at < RESPELL_MAX)
        r->best[at] = *chosen;
}

/* Letter i of the change, where -1 and `count` are its neighbours. */
static uint32_t letter_of(const struct respell *r, const struct change *change, uint32_t i)
{
    if (i == UINT32_MAX)
        return r->letters[change->start - 1].cp;
    return i < change->count ? change->letters[i] : r->letters[change->end].cp;
}

static void note_df(struct chosen *chosen, uint64_t df)
{
    chosen->df = df < chosen->df ? df : chosen->df;
}

void respell_offer(struct respell *r, const struct change *change)
{
    bool left = has_left(r, change->start), right = has_right(r, change->end);
    struct chosen chosen = {.change = *change, .df = UINT64_MAX};
    uint64_t df;

    if (r->left == 0 || r->status != AF_OK || (change->count == 0 && (!left || !right)))
        return;
    r->left--;
    if (change->count > 1 && (chosen.df = respell_df(r, change->letters, change->count)) == 0)
        return;
    if (left) {
        df = ask(r, letter_of(r, change, UINT32_MAX), letter_of(r, change, 0));
        chosen.borne += df > 0;
        if (!change->is_word)
            note_df(&chosen, df);
    }
    if (right && change->count > 0 && chosen.df > 0) {
        df = ask(r, letter_of(r, change, change->count - 1), letter_of(r, change, change->count));
        chosen.borne += df > 0;
        if (!change->is_word)
            note_df(&chosen, df);
    }
    if (chosen.df > 0 && chosen.df != UINT64_MAX && chosen.df > r->typed * r->times)
        keep(r, &chosen);
}

/* --- making forms ------------------------------------------------------------------------- */

static void add(struct respell *r, struct group *group, const struct change *change, uint32_t i,
                uint32_t j, float weight)
{
    uint8_t term[GRAM_TERM_BYTES];
    struct bytes pair = gram_term(term, letter_of(r, change, i), letter_of(r, change, j));

    group->changed = true;
    if (r->status == AF_OK)
        r->status = form_add(r->x, group, pair, weight, change->reason);
}

/* Grams that were typed, and the grams of the change, in order: the first to the first, the last to
 * the last, those between as evenly as can be. */
static void apply(struct respell *r, const struct change *change, float weight)
{
    bool right = change->end < r->count && change->end > 0;
    uint32_t typed = change->end - change->start, count = change->count;
    struct group *group;

    if (change->start > 0 && (group = r->letters[change->start - 1].pair) != NULL &&
        (count > 0 || right))
        add(r, group, change, UINT32_MAX, 0, weight);
    if (right && count > 0 && (group = r->letters[change->end - 1].pair) != NULL)
        add(r, group, change, count - 1, count, weight);
    for (uint32_t i = 0; i + 1 < typed && count > 1; i++) {
        uint32_t from = i * (count - 1) / (typed - 1), to = (i + 1) * (count - 1) / (typed - 1);

        group = r->letters[change->start + i].pair;
        for (uint32_t j = from; group != NULL && (j < to || j == from); j++)
            add(r, group, change, j, j + 1, weight);
    }
}

uint32_t respell_end(struct respell *r, float weight)
{
    uint32_t count = r->best_count;

    for (uint32_t i = 0; i < count; i++) {
        float w = weight;

        for (uint32_t cost = 1; cost < r->best[i].change.cost; cost++)
            w *= cost_weight;
        apply(r, &r->best[i].change, w);
    }
    r->best_count = 0;
    return count;
}

/* --- letters that were not typed ---------------------------------------------------------- */

/* Places follow one another inside what was typed, so that its grams make a run. */
static struct group *new_group(struct respell *r, const struct group *typed, uint32_t place,
                               struct bytes term)
{
    struct query *query = r->x->query;
    struct group *group = &query->groups[query->groups_count];

    term = arena_copy(r->x->lexicon->arena, term);
    if (term.data == NULL) {
        r->status = arena_exhausted(r->x->lexicon->arena, r->x->err);
        return NULL;
    }
    query->groups_count++;
    query->grams2 += term.data[0] == TERM_GRAM2;
    *group = (struct group){.kind = term.data[0] == TERM_GRAM2 ? GROUP_GRAM2 : GROUP_GRAM1,
                            .text = bytes_of(term.data + 1, term.len - 1),
                            .start = typed->start + place,
                            .end = typed->start + place + 2,
                            .count = 1,
                            .changed = true,
                            .members_end = &group->members};
    return group;
}

bool respell_append(struct respell *r, const struct group *typed, const uint32_t *letters,
                    uint32_t count, float weight, enum reason reason)
{
    const struct query *query = r->x->query;
    uint32_t grams = count > 1 ? count - 1 : count;

    if (count == 0 || grams > query->groups_room - query->groups_count || count > r->room)
        return false;
    r->room -= count;
    for (uint32_t i = 0; i < count; i++)
        r->letters[r->count + i] =
            (struct letter){.cp = letters[i], .at = typed->start + i, .goes_on = i + 1 < count};
    for (uint32_t i = 0; i < grams && r->status == AF_OK; i++) {
        uint8_t term[GRAM_TERM_BYTES];
        struct bytes gram = count == 1 ? gram_term(term, 0, letters[0])
                                       : gram_term(term, letters[i], letters[i + 1]);
        struct group *group = new_group(r, typed, i, gram);

        if (group != NULL)
            r->status = form_add(r->x, group, gram, weight, reason);
        if (group != NULL)
            group->df = ask_term(r, gram);
        if (count > 1)
            r->letters[r->count + i].pair = group;
    }
    r->count += count;
    return r->status == AF_OK;
}
