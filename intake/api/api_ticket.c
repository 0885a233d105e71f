#include "intake/api/api.h"
#include "intake/api/api_ticket_now.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/attachment/receipt.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_close.h"
#include "intake/desk/ticket_family.h"
#include "intake/hits.h"
#include "intake/site.h"

/* Reads the members of a ticket; the texts are borrowed from the body. */
static enum status take_ticket(const json_t *body, struct ticket_input *input, struct error *err)
{
    struct {
        const char *member;
        size_t bytes_max;
        struct bytes *to;
    } texts[] = {
        {"class",       32,                      &input->class      },
        {"severity",    8,                       &input->severity   },
        {"channel",     32,                      &input->channel    },
        {"title",       TICKET_TITLE_BYTES_MAX,  &input->title      },
        {"text",        TICKET_TEXT_BYTES_MAX,   &input->text       },
        {"product",     ARTICLE_TITLE_BYTES_MAX, &input->product    },
        {"lang",        35,                      &input->lang       },
        {"reported_at", 40,                      &input->reported_at},
        {"serial",      TICKET_SERIAL_BYTES_MAX, &input->serial     },
        {"type",        RULES_ID_BYTES_MAX,      &input->type       },
    };
    struct bytes consult_id;
    enum status status;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if ((status = json_text(body, texts[i].member, texts[i].bytes_max, false, texts[i].to,
                                err)) != AF_OK)
            return status;
    if ((status = json_text(body, "consult_id", 64, false, &consult_id, err)) != AF_OK)
        return status;
    input->consult_id = json_get_str(body, "consult_id");
    input->contact = json_object_get(body, "contact");
    input->proposed = json_object_get(body, "proposals");
    input->fields = json_object_get(body, "fields");
    return json_flag(body, "incomplete", &input->is_incomplete, err);
}

/* "attachments": receipts of files that were sent before. The caller owns *files. */
static enum status take_files(struct site *site, const json_t *body, json_t **files,
                              struct error *err)
{
    return receipts_read(app_store(site->app), "attachments", json_object_get(body, "attachments"),
                         clock_now_ms(), files, err);
}

/* A missing answer step is told with the way to it. */
static void explain_conflict(struct reply *rep, const struct ticket_input *input)
{
    const char *id = input->consult_id;

    reply_problem(rep, &PROBLEM_CONFLICT,
                  id[0] != '\0'
                      ? json_pack("{s:o,s:s}", "consult_url",
                                  json_sprintf("/api/v1/consults/%s", id), "consult_id", id)
                      : json_pack("{s:s}", "consult_url", "/api/v1/consults"));
}

API_HANDLER(api_ticket_new)
{
    struct site *here = site;
    json_t *errors = NULL;
    struct ticket_input input = {.errors = &errors};
    struct ticket_opened opened;
    const json_t *body;
    json_t *files;
    struct who who;
    enum status status = site_who(here, req, rep, &who, err);

    if (status != AF_OK || (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = take_ticket(body, &input, err)) != AF_OK ||
        (status = site_key(req, "ticket", &input.key, err)) != AF_OK ||
        (status = take_files(here, body, &files, err)) != AF_OK)
        return status;
    input.files = files;
    status = ticket_open(here->app, &who, &input, &opened, err);
    json_decref(files);
    if (status == AF_CONFLICT)
        explain_conflict(rep, &input);
    if (errors != NULL)
        reply_problem(rep, &PROBLEM_INVALID, json_pack("{s:o}", "errors", errors));
    if (status != AF_OK)
        return status;
    reply_headerf(rep, "Location", "/api/v1/tickets/%u", opened.no);
    return reply_json(rep, 201,
                      json_pack("{s:s,s:I,s:o}", "ticket", opened.name, "n", (json_int_t)opened.no,
                                "follow_up_url", json_sprintf("/t/%s", opened.follow_up)),
                      err);
}

API_HANDLER(api_ticket_get)
{
    struct site *here = site;
    struct who who;
    json_t *ticket;
    uint32_t no;
    enum status status = api_ticket_no(req, &no, err);

    if (status != AF_OK ||
        (status = api_ticket_who(here, req, rep, no, SCOPE_TICKETS_READ, &who, err)) != AF_OK ||
        (status = ticket_get(here->app, &who, no, &ticket, err)) != AF_OK)
        return status;
    site_version(rep, (uint32_t)json_get_u64(ticket, "version"));
    return reply_json(rep, 200, ticket, err);
}

API_HANDLER(api_ticket_list)
{
    struct site *here = site;
    struct ticket_filter filter = {.state = request_query(req, "state"),
                                   .product = request_query(req, "product"),
                                   .group = request_query(req, "group"),
                                   .person = request_query(req, "person"),
                                   .watcher = request_query(req, "watcher"),
                                   .after = request_query(req, "after"),
                                   .text = request_query(req, "q")};
    const struct bytes sort = request_query(req, "sort");
    uint64_t limit, before;
    struct who who;
    json_t *list;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK ||
        (status = request_query_u64(req, "limit", 1, 200, 50, &limit, err)) != AF_OK ||
        (status = request_query_u64(req, "before", 0, UINT32_MAX, 0, &before, err)) != AF_OK)
        return status;
    if (sort.len > 0 && !bytes_equal(sort, BYTES_LIT("due")) &&
        !bytes_equal(sort, BYTES_LIT("newest")))
        return error_set(err, AF_INVALID, "\"sort\" is due or newest");
    filter.by_due = bytes_equal(sort, BYTES_LIT("due"));
    filter.limit = (uint32_t)limit;
    filter.before = (uint32_t)before;
    status = ticket_list(here->app, &who, &filter, &list, err);
    return status == AF_OK ? reply_json(rep, 200, list, err) : status;
}

API_HANDLER(api_ticket_link)
{
    struct site *here = site;
    struct bytes case_id, role;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "case", ARTICLE_ID_BYTES_MAX, true, &case_id, err)) != AF_OK ||
        (status = json_text(body, "role", 32, true, &role, err)) != AF_OK)
        return status;
    status = ticket_link(here->app, &who, no, case_id, role, err);
    return api_ticket_now(here, rep, &who, no, status, 201, err);
}

/* A customer's word: to this ticket, or to one that follows it, whose link is his from now on. */
static enum status reply_said(struct site *site, struct reply *rep, const struct who *who,
                              uint32_t no, const struct ticket_post *post, struct error *err)
{
    struct ticket_said said;
    enum status status = ticket_say_with(site->app, who, no, post, &said, err);

    if (status != AF_OK || said.name[0] == '\0')
        return api_ticket_now(site, rep, who, no, status, 201, err);
    reply_headerf(rep, "Location", "/api/v1/tickets/%u", said.no);
    return reply_json(rep, 201,
                      json_pack("{s:s,s:I,s:I,s:o}", "ticket", said.name, "n", (json_int_t)said.no,
                                "follows", (json_int_t)no, "follow_up_url",
                                json_sprintf("/t/%s", said.follow_up)),
                      err);
}

enum status api_ticket_reply_with(struct site *site, struct reply *rep, const struct who *who,
                                  uint32_t no, const struct ticket_post *post, struct error *err)
{
    enum status status;

    if (!who_is_staff(who))
        return reply_said(site, rep, who, no, post, err);
    status = ticket_reply_with(site->app, who, no, post, err);
    return api_ticket_now(site, rep, who, no, status, 201, err);
}

API_HANDLER(api_ticket_reply)
{
    struct site *here = site;
    struct ticket_post post = {0};
    const json_t *body;
    json_t *files;
    struct who who;
    uint32_t no;
    enum status status = api_ticket_no(req, &no, err);

    if (status != AF_OK ||
        (status = api_ticket_who(here, req, rep, no, SCOPE_TICKETS_WRITE, &who, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "text", TICKET_TEXT_BYTES_MAX,
                            json_object_get(body, "attachments") == NULL, &post.text, err)) !=
            AF_OK ||
        (status = json_flag(body, "internal", &post.internal, err)) != AF_OK ||
        (status = site_key(req, "reply", &post.key, err)) != AF_OK ||
        (status = take_files(here, body, &files, err)) != AF_OK)
        return status;
    post.files = files;
    status = api_ticket_reply_with(here, rep, &who, no, &post, err);
    json_decref(files);
    return status;
}

/* What children hear, when the step says so: "children":{"text"?,"with"?}. */
static enum status take_children(const json_t *body, struct ticket_children *children, bool *given,
                                 struct error *err)
{
    const json_t *how = json_object_get(body, "children");
    enum status status;

    *given = how != NULL && !json_is_null(how);
    if (!*given)
        return AF_OK;
    if (!json_is_object(how))
        return error_set(err, AF_INVALID, "\"children\" is an object with \"text\" and \"with\"");
    status = json_text(how, "text", TICKET_TEXT_BYTES_MAX, false, &children->text, err);
    return status == AF_OK ? json_flag(how, "with", &children->with, err) : status;
}

API_HANDLER(api_ticket_move)
{
    struct site *here = site;
    struct ticket_children children = {.with = false};
    struct bytes event, reason;
    bool has_children;
    const json_t *body;
    struct who who;
    bool nothing;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "event", 32, true, &event, err)) != AF_OK ||
        (status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, &reason, err)) !=
            AF_OK ||
        (status = json_flag(body, "nothing_to_record", &nothing, err)) != AF_OK ||
        (status = take_children(body, &children, &has_children, err)) != AF_OK)
        return status;
    status = has_children
                 ? ticket_step_family(here->app, &who, no, event, reason, nothing, &children, err)
                 : ticket_step(here->app, &who, no, event, reason, nothing, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_severity)
{
    struct site *here = site;
    struct bytes severity, reason;
    const json_t *body;
    struct who who;
    bool consent;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = json_text(body, "severity", 8, true, &severity, err)) != AF_OK ||
        (status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, &reason, err)) !=
            AF_OK ||
        (status = json_flag(body, "consent", &consent, err)) != AF_OK)
        return status;
    status = ticket_severity(here->app, &who, no, severity, reason, consent, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_cases)
{
    struct site *here = site;
    struct search_result result = {0};
    uint64_t limit;
    struct who who;
    json_t *ticket;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = request_query_u64(req, "limit", 1, 100, HITS_DEFAULT, &limit, err)) != AF_OK ||
        (status = ticket_get(here->app, &who, no, &ticket, err)) != AF_OK)
        return status;
    status = ticket_prior_cases(here->app, &who, ticket, (uint32_t)limit, req->arena, &result, err);
    if (status == AF_OK)
        status = reply_json(
            rep, 200, search_result_json(bytes_str(json_get_str(ticket, "title")), &result), err);
    json_decref(ticket);
    return status;
}
