#include "intake/desk/contact_mask.h"

#include "data/base/utf8.h"

#include <strings.h>
#include <unicode/uchar.h>

#define VALUE_BYTES_MIN 2 /* of a value that is looked for */
#define PART_BYTES_MIN 3  /* of a part of a name */
#define NUMBER_DIGITS 24  /* of a telephone number that are looked at: E.164 has 15 */
#define PREFIX_DIGITS 4   /* before it in the text that go with it: 0, 0086 */
#define SEPARATORS 3      /* in a row inside a number */

/* --- what is looked for -------------------------------------------------------------------- */

static const char *mark_of(const char *member)
{
    static const struct {
        const char *member, *mark;
    } marks[] = {
        {"name",    "[name]"   },
        {"mail",    "[mail]"   },
        {"email",   "[mail]"   },
        {"phone",   "[phone]"  },
        {"mobile",  "[phone]"  },
        {"tel",     "[phone]"  },
        {"company", "[company]"},
    };

    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (strcmp(marks[i].member, member) == 0)
            return marks[i].mark;
    return "[contact]";
}

static struct bytes trimmed(struct bytes value)
{
    while (value.len > 0 && value.data[0] <= ' ')
        value = bytes_of(value.data + 1, value.len - 1);
    while (value.len > 0 && value.data[value.len - 1] <= ' ')
        value.len--;
    return value;
}

static bool add_value(json_t *mask, const char *mark, struct bytes value, bool is_part)
{
    value = trimmed(value);
    if (value.len < VALUE_BYTES_MIN)
        return true;
    return json_array_append_new(mask, json_pack("{s:s,s:o,s:b}", "mark", mark, "value",
                                                 json_from_bytes(value), "part", is_part)) == 0;
}

/* A name, and its parts: people sign with one of them. */
static bool add_name(json_t *mask, const char *mark, struct bytes name)
{
    bool ok = add_value(mask, mark, name, false);
    size_t from = 0;

    for (size_t i = 0; i <= name.len; i++)
        if (i == name.len || name.data[i] == ' ' || name.data[i] == ',') {
            if (i - from >= PART_BYTES_MIN && i - from < name.len)
                ok = ok && add_value(mask, mark, bytes_of(name.data + from, i - from), true);
            from = i + 1;
        }
    return ok;
}

static bool add_member(json_t *mask, const char *member, const json_t *value)
{
    const char *mark = mark_of(member);
    const json_t *item;
    bool ok = true;
    size_t i;

    json_array_foreach(value, i, item)
    {
        if (json_is_string(item))
            ok = ok && add_value(mask, mark, bytes_str(json_string_value(item)), false);
    }
    if (!json_is_string(value))
        return ok;
    if (strcmp(member, "name") == 0)
        return add_name(mask, mark, bytes_str(json_string_value(value)));
    return add_value(mask, mark, bytes_str(json_string_value(value)), false);
}

static bool add_members(json_t *mask, const json_t *object)
{
    const char *member;
    json_t *value;
    bool ok = true;

    json_object_foreach((json_t *)(uintptr_t)object, member, value)
    {
        ok = ok && add_member(mask, member, value);
    }
    return ok;
}

json_t *contact_mask_new(const json_t *contact, const json_t *party, const json_t *account)
{
    json_t *mask = json_array();

    if (mask != NULL && add_members(mask, contact) &&
        add_members(mask, json_object_get(party, "identities")) &&
        add_member(mask, "name", json_object_get(party, "name")) &&
        add_member(mask, "company", json_object_get(account, "name")))
        return mask;
    json_decref(mask);
    return NULL;
}

/* --- where it is --------------------------------------------------------------------------- */

static bool is_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Where a value that begins at `at` ends; `at` when it does not. */
static size_t value_end(struct bytes text, size_t at, struct bytes value, bool is_part)
{
    const char *here = (const char *)text.data + at, *there = (const char *)value.data;
    size_t end = at + value.len;

    if (value.len > text.len - at ||
        (is_part ? strncmp(here, there, value.len) : strncasecmp(here, there, value.len)) != 0)
        return at;
    if (at > 0 && is_alnum(value.data[0]) && is_alnum(text.data[at - 1]))
        return at;
    if (end < text.len && is_alnum(value.data[value.len - 1]) && is_alnum(text.data[end]))
        return at;
    return end;
}

struct number {
    uint8_t digits[NUMBER_DIGITS];
    size_t ends[NUMBER_DIGITS]; /* where in the text each ends */
    unsigned count;
};

static bool separates(uint32_t cp)
{
    static const char plain[] = "().+/";
    int8_t type = u_charType((UChar32)cp);

    return type == U_SPACE_SEPARATOR || type == U_DASH_PUNCTUATION || type == U_FORMAT_CHAR ||
           cp == 0xFF08 || cp == 0xFF09 || cp == 0xFF0B || cp == 0xFF0E || cp == 0xFF0F ||
           (cp < 0x80 && cp != 0 && strchr(plain, (int)cp) != NULL);
}

/* The digits from `at` on, as far as a telephone number may go. */
static void read_number(struct bytes text, size_t at, struct number *out)
{
    struct reader r = reader_of(bytes_of(text.data + at, text.len - at));
    unsigned between = 0;

    out->count = 0;
    while (reader_left(&r) > 0 && out->count < NUMBER_DIGITS && between <= SEPARATORS) {
        uint32_t cp = utf8_next(&r);
        int32_t digit = u_charDigitValue((UChar32)cp);

        if (digit < 0 && !separates(cp))
            return;
        between = digit < 0 ? between + 1 : 0;
        if (digit >= 0) {
            out->ends[out->count] = text.len - reader_left(&r);
            out->digits[out->count++] = (uint8_t)digit;
        }
    }
}

/* The text's digits hold the end of the number, a few of a prefix before it. */
static size_t number_end(const struct number *text, const struct number *number, size_t at)
{
    for (unsigned len = number->count; len >= MASK_PHONE_DIGITS; len--)
        for (unsigned skip = 0; skip <= PREFIX_DIGITS && skip + len <= text->count; skip++)
            if (memcmp(text->digits + skip, number->digits + number->count - len, len) == 0)
                return text->ends[skip + len - 1];
    return at;
}

static bool may_begin_number(struct bytes text, size_t at)
{
    struct reader r = reader_of(bytes_of(text.data + at, text.len - at));
    uint32_t cp = utf8_next(&r);

    return cp == '+' || cp == '(' || u_charDigitValue((UChar32)cp) >= 0;
}

static size_t first_digit(struct bytes text)
{
    size_t at = 0;

    while (at < text.len && !may_begin_number(text, at))
        at++;
    return at;
}

static size_t phone_end(struct bytes text, size_t at, struct bytes phone)
{
    struct number here, wanted;

    if (!may_begin_number(text, at))
        return at;
    read_number(text, at, &here);
    read_number(phone, first_digit(phone), &wanted); /* what follows is an extension */
    return number_end(&here, &wanted, at);
}

/* The longest of all that begins at `at`. */
static size_t longest_end(const json_t *mask, struct bytes text, size_t at, const char **mark)
{
    const json_t *item;
    size_t i, longest = at;

    json_array_foreach(mask, i, item)
    {
        struct bytes value = bytes_str(json_get_str(item, "value"));
        const char *is = json_get_str(item, "mark");
        size_t end = value_end(text, at, value, json_get_bool(item, "part"));

        if (end == at && strcmp(is, "[phone]") == 0)
            end = phone_end(text, at, value);
        if (end > longest) {
            longest = end;
            *mark = is;
        }
    }
    return longest;
}

void contact_mask_add(const json_t *mask, struct bytes text, struct buf *out)
{
    size_t at = 0;

    while (at < text.len) {
        const char *mark = "";
        size_t end = longest_end(mask, text, at, &mark);

        if (end > at) {
            buf_add_str(out, mark);
            at = end;
            continue;
        }
        do /* a whole character */
            buf_add_u8(out, text.data[at++]);
        while (at < text.len && (text.data[at] & 0xC0) == 0x80);
    }
}
