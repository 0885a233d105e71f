/* groups: who handles tickets, in three rings (一环 first line, 二环 experts, 三环 R&D):
 *
 *   {"groups":[{"id":"desk","name":{"en":"Service desk"},"ring":1,"calendar":"office",
 *               "lead":"lin.wei"?,"ola":{"S1":30,"S2":120,"S3":480,"S4":960}?,
 *               "warn_percent":75?,"steps":[…]? (doc_steps.c),"pick":"rotation|least_loaded"?,
 *               "people":[{"name":"lin.wei","skills":["network"]?,"langs":["zh-Hans","en"]?,
 *                          "calendar":"office"?,"away":[{"from":"2026-12-01","to":"2026-12-05"}]?,
 *                          "open_max":20?}]?}]}
 *
 * "ola": minutes of the group's working time for one task; absent: none is promised; "steps": what
 * happens by itself when they run out. "pick": who comes to the group is given to one of it;
 * absent: somebody takes it (a routing rule may say otherwise). People are
 * names of accounts. "calendar" of a person: when he is on duty; absent: the group's. */
#include "intake/rules/docs.h"

#include "data/base/clock.h"
#include "data/base/limits.h"

static void check_away(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"from", "to", NULL};
    struct doc_list *list = context;
    int64_t days[2] = {0, 0};

    want_only(list->check->complaints, at, item, members);
    for (unsigned i = 0; i < 2; i++) {
        const char *text = json_get_str(item, members[i]);
        const struct place here = {at, members[i], 0};

        if (strlen(text) != 10 || !clock_parse(bytes_str(text), &days[i]))
            complain(list->check->complaints, &here, "a date like 2026-12-01");
    }
    if (days[1] < days[0])
        complain(list->check->complaints, at, "\"to\" is before \"from\"");
}

static void want_words(struct doc_check *check, const struct place *up, const json_t *item,
                       const char *member)
{
    const json_t *list = json_object_get(item, member), *word;
    const struct place at = {up, member, 0};
    size_t i;

    if (list != NULL && !json_is_array(list))
        complain(check->complaints, &at, "this is a list of words");
    json_array_foreach(list, i, word)
    {
        const struct place here = {&at, NULL, i};

        if (!json_is_string(word) || json_string_length(word) == 0 ||
            json_string_length(word) > RULES_ID_BYTES_MAX)
            complain(check->complaints, &here, "a word");
    }
}

static void check_person(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"name",     "skills", "langs", "calendar",
                                          "open_max", "away",   NULL};
    struct doc_list *people = context;
    struct doc_check *check = people->check;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(people, at, item, "name");
    want_words(check, at, item, "skills");
    want_words(check, at, item, "langs");
    doc_want_reference(check, at, item, "calendar", RULES_CALENDARS, false);
    (void)want_number(check->complaints, at, item, "open_max", 1, 100000, false);
    doc_want_items(check, at, item, "away", RULES_ENTRIES_MAX, check_away);
}

static void check_group(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",    "name",   "ring", "calendar",
                                          "lead",  "ola",    "pick", "warn_percent",
                                          "steps", "people", NULL};
    static const char *const picks[] = {"rotation", "least_loaded", NULL};
    struct doc_list *groups = context;
    struct doc_check *check = groups->check;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(groups, at, item, "id");
    want_name(check->complaints, at, item, "name", true);
    (void)want_number(check->complaints, at, item, "ring", 1, 3, true);
    doc_want_reference(check, at, item, "calendar", RULES_CALENDARS, true);
    (void)want_text(check->complaints, at, item, "lead", RULES_ID_BYTES_MAX, false);
    doc_want_minutes(check, at, item, "ola", false);
    (void)want_number(check->complaints, at, item, "warn_percent", 0, 99, false);
    (void)want_word(check->complaints, at, item, "pick", picks, false);
    doc_want_steps(check, at, item, false);
    doc_want_items(check, at, item, "people", RULES_ENTRIES_MAX, check_person);
}

void doc_groups_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"groups", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "groups", RULES_ENTRIES_MAX, check_group);
}
