/* party_past.h: what somebody asked before: tickets, consults, enquiries, by contact and account.
 *
 * Table party_past has a row for each of the two that a record names:
 *
 *   'c' contact id | 0 | when be64, ms | 't' ticket no be32 | 'q' consult id | 'e' enquiry no be32
 *
 * A contact's past is also that of the contacts merged into it. */
#ifndef ASKFIRST_INTAKE_PARTY_PARTY_PAST_H
#define ASKFIRST_INTAKE_PARTY_PARTY_PAST_H

#include "intake/app.h"
#include "intake/party/party_record.h"
#include "intake/who.h"

#define PAST_TICKET 't'
#define PAST_CONSULT 'q'
#define PAST_ENQUIRY 'e'

/* Of a ticket or an enquiry that is being opened: rows for its "party" and "account". For
 * applies. */
enum status party_past_add(struct txn *txn, const json_t *record, int64_t at_ms, char what,
                           uint32_t no, struct error *err) MUST_USE;
/* The same of a consult, named by its id. */
enum status party_past_add_consult(struct txn *txn, const json_t *consult, int64_t at_ms,
                                   struct error *err) MUST_USE;
/* Takes a ticket's rows away again, before it becomes another's. */
enum status party_past_drop(struct txn *txn, const json_t *record, int64_t at_ms, char what,
                            uint32_t no, struct error *err) MUST_USE;

/* The row that one owner has of it, for check. */
struct party_key party_past_key(enum party_kind owner, const char *id, int64_t at_ms, char what,
                                struct bytes name);

/* A row's key taken apart; `name` is borrowed from it. False: it is none. */
struct party_past_row {
    enum party_kind owner;
    char id[PARTY_ID_BYTES];
    uint64_t at_ms;
    char what;
    uint32_t no;       /* of a ticket or an enquiry */
    struct bytes name; /* of a consult */
};
bool party_past_parse(struct bytes key, struct party_past_row *out);

struct party_past_filter {
    enum party_kind owner; /* PARTY_CONTACT or PARTY_ACCOUNT */
    const char *id;
    struct bytes before; /* page on: "next" of the page before; empty: from the newest */
    uint32_t limit;      /* 1 … PARTY_PAST_LIST_MAX */
};
#define PARTY_PAST_LIST_MAX 100

/* {"history":[{"what":"ticket","ticket","n","at","state","class","severity","product","title",
 * "channel","consult"?} | {"what":"consult","consult","at","state","product","text","ticket"?} |
 * {"what":"enquiry","enquiry","n","at","state","title","ticket"?}],"next"?}, newest first. Staff
 * only. The caller owns it. */
enum status party_past(struct app *app, const struct who *who,
                       const struct party_past_filter *filter, json_t **out,
                       struct error *err) MUST_USE;

#endif
