/* What staff ask about a person: who is it, and what may he expect? */
#include "intake/party/entitlement.h"
#include "intake/party/party.h"
#include "intake/party/party_match.h"

static enum status begin(struct app *app, const struct who *who, struct txn **txn,
                         struct rules *rules, struct error *err)
{
    enum status status = who_is_staff(who)
                             ? store_begin_read(app_store(app), txn, err)
                             : error_set(err, AF_DENIED, "this is for signed-in staff");

    if (status == AF_OK && (status = rules_load_in(app, *txn, rules, err)) != AF_OK)
        txn_abort(*txn);
    return status;
}

static json_t *match_json(const struct party_match *match)
{
    json_t *json = json_pack("{s:s}", "by", match->by);
    bool ok = json != NULL;

    if (match->contact != NULL)
        json_put(json, "contact", json_incref(match->contact), &ok);
    if (match->account != NULL)
        json_put(json, "account", json_incref(match->account), &ok);
    if (match->also != NULL)
        json_put(json, "also", json_incref(match->also), &ok);
    if (ok)
        return json;
    json_decref(json);
    return NULL;
}

enum status party_who(struct app *app, const struct who *who, const json_t *given, json_t **out,
                      struct error *err)
{
    struct party_match match;
    struct rules rules;
    struct txn *txn;
    enum status status = begin(app, who, &txn, &rules, err);

    if (status != AF_OK)
        return status;
    status = party_find(txn, &rules, given, &match, err);
    rules_release(&rules);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    if (match.by == NULL)
        status = error_set(err, AF_NOT_FOUND, "nobody is known by that");
    else if ((*out = match_json(&match)) == NULL)
        status = error_set(err, AF_NO_MEMORY, "no memory for a contact");
    party_match_release(&match);
    return status;
}

enum status party_entitled(struct app *app, const struct who *who,
                           const struct entitlement_question *question, json_t **verdict,
                           struct error *err)
{
    struct rules rules;
    struct txn *txn;
    enum status status = begin(app, who, &txn, &rules, err);

    if (status != AF_OK)
        return status;
    status = entitlement_check(txn, &rules, question, verdict, err);
    rules_release(&rules);
    txn_abort(txn);
    return status;
}
