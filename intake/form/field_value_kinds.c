/* The kinds of values that have a form of their own. */
#include "intake/form/field_value_impl.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

/* --- serial numbers, versions, ways to be reached ------------------------------------------- */

/* Each a letter, a digit or one of `others`; how many digits there are. */
static bool is_made_of(struct bytes text, const char *others, size_t *digits)
{
    *digits = 0;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.data[i];

        *digits += plain_is_digit(c);
        if (!plain_is_digit(c) && !plain_is_letter(c) && (c == 0 || strchr(others, c) == NULL))
            return false;
    }
    return true;
}

static bool pattern_holds(struct bytes pattern, struct bytes text)
{
    size_t i = 0;

    for (; i < pattern.len && pattern.data[i] != '%'; i++) {
        uint8_t want = pattern.data[i], has = i < text.len ? text.data[i] : 0;
        bool ok = want == '#'   ? plain_is_digit(has)
                  : want == '@' ? plain_is_letter(has)
                  : want == '*' ? plain_is_digit(has) || plain_is_letter(has)
                                : (want >= 'a' && want <= 'z' ? want - 32 : want) == has;

        if (!ok)
            return false;
    }
    if (i == pattern.len)
        return i == text.len;
    for (; i < text.len; i++)
        if (!plain_is_digit(text.data[i]) && !plain_is_letter(text.data[i]))
            return false;
    return true;
}

bool field_pattern_is_sound(struct bytes pattern)
{
    if (pattern.len == 0 || pattern.len > FORM_PATTERN_BYTES_MAX)
        return false;
    for (size_t i = 0; i < pattern.len; i++) {
        uint8_t c = pattern.data[i];

        if (!plain_is_digit(c) && !plain_is_letter(c) && strchr("#@*%-/._", c) == NULL)
            return false;
        if (c == '%' && i + 1 < pattern.len)
            return false;
    }
    return true;
}

/* Capitals without blanks: it is read off a label, and compared with what stock has. */
static enum status take_serial(struct taking *t, struct buf *text)
{
    const json_t *patterns = json_object_get(t->field, "patterns"), *pattern;
    size_t kept = 0, i, digits;

    for (i = 0; i < text->len; i++) {
        uint8_t c = text->data[i];

        if (c != ' ')
            text->data[kept++] = plain_is_letter(c) ? c & 0xDF : c;
    }
    text->len = kept;
    if (!is_made_of(buf_bytes(text), "-/._", &digits) || text->len < 3)
        return taking_refuse(t, "not_serial");
    json_array_foreach(patterns, i, pattern)
    {
        if (pattern_holds(bytes_str(json_string_value(pattern)), buf_bytes(text)))
            return AF_OK;
    }
    if (json_array_size(patterns) == 0)
        return AF_OK;
    return taking_refuse_text(t, "not_like", json_string_value(json_array_get(patterns, 0)));
}

static enum status take_version(struct taking *t, struct buf *text)
{
    size_t digits;

    if (!is_made_of(buf_bytes(text), " -._()/", &digits) || digits == 0)
        return taking_refuse(t, "not_version");
    return AF_OK;
}

static enum status take_phone(struct taking *t, struct buf *text)
{
    size_t digits;

    for (size_t i = 0; i < text->len; i++)
        if (plain_is_letter(text->data[i]) && (text->data[i] | 0x20) != 'x') /* of an extension */
            return taking_refuse(t, "not_phone");
    if (!is_made_of(buf_bytes(text), " +-()./,;#", &digits) || digits < 5 || digits > 24)
        return taking_refuse(t, "not_phone");
    return AF_OK;
}

/* Not the grammar of RFC 5322, which lets comments in: whether mail arrives only mail can tell. */
static enum status take_mail(struct taking *t, struct buf *text)
{
    const uint8_t *at = memchr(text->data, '@', text->len);
    size_t before = at == NULL ? 0 : (size_t)(at - text->data), domain;

    if (before == 0 || before > 64 || memchr(text->data, ' ', text->len) != NULL)
        return taking_refuse(t, "not_mail");
    domain = text->len - before - 1;
    if (domain == 0 || memchr(at + 1, '@', domain) != NULL || at[1] == '.' || at[domain] == '.')
        return taking_refuse(t, "not_mail");
    return AF_OK;
}

/* --- numbers -------------------------------------------------------------------------------- */

/* "-12.50" as it would be printed: no sign of nothing, no zeros that say nothing. */
static bool plain_number(struct buf *text, unsigned *decimals)
{
    struct bytes in = buf_bytes(text);
    struct buf out = {0};
    size_t i = in.len > 0 && (in.data[0] == '-' || in.data[0] == '+'), digits = 0, point = SIZE_MAX;

    if (in.data[0] == '-')
        buf_add_u8(&out, '-');
    for (; i < in.len; i++) {
        uint8_t c = in.data[i];

        if ((c == '.' || c == ',') && point == SIZE_MAX && digits > 0 && i + 1 < in.len) {
            point = out.len;
            buf_add_u8(&out, '.');
        } else if (plain_is_digit(c)) {
            digits++;
            buf_add_u8(&out, c);
        } else {
            buf_release(&out);
            return false;
        }
    }
    if (digits == 0 || digits > FORM_NUMBER_DIGITS_MAX || !buf_ok(&out)) {
        buf_release(&out);
        return false;
    }
    while (point != SIZE_MAX && out.len > point && strchr("0.", out.data[out.len - 1]) != NULL) {
        out.len--;
        if (out.data[out.len] == '.')
            break;
    }
    *decimals = point != SIZE_MAX && out.len > point ? (unsigned)(out.len - point - 1) : 0;
    buf_release(text);
    *text = out;
    text->data[text->len] = '\0';
    return true;
}

static enum status take_number(struct taking *t, struct buf *text)
{
    const json_t *min = json_object_get(t->field, "min"), *max = json_object_get(t->field, "max");
    json_int_t most = json_integer_value(json_object_get(t->field, "decimals"));
    unsigned decimals;
    double value;

    if (!plain_number(text, &decimals))
        return taking_refuse(t, "not_number");
    if (decimals > most)
        return most == 0 ? taking_refuse(t, "not_whole") : taking_refuse_count(t, "decimals", most);
    value = strtod(buf_str(text), NULL);
    if (min != NULL && value < json_number_value(min)) {
        (void)snprintf(t->fault->limit, sizeof t->fault->limit, "%.15g", json_number_value(min));
        return taking_refuse(t, "too_small");
    }
    if (max != NULL && value > json_number_value(max)) {
        (void)snprintf(t->fault->limit, sizeof t->fault->limit, "%.15g", json_number_value(max));
        return taking_refuse(t, "too_large");
    }
    return AF_OK;
}

/* --- days and times ------------------------------------------------------------------------- */

/* Reads 1 to `most` digits; false when there is none. */
static bool read_digits(struct reader *r, unsigned most, unsigned *value)
{
    unsigned n = 0;

    *value = 0;
    for (; n < most && reader_left(r) > 0 && plain_is_digit(*r->at); n++, r->at++)
        *value = *value * 10 + (unsigned)(*r->at - '0');
    return n > 0;
}

static bool read_mark(struct reader *r, uint32_t word, const char *marks)
{
    uint32_t cp = reader_left(r) > 0 ? utf8_next(r) : 0;

    return cp != 0 && (cp == word || (cp < 0x80 && strchr(marks, (int)cp) != NULL));
}

/* Years of four digits: of 22 nobody knows whether it is the day or the year. */
static enum status take_date(struct taking *t, struct buf *text)
{
    struct reader r = reader_of(buf_bytes(text));
    unsigned year, month, day;
    char plain[48];
    int64_t at_ms;

    if (!read_digits(&r, 4, &year) || year < 1000 || !read_mark(&r, 0x5E74, "-/.") ||
        !read_digits(&r, 2, &month) || !read_mark(&r, 0x6708, "-/.") || !read_digits(&r, 2, &day) ||
        (reader_left(&r) > 0 && (utf8_next(&r) != 0x65E5 || reader_left(&r) > 0)))
        return taking_refuse(t, "not_date");
    (void)snprintf(plain, sizeof plain, "%04u-%02u-%02u", year, month, day);
    if (!clock_parse(bytes_str(plain), &at_ms))
        return taking_refuse(t, "not_date");
    if (json_get_bool(t->field, "past") && at_ms > t->now_ms + 14 * INT64_C(3600000))
        return taking_refuse(t, "in_future"); /* it is that day nowhere yet: zones go to +14:00 */
    buf_clear(text);
    buf_add_str(text, plain);
    return AF_OK;
}

static enum status take_time(struct taking *t, struct buf *text)
{
    struct reader r = reader_of(buf_bytes(text));
    unsigned hour, minute;
    const uint8_t *before;

    if (!read_digits(&r, 2, &hour) || !read_mark(&r, 0, ":."))
        return taking_refuse(t, "not_time");
    before = r.at;
    if (!read_digits(&r, 2, &minute) || r.at - before != 2 || reader_left(&r) > 0 || hour > 23 ||
        minute > 59)
        return taking_refuse(t, "not_time");
    buf_clear(text);
    buf_printf(text, "%02u:%02u", hour, minute);
    return AF_OK;
}

/* --- all of them ---------------------------------------------------------------------------- */

enum status taking_kind(struct taking *t, struct buf *text)
{
    switch (t->kind) {
    case FIELD_NUMBER:
        return take_number(t, text);
    case FIELD_DATE:
        return take_date(t, text);
    case FIELD_TIME:
        return take_time(t, text);
    case FIELD_SERIAL:
        return take_serial(t, text);
    case FIELD_VERSION:
        return take_version(t, text);
    case FIELD_PHONE:
        return take_phone(t, text);
    case FIELD_MAIL:
        return take_mail(t, text);
    default:
        return AF_OK;
    }
}
