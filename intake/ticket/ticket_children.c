#include "intake/ticket/ticket_children.h"

#include "intake/ticket/ticket_timers.h"

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

/* --- who they are -------------------------------------------------------------------------- */

/* The ticket whose children come after those of `of`: itself first, then as "merged" has them; 0:
 * there is no other. */
static uint32_t next_source(const json_t *ticket, uint32_t of)
{
    const json_t *merged = json_object_get(ticket, "merged");
    size_t i = 0;

    if (of != (uint32_t)json_get_u64(ticket, "n"))
        while (i < json_array_size(merged) &&
               (uint32_t)json_integer_value(json_array_get(merged, i++)) != of)
            ;
    return (uint32_t)json_integer_value(json_array_get(merged, i));
}

enum status ticket_child_next(struct txn *txn, const json_t *ticket,
                              const struct relation_key *place, struct relation_key *out,
                              struct error *err)
{
    struct relation_key from = {place->ticket, place->kind, place->other + 1};

    for (;;) {
        enum status status = relation_next(txn, &from, RELATION_DUPLICATE, out, err);
        uint32_t source;

        if (status != AF_NOT_FOUND || (source = next_source(ticket, from.ticket)) == 0)
            return status;
        from = (struct relation_key){.ticket = source, .kind = RELATION_CHILD};
    }
}

static enum status has_children(struct txn *txn, const json_t *ticket, bool *has, struct error *err)
{
    const struct relation_key first = {.ticket = (uint32_t)json_get_u64(ticket, "n"),
                                       .kind = RELATION_CHILD};
    struct relation_key ignored;
    enum status status = ticket_child_next(txn, ticket, &first, &ignored, err);

    *has = status == AF_OK;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* --- a round begins and ends ----------------------------------------------------------------- */

static enum status begin_round(json_t *ticket, const struct command *command, enum ticket_state to,
                               struct error *err)
{
    const json_t *how = json_object_get(command->body, "children");
    const json_t *text = json_object_get(how, "text");
    json_t *telling = json_pack(
        "{s:s,s:I,s:s,s:b,s:O,s:i,s:i,s:i,s:i}", "event",
        to == TICKET_RESTORED ? "restore" : "resolve", "round", (json_int_t)command->seq, "by",
        json_get_str(command->body, "by"), "with", json_get_bool(how, "with"), "of",
        json_object_get(ticket, "n"), "kind", RELATION_CHILD, "after", 0, "told", 0, "missed", 0);
    bool ok = telling != NULL;

    if (ok && text != NULL)
        json_put(telling, "text", json_deep_copy(text), &ok);
    json_put(ticket, "telling", telling, &ok);
    return ok ? ticket_timer_set(ticket, TICKET_TIMER_CHILDREN, command->at_ms, err)
              : no_memory(err);
}

enum status ticket_children_entered(struct txn *txn, json_t *ticket, const struct command *command,
                                    enum ticket_state from, enum ticket_state to, struct error *err)
{
    bool has = false;
    enum status status = AF_OK;

    if (from == TICKET_MERGED) /* they heard it when it came there first */
        return AF_OK;
    if (to == TICKET_CLOSED && json_object_get(ticket, "telling") != NULL)
        return ticket_timer_set(ticket, TICKET_TIMER_CHILDREN, command->at_ms, err);
    (void)json_object_del(ticket, "telling");
    ticket_timer_clear(ticket, TICKET_TIMER_CHILDREN);
    if (to == TICKET_RESTORED || to == TICKET_RESOLVED)
        status = has_children(txn, ticket, &has, err);
    return status == AF_OK && has ? begin_round(ticket, command, to, err) : status;
}

static bool is_behind(const json_t *telling, const json_t *body)
{
    return json_get_u64(telling, "of") != json_get_u64(body, "of") ||
           json_get_u64(telling, "kind") < json_get_u64(body, "kind") ||
           (json_get_u64(telling, "kind") == json_get_u64(body, "kind") &&
            json_get_u64(telling, "after") < json_get_u64(body, "after"));
}

static bool add_count(json_t *telling, const json_t *body, const char *member)
{
    bool ok = true;

    json_put(telling, member,
             json_integer((json_int_t)(json_get_u64(telling, member) + json_get_u64(body, member))),
             &ok);
    return ok;
}

static bool move_on(json_t *telling, const json_t *body)
{
    static const char *const places[] = {"of", "kind", "after"};
    bool ok = add_count(telling, body, "told") && add_count(telling, body, "missed");

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        json_put(telling, places[i], json_incref(json_object_get(body, places[i])), &ok);
    return ok;
}

static enum status children(struct txn *txn, json_t *ticket, const struct command *command,
                            json_t *result, struct error *err)
{
    json_t *telling = json_object_get(ticket, "telling");
    enum status status;

    (void)txn;
    (void)result;
    if (telling == NULL || json_get_u64(telling, "round") != json_get_u64(command->body, "round") ||
        (!json_get_bool(command->body, "done") && !is_behind(telling, command->body)))
        return error_set(err, AF_CONFLICT, "its children have been told so far already");
    if (!move_on(telling, command->body))
        return no_memory(err);
    if (!json_get_bool(command->body, "done"))
        return ticket_timer_set(ticket, TICKET_TIMER_CHILDREN, command->at_ms, err);
    status =
        ticket_add_event(ticket, command, "children_told",
                         json_pack("{s:I,s:I}", "told", (json_int_t)json_get_u64(telling, "told"),
                                   "missed", (json_int_t)json_get_u64(telling, "missed")),
                         err);
    (void)json_object_del(ticket, "telling");
    ticket_timer_clear(ticket, TICKET_TIMER_CHILDREN);
    return status;
}

enum status ticket_apply_children(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    return ticket_apply_change(txn, command, children, result, err);
}

/* --- a child hears it ------------------------------------------------------------------------ */

bool ticket_child_listens(const json_t *child, uint32_t parent, uint64_t round)
{
    const json_t *heard = json_object_get(child, "heard");
    const enum ticket_state state = ticket_state_of(child);

    if (!ticket_state_is_open(state) || state == TICKET_RESOLVED)
        return false;
    return json_get_u64(heard, "parent") != parent || json_get_u64(heard, "round") < round;
}

static enum status add_word(json_t *ticket, const struct command *command, struct error *err)
{
    const json_t *body = command->body;

    if (json_array_size(json_object_get(ticket, "posts")) >= TICKET_POSTS_MAX)
        return error_set(err, AF_TOO_LARGE, "a ticket's thread has at most %d entries",
                         TICKET_POSTS_MAX);
    return ticket_append(ticket, "posts",
                         json_pack("{s:o,s:s,s:s,s:s,s:b,s:O}", "at",
                                   json_from_time(command->at_ms), "by", json_get_str(body, "by"),
                                   "from", "staff", "text", json_get_str(body, "text"), "internal",
                                   0, "parent", json_object_get(body, "parent")),
                         err);
}

static enum status told(struct txn *txn, json_t *ticket, const struct command *command,
                        json_t *result, struct error *err)
{
    const json_t *body = command->body;
    const uint32_t parent = (uint32_t)json_get_u64(body, "parent");
    const bool is_end = strcmp(json_get_str(body, "event"), "resolve") == 0;
    const enum ticket_state to = is_end ? TICKET_RESOLVED : TICKET_RESTORED;
    const char *event = is_end ? "parent_resolve" : "parent_restore";
    bool ok = true;
    enum status status;

    (void)result;
    if (!ticket_child_listens(ticket, parent, json_get_u64(body, "round")))
        return error_set(err, AF_CONFLICT, "it was told already, or is over");
    json_put(ticket, "heard",
             json_pack("{s:O,s:O}", "parent", json_object_get(body, "parent"), "round",
                       json_object_get(body, "round")),
             &ok);
    if (!ok)
        return no_memory(err);
    if ((status = add_word(ticket, command, err)) != AF_OK)
        return status;
    if (json_get_bool(body, "with") && ticket_state_of(ticket) != to)
        status = ticket_set_state(txn, ticket, command, event, to, err);
    else
        status = ticket_add_event(ticket, command, event, NULL, err);
    return status == AF_OK ? ticket_event_about(ticket, parent, err) : status;
}

enum status ticket_apply_told(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    return ticket_apply_change(txn, command, told, result, err);
}
