#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/desk/enquiry.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_party.h"
#include "intake/party/enquiry_record.h"
#include "intake/site.h"

static enum status take_no(const struct request *req, uint32_t *no, struct error *err)
{
    if (enquiry_parse_no(request_param(req, "n"), no))
        return AF_OK;
    return error_set(err, AF_NOT_FOUND, "an enquiry is named by its number, like EQ-2026-000012");
}

static enum status reply_enquiry(struct site *site, const struct who *who, uint32_t no,
                                 unsigned code, struct reply *rep, struct error *err)
{
    json_t *enquiry;
    enum status status = enquiry_get(site->app, who, no, &enquiry, err);

    return status == AF_OK ? reply_json(rep, code, enquiry, err) : status;
}

API_HANDLER(api_enquiry_new)
{
    struct site *here = site;
    struct enquiry_input input = {0};
    const struct {
        const char *member;
        size_t bytes_max;
        struct bytes *to;
    } texts[] = {
        {"title",   TICKET_TITLE_BYTES_MAX, &input.title  },
        {"text",    TICKET_TEXT_BYTES_MAX,  &input.text   },
        {"product", TICKET_TITLE_BYTES_MAX, &input.product},
        {"lang",    35,                     &input.lang   },
        {"channel", 32,                     &input.channel},
    };
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = site_key(req, "enquiry", &input.key, err)) != AF_OK)
        return status;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if ((status = json_text(body, texts[i].member, texts[i].bytes_max, false, texts[i].to,
                                err)) != AF_OK)
            return status;
    input.contact = json_object_get(body, "contact");
    status = enquiry_new(here->app, &who, &input, &no, err);
    if (status != AF_OK)
        return status;
    reply_headerf(rep, "Location", "/api/v1/enquiries/%u", no);
    return reply_enquiry(here, &who, no, 201, rep, err);
}

API_HANDLER(api_enquiry_get)
{
    struct site *here = site;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status == AF_OK)
        status = take_no(req, &no, err);
    return status == AF_OK ? reply_enquiry(here, &who, no, 200, rep, err) : status;
}

API_HANDLER(api_enquiry_list)
{
    struct site *here = site;
    struct enquiry_filter filter = {.state = request_query(req, "state")};
    uint64_t limit, before;
    json_t *page;
    struct who who;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK ||
        (status = request_query_u64(req, "limit", 1, ENQUIRY_LIST_MAX, 50, &limit, err)) != AF_OK ||
        (status = request_query_u64(req, "before", 0, UINT32_MAX, 0, &before, err)) != AF_OK)
        return status;
    filter.limit = (uint32_t)limit;
    filter.before = (uint32_t)before;
    status = enquiry_list(here->app, &who, &filter, &page, err);
    return status == AF_OK ? reply_json(rep, 200, page, err) : status;
}

API_HANDLER(api_enquiry_move)
{
    struct site *here = site;
    struct bytes event, reply;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = take_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "event", 32, true, &event, err)) != AF_OK ||
        (status = json_text(body, "reply", TICKET_TEXT_BYTES_MAX, false, &reply, err)) != AF_OK)
        return status;
    if (bytes_equal(event, BYTES_LIT("accept")))
        status = enquiry_accept(here->app, &who, no, err);
    else if (bytes_equal(event, BYTES_LIT("answer")))
        status = enquiry_answer(here->app, &who, no, reply, err);
    else
        status = error_set(err, AF_INVALID, "\"event\" is accept or answer");
    return status == AF_OK ? reply_enquiry(here, &who, no, 200, rep, err) : status;
}

/* --- whose ticket it is ----------------------------------------------------------------------- */

API_HANDLER(api_ticket_party)
{
    struct site *here = site;
    struct ticket_identity identity = {
        {NULL, 0},
        {NULL, 0},
        {NULL, 0},
        {NULL, 0}
    };
    const json_t *body;
    json_t *ticket;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "contact", PARTY_ID_BYTES_MAX, false, &identity.contact, err)) !=
            AF_OK ||
        (status = json_text(body, "account", PARTY_ID_BYTES_MAX, false, &identity.account, err)) !=
            AF_OK ||
        (status = json_text(body, "serial", TICKET_SERIAL_BYTES_MAX, false, &identity.serial,
                            err)) != AF_OK ||
        (status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, &identity.reason,
                            err)) != AF_OK)
        return status;
    if (!ticket_parse_no(request_param(req, "n"), &no))
        return error_set(err, AF_NOT_FOUND, "a ticket is named by its number");
    if ((status = ticket_identify(here->app, &who, no, &identity, err)) != AF_OK ||
        (status = ticket_get(here->app, &who, no, &ticket, err)) != AF_OK)
        return status;
    site_version(rep, (uint32_t)json_get_u64(ticket, "version"));
    return reply_json(rep, 200, ticket, err);
}
