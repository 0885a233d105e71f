/* party.h: what staff do with accounts, contacts and entitlements (party_record.h).
 *
 * Who may: contacts are kept by all staff, since whoever answers a telephone meets new ones;
 * accounts and entitlements by supervisors and admins, since they say what is owed. */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_H
#define ASKFIRST_INTAKE_PARTY_PARTY_H

#include "intake/app.h"
#include "intake/party/party_record.h"
#include "intake/rules/rules.h"
#include "intake/who.h"

/* A record as it is stored, from what somebody wrote: identities, domains and the serial number
 * normalised (a text is taken for a list of one), each once. Faults go to `complaints`; also what
 * only a proposer can see: levels and zones there are none of. *out is the caller's. */
enum status party_normalise(struct txn *txn, const struct rules *rules, enum party_kind kind,
                            const json_t *given, json_t **out, struct complaints *complaints,
                            struct error *err) MUST_USE;

struct party_put {
    enum party_kind kind;
    const json_t *record;
    int64_t if_version; /* PARTY_ANY_VERSION: whatever it is */
};
#define PARTY_ANY_VERSION (-1)

/* {"id","version","changed"}. The same record keeps its version. AF_INVALID with *complaints (the
 * caller's, may be NULL); AF_CONFLICT when an identity is another's, AF_CHANGED when it is not at
 * `if_version`. */
enum status party_put(struct app *app, const struct who *who, const struct party_put *put,
                      json_t **result, json_t **complaints, struct error *err) MUST_USE;

/* Staff only. The caller owns it. */
enum status party_get(struct app *app, const struct who *who, enum party_kind kind, const char *id,
                      json_t **out, struct error *err) MUST_USE;

/* `from` becomes part of `into`, with its identities and its past. */
enum status party_merge(struct app *app, const struct who *who, const char *from, const char *into,
                        struct error *err) MUST_USE;

/* Who is it? {"by","contact"?,"account"?,"also"?}, as party_match.h looks it up. AF_NOT_FOUND.
 * Staff only. */
enum status party_who(struct app *app, const struct who *who, const json_t *given, json_t **out,
                      struct error *err) MUST_USE;

/* What may he expect? entitlement_check of now. Staff only. */
struct entitlement_question;
enum status party_entitled(struct app *app, const struct who *who,
                           const struct entitlement_question *question, json_t **verdict,
                           struct error *err) MUST_USE;

struct party_filter {
    enum party_kind kind;
    struct bytes owner; /* only an account's contacts or entitlements; empty: all */
    struct bytes after; /* page on: ids above this one */
    uint32_t limit;     /* 1 … PARTY_LIST_MAX */
};
#define PARTY_LIST_MAX 200
/* {"accounts"|"contacts"|"entitlements":[…],"next"?:id}, by their ids. Staff only. */
enum status party_list(struct app *app, const struct who *who, const struct party_filter *filter,
                       json_t **out, struct error *err) MUST_USE;

#endif
