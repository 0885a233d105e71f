#include "intake/rules/complaints.h"

#include "data/base/limits.h"
#include "data/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum status complaints_init(struct complaints *complaints, struct error *err)
{
    *complaints = (struct complaints){.list = json_array()};
    if (complaints->list == NULL)
        return error_set(err, AF_NO_MEMORY, "no memory for a list of complaints");
    return AF_OK;
}

/* --- places --------------------------------------------------------------------------------- */

#define PLACE_DEPTH_MAX 12 /* no document is deeper: forms, fields, choices, labels */

static void add_place(const struct place *at, struct buf *out)
{
    const struct place *chain[PLACE_DEPTH_MAX];
    unsigned depth = 0;

    for (; at != NULL && depth < PLACE_DEPTH_MAX; at = at->up)
        chain[depth++] = at;
    while (depth > 0) {
        const struct place *p = chain[--depth];

        if (p->member == NULL)
            buf_printf(out, "[%zu]", p->index);
        else
            buf_printf(out, "%s%.40s", buf_bytes(out).len > 0 ? "." : "", p->member);
    }
}

/* A text that was cut somewhere, perhaps within a character. */
static json_t *clean_text(struct bytes text)
{
    struct buf clean = {0};
    json_t *json;

    utf8_add_clean(&clean, text);
    json = buf_ok(&clean) ? json_from_bytes(buf_bytes(&clean)) : NULL;
    buf_release(&clean);
    return json;
}

void complain(struct complaints *complaints, const struct place *at, const char *fmt, ...)
{
    char message[ERROR_TEXT_MAX];
    struct buf place = {.ceiling = 1024};
    bool ok = true;
    json_t *item;
    va_list args;

    if (json_array_size(complaints->list) == COMPLAINTS_MAX)
        return;
    va_start(args, fmt);
    (void)vsnprintf(message, sizeof message, fmt, args);
    va_end(args);
    add_place(at, &place);
    item = json_object();
    json_put(item, "place", clean_text(buf_bytes(&place)), &ok);
    json_put(item, "message", clean_text(bytes_str(message)), &ok);
    if (!ok || json_array_append_new(complaints->list, item) != 0)
        complaints->no_memory = true;
    buf_release(&place);
}

enum status complaints_verdict(const struct complaints *complaints, struct error *err)
{
    size_t count = json_array_size(complaints->list);
    const json_t *first = json_array_get(complaints->list, 0);
    const char *place = json_get_str(first, "place");

    if (complaints->no_memory)
        return error_set(err, AF_NO_MEMORY, "no memory to check a document");
    if (count == 0)
        return AF_OK;
    (void)error_set(err, AF_INVALID, "%.80s%s%.120s", place, place[0] != '\0' ? ": " : "",
                    json_get_str(first, "message"));
    if (count > 1)
        (void)error_prefix(err, "%zu faults, the first", count);
    return AF_INVALID;
}

/* --- members -------------------------------------------------------------------------------- */

void want_list(struct complaints *complaints, const struct place *up, const json_t *object,
               const char *member, size_t count_max, want_item_fn fn, void *context)
{
    const struct place at = {up, member, 0};
    const json_t *list = json_object_get(object, member), *item;
    size_t i;

    if (list == NULL)
        return;
    if (!json_is_array(list)) {
        complain(complaints, &at, "this is a list");
        return;
    }
    if (json_array_size(list) > count_max) {
        complain(complaints, &at, "at most %zu entries", count_max);
        return;
    }
    json_array_foreach(list, i, item)
    {
        const struct place here = {&at, NULL, i};

        if (json_is_object(item))
            fn(context, &here, item);
        else
            complain(complaints, &here, "this is an object");
    }
}

const char *want_text(struct complaints *complaints, const struct place *up, const json_t *object,
                      const char *member, size_t bytes_max, bool required)
{
    const struct place at = {up, member, 0};
    const json_t *text = json_object_get(object, member);

    if (text == NULL && !required)
        return "";
    if (!json_is_string(text) || json_string_length(text) == 0)
        complain(complaints, &at, text == NULL ? "this is missing" : "this is a text");
    else if (json_string_length(text) > bytes_max)
        complain(complaints, &at, "at most %zu bytes", bytes_max);
    else
        return json_string_value(text);
    return "";
}

static void complain_of_words(struct complaints *complaints, const struct place *at,
                              const char *const words[])
{
    struct buf list = {0};

    for (size_t i = 0; words[i] != NULL; i++)
        buf_printf(&list, "%s%s", i == 0 ? "" : words[i + 1] == NULL ? " or " : ", ", words[i]);
    complain(complaints, at, "this is %s", buf_str(&list));
    buf_release(&list);
}

const char *want_word(struct complaints *complaints, const struct place *up, const json_t *object,
                      const char *member, const char *const words[], bool required)
{
    const char *text = want_text(complaints, up, object, member, RULES_ID_BYTES_MAX, required);
    const struct place at = {up, member, 0};

    if (text[0] == '\0')
        return text;
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], text) == 0)
            return text;
    complain_of_words(complaints, &at, words);
    return "";
}

int64_t want_number(struct complaints *complaints, const struct place *up, const json_t *object,
                    const char *member, int64_t min, int64_t max, bool required)
{
    const struct place at = {up, member, 0};
    const json_t *number = json_object_get(object, member);

    if (number == NULL && !required)
        return min;
    if (json_is_integer(number) && json_integer_value(number) >= min &&
        json_integer_value(number) <= max)
        return json_integer_value(number);
    complain(complaints, &at, "this is a whole number from %lld to %lld", (long long)min,
             (long long)max);
    return min;
}

void want_prose(struct complaints *complaints, const struct place *up, const json_t *object,
                const char *member, size_t bytes_max, bool required)
{
    static const char *const langs[] = {"zh-Hans", "zh-Hant", "en", "ja", NULL};
    const struct place at = {up, member, 0};
    const json_t *name = json_object_get(object, member);

    if (!json_is_object(name)) {
        (void)want_text(complaints, up, object, member, bytes_max, required);
        return;
    }
    want_only(complaints, &at, name, langs);
    if (json_object_size(name) == 0)
        complain(complaints, &at, "a name in one language at least");
    for (size_t i = 0; langs[i] != NULL; i++)
        (void)want_text(complaints, &at, name, langs[i], bytes_max, false);
}

void want_name(struct complaints *complaints, const struct place *up, const json_t *object,
               const char *member, bool required)
{
    want_prose(complaints, up, object, member, RULES_NAME_BYTES_MAX, required);
}

void want_only(struct complaints *complaints, const struct place *up, const json_t *object,
               const char *const known[])
{
    const char *member;
    json_t *value;

    json_object_foreach((json_t *)object, member, value)
    {
        size_t i = 0;

        while (known[i] != NULL && strcmp(known[i], member) != 0)
            i++;
        if (known[i] == NULL) {
            const struct place at = {up, member, 0};

            complain(complaints, &at, "no member has this name here");
        }
    }
}
