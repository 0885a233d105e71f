/* part.h: spare parts for a ticket: requested from a stock point, promised, shipped in portions,
 * received, and the defective ones returned (ticket/ticket_parts.h). When something is promised or
 * due back is computed here, on the stock point's calendar. */
#ifndef ASKFIRST_INTAKE_DESK_PART_H
#define ASKFIRST_INTAKE_DESK_PART_H

#include "intake/app.h"
#include "intake/who.h"

enum part_answer { PART_AS_IT_IS, PART_YES, PART_NO };

struct part_input {
    struct bytes part; /* its number */
    struct bytes name;
    uint32_t qty;
    struct bytes stock_point;    /* "": the only one there is */
    struct bytes ship_to;        /* "": as the ticket's contact says */
    struct bytes promise;        /* a time, or a day: its last working hour; "": as the rules say */
    enum part_answer from_stock; /* as it is: yes */
    enum part_answer returns;    /* as it is: if the stock point wants defective ones back */
    const char *key;             /* idempotency key, or NULL */
};

struct part_step {
    struct bytes event; /* promise, ship, receive, return, keep, reduce, lost, cancel */
    uint32_t qty;       /* 0: all that is left; of reduce: what it is from now on */
    struct bytes carrier, tracking;
    struct bytes promise;        /* of promise: as above */
    enum part_answer from_stock; /* of promise */
    struct bytes reason;         /* of keep, reduce, lost, cancel */
    const char *key;
};

/* Staff only (AF_DENIED). *no: of the request in its ticket. AF_INVALID names the field;
 * AF_NOT_FOUND: no such ticket; AF_CONFLICT: the ticket is over. */
enum status part_request(struct app *app, const struct who *who, uint32_t ticket_no,
                         const struct part_input *input, uint32_t *no, struct error *err) MUST_USE;
/* AF_CONFLICT when part_flow.h has no such step, or there are not so many pieces. */
enum status part_step(struct app *app, const struct who *who, uint32_t ticket_no, uint32_t no,
                      const struct part_step *step, struct error *err) MUST_USE;

/* The timers "part:<no>" and "return:<no>": what passed is marked, and the stock point's manager
 * told. */
enum status part_late(struct app *app, const struct who *who, uint32_t ticket_no, const char *what,
                      const char *key, struct error *err) MUST_USE;
enum status part_return_late(struct app *app, const struct who *who, uint32_t ticket_no,
                             const char *what, const char *key, struct error *err) MUST_USE;

#endif
