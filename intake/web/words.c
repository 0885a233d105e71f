/* words.c: short words that templates ask for (views.h). */
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "intake/web/views.h"

struct bytes took_text(struct page *pg, int64_t took_us)
{
    if (took_us < 1000)
        return BYTES_LIT("< 1 ms");
    return bytes_str(arena_printf(pg->arena, "%lld ms", (long long)((took_us + 500) / 1000)));
}

struct bytes page_day(struct page *pg, struct bytes rfc3339)
{
    (void)pg;
    return bytes_of(rfc3339.data, rfc3339.len < 10 ? rfc3339.len : 10);
}

const char *lang_short(enum lang lang)
{
    static const char *const names[LANG_COUNT] = {"简", "繁", "EN", "日"};

    return names[lang];
}

/* Kinds that only programs meet are explained by the class of their code. */
struct bytes problem_word(const struct problem_kind *kind)
{
    static const char *const known[] = {"not_found", "denied",   "sign_in",   "malformed",
                                        "invalid",   "conflict", "too_large", "busy"};

    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        const char *a = known[i], *b = kind->name;

        while (*a != '\0' && (*a == *b || (*a == '_' && *b == '-'))) {
            a++;
            b++;
        }
        if (*a == '\0' && *b == '\0')
            return bytes_str(known[i]);
    }
    if (kind->code == 412)
        return BYTES_LIT("conflict");
    if (kind->code == 429)
        return BYTES_LIT("busy");
    if (kind->code == 431)
        return BYTES_LIT("too_large");
    return kind->code < 500 ? BYTES_LIT("malformed") : BYTES_LIT("internal");
}

struct bytes case_title(struct page *pg, const char *id)
{
    struct case_text text;

    if (case_text_load(pg->app, &pg->who, pg->arena, bytes_str(id), &text, NULL) != AF_OK)
        return bytes_str(id);
    return text.title;
}

bool minutes_until(const char *at, int64_t now_ms, int64_t *minutes, bool *is_late)
{
    int64_t at_ms;

    if (!clock_parse(bytes_str(at), &at_ms))
        return false;
    *is_late = at_ms < now_ms;
    *minutes = (*is_late ? now_ms - at_ms : at_ms - now_ms) / 60000;
    return true;
}
