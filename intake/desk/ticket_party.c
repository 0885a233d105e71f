#include "intake/desk/ticket_party.h"

#include "data/base/clock.h"
#include "intake/ask/consult.h"
#include "intake/channel.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/party/entitlement.h"
#include "intake/party/party_match.h"
#include "intake/ticket/ticket_record.h"

#include <stdio.h>

#define DAY_MS INT64_C(86400000)

/* --- who put it in --------------------------------------------------------------------------- */

static const char *rep_of(const struct party_match *match)
{
    const char *own = json_get_str(match->contact, "rep");

    return own[0] != '\0' ? own : json_get_str(match->account, "rep");
}

/* A program with a token that brings a question from a self-service channel is the customer's own
 * way in; staff who sit at the page are agents. */
static const char *entered_by(const struct who *who, const char *channel, const char *rep)
{
    const struct channel *known = channel_find(bytes_str(channel));

    if (strcmp(channel, "rep") == 0 || (who->name[0] != '\0' && strcmp(who->name, rep) == 0))
        return "rep";
    if (!who_is_staff(who))
        return "customer";
    return known != NULL && known->is_self_service && strncmp(who->name, "token.", 6) == 0
               ? "customer"
               : "agent";
}

/* --- which one it is about -------------------------------------------------------------------- */

static const char *form_serial(const struct rules *rules, const json_t *body)
{
    const json_t *form =
        rules_find(rules, RULES_FORMS, json_get_str(json_object_get(body, "form"), "id"));
    const json_t *field;
    size_t i;

    json_array_foreach(json_object_get(form, "fields"), i, field)
    {
        if (strcmp(json_get_str(field, "kind"), "serial") == 0)
            return json_get_str(json_object_get(body, "fields"), json_get_str(field, "id"));
    }
    return "";
}

/* What cannot be read as one is none: the words are on the ticket all the same. */
static void read_serial(const struct rules *rules, struct bytes given, const json_t *body,
                        char out[SERIAL_TEXT_BYTES])
{
    struct error unread;

    if (given.len == 0)
        given = bytes_str(form_serial(rules, body));
    if (serial_normalise(given, out, &unread) != AF_OK)
        out[0] = '\0';
}

/* --- members --------------------------------------------------------------------------------- */

static void put_text(json_t *body, const char *member, const char *text, bool *ok)
{
    if (text[0] != '\0')
        json_put(body, member, json_string(text), ok);
    else
        (void)json_object_del(body, member);
}

/* "level" becomes a member of its own. */
static enum status put_entitlement(json_t *body, json_t *verdict, struct error *err)
{
    bool ok = true;

    json_put(body, "level", json_incref(json_object_get(verdict, "level")), &ok);
    (void)json_object_del(verdict, "level");
    json_put(body, "entitlement", verdict, &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

static enum status put_match(json_t *body, const struct party_match *match, const char *by,
                             struct error *err)
{
    bool ok = true;

    put_text(body, "party", json_get_str(match->contact, "id"), &ok);
    put_text(body, "party_by", by, &ok);
    put_text(body, "account", json_get_str(match->account, "id"), &ok);
    put_text(body, "rep", rep_of(match), &ok);
    if (match->also != NULL)
        json_put(body, "party_also", json_incref(match->also), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

static enum status check_entitled(struct txn *txn, const struct rules *rules,
                                  const struct party_match *match, const char *product,
                                  const char *serial, int64_t at_ms, json_t *body,
                                  struct error *err)
{
    const struct entitlement_question question = {
        .contact = json_get_str(match->contact, "id"),
        .account = json_get_str(match->account, "id"),
        .product = product,
        .serial = serial,
        .at_ms = at_ms,
    };
    json_t *verdict;
    enum status status = entitlement_check(txn, rules, &question, &verdict, err);

    return status == AF_OK ? put_entitlement(body, verdict, err) : status;
}

enum status ticket_add_enquiry(const struct rules *rules, int64_t now_ms, json_t *body,
                               struct error *err)
{
    int64_t days = (int64_t)json_get_u64(rules->docs[RULES_PARTIES], "enquiry_days");
    bool ok = true;

    json_put(body, "enquiry", json_pack("{s:o}", "due", json_from_time(now_ms + days * DAY_MS)),
             &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for an enquiry");
}

/* Nobody by what was written on the form: then whoever the program said asked the question. */
static enum status find_asker(struct txn *txn, const struct rules *rules, const json_t *body,
                              struct party_match *match, struct error *err)
{
    const char *consult_id = json_get_str(body, "consult");
    json_t *consult, *given;
    enum status status;

    if (match->by != NULL || consult_id[0] == '\0')
        return AF_OK;
    if ((status = consult_load(txn, consult_id, &consult, err)) != AF_OK)
        return status == AF_NOT_FOUND ? AF_OK : status; /* the apply says so */
    given = json_pack("{s:s,s:s}", "id", json_get_str(consult, "party"), "account",
                      json_get_str(consult, "account"));
    json_decref(consult);
    status = given != NULL ? party_find(txn, rules, given, match, err)
                           : error_set(err, AF_NO_MEMORY, "no memory for a contact");
    json_decref(given);
    if (status == AF_OK && match->by != NULL)
        match->by = "consult";
    return status;
}

/* --- opening ---------------------------------------------------------------------------------- */

static enum status decide(struct txn *txn, const struct rules *rules, const struct who *who,
                          const char *serial, int64_t reported_ms, json_t *body, bool *is_customer,
                          struct error *err)
{
    struct party_match match;
    bool ok = true;
    const json_t *known = json_object_get(json_object_get(body, "split"), "contact");
    enum status status = party_find(
        txn, rules, known != NULL ? known : json_object_get(body, "contact"), &match, err);

    if (status != AF_OK)
        return status;
    if ((status = find_asker(txn, rules, body, &match, err)) != AF_OK) {
        party_match_release(&match);
        return status;
    }
    *is_customer = party_match_is_customer(&match);
    put_text(body, "serial", serial, &ok);
    put_text(body, "entered_by_role",
             entered_by(who, json_get_str(body, "channel"), rep_of(&match)), &ok);
    status = ok ? put_match(body, &match, match.by != NULL ? match.by : "", err)
                : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status == AF_OK)
        status = check_entitled(txn, rules, &match, json_get_str(body, "product"), serial,
                                reported_ms, body, err);
    party_match_release(&match);
    return status;
}

enum status ticket_decide_party(struct app *app, const struct rules *rules, const struct who *who,
                                struct bytes serial, int64_t reported_ms, int64_t now_ms,
                                json_t *body, struct error *err)
{
    char normal[SERIAL_TEXT_BYTES];
    bool is_customer = true;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    read_serial(rules, serial, body, normal);
    status = decide(txn, rules, who, normal, reported_ms, body, &is_customer, err);
    txn_abort(txn);
    if (status == AF_OK && !is_customer &&
        strcmp(json_get_str(body, "class"), "non_technical") == 0)
        status = ticket_add_enquiry(rules, now_ms, body, err);
    return status;
}

/* --- afterwards ------------------------------------------------------------------------------ */

struct identifying {
    struct app *app;
    char contact[PARTY_ID_BYTES], account[PARTY_ID_BYTES];
    char serial[SERIAL_TEXT_BYTES]; /* "" : as it is */
};

static enum status find_named(struct txn *txn, const struct rules *rules,
                              const struct identifying *id, struct party_match *match,
                              struct error *err)
{
    json_t *given = json_pack("{s:s,s:s}", "id", id->contact, "account", id->account);
    enum status status = given != NULL ? party_find(txn, rules, given, match, err)
                                       : error_set(err, AF_NO_MEMORY, "no memory for a contact");

    json_decref(given);
    if (status != AF_OK)
        return status;
    if (id->contact[0] != '\0' && match->contact == NULL)
        status = error_set(err, AF_INVALID, "there is no contact %s", id->contact);
    else if (id->account[0] != '\0' && match->account == NULL)
        status = error_set(err, AF_INVALID, "there is no account %s", id->account);
    else if (id->account[0] != '\0' && strcmp(json_get_str(match->account, "id"), id->account) != 0)
        status = error_set(err, AF_INVALID, "contact %s is of account %s", id->contact,
                           json_get_str(match->account, "id"));
    if (status != AF_OK)
        party_match_release(match);
    return status;
}

/* The clocks as they would be: what its level and entitlement promise now, from the report on. */
static enum status regrade(const struct rules *rules, const json_t *ticket, const json_t *body,
                           int64_t now_ms, json_t **clocks, struct error *err)
{
    json_t *then = json_copy((json_t *)(uintptr_t)ticket), *changed = NULL;
    bool ok = then != NULL;
    enum status status;

    json_put(then, "level", json_incref(json_object_get(body, "level")), &ok);
    json_put(then, "entitlement", json_incref(json_object_get(body, "entitlement")), &ok);
    status = ok ? ticket_clocks_regrade(rules, then, json_get_str(ticket, "severity"), now_ms,
                                        &changed, err)
                : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
    json_decref(then);
    if (status != AF_OK)
        return status;
    json_decref(*clocks);
    *clocks = changed;
    return AF_OK;
}

static enum status decide_identity(void *context, const struct rules *rules, const json_t *ticket,
                                   int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    const struct identifying *id = context;
    const char *serial = id->serial[0] != '\0' ? id->serial : json_get_str(ticket, "serial");
    int64_t reported_ms = now_ms;
    struct party_match match;
    struct txn *txn;
    enum status status = store_begin_read(app_store(id->app), &txn, err);

    if (status != AF_OK)
        return status;
    (void)clock_parse(bytes_str(json_get_str(ticket, "reported")), &reported_ms);
    if ((status = find_named(txn, rules, id, &match, err)) == AF_OK) {
        status = put_match(body, &match, "agent", err);
        if (status == AF_OK)
            status = check_entitled(txn, rules, &match, json_get_str(ticket, "product"), serial,
                                    reported_ms, body, err);
        party_match_release(&match);
    }
    txn_abort(txn);
    return status == AF_OK ? regrade(rules, ticket, body, now_ms, clocks, err) : status;
}

static enum status take_id(struct bytes text, const char *what, char id[PARTY_ID_BYTES],
                           struct error *err)
{
    if (text.len > 0 && !party_is_id(text))
        return error_set(err, AF_INVALID, "\"%s\" is not an id", what);
    (void)snprintf(id, PARTY_ID_BYTES, "%.*s", (int)text.len, (const char *)text.data);
    return AF_OK;
}

enum status ticket_identify(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_identity *identity, struct error *err)
{
    struct identifying id = {.app = app};
    const struct ticket_change change = {
        .kind = "ticket.party", .moment = MOMENT_NOTE, .decide = decide_identity, .context = &id};
    json_t *body;
    bool ok = true;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reason", identity->reason, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = take_id(identity->contact, "contact", id.contact, err)) != AF_OK ||
        (status = take_id(identity->account, "account", id.account, err)) != AF_OK ||
        (identity->serial.len > 0 &&
         (status = serial_normalise(identity->serial, id.serial, err)) != AF_OK))
        return status;
    body = json_pack("{s:I,s:s,s:o}", "ticket", (json_int_t)no, "by", who_by(who), "reason",
                     json_from_bytes(identity->reason));
    put_text(body, "serial", id.serial, &ok);
    if (!ok) {
        json_decref(body);
        body = NULL;
    }
    return ticket_change(app, who, no, &change, body, NULL, err);
}
