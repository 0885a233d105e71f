/* case_page.h: GET /case/{id}: one case by itself, with its counts as they are now. */
#ifndef ASKFIRST_INTAKE_WEB_CASE_PAGE_H
#define ASKFIRST_INTAKE_WEB_CASE_PAGE_H

#include "intake/web/visit.h"

/* 404 for a case that this person may not see. */
enum status case_page_get(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
