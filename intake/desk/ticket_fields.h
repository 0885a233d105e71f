/* ticket_fields.h: what was filled in on a ticket's form: taken when the ticket is opened,
 * corrected and completed afterwards; and what sort of problem it is (初判). */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_FIELDS_H
#define ASKFIRST_INTAKE_DESK_TICKET_FIELDS_H

#include "intake/desk/ticket.h"
#include "intake/rules/rules.h"

/* Are product (`demand_product`: when the tree is kept, one of it) and type known, and the type for
 * the product? AF_INVALID, and in *errors (may be NULL) where: the caller's. */
enum status ticket_check_kind(const struct rules *rules, bool demand_product, const char *product,
                              const char *type, json_t **errors, struct error *err) MUST_USE;

/* Adds to the body of ticket.open "type", and "form", "fields", "missing" when something was filled
 * in or let pass (ticket/ticket_form.h). AF_INVALID for an unknown type or product, or for errors
 * of the form, which are then in *input->errors; AF_DENIED when who is no staff leaves out what is
 * required by saying so. */
enum status ticket_take_fields(struct app *app, const struct who *who,
                               const struct ticket_input *input, int64_t now_ms, json_t *body,
                               struct error *err) MUST_USE;

/* "form" gets its "fields": the fields as they were asked, in all languages. */
enum status ticket_add_form(struct txn *txn, json_t *ticket, struct error *err) MUST_USE;

struct ticket_class {
    struct bytes product, type, class; /* data NULL: as it is; "" of product and type: none */
    struct bytes reason;
};

/* Another product, problem type or class. The clocks go on, and the group stays: *proposed is what
 * routing would say now, {"group","rule"?,"person"?}, the caller's. AF_INVALID for what is unknown,
 * AF_CONFLICT when nothing is another or the ticket is closed. Staff only. */
enum status ticket_classify(struct app *app, const struct who *who, uint32_t no,
                            const struct ticket_class *class, json_t **proposed,
                            struct error *err) MUST_USE;

/* Fills in the form that the ticket would be asked with now: `values` over those that are there
 * (null takes one away); what the form has no more is left out, and stays in the history.
 * `is_incomplete`: what is required may be missing. Errors as ticket_open. Staff only. */
enum status ticket_set_fields(struct app *app, const struct who *who, uint32_t no,
                              const json_t *values, bool is_incomplete, json_t **errors,
                              struct error *err) MUST_USE;

#endif
