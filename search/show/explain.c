#include "search/show/explain.h"

#include "search/match/lane.h"

const char *explain_stage_name(enum explain_stage stage)
{
    static const char *const names[STAGE_COUNT] = {"typed", "other_words", "wider"};

    return names[stage];
}

static const struct {
    const char *name, *sentence;
} fates[FATE_COUNT] = {
    [FATE_HIT] = {"hit",           "It is one of the hits."                                   },
    [FATE_UNKNOWN] = {"unknown",       "It is not in the index: there is no such case, or it is "
                                 "a draft or archived."           },
    [FATE_FILTERED] = {"filtered",      "A filter or the audience keeps it out."                   },
    [FATE_LEFT_OUT] = {"left_out",      "The question asks to leave it out."                       },
    [FATE_NO_WORD] = {"no_word",       "It has nothing of the question."                          },
    [FATE_UNQUOTED] = {"unquoted",      "It lacks what is quoted, or others filled the page first."},
    [FATE_COVERS_LITTLE] = {"covers_little",
                  "It has too little of the question beside the best hit."                    },
    [FATE_NOT_LOOKED_AT] = {"not_looked_at",
                  "Enough other cases say more about the rarest words, or have all "
                            "of them, so it was not looked at closely."                       },
};

const char *explain_fate_name(enum explain_fate fate)
{
    return fates[fate].name;
}

const char *explain_fate_sentence(enum explain_fate fate)
{
    return fates[fate].sentence;
}

const char *explain_signal_name(enum signal signal)
{
    static const char *const names[SIGNAL_COUNT] = {
        [SIGNAL_TEXT] = "text",       [SIGNAL_TITLE] = "title", [SIGNAL_MASS] = "mass",
        [SIGNAL_MATCHES] = "matches", [SIGNAL_SHORT] = "short", [SIGNAL_GUESSED] = "guessed",
        [SIGNAL_AHEAD] = "ahead",
    };

    return names[signal];
}

const char *explain_part_name(enum score_part part)
{
    static const char *const names[SCORE_PARTS] = {
        [PART_TEXT] = "text",   [PART_COVERAGE] = "coverage", [PART_ABOUT] = "about",
        [PART_NAMED] = "named", [PART_SPAN] = "span",         [PART_TITLE] = "title",
        [PART_LANG] = "lang",   [PART_CODE] = "code",         [PART_WRITTEN] = "written",
    };

    return names[part];
}

const char *explain_kind_name(enum group_kind kind)
{
    static const char *const names[GROUP_KIND_COUNT] = {
        [GROUP_WORD] = "word",   [GROUP_NUMBER] = "number", [GROUP_CODE] = "code",
        [GROUP_PART] = "part",   [GROUP_THAI] = "thai",     [GROUP_GRAM2] = "gram2",
        [GROUP_GRAM1] = "gram1",
    };

    return names[kind];
}

const char *explain_field_name(enum field field)
{
    static const char *const names[FIELD_COUNT] = {
        [FIELD_TITLE] = "title",     [FIELD_KEYWORDS] = "keywords",
        [FIELD_PRODUCT] = "product", [FIELD_SYMPTOM] = "symptom",
        [FIELD_CAUSE] = "cause",     [FIELD_RESOLUTION] = "resolution",
        [FIELD_BODY] = "text",
    };

    return names[field];
}

/* --- one case ---------------------------------------------------------------------------- */

struct explain {
    const struct plan *plan;
    const struct candidates *candidates;
    const struct ranking *ranking;
    struct explanation *out;
    struct error *err;
};

/* What one group says about one document; no form is there: match->form stays NULL. */
static enum status ask_group(const struct explain *x, const struct group *group, struct place place,
                             struct explained_match *match)
{
    struct lane lane;
    double best = -1;
    enum status status =
        lane_open(&lane, x->plan->lexicon, place.segment, group, x->plan->bm25, x->err);

    *match = (struct explained_match){.group = group};
    if (status != AF_OK || lane.doc == DOC_END ||
        (status = lane_seek(&lane, place.doc, x->err)) != AF_OK || lane.doc != place.doc)
        return status;
    for (uint32_t i = 0; i < lane.count; i++) {
        struct stream *stream = &lane.streams[i];
        double worth;

        if (stream->doc != place.doc)
            continue;
        if ((status = stream_need_code(stream, x->err)) != AF_OK)
            return status;
        match->fields |= stream_fields(stream);
        if ((worth = (double)stream_worth(stream)) > best) {
            best = worth;
            match->form = lane.members[i];
        }
    }
    match->points = (double)group->weight * best;
    return AF_OK;
}

static enum status ask_groups(const struct explain *x, struct place place,
                              struct explained_hit *out)
{
    const struct query *query = x->plan->query;
    struct arena *arena = x->plan->lexicon->arena;

    out->matches = arena_array(arena, query->groups_count + 1u, sizeof *out->matches);
    if (out->matches == NULL)
        return arena_exhausted(arena, x->err);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct explained_match *match = &out->matches[out->matches_count];
        enum status status;

        if (query->groups[i].df == 0)
            continue;
        if ((status = ask_group(x, &query->groups[i], place, match)) != AF_OK)
            return status;
        out->matches_count += match->form != NULL;
    }
    return AF_OK;
}

static enum status explain_hit(const struct explain *x, struct ranked *hit, uint32_t rank,
                               struct explained_hit *out)
{
    const struct segment *segment =
        snapshot_segment(x->plan->lexicon->snapshot, hit->e.place.segment);
    struct arena *arena = x->plan->lexicon->arena;
    double full, mass = x->ranking->totals.mass;
    struct document document;
    enum status status = segment_document(segment, hit->e.place.doc, &document, x->err);

    *out = (struct explained_hit){.rank = rank,
                                  .mass = hit->e.mass,
                                  .learned = mass > 0 ? hit->e.learned / mass : 0,
                                  .repeat = hit->repeat};
    if (status != AF_OK ||
        (status = rank_parts(x->plan, &x->ranking->totals, hit, &out->parts, x->err)) != AF_OK)
        return status;
    out->sum = rank_sum(&out->parts, &full);
    out->score = rank > 0 ? hit->score : out->sum;
    out->id = arena_copy(arena, document.id);
    out->title = arena_copy(arena, document.title);
    if (out->id.data == NULL || out->title.data == NULL)
        return arena_exhausted(arena, x->err);
    return ask_groups(x, hit->e.place, out);
}

/* --- a case that was asked after --------------------------------------------------------- */

/* Ids are in no dictionary, so this looks at all documents: 10 ms of 100,000. */
static enum status find_place(const struct explain *x, struct bytes id, struct place *place,
                              bool *found)
{
    const struct lexicon *lexicon = x->plan->lexicon;

    for (uint32_t i = lexicon->segments; i-- > 0;) {
        const struct segment *segment = snapshot_segment(lexicon->snapshot, i);

        for (uint32_t doc = 0; doc < segment_docs(segment); doc++) {
            struct document document;
            enum status status = segment_document(segment, doc, &document, x->err);

            if (status != AF_OK)
                return status;
            if (!bytes_equal(document.id, id) || !segment_is_live(segment, doc))
                continue;
            *place = (struct place){i, doc};
            *found = true;
            return AF_OK;
        }
    }
    *found = false;
    return AF_OK;
}

static bool same_place(struct place a, struct place b)
{
    return a.segment == b.segment && a.doc == b.doc;
}

static bool is_left_out(const struct explain *x, struct bytes id)
{
    for (uint32_t i = 0; i < x->plan->without_count; i++)
        if (bytes_equal(x->plan->without[i], id))
            return true;
    return false;
}

static bool was_candidate(const struct explain *x, struct place place)
{
    for (uint32_t i = 0; i < x->candidates->count; i++)
        if (same_place(x->candidates->places[i], place))
            return true;
    return false;
}

static enum status judge(const struct explain *x, const struct ranked *hit, enum explain_fate *out)
{
    const struct plan *plan = x->plan;
    const struct ranking *ranking = x->ranking;
    struct filter_view view;
    enum status status = filter_view_open(
        &view, plan->filter, snapshot_segment(plan->lexicon->snapshot, hit->e.place.segment),
        plan->lexicon->arena, x->err);

    if (status != AF_OK)
        return status;
    if (!filter_view_passes(&view, hit->e.place.doc))
        *out = FATE_FILTERED;
    else if (is_left_out(x, x->out->asked_id))
        *out = FATE_LEFT_OUT;
    else if (hit->e.mass <= 0)
        *out = FATE_NO_WORD;
    else if (!was_candidate(x, hit->e.place))
        *out = FATE_NOT_LOOKED_AT;
    else if (hit->e.codes == 0 && ranking->count > 0 &&
             hit->e.mass < plan->query->settings->cover_min * ranking->hits[0].e.mass)
        *out = FATE_COVERS_LITTLE;
    else
        *out = FATE_UNQUOTED;
    return AF_OK;
}

/* One that is no hit is scored as if it had been the only candidate. */
static enum status explain_other(const struct explain *x, struct place place)
{
    struct candidates alone = *x->candidates;
    struct question_totals totals;
    struct ranked hit = {0};
    struct evidence *evidence;
    enum status status;

    alone.places = &place;
    alone.count = 1;
    status = evidence_gather(x->plan, &alone, &evidence, &totals, x->err);
    if (status != AF_OK)
        return status;
    hit.e = evidence[0];
    if ((status = judge(x, &hit, &x->out->fate)) != AF_OK)
        return status;
    return explain_hit(x, &hit, 0, &x->out->asked);
}

static enum status explain_asked(const struct explain *x, struct bytes id)
{
    struct place place;
    bool found;
    enum status status = find_place(x, id, &place, &found);

    x->out->asked_id = arena_copy(x->plan->lexicon->arena, id);
    if (x->out->asked_id.data == NULL)
        return arena_exhausted(x->plan->lexicon->arena, x->err);
    x->out->fate = FATE_UNKNOWN;
    if (status != AF_OK || !found)
        return status;
    for (uint32_t i = 0; i < x->ranking->count; i++)
        if (same_place(x->ranking->hits[i].e.place, place)) {
            x->out->fate = FATE_HIT;
            return explain_hit(x, &x->ranking->hits[i], i + 1, &x->out->asked);
        }
    return explain_other(x, place);
}

/* --- the whole --------------------------------------------------------------------------- */

enum status explain_make(const struct plan *plan, const struct candidates *candidates,
                         const struct ranking *ranking, uint32_t from, uint32_t limit,
                         struct bytes id, struct explanation *out, struct error *err)
{
    struct explain x = {plan, candidates, ranking, out, err};
    struct arena *arena = plan->lexicon->arena;
    uint32_t count = ranking->count > from ? ranking->count - from : 0;
    enum status status = AF_OK;

    count = count < limit ? count : limit;
    out->folded = plan->query->folded;
    out->preferred = plan->preferred;
    out->groups = plan->query->groups;
    out->groups_count = plan->query->groups_count;
    out->typing = plan->query->typing;
    out->docs = plan->lexicon->docs;
    out->mass = ranking->totals.mass;
    out->lookers = candidates->lookers;
    out->lookers_count = candidates->lookers_count;
    out->candidates = candidates->count;
    out->ranked = ranking->count;
    out->is_all = candidates->is_all;
    out->cover_min = plan->query->settings->cover_min;
    if ((out->hits = arena_array(arena, count + 1u, sizeof *out->hits)) == NULL)
        return arena_exhausted(arena, err);
    for (uint32_t i = 0; status == AF_OK && i < count; i++)
        status = explain_hit(&x, &ranking->hits[from + i], from + i + 1, &out->hits[i]);
    if (status == AF_OK)
        out->hits_count = count;
    if (status == AF_OK && id.len > 0)
        status = explain_asked(&x, id);
    return status;
}
