/* party_match.h: who is it that asks? A contact by his identities, else an account.
 *
 *   what somebody gave            is looked up as
 *   {"id":"c-17"}                 the contact of that id
 *   {"openid":…}, {"appid":…}     his name at WeChat or in an app, byte by byte
 *   {"mail":…}, {"phone":…}       normalised (identity.h)
 *   {"account":"acme"}            the account of that id
 *   {"mail":"x@acme.example"}     nobody's: the account whose domain it is
 *
 * In that order: what a program says of somebody it knows, before what he says himself. When two
 * of them name two people the first holds and the others are told of, since nobody but the agent
 * can say which it is. */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_MATCH_H
#define ASKFIRST_INTAKE_PARTY_PARTY_MATCH_H

#include "intake/party/party_record.h"
#include "intake/rules/rules.h"

struct party_match {
    json_t *contact, *account; /* owned; NULL: none */
    const char *by;            /* "id", "openid", …, "domain"; NULL: nothing matched */
    json_t *also;              /* [contact ids] that other identities name, or NULL; owned */
};

/* `given`: the contact of a ticket, an object of strings; NULL is nobody. What cannot be read as
 * an identity matches nobody: a customer's typing is no error here. */
enum status party_find(struct txn *txn, const struct rules *rules, const json_t *given,
                       struct party_match *out, struct error *err) MUST_USE;
void party_match_release(struct party_match *match);

/* Is he one of ours? A prospect and nobody are not; a contact of an account is. */
bool party_match_is_customer(const struct party_match *match);

#endif
