#include "tests/intake/import/fixture.h"

#include "intake/import/lines.h"

#define MAX 100 /* bytes of a line in these tests */

/* What reading a whole file gives: "1:text|2:!invalid|…", a line for each event. */
static char *read_all(struct bytes bytes)
{
    struct buf seen = {0};
    struct source *source;
    struct lines lines;
    struct bytes line;
    struct error err;
    char *dir = test_dir_new(), *path = put_file(dir, "f", bytes);
    enum status status;

    assert_ok(source_open(path, &source, &err));
    lines_init(&lines, source, MAX);
    while ((status = lines_next(&lines, &line, &err)) != AF_NOT_FOUND) {
        buf_printf(&seen, "%s%llu:", seen.len == 0 ? "" : "|", (unsigned long long)lines.no);
        if (status == AF_OK)
            buf_add(&seen, line);
        else
            buf_printf(&seen, "!%s", status_name(status));
    }
    lines_release(&lines);
    source_close(source);
    free(path);
    test_dir_remove(dir);
    return (char *)seen.data;
}

static void lines_end_with_lf_or_cr_lf_or_the_file(void **state)
{
    static const struct {
        struct bytes text;
        const char *seen;
    } cases[] = {
        {BYTES_LIT("a\nb\n"),        "1:a|2:b"  },
        {BYTES_LIT("a\nb"),          "1:a|2:b"  },
        {BYTES_LIT("a\r\nb\r\n"),    "1:a|2:b"  },
        {BYTES_LIT("\n\na"),         "1:|2:|3:a"},
        {BYTES_LIT("\xEF\xBB\xBF"
                   "a\nb"),
         "1:a|2:b"                              },
        {BYTES_LIT("a\n\xEF\xBB\xBF"
                   "b"),
         "1:a|2:\xEF\xBB\xBF"
         "b"                                    },
        {BYTES_LIT("\xEF\xBB\xBF"),  "1:"       },
        {BYTES_LIT("a\rb"),          "1:a\rb"   },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *seen = read_all(cases[i].text);

        assert_string_equal(cases[i].seen, seen);
        free(seen);
    }
}

static void an_empty_file_has_no_line(void **state)
{
    (void)state;
    assert_null(read_all(BYTES_LIT("")));
}

static void a_bad_line_is_named_and_the_next_one_read(void **state)
{
    static const struct {
        struct bytes text;
        const char *seen;
    } cases[] = {
        {BYTES_LIT("a\n\xFF\nb\n"),        "1:a|2:!invalid|3:b"},
        {BYTES_LIT("a\nx\0y\nb\n"),        "1:a|2:!invalid|3:b"},
        {BYTES_LIT("\xED\xA0\x80\nb"),     "1:!invalid|2:b"    },
        {BYTES_LIT("\xB4\xF2\xD3\xA1\nb"), "1:!invalid|2:b"    },
        {BYTES_LIT("\xFF\xFE"
                   "a\0\n\0b"),
         "1:!invalid|2:!invalid"                               },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *seen = read_all(cases[i].text);

        assert_string_equal(cases[i].seen, seen);
        free(seen);
    }
}

/* Around the limit, and around the size of one read, where a line is put together from two. */
static void a_line_may_be_as_long_as_the_limit_and_no_longer(void **state)
{
    static const size_t lengths[] = {MAX - 1, MAX, MAX + 1, 65535, 65536, 65537, 200000};

    (void)state;
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        for (int last = 0; last < 2; last++) {
            struct buf text = {0}, wanted = {0};
            char *seen;

            buf_add_str(&text, "a\n");
            memset(buf_reserve(&text, lengths[i]), 'x', lengths[i]);
            text.len += lengths[i];
            buf_add_str(&text, last ? "" : "\nb\n");
            buf_add_str(&wanted, "1:a|2:");
            if (lengths[i] > MAX)
                buf_add_str(&wanted, "!too-large");
            else
                buf_printf(&wanted, "%.*s", (int)lengths[i], (char *)text.data + 2);
            buf_add_str(&wanted, last ? "" : "|3:b");
            seen = read_all(buf_bytes(&text));
            assert_string_equal(buf_str(&wanted), seen);
            free(seen);
            buf_release(&text);
            buf_release(&wanted);
        }
    }
}

static void any_cut_of_many_lines_gives_each_of_them(void **state)
{
    struct test_random random = test_random_new();
    struct buf text = {0}, wanted = {0};
    char *seen;

    (void)state;
    for (unsigned i = 1; i <= 4000; i++) {
        uint32_t len = test_random_below(&random, MAX);

        buf_printf(&wanted, "%s%u:", i == 1 ? "" : "|", i);
        for (uint32_t j = 0; j < len; j++) {
            uint8_t c = (uint8_t)('a' + test_random_below(&random, 26));

            buf_add_u8(&text, c);
            buf_add_u8(&wanted, c);
        }
        buf_add_u8(&text, '\n');
    }
    seen = read_all(buf_bytes(&text));
    assert_string_equal(buf_str(&wanted), seen);
    free(seen);
    buf_release(&text);
    buf_release(&wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_end_with_lf_or_cr_lf_or_the_file),
        cmocka_unit_test(an_empty_file_has_no_line),
        cmocka_unit_test(a_bad_line_is_named_and_the_next_one_read),
        cmocka_unit_test(a_line_may_be_as_long_as_the_limit_and_no_longer),
        cmocka_unit_test(any_cut_of_many_lines_gives_each_of_them),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
