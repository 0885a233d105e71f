#include "intake/form/form_find.h"

/* Each outweighs all after it together. */
enum { BY_PRODUCT = 16, BY_LINE = 8, BY_TYPE = 4, BY_PARENT_TYPE = 2, BY_CLASS = 1 };

static const char *text_of(const char *text)
{
    return text != NULL ? text : "";
}

/* What a member of the form adds when it is `has`; false when it is another. */
static bool add(const json_t *form, const char *member, const char *has, unsigned weight,
                unsigned *sum)
{
    const char *wanted = json_get_str(form, member);

    if (wanted[0] == '\0')
        return true;
    *sum += weight;
    return strcmp(wanted, has) == 0;
}

static bool add_type(const struct rules *rules, const json_t *form, const char *type, unsigned *sum)
{
    const char *wanted = json_get_str(form, "type");
    const char *parent = json_get_str(rules_find(rules, RULES_TYPES, type), "parent");

    if (wanted[0] == '\0')
        return true;
    *sum += strcmp(wanted, type) == 0 ? BY_TYPE : BY_PARENT_TYPE;
    return strcmp(wanted, type) == 0 || strcmp(wanted, parent) == 0;
}

const json_t *form_find(const struct rules *rules, const struct form_question *question)
{
    const char *product = text_of(question->product), *type = text_of(question->type);
    const char *line = json_get_str(rules_find(rules, RULES_PRODUCTS, product), "line");
    const json_t *doc = rules->docs[RULES_FORMS], *form, *best = NULL;
    unsigned best_weight = 0;
    size_t i;

    json_array_foreach(json_object_get(doc, "forms"), i, form)
    {
        unsigned weight = 0;

        if (add(form, "product", product, BY_PRODUCT, &weight) &&
            add(form, "line", line, BY_LINE, &weight) && add_type(rules, form, type, &weight) &&
            add(form, "class", text_of(question->class), BY_CLASS, &weight) &&
            weight > best_weight) {
            best = form;
            best_weight = weight;
        }
    }
    return best != NULL ? best : rules_find(rules, RULES_FORMS, json_get_str(doc, "fallback"));
}

bool form_type_fits(const json_t *type, const char *product)
{
    const json_t *list = json_object_get(type, "products"), *name;
    size_t i;

    json_array_foreach(list, i, name)
    {
        if (strcmp(json_string_value(name), text_of(product)) == 0)
            return true;
    }
    return json_array_size(list) == 0;
}
