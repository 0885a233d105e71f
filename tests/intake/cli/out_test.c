#include "tests/harness.h"

#include "intake/cli/out.h"

static void what_a_terminal_would_obey_becomes_a_blank(void **state)
{
    static const struct {
        struct bytes text;
        const char *plain, *lines;
    } cases[] = {
        {BYTES_LIT("plain 文字"),  "plain 文字", "plain 文字"},
        {BYTES_LIT("a\033[31mb"),    "a [31mb",      "a [31mb"     },
        {BYTES_LIT("a\nb\tc"),       "a b c",        "a\nb c"      },
        {BYTES_LIT("a\r\n\x07"
                   "b"),
         "a b",                                      "a \nb"      },
        {BYTES_LIT("a\xC2\x9B"
                   "31mb"),
         "a 31mb",                                   "a 31mb"      },
        {BYTES_LIT("a\xE2\x80\xAE"
                   "b"),
         "a b",                                      "a b"         },
        {BYTES_LIT("a\xE2\x81\xA6"
                   "b"),
         "a b",                                      "a b"         },
        {BYTES_LIT("a\0b"),          "a b",          "a b"         },
        {BYTES_LIT("a\xFF"
                   "b"),
         "a\uFFFDb",                                 "a\uFFFDb"    },
        {BYTES_LIT(""),              "",             ""            },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buf plain = {0}, lines = {0};

        out_add_plain(&plain, cases[i].text);
        out_add_lines(&lines, cases[i].text);
        assert_string_equal(cases[i].plain, buf_str(&plain));
        assert_string_equal(cases[i].lines, buf_str(&lines));
        buf_release(&plain);
        buf_release(&lines);
    }
}

static void marks_are_bold_only_when_asked_for(void **state)
{
    static const struct mark marks[] = {
        {0, 2},
        {4, 6}
    };
    const struct marked_text text = {BYTES_LIT("abcdefg"), marks, 2};
    struct buf plain = {0}, bold = {0};

    (void)state;
    out_add_marked(&plain, &text, false);
    out_add_marked(&bold, &text, true);
    assert_string_equal("abcdefg", buf_str(&plain));
    assert_string_equal("\033[1mab\033[22mcd\033[1mef\033[22mg", buf_str(&bold));
    buf_release(&plain);
    buf_release(&bold);
}

static void marks_that_make_no_sense_are_left_out(void **state)
{
    static const struct mark marks[] = {
        {3, 2 },
        {1, 3 },
        {2, 4 },
        {5, 99}
    };
    const struct marked_text text = {BYTES_LIT("abcdefg"), marks, 4};
    struct buf bold = {0};

    (void)state;
    out_add_marked(&bold, &text, true);
    assert_string_equal("a\033[1mbc\033[22mdefg", buf_str(&bold));
    buf_release(&bold);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_terminal_would_obey_becomes_a_blank),
        cmocka_unit_test(marks_are_bold_only_when_asked_for),
        cmocka_unit_test(marks_that_make_no_sense_are_left_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
