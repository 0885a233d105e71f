#include "intake/desk/ticket_ties.h"

#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_merge.h"

/* What both of a pair's services begin with. */
static enum status check(const struct who *who, struct bytes reason, struct error *err)
{
    enum status status = ticket_require_staff(who, err);

    return status == AF_OK ? ticket_check_text("reason", reason, TICKET_TITLE_BYTES_MAX, err)
                           : status;
}

static json_t *pair_body(const struct who *who, uint32_t no, uint32_t other, struct bytes reason)
{
    return json_pack("{s:I,s:I,s:o,s:s}", "ticket", (json_int_t)no, "other", (json_int_t)other,
                     "reason", json_from_bytes(reason), "by", who_by(who));
}

static enum status find_survivor(struct app *app, uint32_t no, uint32_t *survivor,
                                 struct error *err)
{
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_survivor(txn, no, survivor, err);
    txn_abort(txn);
    return status;
}

enum status ticket_merge(struct app *app, const struct who *who, uint32_t no, uint32_t into,
                         struct bytes reason, uint32_t *survivor, struct error *err)
{
    enum status status = check(who, reason, err);

    if (status != AF_OK || (status = find_survivor(app, into, survivor, err)) != AF_OK)
        return status;
    if (*survivor == no)
        return error_set(err, AF_CONFLICT, "%s",
                         into == no ? "a ticket is not merged into itself"
                                    : "that one is merged into this one already");
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.merge",
                                                 .moment = (enum ticket_moment)EVENT_MERGE,
                                                 .other = *survivor},
                         pair_body(who, no, *survivor, reason), NULL, err);
}

static enum status find_into(struct app *app, uint32_t no, uint32_t *into, struct error *err)
{
    json_t *ticket;
    struct txn *txn;
    enum status status = store_begin_read(app_store(app), &txn, err);

    if (status != AF_OK)
        return status;
    status = ticket_load(txn, no, &ticket, err);
    txn_abort(txn);
    if (status != AF_OK)
        return status;
    *into = (uint32_t)json_get_u64(ticket, "merged_into");
    json_decref(ticket);
    return *into != 0 ? AF_OK : error_set(err, AF_CONFLICT, "this ticket is not merged");
}

enum status ticket_unmerge(struct app *app, const struct who *who, uint32_t no, struct bytes reason,
                           struct error *err)
{
    uint32_t into;
    enum status status = check(who, reason, err);

    if (status != AF_OK)
        return status;
    if (who->role < ROLE_SUPERVISOR)
        return error_set(err, AF_DENIED, "taking a merge back is for supervisors");
    if ((status = find_into(app, no, &into, err)) != AF_OK)
        return status;
    return ticket_change(app, who, no,
                         &(struct ticket_change){.kind = "ticket.unmerge",
                                                 .moment = (enum ticket_moment)EVENT_UNMERGE,
                                                 .other = into},
                         pair_body(who, no, into, reason), NULL, err);
}
