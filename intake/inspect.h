/* inspect.h: what the checks of records share (intake_check.h): rows, and sentences about them.
 *
 * Not the shapes, sums and chains of tables: data/check.h. */
#ifndef ASKFIRST_INTAKE_INSPECT_H
#define ASKFIRST_INTAKE_INSPECT_H

#include "data/base/json.h"
#include "data/check.h"

struct inspection {
    struct txn *txn;
    fault_fn fault;
    void *context;
    enum table table; /* being walked */
    char name[64];    /* of the row; a row's own check may set a better one */
    bool no_memory;   /* something could not be looked at: then nothing is called sound */
    void *more;       /* what one check keeps beside this */

    /* Of tickets. */
    uint32_t highest;                /* number */
    uint64_t links_confirmed;        /* links whose row is in table link */
    uint64_t dues_confirmed;         /* tickets whose row is in table ticket_due */
    uint64_t queued_confirmed;       /* their rows that are in table ticket_queue */
    uint64_t texts_confirmed;        /* tickets whose row is in table ticket_text */
    uint64_t visits_confirmed;       /* rows of their due visits that are in table ticket_visit */
    uint64_t blobs_confirmed;        /* their files whose row is in table blob */
    uint64_t outside_confirmed;      /* rows of what is open in table outside */
    uint64_t handoff_keys_confirmed; /* links of handoffs that are in table handoff_key */
    uint64_t turns_confirmed;        /* rows of table ticket_turn whose event is in a history */
    struct bytes wanted;             /* a key that is looked for among the rows of its ticket */
    bool is_found;
};

/* Says "damaged: table T, key K: " and the rest. */
void inspect_say(struct inspection *in, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Each row that verifies. AF_NO_MEMORY when one could not be looked at. */
typedef void (*inspect_row_fn)(struct inspection *in, struct bytes key, struct bytes body);
enum status inspect_rows(struct inspection *in, enum table table, inspect_row_fn row,
                         struct error *err) MUST_USE;

/* Is it certain from a lookup's status that there is none? A damaged one was named when its own
 * table was walked. */
bool inspect_is_missing(struct inspection *in, enum status status);

/* The caller owns it. NULL for what is no object: said, unless data/check.c named it already
 * because it begins like one. */
json_t *inspect_object(struct inspection *in, struct bytes body);

/* A case in a record, {"case","version",…}: there, and old enough to have that version. `what`
 * begins the sentence: "it showed". */
void inspect_case(struct inspection *in, const char *what, const json_t *item);

#endif
