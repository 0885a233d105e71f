/* Links of a ticket to cases: the command, the index from a case to its tickets, and the use that
 * is counted. */
#include "intake/ticket/ticket_apply.h"

#include "data/article.h"
#include "data/base/limits.h"
#include "data/ledger.h"
#include "intake/ask/consult.h"
#include "intake/ask/learn.h"

#include <assert.h>
#include <stdio.h>

static const struct {
    const char *name;
    enum use use;
} roles[] = {
    {"resolved_by", USE_CITED      },
    {"consulted",   USE_CONSULTED  },
    {"sent",        USE_SENT       },
    {"not_helpful", USE_NOT_HELPFUL},
};

bool ticket_role_parse(const char *name, uint8_t *role)
{
    for (uint8_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
        if (strcmp(roles[i].name, name) == 0) {
            *role = i;
            return true;
        }
    return false;
}

static bool is_linked(const json_t *ticket, const char *case_id, const char *role)
{
    const json_t *link;
    size_t i;

    json_array_foreach(json_object_get(ticket, "links"), i, link)
    {
        if (strcmp(json_get_str(link, "case"), case_id) == 0 &&
            strcmp(json_get_str(link, "role"), role) == 0)
            return true;
    }
    return false;
}

struct bytes ticket_link_key(const char *case_id, uint32_t no, uint8_t role,
                             uint8_t key[TICKET_LINK_KEY_BYTES_MAX])
{
    size_t len = strlen(case_id);

    assert(len <= ARTICLE_ID_BYTES_MAX);
    memcpy(key, case_id, len);
    key[len] = 0;
    put_be32(key + len + 1, no);
    key[len + 5] = role;
    return bytes_of(key, len + 6);
}

static enum status index_link(struct txn *txn, const char *case_id, uint32_t no, uint8_t role,
                              struct error *err)
{
    uint8_t key[TICKET_LINK_KEY_BYTES_MAX];

    return store_put(txn, TABLE_LINK, ticket_link_key(case_id, no, role, key), BYTES_LIT(""), err);
}

static enum status count_link(struct txn *txn, const struct command *command, enum use use,
                              const struct article_ref *ref, uint32_t no, struct error *err)
{
    struct bytes case_id = bytes_str(json_get_str(command->body, "case"));
    char subject[32];
    struct use_event event = {.use = use,
                              .case_id = case_id,
                              .version = ref->version,
                              .role = json_get_str(command->body, "actor_role"),
                              .subject = subject};
    bool is_author, counted;
    enum status status = use_by_author(txn, command, case_id, NULL, &is_author, err);

    if (status != AF_OK)
        return status;
    if (use == USE_CITED && is_author)
        event.use = USE_SELF_USED;
    (void)snprintf(subject, sizeof subject, "ticket:%u", no);
    status = ledger_add(txn, command, &event, &counted, err);
    if (status == AF_OK && counted)
        status =
            learn_use(txn, command, event.use, json_get_str(command->body, "case"), subject, err);
    return status;
}

static enum status add_link(struct txn *txn, const struct command *command, json_t *ticket,
                            const struct article_ref *ref, uint8_t role, struct error *err)
{
    uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    const char *case_id = json_get_str(command->body, "case");
    json_t *link = json_pack("{s:s,s:i,s:s,s:s,s:o}", "case", case_id, "version", (int)ref->version,
                             "role", roles[role].name, "by", json_get_str(command->body, "by"),
                             "at", json_from_time(command->at_ms));
    enum status status = ticket_append(ticket, "links", link, err);

    if (status == AF_OK)
        status = ticket_save(txn, ticket, command, err);
    if (status == AF_OK)
        status = index_link(txn, case_id, no, role, err);
    if (status == AF_OK)
        status = count_link(txn, command, roles[role].use, ref, no, err);
    return status;
}

enum status ticket_apply_link(struct txn *txn, const struct command *command, json_t *result,
                              struct error *err)
{
    const char *name = json_get_str(command->body, "role");
    const char *case_id = json_get_str(command->body, "case");
    struct article_ref ref;
    json_t *ticket;
    uint8_t role;
    bool ok = true;
    enum status status;

    if (!ticket_role_parse(name, &role))
        return error_set(err, AF_INVALID,
                         "\"role\" must be resolved_by, consulted, sent or not_helpful");
    if ((status = article_find(txn, bytes_str(case_id), &ref, err)) != AF_OK ||
        (status = ticket_load_seen(txn, command, &ticket, err)) != AF_OK)
        return status;
    if (json_array_size(json_object_get(ticket, "links")) >= TICKET_POSTS_MAX)
        status = error_set(err, AF_TOO_LARGE, "a ticket has at most %d links", TICKET_POSTS_MAX);
    else if (!is_linked(ticket, case_id, name))
        status = add_link(txn, command, ticket, &ref, role, err);
    json_put(result, "links", json_incref(json_object_get(ticket, "links")), &ok);
    json_decref(ticket);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory");
}
