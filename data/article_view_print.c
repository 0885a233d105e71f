/* The print of a case is a checksum over its members in the order of their names. Of a flat case
 * (no object inside, no more members than fit a table) their texts need only be sorted; others
 * are left to jansson, which sorts inside of them too. */
#include "data/article_view.h"

#include "data/base/hash.h"

struct member {
    struct bytes name, value; /* the name without quotes */
};

struct members {
    struct member of[JSONTEXT_KEYS_MAX];
    size_t count;
};

/* Is there an object in it, or a list in a list, where one may hide? */
static bool is_nested(struct bytes value)
{
    struct bytes element;
    struct reader r;

    if (value.data[0] == '{')
        return true;
    if (jsontext_enter(value, '[', &r))
        while (jsontext_element(&r, &element) == JSONTEXT_VALUE)
            if (element.data[0] == '{' || element.data[0] == '[')
                return true;
    return false;
}

/* By insertion: there are ten, and often they come in order. */
static void insert(struct members *members, struct member member)
{
    size_t i = members->count++;

    for (; i > 0 && bytes_compare(members->of[i - 1].name, member.name) > 0; i--)
        members->of[i] = members->of[i - 1];
    members->of[i] = member;
}

/* False when the case is not flat. A name with an escape sorts otherwise than its text does. */
static bool sort_members(struct bytes text, struct members *out)
{
    struct member member;
    struct reader r;

    out->count = 0;
    if (!jsontext_enter(text, '{', &r))
        return false;
    while (jsontext_member(&r, &member.name, &member.value) == JSONTEXT_VALUE) {
        if (out->count == JSONTEXT_KEYS_MAX || is_nested(member.value) ||
            (member.name.len > 0 && memchr(member.name.data, '\\', member.name.len) != NULL))
            return false;
        insert(out, member);
    }
    return true;
}

static void write_members(const struct members *members, struct buf *out)
{
    buf_add_u8(out, '{');
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->of[i];

        if (i > 0)
            buf_add_u8(out, ',');
        /* With the quotes and the colon that stand around it. */
        buf_add(out, bytes_of(member->name.data - 1, member->name.len + 3));
        buf_add(out, member->value);
    }
    buf_add_u8(out, '}');
}

enum status article_view_print(const struct article_view *view, struct buf *scratch,
                               uint64_t *print, struct error *err)
{
    struct members members;
    struct bytes text;
    json_t *json;
    enum status status;

    buf_clear(scratch);
    if (sort_members(view->text, &members)) {
        write_members(&members, scratch);
        text = buf_bytes(scratch);
        *print = checksum64(0, &text, 1);
        return buf_status(scratch, "a case", err);
    }
    status = json_parse(view->text, &json, err);
    if (status != AF_OK)
        return status;
    status = article_print(json, print, err);
    json_decref(json);
    return status;
}
