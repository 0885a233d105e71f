#include "search/rank.h"

#include "data/base/limits.h"
#include "search/runs.h"
#include "search/span.h"

#include <math.h>
#include <stdlib.h>

/* The one table of constants; where each comes from, with figures, is in README.md. */
const struct rank_settings rank_defaults = {
    .bm25 = {.k1 = 1.4,
             .weight = {[FIELD_TITLE] = 8,
                        [FIELD_KEYWORDS] = 6,
                        [FIELD_PRODUCT] = 2,
                        [FIELD_SYMPTOM] = 2,
                        [FIELD_CAUSE] = 1.5,
                        [FIELD_RESOLUTION] = 1.2,
                        [FIELD_BODY] = 1},
             .b = {[FIELD_TITLE] = 0.3,
                   [FIELD_KEYWORDS] = 0.4,
                   [FIELD_PRODUCT] = 0.4,
                   [FIELD_SYMPTOM] = 0.4,
                   [FIELD_CAUSE] = 0.4,
                   [FIELD_RESOLUTION] = 0.4,
                   [FIELD_BODY] = 0.4}},
    .kind = { [GROUP_WORD] = 3,
             [GROUP_NUMBER] = 3,
             [GROUP_CODE] = 3,
             [GROUP_PART] = 1,
             [GROUP_THAI] = 1,
             [GROUP_GRAM2] = 1,
             [GROUP_GRAM1] = 0.75f},
    .straddles = 0.5f,
    .bridged = 0.5f,
    .filler = 0.15f,
    .text = 1,
    .coverage = 0.1,
    .span = 0.2,
    .span_inside = 0.4,
    .title = 0.1,
    .begins = 0.05,
    .code = 0.25,
    .near = 0.05,
    .unquoted = 0.5,
    .cover_min = 0.35,
};

#define SCORE_STEPS 10000.0 /* scores are compared in steps of 1e-4, then by id */

struct rescore {
    const struct plan *plan;
    struct ranked *hits;
    uint32_t count;
    struct runs *runs;
    struct bytes needles[SPAN_NEEDLES_MAX];
    uint32_t needles_count, codes;
    double mass;
    struct error *err;
};

/* --- groups ------------------------------------------------------------------------------ */

/* What one group says about each candidate. */
struct best {
    float worth;    /* of the form that is worth most */
    float weight;   /* of the form that is nearest to what was typed, */
    uint8_t reason; /* and its reason; 0: none of the forms is there */
    bool whole;     /* as typed, or another spelling of the same code */
};

/* Candidates of one segment are neighbours and rise, so a cursor passes them once. */
static enum status score_member(struct rescore *r, const struct member *member, uint32_t first,
                                uint32_t end, struct best *best)
{
    uint32_t segment_index = r->hits[first].place.segment;
    const struct segment *segment = snapshot_segment(r->plan->lexicon->snapshot, segment_index);
    struct postings p;
    enum status status;

    if (member->entries == NULL || member->entries[segment_index].df == 0)
        return AF_OK;
    status = postings_open(segment, &member->entries[segment_index], r->plan->lexicon->arena, &p,
                           r->err);
    if (status == AF_OK)
        status = postings_next(&p, r->err);
    for (uint32_t i = first; status == AF_OK && i < end && p.doc != DOC_END; i++) {
        uint32_t doc = r->hits[i].place.doc;
        const uint8_t *lengths;
        float worth;

        if (p.doc < doc && (status = postings_seek(&p, doc, r->err)) != AF_OK)
            break;
        if (p.doc != doc)
            continue;
        if ((lengths = segment_lengths(segment, doc)) == NULL)
            return error_set(r->err, AF_CORRUPT, "index: a posting names document %u of %u", doc,
                             segment_docs(segment));
        worth = member->worth *
                bm25_saturate(r->plan->bm25, bm25_strength(r->plan->bm25, p.tf, lengths));
        if (best[i].reason == 0 || member->weight > best[i].weight) {
            best[i].weight = member->weight;
            best[i].reason = member->reason;
        }
        if (worth > best[i].worth)
            best[i].worth = worth;
        best[i].whole = best[i].whole || member->reason == REASON_EXACT ||
                        member->term.data[0] == TERM_SQUEEZED;
    }
    return status;
}

/* Letters and digits: ora-00942, not the 5.7.1 that may be anybody's version. */
static bool is_code(const struct group *group)
{
    bool digit = false, letter = false;

    for (size_t i = 0; i < group->text.len; i++) {
        digit = digit || (group->text.data[i] >= '0' && group->text.data[i] <= '9');
        letter = letter || (group->text.data[i] >= 'a' && group->text.data[i] <= 'z');
    }
    return group->kind == GROUP_CODE && digit && letter;
}

static void credit_group(struct rescore *r, const struct group *group, const struct best *best)
{
    bool code = is_code(group);

    for (uint32_t i = 0; i < r->count; i++) {
        struct ranked *hit = &r->hits[i];

        if (best[i].reason == 0)
            continue;
        hit->text += group->weight * best[i].worth;
        hit->mass += group->weight * group->idf;
        hit->credit += group->weight * group->idf * best[i].weight;
        if (group->kind == GROUP_PART)
            hit->part_reasons |= best[i].reason;
        else
            hit->reasons |= best[i].reason;
        if (code && best[i].whole &&
            (best[i].reason == REASON_EXACT || best[i].reason == REASON_VARIANT))
            hit->codes++;
    }
}

static enum status score_group(struct rescore *r, const struct group *group, struct best *best)
{
    memset(best, 0, r->count * sizeof *best);
    for (uint32_t first = 0, end; first < r->count; first = end) {
        for (end = first + 1; end < r->count; end++)
            if (r->hits[end].place.segment != r->hits[first].place.segment)
                break;
        for (const struct member *m = group->members; m != NULL; m = m->next) {
            enum status status = score_member(r, m, first, end, best);

            if (status != AF_OK)
                return status;
        }
    }
    credit_group(r, group, best);
    return AF_OK;
}

static enum status score_groups(struct rescore *r)
{
    const struct query *query = r->plan->query;
    struct best *best = arena_array(r->plan->lexicon->arena, r->count + 1u, sizeof *best);

    if (best == NULL)
        return arena_exhausted(r->plan->lexicon->arena, r->err);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];
        enum status status;

        r->mass += group->weight * group->idf;
        r->codes += is_code(group);
        if (group->df > 0 && (status = score_group(r, group, best)) != AF_OK)
            return status;
    }
    return AF_OK;
}

/* --- the text ---------------------------------------------------------------------------- */

/* Nearness is for short questions of words: spans serve CJK, and long ones have no rare few. */
static void choose_needles(struct rescore *r)
{
    const struct query *query = r->plan->query;
    uint32_t count = 0;

    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        if (group->kind != GROUP_WORD && group->kind != GROUP_NUMBER)
            continue;
        if (count == SPAN_NEEDLES_MAX)
            return; /* too many: none */
        r->needles[count++] = group->text;
    }
    r->needles_count = count >= 2 ? count : 0;
}

static bool has_phrases(const struct rescore *r, const struct ranked *hit)
{
    for (uint32_t i = 0; i < r->plan->query->phrases_count; i++) {
        bool found = false;

        for (int f = 0; f < FIELD_COUNT && !found; f++)
            found = span_has_phrase(hit->document.folded[f], r->plan->query->phrases[i]);
        if (!found)
            return false;
    }
    return true;
}

static void score_text(struct rescore *r, struct ranked *hit)
{
    const struct rank_settings *s = r->plan->query->rank;
    const struct query *query = r->plan->query;
    double score = s->text * hit->text / r->mass + s->coverage * hit->credit / r->mass;
    double full = s->text + s->coverage + s->span + s->title + s->begins;
    double near = 0, longest = 0;

    for (int f = 0; f < FIELD_COUNT; f++) {
        struct bytes text = hit->document.folded[f];
        uint32_t run = r->runs == NULL || text.len == 0 ? 0 : runs_longest(r->runs, text);
        double close =
            r->needles_count == 0 ? 0 : span_nearness(text, r->needles, r->needles_count);
        double part = f == FIELD_TITLE || f == FIELD_KEYWORDS ? run : run * s->span_inside;

        longest = part > longest ? part : longest;
        near = close > near ? close : near;
    }
    if (r->runs != NULL)
        score += s->span * longest / runs_weight(r->runs);
    if (span_begins(hit->document.folded[FIELD_TITLE], query->folded))
        score += s->begins;
    if (span_same(hit->document.folded[FIELD_TITLE], query->folded))
        score += s->title;
    if (r->codes > 0) {
        full += s->code;
        score += s->code * hit->codes / r->codes;
    }
    if (r->needles_count > 0) {
        full += s->near;
        score += s->near * near;
    }
    hit->score = score / full;
}

static enum status read_documents(struct rescore *r)
{
    for (uint32_t i = 0; i < r->count; i++) {
        struct ranked *hit = &r->hits[i];
        const struct segment *segment =
            snapshot_segment(r->plan->lexicon->snapshot, hit->place.segment);
        enum status status = segment_document(segment, hit->place.doc, &hit->document, r->err);

        if (status != AF_OK)
            return status;
        score_text(r, hit);
    }
    return AF_OK;
}

/* --- what stays, in which order ---------------------------------------------------------- */

static void drop(struct rescore *r, bool (*keep)(const struct rescore *, const struct ranked *))
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < r->count; i++)
        if (keep(r, &r->hits[i]))
            r->hits[kept++] = r->hits[i];
    r->count = kept;
}

/* A question that only quotes wants nothing else. Quotes inside a longer question are often
 * just its spelling (the name of a message): cases that have them come first. */
static void demand_phrases(struct rescore *r)
{
    const struct query *query = r->plan->query;

    if (query->phrases_only)
        drop(r, has_phrases);
    else if (query->phrases_count > 0)
        for (uint32_t i = 0; i < r->count; i++)
            if (!has_phrases(r, &r->hits[i]))
                r->hits[i].score *= query->rank->unquoted;
}

static bool covers_enough(const struct rescore *r, const struct ranked *hit)
{
    return hit->codes > 0 || hit->mass >= r->plan->query->rank->cover_min * r->hits[0].mass;
}

static int best_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    long long p = llround(x->score * SCORE_STEPS), q = llround(y->score * SCORE_STEPS);

    if (p != q)
        return p > q ? -1 : 1;
    return bytes_compare(x->document.id, y->document.id);
}

/* A correction never stands above a hit of the same coverage that has what was typed. */
static void hold_back_typos(struct rescore *r)
{
    const double same = 1e-6 * r->mass, below = 1 / SCORE_STEPS;

    for (uint32_t i = 0; i < r->count; i++) {
        struct ranked *hit = &r->hits[i];

        if ((hit->reasons & REASON_TYPO) == 0)
            continue;
        for (uint32_t j = 0; j < r->count; j++) {
            const struct ranked *typed = &r->hits[j];

            if ((typed->reasons & REASON_TYPO) == 0 && fabs(typed->mass - hit->mass) <= same &&
                hit->score > typed->score - below)
                hit->score = typed->score > below ? typed->score - below : 0;
        }
    }
}

static void order(struct rescore *r)
{
    hold_back_typos(r);
    if (r->count > 1)
        qsort(r->hits, r->count, sizeof *r->hits, best_first);
    for (uint32_t i = 0; i < r->count; i++) {
        struct ranked *hit = &r->hits[i];

        hit->score = (double)llround(hit->score * SCORE_STEPS) / SCORE_STEPS;
        if (hit->reasons == 0)
            hit->reasons = hit->part_reasons;
    }
    if (r->count > 0)
        drop(r, covers_enough);
}

enum status rank_candidates(const struct plan *plan, const struct candidates *candidates,
                            struct ranking *out, struct error *err)
{
    struct rescore r = {.plan = plan, .count = candidates->count, .err = err};
    struct arena *arena = plan->lexicon->arena;
    enum status status;

    *out = (struct ranking){0};
    if ((r.hits = arena_array(arena, r.count + 1u, sizeof *r.hits)) == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; i < r.count; i++)
        r.hits[i].place = candidates->places[i];
    if ((status = score_groups(&r)) != AF_OK ||
        (status = runs_new(plan->query->folded, arena, &r.runs, err)) != AF_OK)
        return status;
    choose_needles(&r);
    if ((status = read_documents(&r)) != AF_OK)
        return status;
    demand_phrases(&r);
    order(&r);
    *out = (struct ranking){r.hits, r.count, r.mass};
    return AF_OK;
}
