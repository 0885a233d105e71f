/* closing: how a ticket ends:
 *
 *   {"confirm":{"calendar":"office","S1":{"days":3},"S2":{"hours":24},"S3":{…},"S4":{…}},
 *    "early_close":true,
 *    "reopen_days":14,
 *    "survey":{"days":30,"ask":{"en":"How satisfied are you …?"}},
 *    "visits":{"severities":["S1","S2"],"share_per_mille":100,"score_max":2,
 *              "group":"desk","calendar":"office","due":{"days":3}}}
 *
 * "confirm": how long the customer may say that a resolved ticket is not, before it closes by
 * itself; windows are those of clock/window.h. "early_close": staff may close one before he has
 * said so or the window has passed. "reopen_days" and the survey's "days" are of 24 hours each.
 * Visits are asked for at every ticket of these severities, at a share of the others, and for
 * scores of the survey up to "score_max" (0: for none); their group has until "due". */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

static const char *const severities[] = {"S1", "S2", "S3", "S4"};

static void check_window(struct doc_check *check, const struct place *up, const json_t *item,
                         const char *member)
{
    static const char *const members[] = {"hours", "days", NULL};
    const json_t *window = json_object_get(item, member);
    const struct place at = {up, member, 0};

    if (!json_is_object(window) || json_object_size(window) != 1) {
        complain(check->complaints, &at, "one of working hours or days, like {\"days\":3}");
        return;
    }
    want_only(check->complaints, &at, window, members);
    (void)want_number(check->complaints, &at, window, "hours", 1, WINDOW_HOURS_MAX, false);
    (void)want_number(check->complaints, &at, window, "days", 1, WINDOW_DAYS_MAX, false);
}

/* A member that is an object; NULL with a complaint when it is none. */
static const json_t *part(struct doc_check *check, const json_t *doc, const char *member)
{
    const json_t *object = json_object_get(doc, member);
    const struct place at = {check->root, member, 0};

    if (json_is_object(object))
        return object;
    complain(check->complaints, &at, "this is missing, or not an object");
    return NULL;
}

static void check_confirm(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"calendar", "S1", "S2", "S3", "S4", NULL};
    const json_t *confirm = part(check, doc, "confirm");
    const struct place at = {check->root, "confirm", 0};

    if (confirm == NULL)
        return;
    want_only(check->complaints, &at, confirm, members);
    doc_want_reference(check, &at, confirm, "calendar", RULES_CALENDARS, true);
    for (size_t i = 0; i < sizeof severities / sizeof severities[0]; i++)
        check_window(check, &at, confirm, severities[i]);
}

static void check_survey(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"days", "ask", NULL};
    const json_t *survey = part(check, doc, "survey");
    const struct place at = {check->root, "survey", 0};

    if (survey == NULL)
        return;
    want_only(check->complaints, &at, survey, members);
    (void)want_number(check->complaints, &at, survey, "days", 1, WINDOW_DAYS_MAX, true);
    want_name(check->complaints, &at, survey, "ask", true);
}

static void check_visits(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {
        "severities", "share_per_mille", "score_max", "group", "calendar", "due", NULL};
    const json_t *visits = part(check, doc, "visits");
    const struct place at = {check->root, "visits", 0};

    if (visits == NULL)
        return;
    want_only(check->complaints, &at, visits, members);
    doc_want_references(check, &at, visits, "severities", RULES_SEVERITIES);
    (void)want_number(check->complaints, &at, visits, "share_per_mille", 0, 1000, true);
    (void)want_number(check->complaints, &at, visits, "score_max", 0, 5, true);
    doc_want_reference(check, &at, visits, "group", RULES_GROUPS, true);
    doc_want_reference(check, &at, visits, "calendar", RULES_CALENDARS, true);
    check_window(check, &at, visits, "due");
}

void doc_closing_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"confirm", "early_close", "reopen_days",
                                          "survey",  "visits",      NULL};
    const struct place early_at = {check->root, "early_close", 0};

    want_only(check->complaints, check->root, doc, members);
    check_confirm(check, doc);
    if (!json_is_boolean(json_object_get(doc, "early_close")))
        complain(check->complaints, &early_at, "true or false");
    (void)want_number(check->complaints, check->root, doc, "reopen_days", 0, WINDOW_DAYS_MAX, true);
    check_survey(check, doc);
    check_visits(check, doc);
}
