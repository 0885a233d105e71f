#include "intake/api/api_ticket_now.h"

#include "intake/desk/ticket.h"

enum status api_ticket_no(const struct request *req, uint32_t *no, struct error *err)
{
    if (ticket_parse_no(request_param(req, "n"), no))
        return AF_OK;
    return error_set(err, AF_NOT_FOUND, "a ticket is named by its number, like AF-2026-000123");
}

enum status api_ticket_who(struct site *site, struct request *req, struct reply *rep, uint32_t no,
                           enum scope scope, struct who *who, struct error *err)
{
    struct bytes key = request_query(req, "key");
    uint32_t of_key;

    if (key.len == 0)
        key = request_header(req, "X-Follow-Up-Key");
    if (key.len > 0 && ticket_by_follow_up(site->app, key, &of_key, err) == AF_OK && of_key == no) {
        *who = who_customer();
        who->if_version = site_if_version(req);
        return AF_OK;
    }
    return site_scope(site, req, rep, scope, who, err);
}

static void tag(struct reply *rep, const json_t *ticket)
{
    reply_headerf(rep, "ETag", "\"%llu\"", (unsigned long long)json_get_u64(ticket, "version"));
}

/* Only somebody who may read it learns its version. */
static void say_version(struct site *site, struct reply *rep, const struct who *who, uint32_t no)
{
    json_t *ticket;

    if (ticket_get(site->app, who, no, &ticket, NULL) != AF_OK)
        return;
    tag(rep, ticket);
    reply_problem(rep, &PROBLEM_CHANGED,
                  json_pack("{s:I}", "version", (json_int_t)json_get_u64(ticket, "version")));
    json_decref(ticket);
}

enum status api_ticket_now(struct site *site, struct reply *rep, const struct who *who, uint32_t no,
                           enum status status, unsigned code, struct error *err)
{
    json_t *ticket;

    if (status == AF_CHANGED)
        say_version(site, rep, who, no);
    if (status != AF_OK || (status = ticket_get(site->app, who, no, &ticket, err)) != AF_OK)
        return status;
    tag(rep, ticket);
    return reply_json(rep, code, ticket, err);
}

enum status api_ticket_told(struct site *site, struct reply *rep, const struct who *who,
                            uint32_t no, enum status status, const char *told, struct error *err)
{
    json_t *ticket;
    bool ok = true;

    if (status != AF_OK || told[0] == '\0')
        return api_ticket_now(site, rep, who, no, status, 200, err);
    if ((status = ticket_get(site->app, who, no, &ticket, err)) != AF_OK)
        return status;
    json_put(ticket, "told", json_string(told), &ok);
    if (!ok) {
        json_decref(ticket);
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    }
    tag(rep, ticket);
    return reply_json(rep, 200, ticket, err);
}
