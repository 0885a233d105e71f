#include "intake/desk/enquiry.h"

#include "data/base/clock.h"
#include "data/base/hash.h"
#include "data/base/limits.h"
#include "intake/channel.h"
#include "intake/desk/ticket_impl.h"
#include "intake/desk/ticket_party.h"
#include "intake/party/enquiry_record.h"
#include "intake/party/party_match.h"
#include "intake/propose.h"

#include <stdio.h>

/* --- a new one ------------------------------------------------------------------------------- */

static enum status check_input(const struct enquiry_input *input, struct error *err)
{
    enum status status;

    if (bytes_is_blank(input->title))
        return error_set(err, AF_INVALID, "\"title\" is empty: say in a line what is wanted");
    if (channel_find(input->channel) == NULL)
        return error_set(err, AF_INVALID, "\"channel\" must be one of %s", channel_names());
    if ((status = ticket_check_text("title", input->title, TICKET_TITLE_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("text", input->text, TICKET_TEXT_BYTES_MAX, err)) != AF_OK ||
        (status = ticket_check_text("product", input->product, TICKET_TITLE_BYTES_MAX, err)) !=
            AF_OK ||
        (status = ticket_check_text("lang", input->lang, 35, err)) != AF_OK)
        return status;
    return ticket_check_contact(input->contact, err);
}

static json_t *new_body(const struct who *who, const struct enquiry_input *input)
{
    json_t *contact =
        json_is_object(input->contact) ? json_deep_copy(input->contact) : json_object();

    return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:s,s:s}", "title", json_from_bytes(input->title),
                     "text", json_from_bytes(input->text), "product",
                     json_from_bytes(input->product), "channel", json_from_bytes(input->channel),
                     "lang", json_from_bytes(input->lang), "contact", contact, "role",
                     role_name(who->role), "by", who_by(who));
}

/* A prospect may be known, and so may the organisation of somebody who is not. */
static enum status add_party(struct app *app, json_t *body, struct error *err)
{
    struct party_match match = {.by = NULL};
    struct rules rules;
    struct txn *txn;
    bool ok = true;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    if ((status = rules_load_in(app, txn, &rules, err)) == AF_OK) {
        status = party_find(txn, &rules, json_object_get(body, "contact"), &match, err);
        if (status == AF_OK)
            status = ticket_add_enquiry(&rules, clock_now_ms(), body, err);
        rules_release(&rules);
    }
    txn_abort(txn);
    if (status == AF_OK && match.contact != NULL)
        json_put(body, "party", json_incref(json_object_get(match.contact, "id")), &ok);
    if (status == AF_OK && match.account != NULL)
        json_put(body, "account", json_incref(json_object_get(match.account, "id")), &ok);
    if (status == AF_OK) {
        json_put(body, "due", json_incref(json_object_get(json_object_get(body, "enquiry"), "due")),
                 &ok);
        (void)json_object_del(body, "enquiry");
    }
    party_match_release(&match);
    return status != AF_OK || ok ? status
                                 : error_set(err, AF_NO_MEMORY, "no memory for an enquiry");
}

/* Of what was asked: when it is due differs each time. */
static uint64_t print_of(const json_t *body)
{
    struct buf text = {0};
    struct bytes part;
    uint64_t print = 0;

    if (json_write(body, true, &text, NULL) == AF_OK) {
        part = buf_bytes(&text);
        print = checksum64(4, &part, 1);
    }
    buf_release(&text);
    return print;
}

enum status enquiry_new(struct app *app, const struct who *who, const struct enquiry_input *given,
                        uint32_t *no, struct error *err)
{
    struct enquiry_input input = *given;
    struct outcome outcome;
    json_t *body;
    uint64_t print;
    enum status status = ticket_require_staff(who, err);

    if (input.channel.len == 0)
        input.channel = BYTES_LIT("phone");
    if (status != AF_OK || (status = check_input(&input, err)) != AF_OK)
        return status;
    if ((body = new_body(who, &input)) == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for an enquiry");
    print = print_of(body);
    if ((status = add_party(app, body, err)) != AF_OK) {
        json_decref(body);
        return status;
    }
    status = propose(app, who, "enquiry.new", input.key, print, body, &outcome, err);
    if (status != AF_OK)
        return status;
    *no = (uint32_t)json_get_u64(outcome.result, "n");
    json_decref(outcome.result);
    return AF_OK;
}

/* --- reading --------------------------------------------------------------------------------- */

enum status enquiry_get(struct app *app, const struct who *who, uint32_t no, json_t **out,
                        struct error *err)
{
    struct txn *txn;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    status = enquiry_load(txn, no, out, err);
    txn_abort(txn);
    return status;
}

static bool passes(const struct enquiry_filter *filter, const json_t *enquiry, int64_t now_ms)
{
    const char *state = json_get_str(enquiry, "state");
    bool is_open = strcmp(state, "answered") != 0;
    int64_t due_ms = 0;

    if (filter->state.len == 0)
        return true;
    if (bytes_equal(filter->state, BYTES_LIT("open")))
        return is_open;
    if (bytes_equal(filter->state, BYTES_LIT("overdue")))
        return is_open && clock_parse(bytes_str(json_get_str(enquiry, "due")), &due_ms) &&
               due_ms < now_ms;
    return bytes_equal(filter->state, bytes_str(state));
}

static json_t *list_row(const json_t *enquiry)
{
    static const char *const members[] = {"enquiry", "n",      "at",    "state",  "due",
                                          "title",   "ticket", "party", "account"};
    json_t *row = json_object();
    bool ok = row != NULL;

    for (size_t i = 0; ok && i < sizeof members / sizeof members[0]; i++)
        if (json_object_get(enquiry, members[i]) != NULL)
            json_put(row, members[i], json_incref(json_object_get(enquiry, members[i])), &ok);
    if (ok)
        return row;
    json_decref(row);
    return NULL;
}

/* Walks from the newest; the first past the page says where the next one begins. */
static enum status fill(struct txn *txn, const struct enquiry_filter *filter, json_t *result,
                        json_t *rows, struct error *err)
{
    const int64_t now_ms = clock_now_ms();
    struct bytes key, body;
    struct cursor *cursor;
    uint8_t from[4];
    bool ok = true, is_full = false;
    enum status status;

    put_be32(from, filter->before - 1);
    status = cursor_open(txn, TABLE_ENQUIRY,
                         filter->before == 0 ? BYTES_NONE : bytes_of(from, sizeof from), WALK_DOWN,
                         &cursor, err);
    if (status != AF_OK)
        return status;
    while (!is_full && (status = cursor_next(cursor, &key, &body, err)) == AF_OK) {
        json_t *enquiry;

        if ((status = json_parse(body, &enquiry, err)) != AF_OK)
            break;
        is_full = passes(filter, enquiry, now_ms) && json_array_size(rows) == filter->limit;
        if (is_full)
            json_put(result, "next", json_integer((json_int_t)json_get_u64(enquiry, "n") + 1), &ok);
        else if (passes(filter, enquiry, now_ms))
            ok = json_array_append_new(rows, list_row(enquiry)) == 0 && ok;
        json_decref(enquiry);
    }
    cursor_close(cursor);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a list of enquiries");
    return status == AF_NOT_FOUND ? AF_OK : status;
}

enum status enquiry_list(struct app *app, const struct who *who,
                         const struct enquiry_filter *filter, json_t **out, struct error *err)
{
    json_t *rows, *result;
    struct txn *txn;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (filter->limit < 1 || filter->limit > ENQUIRY_LIST_MAX)
        return error_set(err, AF_INVALID, "\"limit\" is a number from 1 to %d", ENQUIRY_LIST_MAX);
    if (filter->state.len > 0 && !enquiry_is_state(filter->state) &&
        !bytes_equal(filter->state, BYTES_LIT("open")) &&
        !bytes_equal(filter->state, BYTES_LIT("overdue")))
        return error_set(err, AF_INVALID, "\"state\" is sent, accepted, answered, open or overdue");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    rows = json_array();
    result = json_pack("{s:o}", "enquiries", rows);
    status = result != NULL ? fill(txn, filter, result, rows, err)
                            : error_set(err, AF_NO_MEMORY, "no memory for a list of enquiries");
    txn_abort(txn);
    if (status == AF_OK)
        *out = result;
    else
        json_decref(result);
    return status;
}

/* --- steps ------------------------------------------------------------------------------------ */

static enum status move(struct app *app, const struct who *who, json_t *body, uint32_t *ticket,
                        struct error *err)
{
    struct outcome outcome;
    enum status status = propose(app, who, "enquiry.move", NULL, 0, body, &outcome, err);

    if (status != AF_OK)
        return status;
    *ticket = (uint32_t)json_get_u64(outcome.result, "ticket");
    json_decref(outcome.result);
    return AF_OK;
}

enum status enquiry_accept(struct app *app, const struct who *who, uint32_t no, struct error *err)
{
    uint32_t ignored;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    return move(
        app, who,
        json_pack("{s:I,s:s,s:s}", "enquiry", (json_int_t)no, "event", "accept", "by", who_by(who)),
        &ignored, err);
}

/* The answer stands once the enquiry has it. Should telling the person fail, the same answer again
 * is refused as given already; the sentence then says what is left to do. */
enum status enquiry_answer(struct app *app, const struct who *who, uint32_t no, struct bytes reply,
                           struct error *err)
{
    struct error why;
    uint32_t ticket;
    char key[40];
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK ||
        (status = ticket_check_text("reply", reply, TICKET_TEXT_BYTES_MAX, err)) != AF_OK)
        return status;
    if (bytes_is_blank(reply))
        return error_set(err, AF_INVALID, "\"reply\" is empty: what is the answer?");
    status = move(app, who,
                  json_pack("{s:I,s:s,s:o,s:s}", "enquiry", (json_int_t)no, "event", "answer",
                            "reply", json_from_bytes(reply), "by", who_by(who)),
                  &ticket, err);
    if (status != AF_OK || ticket == 0)
        return status;
    (void)snprintf(key, sizeof key, "enquiry-answer:%u", no);
    status = ticket_reply(app, who, ticket, reply, false, key, &why);
    return status == AF_OK ? AF_OK
                           : error_set(err, status, "the answer is kept, and ticket %u has not: %s",
                                       ticket, why.text);
}
