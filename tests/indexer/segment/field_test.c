#include "tests/harness.h"

#include "indexer/segment/field.h"

static void lengths_up_to_forty_are_exact(void **state)
{
    (void)state;
    for (uint32_t units = 0; units <= 40; units++)
        assert_int_equal(units, field_length_decode(field_length_encode(units)));
}

static void a_decoded_length_is_at_most_an_eighth_too_short(void **state)
{
    (void)state;
    for (uint64_t units = 1; units <= INT32_MAX; units += units / 97 + 1) {
        uint32_t back = field_length_decode(field_length_encode((uint32_t)units));

        assert_true(back <= units);
        assert_true((units - back) * 8 <= units); /* the bucket's width is an eighth */
    }
}

static void codes_and_lengths_rise_together(void **state)
{
    (void)state;
    for (unsigned code = 0; code < 255; code++) {
        uint32_t units = field_length_decode((uint8_t)code);

        assert_true(units < field_length_decode((uint8_t)(code + 1)));
        assert_int_equal(code, field_length_encode(units));
        assert_int_equal(code + 1, field_length_encode(field_length_decode((uint8_t)(code + 1))));
    }
}

static void the_longest_length_has_the_last_code(void **state)
{
    (void)state;
    assert_int_equal(255, field_length_encode(INT32_MAX));
    assert_int_equal(255, field_length_encode(UINT32_MAX));
}

static void members_of_a_field_are_separated_by_line_feeds(void **state)
{
    static const struct {
        const char *article, *text;
        enum field field;
    } table[] = {
        {"{\"title\":\"No light\"}",                                                "No light",         FIELD_TITLE   },
        {"{\"keywords\":[\"a\",\"b\"],\"error_code\":\"E-013\"}",                   "a\nb\nE-013",      FIELD_KEYWORDS},
        {"{\"error_code\":[\"E-1\",\"E-2\"]}",                                      "E-1\nE-2",         FIELD_KEYWORDS},
        {"{\"product\":\"HG8\",\"category\":[\"W\",\"L\"],\"environment\":\"v1\"}", "HG8\nW\nL\nv1",
         FIELD_PRODUCT                                                                                                },
        {"{\"product\":\"\",\"category\":\"W\"}",                                   "W",                FIELD_PRODUCT },
        {"{\"resolution\":\"1. Do\",\"advice\":\"2. Do not\"}",                     "1. Do\n2. Do not",
         FIELD_RESOLUTION                                                                                             },
        {"{\"text\":\"all of it\"}",                                                "all of it",        FIELD_BODY    },
        {"{\"title\":\"x\"}",                                                       "",                 FIELD_BODY    },
        {"{\"keywords\":[1,null,\"a\",{}],\"error_code\":7}",                       "a",                FIELD_KEYWORDS},
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        json_t *article = test_json(table[i].article);
        struct buf out = {0};

        buf_add_str(&out, "before|"); /* appends, and does not mistake that for its own */
        field_text(article, table[i].field, &out);
        assert_string_equal(table[i].text, buf_str(&out) + 7);
        buf_release(&out);
        json_decref(article);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lengths_up_to_forty_are_exact),
        cmocka_unit_test(a_decoded_length_is_at_most_an_eighth_too_short),
        cmocka_unit_test(codes_and_lengths_rise_together),
        cmocka_unit_test(the_longest_length_has_the_last_code),
        cmocka_unit_test(members_of_a_field_are_separated_by_line_feeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
