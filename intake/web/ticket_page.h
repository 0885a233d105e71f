/* ticket_page.h: from the ask page to a ticket, and the page behind its follow-up link.
 *
 *   GET  /ticket/new      ?c=CONSULT fills it; ?severity= and ?class= for what may go without
 *   POST /ticket          303 to the follow-up page; 422 or 409 with the form as it was
 *   GET  /t/{key}         the ticket; JSON when Accept asks for it
 *   POST /t/{key}/reply
 *
 * Knowing the key is the permission: nobody signs in here. */
#ifndef ASKFIRST_INTAKE_WEB_TICKET_PAGE_H
#define ASKFIRST_INTAKE_WEB_TICKET_PAGE_H

#include "intake/web/visit.h"

enum status ticket_page_new(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ticket_page_send(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ticket_page_follow(void *app, struct request *req, struct reply *rep,
                               struct error *err);
enum status ticket_page_reply(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
