/* ask_page.h: the ask page and its steps: typing, asking, opening, solved, not solved.
 *
 *   GET  /           the page; ?q= answers, nothing is written
 *   GET  /answers    the same answers alone, while somebody types
 *   GET  /suggest    what an unfinished question may become: options of the list under the box
 *   POST /ask        begins a consult, or goes on in it
 *   POST /open       writes down that an answer was opened, and gives it
 *   POST /solved     ends the consult; again with a rating
 *   POST /unsolved   on to the next answer, or ends the consult and on to the ticket form
 *
 * A consult is made by the first POST. Its id travels in the forms (field c). */
#ifndef ASKFIRST_INTAKE_WEB_ASK_PAGE_H
#define ASKFIRST_INTAKE_WEB_ASK_PAGE_H

#include "intake/web/visit.h"

#define ANSWERS_MAX 5 /* more is a list to read through and no answer */

enum status ask_page_get(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ask_page_answers(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ask_page_suggest(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ask_page_ask(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ask_page_open(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ask_page_solved(void *app, struct request *req, struct reply *rep, struct error *err);
enum status ask_page_unsolved(void *app, struct request *req, struct reply *rep, struct error *err);

/* Fields q, product and c of the form or query; q and product from the consult when only c is
 * there. */
enum status ask_state_read(struct visit *v, struct ask_state *out) MUST_USE;

/* A consult that is about this question and in which `case_id` (may be empty) was shown: the
 * one of the state, continued when the question is another by now, or a new one when there is
 * none or it has ended otherwise. *state gets its id. */
enum status ask_state_begin(struct visit *v, struct ask_state *state, struct bytes case_id,
                            bool must_be_open) MUST_USE;

#endif
