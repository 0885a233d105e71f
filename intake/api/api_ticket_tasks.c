/* Whose work a ticket is, who has to answer for it, and what is told of an emergency. */
#include "intake/api/api.h"
#include "intake/api/api_ticket_now.h"

#include "data/base/limits.h"
#include "intake/desk/ticket_assign.h"
#include "intake/desk/ticket_emergency.h"

/* What all of them begin with. */
static enum status begin(struct site *site, struct request *req, struct reply *rep, struct who *who,
                         uint32_t *no, const json_t **body, struct error *err)
{
    enum status status = site_scope(site, req, rep, SCOPE_TICKETS_WRITE, who, err);

    if (status != AF_OK || (status = api_ticket_no(req, no, err)) != AF_OK)
        return status;
    return site_object(req, rep, body, err);
}

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

/* {"person":"ann"}, {"person":""} back to the group, or {"pick":"rotation"}. */
API_HANDLER(api_ticket_assign)
{
    struct site *here = site;
    struct bytes person, pick, reason;
    const struct text texts[] = {
        {"person", RULES_ID_BYTES_MAX,     false, &person},
        {"pick",   32,                     false, &pick  },
        {"reason", TICKET_TITLE_BYTES_MAX, false, &reason},
    };
    struct ticket_told told = {{0}};
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = TAKE(body, texts, err)) != AF_OK)
        return status;
    if ((json_object_get(body, "person") != NULL) == (json_object_get(body, "pick") != NULL))
        return error_set(err, AF_INVALID, "either \"person\" or \"pick\" says who gets it");
    if (json_object_get(body, "pick") != NULL)
        status = ticket_assign_auto(here->app, &who, no, pick, &told, err);
    else
        status = ticket_assign(here->app, &who, no, person, reason, &told, err);
    return api_ticket_told(here, rep, &who, no, status, told.text, err);
}

API_HANDLER(api_ticket_take)
{
    struct site *here = site;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK)
        return status;
    status = ticket_take(here->app, &who, no, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_transfer)
{
    struct site *here = site;
    struct ticket_transfer transfer;
    const struct text texts[] = {
        {"group",     RULES_ID_BYTES_MAX,     true, &transfer.group    },
        {"reason",    TICKET_TITLE_BYTES_MAX, true, &transfer.reason   },
        {"ruled_out", TICKET_TITLE_BYTES_MAX, true, &transfer.ruled_out},
    };
    struct ticket_told told = {{0}};
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = TAKE(body, texts, err)) != AF_OK)
        return status;
    status = ticket_transfer(here->app, &who, no, &transfer, &told, err);
    return api_ticket_told(here, rep, &who, no, status, told.text, err);
}

static enum status escalate(struct site *site, struct reply *rep, const struct who *who,
                            uint32_t no, const json_t *body, struct error *err)
{
    struct ticket_escalation escalation;
    const struct text texts[] = {
        {"group",       RULES_ID_BYTES_MAX,     false, &escalation.group      },
        {"reason",      TICKET_TITLE_BYTES_MAX, true,  &escalation.reason     },
        {"maturity",    16,                     false, &escalation.maturity   },
        {"grey_reason", TICKET_TITLE_BYTES_MAX, false, &escalation.grey_reason},
    };
    struct ticket_told told = {{0}};
    enum status status = TAKE(body, texts, err);

    if (status != AF_OK || (status = json_flag(body, "grey", &escalation.is_grey, err)) != AF_OK)
        return status;
    status = ticket_escalate(site->app, who, no, &escalation, &told, err);
    return api_ticket_told(site, rep, who, no, status, told.text, err);
}

static enum status manage(struct site *site, struct reply *rep, const struct who *who, uint32_t no,
                          const json_t *body, struct error *err)
{
    struct bytes about, to, why;
    const struct text texts[] = {
        {"about", 32,                     true,  &about},
        {"to",    RULES_ID_BYTES_MAX,     false, &to   },
        {"why",   TICKET_TITLE_BYTES_MAX, true,  &why  },
    };
    enum status status = TAKE(body, texts, err);

    if (status != AF_OK)
        return status;
    status = ticket_manage(site->app, who, no, about, to, why, err);
    return api_ticket_now(site, rep, who, no, status, 200, err);
}

/* {"kind":"functional", …}: up a ring; {"kind":"management", …}: somebody has to answer. */
API_HANDLER(api_ticket_escalate)
{
    struct site *here = site;
    struct bytes kind;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = json_text(body, "kind", 32, true, &kind, err)) != AF_OK)
        return status;
    if (bytes_equal(kind, BYTES_LIT("functional")))
        return escalate(here, rep, &who, no, body, err);
    if (bytes_equal(kind, BYTES_LIT("management")))
        return manage(here, rep, &who, no, body, err);
    return error_set(err, AF_INVALID, "\"kind\" is functional or management");
}

API_HANDLER(api_ticket_answer)
{
    struct site *here = site;
    struct bytes answer;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK ||
        (status = json_text(body, "answer", TICKET_TEXT_BYTES_MAX, true, &answer, err)) != AF_OK)
        return status;
    if (json_get_u64(body, "escalation") < 1 || json_get_u64(body, "escalation") > UINT32_MAX)
        return error_set(err, AF_INVALID, "\"escalation\" is its number");
    status =
        ticket_answer(here->app, &who, no, (uint32_t)json_get_u64(body, "escalation"), answer, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_result)
{
    struct site *here = site;
    struct bytes result;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK ||
        (status = json_text(body, "result", TICKET_TEXT_BYTES_MAX, true, &result, err)) != AF_OK)
        return status;
    status = ticket_result(here->app, &who, no, result, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}

API_HANDLER(api_ticket_notice)
{
    struct site *here = site;
    struct bytes stage, text;
    const json_t *body;
    struct who who;
    bool is_public;
    uint32_t no;
    enum status status = begin(here, req, rep, &who, &no, &body, err);

    if (status != AF_OK || (status = json_text(body, "stage", 32, true, &stage, err)) != AF_OK ||
        (status = json_text(body, "text", TICKET_TEXT_BYTES_MAX, true, &text, err)) != AF_OK ||
        (status = json_flag(body, "public", &is_public, err)) != AF_OK)
        return status;
    status = ticket_notice(here->app, &who, no, stage, text, is_public, err);
    return api_ticket_now(here, rep, &who, no, status, 200, err);
}
