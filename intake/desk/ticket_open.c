/* Opening a ticket: what was left out is filled in, what was given is checked, and the person gets
 * a key to follow it by. */
#include "intake/desk/ticket_fields.h"
#include "intake/desk/ticket_impl.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "intake/ask/ask.h"
#include "intake/channel.h"
#include "intake/propose.h"
#include "intake/ticket/ticket_proposed.h"

#include <stdio.h>

#define CONTACT_MEMBERS_MAX 20
/* The texts of its consult, and what the rules say of it: 10,000 rules need 500 kB. */
#define TICKET_ARENA_BYTES ((size_t)2 * QUERY_INPUT_BYTES_MAX + (4u << 20))

static bool is_one_of(struct bytes value, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (bytes_equal(value, bytes_str(names[i])))
            return true;
    return false;
}

/* A line for each member, none of which may smuggle a second one into a mail's header. */
enum status ticket_check_contact(const json_t *contact, struct error *err)
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
    if ((status = ticket_check_text("title", input->title, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("text", input->text, TICKET_TEXT_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("product", input->product, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_check_text("serial", input->serial, TICKET_SERIAL_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_check_text("lang", input->lang, 35, err)) != AF_OK)
        return status;
    if ((status = ticket_proposed_check(input->proposed, err)) != AF_OK)
        return status;
    return ticket_check_contact(input->contact, err);
}

/* When the customer said so: clocks begin there, not when somebody came to enter it. */
static enum status take_report(const struct ticket_input *input, int64_t now_ms,
                               int64_t *reported_ms, struct error *err)
{
    *reported_ms = now_ms;
    if (input->reported_at.len == 0)
        return AF_OK;
    if (!clock_parse(input->reported_at, reported_ms))
        return error_set(err, AF_INVALID,
                         "\"reported_at\" is a time like 2026-11-23T09:00:00+08:00");
    if (*reported_ms > now_ms)
        return error_set(err, AF_INVALID, "\"reported_at\" is in the future");
    /* A post that is split off is as old as it is. */
    if (input->split == NULL && *reported_ms < now_ms - TICKET_REPORT_DAYS * INT64_C(86400000))
        return error_set(err, AF_INVALID, "\"reported_at\" is more than %d days ago",
                         TICKET_REPORT_DAYS);
    return AF_OK;
}

/* The follow-up key is derived from the command's id with the store's secret: the journal only
 * ever sees its hash, and yet a repeat of the command can be given the same link. */
void ticket_follow_up_key(struct app *app, const char *command_id, char key[40])
{
    struct digest digest = digest_keyed(store_secret(app_store(app)), bytes_str(command_id));
    char hex[DIGEST_HEX_BYTES];

    digest_hex(&digest, hex);
    (void)snprintf(key, 40, "%.32s", hex);
}

/* Of all that the person sent; the contact as canonical JSON. False without memory. */
static bool input_print(const struct ticket_input *input, uint64_t *print)
{
    struct buf contact = {0}, fields = {0}, files = {0};
    bool ok = input->contact == NULL || json_write(input->contact, true, &contact, NULL) == AF_OK;
    bool has_form = input->type.len > 0 || input->fields != NULL || input->is_incomplete;
    ok = (input->fields == NULL || json_write(input->fields, true, &fields, NULL) == AF_OK) && ok;
    ok = (input->files == NULL || json_write(input->files, true, &files, NULL) == AF_OK) && ok;
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
        input->reported_at,
        input->type,
        bytes_of(&input->is_incomplete, sizeof input->is_incomplete),
        buf_bytes(&fields),
        buf_bytes(&files),
        input->serial,
    };
    const size_t count = sizeof parts / sizeof parts[0] - 1; /* the serial number came last */

    /* A request of before there were files, or forms, is the same request still. */
    *print = input->serial.len > 0 ? checksum64(2, parts, count + 1)
                                   : checksum64(2, parts,
                                                count - (input->files != NULL ? 0
                                                         : has_form           ? 1
                                                                              : 4));
    if (input->split != NULL) {
        struct buf split = {0};

        ok = json_write(input->split, true, &split, NULL) == AF_OK && ok;
        *print = checksum64(*print, (const struct bytes[]){buf_bytes(&split)}, 1);
        buf_release(&split);
    }
    buf_release(&contact);
    buf_release(&fields);
    buf_release(&files);
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
    if (body != NULL && json_is_object(input->proposed))
        json_put(body, "proposals", json_deep_copy(input->proposed), &ok);
    if (body != NULL && input->follows != NULL) {
        json_put(body, "follows", json_incref(json_object_get(input->follows, "n")), &ok);
        json_put(body, "group", json_string(json_get_str(input->follows, "group")), &ok);
    }
    if (body != NULL && input->split != NULL)
        json_put(body, "split", json_deep_copy(input->split), &ok);
    if (body != NULL && input->consult_id != NULL && input->consult_id[0] != '\0')
        json_put(body, "consult", json_string(input->consult_id), &ok);
    if (body != NULL && input->draft.len > 0)
        json_put(body, "draft", json_from_bytes(input->draft), &ok);
    if (body != NULL && input->files != NULL)
        json_put(body, "files", json_deep_copy(input->files), &ok);
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
    struct arena *arena = arena_new(TICKET_ARENA_BYTES);
    char id[ID_HEX_BYTES], follow_up[40];
    int64_t now_ms = clock_now_ms(), reported_ms;
    struct outcome outcome;
    json_t *body = NULL;
    uint64_t print;
    enum status status;

    if (arena == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    status = complete(app, &input, arena, err);
    if (status == AF_OK)
        status = check_input(&input, err);
    if (status == AF_OK)
        status = take_report(&input, now_ms, &reported_ms, err);
    if (status == AF_OK && !input_print(given, &print))
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status == AF_OK) {
        id_random(id);
        ticket_follow_up_key(app, input.key != NULL ? input.key : id, follow_up);
        if ((body = open_body(who, &input, follow_up)) == NULL)
            status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
        else if ((status = ticket_take_fields(app, who, given, now_ms, body, err)) == AF_OK)
            status = ticket_decide(app, who, input.serial, reported_ms, now_ms, arena, body, err);
    }
    if (status == AF_OK)
        status = propose(app, who, "ticket.open", input.key != NULL ? input.key : id, print, body,
                         &outcome, err);
    else
        json_decref(body);
    if (status == AF_OK) {
        *out = (struct ticket_opened){.no = (uint32_t)json_get_u64(outcome.result, "n")};
        (void)snprintf(out->name, sizeof out->name, "%s", json_get_str(outcome.result, "ticket"));
        (void)snprintf(out->follow_up, sizeof out->follow_up, "%s", follow_up);
        json_decref(outcome.result);
    }
    arena_free(arena);
    return status;
}
