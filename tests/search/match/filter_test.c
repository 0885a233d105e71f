#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "search/match/filter.h"

static void categories_match_as_an_element_or_a_path(void **state)
{
    static const struct {
        const char *list, *wanted;
        bool passes;
    } rows[] = {
        {"打印机\x1F缺纸", "打印机",          true },
        {"打印机\x1F缺纸", "缺纸",             true },
        {"打印机\x1F缺纸", "打印机 > 缺纸", true },
        {"打印机\x1F缺纸", "打印机>缺纸",   true },
        {"打印机\x1F缺纸", "缺纸 > 打印机", false},
        {"打印机\x1F缺纸", "打印",             false},
        {"a\x1F"
         "b\x1F"
         "c",          "a > b",              true },
        {"a\x1F"
         "b\x1F"
         "c",          "b > c",              false},
        {"a\x1F"
         "b",          "a > b > c",          false},
        {"a > b",               "a > b",              true },
        {"",                    "a",                  false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(filter_category(bytes_str(rows[i].list), bytes_str(rows[i].wanted)),
                         rows[i].passes);
}

static void zh_means_both_scripts(void **state)
{
    (void)state;
    assert_true(filter_lang(BYTES_LIT("zh-Hans"), BYTES_LIT("zh")));
    assert_true(filter_lang(BYTES_LIT("zh-Hant"), BYTES_LIT("zh")));
    assert_true(filter_lang(BYTES_LIT("zh-Hant"), BYTES_LIT("zh-hant")));
    assert_false(filter_lang(BYTES_LIT("zh-Hant"), BYTES_LIT("zh-Hans")));
    assert_false(filter_lang(BYTES_LIT("zha"), BYTES_LIT("zh")));
    assert_false(filter_lang(BYTES_LIT("z"), BYTES_LIT("zh")));
    assert_true(filter_lang(BYTES_LIT("ja"), BYTES_LIT("")));
}

static void the_audience_is_never_wider_than_allowed(void **state)
{
    struct filter filter = {.audience = AUDIENCE_PUBLIC};

    (void)state;
    for (int may = 0; may < AUDIENCE_COUNT; may++)
        for (uint8_t is = 0; is < AUDIENCE_COUNT; is++) {
            filter.audience = (enum audience)may;
            assert_int_equal(filter_value(&filter, COLUMN_AUDIENCE, bytes_of(&is, 1)), is <= may);
        }
    filter.audience = AUDIENCE_PARTNER; /* a document that does not say is for staff alone */
    assert_false(filter_value(&filter, COLUMN_AUDIENCE, BYTES_NONE));
}

static void a_product_must_be_equal(void **state)
{
    struct filter filter = {.product = BYTES_LIT("MFP-200"), .audience = AUDIENCE_INTERNAL};

    (void)state;
    assert_true(filter_value(&filter, COLUMN_PRODUCT, BYTES_LIT("MFP-200")));
    assert_false(filter_value(&filter, COLUMN_PRODUCT, BYTES_LIT("MFP-2000")));
    assert_false(filter_value(&filter, COLUMN_PRODUCT, BYTES_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(categories_match_as_an_element_or_a_path),
        cmocka_unit_test(zh_means_both_scripts),
        cmocka_unit_test(the_audience_is_never_wider_than_allowed),
        cmocka_unit_test(a_product_must_be_equal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
