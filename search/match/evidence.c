#include "search/match/evidence.h"

#include "data/base/limits.h"
#include "search/match/lane.h"
#include "search/match/rank.h"
#include "search/match/written.h"
#include "search/query/ends.h"

#include <stdlib.h>

/* What a case is about, in its author's words and in its customers'. */
#define ABOUT_FIELDS (1u << FIELD_TITLE | 1u << FIELD_KEYWORDS | 1u << FIELD_SYMPTOM)
#define RUN_WORD 3
#define RUN_CHARACTER 1

/* The run that a field of a candidate is in the middle of. */
struct running {
    uint16_t weight, next; /* `next`: place of the group that would go on with it */
};

/* What one group says about one candidate. */
struct best {
    float strength;            /* greatest of its forms; 0: none of them is there */
    float worth;               /* of the form that is worth most, */
    float plain;               /* and that with the other k1 (settings.h) */
    float own;                 /* the same of those that were not learned from use */
    float weight;              /* of the form that is nearest to what was typed, */
    uint8_t reason;            /* and its reason */
    uint8_t fields;            /* a bit for each that has some form */
    bool whole;                /* as typed, or another spelling of the same code */
    const struct member *code; /* of a question by_end: which code was found */
};

struct gather {
    const struct plan *plan;
    const struct candidates *candidates;
    struct evidence *list;
    uint32_t count;
    struct best *best;          /* of the group at hand */
    float *strengths;           /* a row of `count` for each group that contains others, or NULL */
    float *nearness;            /* the same: 1, or the weight of a form nobody typed; or NULL */
    uint32_t *rows;             /* of each group: its row + 1 */
    uint8_t *fields;            /* a row of `count` for each group that makes runs: where it is */
    const struct group **order; /* of the question: what makes runs first, by place */
    uint32_t runs_count;        /* of them */
    uint32_t *first, *more;     /* what a run that begins with, or goes on with, each weighs */
    bool *close;                /* candidates worth asking about characters */
    struct question_totals *totals;
    struct error *err;
};

/* --- which group is which ---------------------------------------------------------------- */

/* Letters and digits: ora-00942, not the 5.7.1 that may be anybody's version. */
static bool is_code(const struct query *query, const struct group *group)
{
    bool digit = false, letter = false;

    if (query->is_log)
        return group->decides;

    for (size_t i = 0; i < group->text.len; i++) {
        digit = digit || (group->text.data[i] >= '0' && group->text.data[i] <= '9');
        letter = letter || (group->text.data[i] >= 'a' && group->text.data[i] <= 'z');
    }
    return group->kind == GROUP_CODE && digit && letter;
}

/* A gram over a line break is a guess: it neither makes a run nor breaks one. A character is a run
 * only of a question that has no two. */
static bool makes_runs(const struct query *query, const struct group *group)
{
    return (group->kind != GROUP_GRAM1 || query->grams2 == 0) && group->kind != GROUP_PART &&
           (group->flags & TOKEN_BRIDGED) == 0;
}

static bool contains(const struct group *whole, const struct group *part)
{
    if (part->kind == GROUP_GRAM1)
        return whole->kind == GROUP_GRAM2 &&
               memmem(whole->text.data, whole->text.len, part->text.data, part->text.len) != NULL;
    return part->kind == GROUP_PART && whole->kind == GROUP_CODE && whole->start <= part->start &&
           part->end <= whole->end;
}

static int by_place(const void *a, const void *b, void *query)
{
    const struct group *x = *(const struct group *const *)a, *y = *(const struct group *const *)b;

    if (makes_runs(query, x) != makes_runs(query, y))
        return makes_runs(query, x) ? -1 : 1;
    if (x->start != y->start)
        return x->start < y->start ? -1 : 1;
    return x->end != y->end ? (x->end < y->end ? -1 : 1) : bytes_compare(x->text, y->text);
}

static bool is_gram(const struct group *group)
{
    return group->kind == GROUP_GRAM1 || group->kind == GROUP_GRAM2;
}

static uint32_t run_weight(const struct group *group, const struct group *before)
{
    if (group->kind == GROUP_GRAM1)
        return RUN_CHARACTER;
    if (group->kind != GROUP_GRAM2)
        return RUN_WORD;
    return before != NULL && before->kind == GROUP_GRAM2 && group->start < before->end
               ? RUN_CHARACTER
               : 2 * RUN_CHARACTER;
}

/* --- one group --------------------------------------------------------------------------- */

/* As typed, or all of it without its separators, perhaps in a file's name; the end of a code is not
 * the code. */
static bool is_whole(const struct group *group, const struct member *member)
{
    uint8_t class = member->term.data[0];

    return member->reason == REASON_EXACT || ((class == TERM_SQUEEZED || class == TERM_PART) &&
                                              member->term.len == form_squeezed(group).len + 1);
}

static void note_stream(const struct stream *stream, const struct group *group,
                        const struct member *member, const struct query *query, struct best *best)
{
    float strength = stream_strength(stream);
    float worth = stream->worth * bm25_saturate(stream->bm25, strength);
    float k1 = (float)query->settings->plain_k1;
    float plain = stream->worth * strength / (k1 + strength);

    if (best->reason == 0 || member->weight > best->weight) {
        best->weight = member->weight;
        best->reason = member->reason;
    }
    best->worth = worth > best->worth ? worth : best->worth;
    best->plain = plain > best->plain ? plain : best->plain;
    if (member->reason != REASON_LEARNED)
        best->own = worth > best->own ? worth : best->own;
    best->strength = strength > best->strength ? strength : best->strength;
    best->fields = (uint8_t)(best->fields | stream_fields(stream));
    best->whole = best->whole || is_whole(group, member);
    if (query->by_end)
        best->code = ends_likelier(group, best->code, member);
}

/* Asks the postings of a group about candidates first … end-1, which are of one segment. */
static enum status ask_segment(struct gather *g, const struct group *group, uint32_t first,
                               uint32_t end, bool only_close)
{
    struct lane lane;
    enum status status = lane_open(&lane, g->plan->lexicon, g->list[first].place.segment, group,
                                   g->plan->bm25, g->err);

    for (uint32_t i = first; status == AF_OK && i < end && lane.doc != DOC_END; i++) {
        if (g->best[i].strength > 0 || (only_close && !g->close[i]))
            continue;
        status = lane_seek(&lane, g->list[i].place.doc, g->err);
        if (status != AF_OK || lane.doc != g->list[i].place.doc)
            continue;
        for (uint32_t s = 0; status == AF_OK && s < lane.count; s++) {
            if (lane.streams[s].doc != lane.doc)
                continue;
            status = stream_need_code(&lane.streams[s], g->err);
            if (status == AF_OK)
                note_stream(&lane.streams[s], group, lane.members[s], g->plan->query, &g->best[i]);
        }
    }
    return status;
}

static enum status ask(struct gather *g, const struct group *group, bool only_close)
{
    enum status status = AF_OK;

    for (uint32_t first = 0, end; status == AF_OK && first < g->count; first = end) {
        for (end = first + 1; end < g->count; end++)
            if (g->list[end].place.segment != g->list[first].place.segment)
                break;
        status = ask_segment(g, group, first, end, only_close);
    }
    return status;
}

static void credit(struct gather *g, const struct group *group)
{
    bool code = is_code(g->plan->query, group);

    for (uint32_t i = 0; i < g->count; i++) {
        const struct best *best = &g->best[i];
        struct evidence *e = &g->list[i];

        if (best->reason == 0)
            continue;
        if (best->code != NULL)
            e->code = best->code;
        e->text += group->weight * best->worth;
        e->plain += group->weight * best->plain;
        e->learned += group->weight * (best->worth - best->own);
        e->mass += group->weight * group->idf;
        if ((best->fields & ABOUT_FIELDS) != 0)
            e->about += group->weight * group->idf * best->weight;
        if ((best->fields & 1u << FIELD_TITLE) != 0 && makes_runs(g->plan->query, group)) {
            e->title += group->weight * group->idf * best->weight;
            e->explained += is_gram(group) ? RUN_CHARACTER : RUN_WORD;
        }
        if (best->reason == REASON_TYPO || best->reason == REASON_SOUND)
            e->guessed += group->weight * group->idf;
        e->own += best->own > 0 || best->worth <= 0 ? group->weight * group->idf : 0;
        e->credit += group->weight * group->idf * best->weight;
        if (group->kind == GROUP_PART)
            e->part_reasons |= best->reason;
        else
            e->reasons |= best->reason;
        if (code && best->whole && (best->reason == REASON_EXACT || best->reason == REASON_VARIANT))
            e->codes++;
    }
}

/* --- runs -------------------------------------------------------------------------------- */

/* One candidate's longest runs: its groups in the order of the question. */
static void run_through(struct gather *g, uint32_t i)
{
    struct running running[FIELD_COUNT] = {{0}};
    struct evidence *e = &g->list[i];

    for (uint32_t place = 0; place < g->runs_count; place++) {
        unsigned fields = g->fields[(size_t)place * g->count + i];

        for (; fields != 0; fields &= fields - 1) {
            unsigned field = (unsigned)__builtin_ctz(fields);
            struct running *r = &running[field];
            uint32_t *longest =
                field == FIELD_TITLE || field == FIELD_KEYWORDS ? &e->run_title : &e->run_inside;

            r->weight = (uint16_t)(place > 0 && r->next == place ? r->weight + g->more[place]
                                                                 : g->first[place]);
            r->next = (uint16_t)(place + 1);
            *longest = r->weight > *longest ? r->weight : *longest;
        }
    }
}

static void weigh_runs(struct gather *g)
{
    for (uint32_t place = 0; place < g->runs_count; place++) {
        const struct group *before = place > 0 ? g->order[place - 1] : NULL;

        g->first[place] = run_weight(g->order[place], NULL);
        g->more[place] = run_weight(g->order[place], before);
        g->totals->run += g->more[place];
    }
    for (uint32_t i = 0; i < g->count; i++)
        run_through(g, i);
}

/* --- the whole --------------------------------------------------------------------------- */

static bool is_looker(const struct gather *g, const struct group *group)
{
    for (uint32_t i = 0; i < g->candidates->lookers_count; i++)
        if (g->candidates->lookers[i] == group)
            return true;
    return false;
}

static void note_row(struct gather *g, uint32_t row)
{
    size_t first = (size_t)row * g->count;

    for (uint32_t i = 0; i < g->count; i++)
        g->strengths[first + i] = g->best[i].strength;
    for (uint32_t i = 0; g->nearness != NULL && i < g->count; i++)
        g->nearness[first + i] = g->best[i].reason == REASON_SYNONYM ? g->best[i].weight : 1;
}

static enum status ask_run(struct gather *g, uint32_t place, bool only_close)
{
    const struct group *group = g->order[place];
    uint32_t number = (uint32_t)(group - g->plan->query->groups);
    enum status status;

    memset(g->best, 0, g->count * sizeof *g->best);
    status = ask(g, group, only_close);
    if (status != AF_OK)
        return status;
    credit(g, group);
    for (uint32_t i = 0; i < g->count; i++)
        g->fields[(size_t)place * g->count + i] = g->best[i].fields;
    if (g->rows[number] > 0)
        note_row(g, g->rows[number] - 1);
    return AF_OK;
}

static enum status ask_runs(struct gather *g, bool lookers)
{
    enum status status = AF_OK;

    for (uint32_t place = 0; status == AF_OK && place < g->runs_count; place++)
        if (g->order[place]->df > 0 && is_looker(g, g->order[place]) == lookers)
            status = ask_run(g, place, !lookers);
    return status;
}

static const struct member *typed(const struct group *group)
{
    const struct member *best = group->members;

    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (m->df > 0 && (best->df == 0 || m->weight > best->weight))
            best = m;
    return best;
}

/* What a group that contains it says of the part: of 印 and 表, when the case has 打印机 for 印表机,
 * that they are there as much as that is. */
static struct best part_of(const struct gather *g, const struct member *part, size_t at)
{
    float nearness = g->nearness == NULL ? 1 : g->nearness[at];

    return (struct best){.strength = g->strengths[at],
                         .worth = part->worth * nearness,
                         .weight = part->weight * nearness,
                         .reason = nearness < 1 ? REASON_SYNONYM : part->reason};
}

static void weigh_part(const struct gather *g, struct best *best)
{
    float k1 = (float)g->plan->query->settings->plain_k1;

    best->plain = best->worth * best->strength / (k1 + best->strength);
    best->worth = best->own = best->worth * bm25_saturate(g->plan->bm25, best->strength);
}

/* What is known of a character or part from what contains it, and asking about the rest. */
static enum status ask_part(struct gather *g, const struct group *group)
{
    const struct query *query = g->plan->query;
    const struct member *member = typed(group);
    bool inside = false;
    enum status status;

    memset(g->best, 0, g->count * sizeof *g->best);
    for (uint32_t k = 0; k < query->groups_count; k++) {
        const float *row;

        if (g->rows[k] == 0 || !contains(&query->groups[k], group))
            continue;
        inside = true;
        row = g->strengths + (size_t)(g->rows[k] - 1) * g->count;
        for (uint32_t i = 0; i < g->count; i++)
            if (row[i] > g->best[i].strength)
                g->best[i] = part_of(g, member, (size_t)(row - g->strengths) + i);
    }
    for (uint32_t i = 0; inside && i < g->count; i++)
        if (g->best[i].strength > 0)
            weigh_part(g, &g->best[i]);
    status = ask(g, group, inside);
    if (status == AF_OK)
        credit(g, group);
    return status;
}

static int most_first(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x > y ? -1 : x < y;
}

static enum status choose_close(struct gather *g)
{
    struct arena *arena = g->plan->lexicon->arena;
    uint32_t most = g->plan->wanted + CLOSE_LOOK;
    double *texts, bar = -1;

    if (g->count > most && !g->candidates->all_close) {
        if ((texts = arena_array(arena, g->count, sizeof *texts)) == NULL)
            return arena_exhausted(arena, g->err);
        for (uint32_t i = 0; i < g->count; i++)
            texts[i] = g->list[i].text;
        qsort(texts, g->count, sizeof *texts, most_first);
        bar = texts[most - 1];
    }
    for (uint32_t i = 0; i < g->count; i++)
        g->close[i] = g->list[i].text >= bar;
    return AF_OK;
}

static enum status prepare(struct gather *g)
{
    const struct query *query = g->plan->query;
    struct arena *arena = g->plan->lexicon->arena;
    uint32_t rows = 0;

    g->list = arena_array(arena, g->count + 1u, sizeof *g->list);
    g->best = arena_array(arena, g->count + 1u, sizeof *g->best);
    g->close = arena_array(arena, g->count + 1u, sizeof *g->close);
    g->fields = arena_array(arena, query->groups_count, g->count + 1u);
    g->first = arena_array(arena, query->groups_count, sizeof *g->first);
    g->more = arena_array(arena, query->groups_count, sizeof *g->more);
    g->order = arena_array(arena, query->groups_count, sizeof *g->order);
    g->rows = arena_array(arena, query->groups_count, sizeof *g->rows);
    if (g->list == NULL || g->best == NULL || g->close == NULL || g->fields == NULL ||
        g->first == NULL || g->more == NULL || g->order == NULL || g->rows == NULL)
        return arena_exhausted(arena, g->err);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        const struct group *group = &query->groups[i];

        g->order[i] = group;
        g->runs_count += makes_runs(query, group);
        g->totals->mass += group->weight * group->idf;
        g->totals->known += group->df > 0 ? group->weight * group->idf : 0;
        if (makes_runs(query, group))
            g->totals->whole += group->weight * group->idf;
        g->totals->codes += is_code(query, group);
        if ((group->kind == GROUP_GRAM2 || group->kind == GROUP_CODE) && makes_runs(query, group) &&
            group->df > 0)
            g->rows[i] = ++rows;
    }
    if (rows > 0 &&
        (g->strengths = arena_array(arena, (size_t)rows * g->count + 1, sizeof(float))) == NULL)
        return arena_exhausted(arena, g->err);
    if (rows > 0 && query->has_synonyms &&
        (g->nearness = arena_array(arena, (size_t)rows * g->count + 1, sizeof(float))) == NULL)
        return arena_exhausted(arena, g->err);
    if (query->groups_count > 1)
        qsort_r(g->order, query->groups_count, sizeof *g->order, by_place, (void *)query);
    return AF_OK;
}

enum status evidence_gather(const struct plan *plan, const struct candidates *candidates,
                            struct evidence **out, struct question_totals *totals,
                            struct error *err)
{
    struct gather g = {.plan = plan,
                       .candidates = candidates,
                       .count = candidates->count,
                       .totals = totals,
                       .err = err};
    enum status status;

    *totals = (struct question_totals){0};
    if ((status = prepare(&g)) != AF_OK)
        return status;
    for (uint32_t i = 0; i < g.count; i++)
        g.list[i].place = candidates->places[i];
    status = ask_runs(&g, true);
    if (status == AF_OK)
        status = choose_close(&g);
    if (status == AF_OK)
        status = ask_runs(&g, false);
    weigh_runs(&g);
    for (uint32_t i = g.runs_count; status == AF_OK && i < plan->query->groups_count; i++)
        if (g.order[i]->df > 0)
            status = ask_part(&g, g.order[i]);
    *out = g.list;
    return status == AF_OK ? written_mark(plan, totals, g.list, g.count, err) : status;
}
