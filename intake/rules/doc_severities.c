/* severities: what the four levels mean here; shown on the form.
 *
 *   {"severities":[{"id":"S1","name":{"en":"Urgent","zh-Hans":"紧急"},
 *                   "definition":{"en":"The service is down."}}, … S2, S3, S4]}
 *
 *    "emergency":{"lead":"wang.li"?,"people":["ann","bo"]?,"beat_minutes":60}?}
 *
 * The four are fixed (DOMAIN.md 1.2): S1 skips the answer step and calls a team together
 * (攻关小组): "emergency" says whom, beside the one who has the ticket (without a "lead": his group's),
 * and how often the state of things is told until it is restored. Absent: no team. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

static void check_severity(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id", "name", "definition", NULL};
    const struct place id_at = {at, "id", 0};
    struct doc_list *list = context;
    const char *id = doc_want_id(list, at, item, "id");

    want_only(list->check->complaints, at, item, members);
    if (id[0] != '\0' && (id[0] != 'S' || id[1] < '1' || id[1] > '4' || id[2] != '\0'))
        complain(list->check->complaints, &id_at, "severities are S1, S2, S3 and S4");
    want_name(list->check->complaints, at, item, "name", true);
    want_name(list->check->complaints, at, item, "definition", true);
}

static void check_emergency(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"lead", "people", "beat_minutes", NULL};
    const json_t *emergency = json_object_get(doc, "emergency"), *people, *name;
    const struct place at = {check->root, "emergency", 0}, people_at = {&at, "people", 0};
    size_t i;

    if (emergency == NULL)
        return;
    if (!json_is_object(emergency)) {
        complain(check->complaints, &at, "a lead, people and a beat, like {\"beat_minutes\":60}");
        return;
    }
    want_only(check->complaints, &at, emergency, members);
    (void)want_text(check->complaints, &at, emergency, "lead", RULES_ID_BYTES_MAX, false);
    (void)want_number(check->complaints, &at, emergency, "beat_minutes", 1, 10080, true);
    people = json_object_get(emergency, "people");
    if (people != NULL && (!json_is_array(people) || json_array_size(people) > TICKET_TEAM_MAX))
        complain(check->complaints, &people_at, "a list of at most %d names", TICKET_TEAM_MAX);
    json_array_foreach(people, i, name)
    {
        const struct place here = {&people_at, NULL, i};

        if (!json_is_string(name) || json_string_length(name) == 0 ||
            json_string_length(name) > RULES_ID_BYTES_MAX)
            complain(check->complaints, &here, "the name of an account");
    }
}

void doc_severities_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"severities", "emergency", NULL};
    const struct place at = {check->root, "severities", 0};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "severities", 4, check_severity);
    check_emergency(check, doc);
    if (json_array_size(json_object_get(doc, "severities")) != 4)
        complain(check->complaints, &at, "S1, S2, S3 and S4, each once");
}
