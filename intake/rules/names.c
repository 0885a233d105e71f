#include "intake/rules/names.h"

static const char *find(const json_t *name, const char *lang)
{
    const char *text = json_get_str(name, lang);

    return text[0] != '\0' ? text : NULL;
}

static bool is_of(struct bytes lang, const char *prefix)
{
    return bytes_has_prefix(lang, bytes_str(prefix));
}

/* Readers of one Chinese script read the other with some trouble, and better than English. */
static const char *chinese(const json_t *name, struct bytes lang)
{
    bool is_traditional = is_of(lang, "zh-Hant") || is_of(lang, "zh-TW") || is_of(lang, "zh-HK");
    const char *own = find(name, is_traditional ? "zh-Hant" : "zh-Hans");

    return own != NULL ? own : find(name, is_traditional ? "zh-Hans" : "zh-Hant");
}

const char *rules_name_in(const json_t *name, struct bytes lang)
{
    const char *text = NULL, *member;
    json_t *any;

    if (json_is_string(name))
        return json_string_value(name);
    if (is_of(lang, "zh"))
        text = chinese(name, lang);
    else if (is_of(lang, "ja"))
        text = find(name, "ja");
    if (text == NULL)
        text = find(name, "en");
    if (text != NULL)
        return text;
    json_object_foreach((json_t *)(uintptr_t)name, member, any)
    {
        if (json_is_string(any))
            return json_string_value(any);
    }
    return "";
}
