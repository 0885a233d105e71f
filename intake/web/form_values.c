#include "intake/web/form_values.h"

#include "data/base/limits.h"
#include "intake/form/form_check.h"
#include "intake/form/form_find.h"
#include "intake/rules/names.h"

#include <stdio.h>

/* --- reading -------------------------------------------------------------------------------- */

static bool is_value(struct bytes name)
{
    static const char *const others[] = {"c", "d", "key", "do", "shown", "token"};

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (bytes_equal(name, bytes_str(others[i])))
            return false;
    return name.len > 0;
}

/* Blanks around it are nobody's words. */
static struct bytes trimmed(struct bytes text)
{
    while (text.len > 0 && text.data[0] <= ' ')
        text = bytes_of(text.data + 1, text.len - 1);
    while (text.len > 0 && text.data[text.len - 1] <= ' ')
        text.len--;
    return text;
}

static void add_value(json_t *values, const struct pair *pair, bool *ok)
{
    const char *name = (const char *)pair->name.data;
    json_t *old = json_object_get(values, name), *text = json_from_bytes(trimmed(pair->value));

    if (old == NULL)
        json_put(values, name, text, ok);
    else if (json_is_array(old))
        *ok = json_array_append_new(old, text) == 0 && *ok;
    else
        json_put(values, name, json_pack("[O,o]", old, text), ok);
}

/* "f.lights f.task": names between blanks. */
static void add_unticked(json_t *values, struct bytes shown, bool *ok)
{
    size_t at = 0;

    while (at < shown.len) {
        const uint8_t *end = memchr(shown.data + at, ' ', shown.len - at);
        size_t len = end == NULL ? shown.len - at : (size_t)(end - shown.data) - at;
        char name[RULES_ID_BYTES_MAX + 3];

        if (len > 0 && len < sizeof name) {
            memcpy(name, shown.data + at, len);
            name[len] = '\0';
            if (json_object_get(values, name) == NULL)
                json_put(values, name, json_string(""), ok);
        }
        at += len + 1;
    }
}

json_t *form_values_read(const struct pairs *form)
{
    const struct bytes *shown = pairs_find(form, "shown");
    json_t *values = json_object();
    bool ok = values != NULL;

    for (size_t i = 0; ok && i < form->count; i++)
        if (is_value(form->list[i].name))
            add_value(values, &form->list[i], &ok);
    if (ok && shown != NULL)
        add_unticked(values, *shown, &ok);
    if (ok)
        return values;
    json_decref(values);
    return NULL;
}

/* --- parts ---------------------------------------------------------------------------------- */

const json_t *form_values_form(const struct rules *rules, const json_t *values)
{
    const struct form_question question = {json_get_str(values, "class"),
                                           json_get_str(values, "product"),
                                           json_get_str(values, "type")};

    return form_find(rules, &question);
}

json_t *form_values_contact(const json_t *values)
{
    static const char *const members[] = {"name", "mail", "phone", "company"};
    json_t *contact = json_object();
    bool ok = contact != NULL;

    for (size_t i = 0; ok && i < sizeof members / sizeof members[0]; i++)
        if (json_get_str(values, members[i])[0] != '\0')
            json_put(contact, members[i], json_incref(json_object_get(values, members[i])), &ok);
    if (ok)
        return contact;
    json_decref(contact);
    return NULL;
}

json_t *form_values_fields(const json_t *form, const json_t *values)
{
    json_t *fields = json_object();
    const json_t *field;
    bool ok = fields != NULL;
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        const char *id = json_get_str(field, "id");
        char name[RULES_ID_BYTES_MAX + 3];
        json_t *value;

        (void)snprintf(name, sizeof name, "f.%s", id);
        if ((value = json_object_get(values, name)) != NULL)
            json_put(fields, id, json_incref(value), &ok);
    }
    if (ok)
        return fields;
    json_decref(fields);
    return NULL;
}

/* --- faults --------------------------------------------------------------------------------- */

static void add_fault(struct form_faults *faults, const char *id, struct bytes label,
                      struct bytes text)
{
    if (faults->count < FORM_FAULTS_MAX)
        faults->list[faults->count++] = (struct field_error){id, label, text};
}

static void add_known(struct page *pg, struct form_faults *faults, const char *id,
                      enum text_key label, enum text_key text)
{
    add_fault(faults, id, page_text_value(pg, label, NULL, 0), page_text_value(pg, text, NULL, 0));
}

static const json_t *field_of(const json_t *form, const char *id)
{
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        if (strcmp(json_get_str(field, "id"), id) == 0)
            return field;
    }
    return NULL;
}

/* The catalog's words for a code, with the limit; the service's sentence when it has none. */
static struct bytes sentence(struct page *pg, const json_t *error)
{
    const json_t *limit = json_object_get(error, "limit");
    const char *name = arena_printf(pg->arena, "fault_form_%s", json_get_str(error, "code"));
    const char *text = json_is_string(limit)
                           ? json_string_value(limit)
                           : arena_printf(pg->arena, "%lld", (long long)json_integer_value(limit));
    enum text_key key;

    if (name == NULL || text == NULL || !text_find(name, &key))
        return arena_copy(pg->arena, bytes_str(json_get_str(error, "message")));
    return page_text_value(pg, key, (const struct bytes[]){bytes_str(text)}, 1);
}

static void add_form_errors(struct page *pg, const json_t *form, const json_t *errors,
                            struct form_faults *faults)
{
    const struct bytes lang = bytes_str(lang_tag(pg->lang));
    const json_t *error;
    size_t i;

    json_array_foreach(errors, i, error)
    {
        const json_t *field = field_of(form, json_get_str(error, "field"));
        const char *id = arena_printf(pg->arena, "f-%s", json_get_str(error, "field"));

        if (id != NULL)
            add_fault(faults, id, bytes_str(rules_name_in(json_object_get(field, "label"), lang)),
                      sentence(pg, error));
    }
}

static bool is_mail(struct bytes mail)
{
    const uint8_t *at = mail.len == 0 ? NULL : memchr(mail.data, '@', mail.len);

    return at != NULL && at != mail.data && at != mail.data + mail.len - 1;
}

static bool is_blank(const json_t *values, const char *name)
{
    return bytes_is_blank(bytes_str(json_get_str(values, name)));
}

enum status form_faults_find(struct page *pg, const struct ticket_form_view *view,
                             bool is_self_service, bool may_miss, int64_t now_ms,
                             struct form_faults *out, struct error *err)
{
    const json_t *values = view->values;
    const char *type = json_get_str(values, "type");
    const json_t *known = rules_find(view->rules, RULES_TYPES, type);
    json_t *fields = form_values_fields(view->form, values);
    struct form_result result;
    enum status status;

    *out = (struct form_faults){.count = 0};
    if (is_blank(values, "title"))
        add_known(pg, out, "title", T_form_title, T_fault_title);
    if (type[0] != '\0' &&
        (known == NULL || !form_type_fits(known, json_get_str(values, "product"))))
        add_known(pg, out, "type", T_form_type, T_fault_form_other_product);
    status = form_check(view->form, fields, may_miss, now_ms, &result, err);
    add_form_errors(pg, view->form, result.errors, out);
    form_result_release(&result);
    json_decref(fields);
    if (is_self_service && is_blank(values, "mail") && is_blank(values, "phone"))
        add_known(pg, out, "contact", T_form_contact, T_fault_contact);
    if (!is_blank(values, "mail") && !is_mail(bytes_str(json_get_str(values, "mail"))))
        add_known(pg, out, "mail", T_form_mail, T_fault_mail);
    return status == AF_INVALID ? AF_OK : status; /* AF_TOO_LARGE: told as a page's problem */
}
