#include "intake/ticket/ticket_merge.h"

#include "data/base/clock.h"
#include "intake/ticket/ticket_apply.h"
#include "intake/ticket/ticket_clocks.h"

/* --- who goes on --------------------------------------------------------------------------- */

static enum status next_of(struct txn *txn, uint32_t no, uint32_t *next, struct error *err)
{
    json_t *ticket;
    enum status status = ticket_load(txn, no, &ticket, err);

    if (status != AF_OK)
        return status;
    *next = (uint32_t)json_get_u64(ticket, "merged_into");
    json_decref(ticket);
    return AF_OK;
}

enum status ticket_survivor(struct txn *txn, uint32_t no, uint32_t *survivor, struct error *err)
{
    /* Each of a chain is in "merged" of its end, so a longer one can only be damage. */
    for (unsigned i = 0; i <= TICKET_MERGED_MAX; i++) {
        uint32_t next;
        enum status status = next_of(txn, no, &next, err);

        if (status != AF_OK)
            return status;
        if (next == 0) {
            *survivor = no;
            return AF_OK;
        }
        no = next;
    }
    return error_set(err, AF_CORRUPT, "damaged: table ticket: ticket %u is merged without end", no);
}

/* --- merging ------------------------------------------------------------------------------- */

static size_t merged_count(const json_t *ticket)
{
    return json_array_size(json_object_get(ticket, "merged"));
}

/* Its own words and its posts: what it adds to a thread. */
static size_t thread_of(const json_t *ticket)
{
    return 1 + json_array_size(json_object_get(ticket, "posts"));
}

static enum status add_threads(struct txn *txn, const json_t *ticket, size_t *entries,
                               struct error *err)
{
    const json_t *number;
    size_t i;

    *entries += thread_of(ticket);
    json_array_foreach(json_object_get(ticket, "merged"), i, number)
    {
        json_t *merged;
        enum status status = ticket_load(txn, (uint32_t)json_integer_value(number), &merged, err);

        if (status != AF_OK)
            return status;
        *entries += thread_of(merged);
        json_decref(merged);
    }
    return AF_OK;
}

/* One page shows them all. */
static enum status check_size(struct txn *txn, const json_t *ticket, const json_t *other,
                              struct error *err)
{
    size_t entries = 0;
    enum status status;

    if (merged_count(ticket) + 1 + merged_count(other) > TICKET_MERGED_MAX)
        return error_set(err, AF_TOO_LARGE,
                         "at most %d tickets are merged into one: make it the parent of the others",
                         TICKET_MERGED_MAX);
    if ((status = add_threads(txn, ticket, &entries, err)) != AF_OK ||
        (status = add_threads(txn, other, &entries, err)) != AF_OK)
        return status;
    if (entries > TICKET_POSTS_MAX)
        return error_set(err, AF_TOO_LARGE, "their threads have more than %d entries together",
                         TICKET_POSTS_MAX);
    return AF_OK;
}

static unsigned rank_of(const json_t *ticket)
{
    return ticket_severity_rank(bytes_str(json_get_str(ticket, "severity")));
}

static enum status check_pair(const json_t *ticket, const json_t *other, struct error *err)
{
    const char *name = json_get_str(other, "ticket");

    if (!ticket_flow_allows(ticket_state_of(ticket), EVENT_MERGE))
        return error_set(err, AF_CONFLICT, "a ticket that is %s cannot be merged",
                         json_get_str(ticket, "state"));
    if (!ticket_state_is_open(ticket_state_of(other)))
        return error_set(err, AF_CONFLICT, "%s is %s: nothing is merged into it", name,
                         json_get_str(other, "state"));
    /* It ended already, so it promises nothing that could be lost. */
    if (ticket_state_is_open(ticket_state_of(ticket)) && rank_of(ticket) > rank_of(other))
        return error_set(err, AF_CONFLICT, "%s is only %s: raise it first, or merge the other way",
                         name, json_get_str(other, "severity"));
    return AF_OK;
}

static enum status is_written_down(void *context, const char *kind, const char *event,
                                   int64_t since_ms, struct error *err)
{
    (void)context;
    (void)kind;
    (void)event;
    (void)since_ms;
    (void)err;
    return AF_OK;
}

/* The clocks as they were before this command's, which ticket_apply_pair has taken already; what
 * they had passed by then it has written down, so that nobody does so again after an unmerge. */
static enum status keep_before(struct txn *txn, json_t *ticket, const struct command *command,
                               struct error *err)
{
    int64_t at_ms = command->at_ms;
    json_t *stored, *before, *clocks;
    bool ok = true;
    enum status status = ticket_load(txn, (uint32_t)json_get_u64(ticket, "n"), &stored, err);

    if (status != AF_OK)
        return status;
    (void)clock_parse(bytes_str(json_get_str(command->body, "clocks_at")), &at_ms);
    clocks = json_object_get(stored, "clocks");
    status = ticket_clocks_advance(clocks, at_ms, is_written_down, NULL, err);
    before = json_pack("{s:s}", "state", json_get_str(ticket, "state"));
    if (clocks != NULL)
        json_put(before, "clocks", json_incref(clocks), &ok);
    json_put(ticket, "before_merge", before, &ok);
    json_decref(stored);
    return status != AF_OK || ok ? status : error_set(err, AF_NO_MEMORY, "no memory for a ticket");
}

static bool join(json_t *ticket, json_t *other)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    json_t *list = json_object_get(other, "merged");
    bool ok = true;

    if (list == NULL)
        json_put(other, "merged", list = json_array(), &ok);
    ok = ok && json_array_append_new(list, json_integer(no)) == 0;
    if (ok && merged_count(ticket) > 0)
        ok = json_array_extend(list, json_object_get(ticket, "merged")) == 0;
    json_put(ticket, "merged_into", json_incref(json_object_get(other, "n")), &ok);
    return ok;
}

static enum status merge(struct txn *txn, json_t *ticket, json_t *other,
                         const struct command *command, json_t *result, struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    enum ticket_state to;
    enum status status;

    (void)result;
    if ((status = check_pair(ticket, other, err)) != AF_OK ||
        (status = check_size(txn, ticket, other, err)) != AF_OK ||
        (status = keep_before(txn, ticket, command, err)) != AF_OK)
        return status;
    if (!join(ticket, other))
        return error_set(err, AF_NO_MEMORY, "no memory for a ticket");
    status = ticket_flow_step(ticket_state_of(ticket), EVENT_MERGE, ticket,
                              json_get_str(command->body, "reason"), &to, err);
    if (status == AF_OK)
        status = ticket_set_state(txn, ticket, command, "merge", to, err);
    if (status == AF_OK)
        status = ticket_event_about(ticket, (uint32_t)json_get_u64(other, "n"), err);
    if (status == AF_OK)
        status = ticket_add_event(other, command, "absorb",
                                  json_pack("{s:I}", "other", (json_int_t)no), err);
    return status;
}

enum status ticket_apply_merge(struct txn *txn, const struct command *command, json_t *result,
                               struct error *err)
{
    return ticket_apply_pair(txn, command, merge, result, err);
}

/* --- taking apart -------------------------------------------------------------------------- */

static void remove_number(json_t *list, uint64_t no)
{
    for (size_t i = json_array_size(list); i-- > 0;)
        if ((uint64_t)json_integer_value(json_array_get(list, i)) == no)
            (void)json_array_remove(list, i);
}

/* It goes, and takes along what came with it. */
static void part(json_t *ticket, json_t *other)
{
    json_t *list = json_object_get(other, "merged");
    const json_t *number;
    size_t i;

    remove_number(list, json_get_u64(ticket, "n"));
    json_array_foreach(json_object_get(ticket, "merged"), i, number)
        remove_number(list, (uint64_t)json_integer_value(number));
    if (json_array_size(list) == 0)
        (void)json_object_del(other, "merged");
    (void)json_object_del(ticket, "merged_into");
}

static enum status restore_clocks(json_t *ticket, struct error *err)
{
    const json_t *clocks = json_object_get(json_object_get(ticket, "before_merge"), "clocks");
    bool ok = true;

    if (clocks != NULL)
        json_put(ticket, "clocks", json_deep_copy(clocks), &ok);
    (void)json_object_del(ticket, "before_merge");
    return ok ? AF_OK : error_set(err, AF_NO_MEMORY, "no memory for a ticket's clocks");
}

static enum status unmerge(struct txn *txn, json_t *ticket, json_t *other,
                           const struct command *command, json_t *result, struct error *err)
{
    const uint64_t no = json_get_u64(ticket, "n"), other_no = json_get_u64(other, "n");
    enum ticket_state to;
    enum status status;

    (void)result;
    if (json_get_u64(ticket, "merged_into") != other_no)
        return error_set(err, AF_CONFLICT, "it is not merged into %s",
                         json_get_str(other, "ticket"));
    /* The end of the chain has it in its list too: one command changes two tickets, not three. */
    if (json_get_u64(other, "merged_into") != 0)
        return error_set(err, AF_CONFLICT, "%s is merged itself: unmerge that one first",
                         json_get_str(other, "ticket"));
    part(ticket, other);
    status = ticket_flow_step(ticket_state_of(ticket), EVENT_UNMERGE, ticket,
                              json_get_str(command->body, "reason"), &to, err);
    if (status == AF_OK)
        status = restore_clocks(ticket, err);
    if (status == AF_OK)
        status = ticket_set_state(txn, ticket, command, "unmerge", to, err);
    if (status == AF_OK)
        status = ticket_event_about(ticket, (uint32_t)other_no, err);
    if (status == AF_OK)
        status = ticket_add_event(other, command, "release",
                                  json_pack("{s:I}", "other", (json_int_t)no), err);
    return status;
}

enum status ticket_apply_unmerge(struct txn *txn, const struct command *command, json_t *result,
                                 struct error *err)
{
    return ticket_apply_pair(txn, command, unmerge, result, err);
}

/* --- check --------------------------------------------------------------------------------- */

static bool has_number(const json_t *list, uint64_t no)
{
    const json_t *number;
    size_t i;

    json_array_foreach(list, i, number)
    {
        if ((uint64_t)json_integer_value(number) == no)
            return true;
    }
    return false;
}

/* The one it went into has it in its list. */
static void check_into(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const uint64_t into = json_get_u64(ticket, "merged_into");
    const bool is_merged = ticket_state_of(ticket) == TICKET_MERGED;
    json_t *other = NULL;
    enum status status;

    if (is_merged != (into != 0) || is_merged != (json_object_get(ticket, "before_merge") != NULL))
        inspect_say(in, "its state is %.40s and \"merged_into\" is %llu",
                    json_get_str(ticket, "state"), (unsigned long long)into);
    if (into == 0)
        return;
    status = into <= UINT32_MAX ? ticket_load(in->txn, (uint32_t)into, &other, NULL) : AF_NOT_FOUND;
    if (inspect_is_missing(in, status))
        inspect_say(in, "it is merged into ticket %llu, which is not in table ticket",
                    (unsigned long long)into);
    if (status != AF_OK)
        return;
    if (!has_number(json_object_get(other, "merged"), no))
        inspect_say(in, "it is merged into ticket %llu, which does not name it",
                    (unsigned long long)into);
    json_decref(other);
}

/* Does the chain from `no` come by `wanted`? */
static bool leads_to(struct txn *txn, uint32_t no, uint32_t wanted)
{
    for (unsigned i = 0; i <= TICKET_MERGED_MAX && no != 0; i++) {
        if (no == wanted)
            return true;
        if (next_of(txn, no, &no, NULL) != AF_OK)
            return true; /* a lost or damaged one is named where it is */
    }
    return false;
}

void ticket_merge_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *list = json_object_get(ticket, "merged"), *number;
    size_t i;

    check_into(in, ticket, no);
    if (list != NULL && (!json_is_array(list) || json_array_size(list) == 0 ||
                         json_array_size(list) > TICKET_MERGED_MAX)) {
        inspect_say(in, "its \"merged\" is none");
        return;
    }
    json_array_foreach(list, i, number)
    {
        json_t *other = NULL;
        const uint32_t its_no = (uint32_t)json_integer_value(number);
        enum status status = ticket_load(in->txn, its_no, &other, NULL);

        if (inspect_is_missing(in, status))
            inspect_say(in, "ticket %u, which was merged into it, is not in table ticket", its_no);
        if (status != AF_OK)
            continue;
        json_decref(other);
        if (its_no == no || !leads_to(in->txn, its_no, no))
            inspect_say(in, "ticket %u is not merged into it", its_no);
    }
}
