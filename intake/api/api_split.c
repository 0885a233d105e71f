#include "intake/api/api.h"
#include "intake/api/api_ticket_now.h"

#include "data/base/limits.h"
#include "intake/desk/ticket_split.h"

static enum status take_split(const json_t *body, struct ticket_split_input *input,
                              struct error *err)
{
    enum status status = json_text(body, "title", TICKET_TITLE_BYTES_MAX, true, &input->title, err);

    input->posts = json_object_get(body, "posts");
    if (status == AF_OK && !json_is_array(input->posts))
        status = error_set(err, AF_INVALID, "\"posts\" must be an array of numbers of posts");
    if (status == AF_OK)
        status = json_text(body, "class", 32, false, &input->class, err);
    if (status == AF_OK)
        status = json_text(body, "severity", 8, false, &input->severity, err);
    if (status == AF_OK)
        status = json_text(body, "product", TICKET_TITLE_BYTES_MAX, false, &input->product, err);
    if (status == AF_OK)
        status = json_text(body, "reason", TICKET_TITLE_BYTES_MAX, false, &input->reason, err);
    return status;
}

API_HANDLER(api_ticket_split)
{
    struct site *here = site;
    struct ticket_split_input input = {0};
    struct ticket_opened opened;
    const json_t *body;
    struct who who;
    uint32_t no;
    enum status status = site_scope(here, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = site_object(req, rep, &body, err)) != AF_OK ||
        (status = take_split(body, &input, err)) != AF_OK ||
        (status = site_key(req, "split", &input.key, err)) != AF_OK)
        return status;
    if ((status = ticket_split(here->app, &who, no, &input, &opened, err)) != AF_OK)
        return status;
    reply_headerf(rep, "Location", "/api/v1/tickets/%u", opened.no);
    return reply_json(rep, 201,
                      json_pack("{s:s,s:I,s:I,s:o}", "ticket", opened.name, "n",
                                (json_int_t)opened.no, "split_from", (json_int_t)no,
                                "follow_up_url", json_sprintf("/t/%s", opened.follow_up)),
                      err);
}
