/* For `check`: what was filled in on tickets, and the forms it was asked with. */
#include "intake/ticket/ticket_form.h"

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

static void inspect_fields(struct inspection *in, const json_t *ticket, const json_t *form)
{
    const char *id;
    json_t *value, *missing;
    size_t i;

    json_object_foreach(json_object_get(ticket, "fields"), id, value)
    {
        if (!has_field(form, id))
            inspect_say(in, "its form has no field \"%.60s\"", id);
        if (!json_is_string(value) && !ticket_form_is_list(value))
            inspect_say(in, "its field \"%.60s\" has no value", id);
    }
    json_array_foreach(json_object_get(ticket, "missing"), i, missing)
    {
        if (!json_is_string(missing) || !has_field(form, json_string_value(missing)))
            inspect_say(in, "its form has no field that it misses");
    }
}

void ticket_form_inspect(struct inspection *in, const json_t *ticket)
{
    const json_t *form = json_object_get(ticket, "form");
    json_t *text = NULL;
    enum status status;

    if (form == NULL) {
        if (json_object_get(ticket, "fields") != NULL || json_object_get(ticket, "missing") != NULL)
            inspect_say(in, "it has fields and no form");
        return;
    }
    status = ticket_form_load(in->txn, json_get_str(form, "hash"), &text, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "its form %.40s is not in table form", json_get_str(form, "id"));
    if (status == AF_OK)
        inspect_fields(in, ticket, text);
    if (status == AF_OK)
        json_decref(text);
}

static void check_form_row(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *form = inspect_object(in, body);
    char hex[FORM_HASH_HEX_BYTES];
    uint8_t real[FORM_HASH_BYTES];

    if (form == NULL)
        return;
    if (ticket_form_hash(form, hex, NULL) != AF_OK)
        in->no_memory = true;
    else if (!ticket_form_parse_hash(hex, real) || !bytes_equal(key, bytes_of(real, sizeof real)))
        inspect_say(in, "it is not the form of that hash");
    json_decref(form);
}

enum status ticket_form_check_table(struct txn *txn, fault_fn fault, void *context,
                                    struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};

    return inspect_rows(&in, TABLE_FORM, check_form_row, err);
}
