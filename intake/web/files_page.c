#include "intake/web/files_page.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/attachment/quota.h"
#include "intake/attachment/sending.h"
#include "intake/attachment/serving.h"
#include "intake/attachment/sniff.h"
#include "intake/desk/ticket.h"
#include "intake/desk/ticket_close.h"
#include "intake/http/guard.h"

/* --- for the template ----------------------------------------------------------------------- */

bool file_is_shown(const json_t *file)
{
    const struct file_type *type = file_type_named(json_get_str(file, "type"));

    return type != NULL && type->is_shown;
}

struct bytes file_size(struct page *pg, const json_t *file)
{
    const uint64_t bytes = json_get_u64(file, "bytes");

    return bytes_str(
        bytes < (1u << 20)
            ? arena_printf(pg->arena, "%llu KB", (unsigned long long)(bytes + 1023) >> 10)
            : arena_printf(pg->arena, "%.1f MB", (double)bytes / (1 << 20)));
}

/* --- sending -------------------------------------------------------------------------------- */

/* request.taken */
struct posting {
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

static enum status begin(struct site *site, struct request *req, struct error *err)
{
    const struct sending_options options = {.dir = app_dir(site->app),
                                            .content_type = request_header(req, "Content-Type"),
                                            .bytes = guard_content_length(req, 0)};
    struct posting *posting = arena_alloc(req->arena, sizeof *posting);
    enum status status;

    if (posting == NULL)
        return arena_exhausted(req->arena, err);
    if ((status = sending_new(&options, &posting->sending, err)) == AF_OK)
        req->taken = posting;
    return status;
}

static enum status follow_begin(void *app, struct request *req, struct reply *rep,
                                struct error *err)
{
    struct site *site = app;
    const struct who who = who_customer();
    uint64_t bytes = guard_content_length(req, 0);
    uint32_t no;
    enum status status = ticket_by_follow_up(site->app, request_param(req, "key"), &no, err);

    if (status == AF_OK)
        status = quota_take(site->quota, site_asker(req, &who), 1,
                            bytes > 0 ? bytes : ATTACHMENT_BYTES_MAX, clock_now_ms(), err);
    if (status == AF_BUSY)
        reply_problem(rep, &PROBLEM_RATE, NULL);
    return status == AF_OK ? begin(site, req, err) : status;
}

static enum status desk_begin(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct who who;
    enum status status = site_scope(app, req, rep, SCOPE_TICKETS_WRITE, &who, err);

    return status == AF_OK ? begin(app, req, err) : status;
}

const struct body_taker files_page_follow_taker = {follow_begin, take, end};
const struct body_taker files_page_desk_taker = {desk_begin, take, end};

/* The form's fields become the visit's; *post has the files. */
static enum status begin_post(struct visit *v, void *app, struct request *req, struct reply *rep,
                              struct ticket_post *post, struct error *err)
{
    const struct sending *sending = ((struct posting *)req->taken)->sending;
    enum status status = visit_begin_post(v, app, req, rep, err);

    if (status == AF_OK)
        status = sending_end(((struct posting *)req->taken)->sending, err);
    if (status != AF_OK)
        return status;
    v->form = sending_fields(sending);
    post->files = sending_files(sending);
    post->text = visit_field(v, "text", TICKET_TEXT_BYTES_MAX);
    if (post->files == NULL)
        return error_set(err, AF_INVALID, "\"file\" is missing: no file came");
    return AF_OK;
}

enum status files_page_follow(void *app, struct request *req, struct reply *rep, struct error *err)
{
    const struct who who = who_customer();
    struct ticket_post post = {0};
    struct ticket_said said;
    struct visit v;
    uint32_t no;
    enum status status = begin_post(&v, app, req, rep, &post, err);

    if (status == AF_OK)
        status = ticket_by_follow_up(v.site->app, request_param(req, "key"), &no, err);
    if (status != AF_OK)
        return visit_fail(&v, status);
    post.key = visit_action_key(&v, "page.files");
    if ((status = ticket_say_with(v.site->app, &who, no, &post, &said, err)) != AF_OK)
        return visit_fail(&v, status);
    if (said.name[0] != '\0') /* it went to a ticket that follows */
        return visit_redirect_to(&v, arena_printf(req->arena, "/t/%s?new=1", said.follow_up));
    return visit_redirect_to(
        &v, arena_printf(req->arena, "/t/%s#files", (const char *)request_param(req, "key").data));
}

enum status files_page_desk(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct ticket_post post = {0};
    struct visit v;
    uint32_t no = 0;
    enum status status = begin_post(&v, app, req, rep, &post, err);

    if (status == AF_OK)
        status = visit_check_token(&v);
    if (status == AF_OK && !ticket_parse_no(request_param(req, "no"), &no))
        status = error_set(err, AF_NOT_FOUND, "there is no such ticket");
    if (status != AF_OK)
        return visit_fail(&v, status);
    post.internal = visit_field(&v, "internal", 2).len > 0;
    post.key = visit_action_key(&v, "desk.files");
    status = ticket_reply_with(v.site->app, &v.pg.who, no, &post, err);
    return status == AF_OK ? visit_redirect_to(&v, arena_printf(req->arena, "/desk/%u#files", no))
                           : visit_fail(&v, status);
}

/* --- reading -------------------------------------------------------------------------------- */

enum status files_page_get(void *app, struct request *req, struct reply *rep, struct error *err)
{
    struct site *site = app;
    const struct who who = who_customer();
    struct bytes text = request_param(req, "id");
    uint64_t id = 0;
    uint32_t no;
    enum status status = ticket_by_follow_up(site->app, request_param(req, "key"), &no, err);

    for (size_t i = 0; i < text.len && i < 9; i++)
        id = text.data[i] >= '0' && text.data[i] <= '9' ? id * 10 + (uint64_t)(text.data[i] - '0')
                                                        : UINT32_MAX;
    if (status != AF_OK)
        return status;
    reply_header(rep, "X-Robots-Tag", "noindex");
    return serve_ticket_file(site->app, &who, no, id, req, rep, err);
}
