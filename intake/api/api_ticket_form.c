/* What a ticket is about, and what was filled in on its form, afterwards. */
#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/api/api_ticket_now.h"
#include "intake/desk/ticket_fields.h"

/* A member that may be absent, which is another thing than empty: absent leaves it as it is. */
static enum status take(const json_t *body, const char *member, size_t bytes_max, struct bytes *out,
                        struct error *err)
{
    *out = BYTES_NONE;
    if (json_object_get(body, member) == NULL)
        return AF_OK;
    return json_text(body, member, bytes_max, false, out, err);
}

/* The ticket as it is now, and beside its members whom routing would give it to.
 * Takes `proposed`. */
static enum status reply_classified(struct site *site, struct reply *rep, const struct who *who,
                                    uint32_t no, json_t *proposed, struct error *err)
{
    json_t *ticket;
    bool ok = true;
    enum status status = ticket_get(site->app, who, no, &ticket, err);

    if (status != AF_OK) {
        json_decref(proposed);
        return status;
    }
    json_put(ticket, "proposed", proposed, &ok);
    site_version(rep, (uint32_t)json_get_u64(ticket, "version"));
    return reply_json(rep, 200, ok ? ticket : NULL, err);
}

API_HANDLER(api_ticket_classify)
{
    struct site *here = site;
    struct ticket_class class;
    json_t *proposed = NULL;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = take(body, "product", TICKET_TITLE_BYTES_MAX, &class.product, err)) != AF_OK ||
        (status = take(body, "type", RULES_ID_BYTES_MAX, &class.type, err)) != AF_OK ||
        (status = take(body, "class", 32, &class.class, err)) != AF_OK ||
        (status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, &class.reason, err)) !=
            AF_OK)
        return status;
    status = ticket_classify(here->app, &who, no, &class, &proposed, err);
    if (status != AF_OK)
        return api_ticket_now(here, rep, &who, no, status, 200, err);
    return reply_classified(here, rep, &who, no, proposed, err);
}

API_HANDLER(api_ticket_fields)
{
    struct site *here = site;
    json_t *errors = NULL;
    const json_t *body;
    bool is_incomplete;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_flag(body, "incomplete", &is_incomplete, err)) != AF_OK)
        return status;
    status = ticket_set_fields(here->app, &who, no, json_object_get(body, "fields"), is_incomplete,
                               &errors, err);
    if (errors != NULL)
        reply_problem(rep, &PROBLEM_INVALID, json_pack("{s:o}", "errors", errors));
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}
