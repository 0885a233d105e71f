/* The draft of a case from a ticket. */
#include "intake/api/api.h"

#include "intake/api/api_ticket_now.h"
#include "intake/desk/ticket_draft_case.h"
#include "intake/site.h"

API_HANDLER(api_ticket_case_draft)
{
    struct site *here = site;
    struct who who;
    json_t *draft;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = ticket_draft_case(here->app, &who, no, &draft, err)) != AF_OK)
        return status;
    return reply_json(rep, 200, draft, err);
}
