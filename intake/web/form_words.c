/* What the template of the ticket form asks for (views.h). */
#include "data/base/limits.h"
#include "intake/form/field_text.h"
#include "intake/form/form_find.h"
#include "intake/rules/names.h"
#include "intake/web/views.h"

#include <stdio.h>

static struct bytes reader(const struct page *pg)
{
    return bytes_str(lang_tag(pg->lang));
}

const char *form_words(struct page *pg, const json_t *object, const char *member)
{
    return rules_name_in(json_object_get(object, member), reader(pg));
}

bool form_is_chosen(const json_t *value, const char *id)
{
    const json_t *item;
    size_t i;

    if (json_is_string(value))
        return strcmp(json_string_value(value), id) == 0;
    json_array_foreach(value, i, item)
    {
        if (json_is_string(item) && strcmp(json_string_value(item), id) == 0)
            return true;
    }
    return false;
}

/* --- problem types -------------------------------------------------------------------------- */

bool form_type_is_shown(const struct ticket_form_view *v, const json_t *type)
{
    return form_type_fits(type, json_get_str(v->values, "product"));
}

struct bytes form_type_name(struct page *pg, const struct rules *rules, const json_t *type)
{
    const json_t *parent = rules_find(rules, RULES_TYPES, json_get_str(type, "parent"));
    const char *name = form_words(pg, type, "name");

    if (parent == NULL)
        return bytes_str(name);
    return bytes_str(arena_printf(pg->arena, "%s › %s", form_words(pg, parent, "name"), name));
}

/* --- elements ------------------------------------------------------------------------------- */

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

static struct bytes kept(struct page *pg, struct buf *text)
{
    struct bytes copy = arena_copy(pg->arena, buf_bytes(text));

    if (!buf_ok(text) || (copy.data == NULL && text->len > 0))
        pg->out->failed = true;
    buf_release(text);
    return copy;
}

struct bytes form_answer(struct page *pg, const json_t *field, const json_t *value)
{
    struct buf text = {0};

    if (strcmp(json_get_str(field, "kind"), "yes_no") == 0 && json_is_string(value))
        return page_word(pg, "answer_", bytes_str(json_string_value(value)));
    field_text_add(field, value, reader(pg), &text);
    return kept(pg, &text);
}

/* "by Wi-Fi or by cable": when the field is asked, for pages without script. */
static struct bytes when_words(struct page *pg, const json_t *asked, const json_t *is)
{
    struct buf text = {0};
    const json_t *value;
    size_t i;

    json_array_foreach(is, i, value)
    {
        if (i > 0)
            buf_add_str(&text, " / ");
        buf_add(&text, form_answer(pg, asked, value));
    }
    return kept(pg, &text);
}

static struct bytes joined(struct page *pg, const json_t *list)
{
    struct buf text = {0};
    const json_t *value;
    size_t i;

    json_array_foreach(list, i, value)
    {
        buf_printf(&text, "%s%s", i > 0 ? " " : "", json_string_value(value));
    }
    return kept(pg, &text);
}

static const char *type_of(enum field_kind kind)
{
    return kind == FIELD_DATE    ? "date"
           : kind == FIELD_TIME  ? "time"
           : kind == FIELD_PHONE ? "tel"
                                 : "text";
}

struct form_element form_element_of(struct page *pg, const struct ticket_form_view *v,
                                    const json_t *field)
{
    const char *id = json_get_str(field, "id");
    const json_t *when = json_object_get(field, "when");
    const json_t *asked = field_of(v->form, json_get_str(when, "field"));
    struct form_element e = {.field = field, .kind = FIELD_LINE};

    (void)field_kind_parse(bytes_str(json_get_str(field, "kind")), &e.kind);
    e.id = arena_printf(pg->arena, "f-%s", id);
    e.name = arena_printf(pg->arena, "f.%s", id);
    if (e.id == NULL || e.name == NULL) {
        pg->out->failed = true;
        e.id = e.name = "";
    }
    e.value = json_object_get(v->values, e.name);
    e.text = json_is_string(e.value) ? json_string_value(e.value) : "";
    e.type = type_of(e.kind);
    if (asked != NULL) {
        e.asked = bytes_str(form_words(pg, asked, "label"));
        e.when = when_words(pg, asked, json_object_get(when, "is"));
        e.when_field = bytes_str(arena_printf(pg->arena, "f.%s", json_get_str(asked, "id")));
        e.when_is = joined(pg, json_object_get(when, "is"));
    }
    e.has_help = asked != NULL || form_words(pg, field, "help")[0] != '\0';
    return e;
}

struct bytes form_boxes_shown(struct page *pg, const json_t *form)
{
    struct buf text = {0};
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        if (strcmp(json_get_str(field, "kind"), "choices") == 0)
            buf_printf(&text, "f.%s ", json_get_str(field, "id"));
    }
    return kept(pg, &text);
}
