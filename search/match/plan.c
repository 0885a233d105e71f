#include "search/match/plan.h"

#include "data/base/limits.h"
#include "search/match/collect.h"
#include "search/match/rank.h"

#include <stdlib.h>

#define COMMON_SHARE 10      /* a group in over 1/10 of the cases does not look, unless alone */
#define COMMON_DF_MIN 2000   /* … but below this it is cheap whatever its share */
#define CHEAP_POSTINGS 20000 /* groups beyond the rarest ten look while their postings are few */
#define SHORT_GROUPS 4
#define SHORT_CJK 6

struct walk_state {
    const struct plan *plan;
    const struct group **groups; /* that look for candidates */
    uint32_t groups_count, required;
    bool all_first;
    bool is_full;       /* there were more with some of the groups */
    float mass;         /* of the groups that look */
    uint32_t *order;    /* segments, the largest first: their documents set the bar */
    struct lane *lanes; /* of the segment at hand */
    struct collect collect;
    struct error *err;
};

/* --- which groups look ------------------------------------------------------------------- */

static int rarest_first(const void *a, const void *b)
{
    const struct group *x = *(const struct group *const *)a, *y = *(const struct group *const *)b;

    if (x->required != y->required)
        return x->required ? -1 : 1;
    if (x->df != y->df)
        return x->df < y->df ? -1 : 1;
    return x->start != y->start ? (x->start < y->start ? -1 : 1) : bytes_compare(x->text, y->text);
}

/* A part of a code that is known: every case with the code has it. */
static bool is_inside_code(const struct query *query, const struct group *part)
{
    for (uint32_t i = 0; part->kind == GROUP_PART && !part->decides && i < query->groups_count;
         i++) {
        const struct group *code = &query->groups[i];

        if (code->kind == GROUP_CODE && code->df > 0 && code->start <= part->start &&
            part->end <= code->end)
            return true;
    }
    return false;
}

/* Unigrams look only when no bigram is known: they are in most of the cases. */
static uint32_t usable_groups(const struct query *query, const struct group **out)
{
    uint32_t count = 0;
    bool grams2 = false;

    for (uint32_t i = 0; i < query->groups_count; i++)
        grams2 = grams2 || (query->groups[i].kind == GROUP_GRAM2 && query->groups[i].df > 0);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        if (group->df > 0 && (group->kind != GROUP_GRAM1 || !grams2 || group->required) &&
            !is_inside_code(query, group))
            out[count++] = group;
    }
    return count;
}

static enum status choose_groups(struct walk_state *w)
{
    const struct query *query = w->plan->query;
    uint32_t docs = w->plan->lexicon->docs, count, kept = 0;
    uint64_t postings = 0;
    const struct group **all =
        arena_array(w->plan->lexicon->arena, query->groups_count + 1, sizeof *all);

    if (all == NULL)
        return arena_exhausted(w->plan->lexicon->arena, w->err);
    count = usable_groups(query, all);
    if (count > 1)
        qsort(all, count, sizeof *all, rarest_first);
    for (uint32_t i = 0; i < count && kept < CANDIDATE_GROUPS_MAX; i++) {
        const struct group *group = all[i];
        bool common = group->df > COMMON_DF_MIN && group->df > docs / COMMON_SHARE;
        bool cheap = postings + group->df <= CHEAP_POSTINGS + docs / 50;

        if (!group->required && kept > 0 && !cheap && (common || kept >= CANDIDATE_GROUPS_MIN))
            break;
        all[kept++] = group;
        postings += group->df;
        w->required += group->required;
        w->mass += group->learned ? 0 : group->weight * group->idf; /* else others go for it */
    }
    w->groups = all;
    w->groups_count = kept;
    w->all_first = kept <= SHORT_GROUPS || (query->cjk > 0 && query->cjk <= SHORT_CJK);
    w->collect.enough = (float)query->settings->cover_min * w->mass;
    return AF_OK;
}

/* --- the two passes ---------------------------------------------------------------------- */

static enum status open_lanes(struct walk_state *w, uint32_t segment, uint32_t count)
{
    enum status status;

    status = collect_segment(&w->collect, snapshot_segment(w->plan->lexicon->snapshot, segment),
                             segment);
    for (uint32_t i = 0; status == AF_OK && i < count; i++)
        status =
            lane_open(&w->lanes[i], w->plan->lexicon, segment, w->groups[i], w->plan->bm25, w->err);
    return status;
}

/* Documents with all of the first `required` groups. */
static enum status pass_all(struct walk_state *w, uint32_t count, uint32_t required)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < w->plan->lexicon->segments; i++) {
        status = open_lanes(w, w->order[i], count);
        if (status == AF_OK)
            status = collect_all(&w->collect, w->lanes, count, required);
    }
    return status;
}

static enum status pass_any(struct walk_state *w, const struct topk *all)
{
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < w->plan->lexicon->segments; i++) {
        status = open_lanes(w, w->order[i], w->groups_count);
        if (status == AF_OK)
            status = collect_any(&w->collect, w->lanes, w->groups_count, all);
    }
    return status;
}

/* Short questions: those with all groups first; only when they do not fill the page, those with
 * some, and no more of them than the page needs. */
static enum status pass_short(struct walk_state *w)
{
    uint32_t enough = w->plan->wanted > HITS_DEFAULT ? w->plan->wanted : HITS_DEFAULT;
    struct topk all;
    enum status status = pass_all(w, w->groups_count, w->groups_count);

    if (status != AF_OK || w->collect.top.count >= enough || w->groups_count == 1) {
        w->collect.skipped = w->collect.skipped || w->collect.top.count >= enough;
        return status;
    }
    all = w->collect.top;
    w->collect.top = (struct topk){.items = all.items + all.count, .room = enough};
    if (all.count > 0)
        w->collect.floor = w->collect.enough;
    status = pass_any(w, &all);
    w->is_full = w->collect.top.count == w->collect.top.room;
    w->collect.top = (struct topk){all.items, all.count + w->collect.top.count, all.room};
    return status;
}

static enum status find(struct walk_state *w)
{
    if (w->required > 0)
        return pass_all(w, w->groups_count, w->required);
    if (w->all_first)
        return pass_short(w);
    return pass_any(w, NULL);
}

/* --- the whole --------------------------------------------------------------------------- */

static enum status order_segments(struct walk_state *w)
{
    const struct lexicon *lexicon = w->plan->lexicon;

    for (uint32_t i = 0; i < lexicon->segments; i++) {
        uint32_t docs = segment_docs(snapshot_segment(lexicon->snapshot, i)), at = i;

        for (; at > 0; at--) {
            if (segment_docs(snapshot_segment(lexicon->snapshot, w->order[at - 1])) >= docs)
                break;
            w->order[at] = w->order[at - 1];
        }
        w->order[at] = i;
    }
    return AF_OK;
}

/* Documents with the one group of a question differ in nothing but what it says about them, unless
 * it stands for other words, which go after what was typed whatever they are worth. */
static uint32_t room_of(const struct walk_state *w)
{
    uint32_t deep = w->plan->wanted + CANDIDATES_SPARE;

    if (!w->all_first || w->plan->query->by_end ||
        (w->plan->query->one_phrase && w->plan->query->has_synonyms))
        return w->plan->room;
    return w->groups_count == 1 && deep < w->plan->room_short ? deep : w->plan->room_short;
}

static enum status prepare(struct walk_state *w)
{
    struct arena *arena = w->plan->lexicon->arena;
    enum status status = choose_groups(w);

    if (status != AF_OK)
        return status;
    w->order = arena_array(arena, w->plan->lexicon->segments + 1, sizeof *w->order);
    w->lanes = arena_array(arena, w->groups_count + 1, sizeof *w->lanes);
    w->collect.top.items =
        arena_array(arena, (size_t)w->plan->room + w->plan->wanted + HITS_DEFAULT,
                    sizeof *w->collect.top.items);
    w->collect.top.room = room_of(w);
    if (w->order == NULL || w->lanes == NULL || w->collect.top.items == NULL)
        return arena_exhausted(arena, w->err);
    return order_segments(w);
}

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

enum status candidates_add(struct candidates *candidates, const struct place *places,
                           uint32_t count, struct arena *arena, struct error *err)
{
    uint32_t known = candidates->count;
    struct place *all = arena_array(arena, known + count + 1u, sizeof *all);

    if (all == NULL)
        return arena_exhausted(arena, err);
    if (known > 0)
        memcpy(all, candidates->places, known * sizeof *all);
    for (uint32_t i = 0; i < count; i++)
        if (known == 0 || bsearch(&places[i], all, known, sizeof *all, by_place) == NULL)
            all[candidates->count++] = places[i];
    candidates->places = all;
    if (candidates->count > 1)
        qsort(all, candidates->count, sizeof *all, by_place);
    return AF_OK;
}

static enum status give(struct walk_state *w, struct candidates *out)
{
    struct arena *arena = w->plan->lexicon->arena;
    const struct collect *c = &w->collect;

    out->count = c->top.count;
    out->lookers = w->groups;
    out->lookers_count = w->groups_count;
    out->places = arena_array(arena, c->top.count + 1u, sizeof *out->places);
    if (out->places == NULL)
        return arena_exhausted(arena, w->err);
    for (uint32_t i = 0; i < out->count; i++)
        out->places[i] =
            (struct place){(uint32_t)(c->top.items[i].key >> 32), (uint32_t)c->top.items[i].key};
    if (out->count > 1)
        qsort(out->places, out->count, sizeof *out->places, by_place);
    out->total = c->matched > out->count ? c->matched : out->count;
    out->is_all = c->top.count < c->top.room && !w->is_full && !c->skipped && !c->degraded;
    out->is_counted = w->groups_count == 1 && c->matched < TOTAL_COUNTED && !c->degraded;
    out->degraded = c->degraded;
    return AF_OK;
}

enum status plan_candidates(const struct plan *plan, struct candidates *out, struct error *err)
{
    struct walk_state w = {
        .plan = plan,
        .collect = {.window = plan->window,
                    .filter = plan->filter,
                    .arena = plan->lexicon->arena,
                    .err = err},
        .err = err,
    };
    enum status status = prepare(&w);

    plan->window->postings = plan->window->passed_over = 0;
    if (status == AF_OK && w.groups_count > 0)
        status = find(&w);
    return status == AF_OK ? give(&w, out) : status;
}
