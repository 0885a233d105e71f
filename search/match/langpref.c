#include "search/match/langpref.h"

#include "indexer/text/language.h"

#include <string.h>
#include <strings.h>

/* The part before the first hyphen: zh of zh-Hant. */
static struct bytes base_of(struct bytes tag)
{
    const uint8_t *hyphen = tag.len > 0 ? memchr(tag.data, '-', tag.len) : NULL;

    return hyphen == NULL ? tag : bytes_of(tag.data, (size_t)(hyphen - tag.data));
}

static bool same(struct bytes a, struct bytes b)
{
    return a.len == b.len &&
           (a.len == 0 || strncasecmp((const char *)a.data, (const char *)b.data, a.len) == 0);
}

static bool is(struct bytes tag, const char *base)
{
    return same(base_of(tag), bytes_str(base));
}

struct bytes langpref_of(struct bytes question, struct bytes page)
{
    struct bytes typed = bytes_str(language_detect(question, ""));

    if (typed.len == 0)
        return page.len > 0 || question.len == 0 ? page : bytes_str("en");
    if (same(typed, bytes_str("zh-Hans")) && (is(page, "zh") || is(page, "ja")))
        return page;
    return typed;
}

double langpref_match(struct bytes preferred, struct bytes lang)
{
    struct bytes base = base_of(preferred);

    if (preferred.len == 0 || !same(base, base_of(lang)))
        return 0;
    return same(preferred, lang) || preferred.len == base.len || lang.len == base.len ? 1 : 0.5;
}
