#include "intake/web/i18n.h"

#include <stdlib.h>
#include <strings.h>

static const struct {
    const char *tag, *name;
} langs[LANG_COUNT] = {
    [LANG_ZH_HANS] = {"zh-Hans", "简体中文"},
    [LANG_ZH_HANT] = {"zh-Hant", "繁體中文"},
    [LANG_EN] = {"en",      "English"     },
    [LANG_JA] = {"ja",      "日本語"   },
};

const char *lang_tag(enum lang lang)
{
    return langs[lang].tag;
}

const char *lang_name(enum lang lang)
{
    return langs[lang].name;
}

/* Cuts the next part off at `mark`; blanks around it are gone. */
static struct bytes next_part(struct bytes *rest, uint8_t mark)
{
    size_t len = 0;
    struct bytes part;

    while (len < rest->len && rest->data[len] != mark)
        len++;
    part = bytes_of(rest->data, len);
    len = len < rest->len ? len + 1 : len;
    *rest = bytes_of(rest->data + len, rest->len - len);
    while (part.len > 0 && (part.data[0] == ' ' || part.data[0] == '\t'))
        part = bytes_of(part.data + 1, part.len - 1);
    while (part.len > 0 && (part.data[part.len - 1] == ' ' || part.data[part.len - 1] == '\t'))
        part.len--;
    return part;
}

static bool is_word(struct bytes part, const char *word)
{
    return part.len == strlen(word) && strncasecmp((const char *)part.data, word, part.len) == 0;
}

bool lang_of_tag(struct bytes tag, enum lang *out)
{
    struct bytes rest = tag, first = next_part(&rest, '-');

    if (is_word(first, "en"))
        *out = LANG_EN;
    else if (is_word(first, "ja"))
        *out = LANG_JA;
    else if (is_word(first, "zh"))
        *out = LANG_ZH_HANS;
    else
        return false;
    while (*out == LANG_ZH_HANS && rest.len > 0) {
        struct bytes part = next_part(&rest, '-');

        if (is_word(part, "Hans"))
            break; /* a script says more than a region: zh-Hans-HK */
        if (is_word(part, "Hant") || is_word(part, "TW") || is_word(part, "HK") ||
            is_word(part, "MO"))
            *out = LANG_ZH_HANT;
    }
    return true;
}

/* ";q=0.8" as thousandths; 1000 without one. */
static long quality(struct bytes params)
{
    while (params.len > 0) {
        struct bytes param = next_part(&params, ';');
        char digits[8] = {0};

        if (param.len < 3 || !is_word(bytes_of(param.data, 2), "q="))
            continue;
        param = bytes_of(param.data + 2, param.len - 2);
        if (param.len >= sizeof digits)
            return 0;
        memcpy(digits, param.data, param.len);
        return (long)(strtod(digits, NULL) * 1000); /* digits and a point: no locale is set */
    }
    return 1000;
}

enum lang lang_accept(struct bytes header)
{
    enum lang best = LANG_EN;
    long best_quality = 0;

    while (header.len > 0) {
        struct bytes item = next_part(&header, ',');
        struct bytes tag = next_part(&item, ';');
        long q = quality(item);
        enum lang lang;

        if (q > best_quality && lang_of_tag(tag, &lang)) {
            best = lang;
            best_quality = q;
        }
    }
    return best;
}

void text_fill(struct buf *out, enum lang lang, enum text_key key, const struct bytes *args,
               size_t count)
{
    const struct text *text = &text_table[key][lang];
    bool is_one = count > 0 && bytes_equal(args[0], BYTES_LIT("1"));
    const char *at = is_one && text->one != NULL ? text->one : text->other;

    while (*at != '\0') {
        size_t plain = strcspn(at, "{");

        buf_add(out, bytes_of(at, plain));
        at += plain;
        if (*at == '\0')
            break;
        if (at[1] >= '0' && at[1] <= '9' && at[2] == '}') { /* i18n_gen.c lets nothing else by */
            if ((size_t)(at[1] - '0') < count)
                buf_add(out, args[at[1] - '0']);
            at += 3;
        } else {
            buf_add_u8(out, (uint8_t)*at++);
        }
    }
}

bool text_find(const char *name, enum text_key *out)
{
    size_t low = 0, high = TEXT_COUNT; /* the names are sorted */

    while (low < high) {
        size_t mid = low + (high - low) / 2;
        int order = strcmp(name, text_key_names[mid]);

        if (order == 0) {
            *out = (enum text_key)mid;
            return true;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}
