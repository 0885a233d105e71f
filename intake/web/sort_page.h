/* sort_page.h: what a ticket is about (初判), and what is still to be filled in: for staff.
 *
 *   GET  /desk/{no}/class
 *   POST /desk/{no}/class   do=update asks anew for what is chosen, else it is saved; when routing
 *                           would give the ticket to another group now, that is said
 */
#ifndef ASKFIRST_INTAKE_WEB_SORT_PAGE_H
#define ASKFIRST_INTAKE_WEB_SORT_PAGE_H

#include "intake/web/visit.h"

enum status sort_page_get(void *app, struct request *req, struct reply *rep, struct error *err);
enum status sort_page_post(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
