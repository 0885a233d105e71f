/* party_check.h: for `askfirst check`: do accounts, contacts, entitlements and enquiries agree with
 * the rows that find them, and with tickets and consults? */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_CHECK_H
#define ASKFIRST_INTAKE_PARTY_PARTY_CHECK_H

#include "data/check.h"

enum status party_check(struct txn *txn, fault_fn fault, void *context, struct error *err) MUST_USE;

#endif
