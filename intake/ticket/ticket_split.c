#include "intake/ticket/ticket_split.h"

#include "intake/ticket/ticket_relation.h"

#include <string.h>

static enum status check_post(const json_t *old, const json_t *value, json_int_t before,
                              struct error *err)
{
    const json_int_t no = json_integer_value(value);
    const size_t count = json_array_size(json_object_get(old, "posts"));

    if (!json_is_integer(value) || no < 0 || (uint64_t)no > count)
        return error_set(err, AF_INVALID, "\"posts\": %s has posts 1 to %zu, and 0, its own words",
                         json_get_str(old, "ticket"), count);
    if (no <= before)
        return error_set(err, AF_INVALID, "\"posts\": post %lld is there twice or out of order",
                         (long long)no);
    return AF_OK;
}

enum status ticket_split_check(const json_t *old, const json_t *posts, struct error *err)
{
    json_int_t before = -1;
    const json_t *value;
    size_t i;

    if (!ticket_state_is_open(ticket_state_of(old)))
        return error_set(err, AF_CONFLICT, "%s is %s: nothing is split from it",
                         json_get_str(old, "ticket"), json_get_str(old, "state"));
    if (!json_is_array(posts) || json_array_size(posts) == 0)
        return error_set(err, AF_INVALID, "\"posts\" is empty: say which are the new ticket's");
    json_array_foreach(posts, i, value)
    {
        enum status status = check_post(old, value, before, err);

        if (status != AF_OK)
            return status;
        before = json_integer_value(value);
    }
    return AF_OK;
}

bool ticket_split_is_hidden(const json_t *old, const json_t *post)
{
    const uint64_t via = json_get_u64(post, "via");

    return json_get_bool(post, "internal") || (via != 0 && via != json_get_u64(old, "n"));
}

/* As it was written, without what only the old one can resolve. */
static enum status add_note(json_t *ticket, const json_t *post, struct error *err)
{
    static const char *const copied[] = {"at", "by", "from", "text"};
    json_t *note = json_object();
    bool ok = note != NULL;

    for (size_t i = 0; ok && i < sizeof copied / sizeof copied[0]; i++)
        json_put(note, copied[i], json_string(json_get_str(post, copied[i])), &ok);
    if (ok)
        json_put(note, "internal", json_true(), &ok);
    if (!ok) {
        json_decref(note);
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket's post");
    }
    return ticket_append(ticket, "posts", note, err);
}

static enum status add_notes(json_t *ticket, const json_t *old, const json_t *posts,
                             struct error *err)
{
    const json_t *all = json_object_get(old, "posts"), *value;
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(posts, i, value)
    {
        const json_int_t no = json_integer_value(value);
        const json_t *post = no > 0 ? json_array_get(all, (size_t)no - 1) : NULL;

        if (post != NULL && ticket_split_is_hidden(old, post) &&
            (status = add_note(ticket, post, err)) != AF_OK)
            break;
    }
    return status;
}

static enum status tell(json_t *ticket, const struct command *command, enum relation kind,
                        uint32_t other, struct error *err)
{
    return ticket_add_event(
        ticket, command, "split",
        json_pack("{s:I,s:s}", "other", (json_int_t)other, "kind", relation_name(kind)), err);
}

/* `command` is the split's own: its body has who did it, and why. */
static enum status split(struct txn *txn, json_t *ticket, json_t *old,
                         const struct command *command, struct error *err)
{
    const json_t *posts = json_object_get(command->body, "posts");
    const struct relation_key key = {(uint32_t)json_get_u64(ticket, "n"), RELATION_SPLIT_FROM,
                                     (uint32_t)json_get_u64(old, "n")};
    enum status status = ticket_split_check(old, posts, err);

    if (status == AF_OK)
        status = add_notes(ticket, old, posts, err);
    if (status == AF_OK)
        status = tell(ticket, command, RELATION_SPLIT_FROM, key.other, err);
    if (status == AF_OK)
        status = tell(old, command, RELATION_SPLIT_INTO, key.ticket, err);
    if (status == AF_OK)
        status = relation_add(txn, &key, command, err);
    return status == AF_OK ? ticket_save(txn, old, command, err) : status;
}

enum status ticket_split_take(struct txn *txn, json_t *ticket, const struct command *command,
                              struct error *err)
{
    json_t *body = json_object_get(command->body, "split"), *old;
    struct command own = *command;
    enum status status;

    if (body == NULL)
        return AF_OK;
    own.body = body;
    status = ticket_load(txn, (uint32_t)json_get_u64(body, "from"), &old, err);
    if (status != AF_OK)
        return status;
    status = split(txn, ticket, old, &own, err);
    json_decref(old);
    return status;
}

void ticket_split_inspect(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const struct relation_key first = {.ticket = no, .kind = RELATION_SPLIT_FROM};
    struct relation_key found;

    if (strcmp(json_get_str(ticket, "exempt"), "split") == 0 &&
        relation_next(in->txn, &first, RELATION_SPLIT_FROM, &found, NULL) == AF_NOT_FOUND)
        inspect_say(in, "it was split from another ticket, and no relation says from which");
}
