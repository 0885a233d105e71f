/* api.h: the JSON API under /api/v1, and what machines ask of a server.
 *
 * A handler reads the request, calls one service, writes the reply; rules live in the services.
 * What each call takes and gives is written down in openapi.json, which a test holds against
 * the routes. */
#ifndef ASKFIRST_INTAKE_API_API_H
#define ASKFIRST_INTAKE_API_API_H

#include "intake/http/router.h"

extern const struct route api_routes[];
extern const size_t api_routes_count;

/* The handlers, by file. Their first argument is a struct site. */
#define API_HANDLER(name)                                                                          \
    enum status name(void *site, struct request *req, struct reply *rep, struct error *err)

API_HANDLER(api_search); /* api_ask.c */
API_HANDLER(api_consult_new);
API_HANDLER(api_consult_get);
API_HANDLER(api_consult_query);
API_HANDLER(api_consult_opened);
API_HANDLER(api_consult_outcome);

API_HANDLER(api_ticket_new); /* api_ticket.c */
API_HANDLER(api_ticket_get);
API_HANDLER(api_ticket_list);
API_HANDLER(api_ticket_link);
API_HANDLER(api_ticket_reply);
API_HANDLER(api_ticket_move);
API_HANDLER(api_ticket_severity);
API_HANDLER(api_ticket_assign); /* api_ticket_tasks.c */
API_HANDLER(api_ticket_take);
API_HANDLER(api_ticket_transfer);
API_HANDLER(api_ticket_result);
API_HANDLER(api_ticket_escalate);
API_HANDLER(api_ticket_answer);
API_HANDLER(api_ticket_notice);
API_HANDLER(api_ticket_cases);

API_HANDLER(api_ticket_classify); /* api_ticket_form.c */
API_HANDLER(api_ticket_fields);
API_HANDLER(api_ticket_merge); /* api_ties.c */
API_HANDLER(api_ticket_unmerge);
API_HANDLER(api_ticket_split);
API_HANDLER(api_ticket_relate);
API_HANDLER(api_ticket_unrelate);
API_HANDLER(api_ticket_related);
API_HANDLER(api_ticket_watch);
API_HANDLER(api_ticket_unwatch);
API_HANDLER(api_ticket_attach); /* api_attachment.c */
API_HANDLER(api_ticket_file);
API_HANDLER(api_ticket_detach);
API_HANDLER(api_upload);
extern const struct body_taker api_ticket_attach_taker, api_upload_taker;

API_HANDLER(api_ticket_confirm); /* api_closing.c */
API_HANDLER(api_ticket_survey);
API_HANDLER(api_ticket_survey_enter);
API_HANDLER(api_survey_get);
API_HANDLER(api_survey_answer);
API_HANDLER(api_visit_list);
API_HANDLER(api_visit_report);
API_HANDLER(api_visit_waive);

API_HANDLER(api_handoff_new); /* api_outside.c */
API_HANDLER(api_handoff_of_ticket);
API_HANDLER(api_handoff_move);
API_HANDLER(api_handoff_list);
API_HANDLER(api_handoff_linked);
API_HANDLER(api_handoff_linked_move);
API_HANDLER(api_part_new);
API_HANDLER(api_part_of_ticket);
API_HANDLER(api_part_move);
API_HANDLER(api_part_list);

API_HANDLER(api_case_get); /* api_case.c */
API_HANDLER(api_case_new);
API_HANDLER(api_case_put);

API_HANDLER(api_vocabulary_get); /* api_vocabulary.c */
API_HANDLER(api_vocabulary_put);

API_HANDLER(api_draft_get); /* api_draft.c */
API_HANDLER(api_draft_put);
API_HANDLER(api_draft_list);

API_HANDLER(api_form); /* api_form.c */

API_HANDLER(api_route); /* api_route.c */

API_HANDLER(api_report_tickets); /* api_report.c */
API_HANDLER(api_report_figures);

API_HANDLER(api_rules_list); /* api_rules.c */
API_HANDLER(api_rules_get);
API_HANDLER(api_rules_put);

API_HANDLER(api_case_similar); /* api_similar.c */

API_HANDLER(api_ticket_similar); /* api_likeness.c */
API_HANDLER(api_ticket_similar_new);
API_HANDLER(api_ticket_propose);
API_HANDLER(api_ticket_accuracy);

API_HANDLER(api_ticket_case_draft); /* api_draft_case.c */

API_HANDLER(api_suggest); /* api_suggest.c */

API_HANDLER(api_party_get); /* api_party.c */
API_HANDLER(api_party_put);
API_HANDLER(api_party_list);
API_HANDLER(api_party_merge);
API_HANDLER(api_party_past);
API_HANDLER(api_party_entitled);

API_HANDLER(api_enquiry_new); /* api_enquiry.c */
API_HANDLER(api_enquiry_get);
API_HANDLER(api_enquiry_list);
API_HANDLER(api_enquiry_move);
API_HANDLER(api_ticket_party);

API_HANDLER(api_health); /* api_machine.c */
API_HANDLER(api_metrics);
API_HANDLER(api_openapi);

#endif
