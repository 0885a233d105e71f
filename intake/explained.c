#include "intake/explained.h"

#include "data/base/utf8.h"
#include "search/show/explain.h"

const char *explained_class(struct bytes term)
{
    switch (term.len > 0 ? term.data[0] : 0) {
    case TERM_GRAM1:
        return "gram1";
    case TERM_GRAM2:
        return "gram2";
    case TERM_NUMBER:
        return "number";
    case TERM_IDENT:
        return "ident";
    case TERM_SQUEEZED:
        return "squeezed";
    case TERM_PART:
        return "part";
    case TERM_THAI3:
        return "thai";
    default:
        return "word";
    }
}

struct bytes explained_text(struct bytes term)
{
    return term.len > 0 ? bytes_of(term.data + 1, term.len - 1) : term;
}

bool explained_looks(const struct explanation *explanation, const struct group *group)
{
    for (uint32_t i = 0; i < explanation->lookers_count; i++)
        if (explanation->lookers[i] == group)
            return true;
    return false;
}

/* A long term ends in a hash, which is no text. */
static json_t *text_json(struct bytes text)
{
    struct buf clean = {0};
    json_t *json;

    utf8_add_clean(&clean, text);
    json = buf_ok(&clean) ? json_from_bytes(buf_bytes(&clean)) : NULL;
    buf_release(&clean);
    return json;
}

/* Appends and steals; NULL is an earlier lack of memory, which it hands on. */
static json_t *with(json_t *list, json_t *item)
{
    if (list == NULL || json_array_append_new(list, item) == 0)
        return list;
    json_decref(list);
    return NULL;
}

static json_t *form_json(const struct member *form)
{
    return json_pack("{s:o,s:s,s:s,s:f,s:I,s:f}", "text", text_json(explained_text(form->term)),
                     "class", explained_class(form->term), "reason",
                     reason_name((enum reason)form->reason), "weight", (double)form->weight, "df",
                     (json_int_t)form->df, "worth", (double)form->worth);
}

static json_t *group_json(const struct explanation *explanation, const struct group *group)
{
    json_t *forms = json_array();
    double mass = (double)(group->weight * group->idf);

    for (const struct member *form = group->members; form != NULL; form = form->next)
        forms = with(forms, form_json(form));
    return json_pack("{s:o,s:s,s:i,s:i,s:f,s:f,s:I,s:f,s:b,s:b,s:b,s:b,s:o}", "text",
                     text_json(group->text), "kind", explain_kind_name(group->kind), "start",
                     (int)group->start, "end", (int)group->end, "weight", (double)group->weight,
                     "idf", (double)group->idf, "df", (json_int_t)group->df, "share",
                     explanation->mass > 0 ? mass / explanation->mass : 0, "looks",
                     explained_looks(explanation, group), "unfinished",
                     explanation->typing && group->last && !group->required, "quoted",
                     group->required, "asks_only", group->filler, "forms", forms);
}

static json_t *fields_json(unsigned fields)
{
    json_t *list = json_array();

    for (unsigned f = 0; f < FIELD_COUNT; f++)
        if ((fields & 1u << f) != 0)
            list = with(list, json_string(explain_field_name((enum field)f)));
    return list;
}

static json_t *match_json(const struct explained_match *match)
{
    return json_pack("{s:o,s:o,s:s,s:o,s:f}", "group", text_json(match->group->text), "form",
                     text_json(explained_text(match->form->term)), "reason",
                     reason_name((enum reason)match->form->reason), "fields",
                     fields_json(match->fields), "points", match->points);
}

static json_t *hit_json(const struct explanation *explanation, const struct explained_hit *hit)
{
    json_t *parts = json_array(), *matches = json_array();
    double coverage = explanation->mass > 0 ? hit->mass / explanation->mass : 0;

    for (int i = 0; i < SCORE_PARTS; i++)
        if (hit->parts.weight[i] > 0)
            parts = with(parts,
                         json_pack("{s:s,s:f,s:f}", "part", explain_part_name((enum score_part)i),
                                   "value", hit->parts.value[i], "weight", hit->parts.weight[i]));
    for (uint32_t i = 0; i < hit->matches_count; i++)
        matches = with(matches, match_json(&hit->matches[i]));
    return json_pack("{s:o,s:i,s:f,s:f,s:f,s:f,s:f,s:o,s:o}", "id", text_json(hit->id), "rank",
                     (int)hit->rank, "score", hit->score, "sum", hit->sum, "learned", hit->learned,
                     "repeat", hit->repeat, "coverage", coverage < 1 ? coverage : 1, "parts", parts,
                     "matches", matches);
}

static json_t *case_json(const struct explanation *explanation)
{
    enum explain_fate fate = explanation->fate;

    return json_pack("{s:o,s:s,s:s,s:o}", "id", text_json(explanation->asked_id), "fate",
                     explain_fate_name(fate), "why", explain_fate_sentence(fate), "hit",
                     fate == FATE_UNKNOWN ? json_null()
                                          : hit_json(explanation, &explanation->asked));
}

static json_t *searches_json(const struct explanation *explanation)
{
    json_t *list = json_array();

    for (int i = 0; i < STAGE_COUNT; i++)
        if (explanation->stages[i] > 0)
            list = with(list,
                        json_pack("{s:s,s:i}", "search", explain_stage_name((enum explain_stage)i),
                                  "hits", (int)explanation->stages[i] - 1));
    return list;
}

static json_t *confidence_json(const struct explanation *explanation)
{
    const struct confidence *confidence = &explanation->confidence;
    json_t *signals = json_object();
    bool ok = signals != NULL;

    for (int i = 0; ok && i < SIGNAL_COUNT; i++)
        json_put(signals, explain_signal_name((enum signal)i),
                 json_real(confidence->signals[i]), &ok);
    if (!ok) {
        json_decref(signals);
        return NULL;
    }
    return json_pack("{s:s,s:f,s:o}", "verdict", verdict_name(confidence->verdict), "value",
                     confidence->value, "signals", signals);
}

json_t *explained_json(const struct explanation *explanation)
{
    json_t *groups = json_array(), *hits = json_array(), *json;
    bool ok;

    for (uint32_t i = 0; i < explanation->groups_count; i++)
        groups = with(groups, group_json(explanation, &explanation->groups[i]));
    for (uint32_t i = 0; i < explanation->hits_count; i++)
        hits = with(hits, hit_json(explanation, &explanation->hits[i]));
    json = json_pack("{s:o,s:o,s:I,s:o,s:i,s:b,s:o,s:o,s:o}", "question",
                     text_json(explanation->folded), "language", text_json(explanation->preferred),
                     "docs", (json_int_t)explanation->docs, "searches", searches_json(explanation),
                     "candidates", (int)explanation->candidates, "complete", explanation->is_all,
                     "confidence", confidence_json(explanation), "groups", groups, "hits", hits);
    ok = json != NULL;
    if (ok && explanation->asked_id.len > 0)
        json_put(json, "case", case_json(explanation), &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
