#include "intake/ticket/ticket_record_impl.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/body.h"
#include "intake/clock/service_clock.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_flow.h"

/* --- the record --------------------------------------------------------------------------- */

enum status ticket_load(struct txn *txn, uint32_t no, json_t **out, struct error *err)
{
    uint8_t key[4];
    enum status status;

    put_be32(key, no);
    status = store_get_json(txn, TABLE_TICKET, bytes_of(key, sizeof key), out, err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no ticket %u", no);
    return status;
}

struct bytes ticket_due_key(int64_t at_ms, uint32_t no, uint8_t key[TICKET_DUE_KEY_BYTES])
{
    put_be64(key, (uint64_t)at_ms);
    put_be32(key + 8, no);
    return bytes_of(key, TICKET_DUE_KEY_BYTES);
}

/* The row that the sweep finds it by follows the first of its clocks. */
static enum status move_due(struct txn *txn, json_t *ticket, struct error *err)
{
    int64_t old_ms = (int64_t)json_get_u64(ticket, "next_clock");
    int64_t next_ms = ticket_clocks_next_ms(json_object_get(ticket, "clocks"));
    uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    uint8_t key[TICKET_DUE_KEY_BYTES];
    enum status status = AF_OK;
    bool ok = true;

    if (next_ms < 0) /* none, or before 1970 */
        next_ms = 0;
    if (next_ms == old_ms)
        return AF_OK;
    json_put(ticket, "next_clock", json_integer(next_ms), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (old_ms != 0)
        status = store_delete(txn, TABLE_TICKET_DUE, ticket_due_key(old_ms, no, key), err);
    if (status == AF_NOT_FOUND)
        status =
            error_set(err, AF_CORRUPT, "damaged: table ticket_due: ticket %u is not in it", no);
    if (status == AF_OK && next_ms != 0)
        status =
            store_put(txn, TABLE_TICKET_DUE, ticket_due_key(next_ms, no, key), BYTES_LIT(""), err);
    return status;
}

enum status ticket_save(struct txn *txn, json_t *ticket, int64_t at_ms, struct error *err)
{
    char at[CLOCK_TEXT_BYTES];
    uint8_t key[4];
    bool ok = true;
    enum status status;

    clock_format(at_ms, at);
    json_put(ticket, "updated", json_string(at), &ok);
    json_put(ticket, "version", json_integer((json_int_t)json_get_u64(ticket, "version") + 1), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if ((status = move_due(txn, ticket, err)) != AF_OK)
        return status;
    put_be32(key, (uint32_t)json_get_u64(ticket, "n"));
    return store_put_json(txn, TABLE_TICKET, bytes_of(key, sizeof key), ticket, err);
}

enum status ticket_no_by_key(struct txn *txn, const struct digest *hash, uint32_t *no,
                             struct error *err)
{
    struct bytes body;
    struct reader r;
    enum status status =
        store_get(txn, TABLE_TICKET_KEY, bytes_of(hash->b, DIGEST_BYTES), &body, err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "this link belongs to no ticket");
    if (status != AF_OK)
        return status;
    r = reader_of(body);
    if (!reader_be32(&r, no))
        return error_set(err, AF_CORRUPT, "damaged: table ticket_key: cut off");
    return AF_OK;
}

static enum ticket_state state_of(const json_t *ticket)
{
    enum ticket_state state;

    /* A name that is not in the table can only be damage; closed allows the least. */
    return ticket_state_parse(bytes_str(json_get_str(ticket, "state")), &state) ? state
                                                                                : TICKET_CLOSED;
}

enum status ticket_append(json_t *ticket, const char *list, json_t *item, struct error *err)
{
    if (json_array_append_new(json_object_get(ticket, list), item) == 0)
        return AF_OK;
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- clocks ------------------------------------------------------------------------------- */

static enum status add_clock_event(void *context, const char *kind, const char *event,
                                   int64_t since_ms, struct error *err)
{
    json_t *ticket = context;
    const char *state = json_get_str(ticket, "state");

    return ticket_append(ticket, "history",
                         json_pack("{s:o,s:s,s:s,s:s,s:s,s:s}", "at", json_from_time(since_ms),
                                   "by", "system", "event", event, "from", state, "to", state,
                                   "reason", kind),
                         err);
}

/* What had passed by now is written down, whoever noticed it; then the clocks are as the command
 * has them. "Now" is the instant they were computed at: what passes until the commit is not in
 * them and is the sweep's to see, once. */
static enum status take_clocks(json_t *ticket, const struct command *command, struct error *err)
{
    json_t *clocks = json_object_get(command->body, "clocks");
    int64_t at_ms = command->at_ms, computed_ms;
    bool ok = true;
    enum status status;

    if (clocks != NULL &&
        clock_parse(bytes_str(json_get_str(command->body, "clocks_at")), &computed_ms) &&
        computed_ms < at_ms)
        at_ms = computed_ms;
    status = ticket_clocks_advance(json_object_get(ticket, "clocks"), at_ms, add_clock_event,
                                   ticket, err);
    if (status != AF_OK || clocks == NULL || (status = ticket_clocks_check(clocks, err)) != AF_OK)
        return status;
    json_put(ticket, "clocks", json_deep_copy(clocks), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

enum status ticket_apply_tick(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    json_t *ticket;
    enum status status = ticket_load_for(txn, command, &ticket, err);

    (void)result;
    if (status != AF_OK)
        return status;
    status = take_clocks(ticket, command, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command->at_ms, err);
    json_decref(ticket);
    return status;
}

static enum status set_state(json_t *ticket, const struct command *command, const char *event,
                             enum ticket_state to, struct error *err)
{
    json_t *item = json_pack("{s:o,s:s,s:s,s:s,s:s,s:s}", "at", json_from_time(command->at_ms),
                             "by", json_get_str(command->body, "by"), "event", event, "from",
                             json_get_str(ticket, "state"), "to", ticket_state_name(to), "reason",
                             json_get_str(command->body, "reason"));
    bool ok = true;

    json_put(ticket, "state", json_string(ticket_state_name(to)), &ok);
    if (!ok) {
        json_decref(item);
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    }
    return ticket_append(ticket, "history", item, err);
}

/* --- working ------------------------------------------------------------------------------ */

enum status ticket_load_for(struct txn *txn, const struct command *command, json_t **ticket,
                            struct error *err)
{
    const json_t *seen = json_object_get(command->body, "seen");
    enum status status =
        ticket_load(txn, (uint32_t)json_get_u64(command->body, "ticket"), ticket, err);

    if (status != AF_OK || seen == NULL ||
        (uint64_t)json_integer_value(seen) == json_get_u64(*ticket, "version"))
        return status;
    json_decref(*ticket);
    return error_set(err, AF_CONFLICT, "the ticket was changed meanwhile: look at it again");
}

/* A customer's word on something that waits for him, or that was thought resolved, brings it
 * back to work. */
static enum status wake(json_t *ticket, const struct command *command, struct error *err)
{
    enum ticket_state state = state_of(ticket);

    if (state != TICKET_PENDING_CUSTOMER && state != TICKET_RESOLVED)
        return AF_OK;
    return set_state(ticket, command, "reply", TICKET_IN_PROGRESS, err);
}

enum status ticket_apply_reply(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    bool is_customer = strcmp(json_get_str(command->body, "from"), "customer") == 0;
    json_t *ticket, *post;
    enum status status = ticket_load_for(txn, command, &ticket, err);

    (void)result;
    if (status != AF_OK)
        return status;
    if (json_array_size(json_object_get(ticket, "posts")) >= TICKET_POSTS_MAX) {
        status = error_set(err, AF_TOO_LARGE, "a ticket's thread has at most %d entries",
                           TICKET_POSTS_MAX);
        goto done;
    }
    if (is_customer && !ticket_state_is_open(state_of(ticket))) {
        status = error_set(err, AF_CONFLICT, "this ticket is %s: please ask again, as a new one",
                           json_get_str(ticket, "state"));
        goto done;
    }
    post = json_pack("{s:o,s:s,s:s,s:s,s:b}", "at", json_from_time(command->at_ms), "by",
                     json_get_str(command->body, "by"), "from", json_get_str(command->body, "from"),
                     "text", json_get_str(command->body, "text"), "internal",
                     json_get_bool(command->body, "internal"));
    status = ticket_append(ticket, "posts", post, err);
    if (status == AF_OK)
        status = take_clocks(ticket, command, err);
    if (status == AF_OK && is_customer)
        status = wake(ticket, command, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command->at_ms, err);
done:
    json_decref(ticket);
    return status;
}

enum status ticket_apply_move(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    const char *name = json_get_str(command->body, "event");
    enum ticket_event event;
    enum ticket_state to;
    json_t *ticket;
    bool ok = true;
    enum status status;

    if (!ticket_event_parse(bytes_str(name), &event))
        return error_set(err, AF_INVALID, "\"event\" %.40s is not one of a ticket's steps", name);
    if ((status = ticket_load_for(txn, command, &ticket, err)) != AF_OK)
        return status;
    status = ticket_flow_step(state_of(ticket), event, ticket,
                              json_get_str(command->body, "reason"), &to, err);
    if (status == AF_OK)
        status = take_clocks(ticket, command, err);
    if (status == AF_OK)
        status = set_state(ticket, command, name, to, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command->at_ms, err);
    json_put(result, "state", json_incref(json_object_get(ticket, "state")), &ok);
    json_decref(ticket);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}

/* --- severity ------------------------------------------------------------------------------- */

unsigned ticket_severity_rank(struct bytes severity)
{
    if (severity.len != 2 || severity.data[0] != 'S' || severity.data[1] < '1' ||
        severity.data[1] > '4')
        return 0;
    return (unsigned)('5' - severity.data[1]);
}

static enum status check_severity(const json_t *ticket, const json_t *body, struct error *err)
{
    unsigned old = ticket_severity_rank(bytes_str(json_get_str(ticket, "severity")));
    unsigned new = ticket_severity_rank(bytes_str(json_get_str(body, "severity")));

    if (new == 0)
        return error_set(err, AF_INVALID, "\"severity\" must be S1, S2, S3 or S4");
    if (!ticket_state_is_open(state_of(ticket)))
        return error_set(err, AF_CONFLICT, "this ticket is %s", json_get_str(ticket, "state"));
    if (new == old)
        return error_set(err, AF_CONFLICT, "the ticket is %s already",
                         json_get_str(ticket, "severity"));
    if (new > old && json_get_str(body, "reason")[0] == '\0')
        return error_set(err, AF_INVALID, "\"reason\" is missing: say why it is more severe now");
    if (new < old && !json_get_bool(body, "consent"))
        return error_set(err, AF_INVALID,
                         "\"consent\" is missing: the customer agrees before it is lowered");
    return AF_OK;
}

static enum status set_severity(json_t *ticket, const struct command *command, struct error *err)
{
    const char *state = json_get_str(ticket, "state");
    const char *severity = json_get_str(command->body, "severity");
    json_t *item =
        json_pack("{s:o,s:s,s:s,s:s,s:s,s:s,s:s,s:s}", "at", json_from_time(command->at_ms), "by",
                  json_get_str(command->body, "by"), "event", "severity", "from", state, "to",
                  state, "reason", json_get_str(command->body, "reason"), "old",
                  json_get_str(ticket, "severity"), "new", severity);
    enum status status = ticket_append(ticket, "history", item, err);
    bool ok = true;

    if (status != AF_OK)
        return status;
    json_put(ticket, "severity", json_string(severity), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

enum status ticket_apply_severity(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    json_t *ticket;
    enum status status = ticket_load_for(txn, command, &ticket, err);

    (void)result;
    if (status != AF_OK)
        return status;
    status = check_severity(ticket, command->body, err);
    if (status == AF_OK)
        status = take_clocks(ticket, command, err);
    if (status == AF_OK)
        status = set_severity(ticket, command, err);
    if (status == AF_OK)
        status = ticket_save(txn, ticket, command->at_ms, err);
    json_decref(ticket);
    return status;
}
