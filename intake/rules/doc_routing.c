/* routing: which group, and who in it, gets a ticket. A rule holds when all that it names is so; of
 * those that hold, the most specific one decides (route/route.h):
 *
 *   {"rules":[{"id":"wifi-cn","product":"NetHome HG8"?,"line":"home"?,"type":"wifi"?,
 *              "severity":"S1"?,"region":"CN"?,"lang":"zh-Hans"?,"class":"technical"?,
 *              "channel":"phone"?,
 *              "group":"desk","person":"lin.wei"?,"pick":"rotation|least_loaded"?}],
 *    "fallback":"desk","triage":"desk"?}
 *
 * "fallback" is the group (初判组) of what no rule is for: never nowhere. "triage" is the group whose
 * lead decides about what goes round, and that triages solutions without an owner first; absent:
 * the fallback. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"
#include "intake/channel.h"

static bool has_line(const struct rules *rules, const char *line)
{
    const json_t *product;
    size_t i;

    json_array_foreach(json_object_get(rules->docs[RULES_PRODUCTS], "products"), i, product)
    {
        if (strcmp(json_get_str(product, "line"), line) == 0)
            return true;
    }
    return false;
}

/* A rule about what does not exist would never hold, and nobody would see why. */
static void check_conditions(struct doc_check *check, const struct place *at, const json_t *item)
{
    static const char *const classes[] = {"technical", "parts", "non_technical", "complaint", NULL};
    static const char *const langs[] = {"zh-Hans", "zh-Hant", "en", "ja", "ko", NULL};
    const struct place line_at = {at, "line", 0}, channel_at = {at, "channel", 0};
    const char *line = want_text(check->complaints, at, item, "line", RULES_ID_BYTES_MAX, false);
    const char *channel =
        want_text(check->complaints, at, item, "channel", RULES_ID_BYTES_MAX, false);

    doc_want_reference(check, at, item, "product", RULES_PRODUCTS, false);
    doc_want_reference(check, at, item, "type", RULES_TYPES, false);
    doc_want_reference(check, at, item, "severity", RULES_SEVERITIES, false);
    (void)want_text(check->complaints, at, item, "region", RULES_ID_BYTES_MAX, false);
    (void)want_word(check->complaints, at, item, "class", classes, false);
    (void)want_word(check->complaints, at, item, "lang", langs, false);
    if (line[0] != '\0' && !has_line(check->rules, line))
        complain(check->complaints, &line_at, "no product is of line \"%.60s\"", line);
    if (channel[0] != '\0' && channel_find(bytes_str(channel)) == NULL)
        complain(check->complaints, &channel_at, "this is one of %s", channel_names());
}

static void check_person(struct doc_check *check, const struct place *at, const json_t *item)
{
    const json_t *group = rules_find(check->rules, RULES_GROUPS, json_get_str(item, "group"));
    const char *name = want_text(check->complaints, at, item, "person", RULES_ID_BYTES_MAX, false);
    const struct place here = {at, "person", 0};
    const json_t *person;
    size_t i;

    if (name[0] == '\0' || group == NULL)
        return;
    json_array_foreach(json_object_get(group, "people"), i, person)
    {
        if (strcmp(json_get_str(person, "name"), name) == 0)
            return;
    }
    complain(check->complaints, &here, "\"%.60s\" is not in group %.60s", name,
             json_get_str(item, "group"));
}

static void check_rule(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",     "product", "line",  "type",  "severity",
                                          "region", "lang",    "class", "group", "channel",
                                          "person", "pick",    NULL};
    static const char *const picks[] = {"rotation", "least_loaded", NULL};
    struct doc_list *list = context;
    struct doc_check *check = list->check;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "id");
    check_conditions(check, at, item);
    doc_want_reference(check, at, item, "group", RULES_GROUPS, true);
    (void)want_word(check->complaints, at, item, "pick", picks, false);
    check_person(check, at, item);
}

void doc_routing_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"rules", "fallback", "triage", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "rules", RULES_ENTRIES_MAX, check_rule);
    doc_want_reference(check, check->root, doc, "fallback", RULES_GROUPS, true);
    doc_want_reference(check, check->root, doc, "triage", RULES_GROUPS, false);
}
