/* rules_page.h: what an administrator decides, as pages.
 *
 *   GET  /desk/rules               the documents and their versions
 *   GET  /desk/rules/{name}        one as text
 *   POST /desk/rules/{name}        text, version: replaces it, or says what is wrong, each fault
 *                                  with its place, with what was typed still there
 *   GET  /desk/rules/{name}/file   the same as a file
 *   GET  /desk/route?product=…     a dry run: which group would get such a ticket, and why
 *
 * Staff may read all of it; what may be changed by whom is rules.h's to say. */
#ifndef ASKFIRST_INTAKE_WEB_RULES_PAGE_H
#define ASKFIRST_INTAKE_WEB_RULES_PAGE_H

#include "intake/web/visit.h"

enum status rules_page_list(void *app, struct request *req, struct reply *rep, struct error *err);
enum status rules_page_get(void *app, struct request *req, struct reply *rep, struct error *err);
enum status rules_page_post(void *app, struct request *req, struct reply *rep, struct error *err);
enum status rules_page_file(void *app, struct request *req, struct reply *rep, struct error *err);
enum status route_page_get(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
