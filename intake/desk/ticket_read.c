/* Reading a ticket, as staff or the customer may see it; the number behind a link. */
#include "intake/desk/outside.h"
#include "intake/desk/ticket_fields.h"
#include "intake/desk/ticket_impl.h"

#include "intake/ask/consult.h"
#include "intake/desk/ticket_together.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_files.h"
#include "intake/ticket/ticket_flow.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_relation.h"

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

/* A customer sees how his ticket went on, and how urgent it is; not who had it meanwhile. */
static bool is_step_for_customer(const json_t *step)
{
    return strcmp(json_get_str(step, "from"), json_get_str(step, "to")) != 0 ||
           strcmp(json_get_str(step, "event"), "severity") == 0;
}

static void keep_steps_for_customer(json_t *history)
{
    for (size_t i = json_array_size(history); i-- > 0;)
        if (!is_step_for_customer(json_array_get(history, i)))
            (void)json_array_remove(history, i);
}

/* Who he was taken for, by whose number. */
static void leave_out_party(json_t *ticket)
{
    static const char *const members[] = {"party", "party_by",        "party_also",  "account",
                                          "rep",   "entered_by_role", "entitlement", "enquiry"};

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        (void)json_object_del(ticket, members[i]);
}

/* Of an emergency a customer sees what was told him, and when. */
static void keep_public_notices(json_t *ticket)
{
    json_t *notices = json_incref(json_object_get(json_object_get(ticket, "emergency"), "notices"));
    bool ok = true;

    (void)json_object_del(ticket, "emergency");
    for (size_t i = json_array_size(notices); i-- > 0;) {
        json_t *notice = json_array_get(notices, i);

        (void)json_object_del(notice, "by");
        if (!json_get_bool(notice, "public"))
            (void)json_array_remove(notices, i);
    }
    if (json_array_size(notices) > 0)
        json_put(ticket, "emergency", json_pack("{s:O}", "notices", notices), &ok);
    json_decref(notices);
}

/* The customer sees what was said to him, not who said what behind it. */
static void leave_out_internal(json_t *ticket)
{
    static const char *const lists[] = {"posts", "links", "history"};
    static const char *const ours[] = {"entered_by",  "level",   "clocks", "clock_fault", "group",
                                       "person",      "rule",    "timers", "notices",     "missing",
                                       "proposals",   "telling", "heard",  "watchers",    "tasks",
                                       "escalations", "steps"};
    json_t *posts = json_object_get(ticket, "posts"), *item;
    size_t i;

    for (i = json_array_size(posts); i-- > 0;)
        if (json_get_bool(json_array_get(posts, i), "internal"))
            (void)json_array_remove(posts, i);
    leave_out_party(ticket);
    keep_links_for_customer(json_object_get(ticket, "links"));
    keep_steps_for_customer(json_object_get(ticket, "history"));
    ticket_files_leave_out_internal(ticket);
    for (size_t list = 0; list < sizeof lists / sizeof lists[0]; list++)
        json_array_foreach(json_object_get(ticket, lists[list]), i, item)
        {
            (void)json_object_del(item, "by");
            (void)json_object_del(item, "internal");
            (void)json_object_del(item, "parent");
            if (list == 2) {
                (void)json_object_del(item, "reason");
                (void)json_object_del(item, "other");
                (void)json_object_del(item, "kind");
            }
        }
    keep_public_notices(ticket);
    for (i = 0; i < sizeof ours / sizeof ours[0]; i++)
        (void)json_object_del(ticket, ours[i]);
}

static enum status add_relations(struct txn *txn, json_t *ticket, uint32_t no, struct error *err)
{
    json_t *list;
    bool more, ok = true;
    enum status status = relation_list(txn, no, NULL, TICKET_RELATIONS_SHOWN, &list, &more, err);

    if (status != AF_OK)
        return status;
    json_put(ticket, "relations", list, &ok);
    if (more)
        json_put(ticket, "more_relations", json_true(), &ok);
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
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
        if (status == AF_OK) {
            (void)json_object_del(consult, "voter");
            (void)json_object_del(consult, "party");
            (void)json_object_del(consult, "account");
            json_put(ticket, "consult", consult, &ok);
        }
    }
    if (status == AF_OK && !ok)
        status = error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    if (status == AF_OK)
        status = ticket_add_form(txn, ticket, err);
    if (status != AF_OK) {
        json_decref(ticket);
        goto done;
    }
    (void)json_object_del(ticket, "next_clock"); /* the store's own */
    (void)json_object_del(ticket, "queued");
    outside_leave_out_keys(ticket);
    (void)json_object_del(ticket, "indexed");
    if (who_is_staff(who) && (status = add_relations(txn, ticket, no, err)) != AF_OK) {
        json_decref(ticket);
        goto done;
    }
    status = who_is_staff(who) ? ticket_together_staff(txn, ticket, err)
                               : ticket_together_customer(txn, ticket, err);
    if (status != AF_OK) {
        json_decref(ticket);
        goto done;
    }
    ticket_end_show(ticket, !who_is_staff(who));
    if (!who_is_staff(who)) {
        leave_out_internal(ticket);
        outside_leave_out_internal(ticket);
    }
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
