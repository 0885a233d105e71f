/* desk_page.h: the engineers' side; every route here demands staff, and each POST the token of
 * the session.
 *
 *   GET  /desk               work lists, the most urgent first: ?state= ?group= ?mine=1 ?after=
 *   GET  /desk/{no}          one ticket with prior cases; ?find= searches in other words,
 *                            ?draft=CASE puts that case into the reply box
 *   POST /desk/{no}/reply    to=customer or to=internal
 *   POST /desk/{no}/move     an event of ticket_flow.h
 *   POST /desk/{no}/visit    what came of a follow-up visit
 *   POST /desk/{no}/link     a case and its role */
#ifndef ASKFIRST_INTAKE_WEB_DESK_PAGE_H
#define ASKFIRST_INTAKE_WEB_DESK_PAGE_H

#include "intake/web/visit.h"

enum status desk_page_list(void *app, struct request *req, struct reply *rep, struct error *err);
enum status desk_page_ticket(void *app, struct request *req, struct reply *rep, struct error *err);
enum status desk_page_reply(void *app, struct request *req, struct reply *rep, struct error *err);
enum status desk_page_move(void *app, struct request *req, struct reply *rep, struct error *err);
enum status desk_page_visit(void *app, struct request *req, struct reply *rep, struct error *err);
enum status desk_page_link(void *app, struct request *req, struct reply *rep, struct error *err);

#endif
