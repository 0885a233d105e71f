#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/clock.h"
#include "indexer/text/markup.h"

#include <stdlib.h>

static void check_blank(const char *text, const char *want)
{
    struct buf out = {0};

    markup_blank(bytes_str(text), &out);
    assert_true(buf_ok(&out));
    if (!bytes_equal(buf_bytes(&out), bytes_str(want)))
        fail_msg("\"%s\"\nbecomes \"%s\"\nnot     \"%s\"", text, buf_str(&out), want);
    buf_release(&out);
}

static void html_becomes_blanks(void **state)
{
    (void)state;
    check_blank("<p class=\"a>b\">x</p>", "               x    ");
    check_blank("a<br/>b<BR>c", "a     b    c");
    check_blank("<!-- no\n -->yes", "       \n    yes");
    check_blank("<script>if (a<b) x();</script>y", "                              y");
    check_blank("<style>p{}</style>y", "                  y");
    check_blank("<img src='a.png' alt='b'>", "                         ");
    check_blank("</div>", "      ");
}

static void what_only_looks_like_html_stays(void **state)
{
    static const char *const texts[] = {"3 < 4 and 5 > 4", "ping <address>", "a <b", "<",
                                        "vector<int> x",   "<!-- no end",    "</"};

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_blank(texts[i], texts[i]);
}

static void markdown_marks_become_blanks(void **state)
{
    (void)state;
    check_blank("See [the **guide**](http://a/b).", "See  the   guide               .");
    check_blank("![alt](i.png \"t\") x", "  alt             x");
    check_blank("[text][label]", " text        ");
    check_blank("a [b](c(d)e) f", "a  b         f");
    check_blank("*a* **b** ***c*** _d_ ~~e~~ `f`", " a    b      c     d    e    f ");
    check_blank("请*点击*这里**设置**", "请 点击 这里  设置  ");
    check_blank("# One\n## Two ##", "  One\n   Two ##");
    check_blank("> > quoted", "    quoted");
    check_blank("- a\n* b\n+ c", "  a\n  b\n  c");
    check_blank("```sh\nls\n```\n~~~\nx\n~~~", "     \nls\n   \n   \nx\n   ");
    check_blank("| a | b |\n|---|:-:|\n| c | d |", "  a   b  \n         \n  c   d  ");
    check_blank("Title\n=====\n\n---\n* * *", "Title\n     \n\n   \n     ");
    check_blank("![x](data:image/png;base64,AAAA)y", "  x                             y");
}

static void text_with_signs_stays(void **state)
{
    static const char *const texts[] = {
        "snake_case and 2*3", "~/path",         "cat x | grep y", "nginx[1234]: a",
        "a[0] (b)",           "#hashtag C# x",  "-x --help",      "5 - 3 + 1",
        "[not a link] (x)",   "1. one\n2. two", "[a]\n\n(b)",     "!important",
        "打印机：无法连接",   "a ** b",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_blank(texts[i], texts[i]);
}

static void length_and_lines_are_kept_for_any_bytes(void **state)
{
    static const char *const scraps[] = {"<p>", "</", "<!--",  "-->", "<script", "](",     ")",
                                         "[",   "!",  "*",     "_",   "`",       "```",    "~",
                                         "\n",  "|",  "# ",    "- ",  "a",       "中",     "\xFF",
                                         "\"",  "(",  "data:", ">",   " ",       "](data:"};
    unsigned seed = (unsigned)clock_steady_us();
    struct buf text = {0}, out = {0};

    (void)state;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round++) {
        buf_clear(&text);
        buf_clear(&out);
        for (int i = rand() % 20; i > 0; i--)
            buf_add_str(&text, scraps[(size_t)rand() % (sizeof scraps / sizeof scraps[0])]);
        markup_blank(buf_bytes(&text), &out);
        assert_int_equal(out.len, text.len);
        for (size_t i = 0; i < out.len; i++) {
            assert_true(out.data[i] == text.data[i] || out.data[i] == ' ');
            assert_true((out.data[i] == '\n') == (text.data[i] == '\n'));
        }
    }
    buf_release(&text);
    buf_release(&out);
}

static void appends_after_what_is_there(void **state)
{
    struct buf out = {0};

    (void)state;
    buf_add_str(&out, "x:");
    markup_blank(bytes_str("<b>y"), &out);
    assert_string_equal(buf_str(&out), "x:   y");
    markup_blank(BYTES_NONE, &out);
    assert_int_equal(out.len, 6);
    buf_release(&out);
}

static void hostile_text_takes_linear_time(void **state)
{
    static const char *const patterns[] = {"<!--", "<script", "](data:", "[",    "[](", "<a '",
                                           "<a ",  "](",      "*",       "`",    "|",   "# ",
                                           "> ",   "<p x=\"", "- ",      "[x][", "__a"};
    struct buf text = {0}, out = {0};
    int64_t start_us = clock_steady_us();

    (void)state;
    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        buf_clear(&text);
        buf_clear(&out);
        while (text.len < 1u << 20)
            buf_add_str(&text, patterns[i]);
        markup_blank(buf_bytes(&text), &out);
        assert_int_equal(out.len, text.len);
    }
    assert_true(clock_steady_us() - start_us < 60000000);
    buf_release(&text);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_becomes_blanks),
        cmocka_unit_test(what_only_looks_like_html_stays),
        cmocka_unit_test(markdown_marks_become_blanks),
        cmocka_unit_test(text_with_signs_stays),
        cmocka_unit_test(length_and_lines_are_kept_for_any_bytes),
        cmocka_unit_test(appends_after_what_is_there),
        cmocka_unit_test(hostile_text_takes_linear_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
