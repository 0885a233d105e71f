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
    answer.rule = best != NULL ? best->rule : NULL;
    answer.group = rules_find(rules, RULES_GROUPS,
                              best != NULL ? json_get_str(best->rule, "group")
                                           : json_get_str(doc, "fallback"));
    if (answer.group == NULL)
        return error_set(err, AF_CORRUPT, "damaged: table rules: routing names no known group");
    *out = answer;
    return duty_find(rules, question, arena, out, err);
}

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
    if (ok && answer->named != NULL)
        json_put(json, "person", json_string(json_get_str(answer->named, "name")), &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}
