#include "intake/cli/ticket_outside_out.h"

#include "intake/cli/out.h"

static void add_plain(struct buf *out, const char *before, const json_t *object, const char *member)
{
    if (json_get_str(object, member)[0] == '\0')
        return;
    buf_add_str(out, before);
    out_add_plain(out, bytes_str(json_get_str(object, member)));
}

static void add_handoff(struct buf *out, const json_t *handoff)
{
    buf_printf(out, "%-12s%llu ", "handoff", (unsigned long long)json_get_u64(handoff, "no"));
    add_plain(out, "", handoff, "state");
    add_plain(out, ", ", handoff, "target");
    add_plain(out, " ", handoff, "kind");
    add_plain(out, " ", handoff, "ref");
    add_plain(out, ", due ", handoff, "due");
    add_plain(out, ", overdue since ", handoff, "overdue");
    add_plain(out, ": ", handoff, "title");
    buf_add_u8(out, '\n');
}

static void add_part(struct buf *out, const json_t *part)
{
    buf_printf(out, "%-12s%llu ", "part", (unsigned long long)json_get_u64(part, "no"));
    add_plain(out, "", part, "state");
    buf_printf(out, ", %llu of ", (unsigned long long)json_get_u64(part, "qty"));
    add_plain(out, "", part, "part");
    add_plain(out, " ", part, "name");
    buf_printf(out, " (%llu shipped, %llu received, %llu returned)",
               (unsigned long long)json_get_u64(part, "shipped"),
               (unsigned long long)json_get_u64(part, "received"),
               (unsigned long long)json_get_u64(part, "returned"));
    add_plain(out, ", promised for ", part, "promise");
    add_plain(out, ", late since ", part, "late");
    add_plain(out, ", due back ", part, "return_due");
    buf_add_u8(out, '\n');
}

void ticket_outside_add(struct buf *out, const json_t *ticket)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(ticket, "handoffs"), i, item) add_handoff(out, item);
    json_array_foreach(json_object_get(ticket, "parts"), i, item) add_part(out, item);
}
