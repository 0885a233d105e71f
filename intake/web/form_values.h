/* form_values.h: what is on the ticket form, as JSON by the names of its elements, and what is
 * wrong with it in the reader's words.
 *
 * Names: title, text, product, type, class, severity, channel, incomplete, name, mail, phone,
 * company; a field of the form is "f." and its id. So they are in a draft too. */
#ifndef ASKFIRST_INTAKE_WEB_FORM_VALUES_H
#define ASKFIRST_INTAKE_WEB_FORM_VALUES_H

#include "intake/http/pairs.h"
#include "intake/web/views.h"

#define FORM_FAULTS_MAX (FORM_FIELDS_MAX + 8)

struct form_faults {
    struct field_error list[FORM_FAULTS_MAX];
    size_t count;
};

/* What came. A name that comes more than once is a list; what was on the page ("shown") and did not
 * come is "": boxes that were unticked. The caller owns it; NULL without memory. */
json_t *form_values_read(const struct pairs *form);

/* The form for what is chosen; borrowed from the rules. */
const json_t *form_values_form(const struct rules *rules, const json_t *values);

/* The parts of a ticket. The caller owns them; NULL without memory. */
json_t *form_values_contact(const json_t *values);
json_t *form_values_fields(const json_t *form, const json_t *values);

/* What can be said at the fields, in the order of the page; the service checks everything again.
 * `is_self_service`: there must be a way to reach who writes. */
enum status form_faults_find(struct page *pg, const struct ticket_form_view *view,
                             bool is_self_service, bool may_miss, int64_t now_ms,
                             struct form_faults *out, struct error *err) MUST_USE;

#endif
