/* ticket_draft_case.h: the draft of a case from a ticket: what a person would copy out of it before
 * he writes. Nothing is stored and nothing made up: a member that the ticket says nothing of is not
 * there, and the author has to judge and to write the rest.
 *
 *   title        the ticket's                       lang, product   the ticket's
 *   category     its problem type, the parent's first, as they are called in that language
 *   environment  what was filled in on its form, in the form's words: choices, numbers, versions;
 *                of a technical ticket also lines and texts. No serial numbers, dates, addresses
 *   symptom      the customer's words: the ticket's text and what he wrote to it
 *   cause        what was told as the root cause last (ticket/ticket_emergency.h)
 *   resolution   what staff answered the customer last: all replies after his last word, oldest
 *                first; what was asked and tried before is not what helped
 *   error_code   what looks like a fault's identifier (search/query/excerpt.h) and is no part of
 *                the product's name, in the order it is found, DRAFT_CODES_MAX of them
 *   source       "ticket:AF-2026-000123"            author          who asks for the draft
 *   state        "wip", audience "internal": not found by searching, and not a customer's to read
 *                if it is stored as it is
 *
 * Of a ticket that was resolved only what was written until then is read (the last time, when it
 * was opened again): thanks and farewells are no part of a case. Internal notes are never taken.
 *
 * The contact's data are taken out of all that people wrote: what is and what is not caught says
 * contact_mask.h. */
#ifndef ASKFIRST_INTAKE_DESK_TICKET_DRAFT_CASE_H
#define ASKFIRST_INTAKE_DESK_TICKET_DRAFT_CASE_H

#include "intake/app.h"
#include "intake/who.h"

#include <jansson.h>

#define DRAFT_CODES_MAX 16

/* *out, the caller's, is what case.put takes (data/article.h), without an id. Staff only:
 * AF_DENIED; AF_NOT_FOUND; AF_TOO_LARGE when it is longer than a case may be. */
enum status ticket_draft_case(struct app *app, const struct who *who, uint32_t no, json_t **out,
                              struct error *err) MUST_USE;

#endif
