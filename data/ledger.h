/* ledger.h: every use of a case, counted in a book that nobody can quietly edit.
 *
 * One entry is one line of JSON, chained like the journal (prev_hash is BLAKE2b-256 of the
 * line before):
 *
 *   {"seq":9,"at":"…","actor":"staff:lin","role":"engineer","type":"cited","case":"NH-0001",
 *    "version":2,"subject":"ticket:17","command":40,"prev_hash":"…"}
 *
 * A use is counted once for a (type, case, subject): a replay finds it in ledger_seen and does
 * nothing. The counts of a case are a cache: ledger_recount() makes them from the entries and
 * must find them equal. Entries are written inside the command that caused them, nowhere else. */
#ifndef ASKFIRST_DATA_LEDGER_H
#define ASKFIRST_DATA_LEDGER_H

#include "data/base/json.h"
#include "data/journal.h"
#include "data/store.h"

enum use {
    USE_SHOWN,     /* among the answers of a consult */
    USE_OPENED,    /* opened in a consult */
    USE_SOLVED,    /* "this solved it" */
    USE_SENT,      /* sent to a customer from a ticket */
    USE_CITED,     /* a ticket was resolved by it, linked by somebody else than its author */
    USE_SELF_USED, /* the same, by its author: shown, earns nothing */
    USE_COUNTED,   /* so many have a counter; those below are only written down */
    USE_NOT_HELPFUL = USE_COUNTED,
    USE_CONSULTED,
    USE_KINDS
};
const char *use_name(enum use use);

struct use_counts {
    uint64_t of[USE_COUNTED];
};

struct use_event {
    enum use use;
    struct bytes case_id;
    uint32_t version;
    const char *role;    /* of the actor: customer, engineer, author … */
    const char *subject; /* "consult:ID" or "ticket:N": where it happened */
};

/* Writes the entry and moves the counter; *counted false when it was there already. */
enum status ledger_add(struct txn *txn, const struct command *command,
                       const struct use_event *event, bool *counted, struct error *err) MUST_USE;

/* Zeros for a case never used. */
enum status use_counts_get(struct txn *txn, struct bytes case_id, struct use_counts *out,
                           struct error *err) MUST_USE;
/* {"shown":3,"opened":1,…}; NULL without memory. */
json_t *use_counts_json(const struct use_counts *counts);

struct ledger_head {
    uint64_t seq;
    struct digest hash;
};
enum status ledger_head(struct txn *txn, struct ledger_head *out, struct error *err) MUST_USE;

/* Walks the chain; `fault` gets a sentence for every entry that was changed, is missing, or
 * stands elsewhere. *entries: how many were read. */
typedef void (*ledger_fault_fn)(void *context, const char *sentence);
enum status ledger_verify(struct txn *txn, ledger_fault_fn fault, void *context, uint64_t *entries,
                          struct error *err) MUST_USE;
/* Is every entry in ledger_seen under its event, and nothing else? */
enum status ledger_verify_seen(struct txn *txn, ledger_fault_fn fault, void *context,
                               struct error *err) MUST_USE;
/* Counts every case again from the entries; `fault` for each counter that differs. */
enum status ledger_recount(struct txn *txn, ledger_fault_fn fault, void *context, uint64_t *cases,
                           struct error *err) MUST_USE;

/* The command kind "use.recount": sets the counters to what the entries say. */
enum status ledger_apply_recount(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err) MUST_USE;

#endif
