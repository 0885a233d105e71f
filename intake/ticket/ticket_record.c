/* The record, and the rows of other tables that follow it. */
#include "intake/ticket/ticket_record.h"

#include "data/base/clock.h"
#include "intake/clock/service_clock.h"
#include "intake/ticket/ticket_clocks.h"
#include "intake/ticket/ticket_queue.h"
#include "intake/ticket/ticket_text.h"
#include "intake/ticket/ticket_timers.h"

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

/* --- when it is to be looked at ----------------------------------------------------------- */

struct bytes ticket_due_key(int64_t at_ms, uint32_t no, uint8_t key[TICKET_DUE_KEY_BYTES])
{
    put_be64(key, (uint64_t)at_ms);
    put_be32(key + 8, no);
    return bytes_of(key, TICKET_DUE_KEY_BYTES);
}

int64_t ticket_next_ms(const json_t *ticket)
{
    int64_t clock_ms = ticket_clocks_next_ms(json_object_get(ticket, "clocks"));
    int64_t timer_ms = ticket_timers_next_ms(ticket);
    int64_t next_ms = timer_ms == CLOCK_NEVER || (clock_ms != CLOCK_NEVER && clock_ms < timer_ms)
                          ? clock_ms
                          : timer_ms;

    return next_ms < 0 ? 0 : next_ms; /* none, or before 1970 */
}

/* The row that the sweep finds it by follows the first of its clocks and timers. */
static enum status move_due(struct txn *txn, json_t *ticket, struct error *err)
{
    int64_t old_ms = (int64_t)json_get_u64(ticket, "next_clock");
    int64_t next_ms = ticket_next_ms(ticket);
    uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    uint8_t key[TICKET_DUE_KEY_BYTES];
    enum status status = AF_OK;
    bool ok = true;

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

enum status ticket_save(struct txn *txn, json_t *ticket, const struct command *command,
                        struct error *err)
{
    char at[CLOCK_TEXT_BYTES];
    uint8_t key[4];
    bool ok = true;
    enum status status;

    clock_format(command->at_ms, at);
    json_put(ticket, "updated", json_string(at), &ok);
    json_put(ticket, "version", json_integer((json_int_t)json_get_u64(ticket, "version") + 1), &ok);
    if (!ok)
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if ((status = move_due(txn, ticket, err)) != AF_OK ||
        (status = ticket_queue_move(txn, ticket, command->at_ms, err)) != AF_OK ||
        (status = ticket_text_note(txn, ticket, command->seq, err)) != AF_OK)
        return status;
    put_be32(key, (uint32_t)json_get_u64(ticket, "n"));
    return store_put_json(txn, TABLE_TICKET, bytes_of(key, sizeof key), ticket, err);
}

/* --- following it -------------------------------------------------------------------------- */

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
