/* What a case must look like to be taken. */
#include "data/article_view.h"

#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"

static enum status check_list(const json_t *article, const char *member, struct error *err)
{
    const json_t *value = json_object_get(article, member), *item;
    size_t i;

    if (value == NULL || json_is_null(value) || json_is_string(value))
        return AF_OK;
    if (!json_is_array(value))
        return error_set(err, AF_INVALID, "\"%s\" must be a string or a list of strings", member);
    if (json_array_size(value) > ARTICLE_LIST_MAX)
        return error_set(err, AF_TOO_LARGE, "\"%s\" has more than %d elements", member,
                         ARTICLE_LIST_MAX);
    json_array_foreach(value, i, item)
    {
        if (!json_is_string(item))
            return error_set(err, AF_INVALID, "\"%s\" must be a list of strings", member);
    }
    return AF_OK;
}

static enum status check_time(const json_t *article, const char *member, struct error *err)
{
    struct bytes text;
    int64_t at_ms;
    enum status status = json_text(article, member, 64, false, &text, err);

    if (status == AF_OK && text.len > 0 && !clock_parse(text, &at_ms))
        return error_set(err, AF_INVALID,
                         "\"%s\" is not an RFC 3339 time like 2026-11-22T08:00:00Z", member);
    return status;
}

/* BCP 47 as far as we need it: letters, digits and hyphens. */
static bool is_language_tag(struct bytes lang)
{
    for (size_t i = 0; i < lang.len; i++) {
        uint8_t c = lang.data[i];

        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              (c == '-' && i > 0)))
            return false;
    }
    return lang.len <= 35;
}

static bool has_control(struct bytes text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.data[i] < 0x20 || text.data[i] == 0x7F)
            return true;
    return false;
}

enum status article_validate(const json_t *article, struct error *err)
{
    static const char *const texts[] = {"symptom", "cause",  "resolution", "advice", "text",
                                        "state",   "author", "source",     "licence"};
    static const char *const lists[] = {"category", "keywords", "error_code", "product",
                                        "environment"};
    struct bytes text;
    enum audience audience;
    enum status status;

    if (!json_is_object(article))
        return error_set(err, AF_INVALID, "a case must be a JSON object");
    if ((status = json_text(article, "title", ARTICLE_TITLE_BYTES_MAX, true, &text, err)) != AF_OK)
        return status;
    if (bytes_is_blank(text))
        return error_set(err, AF_INVALID, "\"title\" is empty");
    if ((status = json_text(article, "id", ARTICLE_ID_BYTES_MAX, false, &text, err)) != AF_OK)
        return status;
    if (has_control(text))
        return error_set(err, AF_INVALID, "\"id\" has a control character");
    if ((status = json_text(article, "lang", 35, false, &text, err)) != AF_OK)
        return status;
    if (!is_language_tag(text))
        return error_set(err, AF_INVALID, "\"lang\" is not a language tag like en or zh-Hans");
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if ((status = json_text(article, texts[i], ARTICLE_JSON_BYTES_MAX, false, &text, err)) !=
            AF_OK)
            return status;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if ((status = check_list(article, lists[i], err)) != AF_OK)
            return status;
    if ((status = check_time(article, "created", err)) != AF_OK ||
        (status = check_time(article, "updated", err)) != AF_OK ||
        (status = json_text(article, "audience", 32, false, &text, err)) != AF_OK)
        return status;
    if (text.len > 0 && !audience_parse(text, &audience))
        return error_set(err, AF_INVALID,
                         "\"audience\" must be public, customer, partner or internal");
    return AF_OK;
}

/* --- the same of a case in its text ------------------------------------------------------- */

static bool is_absent(struct bytes value)
{
    return value.data == NULL || bytes_equal(value, BYTES_LIT("null"));
}

static bool is_text(const struct article_view *view, enum article_member member)
{
    struct bytes value = view->of[member];

    return is_absent(value) || (jsontext_is_string(value) && value.len <= ARTICLE_JSON_BYTES_MAX);
}

static bool is_list(const struct article_view *view, enum article_member member)
{
    struct bytes value = view->of[member], element;
    struct reader r;
    size_t count = 0;
    enum jsontext_step step;

    if (is_absent(value) || jsontext_is_string(value))
        return true;
    if (!jsontext_enter(value, '[', &r))
        return false;
    while ((step = jsontext_element(&r, &element)) == JSONTEXT_VALUE)
        if (!jsontext_is_string(element) || ++count > ARTICLE_LIST_MAX)
            return false;
    return step == JSONTEXT_END;
}

static bool is_time(const struct article_view *view, enum article_member member,
                    struct buf *scratch)
{
    struct bytes text = article_view_str(view, member, scratch);
    int64_t at_ms;

    return is_text(view, member) && text.len <= 64 && (text.len == 0 || clock_parse(text, &at_ms));
}

static bool is_named(const struct article_view *view, struct buf *scratch)
{
    struct bytes title = article_view_str(view, ARTICLE_TITLE, scratch), id, lang;

    if (title.len > ARTICLE_TITLE_BYTES_MAX || bytes_is_blank(title))
        return false;
    id = article_view_str(view, ARTICLE_ID, scratch);
    if (id.len == 0 || id.len > ARTICLE_ID_BYTES_MAX || has_control(id))
        return false;
    lang = article_view_str(view, ARTICLE_LANG, scratch);
    return lang.len > 0 && is_language_tag(lang);
}

bool article_view_is_sound(const struct article_view *view, struct buf *scratch)
{
    static const enum article_member texts[] = {ARTICLE_SYMPTOM, ARTICLE_CAUSE,  ARTICLE_RESOLUTION,
                                                ARTICLE_ADVICE,  ARTICLE_TEXT,   ARTICLE_STATE,
                                                ARTICLE_AUTHOR,  ARTICLE_SOURCE, ARTICLE_LICENCE};
    static const enum article_member lists[] = {ARTICLE_CATEGORY, ARTICLE_KEYWORDS,
                                                ARTICLE_ERROR_CODE, ARTICLE_PRODUCT,
                                                ARTICLE_ENVIRONMENT};
    struct bytes audience = article_view_str(view, ARTICLE_AUDIENCE, scratch);
    enum audience known;

    if (!is_text(view, ARTICLE_AUDIENCE) || (audience.len > 0 && !audience_parse(audience, &known)))
        return false;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!is_text(view, texts[i]))
            return false;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        if (!is_list(view, lists[i]))
            return false;
    return is_named(view, scratch) && is_time(view, ARTICLE_CREATED, scratch) &&
           is_time(view, ARTICLE_UPDATED, scratch);
}
