#include "indexer/segment/field.h"

#include <assert.h>

#define MEMBERS_MAX 3

static const char *const members[FIELD_COUNT][MEMBERS_MAX] = {
    [FIELD_TITLE] = {"title"    },
    [FIELD_KEYWORDS] = {"keywords",  "error_code"},
    [FIELD_PRODUCT] = {"product",           "category", "environment"},
    [FIELD_SYMPTOM] = {"symptom"},
    [FIELD_CAUSE] = {"cause"          },
    [FIELD_RESOLUTION] = {"resolution",                     "advice"},
    [FIELD_BODY] = {"text"},
};

static void add_string(const json_t *value, size_t start, struct buf *out)
{
    struct bytes text = bytes_of(json_string_value(value), json_string_length(value));

    if (text.len == 0)
        return;
    if (out->len > start)
        buf_add_u8(out, '\n');
    buf_add(out, text);
}

void field_text(const json_t *article, enum field field, struct buf *out)
{
    size_t start = out->len;

    assert((unsigned)field < FIELD_COUNT);
    for (int m = 0; m < MEMBERS_MAX && members[field][m] != NULL; m++) {
        const json_t *value = json_object_get(article, members[field][m]);
        const json_t *element;
        size_t i;

        if (json_is_string(value))
            add_string(value, start, out);
        json_array_foreach(value, i, element)
        {
            if (json_is_string(element))
                add_string(element, start, out);
        }
    }
}

static const enum article_member viewed[FIELD_COUNT][MEMBERS_MAX] = {
    [FIELD_TITLE] = {ARTICLE_TITLE,         ARTICLE_MEMBER_COUNT},
    [FIELD_KEYWORDS] = {ARTICLE_KEYWORDS,      ARTICLE_ERROR_CODE,   ARTICLE_MEMBER_COUNT},
    [FIELD_PRODUCT] = {ARTICLE_PRODUCT,                     ARTICLE_CATEGORY,                           ARTICLE_ENVIRONMENT},
    [FIELD_SYMPTOM] = {ARTICLE_SYMPTOM,  ARTICLE_MEMBER_COUNT},
    [FIELD_CAUSE] = {ARTICLE_CAUSE,ARTICLE_MEMBER_COUNT                        },
    [FIELD_RESOLUTION] = {ARTICLE_RESOLUTION,  ARTICLE_ADVICE,ARTICLE_MEMBER_COUNT},
    [FIELD_BODY] = {ARTICLE_TEXT,      ARTICLE_MEMBER_COUNT        },
};

void field_view_text(const struct article_view *view, enum field field, struct buf *out)
{
    size_t start = out->len;

    assert((unsigned)field < FIELD_COUNT);
    for (int m = 0; m < MEMBERS_MAX && viewed[field][m] != ARTICLE_MEMBER_COUNT; m++)
        article_view_add(view, viewed[field][m], start, out);
}

/* --- lengths --- */

#define FREE_VALUES 24u /* 255 minus the code of INT32_MAX: counted before the floats begin */

/* Three bits of mantissa below the leading one; the exponent above. Below 16 it is the number. */
static uint32_t float_encode(uint32_t v)
{
    unsigned bits = v == 0 ? 0 : 32u - (unsigned)__builtin_clz(v);
    unsigned shift;

    if (bits < 4)
        return v;
    shift = bits - 4;
    return ((v >> shift) & 7u) | ((shift + 1) << 3);
}

static uint32_t float_decode(uint32_t code)
{
    uint32_t mantissa = code & 7u, exponent = code >> 3;

    return exponent == 0 ? mantissa : (mantissa | 8u) << (exponent - 1);
}

uint8_t field_length_encode(uint32_t units)
{
    if (units > INT32_MAX)
        units = INT32_MAX;
    if (units < FREE_VALUES)
        return (uint8_t)units;
    return (uint8_t)(FREE_VALUES + float_encode(units - FREE_VALUES));
}

uint32_t field_length_decode(uint8_t code)
{
    return code < FREE_VALUES ? code : FREE_VALUES + float_decode(code - FREE_VALUES);
}
