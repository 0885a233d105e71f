/* types: what goes wrong, two deep (大类, 小类):
 *
 *   {"types":[{"id":"network","name":{"en":"Network","zh-Hans":"网络"}},
 *             {"id":"wifi","parent":"network","name":"Wi-Fi","products":["NetHome HG8"]?}]}
 *
 * "products": only of these; none: of all. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

static void check_type(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id", "name", "parent", "products", NULL};
    const struct place parent_at = {at, "parent", 0};
    struct doc_list *list = context;
    struct doc_check *check = list->check;
    const json_t *parent;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "id");
    want_name(check->complaints, at, item, "name", true);
    doc_want_reference(check, at, item, "parent", RULES_TYPES, false);
    doc_want_references(check, at, item, "products", RULES_PRODUCTS);
    parent = rules_find(check->rules, RULES_TYPES, json_get_str(item, "parent"));
    if (json_get_str(parent, "parent")[0] != '\0')
        complain(check->complaints, &parent_at, "\"%.60s\" has a parent itself: types are two deep",
                 json_get_str(item, "parent"));
}

void doc_types_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"types", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "types", RULES_ENTRIES_MAX, check_type);
}
