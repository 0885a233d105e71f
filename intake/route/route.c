#include "intake/route/route.h"

#include "intake/route/duty.h"

/* In the order of how specific they are: one that comes earlier outweighs all after it together. */
static const struct {
    const char *member;
    unsigned weight;
} conditions[] = {
    {"product",  512},
    {"line",     256},
    {"type",     128},
    {"severity", 32 },
    {"region",   16 },
    {"lang",     8  },
    {"class",    4  },
    {"channel",  2  },
};
#define WEIGHT_PARENT_TYPE 64 /* the rule names the type's parent */
#define CONDITIONS (sizeof conditions / sizeof conditions[0])

static const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

/* What the ticket has for a condition. The line is the product's. */
static const char *known(const struct rules *rules, const struct route_question *question,
                         size_t condition)
{
    const char *const values[CONDITIONS] = {
        question->product, NULL,           question->type,  question->severity,
        question->region,  question->lang, question->class, question->channel};

    if (condition == 1)
        return json_get_str(rules_find(rules, RULES_PRODUCTS, text_of(question->product)), "line");
    return text_of(values[condition]);
}

static bool is_parent(const struct rules *rules, const char *wanted, const char *type)
{
    return strcmp(wanted, json_get_str(rules_find(rules, RULES_TYPES, type), "parent")) == 0;
}

static struct route_verdict judge(const struct rules *rules, const json_t *rule,
                                  const struct route_question *question)
{
    struct route_verdict verdict = {.rule = rule, .holds = true};

    for (size_t i = 0; i < CONDITIONS && verdict.holds; i++) {
        const char *wanted = json_get_str(rule, conditions[i].member);
        const char *has = known(rules, question, i);

        if (wanted[0] == '\0')
            continue;
        if (strcmp(wanted, has) == 0)
            verdict.weight += conditions[i].weight;
        else if (strcmp(conditions[i].member, "type") == 0 && is_parent(rules, wanted, has))
            verdict.weight += WEIGHT_PARENT_TYPE;
        else
            verdict = (struct route_verdict){rule, false, 0, conditions[i].member};
    }
    return verdict;
}

static bool is_solution(const struct rules *rules, const char *product)
{
    const json_t *found = rules_find(rules, RULES_PRODUCTS, text_of(product));

    return strcmp(json_get_str(found, "kind"), "solution") == 0;
}

const json_t *route_triage_group(const struct rules *rules, const char *product)
{
    const json_t *doc = rules->docs[RULES_ROUTING];
    const char *const names[] = {
        is_solution(rules, product)
            ? json_get_str(rules_find(rules, RULES_PRODUCTS, text_of(product)), "owner")
            : "",
        json_get_str(doc, "triage"), json_get_str(doc, "fallback")};

    for (unsigned i = 0; i < 3; i++)
        if (names[i][0] != '\0')
            return rules_find(rules, RULES_GROUPS, names[i]);
    return NULL;
}

enum status route_find(const struct rules *rules, const struct route_question *question,
                       struct arena *arena, struct route_answer *out, struct error *err)
{
    const json_t *doc = rules->docs[RULES_ROUTING], *list = json_object_get(doc, "rules"), *rule;
    struct route_answer answer = {.verdicts_count = json_array_size(list)};
    const struct route_verdict *best = NULL;
    size_t i;

    answer.verdicts = arena_array(arena, answer.verdicts_count, sizeof *answer.verdicts);
    if (answer.verdicts == NULL && answer.verdicts_count > 0)
        return arena_exhausted(arena, err);
    json_array_foreach(list, i, rule)
    {
        answer.verdicts[i] = judge(rules, rule, question);
        if (answer.verdicts[i].holds && (best == NULL || answer.verdicts[i].weight > best->weight))
            best = &answer.verdicts[i];
    }
    if (is_solution(rules, question->product) &&
        (best == NULL || json_object_get(best->rule, "product") == NULL)) {
        best = NULL;
        answer.is_first_triage = true;
    }
    answer.rule = best != NULL ? best->rule : NULL;
    if (answer.is_first_triage)
        answer.group = route_triage_group(rules, question->product);
    else
        answer.group = rules_find(rules, RULES_GROUPS,
                                  best != NULL ? json_get_str(best->rule, "group")
                                               : json_get_str(doc, "fallback"));
    if (answer.group == NULL)
        return error_set(err, AF_CORRUPT, "damaged: table rules: routing names no known group");
    *out = answer;
    return duty_find(rules, question, arena, out, err);
}

/* --- one ring -------------------------------------------------------------------------------- */

static bool is_of_ring(const json_t *group, unsigned ring)
{
    return group != NULL && json_get_u64(group, "ring") == ring;
}

/* What the rules say of that ring; NULL: nothing. */
static const json_t *ruled(const struct rules *rules, const struct route_question *question,
                           unsigned ring, const json_t **best_rule)
{
    const json_t *rule, *group = NULL;
    unsigned weight = 0;
    size_t i;

    json_array_foreach(json_object_get(rules->docs[RULES_ROUTING], "rules"), i, rule)
    {
        const struct route_verdict verdict = judge(rules, rule, question);
        const json_t *its = rules_find(rules, RULES_GROUPS, json_get_str(rule, "group"));

        if (verdict.holds && is_of_ring(its, ring) && (group == NULL || verdict.weight > weight)) {
            group = its;
            *best_rule = rule;
            weight = verdict.weight;
        }
    }
    return group;
}

enum status route_find_in_ring(const struct rules *rules, const struct route_question *question,
                               unsigned ring, struct arena *arena, struct route_answer *out,
                               struct error *err)
{
    struct route_answer best = {0};
    const json_t *group;
    unsigned best_fit = 0;
    enum status status;
    size_t i;

    *out = (struct route_answer){0};
    if ((out->group = ruled(rules, question, ring, &out->rule)) != NULL)
        return duty_find(rules, question, arena, out, err);
    json_array_foreach(json_object_get(rules->docs[RULES_GROUPS], "groups"), i, group)
    {
        struct route_answer answer = {.group = group};

        if (!is_of_ring(group, ring))
            continue;
        if ((status = duty_find(rules, question, arena, &answer, err)) != AF_OK)
            return status;
        if (best.group == NULL || (answer.people_count > 0 && answer.fits[0] > best_fit)) {
            best = answer;
            best_fit = answer.people_count > 0 ? answer.fits[0] : 0;
        }
    }
    if (best.group == NULL)
        return error_set(err, AF_NOT_FOUND, "no group is of ring %u", ring);
    *out = best;
    return AF_OK;
}

/* --- as JSON --------------------------------------------------------------------------------- */

static bool add_verdicts(json_t *list, const struct route_answer *answer)
{
    bool ok = true;

    for (size_t i = 0; ok && i < answer->verdicts_count; i++) {
        const struct route_verdict *verdict = &answer->verdicts[i];
        json_t *item = json_pack("{s:s,s:b,s:i}", "id", json_get_str(verdict->rule, "id"), "holds",
                                 verdict->holds, "weight", (int)verdict->weight);

        if (verdict->failed != NULL)
            json_put(item, "failed", json_string(verdict->failed), &ok);
        ok = json_array_append_new(list, item) == 0 && ok;
    }
    return ok;
}

json_t *route_answer_json(const struct route_answer *answer)
{
    json_t *people = json_array(), *verdicts = json_array();
    json_t *json = json_pack("{s:s,s:b,s:o,s:o}", "group", json_get_str(answer->group, "id"),
                             "off_duty", answer->are_off_duty, "people", people, "rules", verdicts);
    bool ok = json != NULL && add_verdicts(verdicts, answer);

    for (size_t i = 0; ok && i < answer->people_count; i++)
        ok = json_array_append_new(people, json_string(json_get_str(answer->people[i], "name"))) ==
             0;
    if (ok && answer->rule != NULL)
        json_put(json, "rule", json_string(json_get_str(answer->rule, "id")), &ok);
    if (ok && answer->is_first_triage)
        json_put(json, "triage", json_true(), &ok);
    if (ok && answer->named != NULL)
        json_put(json, "person", json_string(json_get_str(answer->named, "name")), &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
