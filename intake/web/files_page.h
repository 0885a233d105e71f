/* files_page.h: a ticket's files on its pages: the form that sends some, without script, and each
 * of them behind the follow-up link. The desk reads them by the API, with its session. */
#ifndef ASKFIRST_INTAKE_WEB_FILES_PAGE_H
#define ASKFIRST_INTAKE_WEB_FILES_PAGE_H

#include "intake/web/visit.h"

enum status files_page_get(void *app, struct request *req, struct reply *rep, struct error *err);
enum status files_page_follow(void *app, struct request *req, struct reply *rep, struct error *err);
enum status files_page_desk(void *app, struct request *req, struct reply *rep, struct error *err);
extern const struct body_taker files_page_follow_taker, files_page_desk_taker;

#endif
