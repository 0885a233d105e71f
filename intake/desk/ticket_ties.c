#include "intake/desk/ticket_ties.h"

#include "intake/desk/ticket_change.h"
#include "intake/desk/ticket_impl.h"
#include "intake/ticket/ticket_merge.h"
#include "intake/ticket/ticket_relation.h"

#include <stdio.h>

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

/* --- relations ------------------------------------------------------------------------------ */

/* The command is always the lower one's, or whose it was: "7 child 5" is said as "5 parent 7". */
static enum status turn(struct bytes name, uint32_t *no, uint32_t *other, enum relation *kind,
                        struct error *err)
{
    if (!relation_parse(name, kind) || *kind >= RELATION_SPLIT_FROM)
        return error_set(err, AF_INVALID,
                         "\"kind\" must be parent, child, duplicate_of, duplicate, "
                         "related, follows or followed_by");
    if (*no == *other)
        return error_set(err, AF_INVALID, "a ticket has no relation to itself");
    if (*kind == RELATION_CHILD || *kind == RELATION_DUPLICATE || *kind == RELATION_FOLLOWED_BY) {
        const uint32_t swapped = *no;

        *kind = relation_inverse(*kind);
        *no = *other;
        *other = swapped;
    }
    return AF_OK;
}

static enum status change_relation(struct app *app, const struct who *who, const char *command,
                                   uint32_t no, struct bytes name, uint32_t other,
                                   struct bytes reason, struct error *err)
{
    const uint32_t named = no;
    struct who asker = *who;
    enum relation kind;
    json_t *body;
    bool ok = true;
    enum status status = check(who, reason, err);

    if (status != AF_OK || (status = turn(name, &no, &other, &kind, err)) != AF_OK)
        return status;
    if (no != named) { /* the version that was looked at is the other's */
        status = ticket_require_version(app, who, named, err);
        asker.if_version = 0;
    }
    if (status != AF_OK)
        return status;
    body = pair_body(who, no, other, reason);
    if (body != NULL)
        json_put(body, "kind", json_string(relation_name(kind)), &ok);
    if (!ok) {
        json_decref(body);
        return error_set(err, AF_NO_MEMORY, "no memory for a relation of tickets");
    }
    return ticket_change(app, &asker, no,
                         &(struct ticket_change){.kind = command,
                                                 .moment = MOMENT_NOTE,
                                                 .other = relation_leads_up(kind) ? 0 : other},
                         body, NULL, err);
}

enum status ticket_relate(struct app *app, const struct who *who, uint32_t no, struct bytes kind,
                          uint32_t other, struct bytes reason, struct error *err)
{
    return change_relation(app, who, "ticket.relate", no, kind, other, reason, err);
}

enum status ticket_unrelate(struct app *app, const struct who *who, uint32_t no, struct bytes kind,
                            uint32_t other, struct bytes reason, struct error *err)
{
    return change_relation(app, who, "ticket.unrelate", no, kind, other, reason, err);
}

/* --- reading them ----------------------------------------------------------------------------- */

static enum status add_facts(struct txn *txn, json_t *relations, struct error *err)
{
    static const char *const members[][2] = {
        {"name",  "ticket"},
        {"state", "state" },
        {"title", "title" },
    };
    json_t *item;
    bool ok = true;
    size_t i;

    json_array_foreach(relations, i, item)
    {
        json_t *ticket;
        enum status status = ticket_load(txn, (uint32_t)json_get_u64(item, "ticket"), &ticket, err);

        if (status != AF_OK)
            return status;
        for (size_t m = 0; m < sizeof members / sizeof members[0]; m++)
            json_put(item, members[m][0], json_string(json_get_str(ticket, members[m][1])), &ok);
        json_decref(ticket);
    }
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for relations of a ticket");
}

static bool take_after(struct bytes text, uint32_t no, struct relation_key *out)
{
    char copy[24];
    unsigned kind, other;
    int end = 0;

    if (text.len == 0 || text.len >= sizeof copy)
        return false;
    memcpy(copy, text.data, text.len);
    copy[text.len] = '\0';
    if (sscanf(copy, "%2u-%10u%n", &kind, &other, &end) != 2 || (size_t)end != text.len ||
        kind >= RELATIONS || other == UINT32_MAX)
        return false;
    *out = (struct relation_key){no, (enum relation)kind, other};
    return true;
}

static enum status page_of(struct txn *txn, uint32_t no, const struct relation_key *after,
                           uint32_t limit, json_t **out, struct error *err)
{
    json_t *list, *page, *last;
    enum relation kind = RELATION_PARENT;
    bool more, ok = true;
    enum status status = relation_list(txn, no, after, limit, &list, &more, err);

    if (status != AF_OK)
        return status;
    if ((status = add_facts(txn, list, err)) != AF_OK) {
        json_decref(list);
        return status;
    }
    last = json_array_get(list, json_array_size(list) - 1);
    page = json_pack("{s:o}", "relations", list);
    if (more && page != NULL && relation_parse(bytes_str(json_get_str(last, "kind")), &kind))
        json_put(page, "after",
                 json_sprintf("%d-%u", (int)kind, (unsigned)json_get_u64(last, "ticket")), &ok);
    if (page == NULL || !ok) {
        json_decref(page);
        return error_set(err, AF_NO_MEMORY, "no memory for relations of a ticket");
    }
    *out = page;
    return AF_OK;
}

enum status ticket_relations(struct app *app, const struct who *who, uint32_t no,
                             struct bytes after, uint32_t limit, json_t **out, struct error *err)
{
    struct relation_key place;
    json_t *ticket;
    struct txn *txn;
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK)
        return status;
    if (after.len > 0 && !take_after(after, no, &place))
        return error_set(err, AF_INVALID, "\"after\" is not what a page before this one gave");
    if ((status = store_begin_read(app_store(app), &txn, err)) != AF_OK)
        return status;
    if ((status = ticket_load(txn, no, &ticket, err)) == AF_OK) {
        json_decref(ticket);
        status = page_of(txn, no, after.len > 0 ? &place : NULL, limit, out, err);
    }
    txn_abort(txn);
    return status;
}

/* --- watching ------------------------------------------------------------------------------- */

enum status ticket_watch(struct app *app, const struct who *who, uint32_t no, struct bytes name,
                         bool on, struct error *err)
{
    enum status status = ticket_require_staff(who, err);

    if (status != AF_OK || (status = ticket_check_text("name", name, WHO_NAME_BYTES, err)) != AF_OK)
        return status;
    if (bytes_is_blank(name))
        return error_set(err, AF_INVALID, "\"name\" is missing: say who");
    return ticket_change(
        app, who, no, &(struct ticket_change){.kind = "ticket.watch", .moment = MOMENT_NOTE},
        json_pack("{s:I,s:o,s:b,s:s,s:s}", "ticket", (json_int_t)no, "name", json_from_bytes(name),
                  "on", on, "reason", "", "by", who_by(who)),
        NULL, err);
}
