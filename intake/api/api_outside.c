/* What others owe: questions handed over, spare parts requested, and the target's own link. */
#include "intake/api/api.h"

#include "data/base/limits.h"
#include "intake/api/api_ticket_now.h"
#include "intake/desk/handoff.h"
#include "intake/desk/outside.h"
#include "intake/desk/part.h"
#include "intake/ticket/ticket_handoffs.h"
#include "intake/ticket/ticket_parts.h"

/* --- what all of them share ----------------------------------------------------------------- */

struct text {
    const char *member;
    size_t bytes_max;
    bool required;
    struct bytes *to;
};

static enum status take_texts(const json_t *body, const struct text *texts, size_t count,
                              struct error *err)
{
    enum status status = AF_OK;

    for (size_t i = 0; i < count && status == AF_OK; i++)
        status = json_text(body, texts[i].member, texts[i].bytes_max, texts[i].required,
                           texts[i].to, err);
    return status;
}

#define TAKE(body, texts, err) take_texts(body, texts, sizeof(texts) / sizeof((texts)[0]), err)

/* Who, which ticket, and what is asked for. */
static enum status begin(struct site *site, struct request *req, struct reply *rep, struct who *who,
                         uint32_t *no, const json_t **body, struct error *err)
{
    enum status status = site_scope(site, req, rep, SCOPE_TICKETS_WRITE, who, err);

    if (status != AF_OK || (status = api_ticket_no(req, no, err)) != AF_OK)
        return status;
    return site_object(req, rep, body, err);
}

static enum status take_item(const struct request *req, uint32_t *item, struct error *err)
{
    if (ticket_parse_no(request_param(req, "k"), item))
        return AF_OK;
    return error_set(err, AF_NOT_FOUND, "it is named by its number on the ticket");
}

static enum status take_qty(const json_t *body, bool required, uint32_t *qty, struct error *err)
{
    const json_t *value = json_object_get(body, "qty");

    *qty = 0;
    if (!required && (value == NULL || json_is_null(value)))
        return AF_OK;
    if (!json_is_integer(value) || json_integer_value(value) < 1 ||
        json_integer_value(value) > PART_QTY_MAX)
        return error_set(err, AF_INVALID, "\"qty\" is a number from 1 to %d", PART_QTY_MAX);
    *qty = (uint32_t)json_integer_value(value);
    return AF_OK;
}

static enum status take_answer(const json_t *body, const char *member, enum part_answer *out,
                               struct error *err)
{
    const json_t *value = json_object_get(body, member);
    bool is_yes;
    enum status status = json_flag(body, member, &is_yes, err);

    *out = value == NULL || json_is_null(value) ? PART_AS_IT_IS : is_yes ? PART_YES : PART_NO;
    return status;
}

static void tag(struct reply *rep, const json_t *ticket)
{
    reply_headerf(rep, "ETag", "\"%llu\"", (unsigned long long)json_get_u64(ticket, "version"));
}

/* Ends a handler that changed one of them: the ticket's name and state, and the one as it is now;
 * `link` is the key of the link that was made, or "". */
static enum status reply_item(struct site *site, struct reply *rep, const struct who *who,
                              uint32_t no, const char *member,
                              json_t *(*find)(const json_t *ticket, uint64_t no), uint32_t item,
                              const char *link, unsigned code, struct error *err)
{
    json_t *ticket, *json;
    bool ok = true;
    enum status status = ticket_get(site->app, who, no, &ticket, err);

    if (status != AF_OK)
        return status;
    json = json_pack("{s:O,s:O,s:O,s:O,s:O}", "ticket", json_object_get(ticket, "ticket"), "n",
                     json_object_get(ticket, "n"), "state", json_object_get(ticket, "state"),
                     "version", json_object_get(ticket, "version"), member, find(ticket, item));
    if (json != NULL && link[0] != '\0')
        json_put(json, "link", json_sprintf("/api/v1/handoffs/by-link/%s", link), &ok);
    tag(rep, ticket);
    json_decref(ticket);
    if (json != NULL && ok)
        return reply_json(rep, code, json, err);
    json_decref(json);
    return error_set(err, AF_NO_MEMORY, "no memory for a reply");
}

/* One ticket's, all of them. */
static enum status reply_all(struct site *site, struct request *req, struct reply *rep,
                             const char *list, struct error *err)
{
    json_t *ticket, *rows, *json;
    struct who who;
    uint32_t no;
    enum status status = site_scope(site, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = ticket_get(site->app, &who, no, &ticket, err)) != AF_OK)
        return status;
    rows = json_object_get(ticket, list);
    json = json_pack("{s:O,s:O,s:O,s:o}", "ticket", json_object_get(ticket, "ticket"), "n",
                     json_object_get(ticket, "n"), "version", json_object_get(ticket, "version"),
                     list, rows != NULL ? json_incref(rows) : json_array());
    tag(rep, ticket);
    json_decref(ticket);
    return json != NULL ? reply_json(rep, 200, json, err)
                        : error_set(err, AF_NO_MEMORY, "no memory for a list");
}

typedef enum status list_fn(struct app *app, const struct who *who,
                            const struct outside_filter *filter, json_t **list, struct error *err);

/* Those that are open, of all tickets. */
static enum status reply_open(struct site *site, struct request *req, struct reply *rep,
                              const char *name, list_fn *list, struct error *err)
{
    struct outside_filter filter = {.name = request_query(req, name),
                                    .state = request_query(req, "state"),
                                    .after = request_query(req, "after")};
    uint64_t limit;
    struct who who;
    json_t *json;
    enum status status = site_scope(site, req, rep, SCOPE_TICKETS_READ, &who, err);

    if (status != AF_OK ||
        (status = request_query_u64(req, "limit", 1, TICKET_LIST_MAX, 50, &limit, err)) != AF_OK)
        return status;
    filter.limit = (uint32_t)limit;
    status = list(site->app, &who, &filter, &json, err);
    return status == AF_OK ? reply_json(rep, 200, json, err) : status;
}

/* --- handoffs ------------------------------------------------------------------------------- */

API_HANDLER(api_handoff_new)
{
    struct site *here = site;
    struct handoff_input input = {0};
    const struct text texts[] = {
        {"target", RULES_ID_BYTES_MAX,     true,  &input.target},
        {"kind",   RULES_ID_BYTES_MAX,     false, &input.kind  },
        {"title",  TICKET_TITLE_BYTES_MAX, false, &input.title },
        {"text",   HANDOFF_TEXT_BYTES_MAX, false, &input.text  },
        {"ref",    HANDOFF_REF_BYTES_MAX,  false, &input.ref   },
    };
    struct handoff_done done;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = TAKE(body, texts, err)) != AF_OK ||
        (status = site_key(req, "handoff", &input.key, err)) != AF_OK)
        return status;
    if ((status = handoff_send(here->app, &who, no, &input, &done, err)) != AF_OK)
        return api_ticket_now(here, rep, &who, no, status, 201, err);
    return reply_item(here, rep, &who, no, "handoff", ticket_handoff, done.no, done.link, 201, err);
}

static enum status take_handoff_step(struct request *req, const json_t *body,
                                     struct handoff_step *step, struct error *err)
{
    const struct text texts[] = {
        {"event",  32,                     true,  &step->event },
        {"reason", TICKET_TITLE_BYTES_MAX, false, &step->reason},
        {"text",   HANDOFF_TEXT_BYTES_MAX, false, &step->text  },
        {"ref",    HANDOFF_REF_BYTES_MAX,  false, &step->ref   },
        {"target", RULES_ID_BYTES_MAX,     false, &step->target},
        {"kind",   RULES_ID_BYTES_MAX,     false, &step->kind  },
    };
    enum status status = TAKE(body, texts, err);

    return status == AF_OK ? site_key(req, "handoff-step", &step->key, err) : status;
}

API_HANDLER(api_handoff_move)
{
    struct site *here = site;
    struct handoff_step step = {0};
    struct handoff_done done;
    const json_t *body;
    struct who who;
    uint32_t no, item;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = take_item(req, &item, err)) != AF_OK ||
        (status = take_handoff_step(req, body, &step, err)) != AF_OK)
        return status;
    if ((status = handoff_step(here->app, &who, no, item, &step, &done, err)) != AF_OK)
        return api_ticket_now(here, rep, &who, no, status, 200, err);
    return reply_item(here, rep, &who, no, "handoff", ticket_handoff, item, done.link, 200, err);
}

API_HANDLER(api_handoff_of_ticket)
{
    return reply_all(site, req, rep, "handoffs", err);
}

API_HANDLER(api_handoff_list)
{
    return reply_open(site, req, rep, "target", handoff_list, err);
}

/* --- by the target's link -------------------------------------------------------------------- */

static enum status reply_linked(struct site *site, struct reply *rep, struct bytes key,
                                struct error *err)
{
    json_t *handoff;
    enum status status = handoff_by_link(site->app, key, &handoff, err);

    reply_header(rep, "X-Robots-Tag", "noindex");
    return status == AF_OK ? reply_json(rep, 200, handoff, err) : status;
}

API_HANDLER(api_handoff_linked)
{
    return reply_linked(site, rep, request_param(req, "key"), err);
}

API_HANDLER(api_handoff_linked_move)
{
    struct site *here = site;
    const struct bytes key = request_param(req, "key");
    struct handoff_step step = {0};
    const json_t *body;
    enum status status = site_object(req, rep, &body, err);

    if (status != AF_OK || (status = take_handoff_step(req, body, &step, err)) != AF_OK)
        return status;
    status = handoff_step_by_link(here->app, key, &step, err);
    return status == AF_OK ? reply_linked(here, rep, key, err) : status;
}

/* --- parts ---------------------------------------------------------------------------------- */

API_HANDLER(api_part_new)
{
    struct site *here = site;
    struct part_input input = {0};
    const struct text texts[] = {
        {"part",        PART_NUMBER_BYTES_MAX, true,  &input.part       },
        {"name",        RULES_NAME_BYTES_MAX,  false, &input.name       },
        {"stock_point", RULES_ID_BYTES_MAX,    false, &input.stock_point},
        {"ship_to",     CONTACT_BYTES_MAX,     false, &input.ship_to    },
        {"promise",     40,                    false, &input.promise    },
    };
    const json_t *body;
    struct who who;
    uint32_t no, item;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = TAKE(body, texts, err)) != AF_OK ||
        (status = take_qty(body, true, &input.qty, err)) != AF_OK ||
        (status = take_answer(body, "from_stock", &input.from_stock, err)) != AF_OK ||
        (status = take_answer(body, "returns", &input.returns, err)) != AF_OK ||
        (status = site_key(req, "part", &input.key, err)) != AF_OK)
        return status;
    if ((status = part_request(here->app, &who, no, &input, &item, err)) != AF_OK)
        return api_ticket_now(here, rep, &who, no, status, 201, err);
    return reply_item(here, rep, &who, no, "part", ticket_part, item, "", 201, err);
}

API_HANDLER(api_part_move)
{
    struct site *here = site;
    struct part_step step = {0};
    const struct text texts[] = {
        {"event",    32,                     true,  &step.event   },
        {"carrier",  TRACKING_BYTES_MAX,     false, &step.carrier },
        {"tracking", TRACKING_BYTES_MAX,     false, &step.tracking},
        {"promise",  40,                     false, &step.promise },
        {"reason",   TICKET_TITLE_BYTES_MAX, false, &step.reason  },
    };
    const json_t *body;
    struct who who;
    uint32_t no, item;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = take_item(req, &item, err)) != AF_OK ||
        (status = TAKE(body, texts, err)) != AF_OK ||
        (status = take_qty(body, false, &step.qty, err)) != AF_OK ||
        (status = take_answer(body, "from_stock", &step.from_stock, err)) != AF_OK ||
        (status = site_key(req, "part-step", &step.key, err)) != AF_OK)
        return status;
    if ((status = part_step(here->app, &who, no, item, &step, err)) != AF_OK)
        return api_ticket_now(here, rep, &who, no, status, 200, err);
    return reply_item(here, rep, &who, no, "part", ticket_part, item, "", 200, err);
}

API_HANDLER(api_part_of_ticket)
{
    return reply_all(site, req, rep, "parts", err);
}

API_HANDLER(api_part_list)
{
    return reply_open(site, req, rep, "stock_point", part_list, err);
}
