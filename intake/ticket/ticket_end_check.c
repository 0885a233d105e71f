/* Do the ends of tickets agree with themselves, and with the tables that find them? */
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/inspect.h"
#include "intake/ticket/ticket_end.h"
#include "intake/ticket/ticket_visit.h"

/* --- visits ---------------------------------------------------------------------------------- */

static bool is_word(const json_t *object, const char *member, const char *const words[])
{
    const char *word = json_get_str(object, member);

    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static void confirm_rows(struct inspection *in, const json_t *visit, struct visit_place *place)
{
    const char *group = json_get_str(visit, "group");
    uint8_t key[VISIT_KEY_BYTES_MAX];

    for (int i = 0; i < 2; i++) {
        struct bytes ignored;
        enum status status =
            store_get(in->txn, TABLE_TICKET_VISIT,
                      ticket_visit_key("ag"[i], i == 0 ? "" : group, place, key), &ignored, NULL);

        if (inspect_is_missing(in, status))
            inspect_say(in, "its visit %u is not in table ticket_visit", place->no);
        in->visits_confirmed += status == AF_OK;
    }
}

void ticket_visit_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    static const char *const whys[] = {"severity", "share", "score", NULL};
    static const char *const states[] = {"due", "done", "waived", NULL};
    const json_t *visit;
    size_t i, due = 0;

    json_array_foreach(json_object_get(ticket, "visits"), i, visit)
    {
        struct visit_place place = {.ticket = no, .no = (uint16_t)(i + 1)};

        if (json_get_u64(visit, "no") != i + 1 || !is_word(visit, "why", whys) ||
            !is_word(visit, "state", states) ||
            strlen(json_get_str(visit, "group")) > RULES_ID_BYTES_MAX ||
            !clock_parse(bytes_str(json_get_str(visit, "due")), &place.due_ms)) {
            inspect_say(in, "its visit %zu is none", i + 1);
            continue;
        }
        if (strcmp(json_get_str(visit, "state"), "due") != 0)
            continue;
        due++;
        confirm_rows(in, visit, &place);
    }
    if (due > 1)
        inspect_say(in, "%zu of its visits are due at once", due);
}

void ticket_visit_check_row(struct inspection *in, struct bytes key, struct bytes body)
{
    uint8_t own[VISIT_KEY_BYTES_MAX];
    struct visit_place place;
    const json_t *visit;
    json_t *ticket;
    enum status status;

    (void)body;
    if (key.len < 16 || !ticket_visit_place(key, key.len - 14, &place)) {
        inspect_say(in, "not a visit");
        return;
    }
    status = ticket_load(in->txn, place.ticket, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", place.ticket);
    if (status != AF_OK)
        return;
    visit = ticket_visit_find(ticket, place.no);
    if (strcmp(json_get_str(visit, "state"), "due") != 0 ||
        strlen(json_get_str(visit, "group")) > RULES_ID_BYTES_MAX ||
        (!bytes_equal(key, ticket_visit_key('a', "", &place, own)) &&
         !bytes_equal(key, ticket_visit_key('g', json_get_str(visit, "group"), &place, own))))
        inspect_say(in, "ticket %u has no such visit due", place.ticket);
    json_decref(ticket);
}

/* --- the end --------------------------------------------------------------------------------- */

static void check_follower(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(ticket, "followed_by"), i, item)
    {
        json_t *later = NULL;
        enum status status = ticket_load(in->txn, (uint32_t)json_integer_value(item), &later, NULL);

        if (inspect_is_missing(in, status) ||
            (status == AF_OK && json_get_u64(later, "follows") != no))
            inspect_say(in, "ticket %lld does not follow it", (long long)json_integer_value(item));
        if (status == AF_OK)
            json_decref(later);
    }
}

void ticket_end_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    static const char *const ways[] = {"customer", "window", "staff", NULL};
    const json_t *closed = json_object_get(ticket, "closed");
    const enum ticket_state state = ticket_state_of(ticket);
    int64_t ignored;

    if (closed != NULL &&
        ((state != TICKET_CLOSED && state != TICKET_MERGED) || !is_word(closed, "how", ways) ||
         !clock_parse(bytes_str(json_get_str(closed, "at")), &ignored)))
        inspect_say(in, "it is said to be closed and is not, or in no way");
    if (json_object_get(ticket, "held") != NULL && state != TICKET_RESOLVED)
        inspect_say(in, "it is held and not resolved");
    check_follower(in, ticket, no);
}
