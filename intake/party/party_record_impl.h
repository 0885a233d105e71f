/* party_record_impl.h: what party_merge.c asks of party_record.c. */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_RECORD_IMPL_H
#define ASKFIRST_INTAKE_PARTY_PARTY_RECORD_IMPL_H

#include "intake/party/party_record.h"

/* The rows by which a record is found from elsewhere: its identities, its account, its owner. */
enum status party_drop_rows(struct txn *txn, enum party_kind kind, const json_t *old,
                            struct error *err) MUST_USE;
enum status party_put_rows(struct txn *txn, enum party_kind kind, const json_t *record,
                           struct error *err) MUST_USE;
/* The record itself, one version further. */
enum status party_save(struct txn *txn, enum party_kind kind, json_t *record, int64_t at_ms,
                       struct error *err) MUST_USE;

enum status party_no_memory(struct error *err);

#endif
