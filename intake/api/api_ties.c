#include "intake/api/api.h"
#include "intake/api/api_ticket_now.h"

#include "data/base/limits.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_ties.h"

/* A ticket that the body names: its number, or a text like AF-2026-000123. */
static enum status take_ticket_no(const json_t *body, const char *member, uint32_t *no,
                                  struct error *err)
{
    const json_t *value = json_object_get(body, member);
    const json_int_t number = json_integer_value(value);

    if (json_is_integer(value) && number > 0 && number <= UINT32_MAX) {
        *no = (uint32_t)number;
        return AF_OK;
    }
    if (json_is_string(value) && ticket_parse_no(bytes_str(json_string_value(value)), no))
        return AF_OK;
    return error_set(err, AF_INVALID, "\"%s\" is a ticket's number, like 123 or AF-2026-000123",
                     member);
}

static enum status begin(struct site *here, struct request *req, struct reply *rep, struct who *who,
                         uint32_t *no, const json_t **body, struct error *err)
{
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, who, err);

    if (status == AF_OK)
        status = api_ticket_no(req, no, err);
    return status == AF_OK ? site_object(req, rep, body, err) : status;
}

static enum status take_reason(const json_t *body, struct bytes *reason, struct error *err)
{
    return json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, reason, err);
}

API_HANDLER(api_ticket_merge)
{
    struct site *here = site;
    uint32_t no, into, survivor;
    struct bytes reason;
    const json_t *body;
    struct who who;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = take_ticket_no(body, "into", &into, err)) != AF_OK ||
        (status = take_reason(body, &reason, err)) != AF_OK)
        return status;
    status = ticket_merge(here->app, &who, no, into, reason, &survivor, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_unmerge)
{
    struct site *here = site;
    struct bytes reason;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = take_reason(body, &reason, err)) != AF_OK)
        return status;
    status = ticket_unmerge(here->app, &who, no, reason, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

/* --- relations ----------------------------------------------------------------------------- */

typedef enum status (*relation_fn)(struct app *app, const struct who *who, uint32_t no,
                                   struct bytes kind, uint32_t other, struct bytes reason,
                                   struct error *err);

static enum status change_relation(struct site *here, struct request *req, struct reply *rep,
                                   relation_fn change, unsigned code, struct error *err)
{
    struct bytes kind, reason;
    uint32_t no, other;
    const json_t *body;
    struct who who;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = json_text(body, "kind", 32, true, &kind, err)) != AF_OK ||
        (status = take_ticket_no(body, "ticket", &other, err)) != AF_OK ||
        (status = take_reason(body, &reason, err)) != AF_OK)
        return status;
    status = change(here->app, &who, no, kind, other, reason, err);
    return api_ticket_now(here, rep, &who, no, status, code, err);
}

API_HANDLER(api_ticket_relate)
{
    return change_relation(site, req, rep, ticket_relate, 201, err);
}

API_HANDLER(api_ticket_unrelate)
{
    return change_relation(site, req, rep, ticket_unrelate, 200, err);
}

API_HANDLER(api_ticket_related)
{
    struct site *here = site;
    uint64_t limit;
    struct who who;
    json_t *page;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = request_query_u64(req, "limit", 1, TICKET_LIST_MAX, 50, &limit, err)) != AF_OK)
        return status;
    status = ticket_relations(here->app, &who, no, request_query(req, "after"), (uint32_t)limit,
                              &page, err);
    return status == AF_OK ? reply_json(rep, 200, page, err) : status;
}

/* --- watchers ------------------------------------------------------------------------------- */

/* Without a name whoever asks; a token has none. */
static enum status set_watch(struct site *here, struct request *req, struct reply *rep, bool on,
                             struct error *err)
{
    const json_t *body;
    struct bytes name;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK ||
        (status = json_text(body, "name", WHO_NAME_BYTES, false, &name, err)) != AF_OK)
        return status;
    status = ticket_watch(here->app, &who, no, name.len > 0 ? name : bytes_str(who.name), on, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_watch)
{
    return set_watch(site, req, rep, true, err);
}

API_HANDLER(api_ticket_unwatch)
{
    return set_watch(site, req, rep, false, err);
}
