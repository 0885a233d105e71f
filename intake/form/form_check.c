#include "intake/form/form_check.h"

#include "data/base/limits.h"

#include <stdlib.h>

void form_result_release(struct form_result *result)
{
    json_decref(result->values);
    json_decref(result->errors);
    json_decref(result->missing);
    *result = (struct form_result){0};
}

static bool is_among(const json_t *list, const char *word)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (strcmp(json_string_value(item), word) == 0)
            return true;
    }
    return false;
}

static bool is_asked(const json_t *field, const json_t *values)
{
    const json_t *when = json_object_get(field, "when"), *wanted = json_object_get(when, "is");
    const json_t *value = json_object_get(values, json_get_str(when, "field")), *item;
    size_t i;

    if (when == NULL)
        return true;
    if (json_is_string(value))
        return is_among(wanted, json_string_value(value));
    json_array_foreach(value, i, item)
    {
        if (is_among(wanted, json_string_value(item)))
            return true;
    }
    return false;
}

static bool form_add_error(json_t *errors, const char *field, const struct field_fault *fault)
{
    json_t *item = json_pack("{s:s,s:s}", "field", field, "code", fault->code);
    struct buf sentence = {0};
    bool ok = item != NULL;

    if (fault->is_count)
        json_put(item, "limit", json_integer(strtoll(fault->limit, NULL, 10)), &ok);
    else if (fault->limit[0] != '\0')
        json_put(item, "limit", json_string(fault->limit), &ok);
    field_fault_sentence(fault, &sentence);
    json_put(item, "message", json_from_bytes(buf_bytes(&sentence)), &ok);
    buf_release(&sentence);
    if (ok && buf_ok(&sentence))
        return json_array_append_new(errors, item) == 0;
    json_decref(item);
    return false;
}

/* One field of the form. */
static enum status check_field(const json_t *field, const json_t *given, bool may_miss,
                               int64_t now_ms, struct form_result *out, struct error *err)
{
    const char *id = json_get_str(field, "id");
    struct field_fault fault;
    json_t *value;
    bool ok = true;
    enum status status;

    if (!is_asked(field, out->values))
        return AF_OK;
    status = field_value_take(field, json_object_get(given, id), now_ms, &value, &fault, err);
    if (status != AF_OK)
        return status;
    if (value == NULL && fault.code == NULL && json_get_bool(field, "required")) {
        if (may_miss)
            ok = json_array_append_new(out->missing, json_string(id)) == 0;
        else
            fault.code = "missing";
    }
    if (value != NULL)
        json_put(out->values, id, value, &ok);
    if (fault.code != NULL)
        ok = form_add_error(out->errors, id, &fault) && ok;
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory to check a form");
}

static bool has_field(const json_t *form, const char *id)
{
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        if (strcmp(json_get_str(field, "id"), id) == 0)
            return true;
    }
    return false;
}

/* Of what came and is no field of the form. */
static enum status check_unknown(const json_t *form, const json_t *given, struct form_result *out,
                                 struct error *err)
{
    const struct field_fault fault = {.code = "unknown"};
    const char *id;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)given, id, value)
    {
        if (has_field(form, id))
            continue;
        if (json_array_size(out->errors) == COMPLAINTS_MAX)
            break;
        if (!form_add_error(out->errors, id, &fault))
            return error_set(err, AF_NO_MEMORY, "no memory to check a form");
    }
    return AF_OK;
}

static enum status check_size(const json_t *values, struct error *err)
{
    struct buf text = {.ceiling = FORM_VALUES_BYTES_MAX + 1};
    bool is_too_large = json_write(values, false, &text, err) != AF_OK || !buf_ok(&text);

    buf_release(&text);
    return is_too_large ? error_set(err, AF_TOO_LARGE, "all fields together: at most %u bytes",
                                    FORM_VALUES_BYTES_MAX)
                        : AF_OK;
}

/* The first error as a sentence, for who reads no list. */
static enum status verdict(const json_t *errors, struct error *err)
{
    const json_t *first = json_array_get(errors, 0);
    size_t count = json_array_size(errors);

    if (count == 0)
        return AF_OK;
    (void)error_set(err, AF_INVALID, "\"fields\", \"%.60s\": %.120s", json_get_str(first, "field"),
                    json_get_str(first, "message"));
    if (count > 1)
        (void)error_prefix(err, "%zu faults, the first", count);
    return AF_INVALID;
}

enum status form_check(const json_t *form, const json_t *given, bool may_miss, int64_t now_ms,
                       struct form_result *out, struct error *err)
{
    const json_t *field;
    size_t i;
    enum status status = AF_OK;

    *out = (struct form_result){json_object(), json_array(), json_array()};
    if (out->values == NULL || out->errors == NULL || out->missing == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory to check a form");
    if (given != NULL && !json_is_null(given) && !json_is_object(given))
        return error_set(err, AF_INVALID, "\"fields\" must be an object: a value for each field");
    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        if ((status = check_field(field, given, may_miss, now_ms, out, err)) != AF_OK)
            return status;
    }
    if ((status = check_unknown(form, given, out, err)) != AF_OK ||
        (status = check_size(out->values, err)) != AF_OK)
        return status;
    return verdict(out->errors, err);
}
