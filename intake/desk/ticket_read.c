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

/* What time did with it, how the desk sorts it, what happened between it and others. */
static bool is_ours(const char *event)
{
    static const char *const events[] = {"classify", "fields", "absorb",  "release",       "relate",
                                         "unrelate", "watch",  "unwatch", "children_told", "party"};
    static const char *const begins[] = {"clock_", "timer_", "window_", "visit_"};

    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        if (strcmp(event, events[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (strncmp(event, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}

static void leave_out_events(json_t *history)
{
    for (size_t i = json_array_size(history); i-- > 0;)
        if (is_ours(json_get_str(json_array_get(history, i), "event")))
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

/* The customer sees what was said to him, not who said what behind it. */
static void leave_out_internal(json_t *ticket)
{
    static const char *const lists[] = {"posts", "links", "history"};
    static const char *const ours[] = {"entered_by", "level",   "clocks", "clock_fault", "group",
                                       "person",     "rule",    "timers", "notices",     "missing",
                                       "proposals",  "telling", "heard",  "watchers"};
    json_t *posts = json_object_get(ticket, "posts"), *item;
    size_t i;

    for (i = json_array_size(posts); i-- > 0;)
        if (json_get_bool(json_array_get(posts, i), "internal"))
            (void)json_array_remove(posts, i);
    leave_out_party(ticket);
    keep_links_for_customer(json_object_get(ticket, "links"));
    leave_out_events(json_object_get(ticket, "history"));
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
