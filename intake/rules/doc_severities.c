/* severities: what the four levels mean here; shown on the form.
 *
 *   {"severities":[{"id":"S1","name":{"en":"Urgent","zh-Hans":"紧急"},
 *                   "definition":{"en":"The service is down."}}, … S2, S3, S4]}
 *
 * The four are fixed (DOMAIN.md 1.2): S1 skips the answer step and calls a team together. */
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

void doc_severities_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"severities", NULL};
    const struct place at = {check->root, "severities", 0};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "severities", 4, check_severity);
    if (json_array_size(json_object_get(doc, "severities")) != 4)
        complain(check->complaints, &at, "S1, S2, S3 and S4, each once");
}
