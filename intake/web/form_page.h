/* form_page.h: the ticket form, and its draft.
 *
 *   GET  /ticket/new     ?c= of a consult, else ?d= of a draft; without either a new one
 *   POST /ticket/draft   keeps what is on the form: by script while somebody types, without it by a
 *                        button; gives the questions for what is chosen now
 *   POST /ticket         sends it; what cannot be taken is told at its field, and kept
 *
 * Staff say how it came in, and may leave out what nobody knows yet. When their session has ended
 * meanwhile the draft brings everything back after the sign-in. */
#ifndef ASKFIRST_INTAKE_WEB_FORM_PAGE_H
#define ASKFIRST_INTAKE_WEB_FORM_PAGE_H

#include "intake/web/visit.h"

enum status form_page_new(void *app, struct request *req, struct reply *rep, struct error *err);
enum status form_page_draft(void *app, struct request *req, struct reply *rep, struct error *err);
enum status form_page_send(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
