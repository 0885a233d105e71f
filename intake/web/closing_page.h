/* closing_page.h: the customer's part in the end of his ticket.
 *
 *   POST /t/{key}/confirm   it is solved; 303 to the ticket
 *   GET  /s/{key}           the survey; the same page says thanks, or that it has ended
 *   POST /s/{key}           303 to the page; 422 without a score, 409 when it is answered or over
 *
 * Knowing a key is the permission. Neither page is for search engines. */
#ifndef ASKFIRST_INTAKE_WEB_CLOSING_PAGE_H
#define ASKFIRST_INTAKE_WEB_CLOSING_PAGE_H

#include "intake/web/visit.h"

enum status closing_page_confirm(void *app, struct request *req, struct reply *rep,
                                 struct error *err);
enum status closing_page_survey(void *app, struct request *req, struct reply *rep,
                                struct error *err);
enum status closing_page_answer(void *app, struct request *req, struct reply *rep,
                                struct error *err);

/* Adds to the view of ticket `no` how it may go on: its survey, whether a word reopens it. */
void closing_page_fill(struct visit *v, uint32_t no, struct follow_view *view);

#endif
