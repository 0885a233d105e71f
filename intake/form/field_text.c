#include "intake/form/field_text.h"

#include "intake/rules/names.h"

static const char *choice_label(const json_t *field, const char *id, struct bytes lang)
{
    const json_t *choice;
    size_t i;

    json_array_foreach(json_object_get(field, "choices"), i, choice)
    {
        if (strcmp(json_get_str(choice, "id"), id) == 0)
            return rules_name_in(json_object_get(choice, "label"), lang);
    }
    return id;
}

void field_text_add(const json_t *field, const json_t *value, struct bytes lang, struct buf *out)
{
    const char *unit = rules_name_in(json_object_get(field, "unit"), lang);
    const char *comma = bytes_has_prefix(lang, BYTES_LIT("en")) ? ", " : "、";
    const json_t *item;
    size_t i;

    if (json_is_string(value)) {
        buf_add_str(out, choice_label(field, json_string_value(value), lang));
        if (unit[0] != '\0')
            buf_printf(out, " %s", unit);
    }
    json_array_foreach(value, i, item)
    {
        buf_printf(out, "%s%s", i > 0 ? comma : "",
                   choice_label(field, json_string_value(item), lang));
    }
}
