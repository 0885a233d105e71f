/* What is like a ticket, and what is proposed for it. */
#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/desk/ticket_accuracy.h"
#include "intake/desk/ticket_propose.h"
#include "intake/desk/ticket_similar.h"
#include "intake/site.h"

API_HANDLER(api_ticket_similar)
{
    struct site *here = site;
    uint64_t limit;
    struct who who;
    json_t *similar;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK)
        return status;
    if (!ticket_parse_no(request_param(req, "n"), &no))
        return error_set(err, AF_NOT_FOUND, "a ticket is named by its number, like AF-2026-000123");
    if ((status = request_query_u64(req, "limit", 1, TICKET_LIKE_MAX, HITS_DEFAULT, &limit, err)) !=
            AF_OK ||
        (status = ticket_similar_to(here->app, &who, no, (uint32_t)limit, &similar, err)) != AF_OK)
        return status;
    return reply_json(rep, 200, similar, err);
}

/* The members that are looked at, and no longer than a ticket may have them. */
static enum status take_words(const json_t *body, struct ticket_words *words, struct error *err)
{
    enum status status =
        json_text(body, "title", TICKET_TITLE_BYTES_MAX, false, &words->title, err);

    if (status == AF_OK)
        status = json_text(body, "text", TICKET_TEXT_BYTES_MAX, false, &words->text, err);
    if (status == AF_OK)
        status = json_text(body, "product", ARTICLE_TITLE_BYTES_MAX, false, &words->product, err);
    return status;
}

static enum status check_rest(const json_t *body, struct error *err)
{
    static const char *const members[] = {"type", "party", "account"};
    const json_t *contact = json_object_get(body, "contact");
    struct bytes ignored;
    enum status status = AF_OK;

    for (size_t i = 0; status == AF_OK && i < sizeof members / sizeof *members; i++)
        status = json_text(body, members[i], CONTACT_BYTES_MAX, false, &ignored, err);
    if (status == AF_OK && contact != NULL && !json_is_null(contact) && !json_is_object(contact))
        status = error_set(err, AF_INVALID, "\"contact\" must be an object of strings");
    return status;
}

API_HANDLER(api_ticket_similar_new)
{
    struct site *here = site;
    struct ticket_words words;
    const json_t *body;
    uint64_t limit;
    struct who who;
    json_t *similar, *ticket;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = take_words(body, &words, err)) != AF_OK ||
        (status = check_rest(body, err)) != AF_OK ||
        (status = request_query_u64(req, "limit", 1, TICKET_LIKE_MAX, HITS_DEFAULT, &limit, err)) !=
            AF_OK)
        return status;
    if ((ticket = json_copy((json_t *)(uintptr_t)body)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for similar tickets");
    (void)json_object_del(ticket, "n"); /* it is not saved, so it has none */
    (void)json_object_del(ticket, "posts");
    status = ticket_similar(here->app, &who, ticket, (uint32_t)limit, &similar, err);
    json_decref(ticket);
    return status == AF_OK ? reply_json(rep, 200, similar, err) : status;
}

API_HANDLER(api_ticket_propose)
{
    struct site *here = site;
    struct ticket_words words;
    const json_t *body;
    struct who who;
    json_t *proposals;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = take_words(body, &words, err)) != AF_OK)
        return status;
    status = ticket_propose(here->app, &who, &words, &proposals, err);
    return status == AF_OK ? reply_json(rep, 200, proposals, err) : status;
}

API_HANDLER(api_ticket_accuracy)
{
    struct site *here = site;
    uint64_t days;
    struct who who;
    json_t *report;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = request_query_u64(req, "days", 1, ACCURACY_DAYS_MAX,
                                                       ACCURACY_DAYS, &days, err)) != AF_OK)
        return status;
    status = ticket_accuracy(here->app, &who, (uint32_t)days, &report, err);
    return status == AF_OK ? reply_json(rep, 200, report, err) : status;
}
