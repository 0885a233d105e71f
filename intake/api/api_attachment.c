/* Files of tickets: sent (alone, in a form, or before there is a ticket), read, taken away. */
#include "intake/api/api.h"
#include "intake/api/api_ticket_now.h"
#include "intake/attachment/serving.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/attachment/quota.h"
#include "intake/attachment/receipt.h"
#include "intake/attachment/sending.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_attach.h"
#include "intake/http/guard.h"

/* A body on its way: request.taken. */
struct posting {
    struct who who;
    uint32_t no; /* 0: to no ticket yet */
    struct sending *sending;
};

static void end(void *taken)
{
    struct posting *posting = taken;

    sending_free(posting->sending);
}

static enum status take(struct request *req, struct bytes piece, struct error *err)
{
    struct posting *posting = req->taken;

    return sending_take(posting->sending, piece, err);
}

/* Who asks is known. Strangers may send so much an hour. */
static enum status begin(struct site *site, struct request *req, struct reply *rep,
                         const struct who *who, uint32_t no, struct error *err)
{
    const struct sending_options options = {
        .dir = app_dir(site->app),
        .content_type = request_header(req, "Content-Type"),
        .disposition = request_header(req, "Content-Disposition"),
        .name = request_query(req, "name"),
        .bytes = guard_content_length(req, 0),
    };
    struct posting *posting = arena_alloc(req->arena, sizeof *posting);
    enum status status = AF_OK;

    if (posting == NULL)
        return arena_exhausted(req->arena, err);
    if (!who_is_staff(who))
        status = quota_take(site->quota, site_asker(req, who), 1,
                            options.bytes > 0 ? options.bytes : ATTACHMENT_BYTES_MAX,
                            clock_now_ms(), err);
    if (status == AF_BUSY) {
        reply_header(rep, "Retry-After", "3600");
        reply_problem(rep, &PROBLEM_RATE, NULL);
    }
    if (status != AF_OK)
        return status;
    *posting = (struct posting){.who = *who, .no = no};
    if ((status = sending_new(&options, &posting->sending, err)) == AF_OK)
        req->taken = posting;
    return status;
}

/* --- to a ticket -------------------------------------------------------------------------- */

static API_HANDLER(attach_begin)
{
    struct who who;
    uint32_t no;
    enum status status = api_ticket_no(req, &no, err);

    if (status != AF_OK ||
        (status = api_ticket_who(site, req, rep, no, SCOPE_TICKETS_WRITE, &who, err)) != AF_OK)
        return status;
    return begin(site, req, rep, &who, no, err);
}

static bool is_yes(struct bytes text)
{
    return bytes_equal(text, BYTES_LIT("1")) || bytes_equal(text, BYTES_LIT("true"));
}

API_HANDLER(api_ticket_attach)
{
    struct posting *posting = req->taken;
    struct ticket_post post = {.internal = is_yes(request_query(req, "internal"))};
    enum status status = sending_end(posting->sending, err);

    if (status != AF_OK || (status = site_key(req, "attach", &post.key, err)) != AF_OK)
        return status;
    post.files = sending_files(posting->sending);
    post.text = sending_field(posting->sending, "text");
    post.internal |= is_yes(sending_field(posting->sending, "internal"));
    if (post.files == NULL)
        return error_set(err, AF_INVALID, "\"file\" is missing: no file came");
    return api_ticket_reply_with(site, rep, &posting->who, posting->no, &post, err);
}

const struct body_taker api_ticket_attach_taker = {attach_begin, take, end};

/* --- before there is one ------------------------------------------------------------------ */

static API_HANDLER(upload_request_begin)
{
    struct who who;
    enum status status = site_who(site, req, rep, &who, err);

    return status == AF_OK ? begin(site, req, rep, &who, 0, err) : status;
}

static enum status add_receipt(struct site *site, struct request *req, const json_t *file,
                               json_t *list, struct error *err)
{
    const int64_t now_ms = clock_now_ms();
    const char *receipt;
    json_t *item;
    enum status status =
        receipt_make(app_store(site->app), file, now_ms, req->arena, &receipt, err);

    if (status != AF_OK)
        return status;
    item = json_pack("{s:s,s:s,s:s,s:I,s:o}", "receipt", receipt, "name",
                     json_get_str(file, "name"), "type", json_get_str(file, "type"), "bytes",
                     (json_int_t)json_get_u64(file, "bytes"), "until",
                     json_from_time(now_ms + RECEIPT_HOURS * INT64_C(3600000)));
    return json_array_append_new(list, item) == 0
               ? AF_OK
               : error_set(err, AF_NO_MEMORY, "no memory for a receipt");
}

API_HANDLER(api_upload)
{
    struct posting *posting = req->taken;
    enum status status = sending_end(posting->sending, err);
    const json_t *file;
    json_t *list;
    size_t i;

    if (status != AF_OK)
        return status;
    if (sending_files(posting->sending) == NULL)
        return error_set(err, AF_INVALID, "\"file\" is missing: no file came");
    list = json_array();
    json_array_foreach(sending_files(posting->sending), i, file)
    {
        if (status == AF_OK)
            status = add_receipt(site, req, file, list, err);
    }
    if (status != AF_OK) {
        json_decref(list);
        return status;
    }
    return reply_json(rep, 201, json_pack("{s:o}", "files", list), err);
}

const struct body_taker api_upload_taker = {upload_request_begin, take, end};

/* --- reading, taking away ----------------------------------------------------------------- */

static enum status take_id(const struct request *req, uint64_t *id, struct error *err)
{
    struct bytes text = request_param(req, "id");

    *id = 0;
    for (size_t i = 0; i < text.len && i < 9; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return error_set(err, AF_NOT_FOUND, "a file of a ticket is named by its number");
        *id = *id * 10 + (uint64_t)(text.data[i] - '0');
    }
    return AF_OK;
}

API_HANDLER(api_ticket_file)
{
    struct who who;
    uint64_t id;
    uint32_t no;
    enum status status = api_ticket_no(req, &no, err);

    if (status != AF_OK ||
        (status = api_ticket_who(site, req, rep, no, SCOPE_TICKETS_READ, &who, err)) != AF_OK ||
        (status = take_id(req, &id, err)) != AF_OK)
        return status;
    return serve_ticket_file(((struct site *)site)->app, &who, no, id, req, rep, err);
}

API_HANDLER(api_ticket_detach)
{
    struct who who;
    uint64_t id;
    uint32_t no;
    enum status status = site_scope(site, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    if (status != AF_OK || (status = api_ticket_no(req, &no, err)) != AF_OK ||
        (status = take_id(req, &id, err)) != AF_OK)
        return status;
    status =
        ticket_detach(((struct site *)site)->app, &who, no, id, request_query(req, "reason"), err);
    return api_ticket_now(site, rep, &who, no, status, 200, err);
}
