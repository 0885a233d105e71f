#include "intake/ticket/ticket_form.h"

#include "data/base/hash.h"
#include "data/base/limits.h"

/* --- forms as they were -------------------------------------------------------------------- */

enum status ticket_form_hash(const json_t *form, char hex[FORM_HASH_HEX_BYTES], struct error *err)
{
    char whole[DIGEST_HEX_BYTES];
    struct digest digest;
    struct buf text = {0};
    enum status status = json_write(form, true, &text, err);

    if (status == AF_OK)
        status = buf_status(&text, "a form", err);
    if (status == AF_OK) {
        digest = digest_plain(buf_bytes(&text));
        digest_hex(&digest, whole);
        memcpy(hex, whole, FORM_HASH_HEX_BYTES - 1);
        hex[FORM_HASH_HEX_BYTES - 1] = '\0';
    }
    buf_release(&text);
    return status;
}

static int digit_of(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool ticket_form_parse_hash(const char *hex, uint8_t key[FORM_HASH_BYTES])
{
    if (strlen(hex) != FORM_HASH_HEX_BYTES - 1)
        return false;
    for (size_t i = 0; i < FORM_HASH_BYTES; i++) {
        int high = digit_of(hex[2 * i]), low = digit_of(hex[2 * i + 1]);

        if (high < 0 || low < 0)
            return false;
        key[i] = (uint8_t)(high * 16 + low);
    }
    return true;
}

enum status ticket_form_load(struct txn *txn, const char *hash, json_t **form, struct error *err)
{
    uint8_t key[FORM_HASH_BYTES];

    if (!ticket_form_parse_hash(hash, key))
        return AF_NOT_FOUND;
    return store_get_json(txn, TABLE_FORM, bytes_of(key, sizeof key), form, err);
}

/* --- what a command brings ----------------------------------------------------------------- */

bool ticket_form_is_list(const json_t *list)
{
    const json_t *item;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (!json_is_string(item))
            return false;
    }
    return json_is_array(list);
}

/* Each value a text, or a list of texts. */
static enum status check_values(const json_t *values, struct error *err)
{
    const char *id;
    json_t *value;

    if (!json_is_object(values))
        return error_set(err, AF_INVALID, "\"fields\" is not an object");
    json_object_foreach((json_t *)(uintptr_t)values, id, value)
    {
        if (!json_is_string(value) && !ticket_form_is_list(value))
            return error_set(err, AF_INVALID, "\"fields\" member \"%.60s\" is no value", id);
    }
    return AF_OK;
}

static enum status check_form(struct txn *txn, const json_t *body, struct error *err)
{
    const json_t *form = json_object_get(body, "form"), *text = json_object_get(body, "form_text");
    const char *hash = json_get_str(form, "hash");
    char real[FORM_HASH_HEX_BYTES];
    json_t *stored;
    enum status status;

    if (text == NULL) {
        status = ticket_form_load(txn, hash, &stored, err);
        if (status == AF_OK)
            json_decref(stored);
        return status == AF_NOT_FOUND
                   ? error_set(err, AF_INVALID, "\"form\" names none that is known")
                   : status;
    }
    if (!json_is_object(text))
        return error_set(err, AF_INVALID, "\"form_text\" is not an object");
    status = ticket_form_hash(text, real, err);
    if (status == AF_OK && strcmp(real, hash) != 0)
        return error_set(err, AF_INVALID, "\"form_text\" is another form than \"form\"");
    return status;
}

enum status ticket_form_check_body(struct txn *txn, const json_t *body, struct error *err)
{
    const json_t *type = json_object_get(body, "type"), *fields = json_object_get(body, "fields"),
                 *missing = json_object_get(body, "missing"), *form = json_object_get(body, "form");
    enum status status;

    if (type != NULL && !json_is_string(type))
        return error_set(err, AF_INVALID, "\"type\" is not a text");
    if (missing != NULL && !ticket_form_is_list(missing))
        return error_set(err, AF_INVALID, "\"missing\" is not a list of fields");
    if (form == NULL)
        return fields == NULL && missing == NULL
                   ? AF_OK
                   : error_set(err, AF_INVALID, "\"fields\" without the form they are of");
    if ((status = check_values(fields, err)) != AF_OK)
        return status;
    return check_form(txn, body, err);
}

static enum status keep_form(struct txn *txn, const json_t *body, struct error *err)
{
    const json_t *text = json_object_get(body, "form_text");
    uint8_t key[FORM_HASH_BYTES];

    if (text == NULL)
        return AF_OK;
    if (!ticket_form_parse_hash(json_get_str(json_object_get(body, "form"), "hash"), key))
        return error_set(err, AF_INVALID, "\"form\" has no hash");
    return store_put_json(txn, TABLE_FORM, bytes_of(key, sizeof key), text, err);
}

enum status ticket_form_take(struct txn *txn, json_t *ticket, const json_t *body, struct error *err)
{
    static const char *const members[] = {"type", "form", "fields", "missing"};
    bool ok = true;

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const json_t *value = json_object_get(body, members[i]);

        if (value != NULL)
            json_put(ticket, members[i], json_deep_copy(value), &ok);
    }
    return ok ? keep_form(txn, body, err) : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- what becomes of it -------------------------------------------------------------------- */

static enum status require_open(const json_t *ticket, struct error *err)
{
    if (ticket_state_is_open(ticket_state_of(ticket)))
        return AF_OK;
    return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
}

/* Notes in `old` and `new` what member is another now; null stands for none. */
static void note(const char *member, json_t *before, json_t *after, json_t *old, json_t *new,
                 bool *ok)
{
    if (before == after || (before != NULL && after != NULL && json_equal(before, after)))
        return;
    json_put(old, member, before != NULL ? json_incref(before) : json_null(), ok);
    json_put(new, member, after != NULL ? json_incref(after) : json_null(), ok);
}

/* Takes `old` and `new`. */
static enum status add_change(json_t *ticket, const struct command *command, const char *event,
                              json_t *old, json_t *new, bool ok, struct error *err)
{
    json_t *more = json_pack("{s:o,s:o}", "old", old, "new", new);

    if (more == NULL || !ok) {
        json_decref(more);
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    }
    return ticket_add_event(ticket, command, event, more, err);
}

static bool is_class(const char *class)
{
    static const char *const classes[] = {"technical", "parts", "non_technical", "complaint"};

    for (size_t i = 0; i < 4; i++)
        if (strcmp(class, classes[i]) == 0)
            return true;
    return false;
}

static enum status classify(struct txn *txn, json_t *ticket, const struct command *command,
                            json_t *result, struct error *err)
{
    static const char *const members[] = {"product", "type", "class"};
    json_t *old = json_object(), *new = json_object();
    bool ok = old != NULL && new != NULL;
    enum status status = require_open(ticket, err);

    (void)txn;
    (void)result;
    for (size_t i = 0; i < 3 && status == AF_OK; i++) {
        json_t *value = json_object_get(command->body, members[i]);

        if (value == NULL)
            continue;
        if (!json_is_string(value))
            status = error_set(err, AF_INVALID, "\"%s\" is not a text", members[i]);
        else if (i == 2 && !is_class(json_string_value(value)))
            status = error_set(err, AF_INVALID,
                               "\"class\" must be technical, parts, non_technical or complaint");
        note(members[i], json_object_get(ticket, members[i]), value, old, new, &ok);
    }
    if (status == AF_OK && json_object_size(new) == 0)
        status = error_set(err, AF_CONFLICT, "the ticket is classified so already");
    if (status != AF_OK || !ok) {
        json_decref(old);
        json_decref(new);
        return status != AF_OK ? status : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    }
    if (json_object_update(ticket, new) != 0)
        ok = false;
    return add_change(ticket, command, "classify", old, new, ok, err);
}

enum status ticket_apply_classify(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    return ticket_apply_change(txn, command, classify, result, err);
}

static void note_fields(json_t *before, json_t *after, json_t *old, json_t *new, bool *ok)
{
    const char *id;
    json_t *value;

    json_object_foreach(before, id, value)
    {
        note(id, value, json_object_get(after, id), old, new, ok);
    }
    json_object_foreach(after, id, value)
    {
        note(id, json_object_get(before, id), value, old, new, ok);
    }
}

static enum status set_fields(struct txn *txn, json_t *ticket, const struct command *command,
                              json_t *result, struct error *err)
{
    json_t *old, *new, *values = json_object_get(command->body, "fields");
    bool ok = true;
    enum status status = require_open(ticket, err);

    (void)result;
    if (status == AF_OK && !json_is_object(json_object_get(command->body, "form")))
        status = error_set(err, AF_INVALID, "\"form\" is missing");
    if (status == AF_OK)
        status = ticket_form_check_body(txn, command->body, err);
    if (status != AF_OK)
        return status;
    old = json_object();
    new = json_object();
    note_fields(json_object_get(ticket, "fields"), values, old, new, &ok);
    status = add_change(ticket, command, "fields", old, new, ok, err);
    (void)json_object_del(ticket, "missing");
    if (status == AF_OK)
        status = ticket_form_take(txn, ticket, command->body, err);
    return status;
}

enum status ticket_apply_fields(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    return ticket_apply_change(txn, command, set_fields, result, err);
}
