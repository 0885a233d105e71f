/* ticket_form.h: what was asked on a ticket beside title and text, and what sort of problem it is.
 *
 * In the record, absent while nothing was filled in:
 *
 *   "type":"wifi"                              a problem type
 *   "form":{"id":"router","version":3,"hash"}  the form it was asked with, as it was then
 *   "fields":{"serial":"HG8-123456","lights":["red"]}
 *   "missing":["serial"]                       required, and let pass by an agent
 *
 * Forms change, and an old ticket is shown with the words it was asked with: table form has each
 * form that a ticket was asked with, once, by its hash (16 bytes of BLAKE2b over its canonical
 * JSON). Whoever proposes sends it along ("form_text") while the table has it not.
 *
 * Commands:
 *   ticket.open      the members above and "form_text"?
 *   ticket.fields    {"ticket":n,"by","form","fields","missing"?,"form_text"?,"reason"}
 *   ticket.classify  {"ticket":n,"by","reason","product"?,"type"?,"class"?}
 * The history has what became of what: {"event":"classify","old":{"type":"usage"},
 * "new":{"type":"wifi"}}, {"event":"fields","old":{…},"new":{…}}: only what is another now; null
 * for none. */
#ifndef ASKFIRST_INTAKE_TICKET_TICKET_FORM_H
#define ASKFIRST_INTAKE_TICKET_TICKET_FORM_H

#include "intake/inspect.h"
#include "intake/ticket/ticket_apply.h"

#define FORM_HASH_BYTES 16
#define FORM_HASH_HEX_BYTES (2 * FORM_HASH_BYTES + 1)

/* The hash of a form as hex; AF_NO_MEMORY. */
enum status ticket_form_hash(const json_t *form, char hex[FORM_HASH_HEX_BYTES],
                             struct error *err) MUST_USE;
/* The form of that hash; the caller owns it. AF_NOT_FOUND without a sentence. */
enum status ticket_form_load(struct txn *txn, const char *hash, json_t **form,
                             struct error *err) MUST_USE;

bool ticket_form_parse_hash(const char *hex, uint8_t key[FORM_HASH_BYTES]);
/* A list of texts: a value of a field that has several. */
bool ticket_form_is_list(const json_t *list);

/* ticket.open: are the members sound, and is the form there or sent along? */
enum status ticket_form_check_body(struct txn *txn, const json_t *body, struct error *err) MUST_USE;
/* ticket.open: stores the form that was sent along, and gives the ticket its members. */
enum status ticket_form_take(struct txn *txn, json_t *ticket, const json_t *body,
                             struct error *err) MUST_USE;

enum status ticket_apply_classify(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err) MUST_USE;
enum status ticket_apply_fields(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err) MUST_USE;

/* For `check`: the members of one ticket; and the rows of table form. */
void ticket_form_inspect(struct inspection *in, const json_t *ticket);
enum status ticket_form_check_table(struct txn *txn, fault_fn fault, void *context,
                                    struct error *err) MUST_USE;

#endif
