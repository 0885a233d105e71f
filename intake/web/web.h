/* web.h: the pages for people: asking, the ticket form, following a ticket, the staff's desk.
 *
 * Server-rendered; every step is a link or a form and works without script. app.js makes the
 * same forms quick: a request with the header X-Fragment gets only the piece that changes.
 * Handlers read a request, call the services (ask.h, ticket.h, staff.h) and fill a view
 * (views.h); they decide nothing about tickets themselves. */
#ifndef ASKFIRST_INTAKE_WEB_WEB_H
#define ASKFIRST_INTAKE_WEB_WEB_H

#include "intake/http/router.h"
#include "intake/http/server.h"
#include "intake/site.h"

extern const struct route web_routes[]; /* for the table of intake/serve.c */
extern const size_t web_routes_count;

/* error_page_fn: what went wrong, in the person's language. */
enum status web_error_page(void *app, const struct request *req, const struct problem *problem,
                           struct buf *html, struct error *err);

#endif
