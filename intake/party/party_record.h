/* party_record.h: who asks: organisations, people, and what service they are entitled to.
 *
 *   account      {"id","name","region"?,"lang"?,"country"?,"rep"?,"level"?,"zone"?,
 *                 "domains"?:["example.com"]}
 *   contact      {"id","account"?,"name","kind":"customer|prospect|internal","identities"?:
 *                 {"phone":[…],"mail":[…],"openid":[…],"appid":[…]},"region"?,"lang"?,"rep"?}
 *   entitlement  {"id","account" or "contact","product"?,"serial"?,"kind":"contract|warranty",
 *                 "from":"2026-01-01","to":"2026-12-31","level"?,"zone"?}
 *
 * Stored with "version" (from 1), "at" and "updated"; a contact also with "merged":[ids] of those
 * that became part of it, or "merged_into", when it is one of those.
 *
 * Commands, whose bodies have the record as it is to be, identities normalised by the proposer:
 *   party.put    {"kind":"account|contact|entitlement","record":{…},"if_version"?}
 *   party.merge  {"from":<contact id>,"into":<contact id>}
 *
 * An identity is one contact's, and a domain one account's: table contact_key. A put that would
 * take one from another is refused; a merge moves them all. The key is the identity itself and no
 * hash of it: the record and the journal have it in clear, a hash that a dump can be loaded with
 * has no secret in it, and without one all telephone numbers are tried in a minute. */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_RECORD_H
#define ASKFIRST_INTAKE_PARTY_PARTY_RECORD_H

#include "data/base/limits.h"
#include "data/journal.h"
#include "intake/party/identity.h"
#include "intake/rules/complaints.h"

enum party_kind { PARTY_ACCOUNT, PARTY_CONTACT, PARTY_ENTITLEMENT, PARTY_KINDS };

const char *party_kind_name(enum party_kind kind);
bool party_kind_parse(struct bytes name, enum party_kind *out);
enum table party_table(enum party_kind kind);

/* 1 to PARTY_ID_BYTES_MAX bytes without blanks, controls and slashes. */
bool party_is_id(struct bytes id);

/* Is it of that shape? Complains of each fault. Not whether what it names is there. */
void party_shape(enum party_kind kind, const json_t *record, struct complaints *complaints);

enum status party_apply_put(struct txn *txn, const struct command *command, json_t *result,
                            struct error *err) MUST_USE;
enum status party_apply_merge(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err) MUST_USE;

/* AF_NOT_FOUND with a sentence. The caller owns it. */
enum status party_load(struct txn *txn, enum party_kind kind, const char *id, json_t **out,
                       struct error *err) MUST_USE;

/* Without what the store adds: as it was put. The caller owns it; NULL without memory. */
json_t *party_plain(const json_t *stored);

/* Whose identity it is (of a domain, an account); AF_NOT_FOUND without a sentence. */
#define PARTY_ID_BYTES (PARTY_ID_BYTES_MAX + 1)
enum status party_by_identity(struct txn *txn, enum identity_kind kind, struct bytes identity,
                              char id[PARTY_ID_BYTES], struct error *err) MUST_USE;

/* Are "party" and "account" of a command's body, when it has them, a contact and an account that
 * there are? AF_INVALID. For applies. */
enum status party_check_named(struct txn *txn, const json_t *body, struct error *err) MUST_USE;

/* --- keys ----------------------------------------------------------------------------------- */

/* An owner in keys: 'a' or 'c', then the id of an account or a contact. */
#define PARTY_KEY_BYTES_MAX 400
struct party_key {
    uint8_t b[PARTY_KEY_BYTES_MAX];
    size_t len;
};
static inline struct bytes party_key_bytes(const struct party_key *key)
{
    return bytes_of(key->b, key->len);
}
void party_key_begin(struct party_key *key, enum party_kind owner, const char *id);
/* A 0 and the text, which has no 0 and is cut where the key is full. */
void party_key_add(struct party_key *key, const char *text);

struct party_key party_identity_key(enum identity_kind kind, struct bytes identity);
struct party_key party_contact_of_key(const char *account, const char *contact);
struct party_key party_entitlement_key(const json_t *entitlement);

#endif
