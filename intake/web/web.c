#include "intake/web/web.h"

#include "data/base/limits.h"
#include "intake/attachment/sending.h"
#include "intake/web/ask_page.h"
#include "intake/web/case_page.h"
#include "intake/web/closing_page.h"
#include "intake/web/desk_page.h"
#include "intake/web/files_page.h"
#include "intake/web/form_page.h"
#include "intake/web/rules_page.h"
#include "intake/web/sign_in.h"
#include "intake/web/sort_page.h"
#include "intake/web/ticket_page.h"
#include "intake/web/vocabulary_page.h"

#define FORM_FLAGS (ROUTE_PAGE | ROUTE_FORM)

const struct route web_routes[] = {
    {METHOD_GET,  "/",                       ask_page_get,         0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/answers",                ask_page_answers,     0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/suggest",                ask_page_suggest,     0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/ask",                    ask_page_ask,         HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/open",                   ask_page_open,        HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/solved",                 ask_page_solved,      HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/unsolved",               ask_page_unsolved,    HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_GET,  "/ticket/new",             form_page_new,        0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/ticket",                 form_page_send,       HTTP_BODY_TICKET_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/ticket/draft",           form_page_draft,      HTTP_BODY_TICKET_MAX,  FORM_FLAGS, NULL},
    {METHOD_GET,  "/t/{key}",                ticket_page_follow,   0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/t/{key}/reply",          ticket_page_reply,    HTTP_BODY_TICKET_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/t/{key}/confirm",        closing_page_confirm, HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_GET,  "/s/{key}",                closing_page_survey,  0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/s/{key}",                closing_page_answer,  HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_GET,  "/case/{id}",              case_page_get,        0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/sign-in",                sign_in_get,          0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/sign-in",                sign_in_post,         HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/sign-out",               sign_out_post,        HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_GET,  "/desk",                   desk_page_list,       0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/desk/vocabulary",        vocabulary_page_get,  0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/desk/vocabulary",        vocabulary_page_post, HTTP_BODY_ARTICLE_MAX, FORM_FLAGS,
     NULL                                                                                                 },
    {METHOD_GET,  "/desk/vocabulary.txt",    vocabulary_page_file, 0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/desk/rules",             rules_page_list,      0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/desk/rules/{name}",      rules_page_get,       0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/desk/rules/{name}",      rules_page_post,      HTTP_BODY_ARTICLE_MAX, FORM_FLAGS, NULL},
    {METHOD_GET,  "/desk/rules/{name}/file", rules_page_file,      0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/desk/route",             route_page_get,       0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/desk/{no}",              desk_page_ticket,     0,                     ROUTE_PAGE, NULL},
    {METHOD_GET,  "/desk/{no}/class",        sort_page_get,        0,                     ROUTE_PAGE, NULL},
    {METHOD_POST, "/desk/{no}/class",        sort_page_post,       HTTP_BODY_TICKET_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/desk/{no}/reply",        desk_page_reply,      HTTP_BODY_TICKET_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/desk/{no}/move",         desk_page_move,       HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/desk/{no}/visit",        desk_page_visit,      HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_POST, "/desk/{no}/link",         desk_page_link,       HTTP_BODY_SEARCH_MAX,  FORM_FLAGS, NULL},
    {METHOD_GET,  "/a/{hash}/{name}",        asset_get,            0,                     0,          NULL},
 /* (Longer than the others: the tool would move them all.) */
  /* clang-format off */
    {METHOD_GET,  "/t/{key}/files/{id}", files_page_get,    0,                 ROUTE_PAGE,               NULL},
    {METHOD_POST, "/t/{key}/files",      files_page_follow, SENDING_BYTES_MAX, ROUTE_PAGE | ROUTE_TAKER, &files_page_follow_taker},
    {METHOD_POST, "/desk/{no}/files",    files_page_desk,   SENDING_BYTES_MAX, ROUTE_PAGE | ROUTE_TAKER, &files_page_desk_taker},
  /* clang-format on */
};
const size_t web_routes_count = sizeof web_routes / sizeof web_routes[0];

/* The request is only read: choosing a language sets no cookie here, since the reply of a
 * problem is not the page's to change. */
enum status web_error_page(void *app, const struct request *req, const struct problem *problem,
                           struct buf *html, struct error *err)
{
    struct reply unused;
    struct visit v;

    reply_init(&unused, req->arena);
    visit_begin(&v, app, (struct request *)(uintptr_t)req, &unused, err);
    v.pg.out = html;
    v.pg.query = BYTES_NONE;
    view_problem(&v.pg, problem);
    reply_release(&unused);
    return buf_status(html, "a page", err);
}
