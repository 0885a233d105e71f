#include "intake/desk/ticket_together.h"

#include "intake/ticket/ticket_record.h"

#include <stdlib.h>
#include <strings.h>

static enum status no_memory(struct error *err)
{
    return error_set(err, AF_NO_MEMORY, "no memory for a ticket's thread");
}

/* --- order --------------------------------------------------------------------------------- */

struct placed {
    json_t *post;
    size_t at; /* as it was: those of one instant stay so */
};

static int by_time(const void *a, const void *b)
{
    const struct placed *x = a, *y = b;
    const int order = strcmp(json_get_str(x->post, "at"), json_get_str(y->post, "at"));

    return order != 0 ? order : x->at < y->at ? -1 : 1;
}

/* All times are written alike, so their texts are in order of time. */
static enum status sort(json_t *ticket, struct error *err)
{
    json_t *posts = json_object_get(ticket, "posts"), *sorted = json_array();
    const size_t count = json_array_size(posts);
    struct placed *placed = calloc(count + 1, sizeof *placed);
    bool ok = sorted != NULL && placed != NULL;

    for (size_t i = 0; i < count && ok; i++)
        placed[i] = (struct placed){json_array_get(posts, i), i};
    if (ok)
        qsort(placed, count, sizeof *placed, by_time);
    for (size_t i = 0; i < count && ok; i++)
        ok = json_array_append(sorted, placed[i].post) == 0;
    free(placed);
    json_put(ticket, "posts", sorted, &ok);
    return ok ? AF_OK : no_memory(err);
}

/* --- for staff ----------------------------------------------------------------------------- */

static json_t *copy_post(const json_t *post, uint32_t of, size_t no)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)post); /* jansson counts references in it */
    bool ok = true;

    if (of != 0)
        json_put(copy, "ticket", json_integer(of), &ok);
    json_put(copy, "no", json_integer((json_int_t)no), &ok);
    if (ok)
        return copy;
    json_decref(copy);
    return NULL;
}

/* The words it was opened with. */
static json_t *opening(const json_t *ticket)
{
    const char *text = json_get_str(ticket, "text");

    return json_pack("{s:s,s:s,s:s,s:s,s:b}", "at", json_get_str(ticket, "at"), "by",
                     json_get_str(ticket, "entered_by"), "from", "customer", "text",
                     text[0] != '\0' ? text : json_get_str(ticket, "title"), "internal", false);
}

/* Appends its thread to `posts`. */
static bool add_thread(json_t *posts, const json_t *ticket, uint32_t of)
{
    const json_t *post;
    size_t i;

    if (of != 0) {
        json_t *first = opening(ticket), *copy = copy_post(first, of, 0);

        json_decref(first);
        if (json_array_append_new(posts, copy) != 0)
            return false;
    }
    json_array_foreach(json_object_get(ticket, "posts"), i, post)
    {
        if (json_array_append_new(posts, copy_post(post, of, i + 1)) != 0)
            return false;
    }
    return true;
}

enum status ticket_together_staff(struct txn *txn, json_t *ticket, struct error *err)
{
    const json_t *merged = json_object_get(ticket, "merged"), *number;
    json_t *posts = json_array();
    bool ok = posts != NULL && add_thread(posts, ticket, 0);
    enum status status = AF_OK;
    size_t i;

    json_array_foreach(merged, i, number)
    {
        const uint32_t no = (uint32_t)json_integer_value(number);
        json_t *other;

        if (!ok || (status = ticket_load(txn, no, &other, err)) != AF_OK)
            break;
        ok = add_thread(posts, other, no);
        json_decref(other);
    }
    if (status != AF_OK) {
        json_decref(posts);
        return status;
    }
    (void)json_object_del(ticket, "before_merge"); /* the store's own */
    json_put(ticket, "posts", posts, &ok);
    if (!ok)
        return no_memory(err);
    return merged != NULL ? sort(ticket, err) : AF_OK;
}

/* --- for a customer ------------------------------------------------------------------------ */

static bool is_same(const char *a, const char *b)
{
    return a[0] != '\0' && strcasecmp(a, b) == 0;
}

static bool is_same_reporter(const json_t *ticket, const json_t *other)
{
    const json_t *a = json_object_get(ticket, "contact"), *b = json_object_get(other, "contact");
    const char *a_mail = json_get_str(a, "mail"), *b_mail = json_get_str(b, "mail");

    if (a_mail[0] != '\0' && b_mail[0] != '\0')
        return is_same(a_mail, b_mail);
    return is_same(json_get_str(a, "phone"), json_get_str(b, "phone"));
}

/* May the reporter of ticket `no` read this post of another ticket, with which his was merged at
 * `since`? What he wrote through his own link is his. */
static bool is_for(uint32_t no, const json_t *post, const char *since, bool same_reporter)
{
    const uint64_t via = json_get_u64(post, "via");

    if (json_get_bool(post, "internal"))
        return false;
    if (via == no)
        return true;
    if (strcmp(json_get_str(post, "from"), "customer") == 0)
        return same_reporter && via == 0;
    return same_reporter || strcmp(json_get_str(post, "at"), since) >= 0;
}

static enum status add_posts(json_t *ticket, const json_t *other, const char *since,
                             struct error *err)
{
    const uint32_t no = (uint32_t)json_get_u64(ticket, "n");
    const bool same_reporter = is_same_reporter(ticket, other);
    json_t *posts = json_object_get(ticket, "posts"), *post;
    size_t i;

    json_array_foreach(json_object_get(other, "posts"), i, post)
    {
        (void)json_object_del(post, "files"); /* numbers of the other's files */
        if (is_for(no, post, since, same_reporter) && json_array_append(posts, post) != 0)
            return no_memory(err);
    }
    return AF_OK;
}

/* When it was merged, the last time: history's own text of the instant. */
static const char *merged_at(const json_t *ticket)
{
    const json_t *history = json_object_get(ticket, "history");

    for (size_t i = json_array_size(history); i-- > 0;)
        if (strcmp(json_get_str(json_array_get(history, i), "event"), "merge") == 0)
            return json_get_str(json_array_get(history, i), "at");
    return "";
}

static bool take_present(json_t *ticket, const json_t *survivor)
{
    static const char *const members[] = {"state", "updated", "version"};
    bool ok = true;

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_put(ticket, members[i], json_incref(json_object_get(survivor, members[i])), &ok);
    return ok;
}

/* From one to the next until the one that goes on. */
static enum status follow(struct txn *txn, json_t *ticket, struct error *err)
{
    json_t *from = json_incref(ticket);
    enum status status = AF_OK;

    for (unsigned i = 0; i <= TICKET_MERGED_MAX && status == AF_OK; i++) {
        const uint32_t into = (uint32_t)json_get_u64(from, "merged_into");
        json_t *other;

        if (into == 0 || (status = ticket_load(txn, into, &other, err)) != AF_OK)
            break;
        status = add_posts(ticket, other, merged_at(from), err);
        json_decref(from);
        from = other;
    }
    if (status == AF_OK && from != ticket && !take_present(ticket, from))
        status = no_memory(err);
    json_decref(from);
    return status == AF_OK ? sort(ticket, err) : status;
}

/* Others who were merged into his ticket wrote through their own links: that is theirs. */
static void leave_out_others(json_t *ticket)
{
    json_t *posts = json_object_get(ticket, "posts"), *post;
    const uint64_t no = json_get_u64(ticket, "n");
    size_t i;

    for (i = json_array_size(posts); i-- > 0;) {
        const uint64_t via = json_get_u64(json_array_get(posts, i), "via");

        if (via != 0 && via != no)
            (void)json_array_remove(posts, i);
    }
    json_array_foreach(posts, i, post)(void) json_object_del(post, "via");
}

enum status ticket_together_customer(struct txn *txn, json_t *ticket, struct error *err)
{
    enum status status = AF_OK;

    if (json_get_u64(ticket, "merged_into") != 0)
        status = follow(txn, ticket, err);
    leave_out_others(ticket);
    (void)json_object_del(ticket, "before_merge");
    (void)json_object_del(ticket, "merged");
    return status;
}
