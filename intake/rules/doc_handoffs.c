/* handoffs: who outside the desk may be asked (流转), and how soon they owe an answer:
 *
 *   {"targets":[{"id":"ipd","side":"ipd","name":{"en":"R&D (IPD)"},
 *                "kinds":["requirement","defect"],"calendar":"office",
 *                "due":{"S1":240,"S2":900,"S3":2250,"S4":4500},
 *                "contact":{"name":"Li Na"?,"mail":"li.na@example.org"?,"phone"?}?,
 *                "manager":"li.na"?}]}
 *
 * "side" is where the target stands: ltc (sales), ipd (R&D), scm (supply chain), vendor; "kinds"
 * are what it takes of what that side is asked for. "due": minutes of the calendar's working time
 * by the ticket's severity. The manager is told when an answer is overdue; without one the ticket's
 * own group is, which has to run after it. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

static const char *const sides[] = {"ltc", "ipd", "scm", "vendor", NULL};

static const struct side {
    const char *name;
    const char *kinds[4]; /* ended by NULL */
} side_kinds[] = {
    {"ltc",    {"opportunity", "enquiry", NULL}      },
    {"ipd",    {"requirement", "defect", NULL}       },
    {"scm",    {"delivery", "quality", NULL}         },
    {"vendor", {"defect", "repair", "question", NULL}},
};

static bool takes(const char *side, const char *kind)
{
    for (size_t i = 0; i < sizeof side_kinds / sizeof side_kinds[0]; i++) {
        if (strcmp(side_kinds[i].name, side) != 0)
            continue;
        for (const char *const *it = side_kinds[i].kinds; *it != NULL; it++)
            if (strcmp(*it, kind) == 0)
                return true;
    }
    return false;
}

static void check_kinds(struct doc_check *check, const struct place *up, const json_t *item,
                        const char *side)
{
    const json_t *kinds = json_object_get(item, "kinds"), *kind;
    const struct place at = {up, "kinds", 0};
    size_t i;

    if (json_array_size(kinds) == 0)
        complain(check->complaints, &at, "what it is asked for, at least one word");
    json_array_foreach(kinds, i, kind)
    {
        const struct place here = {&at, NULL, i};
        const char *word = json_is_string(kind) ? json_string_value(kind) : "";

        if (side[0] != '\0' && !takes(side, word))
            complain(check->complaints, &here, "\"%.60s\" is nothing that %s is asked for", word,
                     side);
    }
}

static void check_target(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",  "side",    "name",    "kinds", "calendar",
                                          "due", "contact", "manager", NULL};
    struct doc_list *targets = context;
    struct doc_check *check = targets->check;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(targets, at, item, "id");
    check_kinds(check, at, item, want_word(check->complaints, at, item, "side", sides, true));
    want_name(check->complaints, at, item, "name", true);
    doc_want_reference(check, at, item, "calendar", RULES_CALENDARS, true);
    doc_want_minutes(check, at, item, "due", true);
    doc_want_contact(check, at, item);
    (void)want_text(check->complaints, at, item, "manager", RULES_ID_BYTES_MAX, false);
}

void doc_handoffs_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"targets", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "targets", RULES_ENTRIES_MAX, check_target);
}
