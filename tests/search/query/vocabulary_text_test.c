/* A vocabulary as people write it: lines that are taken, lines that are refused and why, limits. */
#include "tests/harness.h"

#include "search/query/vocabulary.h"
#include "search/query/vocabulary_text.h"

/* "SAME any 2 滑鼠|鼠标" */
static void say(const struct vocabulary_line *line, struct buf *out)
{
    static const char *const kinds[] = {"SAME", "NEAR", "ASKS", "WITHOUT"};

    buf_printf(out, "%s %u:", kinds[line->kind], line->langs);
    for (uint32_t i = 0; i < line->count; i++)
        buf_printf(out, "%s%.*s",
                   i == line->left ? " > "
                   : i > 0         ? "|"
                                   : " ",
                   (int)line->phrases[i].len, (const char *)line->phrases[i].data);
}

static void lines_are_read_as_they_are_meant(void **state)
{
    static const char *const rows[][2] = {
        {"滑鼠, 鼠标, mouse",           "SAME 15: 滑鼠|鼠标|mouse"          },
        {"  滑鼠 ,鼠标\r",              "SAME 15: 滑鼠|鼠标"                },
        {"滑鼠，鼠标、mouse",         "SAME 15: 滑鼠|鼠标|mouse"          },
        {"zh: 滑鼠, 鼠标",              "SAME 1: 滑鼠|鼠标"                 },
        {"ja:端末, パソコン",         "SAME 2: 端末|パソコン"           },
        {"~ 卡顿, 很慢",                "NEAR 15: 卡顿|很慢"                },
        {"~ zh: 卡顿, 很慢",            "NEAR 1: 卡顿|很慢"                 },
        {"zh: ~ 卡顿, 很慢",            "NEAR 1: 卡顿|很慢"                 },
        {"laptop, notebook > PC, computer", "SAME 15: laptop|notebook > PC|computer"},
        {"? 请问",                        "ASKS 15: 请问"                       },
        {"? how do I, 怎么办",           "ASKS 15: how do I|怎么办"           },
        {"- 程序, 文件",                "WITHOUT 15: 程序|文件"             },
        {"\n# a, b\n\n  \nlog in, login\n", "SAME 15: log in|login"                 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vocabulary_lines lines = vocabulary_lines_of(bytes_str(rows[i][0]));
        struct vocabulary_line line;
        struct buf said = {0};
        struct error err;

        assert_ok(vocabulary_next_line(&lines, &line, &err));
        say(&line, &said);
        assert_string_equal(rows[i][1], buf_str(&said));
        assert_int_equal(AF_NOT_FOUND, vocabulary_next_line(&lines, &line, &err));
        buf_release(&said);
    }
}

static void what_is_wrong_is_refused_with_its_line(void **state)
{
    static const char *const rows[][2] = {
        {"滑鼠",             "line 1: one phrase alone says nothing"                     },
        {"a b, c d\n滑鼠, ", "line 2: a phrase has at least two characters"              },
        {"域, 网域",        "line 1: a phrase has at least two characters"              },
        {",",                  "line 1: a phrase has at least two characters"              },
        {"fr: mot, parole",    "line 1: before a colon stands a language: zh, ja, ko or en"},
        {"C: drive, disk C",   "line 1: before a colon stands a language: zh, ja, ko or en"},
        {"? how > what",       "line 1: nothing can be right of >"                         },
        {"- one > two",        "line 1: nothing can be right of >"                         },
        {"one > ",             "line 1: a phrase has at least two characters"              },
        {"ab, \xFF\xFE",       "line 1: not UTF-8"                                         },
        {"~",                  "line 1: a phrase has at least two characters"              },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vocabulary_counts counts;
        struct error err;

        assert_refused(AF_INVALID, vocabulary_text_check(bytes_str(rows[i][0]), &counts, &err));
        assert_string_equal(rows[i][1], err.text);
    }
}

static void add_line(struct buf *text, uint32_t phrases, uint32_t first)
{
    for (uint32_t i = 0; i < phrases; i++)
        buf_printf(text, "%sw%u", i > 0 ? "," : "", first + i);
    buf_add_str(text, "\n");
}

static enum status check(const struct buf *text, struct error *err)
{
    struct vocabulary_counts counts;

    return vocabulary_text_check(buf_bytes(text), &counts, err);
}

static void each_limit_is_met_and_not_passed(void **state)
{
    struct buf text = {0};
    struct error err;

    (void)state;
    add_line(&text, VOCABULARY_LINE_PHRASES_MAX, 0);
    assert_ok(check(&text, &err));
    buf_clear(&text);
    add_line(&text, VOCABULARY_LINE_PHRASES_MAX + 1, 0);
    assert_refused(AF_INVALID, check(&text, &err));

    buf_clear(&text);
    for (int i = 0; i < VOCABULARY_PHRASE_BYTES_MAX; i++)
        buf_add_str(&text, "x");
    buf_add_str(&text, ", y2");
    assert_ok(check(&text, &err));
    buf_add_str(&text, "\nx");
    for (int i = 0; i < VOCABULARY_PHRASE_BYTES_MAX; i++)
        buf_add_str(&text, "x");
    buf_add_str(&text, ", y2");
    assert_refused(AF_INVALID, check(&text, &err));

    buf_clear(&text);
    while (text.len < VOCABULARY_BYTES_MAX)
        buf_add_str(&text, "#");
    assert_ok(check(&text, &err));
    buf_add_str(&text, "#");
    assert_refused(AF_TOO_LARGE, check(&text, &err));
    buf_release(&text);
}

/* Lines of 32 are 992 pairs each. */
static void pairs_are_limited_together(void **state)
{
    const uint32_t pairs = VOCABULARY_LINE_PHRASES_MAX * (VOCABULARY_LINE_PHRASES_MAX - 1);
    struct buf text = {0};
    struct error err;

    (void)state;
    for (uint32_t i = 0; i < VOCABULARY_RULES_MAX / pairs; i++)
        add_line(&text, VOCABULARY_LINE_PHRASES_MAX, 10);
    assert_ok(check(&text, &err));
    add_line(&text, VOCABULARY_LINE_PHRASES_MAX, 10);
    assert_refused(AF_TOO_LARGE, check(&text, &err));
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read_as_they_are_meant),
        cmocka_unit_test(what_is_wrong_is_refused_with_its_line),
        cmocka_unit_test(each_limit_is_met_and_not_passed),
        cmocka_unit_test(pairs_are_limited_together),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
