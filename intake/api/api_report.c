#include "intake/api/api.h"

#include "intake/report/report.h"
#include "intake/site.h"

API_HANDLER(api_report_tickets)
{
    struct site *here = site;
    const struct report_request request = {.from = request_query(req, "from"),
                                           .to = request_query(req, "to"),
                                           .by = request_query(req, "by")};
    struct who who;
    json_t *report;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK ||
        (status = report_tickets(here->app, &who, &request, &report, err)) != AF_OK)
        return status;
    return reply_json(rep, 200, report, err);
}

API_HANDLER(api_report_figures)
{
    (void)site;
    (void)req;
    return reply_json(rep, 200, report_definitions(), err);
}
