/* Highlights and snippets: a query made of text, every group taken as known to the index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/utf8.h"
#include "search/show/snippet.h"

#include <stdlib.h>

static struct analyzer *analyzer;
static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(256u << 20);
    return arena == NULL || analyzer_new(&analyzer, NULL) != AF_OK;
}

static int tear_down(void **state)
{
    (void)state;
    analyzer_free(analyzer);
    arena_free(arena);
    return 0;
}

static struct highlighter *highlighter_of(const char *question)
{
    struct query *query = arena_alloc(arena, sizeof *query);
    struct highlighter *highlighter;

    assert_int_equal(query_parse(analyzer, bytes_str(question), false, arena, query, NULL), AF_OK);
    for (uint32_t i = 0; i < query->groups_count; i++) {
        struct group *group = &query->groups[i];

        group->df = 1;
        group->idf = 1;
        group->weight = group->kind == GROUP_GRAM1 ? 0.5f : 1;
        for (struct member *m = group->members; m != NULL; m = m->next)
            m->df = 1;
    }
    assert_int_equal(highlighter_new(query, analyzer, arena, &highlighter, NULL), AF_OK);
    return highlighter;
}

/* The text with [brackets] around its marks. */
static const char *bracketed(struct bytes text, const struct mark *marks, uint32_t count)
{
    struct buf out = {0};
    size_t at = 0;
    const char *copy;

    for (uint32_t i = 0; i < count; i++) {
        assert_true(marks[i].start >= at && marks[i].end > marks[i].start);
        assert_true(marks[i].end <= text.len);
        buf_add(&out, bytes_of(text.data + at, marks[i].start - at));
        buf_add_u8(&out, '[');
        buf_add(&out, bytes_of(text.data + marks[i].start, marks[i].end - marks[i].start));
        buf_add_u8(&out, ']');
        at = marks[i].end;
    }
    buf_add(&out, bytes_of(text.data + at, text.len - at));
    copy = arena_str(arena, buf_bytes(&out));
    buf_release(&out);
    return copy;
}

static const char *marked(const char *question, struct bytes text)
{
    struct matches matches;
    struct mark *marks;
    uint32_t count;

    assert_int_equal(highlighter_find(highlighter_of(question), text, &matches, NULL), AF_OK);
    assert_int_equal(highlight_marks(&matches, arena, &marks, &count, NULL), AF_OK);
    return bracketed(text, marks, count);
}

static void marks_stand_on_the_characters_of_the_original(void **state)
{
    static const struct {
        const char *question, *text, *want;
    } rows[] = {
        {"打印机",    "这台打印机坏了",          "这台[打印机]坏了"         },
        {"打印机",    "這台打印機壞了",          "這台[打印機]壞了"         },
        {"打印機",    "这台打印机坏了",          "这台[打印机]坏了"         },
        {"toner",        "No Toner, toner!",               "No [Toner], [toner]!"            },
        {"toner",        "ＴＯＮＥＲ切れ",          "[ＴＯＮＥＲ]切れ"         },
        {"ルーター", "るーたーを再起動",       "[るーたー]を再起動"      },
        {"ﾙｰﾀｰ", "ルーターを再起動",       "[ルーター]を再起動"      },
        {"프린터",    "프린터가 안 됩니다",     "[프린터]가 안 됩니다"    },
        {"ora00942",     "错误ORA-00942：表不存在", "错误[ORA-00942]：表不存在"},
        {"hg-8245h",     "HG8245H光猫",                  "[HG8245H]光猫"                 },
        {"einfuhrung",   "Die Einführung",                "Die [Einführung]"               },
        {"纸",          "缺纸",                         "缺[纸]"                        },
        {"缺纸",       "纸张，缺纸",                "纸张，[缺纸]"               }, /* 纸 alone is not it */
        {"缺纸",       "纸张",                         "[纸]张"                        }, /* nothing longer */
        {"",             "打印机",                      "打印机"                       },
        {"打印机",    "",                               ""                                },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(marked(rows[i].question, bytes_str(rows[i].text)), rows[i].want);
}

static const char *snippet(const char *question, const char *article_json)
{
    json_t *article = json_loads(article_json, 0, NULL);
    struct marked_text text;

    assert_non_null(article);
    assert_int_equal(snippet_make(article, highlighter_of(question), arena, &text, NULL), AF_OK);
    json_decref(article);
    return bracketed(text.text, text.marks, text.marks_count);
}

static void the_sentence_that_matched_is_shown(void **state)
{
    (void)state;
    assert_string_equal(snippet("缺纸", "{\"text\":\"打印机开机正常。纸盒里有纸，但是一直报缺纸。"
                                        "请检查传感器。\"}"),
                        "纸盒里有纸，但是一直报[缺纸]。请检查传感器。");
    assert_string_equal(snippet("toner", "{\"symptom\":\"Pages are pale.\",\"resolution\":"
                                         "\"Replace the toner.\\nThen print a test page.\"}"),
                        "Replace the [toner]. Then print a test page.");
    assert_string_equal(snippet("nothing", "{\"text\":\"First line.\\nSecond line.\"}"),
                        "First line. Second line.");
    assert_string_equal(snippet("x", "{\"title\":\"only a title\"}"), "");
}

static void two_pieces_are_joined_when_both_matter(void **state)
{
    struct buf json = {0};
    const char *text;

    (void)state;
    buf_add_str(&json, "{\"text\":\"The toner leaks badly. ");
    for (int i = 0; i < 60; i++)
        buf_add_str(&json, "Nothing of interest stands here. ");
    buf_add_str(&json, "Clean the fuser with care.\"}");
    text = snippet("toner fuser", buf_str(&json));
    buf_release(&json);
    assert_non_null(strstr(text, "[toner]"));
    assert_non_null(strstr(text, "[fuser]"));
    assert_non_null(strstr(text, " \xE2\x80\xA6 "));
    assert_true(strlen(text) < 3 * SNIPPET_COST);
}

static void markup_is_not_shown(void **state)
{
    const char *text;

    (void)state;
    text = snippet("guide", "{\"text\":\"See the **[guide](http://a/b)** first.\"}");
    assert_non_null(strstr(text, "[guide]"));
    assert_null(strstr(text, "http"));
    assert_null(strstr(text, "**"));
}

static void a_long_manual_costs_a_bounded_piece(void **state)
{
    struct buf json = {0};
    const char *text;

    (void)state;
    buf_add_str(&json, "{\"text\":\"");
    for (int i = 0; i < 6000; i++)
        buf_add_str(&json, "一二三四五六七八九十");
    buf_add_str(&json, "打印机缺纸");
    for (int i = 0; i < 6000; i++)
        buf_add_str(&json, "一二三四五六七八九十");
    buf_add_str(&json, "\"}");
    text = snippet("打印机缺纸", buf_str(&json));
    buf_release(&json);
    assert_non_null(strstr(text, "[打印机缺纸]"));
    assert_true(strlen(text) < 400);
}

static void so_much_of_a_text_is_looked_at(void **state)
{
    (void)state;
    for (size_t past = 0; past < 2; past++) {
        const char *text;
        struct buf json = {0};

        buf_add_str(&json, "{\"text\":\"");
        for (size_t i = 0; i < SNIPPET_TEXT_BYTES_MAX / 8 - 2 + 2 * past; i++)
            buf_add_str(&json, "padding ");
        buf_add_str(&json, "gearbox \"}");
        text = snippet("gearbox", buf_str(&json));
        buf_release(&json);
        assert_int_equal(past == 0, strstr(text, "[gearbox]") != NULL);
    }
}

/* Any bytes: marks stay in range and on characters, and the snippet is UTF-8. */
static void random_bytes_break_nothing(void **state)
{
    unsigned seed = 5;

    (void)state;
    print_message("seed %u\n", seed);
    for (int round = 0; round < 400; round++) {
        static const char *const pieces[] = {
            "打印机", "缺纸", "。", " ",  "toner",     "\n",       "\xFF",    "é",
            "ﾙｰﾀｰ",   "\xE6", "ﬁ",  "㌔", "e\xCC\x81", "เครื่องพิมพ์", "🖨️", "."};
        struct buf text = {0};
        struct matches matches;
        struct snippet out;
        int count = rand_r(&seed) % 200;

        for (int i = 0; i < count; i++)
            buf_add_str(&text, pieces[(size_t)rand_r(&seed) % (sizeof pieces / sizeof *pieces)]);
        assert_int_equal(highlighter_find(highlighter_of("打印机缺纸 toner ルーター fi é"),
                                          buf_bytes(&text), &matches, NULL),
                         AF_OK);
        assert_int_equal(snippet_of(buf_bytes(&text), &matches, 100, arena, &out, NULL), AF_OK);
        (void)bracketed(out.text.text, out.text.marks, out.text.marks_count);
        assert_int_equal(utf8_valid_len(out.text.text), out.text.text.len);
        buf_release(&text);
        arena_clear(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_stand_on_the_characters_of_the_original),
        cmocka_unit_test(the_sentence_that_matched_is_shown),
        cmocka_unit_test(two_pieces_are_joined_when_both_matter),
        cmocka_unit_test(markup_is_not_shown),
        cmocka_unit_test(a_long_manual_costs_a_bounded_piece),
        cmocka_unit_test(so_much_of_a_text_is_looked_at),
        cmocka_unit_test(random_bytes_break_nothing),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
