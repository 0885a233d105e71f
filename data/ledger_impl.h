/* ledger_impl.h: what ledger_proof.c asks of ledger.c. */
#ifndef ASKFIRST_DATA_LEDGER_IMPL_H
#define ASKFIRST_DATA_LEDGER_IMPL_H

#include "data/ledger.h"

bool use_parse(const char *name, enum use *out);

enum status use_counts_put(struct txn *txn, struct bytes case_id, const struct use_counts *counts,
                           struct error *err) MUST_USE;

/* What an event is remembered under in ledger_seen: of its use, case and subject. */
#define USE_EVENT_KEY_BYTES 16
void use_event_key(const struct use_event *event, uint8_t key[USE_EVENT_KEY_BYTES]);

#endif
