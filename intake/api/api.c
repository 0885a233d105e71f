#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/attachment/sending.h"

/* Bodies, by what is in them. */
enum {
    SMALL = HTTP_BODY_SEARCH_MAX,
    TICKET = HTTP_BODY_TICKET_MAX,
    ARTICLE = HTTP_BODY_ARTICLE_MAX
};
#define FILES SENDING_BYTES_MAX

const struct route api_routes[] = {
    {METHOD_GET,  "/healthz",                      api_health,          0,       0,          NULL},
    {METHOD_GET,  "/metrics",                      api_metrics,         0,       0,          NULL},
    {METHOD_GET,  "/api/v1/openapi.json",          api_openapi,         0,       0,          NULL},
    {METHOD_GET,  "/api/v1/search",                api_search,          0,       0,          NULL},
    {METHOD_GET,  "/api/v1/suggest",               api_suggest,         0,       0,          NULL},
    {METHOD_POST, "/api/v1/consults",              api_consult_new,     SMALL,   ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/consults/{id}",         api_consult_get,     0,       0,          NULL},
    {METHOD_POST, "/api/v1/consults/{id}/queries", api_consult_query,   SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/consults/{id}/opened",  api_consult_opened,  SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/consults/{id}/outcome", api_consult_outcome, SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets",               api_ticket_new,      TICKET,  ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/tickets",               api_ticket_list,     0,       0,          NULL},
    {METHOD_POST, "/api/v1/tickets/similar",       api_ticket_similar_new, TICKET, ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/proposals",     api_ticket_propose,  TICKET,  ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/tickets/proposals",     api_ticket_accuracy, 0,       0,          NULL},
    {METHOD_GET,  "/api/v1/tickets/{n}/similar",   api_ticket_similar,  0,       0,          NULL},
    {METHOD_GET,  "/api/v1/tickets/{n}",           api_ticket_get,      0,       0,          NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/links",     api_ticket_link,     SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/replies",   api_ticket_reply,    TICKET,  ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/steps",     api_ticket_move,     SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/severity",  api_ticket_severity, SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/class",     api_ticket_classify, SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/fields",    api_ticket_fields,   TICKET,  ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/merge",     api_ticket_merge,    SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/unmerge",   api_ticket_unmerge,  SMALL,   ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/tickets/{n}/relations", api_ticket_related,  0,       0,          NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/relations", api_ticket_relate,   SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/unrelate",  api_ticket_unrelate, SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/watch",     api_ticket_watch,    SMALL,   ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/unwatch",   api_ticket_unwatch,  SMALL,   ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/tickets/{n}/cases",     api_ticket_cases,    0,       0,          NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/confirmation", api_ticket_confirm, SMALL, ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/tickets/{n}/survey",    api_ticket_survey,   0,       0,          NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/survey",    api_ticket_survey_enter, SMALL, ROUTE_JSON, NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/visits/{visit}/report", api_visit_report, SMALL, ROUTE_JSON,
     NULL},
    {METHOD_POST, "/api/v1/tickets/{n}/visits/{visit}/waiver", api_visit_waive, SMALL, ROUTE_JSON,
     NULL},
    {METHOD_GET,  "/api/v1/surveys/{key}",         api_survey_get,      0,       0,          NULL},
    {METHOD_POST, "/api/v1/surveys/{key}",         api_survey_answer,   SMALL,   ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/visits",                api_visit_list,      0,       0,          NULL},
    {METHOD_POST, "/api/v1/cases",                 api_case_new,        ARTICLE, ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/cases/{id}/similar",    api_case_similar,    0,       0,          NULL},
    {METHOD_GET,  "/api/v1/cases/{id...}",         api_case_get,        0,       0,          NULL},
    {METHOD_PUT,  "/api/v1/cases/{id...}",         api_case_put,        ARTICLE, ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/vocabulary",            api_vocabulary_get,  0,       0,          NULL},
    {METHOD_PUT,  "/api/v1/vocabulary",            api_vocabulary_put,  ARTICLE, ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/drafts",                api_draft_list,      0,       0,          NULL},
    {METHOD_GET,  "/api/v1/drafts/{id}",           api_draft_get,       0,       0,          NULL},
    {METHOD_PUT,  "/api/v1/drafts/{id}",           api_draft_put,       TICKET,  ROUTE_JSON, NULL},
    {METHOD_GET,  "/api/v1/forms",                 api_form,            0,       0,          NULL},
    {METHOD_GET,  "/api/v1/route",                 api_route,           0,       0,          NULL},
    {METHOD_GET,  "/api/v1/reports/figures",       api_report_figures,  0,       0,          NULL},
    {METHOD_GET,  "/api/v1/reports/tickets",       api_report_tickets,  0,       0,          NULL},
    {METHOD_GET,  "/api/v1/rules",                 api_rules_list,      0,       0,          NULL},
    {METHOD_GET,  "/api/v1/rules/{name}",          api_rules_get,       0,       0,          NULL},
    {METHOD_PUT,  "/api/v1/rules/{name}",          api_rules_put,       ARTICLE, ROUTE_JSON, NULL},
 /* (Longer than the others: the tool would move them all.) */
  /* clang-format off */
    {METHOD_POST,   "/api/v1/uploads",                       api_upload,        FILES, ROUTE_TAKER, &api_upload_taker},
    {METHOD_POST,   "/api/v1/tickets/{n}/attachments",       api_ticket_attach, FILES, ROUTE_TAKER, &api_ticket_attach_taker},
    {METHOD_GET,    "/api/v1/tickets/{n}/attachments/{id}",  api_ticket_file,   0,     0,           NULL},
    {METHOD_DELETE, "/api/v1/tickets/{n}/attachments/{id}",  api_ticket_detach, 0,     0,           NULL},
  /* clang-format on */
};

const size_t api_routes_count = sizeof api_routes / sizeof api_routes[0];
