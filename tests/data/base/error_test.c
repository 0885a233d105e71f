#include "tests/harness.h"

#include "data/base/utf8.h"

static void a_sentence_is_kept_with_its_status(void **state)
{
    struct error err;

    (void)state;
    assert_int_equal(AF_FULL, error_set(&err, AF_FULL, "no room for %d", 7));
    assert_int_equal(AF_FULL, err.status);
    assert_string_equal("no room for 7", err.text);
    assert_int_equal(AF_BUSY, error_set(NULL, AF_BUSY, "nobody listens"));
}

static void a_prefix_goes_before_the_sentence(void **state)
{
    struct error err;

    (void)state;
    (void)error_set(&err, AF_IO, "broken");
    assert_int_equal(AF_IO, error_prefix(&err, "file %d", 3));
    assert_string_equal("file 3: broken", err.text);
}

/* Of every width of character, at every place relative to the end. */
static void a_long_sentence_is_cut_between_characters(void **state)
{
    static const char *const characters[] = {"x", "\xC3\xA9", "\xE6\x89\x93", "\xF0\x9F\x96\xA8"};

    (void)state;
    for (size_t c = 0; c < 4; c++)
        for (size_t shift = 0; shift < 5; shift++) {
            char text[600] = "";
            struct error err;
            size_t n = shift;

            memset(text, '.', shift);
            while (n + 4 < sizeof text) {
                memcpy(text + n, characters[c], strlen(characters[c]) + 1);
                n += strlen(characters[c]);
            }
            (void)error_set(&err, AF_IO, "%s", text);
            n = strlen(err.text);
            assert_true(n < ERROR_TEXT_MAX && n + 4 >= ERROR_TEXT_MAX);
            assert_int_equal(n, utf8_valid_len(bytes_str(err.text)));
            assert_memory_equal(text, err.text, n);
        }
}

static void a_character_cut_inside_the_sentence_goes(void **state)
{
    static const struct {
        const char *given, *wanted;
    } cases[] = {
        {"\xE6\x89\x93\xE6\x89\x93", "no \xE6\x89\x93 here"    },
        {"x\xE6\x89\x93\xE6\x89",    "no x\xE6\x89\x93 here"   },
        {"\xFF\xFE\xC0\x80",         "no  here"                },
        {"\xF0\x9F\x96\xA8\xF0",     "no \xF0\x9F\x96\xA8 here"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct error err;

        (void)error_set(&err, AF_NOT_FOUND, "no %.5s here", cases[i].given);
        assert_string_equal(cases[i].wanted, err.text);
    }
}

static void every_status_has_a_word_of_its_own(void **state)
{
    (void)state;
    for (int i = 0; i < AF_STATUS_COUNT; i++) {
        const char *name = status_name((enum status)i);

        assert_non_null(name);
        assert_string_not_equal("unknown", name);
        for (int k = 0; k < i; k++)
            assert_string_not_equal(name, status_name((enum status)k));
    }
    assert_string_equal("unknown", status_name((enum status)AF_STATUS_COUNT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sentence_is_kept_with_its_status),
        cmocka_unit_test(a_prefix_goes_before_the_sentence),
        cmocka_unit_test(a_long_sentence_is_cut_between_characters),
        cmocka_unit_test(a_character_cut_inside_the_sentence_goes),
        cmocka_unit_test(every_status_has_a_word_of_its_own),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
