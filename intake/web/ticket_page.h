/* ticket_page.h: the page behind a ticket's follow-up link (the form before it: form_page.h).
 *
 *   GET  /t/{key}         the ticket; JSON when Accept asks for it
 *   POST /t/{key}/reply
 *
 * Knowing the key is the permission: nobody signs in here. */
#ifndef ASKFIRST_INTAKE_WEB_TICKET_PAGE_H
#define ASKFIRST_INTAKE_WEB_TICKET_PAGE_H

#include "intake/web/visit.h"

enum status ticket_page_follow(void *app, struct request *req, struct reply *rep,
                               struct error *err);
enum status ticket_page_reply(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
