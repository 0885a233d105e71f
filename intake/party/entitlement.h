/* entitlement.h: what service may who asks expect, for this product and this one of it (服务授权)?
 *
 *   standard  按标准服务    a contract or warranty covers it on that day
 *   none      不服务        there are some, but they ended, have not begun, or are for other things;
 *                           an outage is restored all the same, and nothing else is promised
 *   no_data   无鉴权数据    nothing is known of any: best effort, never turned away
 *
 * Whose: the contact's (and of those merged into him), then his account's. What: an entitlement
 * names a product, a solution (then it is for each of its boxes), a line (then for each product of
 * it), or nothing (then for all). One with a serial number is for that one alone; when nobody said
 * which one it is about, the customer is believed. Of several the one that says most decides: a
 * serial number before none, the product before the solution, line and all, a contract before a
 * warranty, then the one that lasts longest.
 *
 * When: from the first to the last moment of the days "from" and "to", as they are in the zone of
 * the entitlement, else of the account, else of the document "parties". A contract names the days
 * of whoever signed it, so where the customer stands on a journey changes nothing. */
#ifndef ASKFIRST_INTAKE_PARTY_ENTITLEMENT_H
#define ASKFIRST_INTAKE_PARTY_ENTITLEMENT_H

#include "intake/rules/rules.h"

struct entitlement_question {
    const char *contact, *account; /* ids of records that are there; NULL or "": nobody */
    const char *product;           /* NULL or "": not said */
    const char *serial;            /* as people write it; NULL or "": not said */
    int64_t at_ms;
};

/* {"result","why","level"?,"by"?,"kind"?,"until"?}: by which entitlement, until which day. "level"
 * is the service level: the entitlement's, the account's, of the document "parties", or the usual
 * one. At most ENTITLEMENT_LOOKED_MAX are looked at; past that it is no_data. Asks ICU, so it is
 * for proposers. AF_INVALID: a serial number that is none. The caller owns it. */
enum status entitlement_check(struct txn *txn, const struct rules *rules,
                              const struct entitlement_question *question, json_t **verdict,
                              struct error *err) MUST_USE;

/* What a ticket's member "entitlement" says: an outage is restored, and nothing else promised? */
bool entitlement_is_none(const json_t *entitlement);

#endif
