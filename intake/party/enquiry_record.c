#include "intake/party/enquiry_record.h"

#include "data/base/clock.h"
#include "data/sequence.h"
#include "intake/body.h"
#include "intake/party/party_past.h"

#include <stdio.h>

static const struct {
    const char *from, *event, *to;
} steps[] = {
    {"sent",     "accept", "accepted"},
    {"sent",     "answer", "answered"},
    {"accepted", "answer", "answered"},
};

bool enquiry_is_state(struct bytes name)
{
    return bytes_equal(name, BYTES_LIT("sent")) || bytes_equal(name, BYTES_LIT("accepted")) ||
           bytes_equal(name, BYTES_LIT("answered"));
}

bool enquiry_parse_no(struct bytes text, uint32_t *no)
{
    uint64_t v = 0;

    if (text.len > 8 && (text.data[0] | 0x20) == 'e' && (text.data[1] | 0x20) == 'q' &&
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

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for an enquiry");
}

enum status enquiry_load(struct txn *txn, uint32_t no, json_t **out, struct error *err)
{
    uint8_t key[4];
    enum status status;

    put_be32(key, no);
    status = store_get_json(txn, TABLE_ENQUIRY, bytes_of(key, sizeof key), out, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no enquiry %u", no);
    return status;
}

static enum status save(struct txn *txn, json_t *enquiry, int64_t at_ms, struct error *err)
{
    uint8_t key[4];
    bool ok = true;

    json_put(enquiry, "updated", json_from_time(at_ms), &ok);
    json_put(enquiry, "version", json_integer((json_int_t)json_get_u64(enquiry, "version") + 1),
             &ok);
    if (!ok)
        return no_memory(err);
    put_be32(key, (uint32_t)json_get_u64(enquiry, "n"));
    return store_put_json(txn, TABLE_ENQUIRY, bytes_of(key, sizeof key), enquiry, err);
}

/* --- a new one ------------------------------------------------------------------------------ */

static enum status check_due(const char *due, struct error *err)
{
    int64_t ignored;

    return clock_parse(bytes_str(due), &ignored)
               ? AF_OK
               : error_set(err, AF_INVALID, "\"due\" of an enquiry is not a time");
}

/* `from` has the words and whose they are: a command's body or a ticket. */
static json_t *new_record(const json_t *from, const struct command *command, uint32_t no,
                          const char *due, const char *by, const char *entered_by)
{
    static const char *const copied[] = {"title", "text",    "product", "channel",
                                         "lang",  "contact", "party",   "account"};
    char name[32], at[CLOCK_TEXT_BYTES];
    json_t *enquiry;
    bool ok;

    clock_format(command->at_ms, at);
    (void)snprintf(name, sizeof name, "EQ-%.4s-%06u", at, no);
    enquiry = json_pack("{s:s,s:i,s:s,s:s,s:s,s:s,s:s,s:[{s:s,s:s,s:s,s:s,s:s,s:s}]}", "enquiry",
                        name, "n", (int)no, "at", at, "state", "sent", "target", "LTC", "due", due,
                        "entered_by", entered_by, "history", "at", at, "by", by, "event", "send",
                        "from", "", "to", "sent", "reason", json_get_str(command->body, "reason"));
    ok = enquiry != NULL;
    for (size_t i = 0; ok && i < sizeof copied / sizeof copied[0]; i++)
        if (json_object_get(from, copied[i]) != NULL)
            json_put(enquiry, copied[i], json_deep_copy(json_object_get(from, copied[i])), &ok);
    if (ok)
        return enquiry;
    json_decref(enquiry);
    return NULL;
}

static enum status store_new(struct txn *txn, const struct command *command, json_t *enquiry,
                             uint32_t no, struct error *err)
{
    enum status status = enquiry != NULL ? save(txn, enquiry, command->at_ms, err) : no_memory(err);

    if (status == AF_OK)
        status = party_past_add(txn, enquiry, command->at_ms, PAST_ENQUIRY, no, err);
    return status;
}

enum status enquiry_apply_new(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    static const struct body_member members[] = {
        {"title",   BODY_TEXT  },
        {"text",    BODY_TEXT  },
        {"product", BODY_TEXT  },
        {"channel", BODY_TEXT  },
        {"lang",    BODY_TEXT  },
        {"contact", BODY_OBJECT},
        {"role",    BODY_TEXT  },
        {NULL,      BODY_TEXT  }
    };
    const json_t *body = command->body;
    uint32_t no = 0;
    json_t *enquiry;
    bool ok = true;
    enum status status = body_check(body, members, err);

    if (status != AF_OK || (status = check_due(json_get_str(body, "due"), err)) != AF_OK ||
        (status = party_check_named(txn, body, err)) != AF_OK ||
        (status = sequence_next(txn, "next_enquiry", &no, err)) != AF_OK)
        return status;
    enquiry = new_record(body, command, no, json_get_str(body, "due"), json_get_str(body, "by"),
                         json_get_str(body, "role"));
    status = store_new(txn, command, enquiry, no, err);
    json_put(result, "enquiry", json_string(json_get_str(enquiry, "enquiry")), &ok);
    json_put(result, "n", json_integer(no), &ok);
    json_decref(enquiry);
    return status != AF_OK || ok ? status : no_memory(err);
}

enum status enquiry_of_ticket(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err)
{
    const json_t *wanted = json_object_get(command->body, "enquiry");
    const char *due = json_get_str(wanted, "due"), *by = json_get_str(command->body, "by");
    json_t *enquiry;
    uint32_t no = 0;
    bool ok = true;
    enum status status;

    if (wanted == NULL || json_object_get(ticket, "enquiry") != NULL)
        return AF_OK;
    if ((status = check_due(due, err)) != AF_OK ||
        (status = sequence_next(txn, "next_enquiry", &no, err)) != AF_OK)
        return status;
    enquiry = new_record(ticket, command, no, due, by[0] != '\0' ? by : command->actor,
                         json_get_str(ticket, "entered_by"));
    json_put(enquiry, "ticket", json_integer((json_int_t)json_get_u64(ticket, "n")), &ok);
    json_put(ticket, "enquiry", json_integer(no), &ok);
    status = ok ? store_new(txn, command, enquiry, no, err) : no_memory(err);
    json_decref(enquiry);
    return status;
}

/* --- its steps ------------------------------------------------------------------------------ */

static const char *step(const char *from, const char *event)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        if (strcmp(steps[i].from, from) == 0 && strcmp(steps[i].event, event) == 0)
            return steps[i].to;
    return NULL;
}

static enum status move(json_t *enquiry, const struct command *command, struct error *err)
{
    const char *from = json_get_str(enquiry, "state"),
               *event = json_get_str(command->body, "event"),
               *reply = json_get_str(command->body, "reply"), *to = step(from, event);
    bool ok = true;

    if (to == NULL)
        return error_set(err, AF_CONFLICT, "an enquiry that is %s is not to %.20s", from, event);
    if (strcmp(to, "answered") == 0 && reply[0] == '\0')
        return error_set(err, AF_INVALID, "\"reply\" is missing: what is the answer?");
    if (json_array_append_new(
            json_object_get(enquiry, "history"),
            json_pack("{s:o,s:s,s:s,s:s,s:s}", "at", json_from_time(command->at_ms), "by",
                      json_get_str(command->body, "by"), "event", event, "from", from, "to", to)) !=
        0)
        ok = false;
    if (strcmp(to, "answered") == 0)
        json_put(enquiry, "reply", json_string(reply), &ok);
    json_put(enquiry, "state", json_string(to), &ok); /* `from` is no more */
    return ok ? AF_OK : no_memory(err);
}

enum status enquiry_apply_move(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    json_t *enquiry;
    bool ok = true;
    enum status status =
        enquiry_load(txn, (uint32_t)json_get_u64(command->body, "enquiry"), &enquiry, err);

    if (status != AF_OK)
        return status;
    if ((status = move(enquiry, command, err)) == AF_OK)
        status = save(txn, enquiry, command->at_ms, err);
    json_put(result, "state", json_incref(json_object_get(enquiry, "state")), &ok);
    if (json_object_get(enquiry, "ticket") != NULL)
        json_put(result, "ticket", json_incref(json_object_get(enquiry, "ticket")), &ok);
    json_decref(enquiry);
    return status != AF_OK || ok ? status : no_memory(err);
}
