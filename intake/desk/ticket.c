/* What is done with a ticket that is there: replies, steps, links; and the search for prior cases
 * of it. */
#include "intake/desk/ticket_impl.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_emergency.h"
#include "intake/desk/ticket_search.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_merge.h"
#include "intake/ticket/ticket_record.h"

#include <stdio.h>

enum status ticket_require_staff(const struct who *who, struct error *err)
{
    return who_is_staff(who) ? AF_OK : error_set(err, AF_DENIED, "this is for signed-in staff");
}

enum status ticket_check_text(const char *field, struct bytes text, size_t bytes_max,
                              struct error *err)
{
    if (text.len > bytes_max)
        return error_set(err, AF_TOO_LARGE, "\"%s\" is longer than %zu bytes", field, bytes_max);
    if (utf8_valid_len(text) != text.len ||
        memchr(text.data == NULL ? "" : (const char *)text.data, 0, text.len) != NULL)
        return error_set(err, AF_INVALID, "\"%s\" is not UTF-8 text", field);
    return AF_OK;
}

/* What was asked for on a merged ticket is done on the one that goes on for it. Staff who named a
 * version saw the merged one's; a customer is shown the other's. */
static enum status find_survivor(struct app *app, uint32_t no, struct who *who, uint32_t *survivor,
                                 struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_survivor(txn, no, survivor, err);
    txn_abort(txn);
    if (status == AF_OK && *survivor != no && who_is_staff(who))
        who->if_version = 0;
    return status;
}

/* What makes a repeat the same request; the clocks in the body differ each time. */
static enum status print_of(const struct who *who, uint32_t no, const struct ticket_post *post,
                            uint64_t *print, struct error *err)
{
    const bool is_note = post->internal && who_is_staff(who);
    struct buf files = {0};
    enum status status = post->files != NULL ? json_write(post->files, true, &files, err) : AF_OK;
    const struct bytes parts[] = {bytes_of(&no, sizeof no),
                                  post->text,
                                  bytes_of(&is_note, sizeof is_note),
                                  bytes_str(who_is_staff(who) ? "staff" : "customer"),
                                  bytes_str(who_by(who)),
                                  buf_bytes(&files)};

    *print = checksum64(3, parts, post->files != NULL ? 6 : 5);
    buf_release(&files);
    return status;
}

static json_t *reply_body(const struct who *who, uint32_t no, uint32_t to,
                          const struct ticket_post *post)
{
    const char *from = who_is_staff(who) ? "staff" : "customer";
    json_t *body = json_pack("{s:I,s:o,s:s,s:b,s:s}", "ticket", (json_int_t)to, "text",
                             json_from_bytes(post->text), "from", from, "internal",
                             post->internal && who_is_staff(who), "by", who_by(who));
    bool ok = body != NULL;

    if (ok && to != no && !who_is_staff(who))
        json_put(body, "via", json_integer(no), &ok);
    if (ok && post->files != NULL)
        json_put(body, "files", json_deep_copy(post->files), &ok);
    if (ok)
        return body;
    json_decref(body);
    return NULL;
}

/* A customer's word on a closed ticket opens it again, and its clocks with it. */
static enum status decide_reopened(void *context, const struct rules *rules, const json_t *ticket,
                                   int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    (void)context;
    (void)body;
    if (!ticket_end_may_reopen(ticket, now_ms))
        return AF_OK;
    json_decref(*clocks);
    *clocks = NULL;
    return ticket_clocks_after(rules, ticket, (enum ticket_moment)EVENT_REOPEN, now_ms, clocks,
                               err);
}

/* A note is no moment of any clock: it is what an engineer says to himself. Nor is a file without
 * a word an answer to anybody. */
static enum ticket_moment moment_of(const struct who *who, const struct ticket_post *post)
{
    if (!who_is_staff(who))
        return MOMENT_CUSTOMER_REPLY;
    return post->internal || bytes_is_blank(post->text) ? MOMENT_NOTE : MOMENT_STAFF_REPLY;
}

enum status ticket_reply_with(struct app *app, const struct who *asker, uint32_t no,
                              const struct ticket_post *post, struct error *err)
{
    struct who who = *asker;
    struct ticket_change change = {.kind = "ticket.reply",
                                   .key = post->key,
                                   .moment = moment_of(&who, post),
                                   .decide = who_is_staff(&who) ? NULL : decide_reopened};
    uint32_t to = 0;
    enum status status = ticket_check_text("text", post->text, TICKET_TEXT_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (bytes_is_blank(post->text) && post->files == NULL)
        return error_set(err, AF_INVALID, "\"text\" is empty");
    if ((status = print_of(&who, no, post, &change.print, err)) != AF_OK)
        return status;
    /* It may be merged while this is under way: each time it is another that goes on. */
    for (status = AF_CONFLICT; status == AF_CONFLICT;) {
        const uint32_t before = to;
        enum status found = find_survivor(app, no, &who, &to, err);

        if (found != AF_OK)
            return found;
        if (to == before)
            break;
        status = ticket_change(app, &who, to, &change, reply_body(&who, no, to, post), NULL, err);
    }
    return status;
}

enum status ticket_reply(struct app *app, const struct who *who, uint32_t no, struct bytes text,
                         bool internal, const char *key, struct error *err)
{
    return ticket_reply_with(
        app, who, no, &(struct ticket_post){.text = text, .internal = internal, .key = key}, err);
}

static enum status regrade(void *context, const struct rules *rules, const json_t *ticket,
                           int64_t now_ms, json_t *body, json_t **clocks, struct error *err)
{
    json_t *changed;
    enum status status = ticket_clocks_regrade(rules, ticket, context, now_ms, &changed, err);

    if (status != AF_OK)
        return status;
    json_decref(*clocks);
    *clocks = changed;
    return ticket_emergency_add(rules, ticket, body, err);
}

enum status ticket_severity(struct app *app, const struct who *who, uint32_t no,
                            struct bytes severity, struct bytes reason, bool has_consent,
                            struct error *err)
{
    char text[8];
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err)) != AF_OK)
        return status;
    if (ticket_severity_rank(severity) == 0)
        return error_set(err, AF_INVALID, "\"severity\" must be S1, S2, S3 or S4");
    (void)snprintf(text, sizeof text, "%.*s", (int)severity.len, (const char *)severity.data);
    body = json_pack("{s:I,s:s,s:o,s:b,s:s}", "ticket", (json_int_t)no, "severity", text, "reason",
                     json_from_bytes(reason), "consent", has_consent, "by", who_by(who));
    return ticket_change(
        app, who, no,
        &(struct ticket_change){
            .kind = "ticket.severity", .moment = MOMENT_NOTE, .decide = regrade, .context = text},
        body, NULL, err);
}

enum status ticket_link(struct app *app, const struct who *who, uint32_t no, struct bytes case_id,
                        struct bytes role, struct error *err)
{
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("case", case_id, ARTICLE_ID_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("role", role, 64, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:o,s:o,s:s,s:s}", "ticket", (json_int_t)no, "case",
                     json_from_bytes(case_id), "role", json_from_bytes(role), "by", who_by(who),
                     "actor_role", role_name(who->role));
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.link", .moment = MOMENT_NOTE},
                         body, NULL, err);
}

enum status ticket_prior_cases(struct app *app, const struct who *who, const json_t *ticket,
                               uint32_t limit, struct arena *arena, struct search_result *out,
                               struct error *err)
{
    struct buf text = {0};
    enum status status;

    ticket_question(ticket, &text);
    status = buf_status(&text, "a question", err);
    if (status == AF_OK) {
        const struct search_request request = {
            .query = utf8_cut(buf_bytes(&text), QUERY_INPUT_BYTES_MAX),
            .limit = limit,
            .audience = who->audience,
            .snippets = true};

        status = app_search(app, &request, arena, out, err);
    }
    buf_release(&text);
    return status;
}
