#include "intake/ticket/ticket.h"

#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/ask/ask.h"
#include "intake/ask/consult.h"
#include "intake/channel.h"
#include "intake/propose.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_record.h"

#include <stdio.h>

#define LIST_MAX 200
#define CONTACT_MEMBERS_MAX 20

/* --- helpers ------------------------------------------------------------------------------ */

static enum status require_staff(const struct who *who, struct error *err)
{
    return who_is_staff(who) ? AF_OK : error_set(err, AF_DENIED, "this is for signed-in staff");
}

static enum status check_text(const char *field, struct bytes text, size_t bytes_max,
                              struct error *err)
{
    if (text.len > bytes_max)
        return error_set(err, AF_TOO_LARGE, "\"%s\" is longer than %zu bytes", field, bytes_max);
    if (utf8_valid_len(text) != text.len ||
        memchr(text.data == NULL ? "" : (const char *)text.data, 0, text.len) != NULL)
        return error_set(err, AF_INVALID, "\"%s\" is not UTF-8 text", field);
    return AF_OK;
}

static bool is_one_of(struct bytes value, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(value, bytes_str(names[i])))
            return true;
    return false;
}

/* A line for each member, none of which may smuggle a second one into a mail's header. */
static enum status check_contact(const json_t *contact, struct error *err)
{
    const char *member;
    json_t *value;

    if (contact == NULL || json_is_null(contact))
        return AF_OK;
    if (!json_is_object(contact) || json_object_size(contact) > CONTACT_MEMBERS_MAX)
        return error_set(err, AF_INVALID, "\"contact\" must be an object of at most %d strings",
                         CONTACT_MEMBERS_MAX);
    json_object_foreach((json_t *)(uintptr_t)contact, member, value)
    {
        if (!json_is_string(value))
            return error_set(err, AF_INVALID, "\"contact\" member \"%.40s\" must be a string",
                             member);
        if (json_string_length(value) > CONTACT_BYTES_MAX)
            return error_set(err, AF_TOO_LARGE,
                             "\"contact\" member \"%.40s\" is longer than %d "
                             "bytes",
                             member, CONTACT_BYTES_MAX);
        for (const char *at = json_string_value(value); *at != '\0'; at++)
            if ((unsigned char)*at < 0x20 || *at == 0x7F)
                return error_set(err, AF_INVALID,
                                 "\"contact\" member \"%.40s\" has a control character", member);
    }
    return AF_OK;
}

/* --- opening ------------------------------------------------------------------------------ */

/* What the person left out is taken from the consult, or is the usual value. */
static enum status complete(struct app *app, struct ticket_input *input, struct arena *arena,
                            struct error *err)
{
    const json_t *queries;
    json_t *consult;
    enum status status;

    if (input->class.len == 0)
        input->class = BYTES_LIT("technical");
    if (input->severity.len == 0)
        input->severity = BYTES_LIT("S3");
    if (input->channel.len == 0)
        input->channel = BYTES_LIT("web");
    if (input->consult_id == NULL || input->consult_id[0] == '\0')
        return AF_OK;
    if ((status = ask_get(app, input->consult_id, &consult, err)) != AF_OK)
        return status;
    queries = json_object_get(consult, "queries");
    if (bytes_is_blank(input->title))
        input->title =
            utf8_cut(arena_copy(arena, bytes_str(json_get_str(json_array_get(queries, 0), "text"))),
                     TICKET_TITLE_BYTES_MAX);
    if (bytes_is_blank(input->text))
        input->text = arena_copy(
            arena,
            bytes_str(json_get_str(json_array_get(queries, json_array_size(queries) - 1), "text")));
    if (input->product.len == 0)
        input->product = arena_copy(arena, bytes_str(json_get_str(consult, "product")));
    json_decref(consult);
    return AF_OK;
}

static enum status check_input(const struct ticket_input *input, struct error *err)
{
    static const char *const classes[] = {"technical", "parts", "non_technical", "complaint"};
    static const char *const severities[] = {"S1", "S2", "S3", "S4"};
    enum status status;

    if (!is_one_of(input->class, classes, 4))
        return error_set(err, AF_INVALID,
                         "\"class\" must be technical, parts, non_technical or complaint");
    if (!is_one_of(input->severity, severities, 4))
        return error_set(err, AF_INVALID, "\"severity\" must be S1, S2, S3 or S4");
    if (channel_find(input->channel) == NULL)
        return error_set(err, AF_INVALID, "\"channel\" must be one of %s", channel_names());
    if (bytes_is_blank(input->title))
        return error_set(err, AF_INVALID, "\"title\" is empty: say in a line what is wrong");
    if ((status = check_text("title", input->title, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = check_text("text", input->text, TICKET_TEXT_BYTES_MAX, err)) != AF_OK ||
        (status = check_text("product", input->product, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = check_text("lang", input->lang, 35, err)) != AF_OK)
        return status;
    return check_contact(input->contact, err);
}

/* The follow-up key is derived from the command's id with the store's secret: the journal only
 * ever sees its hash, and yet a repeat of the command can be given the same link. */
static void follow_up_key(struct app *app, const char *command_id, char key[40])
{
    struct digest digest = digest_keyed(store_secret(app_store(app)), bytes_str(command_id));
    char hex[DIGEST_HEX_BYTES];

    digest_hex(&digest, hex);
    (void)snprintf(key, 40, "%.32s", hex);
}

/* Of all that the person sent; the contact as canonical JSON. False without memory. */
static bool input_print(const struct ticket_input *input, uint64_t *print)
{
    struct buf contact = {0};
    bool ok = input->contact == NULL || json_write(input->contact, true, &contact, NULL) == AF_OK;
    const struct bytes parts[] = {
        input->consult_id != NULL ? bytes_str(input->consult_id) : BYTES_LIT(""),
        input->class,
        input->severity,
        input->channel,
        input->title,
        input->text,
        input->product,
        input->lang,
        buf_bytes(&contact),
    };

    *print = checksum64(2, parts, sizeof parts / sizeof parts[0]);
    buf_release(&contact);
    return ok;
}

static json_t *open_body(const struct who *who, const struct ticket_input *input,
                         const char *follow_up)
{
    struct digest hash = digest_plain(bytes_str(follow_up));
    char hex[DIGEST_HEX_BYTES];
    json_t *contact =
        json_is_object(input->contact) ? json_deep_copy(input->contact) : json_object();
    json_t *body;
    bool ok = true;

    digest_hex(&hash, hex);
    body = json_pack("{s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:s}", "follow_up", hex, "class",
                     json_from_bytes(input->class), "severity", json_from_bytes(input->severity),
                     "channel", json_from_bytes(input->channel), "title",
                     json_from_bytes(input->title), "text", json_from_bytes(input->text), "product",
                     json_from_bytes(input->product), "lang", json_from_bytes(input->lang),
                     "contact", contact, "role", role_name(who->role));
    if (body != NULL && input->consult_id != NULL && input->consult_id[0] != '\0')
        json_put(body, "consult", json_string(input->consult_id), &ok);
    if (!ok) {
        json_decref(body);
        return NULL;
    }
    return body;
}

enum status ticket_open(struct app *app, const struct who *who, const struct ticket_input *given,
                        struct ticket_opened *out, struct error *err)
{
    struct ticket_input input = *given;
    struct arena *arena = arena_new(QUERY_INPUT_BYTES_MAX * 2);
    char id[ID_HEX_BYTES], follow_up[40];
    struct outcome outcome;
    uint64_t print;
    enum status status;

    if (arena == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    status = complete(app, &input, arena, err);
    if (status == AF_OK)
        status = check_input(&input, err);
    if (status == AF_OK && !input_print(given, &print))
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status == AF_OK) {
        id_random(id);
        follow_up_key(app, input.key != NULL ? input.key : id, follow_up);
        status = propose(app, who, "ticket.open", input.key != NULL ? input.key : id, print,
                         open_body(who, &input, follow_up), &outcome, err);
    }
    if (status == AF_OK) {
        *out = (struct ticket_opened){.no = (uint32_t)json_get_u64(outcome.result, "n")};
        (void)snprintf(out->name, sizeof out->name, "%s", json_get_str(outcome.result, "ticket"));
        (void)snprintf(out->follow_up, sizeof out->follow_up, "%s", follow_up);
        json_decref(outcome.result);
    }
    arena_free(arena);
    return status;
}

bool ticket_parse_no(struct bytes text, uint32_t *no)
{
    uint64_t v = 0;

    /* AF-YYYY-: the year is for people; the number alone is unique. */
    if (text.len > 8 && (text.data[0] | 0x20) == 'a' && (text.data[1] | 0x20) == 'f' &&
        text.data[2] == '-' && text.data[7] == '-')
        text = bytes_of(text.data + 8, text.len - 8);
    if (text.len == 0 || text.len > 10)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        v = v * 10 + (uint64_t)(text.data[i] - '0');
    }
    if (v == 0 || v > UINT32_MAX)
        return false;
    *no = (uint32_t)v;
    return true;
}

/* --- reading ------------------------------------------------------------------------------ */

static bool is_for_customer(const json_t *link)
{
    const char *role = json_get_str(link, "role");

    return strcmp(role, "sent") == 0 || strcmp(role, "resolved_by") == 0;
}

static void keep_links_for_customer(json_t *links)
{
    for (size_t i = json_array_size(links); i-- > 0;)
        if (!is_for_customer(json_array_get(links, i)))
            (void)json_array_remove(links, i);
}

/* The customer sees what was said to him, not who said what behind it. */
static void leave_out_internal(json_t *ticket)
{
    static const char *const lists[] = {"posts", "links", "history"};
    json_t *posts = json_object_get(ticket, "posts"), *item;
    size_t i;

    for (i = json_array_size(posts); i-- > 0;)
        if (json_get_bool(json_array_get(posts, i), "internal"))
            (void)json_array_remove(posts, i);
    keep_links_for_customer(json_object_get(ticket, "links"));
    for (size_t list = 0; list < sizeof lists / sizeof lists[0]; list++)
        json_array_foreach(json_object_get(ticket, lists[list]), i, item)
        {
            (void)json_object_del(item, "by");
            (void)json_object_del(item, "internal");
            if (list == 2)
                (void)json_object_del(item, "reason");
        }
    (void)json_object_del(ticket, "entered_by");
}

enum status ticket_get(struct app *app, const struct who *who, uint32_t no, json_t **out,
                       struct error *err)
{
    json_t *ticket, *consult;
    struct txn *txn;
    bool ok = true;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_load(txn, no, &ticket, err);
    if (status != AF_OK)
        goto done;
    if (json_get_str(ticket, "consult")[0] != '\0') {
        status = consult_load(txn, json_get_str(ticket, "consult"), &consult, err);
        if (status == AF_OK)
            json_put(ticket, "consult", consult, &ok);
    }
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status != AF_OK) {
        json_decref(ticket);
        goto done;
    }
    if (!who_is_staff(who))
        leave_out_internal(ticket);
    *out = ticket;
done:
    txn_abort(txn);
    return status;
}

enum status ticket_by_follow_up(struct app *app, struct bytes key, uint32_t *no, struct error *err)
{
    struct digest hash = digest_plain(key);
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_no_by_key(txn, &hash, no, err);
    txn_abort(txn);
    return status;
}

static bool passes(const struct ticket_filter *filter, const json_t *ticket)
{
    const char *name = json_get_str(ticket, "state");
    enum ticket_state state;

    if (filter->product.len > 0 &&
        !bytes_equal(filter->product, bytes_str(json_get_str(ticket, "product"))))
        return false;
    if (filter->state.len == 0)
        return true;
    if (bytes_equal(filter->state, BYTES_LIT("open")))
        return ticket_state_parse(bytes_str(name), &state) && ticket_state_is_open(state);
    return bytes_equal(filter->state, bytes_str(name));
}

static json_t *list_row(const json_t *ticket)
{
    static const char *const members[] = {"ticket", "n",        "at",      "updated", "state",
                                          "class",  "severity", "channel", "product", "title"};
    json_t *row = json_object();
    bool ok = row != NULL;

    for (size_t i = 0; ok && i < sizeof members / sizeof members[0]; i++)
        json_put(row, members[i], json_incref(json_object_get(ticket, members[i])), &ok);
    if (ok)
        json_put(row, "posts",
                 json_integer((json_int_t)json_array_size(json_object_get(ticket, "posts"))), &ok);
    if (!ok) {
        json_decref(row);
        return NULL;
    }
    return row;
}

/* Walks from the newest; stops one past the page, which is where the next one begins. */
static enum status fill_page(struct txn *txn, const struct ticket_filter *filter, json_t *rows,
                             uint32_t *next, struct error *err)
{
    struct bytes key, body;
    struct cursor *cursor;
    uint8_t from[4];
    enum status status;

    put_be32(from, filter->before - 1);
    status = cursor_open(txn, TABLE_TICKET,
                         filter->before == 0 ? BYTES_NONE : bytes_of(from, sizeof from), WALK_DOWN,
                         &cursor, err);
    if (status != AF_OK)
        return status;
    while ((status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        json_t *ticket;

        if ((status = json_parse(body, &ticket, err)) != AF_OK)
            break;
        if (!passes(filter, ticket)) {
            json_decref(ticket);
            continue;
        }
        if (json_array_size(rows) == filter->limit) {
            *next = (uint32_t)json_get_u64(ticket, "n") + 1;
            json_decref(ticket);
            break;
        }
        if (json_array_append_new(rows, list_row(ticket)) != 0)
            status = error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
        json_decref(ticket);
        if (status != AF_OK)
            break;
    }
    cursor_close(cursor);
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status ticket_list(struct app *app, const struct who *who, const struct ticket_filter *filter,
                        json_t **list, struct error *err)
{
    enum ticket_state ignored;
    json_t *rows, *result;
    uint32_t next = 0;
    struct txn *txn;
    bool ok = true;
    enum status status = require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (filter->limit < 1 || filter->limit > LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", LIST_MAX);
    if (filter->state.len > 0 && !bytes_equal(filter->state, BYTES_LIT("open")) &&
        !ticket_state_parse(filter->state, &ignored))
        return error_set(err, AF_INVALID, "\"state\" is not a state of a ticket");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    rows = json_array();
    result = json_pack("{s:o}", "tickets", rows);
    status = result != NULL ? fill_page(txn, filter, rows, &next, err)
                            : error_set(err, AF_NO_MEMORY, "no memory for a list of tickets");
    txn_abort(txn);
    if (status == AF_OK && next > 0)
        json_put(result, "next", json_integer(next), &ok);
    if (status == AF_OK && ok)
        *list = result;
    else
        json_decref(result);
    return status;
}

/* --- working ------------------------------------------------------------------------------ */

static const char *by(const struct who *who)
{
    return who->name[0] != '\0' ? who->name : role_name(who->role);
}

enum status ticket_reply(struct app *app, const struct who *who, uint32_t no, struct bytes text,
                         bool internal, const char *key, struct error *err)
{
    json_t *body;
    enum status status = check_text("text", text, TICKET_TEXT_BYTES_MAX, err);

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
    enum status status = require_staff(who, err);

    if (status != AF_OK ||
        (status = check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = check_text("event", event, 64, err)) != AF_OK)
        return status;
    body = json_pack("{s:I,s:o,s:o,s:s}", "ticket", (json_int_t)no, "event", json_from_bytes(event),
                     "reason", json_from_bytes(reason), "by", by(who));
    return propose(app, who, "ticket.move", NULL, 0, body, NULL, err);
}

enum status ticket_link(struct app *app, const struct who *who, uint32_t no, struct bytes case_id,
                        struct bytes role, struct error *err)
{
    json_t *body;
    enum status status = require_staff(who, err);

    if (status != AF_OK ||
        (status = check_text("case", case_id, ARTICLE_ID_BYTES_MAX, err)) != AF_OK ||
        (status = check_text("role", role, 64, err)) != AF_OK)
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
