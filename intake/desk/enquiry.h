/* enquiry.h: what is handed to those who sell (LTC), and their answer (party/enquiry_record.h).
 *
 * Made here by an agent who knows that it is no customer's request; else with a ticket
 * (desk/ticket_party.h) or by rejecting one. The answer is told to the person: it is a public reply
 * on the ticket that the enquiry belongs to, also when that is out of scope. */
#ifndef ASKFIRST_INTAKE_DESK_ENQUIRY_H
#define ASKFIRST_INTAKE_DESK_ENQUIRY_H

#include "intake/app.h"
#include "intake/who.h"

struct enquiry_input {
    struct bytes title, text, product, lang;
    struct bytes channel;  /* phone (default) …: channel.h */
    const json_t *contact; /* object of strings, as of a ticket; or NULL */
    const char *key;       /* idempotency key, or NULL */
};

/* *no: its number. Staff only, as all here. */
enum status enquiry_new(struct app *app, const struct who *who, const struct enquiry_input *input,
                        uint32_t *no, struct error *err) MUST_USE;

/* The record. The caller owns it. */
enum status enquiry_get(struct app *app, const struct who *who, uint32_t no, json_t **out,
                        struct error *err) MUST_USE;

struct enquiry_filter {
    struct bytes state; /* sent, accepted, answered, "open" (not answered), "overdue"; empty: all */
    uint32_t limit;     /* 1 … ENQUIRY_LIST_MAX */
    uint32_t before;    /* page on: only numbers below this; 0: from the newest */
};
#define ENQUIRY_LIST_MAX 200
/* {"enquiries":[{"enquiry","n","at","state","due","title","ticket"?,"party"?,"account"?}],
 * "next"?}, newest first. */
enum status enquiry_list(struct app *app, const struct who *who,
                         const struct enquiry_filter *filter, json_t **out,
                         struct error *err) MUST_USE;

/* LTC has taken it. AF_CONFLICT when it is further already. */
enum status enquiry_accept(struct app *app, const struct who *who, uint32_t no,
                           struct error *err) MUST_USE;
/* LTC's answer, which ends it and is told to the person. */
enum status enquiry_answer(struct app *app, const struct who *who, uint32_t no, struct bytes reply,
                           struct error *err) MUST_USE;

#endif
