#include "intake/form/field_value_impl.h"

#include "data/base/limits.h"
#include "intake/form/characters.h"

#include <inttypes.h>
#include <stdio.h>

enum status taking_refuse(struct taking *t, const char *code)
{
    t->fault->code = code;
    return AF_OK;
}

enum status taking_refuse_count(struct taking *t, const char *code, int64_t limit)
{
    (void)snprintf(t->fault->limit, sizeof t->fault->limit, "%" PRId64, limit);
    t->fault->is_count = true;
    return taking_refuse(t, code);
}

enum status taking_refuse_text(struct taking *t, const char *code, const char *limit)
{
    (void)snprintf(t->fault->limit, sizeof t->fault->limit, "%s", limit);
    return taking_refuse(t, code);
}

/* --- choices -------------------------------------------------------------------------------- */

static bool has_choice(const json_t *field, const char *id)
{
    const json_t *choice;
    size_t i;

    json_array_foreach(json_object_get(field, "choices"), i, choice)
    {
        if (strcmp(json_get_str(choice, "id"), id) == 0)
            return true;
    }
    return false;
}

static bool is_in(const json_t *list, const char *id)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), id) == 0)
            return true;
    }
    return false;
}

/* Each once, in the form's order, whatever order the page sent them in. */
static enum status take_choices(struct taking *t, const json_t *given, json_t **value)
{
    const json_t *item, *choice;
    json_t *list;
    bool ok = true;
    size_t i;

    json_array_foreach(given, i, item)
    {
        if (!json_is_string(item) || !has_choice(t->field, json_string_value(item)))
            return taking_refuse(t, "not_choice");
    }
    if (json_array_size(given) == 0)
        return AF_OK;
    list = json_array();
    json_array_foreach(json_object_get(t->field, "choices"), i, choice)
    {
        const char *id = json_get_str(choice, "id");

        if (is_in(given, id))
            ok = json_array_append_new(list, json_string(id)) == 0 && ok;
    }
    if (list == NULL || !ok) {
        json_decref(list);
        return error_set(t->err, AF_NO_MEMORY, "no memory for a value");
    }
    *value = list;
    return AF_OK;
}

/* --- one value ------------------------------------------------------------------------------ */

static bool has_control(struct bytes text, bool lines)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        if ((c < 0x20 && !(lines && (c == '\n' || c == '\t'))) || c == 0x7F)
            return true;
    }
    return false;
}

static enum status check_length(struct taking *t, struct bytes text)
{
    const json_t *max = json_object_get(t->field, "length_max");
    json_int_t most = max != NULL ? json_integer_value(max) : field_kind_length(t->kind);
    json_int_t least = json_integer_value(json_object_get(t->field, "length_min"));
    size_t count = 0;
    enum status status = characters_count(text, &count, t->err);

    if (status != AF_OK || most == 0)
        return status;
    if ((json_int_t)count > most)
        return taking_refuse_count(t, "too_long", most);
    if ((json_int_t)count < least)
        return taking_refuse_count(t, "too_short", least);
    return AF_OK;
}

static enum status take_meaning(struct taking *t, struct buf *text)
{
    if (t->kind == FIELD_CHOICE && !has_choice(t->field, buf_str(text)))
        return taking_refuse(t, "not_choice");
    if (t->kind == FIELD_YES_NO && strcmp(buf_str(text), "yes") != 0 &&
        strcmp(buf_str(text), "no") != 0)
        return taking_refuse(t, "not_yes_no");
    return taking_kind(t, text);
}

static enum status take_string(struct taking *t, struct bytes given, json_t **value)
{
    bool is_prose = t->kind == FIELD_LINE || t->kind == FIELD_TEXT;
    struct bytes inner = plain_trim(given);
    struct buf text = {0};
    enum status status;

    if (inner.len == 0)
        return AF_OK;
    if (inner.len > FORM_VALUE_BYTES_MAX)
        return taking_refuse_count(t, "too_long", FORM_VALUE_BYTES_MAX);
    if (is_prose)
        plain_add_lines(&text, inner);
    else
        plain_add_narrow(&text, inner);
    status = buf_status(&text, "a value", t->err);
    if (status == AF_OK && has_control(buf_bytes(&text), t->kind == FIELD_TEXT))
        status = taking_refuse(t, "not_line");
    if (status == AF_OK && t->fault->code == NULL)
        status = take_meaning(t, &text);
    if (status == AF_OK && t->fault->code == NULL)
        status = check_length(t, buf_bytes(&text));
    if (status == AF_OK && t->fault->code == NULL &&
        (*value = json_from_bytes(buf_bytes(&text))) == NULL)
        status = error_set(t->err, AF_NO_MEMORY, "no memory for a value");
    buf_release(&text);
    return status;
}

/* A number as JSON has it: to the text that a person would have typed. */
static enum status take_json_number(struct taking *t, const json_t *given, json_t **value)
{
    char text[40];

    if (json_is_integer(given))
        (void)snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(given));
    else
        (void)snprintf(text, sizeof text, "%.15g", json_real_value(given));
    return take_string(t, bytes_str(text), value);
}

enum status field_value_take(const json_t *field, const json_t *given, int64_t now_ms,
                             json_t **value, struct field_fault *fault, struct error *err)
{
    struct taking t = {.field = field, .now_ms = now_ms, .fault = fault, .err = err};

    *value = NULL;
    *fault = (struct field_fault){0};
    if (!field_kind_parse(bytes_str(json_get_str(field, "kind")), &t.kind))
        return error_set(err, AF_CORRUPT, "a form has a field of no known kind");
    if (given == NULL || json_is_null(given) ||
        (json_is_string(given) &&
         plain_trim(bytes_of(json_string_value(given), json_string_length(given))).len == 0))
        return AF_OK;
    if (t.kind == FIELD_FILE)
        return taking_refuse(&t, "no_value");
    if (t.kind == FIELD_CHOICES && json_is_array(given))
        return take_choices(&t, given, value);
    if (t.kind == FIELD_CHOICES && json_is_string(given)) {
        json_t *list = json_pack("[O]", given);
        enum status status = list == NULL ? error_set(err, AF_NO_MEMORY, "no memory for a value")
                                          : take_choices(&t, list, value);

        json_decref(list);
        return status;
    }
    if (t.kind == FIELD_YES_NO && json_is_boolean(given))
        return take_string(&t, bytes_str(field_yes_no[json_is_true(given) ? 0 : 1]), value);
    if (t.kind == FIELD_NUMBER && json_is_number(given))
        return take_json_number(&t, given, value);
    if (!json_is_string(given))
        return taking_refuse(&t, "not_text");
    return take_string(&t, bytes_of(json_string_value(given), json_string_length(given)), value);
}

/* --- sentences ------------------------------------------------------------------------------ */

static const struct {
    const char *code, *before, *after; /* of the limit; after NULL: it is not said */
} sentences[] = {
    {"missing",     "this is required",                                   NULL                      },
    {"unknown",     "the form has no such field",                         NULL                      },
    {"too_long",    "at most ",                                           " characters"             },
    {"too_short",   "at least ",                                          " characters"             },
    {"not_choice",  "this is none of the choices",                        NULL                      },
    {"not_number",  "this is not a number",                               NULL                      },
    {"not_whole",   "this is a whole number",                             NULL                      },
    {"decimals",    "at most ",                                           " digits behind the point"},
    {"too_small",   "at least ",                                          ""                        },
    {"too_large",   "at most ",                                           ""                        },
    {"not_date",    "this is no day like 2026-11-22",                     NULL                      },
    {"in_future",   "this day has not come yet",                          NULL                      },
    {"not_time",    "this is no time like 09:05",                         NULL                      },
    {"not_serial",  "this is no serial number",                           NULL                      },
    {"not_like",    "this is no serial number like ",                     ""                        },
    {"not_version", "this is no version like 2.1.3",                      NULL                      },
    {"not_yes_no",  "this is yes or no",                                  NULL                      },
    {"not_phone",   "this is no telephone number",                        NULL                      },
    {"not_mail",    "this is no complete mail address",                   NULL                      },
    {"not_line",    "there is a line break or a control character in it", NULL                      },
    {"not_text",    "this is a text",                                     NULL                      },
    {"no_value",    "this asks for a file and takes no value",            NULL                      },
};

void field_fault_sentence(const struct field_fault *fault, struct buf *out)
{
    for (size_t i = 0; i < sizeof sentences / sizeof sentences[0]; i++) {
        if (strcmp(sentences[i].code, fault->code) != 0)
            continue;
        buf_add_str(out, sentences[i].before);
        if (sentences[i].after != NULL)
            buf_printf(out, "%s%s", fault->limit, sentences[i].after);
        return;
    }
    buf_add_str(out, fault->code);
}
