#include "intake/ticket/ticket_turn_check.h"

#include "data/base/clock.h"
#include "intake/ticket/ticket_record.h"
#include "intake/ticket/ticket_turn.h"

#include <stdio.h>

/* An event "assign" that gave it to somebody. */
static bool is_turn(const json_t *event, int64_t *at_ms)
{
    return strcmp(json_get_str(event, "event"), "assign") == 0 &&
           json_get_str(event, "person")[0] != '\0' && json_get_str(event, "group")[0] != '\0' &&
           clock_parse(bytes_str(json_get_str(event, "at")), at_ms);
}

void ticket_turn_check(struct inspection *in, const json_t *ticket, uint32_t no)
{
    const json_t *event;
    size_t i;

    json_array_foreach(json_object_get(ticket, "history"), i, event)
    {
        int64_t at_ms, last_ms = INT64_MIN;
        uint32_t last_no = 0;
        enum status status;

        if (!is_turn(event, &at_ms))
            continue;
        status = ticket_turn_get(in->txn, json_get_str(event, "group"),
                                 json_get_str(event, "person"), &last_ms, &last_no, NULL);
        if (inspect_is_missing(in, status) || (status == AF_OK && last_ms < at_ms))
            inspect_say(in, "%.40s's turn in group %.40s is not in table ticket_turn",
                        json_get_str(event, "person"), json_get_str(event, "group"));
        in->turns_confirmed += status == AF_OK && last_ms == at_ms && last_no == no;
    }
}

static bool has_turn(const json_t *ticket, struct bytes group, struct bytes person, int64_t at_ms)
{
    const json_t *event;
    int64_t its_ms;
    size_t i;

    json_array_foreach(json_object_get(ticket, "history"), i, event)
    {
        if (is_turn(event, &its_ms) && its_ms == at_ms &&
            bytes_equal(group, bytes_str(json_get_str(event, "group"))) &&
            bytes_equal(person, bytes_str(json_get_str(event, "person"))))
            return true;
    }
    return false;
}

void ticket_turn_check_row(struct inspection *in, struct bytes key, struct bytes body)
{
    struct reader r = reader_of(body);
    struct bytes group, person;
    json_t *ticket;
    uint64_t at_ms;
    uint32_t no;
    enum status status;

    if (!ticket_turn_names(key, &group, &person) || !reader_be64(&r, &at_ms) ||
        !reader_be32(&r, &no) || reader_left(&r) > 0) {
        inspect_say(in, "not somebody's turn");
        return;
    }
    (void)snprintf(in->name, sizeof in->name, "%.*s of %.*s",
                   person.len < 24 ? (int)person.len : 24, (const char *)person.data,
                   group.len < 24 ? (int)group.len : 24, (const char *)group.data);
    status = ticket_load(in->txn, no, &ticket, NULL);
    if (inspect_is_missing(in, status))
        inspect_say(in, "ticket %u is not in table ticket", no);
    if (status != AF_OK)
        return;
    if (!has_turn(ticket, group, person, (int64_t)at_ms))
        inspect_say(in, "ticket %u was not given to him then", no);
    json_decref(ticket);
}
