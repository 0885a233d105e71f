/* products: the product tree, flat, each with the line it belongs to:
 *
 *   {"products":[
 *     {"id":"PrintWorks MFP","name":{"zh-Hans":"…"}?,"line":"printers"?,"kind":"box",
 *      "versions":["2.1"]?,"maturity":"new|growing|mature|ending"?},
 *     {"id":"Paper-free office","kind":"solution","boxes":["PrintWorks MFP","LedgerCloud"],
 *      "owner":"solutions"?}]}
 *
 * "id" is what cases and tickets call it. A solution is made of boxes; its "owner" is the group
 * that triages it first. No products at all: the tree is not kept, and any name is taken. */
#include "intake/rules/docs.h"

#include "data/base/limits.h"

/* Boxes are products, and no solution is made of solutions: so no circle is possible. */
static void check_boxes(struct doc_check *check, const struct place *up, const json_t *item)
{
    const json_t *boxes = json_object_get(item, "boxes"), *name;
    bool is_solution = strcmp(json_get_str(item, "kind"), "solution") == 0;
    const struct place at = {up, "boxes", 0};
    size_t i;

    doc_want_references(check, up, item, "boxes", RULES_PRODUCTS);
    if (is_solution != (json_array_size(boxes) > 0))
        complain(check->complaints, &at, "a solution is made of boxes, and a box of none");
    json_array_foreach(boxes, i, name)
    {
        const char *id = json_is_string(name) ? json_string_value(name) : "";
        const json_t *box = rules_find(check->rules, RULES_PRODUCTS, id);
        const struct place here = {&at, NULL, i};

        if (box != NULL && strcmp(json_get_str(box, "kind"), "box") != 0)
            complain(check->complaints, &here, "\"%.60s\" is no box", id);
    }
}

static void check_product(void *context, const struct place *at, const json_t *item)
{
    static const char *const members[] = {"id",       "name",  "line",  "kind", "versions",
                                          "maturity", "boxes", "owner", NULL};
    static const char *const words[] = {"box", "solution", NULL};
    static const char *const ages[] = {"new", "growing", "mature", "ending", NULL};
    struct doc_list *list = context;
    struct doc_check *check = list->check;
    const json_t *versions = json_object_get(item, "versions"), *version;
    size_t i;

    want_only(check->complaints, at, item, members);
    (void)doc_want_id(list, at, item, "id");
    want_name(check->complaints, at, item, "name", false);
    (void)want_text(check->complaints, at, item, "line", RULES_ID_BYTES_MAX, false);
    (void)want_word(check->complaints, at, item, "kind", words, true);
    (void)want_word(check->complaints, at, item, "maturity", ages, false);
    doc_want_reference(check, at, item, "owner", RULES_GROUPS, false);
    json_array_foreach(versions, i, version)
    {
        const struct place up = {at, "versions", 0}, here = {&up, NULL, i};

        if (!json_is_string(version) || json_string_length(version) == 0 ||
            json_string_length(version) > RULES_ID_BYTES_MAX)
            complain(check->complaints, &here, "a version is a text");
    }
    check_boxes(check, at, item);
}

void doc_products_check(struct doc_check *check, const json_t *doc)
{
    static const char *const members[] = {"products", NULL};

    want_only(check->complaints, check->root, doc, members);
    doc_want_items(check, check->root, doc, "products", RULES_ENTRIES_MAX, check_product);
}
