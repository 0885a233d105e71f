/* levels: what is promised to a customer (SLA), by severity, in minutes of the calendar's working
 * time from the customer's report:
 *
 *   {"levels":[{"id":"standard","calendar":"office","warn_percent":75?,
 *               "targets":{"S1":{"respond":15,"restore":240,"resolve":1440,"calendar":"24x7"?},
 *                          "S2":{…},"S3":{…},"S4":{"respond":480,"resolve":4800}},
 *               "steps":[…]? (doc_steps.c)}],
 *    "default":"standard"}
 *
 * A target that is absent is not promised. "default" is for who has no contract that says
 * another. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

static void check_target(struct doc_check *check, const struct place *up, const json_t *targets,
                         const char *severity)
{
    static const char *const members[] = {"respond", "restore", "resolve", "calendar", NULL};
    const json_t *target = json_object_get(targets, severity);
    const struct place at = {up, severity, 0};

    if (!json_is_object(target)) {
        complain(check->complaints, &at, "the targets of %s are missing", severity);
        return;
    }
    want_only(check->complaints, &at, target, members);
    for (unsigned i = 0; i < 3; i++)
        (void)want_number(check->complaints, &at, target, members[i], 1, RULES_TARGET_MINUTES_MAX,
                          false);
    doc_want_reference(check, &at, target, "calendar", RULES_CALENDARS, false);
}

static void check_level(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",      "name",  "calendar", "warn_percent",
                                          "targets", "steps", NULL};
    static const char *const severities[] = {"S1", "S2", "S3", "S4", NULL};
    const struct place targets_at = {at, "targets", 0};
    struct doc_list *list = context;
    struct doc_check *check = list->check;
    const json_t *targets = json_object_get(item, "targets");

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "id");
    want_name(check->complaints, at, item, "name", false);
    doc_want_reference(check, at, item, "calendar", RULES_CALENDARS, true);
    (void)want_number(check->complaints, at, item, "warn_percent", 0, 99, false);
    doc_want_steps(check, at, item, true);
    if (json_is_object(targets))
        want_only(check->complaints, &targets_at, targets, severities);
    for (unsigned i = 0; severities[i] != NULL; i++)
        check_target(check, &targets_at, targets, severities[i]);
}

void doc_levels_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"levels", "default", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "levels", RULES_ENTRIES_MAX, check_level);
    doc_want_reference(check, check->root, doc, "default", RULES_LEVELS, true);
}
