#include "intake/ticket/outside_check.h"

#include "data/base/hash.h"
#include "intake/ticket/ticket_handoffs.h"
#include "intake/ticket/ticket_parts.h"

/* --- from a ticket to its rows ---------------------------------------------------------------- */

static void confirm(struct inspection *in, const struct outside_row *row)
{
    struct error ignored;
    enum status status = outside_confirm(in->txn, row, &in->outside_confirmed, &ignored);
    const char *what = row->list == OUTSIDE_PARTS ? "part request" : "handoff";

    if (inspect_is_missing(in, status))
        inspect_say(in, "its %s %u is not in table outside", what, row->no);
    else if (status != AF_OK && !in->no_memory)
        inspect_say(in, "its %s %u is in table outside with another state", what, row->no);
}

static void confirm_key(struct inspection *in, const json_t *handoff, uint32_t no)
{
    uint32_t ticket_no = 0, handoff_no = 0;
    struct digest hash;
    enum status status;

    if (!digest_parse(bytes_str(json_get_str(handoff, "key")), &hash))
        return; /* it is over */
    status = handoff_by_key(in->txn, &hash, &ticket_no, &handoff_no, NULL);
    if (inspect_is_missing(in, status) ||
        (status == AF_OK && (ticket_no != no || handoff_no != json_get_u64(handoff, "no"))))
        inspect_say(in, "the link of its handoff %llu is not in table handoff_key",
                    (unsigned long long)json_get_u64(handoff, "no"));
    in->handoff_keys_confirmed += status == AF_OK;
}

void outside_check_ticket(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *item;
    size_t i;

    if (!ticket_handoffs_are_sound(ticket)) {
        inspect_say(in, "its \"handoffs\" are none");
        return;
    }
    if (!ticket_parts_are_sound(ticket)) {
        inspect_say(in, "its \"parts\" are none");
        return;
    }
    json_array_foreach(json_object_get(ticket, "handoffs"), i, item)
    {
        const struct outside_row row = handoff_row(no, item);

        confirm(in, &row);
        confirm_key(in, item, no);
    }
    json_array_foreach(json_object_get(ticket, "parts"), i, item)
    {
        const struct outside_row row = part_row(no, item);

        confirm(in, &row);
    }
}

/* --- from a row to its ticket --------------------------------------------------------------- */

/* Is the row one of those that the record has? */
static bool is_row_of(const json_t *ticket, struct bytes key, const struct outside_row *found)
{
    const json_t *item = key.data[0] == OUTSIDE_PARTS ? ticket_part(ticket, found->no)
                                                      : ticket_handoff(ticket, found->no);
    struct outside_row row;
    uint8_t its[OUTSIDE_KEY_BYTES_MAX];

    if (item == NULL)
        return false;
    row = key.data[0] == OUTSIDE_PARTS ? part_row(found->ticket, item)
                                       : handoff_row(found->ticket, item);
    return row.is_open && strlen(row.name) <= RULES_ID_BYTES_MAX &&
           (bytes_equal(key, outside_key(&row, "", its)) ||
            bytes_equal(key, outside_key(&row, row.name, its)));
}

static void check_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct outside_row row = {0};
    json_t *ticket;
    enum status status;

    (void)body;
    if (key.len < 18 || !outside_place(key, key.len - 16, &row)) {
        inspect_say(in, "not a handoff or part request");
        return;
    }
    status = ticket_load(in->txn, row.ticket, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", row.ticket);
    if (status != AF_OK)
        return;
    if (!is_row_of(ticket, key, &row))
        inspect_say(in, "ticket %u has none that is open and due then", row.ticket);
    json_decref(ticket);
}

static void check_key_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(body);
    uint32_t no = 0, handoff_no = 0;
    char hex[DIGEST_HEX_BYTES];
    struct digest hash;
    json_t *ticket;
    enum status status;

    if (key.len != DIGEST_BYTES || !reader_be32(&r, &no) || !reader_be32(&r, &handoff_no) ||
        reader_left(&r) > 0) {
        inspect_say(in, "not the key of a handoff's link");
        return;
    }
    memcpy(hash.b, key.data, DIGEST_BYTES);
    digest_hex(&hash, hex);
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", no);
    if (status != AF_OK)
        return;
    if (strcmp(json_get_str(ticket_handoff(ticket, handoff_no), "key"), hex) != 0)
        inspect_say(in, "ticket %u has no handoff with this key", no);
    json_decref(ticket);
}

enum status outside_check_rows(struct inspection *in, struct error *err)
{
    enum status status = AF_OK;

    if (in->outside_confirmed != store_sum(in->txn, TABLE_OUTSIDE).count)
        status = inspect_rows(in, TABLE_OUTSIDE, check_row, err);
    if (status == AF_OK &&
        in->handoff_keys_confirmed != store_sum(in->txn, TABLE_HANDOFF_KEY).count)
        status = inspect_rows(in, TABLE_HANDOFF_KEY, check_key_row, err);
    return status;
}
