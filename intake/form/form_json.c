#include "intake/form/form_json.h"

#include "intake/form/field_kind.h"
#include "intake/rules/names.h"

static void put_name(json_t *to, const json_t *from, const char *member, struct bytes lang,
                     bool *ok)
{
    const json_t *name = json_object_get(from, member);

    if (name != NULL)
        json_put(to, member, json_string(rules_name_in(name, lang)), ok);
}

static void put_same(json_t *to, const json_t *from, const char *const members[], bool *ok)
{
    for (size_t i = 0; members[i] != NULL; i++) {
        json_t *value = json_object_get(from, members[i]);

        if (value != NULL)
            json_put(to, members[i], json_incref(value), ok);
    }
}

/* A list's elements with their ids, the members that are names in the reader's language, and those
 * that are the same in all. */
struct shape {
    const char *const *names, *const *same;
};

static json_t *list_in(const json_t *list, const struct shape *shape, struct bytes lang, bool *ok)
{
    json_t *out = json_array();
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        json_t *one = json_object();

        put_same(one, item, (const char *const[]){"id", NULL}, ok);
        for (size_t n = 0; shape->names[n] != NULL; n++)
            put_name(one, item, shape->names[n], lang, ok);
        put_same(one, item, shape->same, ok);
        *ok = json_array_append_new(out, one) == 0 && *ok;
    }
    return out;
}

static const char *const nothing[] = {NULL};

static json_t *field_in(const json_t *field, struct bytes lang, bool *ok)
{
    static const char *const same[] = {"min",  "max",        "decimals",   "patterns", "past",
                                       "when", "length_min", "length_max", NULL};
    static const char *const label[] = {"label", NULL};
    const struct shape choice = {label, nothing};
    json_t *out = json_pack("{s:s,s:s}", "id", json_get_str(field, "id"), "kind",
                            json_get_str(field, "kind"));
    enum field_kind kind;

    put_name(out, field, "label", lang, ok);
    put_name(out, field, "help", lang, ok);
    put_name(out, field, "placeholder", lang, ok);
    put_name(out, field, "unit", lang, ok);
    json_put(out, "required", json_boolean(json_get_bool(field, "required")), ok);
    put_same(out, field, same, ok);
    if (field_kind_parse(bytes_str(json_get_str(field, "kind")), &kind) &&
        json_object_get(field, "length_max") == NULL && field_kind_length(kind) > 0)
        json_put(out, "length_max", json_integer(field_kind_length(kind)), ok);
    if (json_object_get(field, "choices") != NULL)
        json_put(out, "choices", list_in(json_object_get(field, "choices"), &choice, lang, ok), ok);
    return out;
}

static json_t *form_in(const json_t *form, uint32_t version, struct bytes lang, bool *ok)
{
    json_t *fields = json_array();
    json_t *out =
        json_pack("{s:s,s:I}", "id", json_get_str(form, "id"), "version", (json_int_t)version);
    const json_t *field;
    size_t i;

    put_name(out, form, "name", lang, ok);
    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        *ok = json_array_append_new(fields, field_in(field, lang, ok)) == 0 && *ok;
    }
    json_put(out, "fields", fields, ok);
    return out;
}

/* Types of other products are no choice. */
static json_t *types_of(const struct rules *rules, const char *product, bool *ok)
{
    json_t *list = json_array(), *type;
    size_t i;

    json_array_foreach(json_object_get(rules->docs[RULES_TYPES], "types"), i, type)
    {
        if (form_type_fits(type, product))
            *ok = json_array_append(list, type) == 0 && *ok;
    }
    return list;
}

static void put_list(json_t *to, const char *member, const json_t *list, const struct shape *shape,
                     struct bytes lang, bool *ok)
{
    json_put(to, member, list_in(list, shape, lang, ok), ok);
}

json_t *form_json(const struct rules *rules, const struct form_question *question,
                  struct bytes lang)
{
    static const char *const name[] = {"name", NULL}, *const meaning[] = {"name", "definition",
                                                                          NULL};
    static const char *const parent[] = {"parent", NULL};
    static const char *const product[] = {"line", "kind", "versions", NULL};
    const struct shape severity_shape = {meaning, nothing}, type_shape = {name, parent},
                       product_shape = {name, product};
    json_t *out = json_object();
    bool ok = out != NULL;
    json_t *types = types_of(rules, question->product, &ok);

    json_put(out, "form",
             form_in(form_find(rules, question), rules->versions[RULES_FORMS], lang, &ok), &ok);
    put_list(out, "severities", json_object_get(rules->docs[RULES_SEVERITIES], "severities"),
             &severity_shape, lang, &ok);
    put_list(out, "types", types, &type_shape, lang, &ok);
    put_list(out, "products", json_object_get(rules->docs[RULES_PRODUCTS], "products"),
             &product_shape, lang, &ok);
    json_decref(types);
    if (ok)
        return out;
    json_decref(out);
    return NULL;
}
