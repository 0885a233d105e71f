#include "intake/desk/ticket_row.h"

#include "data/base/clock.h"
#include "data/base/jsontext.h"
#include "intake/ticket/ticket_queue.h"

static const char *const names[ROW_MEMBERS] = {
    [ROW_TICKET] = "ticket",
    [ROW_N] = "n",
    [ROW_AT] = "at",
    [ROW_UPDATED] = "updated",
    [ROW_STATE] = "state",
    [ROW_CLASS] = "class",
    [ROW_SEVERITY] = "severity",
    [ROW_CHANNEL] = "channel",
    [ROW_PRODUCT] = "product",
    [ROW_TITLE] = "title",
    [ROW_GROUP] = "group",
    [ROW_PERSON] = "person",
    [ROW_TYPE] = "type",
    [ROW_MISSING] = "missing",
};

static void take(struct ticket_row *row, struct bytes name, struct bytes value)
{
    if (bytes_equal(name, BYTES_LIT("posts")))
        row->posts = value;
    if (bytes_equal(name, BYTES_LIT("queued")))
        row->queued = value;
    for (unsigned i = 0; i < ROW_MEMBERS; i++)
        if (bytes_equal(name, bytes_str(names[i])))
            row->values[i] = value;
}

bool ticket_row_read(struct bytes record, struct ticket_row *out)
{
    struct bytes name, value;
    enum jsontext_step step;
    struct reader r;

    *out = (struct ticket_row){0};
    if (!jsontext_enter(record, '{', &r))
        return false;
    while ((step = jsontext_member(&r, &name, &value)) == JSONTEXT_VALUE)
        take(out, name, value);
    return step == JSONTEXT_END;
}

bool ticket_row_is(const struct ticket_row *row, enum ticket_row_member member, struct bytes text)
{
    const struct bytes value = row->values[member];
    struct buf said = {0};
    struct bytes inside;
    bool has_escapes, same;

    if (!jsontext_is_string(value))
        return text.len == 0;
    inside = jsontext_inside(value, &has_escapes);
    if (!has_escapes)
        return bytes_equal(inside, text);
    jsontext_unescape(value, &said);
    same = buf_ok(&said) && bytes_equal(buf_bytes(&said), text);
    buf_release(&said);
    return same;
}

bool ticket_row_state(const struct ticket_row *row, enum ticket_state *out)
{
    bool ignored;

    return jsontext_is_string(row->values[ROW_STATE]) &&
           ticket_state_parse(jsontext_inside(row->values[ROW_STATE], &ignored), out);
}

/* --- as JSON --------------------------------------------------------------------------------- */

static uint32_t count_elements(struct bytes list)
{
    uint32_t count = 0;
    struct bytes value;
    struct reader r;

    if (!jsontext_enter(list, '[', &r))
        return 0;
    while (jsontext_element(&r, &value) == JSONTEXT_VALUE)
        count++;
    return count;
}

/* When the first of its running clocks is due: what its place in the work lists says. */
static bool due_of(const struct ticket_row *row, char at[CLOCK_TEXT_BYTES])
{
    struct error ignored;
    json_t *queued;
    int64_t when;

    if (row->queued.len == 0 || json_parse(row->queued, &queued, &ignored) != AF_OK)
        return false;
    when = (int64_t)json_get_u64(queued, "when");
    json_decref(queued);
    if (when >= QUEUE_NO_DUE)
        return false;
    clock_format(when, at);
    return true;
}

json_t *ticket_row_json(const struct ticket_row *row)
{
    char due[CLOCK_TEXT_BYTES];
    struct buf text = {0};
    json_t *json = NULL;

    buf_add_str(&text, "{");
    for (unsigned i = 0; i < ROW_MEMBERS; i++) {
        if (row->values[i].len == 0)
            continue;
        buf_printf(&text, "\"%s\":", names[i]);
        buf_add(&text, row->values[i]);
        buf_add_str(&text, ",");
    }
    if (due_of(row, due))
        buf_printf(&text, "\"due\":\"%s\",", due);
    buf_printf(&text, "\"posts\":%u}", count_elements(row->posts));
    if (buf_ok(&text) && json_parse(buf_bytes(&text), &json, NULL) != AF_OK)
        json = NULL;
    buf_release(&text);
    return json;
}
