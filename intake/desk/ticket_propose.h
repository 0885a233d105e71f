/* ticket_propose.h: product, problem type and severity of a ticket, proposed from what it says:
 * what the cases and solved tickets have that the same words find (k nearest neighbours by the
 * search engine's own hits: Yang & Liu 1999). The person confirms; what became of proposals is
 * counted (ticket_accuracy.h).
 *
 *   the PROPOSE_NEIGHBOURS best hits of cases and solved tickets together
 *     each votes with (its score / the best score)^4 for its product, type and severity
 *       the value with the most is proposed; share: of the votes of those that have one at all
 *
 * Fourth powers and 20: of 1, 5, 10, 20 and 50 neighbours with equal votes, with scores, their
 * squares and fourth powers, and ranks, this has the best mean over six sets; what is `sure` there
 * is right in 95 of 100 (intake/README.md).
 *
 * A case votes for a type when its category is a type's id or name. What is not in the product tree
 * or among the types (rules) is never proposed; without a tree any product is. Tickets are other
 * people's: a customer is given what they voted for, never which they were. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_PROPOSE_H
#define ASKFIRST_INTAKE_DESK_TICKET_PROPOSE_H

#include "intake/desk/ticket.h"

#define PROPOSE_NEIGHBOURS 20
#define PROPOSE_SURE 0.6 /* of the votes, of two neighbours at least: may be filled in */

struct ticket_words {
    struct bytes title, text;
    struct bytes product; /* when it is known; empty: to be proposed. It narrows the neighbours */
};

/* {"product"?:P,"type"?:P,"severity"?:P}, P: {"value","share":0…1,"sure":bool,"neighbours":n,
 *  "from":[{"case"|"ticket","title","score"}]}: no member where nobody has a vote. `from` are the
 * three that weighed most, of those that whoever asks may see. The caller owns *out. AF_INVALID: no
 * words. */
enum status ticket_propose(struct app *app, const struct who *who, const struct ticket_words *words,
                           json_t **out, struct error *err) MUST_USE;

#endif
