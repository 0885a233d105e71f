/* steps: what happens by itself before and after a clock of a group (OLA) or level (SLA) runs out:
 *
 *   "steps":[{"when":"warned|breached|+60","severity":"S1"?,"clock":"respond|restore|resolve"?,
 *             "do":"notify|escalate_management|escalate_functional|raise","to":"lead"?}]
 *
 * "when": at the warning (warn_percent), when it is due, or that many minutes after. "clock": of a
 * level, only this one. "to", of notify and escalate_management: "person" who has the ticket, his
 * group's "lead", the "triage" group's lead, or the name of an account. escalate_functional hands
 * it to the next ring, raise makes it one severity more urgent. A running clock keeps the steps it
 * started with. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

#define AFTER_MINUTES_MAX 100000 /* ten weeks */

/* A word, or + and minutes. */
static bool is_when(const char *text)
{
    unsigned long minutes = 0;

    if (strcmp(text, "warned") == 0 || strcmp(text, "breached") == 0)
        return true;
    if (text[0] != '+' || text[1] == '\0' || strlen(text) > 7)
        return false;
    for (text++; *text != '\0'; text++) {
        if (*text < '0' || *text > '9')
            return false;
        minutes = minutes * 10 + (unsigned long)(*text - '0');
    }
    return minutes >= 1 && minutes <= AFTER_MINUTES_MAX;
}

static void check_step(struct doc_check *check, const struct place *at, const json_t *item,
                       bool is_level)
{
    static const char *const of_level[] = {"when", "severity", "do", "to", "clock", NULL};
    static const char *const of_group[] = {"when", "severity", "do", "to", NULL};
    static const char *const clocks[] = {"respond", "restore", "resolve", NULL};
    static const char *const acts[] = {"notify", "escalate_management", "escalate_functional",
                                       "raise", NULL};
    struct complaints *complaints = check->complaints;
    const struct place when_at = {at, "when", 0}, to_at = {at, "to", 0};
    const char *act, *to;

    want_only(complaints, at, item, is_level ? of_level : of_group);
    if (!is_when(want_text(complaints, at, item, "when", RULES_ID_BYTES_MAX, false)))
        complain(complaints, &when_at, "this is warned, breached, or minutes after it like +60");
    doc_want_reference(check, at, item, "severity", RULES_SEVERITIES, false);
    if (is_level)
        (void)want_word(complaints, at, item, "clock", clocks, false);
    act = want_word(complaints, at, item, "do", acts, true);
    to = want_text(complaints, at, item, "to", RULES_ID_BYTES_MAX, false);
    if ((strcmp(act, "notify") == 0 || strcmp(act, "escalate_management") == 0) && to[0] == '\0')
        complain(complaints, &to_at, "this is missing: person, lead, triage, or an account");
}

void doc_want_steps(struct doc_check *check, const struct place *up, const json_t *item,
                    bool is_level)
{
    const json_t *steps = json_object_get(item, "steps"), *step;
    const struct place at = {up, "steps", 0};
    size_t i;

    if (steps == NULL)
        return;
    if (!json_is_array(steps) || json_array_size(steps) > RULES_STEPS_MAX) {
        complain(check->complaints, &at, "a list of at most %d steps", RULES_STEPS_MAX);
        return;
    }
    json_array_foreach(steps, i, step)
    {
        const struct place here = {&at, NULL, i};

        if (json_is_object(step))
            check_step(check, &here, step, is_level);
        else
            complain(check->complaints, &here, "this is an object");
    }
}
