#include "intake/ticket/ticket_relation.h"

#include "intake/ticket/ticket_apply.h"

#include <assert.h>
#include <stdio.h>

static const struct {
    const char *name;
    enum relation inverse;
} kinds[RELATIONS] = {
    [RELATION_PARENT] = {"parent",       RELATION_CHILD       },
    [RELATION_DUPLICATE_OF] = {"duplicate_of", RELATION_DUPLICATE   },
    [RELATION_CHILD] = {"child",        RELATION_PARENT      },
    [RELATION_DUPLICATE] = {"duplicate",    RELATION_DUPLICATE_OF},
    [RELATION_RELATED] = {"related",      RELATION_RELATED     },
    [RELATION_FOLLOWS] = {"follows",      RELATION_FOLLOWED_BY },
    [RELATION_FOLLOWED_BY] = {"followed_by",  RELATION_FOLLOWS     },
    [RELATION_SPLIT_FROM] = {"split_from",   RELATION_SPLIT_INTO  },
    [RELATION_SPLIT_INTO] = {"split_into",   RELATION_SPLIT_FROM  },
};

const char *relation_name(enum relation kind)
{
    assert((unsigned)kind < RELATIONS);
    return kinds[kind].name;
}

bool relation_parse(struct bytes name, enum relation *out)
{
    for (unsigned i = 0; i < RELATIONS; i++)
        if (bytes_equal(name, bytes_str(kinds[i].name))) {
            *out = (enum relation)i;
            return true;
        }
    return false;
}

enum relation relation_inverse(enum relation kind)
{
    assert((unsigned)kind < RELATIONS);
    return kinds[kind].inverse;
}

/* --- rows ---------------------------------------------------------------------------------- */

static struct bytes key_bytes(const struct relation_key *key, uint8_t out[RELATION_KEY_BYTES])
{
    put_be32(out, key->ticket);
    out[4] = (uint8_t)key->kind;
    put_be32(out + 5, key->other);
    return bytes_of(out, RELATION_KEY_BYTES);
}

static bool read_key(struct bytes key, struct relation_key *out)
{
    struct reader r = reader_of(key);
    uint8_t kind;

    if (!reader_be32(&r, &out->ticket) || !reader_u8(&r, &kind) || !reader_be32(&r, &out->other) ||
        reader_left(&r) > 0 || kind >= RELATIONS)
        return false;
    out->kind = (enum relation)kind;
    return true;
}

static struct relation_key other_side(const struct relation_key *key)
{
    return (struct relation_key){key->other, relation_inverse(key->kind), key->ticket};
}

static enum status put_row(struct txn *txn, const struct relation_key *key, const json_t *row,
                           struct error *err)
{
    uint8_t bytes[RELATION_KEY_BYTES];

    return store_put_json(txn, TABLE_TICKET_RELATION, key_bytes(key, bytes), row, err);
}

/* Both rows. For applies that have checked whether they may. */
static enum status put_relation(struct txn *txn, const struct relation_key *key,
                                const struct command *command, struct error *err)
{
    const struct relation_key other = other_side(key);
    const char *reason = json_get_str(command->body, "reason");
    json_t *row = json_pack("{s:s,s:o}", "by", json_get_str(command->body, "by"), "at",
                            json_from_time(command->at_ms));
    bool ok = row != NULL;
    enum status status;

    if (ok && reason[0] != '\0')
        json_put(row, "reason", json_string(reason), &ok);
    if (!ok) {
        json_decref(row);
        return error_set(err, AF_NO_MEMORY, "no memory for a relation of tickets");
    }
    status = put_row(txn, key, row, err);
    if (status == AF_OK)
        status = put_row(txn, &other, row, err);
    json_decref(row);
    return status;
}

static enum status remove_rows(struct txn *txn, const struct relation_key *key, struct error *err)
{
    const struct relation_key other = other_side(key);
    uint8_t bytes[RELATION_KEY_BYTES];
    enum status status = store_delete(txn, TABLE_TICKET_RELATION, key_bytes(key, bytes), err);

    if (status == AF_NOT_FOUND)
        return error_set(err, AF_NOT_FOUND, "there is no such relation between the two");
    if (status != AF_OK)
        return status;
    status = store_delete(txn, TABLE_TICKET_RELATION, key_bytes(&other, bytes), err);
    if (status == AF_NOT_FOUND)
        return error_set(err, AF_CORRUPT,
                         "damaged: table ticket_relation: a relation stands on one side only");
    return status;
}

static enum status has_row(struct txn *txn, const struct relation_key *key, bool *has,
                           struct error *err)
{
    uint8_t bytes[RELATION_KEY_BYTES];
    struct bytes ignored;
    enum status status =
        store_get(txn, TABLE_TICKET_RELATION, key_bytes(key, bytes), &ignored, err);

    *has = status == AF_OK;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

/* The walk's next row, if it is still the ticket's; AF_NOT_FOUND. */
static enum status step(struct cursor *cursor, uint32_t ticket, struct relation_key *key,
                        struct bytes *body, struct error *err)
{
    struct bytes bytes;
    enum status status = cursor_next(cursor, &bytes, body, err);

    if (status == AF_OK && !read_key(bytes, key))
        return error_set(err, AF_CORRUPT, "damaged: table ticket_relation: not a key of it");
    return status == AF_OK && key->ticket != ticket ? AF_NOT_FOUND : status;
}

enum status relation_next(struct txn *txn, const struct relation_key *from, enum relation last,
                          struct relation_key *out, struct error *err)
{
    uint8_t bytes[RELATION_KEY_BYTES];
    struct relation_key key;
    struct cursor *cursor;
    struct bytes body;
    enum status status =
        cursor_open(txn, TABLE_TICKET_RELATION, key_bytes(from, bytes), WALK_UP, &cursor, err);

    if (status != AF_OK)
        return status;
    status = step(cursor, from->ticket, &key, &body, err);
    cursor_close(cursor);
    if (status == AF_OK && key.kind > last)
        return AF_NOT_FOUND;
    if (status == AF_OK)
        *out = key;
    return status;
}

static bool add_item(json_t *list, const struct relation_key *key, struct bytes body)
{
    struct error err;
    json_t *item;
    bool ok = true;

    if (json_parse(body, &item, &err) != AF_OK)
        return false;
    json_put(item, "kind", json_string(relation_name(key->kind)), &ok);
    json_put(item, "ticket", json_integer(key->other), &ok);
    if (ok)
        return json_array_append_new(list, item) == 0;
    json_decref(item);
    return false;
}

enum status relation_list(struct txn *txn, uint32_t no, const struct relation_key *after,
                          uint32_t limit, json_t **out, bool *more, struct error *err)
{
    struct relation_key key = after != NULL ? *after : (struct relation_key){.ticket = no};
    uint8_t bytes[RELATION_KEY_BYTES];
    struct cursor *cursor;
    struct bytes body;
    json_t *list = json_array();
    enum status status;

    if (list == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for relations of a ticket");
    key.other += after != NULL; /* past the last there is another kind */
    *more = false;
    status = cursor_open(txn, TABLE_TICKET_RELATION, key_bytes(&key, bytes), WALK_UP, &cursor, err);
    if (status != AF_OK) {
        json_decref(list);
        return status;
    }
    while ((status = step(cursor, no, &key, &body, err)) == AF_OK && !*more) {
        *more = json_array_size(list) == limit;
        if (!*more && !add_item(list, &key, body)) {
            status = error_set(err, AF_NO_MEMORY, "no memory for relations of a ticket");
            break;
        }
    }
    cursor_close(cursor);
    if (status == AF_OK || status == AF_NOT_FOUND) {
        *out = list;
        return AF_OK;
    }
    json_decref(list);
    return status;
}

/* --- may they? ----------------------------------------------------------------------------- */

/* Its parent, or what it is a duplicate of; 0: it has none. */
static enum status parent_of(struct txn *txn, uint32_t no, uint32_t *parent, struct error *err)
{
    const struct relation_key first = {.ticket = no, .kind = RELATION_PARENT};
    struct relation_key up;
    enum status status = relation_next(txn, &first, RELATION_DUPLICATE_OF, &up, err);

    *parent = status == AF_OK ? up.other : 0;
    return status == AF_NOT_FOUND ? AF_OK : status;
}

static enum status check_up(struct txn *txn, const struct relation_key *key, struct error *err)
{
    uint32_t above;
    enum status status = parent_of(txn, key->ticket, &above, err);

    if (status != AF_OK)
        return status;
    if (above != 0)
        return error_set(err, AF_CONFLICT, "it has a parent already: ticket %u", above);
    above = key->other;
    for (unsigned i = 0; i < TICKET_FAMILY_DEPTH_MAX; i++) {
        if ((status = parent_of(txn, above, &above, err)) != AF_OK || above == 0)
            return status;
        if (above == key->ticket)
            return error_set(err, AF_CONFLICT, "ticket %u is below it already", key->other);
    }
    return error_set(err, AF_TOO_LARGE, "parents stand at most %d above one another",
                     TICKET_FAMILY_DEPTH_MAX);
}

static enum status check_count(struct txn *txn, uint32_t no, struct error *err)
{
    const struct relation_key first = {.ticket = no, .kind = RELATION_RELATED};
    json_t *list;
    bool more;
    enum status status =
        relation_list(txn, no, &first, TICKET_RELATIONS_MAX - 1, &list, &more, err);

    if (status != AF_OK)
        return status;
    json_decref(list);
    return more ? error_set(err, AF_TOO_LARGE,
                            "a ticket has at most %d relations beside its children",
                            TICKET_RELATIONS_MAX)
                : AF_OK;
}

static enum status check_beside(struct txn *txn, const struct relation_key *key, struct error *err)
{
    const struct relation_key reverse = {key->other, key->kind, key->ticket};
    bool has = false;
    enum status status = AF_OK;

    if (key->kind == RELATION_FOLLOWS)
        status = has_row(txn, &reverse, &has, err);
    if (status == AF_OK && has)
        return error_set(err, AF_CONFLICT, "ticket %u follows this one already", key->other);
    if (status == AF_OK)
        status = check_count(txn, key->ticket, err);
    return status == AF_OK ? check_count(txn, key->other, err) : status;
}

static enum status check_new(struct txn *txn, const struct relation_key *key, struct error *err)
{
    bool has;
    enum status status = has_row(txn, key, &has, err);

    if (status != AF_OK)
        return status;
    if (has)
        return error_set(err, AF_CONFLICT, "the two are related so already");
    return relation_leads_up(key->kind) ? check_up(txn, key, err) : check_beside(txn, key, err);
}

enum status relation_add(struct txn *txn, const struct relation_key *key,
                         const struct command *command, struct error *err)
{
    enum status status = check_new(txn, key, err);

    return status == AF_OK ? put_relation(txn, key, command, err) : status;
}

/* --- the commands -------------------------------------------------------------------------- */

static enum status key_of(const struct command *command, struct relation_key *key,
                          struct error *err)
{
    *key = (struct relation_key){.ticket = (uint32_t)json_get_u64(command->body, "ticket"),
                                 .other = (uint32_t)json_get_u64(command->body, "other")};
    if (!relation_parse(bytes_str(json_get_str(command->body, "kind")), &key->kind) ||
        (!relation_leads_up(key->kind) && key->kind != RELATION_RELATED &&
         key->kind != RELATION_FOLLOWS))
        return error_set(err, AF_INVALID,
                         "\"kind\" must be parent, child, duplicate_of, related or follows");
    if (key->ticket == key->other)
        return error_set(err, AF_INVALID, "a ticket has no relation to itself");
    return AF_OK;
}

static enum status note(json_t *ticket, const struct command *command, const char *event,
                        enum relation kind, uint32_t other, struct error *err)
{
    return ticket_add_event(
        ticket, command, event,
        json_pack("{s:I,s:s}", "other", (json_int_t)other, "kind", relation_name(kind)), err);
}

static enum status demand_unmerged(const json_t *ticket, struct error *err)
{
    const unsigned long long into = json_get_u64(ticket, "merged_into");

    return into == 0 ? AF_OK
                     : error_set(err, AF_CONFLICT, "%s is merged: ticket %llu goes on for it",
                                 json_get_str(ticket, "ticket"), into);
}

static enum status relate(struct txn *txn, json_t *ticket, json_t *other,
                          const struct command *command, json_t *result, struct error *err)
{
    struct relation_key key;
    enum status status = key_of(command, &key, err);

    (void)result;
    if (status != AF_OK || (status = demand_unmerged(ticket, err)) != AF_OK ||
        (status = demand_unmerged(other, err)) != AF_OK ||
        (status = check_new(txn, &key, err)) != AF_OK)
        return status;
    status = note(ticket, command, "relate", key.kind, key.other, err);
    if (status == AF_OK && !relation_leads_up(key.kind))
        status = note(other, command, "relate", relation_inverse(key.kind), key.ticket, err);
    return status == AF_OK ? put_relation(txn, &key, command, err) : status;
}

static enum status unrelate(struct txn *txn, json_t *ticket, json_t *other,
                            const struct command *command, json_t *result, struct error *err)
{
    struct relation_key key;
    enum status status = key_of(command, &key, err);

    (void)result;
    if (status != AF_OK || (status = remove_rows(txn, &key, err)) != AF_OK)
        return status;
    status = note(ticket, command, "unrelate", key.kind, key.other, err);
    if (status == AF_OK && !relation_leads_up(key.kind))
        status = note(other, command, "unrelate", relation_inverse(key.kind), key.ticket, err);
    return status;
}

/* With a parent, whose record stays as it is. */
static enum status with_parent(struct txn *txn, json_t *ticket, const struct command *command,
                               ticket_pair_fn change, json_t *result, struct error *err)
{
    json_t *other;
    enum status status =
        ticket_load(txn, (uint32_t)json_get_u64(command->body, "other"), &other, err);

    if (status != AF_OK)
        return status;
    status = change(txn, ticket, other, command, result, err);
    json_decref(other);
    return status;
}

static enum status relate_up(struct txn *txn, json_t *ticket, const struct command *command,
                             json_t *result, struct error *err)
{
    return with_parent(txn, ticket, command, relate, result, err);
}

static enum status unrelate_up(struct txn *txn, json_t *ticket, const struct command *command,
                               json_t *result, struct error *err)
{
    return with_parent(txn, ticket, command, unrelate, result, err);
}

enum status ticket_apply_relate(struct txn *txn, const struct command *command, json_t *result,
                                struct error *err)
{
    struct relation_key key;
    enum status status = key_of(command, &key, err);

    if (status != AF_OK)
        return status;
    return relation_leads_up(key.kind) ? ticket_apply_change(txn, command, relate_up, result, err)
                                       : ticket_apply_pair(txn, command, relate, result, err);
}

enum status ticket_apply_unrelate(struct txn *txn, const struct command *command, json_t *result,
                                  struct error *err)
{
    struct relation_key key;
    enum status status = key_of(command, &key, err);

    if (status != AF_OK)
        return status;
    return relation_leads_up(key.kind) ? ticket_apply_change(txn, command, unrelate_up, result, err)
                                       : ticket_apply_pair(txn, command, unrelate, result, err);
}

/* --- check --------------------------------------------------------------------------------- */

static bool is_there(struct inspection *in, uint32_t no)
{
    json_t *ticket = NULL;
    enum status status = ticket_load(in->txn, no, &ticket, NULL);

    if (status == AF_OK)
        json_decref(ticket);
    return !inspect_is_missing(in, status);
}

static void check_above(struct inspection *in, const struct relation_key *key)
{
    uint32_t above = key->other;

    for (unsigned i = 0; i <= TICKET_FAMILY_DEPTH_MAX && above != 0; i++) {
        if (above == key->ticket) {
            inspect_say(in, "it is its own parent");
            return;
        }
        if (parent_of(in->txn, above, &above, NULL) != AF_OK)
            return; /* damage, which is named where it is */
    }
}

static void check_row(struct inspection *in, struct bytes bytes, struct bytes body)
{
    struct relation_key key, other;
    bool has = true;
    json_t *row;

    if (!read_key(bytes, &key)) {
        inspect_say(in, "not a relation of two tickets");
        return;
    }
    (void)snprintf(in->name, sizeof in->name, "%u %s %u", key.ticket, relation_name(key.kind),
                   key.other);
    if ((row = inspect_object(in, body)) != NULL)
        json_decref(row);
    if (!is_there(in, key.ticket) || !is_there(in, key.other))
        inspect_say(in, "one of the two is not in table ticket");
    other = other_side(&key);
    if (has_row(in->txn, &other, &has, NULL) == AF_OK && !has)
        inspect_say(in, "the relation stands on this side only");
    if (relation_leads_up(key.kind))
        check_above(in, &key);
}

enum status relation_check(struct inspection *in, struct error *err)
{
    return inspect_rows(in, TABLE_TICKET_RELATION, check_row, err);
}
