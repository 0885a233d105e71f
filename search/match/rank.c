#include "search/match/rank.h"

#include "data/base/limits.h"
#include "indexer/segment/columns.h"
#include "search/match/langpref.h"
#include "search/match/phrase.h"
#include "search/match/span.h"
#include "search/match/spread.h"
#include "search/match/usage.h"

#include <math.h>
#include <stdlib.h>

#define SCORE_STEPS 10000.0 /* scores are compared in steps of 1e-4, then by id */

struct rescore {
    const struct plan *plan;
    struct ranked *hits;
    uint32_t count;
    struct question_totals totals;
    double most;                /* mass of the best hit */
    const struct usage *usages; /* of the candidates; NULL: nothing was learned from use */
    uint64_t dropped;           /* without a quoted phrase, or not looked at for it */
    struct error *err;
};

static enum status read_document(const struct plan *plan, struct ranked *hit, struct error *err)
{
    if (hit->is_read)
        return AF_OK;
    hit->is_read = true;
    return segment_document(snapshot_segment(plan->lexicon->snapshot, hit->e.place.segment),
                            hit->e.place.doc, &hit->document, err);
}

/* --- scores ------------------------------------------------------------------------------ */

/* Is the question the title? Only asked when the title has all of it in one run and is not
 * longer, so hardly any title is read. */
static enum status is_title(const struct plan *plan, const struct question_totals *totals,
                            struct ranked *hit, bool *same, struct error *err)
{
    const struct segment *segment = snapshot_segment(plan->lexicon->snapshot, hit->e.place.segment);
    const uint8_t *lengths = segment_lengths(segment, hit->e.place.doc);
    struct folded title;
    enum status status;

    *same = false;
    if (lengths == NULL || totals->run == 0 || hit->e.run_title < totals->run ||
        field_length_decode(lengths[FIELD_TITLE]) > totals->run)
        return AF_OK;
    if ((status = read_document(plan, hit, err)) != AF_OK ||
        (status = folder_run(plan->folder, hit->document.title, &title, err)) != AF_OK)
        return status;
    *same = span_same(title.text, plan->query->folded);
    return AF_OK;
}

static enum status language_of(const struct plan *plan, const struct ranked *hit, struct bytes *out,
                               struct error *err)
{
    const struct segment *segment = snapshot_segment(plan->lexicon->snapshot, hit->e.place.segment);
    const struct column *langs;
    enum status status = segment_column(segment, COLUMN_LANG, &langs, err);

    if (status == AF_OK)
        *out = column_value(langs, hit->e.place.doc);
    return status;
}

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : 0;
}

/* 0 up to ends[0], 1 from ends[1] on. */
static double ramp(double x, const double ends[2])
{
    double part = (x - ends[0]) / (ends[1] - ends[0]);

    return part < 0 ? 0 : part < 1 ? part : 1;
}

/* Of what the best candidate has of the question, the share that is in title, keywords and
 * symptom. A question of nothing but characters has no grams to tell it. */
static double titled_of(const struct evidence *evidence, uint32_t count,
                        const struct question_totals *totals)
{
    double about = 0, credit = 0;

    for (uint32_t i = 0; i < count; i++) {
        about = evidence[i].about > about ? evidence[i].about : about;
        credit = evidence[i].credit > credit ? evidence[i].credit : credit;
    }
    return share(share(about, totals->whole), share(credit, totals->mass));
}

/* The square, since half of the words of a title are no half of what it says. */
static double named_of(const struct plan *plan, const struct ranked *hit)
{
    const struct segment *segment = snapshot_segment(plan->lexicon->snapshot, hit->e.place.segment);
    const uint8_t *lengths = segment_lengths(segment, hit->e.place.doc);
    double said = 0;

    if (lengths != NULL)
        said = share(hit->e.explained, field_length_decode(lengths[FIELD_TITLE]));
    said = said < 1 ? said : 1;
    return said * said;
}

enum status rank_parts(const struct plan *plan, const struct question_totals *totals,
                       struct ranked *hit, struct score_parts *out, struct error *err)
{
    const struct settings *s = plan->query->settings;
    const struct evidence *e = &hit->e;
    double inside = s->span_inside * e->run_inside, titled = ramp(totals->titled, s->plain);
    enum status status;
    struct bytes lang;
    bool same;

    if ((status = is_title(plan, totals, hit, &same, err)) != AF_OK)
        return status;
    *out = (struct score_parts){
        .weight = {[PART_TEXT] = s->text,
                   [PART_COVERAGE] = s->coverage,
                   [PART_ABOUT] = s->about,
                   [PART_NAMED] = s->named * ramp(totals->run, s->named_run) *
                                  ramp(totals->titled, s->named_titles),
                   [PART_SPAN] = s->span,
                   [PART_TITLE] = s->title}
    };
    out->value[PART_TEXT] = share(titled * e->text + (1 - titled) * e->plain, totals->mass);
    out->value[PART_COVERAGE] = share(e->credit, totals->mass);
    out->value[PART_ABOUT] = share(e->about, totals->whole);
    if (out->weight[PART_NAMED] > 0)
        out->value[PART_NAMED] = named_of(plan, hit);
    out->value[PART_SPAN] = share(e->run_title > inside ? e->run_title : inside, totals->run);
    out->value[PART_TITLE] = same;
    if (plan->preferred.len > 0) {
        if ((status = language_of(plan, hit, &lang, err)) != AF_OK)
            return status;
        out->weight[PART_LANG] = s->lang;
        out->value[PART_LANG] = langpref_match(plan->preferred, lang);
    }
    if (totals->written) {
        out->weight[PART_WRITTEN] = s->written;
        out->value[PART_WRITTEN] = e->written;
    }
    if (totals->codes > 0) {
        out->weight[PART_CODE] = s->code;
        out->value[PART_CODE] = share(e->codes, totals->codes);
    }
    return AF_OK;
}

double rank_sum(const struct score_parts *parts, double *full)
{
    double sum = 0;

    *full = 0;
    for (int i = 0; i < SCORE_PARTS; i++) {
        sum += parts->weight[i] * parts->value[i];
        *full += parts->weight[i];
    }
    return *full > 0 ? sum / *full : 0;
}

static enum status score(const struct rescore *r, struct ranked *hit)
{
    struct score_parts parts;
    enum status status = rank_parts(r->plan, &r->totals, hit, &parts, r->err);

    if (status == AF_OK)
        hit->score = rank_sum(&parts, &hit->full);
    return status;
}

/* What use says of candidate `i`. Words that it only learned have faded since. */
static void score_use(const struct rescore *r, struct ranked *hit, const struct usage *usage)
{
    const struct settings *s = r->plan->query->settings;
    double text = s->text / hit->full;

    hit->score -= text * (1 - usage->left) * hit->e.learned / r->totals.mass;
    hit->unused = hit->e.learned > 0 ? 0 : hit->score;
    hit->score += s->prior * text * usage->prior;
    hit->repeat = s->repeat * usage->repeat;
    hit->score += hit->repeat * (1 - hit->score);
    hit->score = hit->score < 0 ? 0 : hit->score > 1 ? 1 : hit->score;
    if (hit->repeat > 0)
        hit->e.reasons |= REASON_LEARNED;
}

/* Those with more codes have their last score already. */
static void hold_back_from(const struct rescore *r, struct ranked *hit)
{
    const double below = 1 / SCORE_STEPS;

    for (uint32_t i = 0; i < r->count; i++) {
        double most = r->hits[i].score - below;

        if (r->hits[i].e.codes <= hit->e.codes)
            continue;
        most = most > hit->unused ? most : hit->unused;
        hit->score = hit->score < most ? hit->score : most;
    }
}

/* Another code is another fault: use never lifts a case above one that has more of the codes. */
static void hold_back_used(struct rescore *r)
{
    if (r->usages == NULL || r->totals.codes == 0)
        return;
    for (uint32_t codes = r->totals.codes; codes-- > 0;)
        for (uint32_t i = 0; i < r->count; i++)
            if (r->hits[i].e.codes == codes)
                hold_back_from(r, &r->hits[i]);
}

/* --- what stays, in which order ---------------------------------------------------------- */

/* The mass of the best hit that stands there by its words; what a case learned makes others no
 * worse. */
static double most_mass(const struct rescore *r)
{
    for (uint32_t i = 0; i < r->count; i++)
        if (r->hits[i].repeat <= 0)
            return r->hits[i].e.own;
    return 0;
}

static void drop(struct rescore *r, bool (*keep)(const struct rescore *, const struct ranked *))
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < r->count; i++)
        if (keep(r, &r->hits[i]))
            r->hits[kept++] = r->hits[i];
    r->count = kept;
}

static bool covers_enough(const struct rescore *r, const struct ranked *hit)
{
    return hit->e.codes > 0 || hit->repeat > 0 || (r->plan->query->is_log && hit->e.mass > 0) ||
           hit->e.mass >= r->plan->query->settings->cover_min * r->most;
}

static long long steps(const struct ranked *hit)
{
    return llround(hit->score * SCORE_STEPS);
}

static int best_first(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    long long p = steps(x), q = steps(y);

    if (p != q)
        return p > q ? -1 : 1;
    if (x->is_read && y->is_read)
        return bytes_compare(x->document.id, y->document.id);
    if (x->e.place.segment != y->e.place.segment)
        return x->e.place.segment < y->e.place.segment ? -1 : 1;
    return x->e.place.doc < y->e.place.doc ? -1 : x->e.place.doc > y->e.place.doc;
}

static void sort(struct ranked *hits, uint32_t count)
{
    if (count > 1)
        qsort(hits, count, sizeof *hits, best_first);
}

/* How far the furthest of its forms is from what was typed: other words for it, then what may
 * have been meant. In a question of several phrases another word for one of them is weighed by its
 * score like any other form. */
static int claim(const struct query *query, const struct ranked *hit)
{
    if ((hit->e.reasons & REASON_TYPO) != 0)
        return 2;
    return query->one_phrase && (hit->e.reasons & REASON_SYNONYM) != 0 ? 1 : 0;
}

/* Neither a correction nor a synonym stands above a hit of the same coverage that is nearer to what
 * was typed. */
static void hold_back(struct rescore *r)
{
    const double same = 1e-6 * r->totals.mass, below = 1 / SCORE_STEPS;

    for (int step = 1; step <= 2; step++)
        for (uint32_t i = 0; i < r->count; i++) {
            struct ranked *hit = &r->hits[i];

            if (claim(r->plan->query, hit) != step)
                continue;
            for (uint32_t j = 0; j < r->count; j++) {
                const struct ranked *nearer = &r->hits[j];

                if (claim(r->plan->query, nearer) < step &&
                    fabs(nearer->e.mass - hit->e.mass) <= same &&
                    hit->score > nearer->score - below)
                    hit->score = nearer->score > below ? nearer->score - below : 0;
            }
        }
}

/* Equal scores go by id, so all that could take the last place wanted are read as well. */
static enum status settle_equals(struct rescore *r)
{
    uint32_t wanted = r->plan->wanted < r->count ? r->plan->wanted : r->count, end = wanted;

    while (end > 0 && end < r->count && steps(&r->hits[end]) == steps(&r->hits[end - 1]))
        end++;
    for (uint32_t i = 0; i < end; i++) {
        enum status status = read_document(r->plan, &r->hits[i], r->err);

        if (status != AF_OK)
            return status;
    }
    sort(r->hits, end);
    return AF_OK;
}

/* --- quoted phrases ---------------------------------------------------------------------- */

/* A question that only quotes wants nothing else: texts are read from the best hit on until the
 * page is full. Quotes inside a longer question are often just its spelling (the name of a
 * message): of the hits to be shown, those that have them come first. */
static enum status demand_phrases(struct rescore *r)
{
    const struct query *query = r->plan->query;
    uint32_t kept = 0, i = 0, most = query->phrases_only ? PHRASE_CHECKS_MAX : r->plan->wanted;

    for (; i < r->count && i < most; i++) {
        enum status status;
        bool has;

        if (query->phrases_only && kept >= r->plan->wanted)
            break;
        if ((status = read_document(r->plan, &r->hits[i], r->err)) != AF_OK)
            return status;
        status = phrase_check(r->plan, &r->hits[i].document, &has, r->err);
        if (status != AF_OK)
            return status;
        if (has || !query->phrases_only)
            r->hits[kept++] = r->hits[i];
        if (!has && !query->phrases_only)
            r->hits[kept - 1].score *= query->settings->unquoted;
    }
    for (; i < r->count && !query->phrases_only; i++) {
        r->hits[kept] = r->hits[i];
        r->hits[kept++].score *= query->settings->unquoted;
    }
    r->dropped += r->count - kept;
    r->count = kept;
    return AF_OK;
}

/* --- cases that are not wanted ----------------------------------------------------------- */

static enum status leave_out(struct rescore *r)
{
    uint32_t kept = 0;

    for (uint32_t i = 0; i < r->count; i++) {
        enum status status = read_document(r->plan, &r->hits[i], r->err);
        bool wanted = true;

        if (status != AF_OK)
            return status;
        for (uint32_t k = 0; k < r->plan->without_count; k++)
            wanted = wanted && !bytes_equal(r->hits[i].document.id, r->plan->without[k]);
        if (wanted)
            r->hits[kept++] = r->hits[i];
    }
    r->dropped += r->count - kept;
    r->count = kept;
    return AF_OK;
}

/* --- the whole --------------------------------------------------------------------------- */

static enum status order(struct rescore *r)
{
    enum status status = AF_OK;

    if (r->plan->without_count > 0)
        status = leave_out(r);
    hold_back(r);
    hold_back_used(r);
    sort(r->hits, r->count);
    if (r->plan->query->by_end) {
        spread_codes(r->hits, r->count, 1 / SCORE_STEPS);
        sort(r->hits, r->count);
    }
    if (status == AF_OK && r->plan->query->phrases_count > 0)
        status = demand_phrases(r);
    if (r->plan->query->phrases_count > 0)
        sort(r->hits, r->count);
    r->most = most_mass(r);
    if (r->count > 0)
        drop(r, covers_enough);
    if (status == AF_OK)
        status = settle_equals(r);
    for (uint32_t i = 0; i < r->count; i++) {
        struct ranked *hit = &r->hits[i];

        hit->score = (double)steps(hit) / SCORE_STEPS;
        if (hit->e.reasons == 0)
            hit->e.reasons = hit->e.part_reasons;
    }
    return status;
}

static uint32_t title_units(const struct rescore *r)
{
    const struct place *place = &r->hits[0].e.place;
    const uint8_t *lengths =
        r->count == 0
            ? NULL
            : segment_lengths(snapshot_segment(r->plan->lexicon->snapshot, place->segment),
                              place->doc);

    return lengths == NULL ? 0 : field_length_decode(lengths[FIELD_TITLE]);
}

enum status rank_candidates(const struct plan *plan, const struct candidates *candidates,
                            struct ranking *out, struct error *err)
{
    struct rescore r = {.plan = plan, .count = candidates->count, .err = err};
    struct arena *arena = plan->lexicon->arena;
    struct evidence *evidence;
    struct usage *usages = NULL;
    enum status status;

    *out = (struct ranking){0};
    if ((r.hits = arena_array(arena, r.count + 1u, sizeof *r.hits)) == NULL)
        return arena_exhausted(arena, err);
    status = evidence_gather(plan, candidates, &evidence, &r.totals, err);
    if (status == AF_OK)
        r.totals.titled = titled_of(evidence, r.count, &r.totals);
    if (status == AF_OK)
        status = usage_gather(plan, candidates, &usages, err);
    r.usages = usages;
    for (uint32_t i = 0; status == AF_OK && i < r.count; i++) {
        r.hits[i].e = evidence[i];
        status = score(&r, &r.hits[i]);
        if (status == AF_OK && usages != NULL)
            score_use(&r, &r.hits[i], &usages[i]);
    }
    if (status == AF_OK)
        status = order(&r);
    if (status == AF_OK)
        *out = (struct ranking){r.hits, r.count, title_units(&r), r.totals};
    return status;
}
