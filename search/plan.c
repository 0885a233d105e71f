#include "search/plan.h"

#include "data/base/limits.h"
#include "search/rank.h"
#include "search/topk.h"

#include <stdlib.h>

#define WINDOW 16384         /* documents at a time: the sums stay in the second-level cache */
#define COMMON_SHARE 10      /* a group in over 1/10 of the cases does not look, unless alone */
#define COMMON_DF_MIN 2000   /* … but below this it is cheap whatever its share */
#define CHEAP_POSTINGS 20000 /* groups beyond the rarest ten look while their postings are few */
#define SHORT_GROUPS 3
#define SHORT_CJK 6
#define ALL_GROUPS_FIRST 1000.0f /* over any sum of worths: idf < 25, groups <= 64 */
#define FILTER_CHECKS 5000       /* documents read to count what passes; the rest is estimated */

/* One member's postings in the segment at hand. */
struct stream {
    struct postings postings;
    float worth;
};

/* A group's streams in the segment at hand. */
struct lane {
    const struct group *group;
    struct stream *streams;
    uint32_t count;
    float mass; /* weight × idf: what having the group is worth at most */
};

struct walk_state {
    const struct plan *plan;
    const struct group **groups; /* that look for candidates */
    uint32_t groups_count, required;
    bool all_first;
    float mass, enough; /* of the groups that look; what counts as a match */
    struct topk top;
    float *sums, *best, *masses; /* WINDOW each */
    uint8_t *found, *found_required;
    uint32_t *touched, *group_touched;
    uint32_t touched_count;
    uint64_t matched, checked, passed;
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

/* Unigrams look only when no bigram is known: they are in most of the cases. */
static uint32_t usable_groups(const struct query *query, const struct group **out)
{
    uint32_t count = 0;
    bool grams2 = false;

    for (uint32_t i = 0; i < query->groups_count; i++)
        grams2 = grams2 || (query->groups[i].kind == GROUP_GRAM2 && query->groups[i].df > 0);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        if (group->df > 0 && (group->kind != GROUP_GRAM1 || !grams2 || group->required))
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
        w->mass += group->weight * group->idf;
    }
    w->groups = all;
    w->groups_count = kept;
    w->all_first = kept <= SHORT_GROUPS || (query->cjk > 0 && query->cjk <= SHORT_CJK);
    w->enough = (float)query->rank->cover_min * w->mass;
    return AF_OK;
}

/* --- one window -------------------------------------------------------------------------- */

static void touch(struct walk_state *w, uint32_t at)
{
    if (w->found[at] == 0)
        w->touched[w->touched_count++] = at;
}

/* Everything a group finds in documents base … end-1; a document gets its best member. */
static enum status run_lane(struct walk_state *w, const struct segment *segment, struct lane *lane,
                            uint32_t base, uint32_t end)
{
    const struct bm25 *bm25 = w->plan->bm25;
    uint32_t count = 0;

    for (uint32_t i = 0; i < lane->count; i++) {
        struct stream *stream = &lane->streams[i];
        struct postings *p = &stream->postings;

        while (p->doc < end) {
            uint32_t at = p->doc - base;
            const uint8_t *lengths = segment_lengths(segment, p->doc);
            enum status status;
            float worth;

            if (lengths == NULL)
                return error_set(w->err, AF_CORRUPT, "index: a posting names document %u of %u",
                                 p->doc, segment_docs(segment));
            worth = stream->worth * bm25_saturate(bm25, bm25_strength(bm25, p->tf, lengths));
            if (w->best[at] <= 0)
                w->group_touched[count++] = at;
            if (worth > w->best[at])
                w->best[at] = worth > 1e-9f ? worth : 1e-9f;
            else if (w->best[at] <= 0)
                w->best[at] = 1e-9f;
            if ((status = postings_next(p, w->err)) != AF_OK)
                return status;
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = w->group_touched[i];

        touch(w, at);
        w->found[at]++;
        w->found_required[at] = (uint8_t)(w->found_required[at] + lane->group->required);
        w->sums[at] += lane->group->weight * w->best[at];
        w->masses[at] += lane->mass;
        w->best[at] = 0;
    }
    return AF_OK;
}

/* Reads the document only when its place or the count depends on it. */
static enum status passes(struct walk_state *w, const struct segment *segment, uint32_t doc,
                          bool *pass)
{
    struct document document;
    enum status status;

    *pass = true;
    if (filter_is_open(w->plan->filter))
        return AF_OK;
    if ((status = segment_document(segment, doc, &document, w->err)) != AF_OK)
        return status;
    *pass = filter_passes(w->plan->filter, &document);
    return AF_OK;
}

static enum status close_window(struct walk_state *w, uint32_t segment_index, uint32_t base)
{
    const struct segment *segment = snapshot_segment(w->plan->lexicon->snapshot, segment_index);
    enum status status = AF_OK;

    for (uint32_t i = 0; status == AF_OK && i < w->touched_count; i++) {
        uint32_t at = w->touched[i], doc = base + at;
        uint64_t key = (uint64_t)segment_index << 32 | doc;
        double score = w->sums[at];
        bool enough = w->masses[at] >= w->enough, keep, pass = true;

        if (w->all_first && w->found[at] == w->groups_count)
            score += ALL_GROUPS_FIRST;
        if (w->found_required[at] == w->required && segment_is_live(segment, doc)) {
            keep = topk_would_keep(&w->top, score, key);
            w->matched += enough;
            if (keep || (enough && w->checked < FILTER_CHECKS)) {
                status = passes(w, segment, doc, &pass);
                w->checked += enough;
                w->passed += enough && pass;
            }
            if (status == AF_OK && keep && pass)
                topk_offer(&w->top, score, key);
        }
        w->sums[at] = w->masses[at] = 0;
        w->found[at] = w->found_required[at] = 0;
    }
    w->touched_count = 0;
    return status;
}

/* --- one segment ------------------------------------------------------------------------- */

static enum status open_lane(struct walk_state *w, uint32_t segment_index, struct lane *lane)
{
    struct arena *arena = w->plan->lexicon->arena;
    const struct segment *segment = snapshot_segment(w->plan->lexicon->snapshot, segment_index);
    uint32_t count = 0;
    enum status status;

    for (const struct member *m = lane->group->members; m != NULL; m = m->next)
        count += m->entries != NULL && m->entries[segment_index].df > 0;
    lane->count = 0;
    lane->mass = lane->group->weight * lane->group->idf;
    if ((lane->streams = arena_array(arena, count + 1u, sizeof *lane->streams)) == NULL)
        return arena_exhausted(arena, w->err);
    for (const struct member *m = lane->group->members; m != NULL; m = m->next) {
        struct stream *stream = &lane->streams[lane->count];

        if (m->entries == NULL || m->entries[segment_index].df == 0)
            continue;
        stream->worth = m->worth;
        status =
            postings_open(segment, &m->entries[segment_index], arena, &stream->postings, w->err);
        if (status == AF_OK)
            status = postings_next(&stream->postings, w->err);
        if (status != AF_OK)
            return status;
        lane->count++;
    }
    return AF_OK;
}

static uint32_t first_doc(const struct lane *lanes, uint32_t count)
{
    uint32_t first = DOC_END;

    for (uint32_t i = 0; i < count; i++)
        for (uint32_t j = 0; j < lanes[i].count; j++)
            if (lanes[i].streams[j].postings.doc < first)
                first = lanes[i].streams[j].postings.doc;
    return first;
}

static enum status walk_segment(struct walk_state *w, uint32_t segment_index)
{
    const struct segment *segment = snapshot_segment(w->plan->lexicon->snapshot, segment_index);
    struct arena *arena = w->plan->lexicon->arena;
    struct lane *lanes = arena_array(arena, w->groups_count + 1, sizeof *lanes);
    enum status status = AF_OK;
    uint32_t first;

    if (lanes == NULL)
        return arena_exhausted(arena, w->err);
    for (uint32_t i = 0; status == AF_OK && i < w->groups_count; i++) {
        lanes[i].group = w->groups[i];
        status = open_lane(w, segment_index, &lanes[i]);
    }
    while (status == AF_OK && (first = first_doc(lanes, w->groups_count)) != DOC_END) {
        uint32_t base = first - first % WINDOW;

        for (uint32_t i = 0; status == AF_OK && i < w->groups_count; i++)
            status = run_lane(w, segment, &lanes[i], base, base + WINDOW);
        if (status == AF_OK)
            status = close_window(w, segment_index, base);
    }
    return status;
}

/* --- the whole --------------------------------------------------------------------------- */

static enum status prepare(struct walk_state *w)
{
    struct arena *arena = w->plan->lexicon->arena;

    w->sums = arena_array(arena, WINDOW, sizeof *w->sums);
    w->best = arena_array(arena, WINDOW, sizeof *w->best);
    w->masses = arena_array(arena, WINDOW, sizeof *w->masses);
    w->found = arena_array(arena, WINDOW, sizeof *w->found);
    w->found_required = arena_array(arena, WINDOW, sizeof *w->found_required);
    w->touched = arena_array(arena, WINDOW, sizeof *w->touched);
    w->group_touched = arena_array(arena, WINDOW, sizeof *w->group_touched);
    w->top.items = arena_array(arena, w->plan->room, sizeof *w->top.items);
    w->top.room = w->plan->room;
    if (w->sums == NULL || w->best == NULL || w->masses == NULL || w->found == NULL ||
        w->found_required == NULL || w->touched == NULL || w->group_touched == NULL ||
        w->top.items == NULL)
        return arena_exhausted(arena, w->err);
    return choose_groups(w);
}

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->segment != y->segment)
        return x->segment < y->segment ? -1 : 1;
    return x->doc < y->doc ? -1 : x->doc > y->doc;
}

static enum status give(struct walk_state *w, struct candidates *out)
{
    struct arena *arena = w->plan->lexicon->arena;

    out->count = w->top.count;
    out->places = arena_array(arena, w->top.count + 1u, sizeof *out->places);
    if (out->places == NULL)
        return arena_exhausted(arena, w->err);
    for (uint32_t i = 0; i < out->count; i++)
        out->places[i] =
            (struct place){(uint32_t)(w->top.items[i].key >> 32), (uint32_t)w->top.items[i].key};
    if (out->count > 1)
        qsort(out->places, out->count, sizeof *out->places, by_place);
    out->total = w->matched;
    out->total_is_estimate = false;
    if (w->checked > 0) {
        out->total_is_estimate = w->matched > FILTER_CHECKS;
        out->total = (uint64_t)((double)w->matched * (double)w->passed / (double)w->checked + 0.5);
    }
    return AF_OK;
}

enum status plan_candidates(const struct plan *plan, struct candidates *out, struct error *err)
{
    struct walk_state w = {.plan = plan, .err = err};
    enum status status = prepare(&w);

    for (uint32_t i = 0; status == AF_OK && i < plan->lexicon->segments; i++)
        status = walk_segment(&w, i);
    return status == AF_OK ? give(&w, out) : status;
}
