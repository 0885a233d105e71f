#include "intake/desk/ticket_fields.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/form/form_check.h"
#include "intake/form/form_find.h"
#include "intake/ticket/ticket_form.h"

/* --- the form ------------------------------------------------------------------------------ */

struct asking {
    const json_t *form;
    uint32_t version;
    bool is_incomplete;
    int64_t now_ms;
    json_t **errors; /* or NULL */
};

/* Is it in the table already, or is it sent along? */
static enum status add_text(struct txn *txn, const struct asking *asking, const char *hash,
                            json_t *body, struct error *err)
{
    json_t *stored;
    bool ok = true;
    enum status status = ticket_form_load(txn, hash, &stored, err);

    if (status == AF_OK)
        json_decref(stored);
    else if (status == AF_NOT_FOUND)
        json_put(body, "form_text", json_deep_copy(asking->form), &ok);
    else
        return status;
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a form");
}

static enum status add_form(struct txn *txn, const struct asking *asking, struct form_result *taken,
                            json_t *body, struct error *err)
{
    char hash[FORM_HASH_HEX_BYTES];
    bool ok = true;
    enum status status = ticket_form_hash(asking->form, hash, err);

    if (status != AF_OK)
        return status;
    json_put(body, "form",
             json_pack("{s:s,s:I,s:s}", "id", json_get_str(asking->form, "id"), "version",
                       (json_int_t)asking->version, "hash", hash),
             &ok);
    json_put(body, "fields", json_incref(taken->values), &ok);
    if (json_array_size(taken->missing) > 0)
        json_put(body, "missing", json_incref(taken->missing), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a form");
    return add_text(txn, asking, hash, body, err);
}

/* `always`: also when nothing was filled in. */
static enum status take_form(struct txn *txn, const struct asking *asking, const json_t *given,
                             bool always, json_t *body, struct error *err)
{
    struct form_result taken;
    enum status status =
        form_check(asking->form, given, asking->is_incomplete, asking->now_ms, &taken, err);

    if (status == AF_INVALID && asking->errors != NULL && json_array_size(taken.errors) > 0)
        *asking->errors = json_incref(taken.errors);
    if (status == AF_OK &&
        (always || json_object_size(taken.values) > 0 || json_array_size(taken.missing) > 0))
        status = add_form(txn, asking, &taken, body, err);
    form_result_release(&taken);
    return status;
}

static struct asking asking_of(const struct rules *rules, const char *class, const char *product,
                               const char *type)
{
    const struct form_question question = {class, product, type};

    return (struct asking){.form = form_find(rules, &question),
                           .version = rules->versions[RULES_FORMS]};
}

static enum status take_all(struct txn *txn, const struct rules *rules,
                            const struct ticket_input *input, int64_t now_ms, json_t *body,
                            struct error *err)
{
    const char *type = json_get_str(body, "type"), *product = json_get_str(body, "product");
    struct asking asking = asking_of(rules, json_get_str(body, "class"), product, type);
    enum status status;

    /* what a consult was about may be in no tree */
    status = ticket_check_kind(rules, input->product.len > 0, product, type, input->errors, err);
    asking.is_incomplete = input->is_incomplete;
    asking.now_ms = now_ms;
    asking.errors = input->errors;
    if (status == AF_OK)
        status = take_form(txn, &asking, input->fields, false, body, err);
    return status;
}

enum status ticket_take_fields(struct app *app, const struct who *who,
                               const struct ticket_input *input, int64_t now_ms, json_t *body,
                               struct error *err)
{
    struct rules rules = {0};
    struct txn *txn;
    bool ok = true;
    enum status status = ticket_check_text("type", input->type, RULES_ID_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (input->is_incomplete && !who_is_staff(who))
        return error_set(err, AF_DENIED,
                         "\"incomplete\" is for staff who enter what somebody says");
    if (input->type.len > 0)
        json_put(body, "type", json_from_bytes(input->type), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    if ((status = rules_load_in(app, txn, &rules, err)) == AF_OK)
        status = take_all(txn, &rules, input, now_ms, body, err);
    rules_release(&rules);
    txn_abort(txn);
    return status;
}

enum status ticket_add_form(struct txn *txn, json_t *ticket, struct error *err)
{
    json_t *form = json_object_get(ticket, "form"), *text;
    bool ok = true;
    enum status status;

    if (form == NULL)
        return AF_OK;
    status = ticket_form_load(txn, json_get_str(form, "hash"), &text, err);
    if (status != AF_OK)
        return status == AF_NOT_FOUND
                   ? error_set(err, AF_CORRUPT, "damaged: table form: a ticket's form is gone")
                   : status;
    json_put(form, "fields", json_incref(json_object_get(text, "fields")), &ok);
    (void)json_object_del(form, "hash"); /* the store's own */
    json_decref(text);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- the form, again ----------------------------------------------------------------------- */

static const char *by(const struct who *who)
{
    return who->name[0] != '\0' ? who->name : role_name(who->role);
}

struct filling {
    struct app *app;
    const json_t *values;
    bool is_incomplete;
    json_t **errors;
};

/* What is there and the form has, with what came over it. The caller owns it. */
static json_t *merge(const json_t *form, const json_t *ticket, const json_t *values)
{
    const json_t *old = json_object_get(ticket, "fields"), *field;
    json_t *all = json_object();
    bool ok = all != NULL;
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        const char *id = json_get_str(field, "id");
        json_t *value = json_object_get(old, id);

        if (value != NULL)
            json_put(all, id, json_incref(value), &ok);
    }
    if (ok && json_object_update(all, (json_t *)(uintptr_t)values) == 0)
        return all;
    json_decref(all);
    return NULL;
}

static enum status decide_fields(void *context, const struct rules *rules, const json_t *ticket,
                                 int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    struct filling *filling = context;
    struct asking asking = asking_of(rules, json_get_str(ticket, "class"),
                                     json_get_str(ticket, "product"), json_get_str(ticket, "type"));
    json_t *all = merge(asking.form, ticket, filling->values);
    struct txn *txn;
    enum status status;

    (void)clocks;
    if (all == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a form");
    (void)json_object_del(body, "missing");
    (void)json_object_del(body, "form_text");
    asking.is_incomplete = filling->is_incomplete;
    asking.now_ms = now_ms;
    asking.errors = filling->errors;
    status = store_begin_read(app_store(filling->app), &txn, err);
    if (status == AF_OK) {
        status = take_form(txn, &asking, all, true, body, err);
        txn_abort(txn);
    }
    json_decref(all);
    return status;
}

enum status ticket_set_fields(struct app *app, const struct who *who, uint32_t no,
                              const json_t *values, bool is_incomplete, json_t **errors,
                              struct error *err)
{
    struct filling filling = {app, values, is_incomplete, errors};
    const struct ticket_change change = {.kind = "ticket.fields",
                                         .moment = MOMENT_NOTE,
                                         .decide = decide_fields,
                                         .context = &filling};
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (!json_is_object(values))
        return error_set(err, AF_INVALID, "\"fields\" must be an object: a value for each field");
    return ticket_change(
        app, who, no, &change,
        json_pack("{s:I,s:s,s:s}", "ticket", (json_int_t)no, "by", by(who), "reason", ""), NULL,
        err);
}
