/* What is done with a ticket that is there: replies, steps, links; and the search for prior cases
 * of it. */
#include "intake/ticket/ticket_impl.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/propose.h"

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

static const char *by(const struct who *who)
{
    return who->name[0] != '\0' ? who->name : role_name(who->role);
}

enum status ticket_reply(struct app *app, const struct who *who, uint32_t no, struct bytes text,
                         bool internal, const char *key, struct error *err)
{
    json_t *body;
    enum status status = ticket_check_text("text", text, TICKET_TEXT_BYTES_MAX, err);

    if (status != AF_OK)
        return status;
    if (bytes_is_blank(text))
        return error_set(err, AF_INVALID, "\"text\" is empty");
    body = json_pack("{s:I,s:o,s:s,s:b,s:s}", "ticket", (json_int_t)no, "text",
                     json_from_bytes(text), "from", who_is_staff(who) ? "staff" : "customer",
                     "internal", internal && who_is_staff(who), "by", by(who));
    return propose(app, who, "ticket.reply", key, 0, body, NULL, err);
}

enum status ticket_move(struct app *app, const struct who *who, uint32_t no, struct bytes event,
                        struct bytes reason, struct error *err)
{
    json_t *body;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("event", event, 64, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:o,s:o,s:s}", "ticket", (json_int_t)no, "event", json_from_bytes(event),
                     "reason", json_from_bytes(reason), "by", by(who));
    return propose(app, who, "ticket.move", NULL, 0, body, NULL, err);
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
                     json_from_bytes(case_id), "role", json_from_bytes(role), "by", by(who),
                     "actor_role", role_name(who->role));
    return propose(app, who, "ticket.link", NULL, 0, body, NULL, err);
}

enum status ticket_prior_cases(struct app *app, const struct who *who, const json_t *ticket,
                               uint32_t limit, struct arena *arena, struct search_result *out,
                               struct error *err)
{
    const json_t *posts = json_object_get(ticket, "posts"), *post;
    const char *said = "";
    struct buf text = {0};
    enum status status;
    size_t i;

    json_array_foreach(posts, i, post)
    {
        if (strcmp(json_get_str(post, "from"), "customer") == 0)
            said = json_get_str(post, "text");
    }
    buf_printf(&text, "%s\n%s\n%s", json_get_str(ticket, "title"), json_get_str(ticket, "text"),
               said);
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
