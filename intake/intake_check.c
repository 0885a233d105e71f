#include "intake/intake_check.h"

#include "data/base/hash.h"
#include "intake/ask/consult.h"
#include "intake/ask/learn.h"
#include "intake/draft/draft_record.h"
#include "intake/inspect.h"
#include "intake/party/party_check.h"
#include "intake/rules/rules.h"
#include "intake/ticket/ticket_check.h"
#include "intake/ticket/ticket_record.h"
#include "intake/who.h"
#include "search/own_words.h"
#include "search/query/vocabulary_text.h"

#include <sodium.h>

/* --- consults ------------------------------------------------------------------------------ */

static void check_answers(struct inspection *in, const json_t *consult)
{
    const json_t *query, *item;
    size_t i, j;

    json_array_foreach(json_object_get(consult, "queries"), i, query)
    {
        json_array_foreach(json_object_get(query, "shown"), j, item)
        {
            inspect_case(in, "it showed", item);
        }
    }
    json_array_foreach(json_object_get(consult, "opened"), i, item)
    {
        inspect_case(in, "it opened", item);
        if (consult_shown_version(consult, json_get_str(item, "case")) == 0)
            inspect_say(in, "it opened case %.80s, which it never showed",
                        json_get_str(item, "case"));
    }
}

/* One that became a ticket without a word has a state and no outcome. */
static void check_consult_state(struct inspection *in, const json_t *consult)
{
    const json_t *outcome = json_object_get(consult, "outcome");
    const char *state = json_get_str(consult, "state");
    const char *solved_by = json_get_str(outcome, "case");
    bool is_open = strcmp(state, "open") == 0, is_solved = strcmp(state, "solved") == 0;

    if (!is_open && !is_solved && strcmp(state, "not_solved") != 0 &&
        strcmp(state, "no_result") != 0)
        inspect_say(in, "\"%.40s\" is not a state of a consult", state);
    else if (is_solved != json_get_bool(outcome, "solved") || (is_open && outcome != NULL))
        inspect_say(in, "it is %s and its outcome says otherwise", state);
    if (solved_by[0] != '\0' && consult_shown_version(consult, solved_by) == 0)
        inspect_say(in, "it was settled with case %.80s, which it never showed", solved_by);
}

static void check_consult_ticket(struct inspection *in, const json_t *consult)
{
    uint64_t no = json_get_u64(consult, "ticket");
    json_t *ticket = NULL;
    enum status status = AF_NOT_FOUND;

    if (json_object_get(consult, "ticket") == NULL)
        return;
    if (no > 0 && no <= UINT32_MAX)
        status = ticket_load(in->txn, (uint32_t)no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "it became ticket %llu, which is not in table ticket",
                    (unsigned long long)no);
    else if (status == AF_OK &&
             strcmp(json_get_str(ticket, "consult"), json_get_str(consult, "id")) != 0)
        inspect_say(in, "it became ticket %llu, which has another consult", (unsigned long long)no);
    if (status == AF_OK)
        json_decref(ticket);
}

static void check_consult(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *consult = inspect_object(in, body);

    if (consult == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(consult, "id"))))
        inspect_say(in, "its \"id\" is %.40s", json_get_str(consult, "id"));
    check_answers(in, consult);
    check_consult_state(in, consult);
    check_consult_ticket(in, consult);
    json_decref(consult);
}

static enum status check_consults(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};

    return inspect_rows(&in, TABLE_CONSULT, check_consult, err);
}

/* --- staff --------------------------------------------------------------------------------- */

static bool is_staff_role(const json_t *record)
{
    enum role role;

    return role_parse(bytes_str(json_get_str(record, "role")), &role) && role != ROLE_CUSTOMER;
}

static void check_account(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *account = inspect_object(in, body);
    const char *password = json_get_str(account, "password");

    if (account == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(account, "name"))))
        inspect_say(in, "its \"name\" is %.63s", json_get_str(account, "name"));
    if (!is_staff_role(account))
        inspect_say(in, "\"%.40s\" is not a role of staff", json_get_str(account, "role"));
    if (strlen(password) >= crypto_pwhash_STRBYTES ||
        !bytes_has_prefix(bytes_str(password), BYTES_LIT(crypto_pwhash_STRPREFIX)))
        inspect_say(in, "its password is not kept as argon2id");
    json_decref(account);
}

static void check_token(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *token = inspect_object(in, body);
    struct digest ignored;
    struct bytes bad;
    unsigned scopes;

    if (token == NULL)
        return;
    if (!bytes_equal(key, bytes_str(json_get_str(token, "token"))))
        inspect_say(in, "its \"token\" is %.40s", json_get_str(token, "token"));
    if (!is_staff_role(token))
        inspect_say(in, "\"%.40s\" is not a role of staff", json_get_str(token, "role"));
    if (!digest_parse(bytes_str(json_get_str(token, "hash")), &ignored))
        inspect_say(in, "its \"hash\" is not a hash");
    if (!scopes_parse(bytes_str(json_get_str(token, "scope")), &scopes, &bad))
        inspect_say(in, "no scope \"%.*s\"", (int)(bad.len < 40 ? bad.len : 40),
                    (const char *)bad.data);
    json_decref(token);
}

static enum status check_staff(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};
    enum status status = inspect_rows(&in, TABLE_ACCOUNT, check_account, err);

    return status == AF_OK ? inspect_rows(&in, TABLE_TOKEN, check_token, err) : status;
}

/* --- words --------------------------------------------------------------------------------- */

static void check_words(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *record = inspect_object(in, body);
    struct vocabulary_counts counts;
    struct error err;

    if (record == NULL)
        return;
    if (!bytes_equal(key, OWN_WORDS_KEY))
        inspect_say(in, "no record has this key");
    if (json_get_u64(record, "version") == 0)
        inspect_say(in, "it has no version");
    if (vocabulary_text_check(bytes_str(json_get_str(record, "text")), &counts, &err) != AF_OK)
        inspect_say(in, "%.120s", err.text);
    json_decref(record);
}

static enum status check_vocabulary(struct txn *txn, fault_fn fault, void *context,
                                    struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};

    return inspect_rows(&in, TABLE_VOCABULARY, check_words, err);
}

/* --- rules ----------------------------------------------------------------------------------- */

static void check_document(struct inspection *in, struct bytes key, struct bytes body)
{
    json_t *record = inspect_object(in, body);
    enum rules_kind kind;

    if (record == NULL)
        return;
    if (!rules_parse(key, &kind))
        inspect_say(in, "no document has this name");
    if (json_get_u64(record, "version") == 0 ||
        json_get_u64(record, "revision") < json_get_u64(record, "version"))
        inspect_say(in, "its version or revision is none");
    if (!json_is_object(json_object_get(record, "doc")))
        inspect_say(in, "it has no document");
    json_decref(record);
}

static enum status check_rules(struct txn *txn, fault_fn fault, void *context, struct error *err)
{
    struct inspection in = {.txn = txn, .fault = fault, .context = context};

    return inspect_rows(&in, TABLE_RULES, check_document, err);
}

const check_more_fn intake_checks[] = {check_consults, ticket_check,     check_staff,
                                       learn_check,    check_vocabulary, check_rules,
                                       party_check,    draft_check,      NULL};
