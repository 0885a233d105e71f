/* Looking phrases up: what begins where, against a naive search; and that what comes with the
 * program is whole: each phrase is its own folded form and is found. */
#include "tests/harness.h"

#include "search/query/vocabulary.h"
#include "search/query/vocabulary_build.h"

#include <stdio.h>

static void build(const char *text, struct arena *arena, struct vocabulary *out)
{
    struct folder *folder;
    struct error err;

    assert_ok(folder_new(&folder, &err));
    assert_ok(vocabulary_build(bytes_str(text), folder, arena, out, &err));
    folder_free(folder);
}

/* "at 3: 打印机 打印" for each place where something begins, the longest first. */
static void say_all(const struct vocabulary *v, struct bytes text, struct buf *out)
{
    for (size_t at = 0; at < text.len; at++) {
        const struct vocabulary_phrase *phrase;

        if (!vocabulary_may_begin(text, at) || (phrase = vocabulary_longest(v, text, at)) == NULL)
            continue;
        buf_printf(out, "%s%zu:", out->len > 0 ? "; " : "", at);
        for (; phrase != NULL; phrase = vocabulary_shorter(v, text, at, phrase)) {
            buf_add_str(out, " ");
            buf_add(out, vocabulary_text(v, phrase));
        }
    }
}

static void phrases_are_found_where_they_stand(void **state)
{
    static const char vocabulary[] = "打印机, 印表機\n打印, 列印\n打印机驱动, 驱动\nlog in, login\n"
                                     "log, journal\nWi-Fi, 无线\nU盘, 随身碟\nusb, 通用串行总线\n";
    static const char *const rows[][2] = {
        {"打印机坏了",    "0: 打印机 打印"                           },
        {"打印机驱动器", "0: 打印机驱动 打印机 打印; 9: 驱动"},
        {"印打印",          "3: 打印"                                     },
        {"log in",             "0: log in log"                                 },
        {"log inn",            "0: log"                                        }, /* a whole word */
        {"blog in",            ""                                              },
        {"logs",               ""                                              },
        {"the wi-fi",          "4: wi-fi"                                      },
        {"u盘和usb",         "0: u盘; 7: usb"                               },
        {"usb2",               ""                                              },
        {"",                   ""                                              },
    };
    struct arena *arena = arena_new(1 << 24);
    struct vocabulary v;

    (void)state;
    build(vocabulary, arena, &v);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf said = {0};

        say_all(&v, bytes_str(rows[i][0]), &said);
        assert_string_equal(rows[i][1], buf_str(&said));
        buf_release(&said);
    }
    arena_free(arena);
}

/* Other phrases of one, with a mark for what they mean. */
static void say_rules(const struct vocabulary *v, const char *text, struct buf *out)
{
    static const char *const marks[] = {"=", ">", "~"};
    const struct vocabulary_phrase *phrase = vocabulary_find(v, bytes_str(text));

    for (uint32_t i = 0; phrase != NULL && i < phrase->rules_count; i++) {
        const struct vocabulary_rule *rule = &v->rules[phrase->rules + i];

        buf_printf(out, "%s%s%.*s", i > 0 ? " " : "", marks[rule->meaning],
                   (int)v->phrases[rule->phrase].len, v->texts + v->phrases[rule->phrase].at);
    }
}

static void each_phrase_knows_its_others(void **state)
{
    static const char vocabulary[] = "滑鼠, 鼠标, Mouse\n~ 滑鼠, 指针\nlaptop > PC\n滑鼠, 鼠标\n"
                                     "軟體, 软体, 软件\n? 请问\n";
    static const char *const rows[][2] = {
        {"滑鼠", "=鼠标 =mouse ~指针"},
        {"鼠标", "=滑鼠 =mouse"        },
        {"mouse",  "=滑鼠 =鼠标"       },
        {"指针", "~滑鼠"               },
        {"laptop", ">pc"                   },
        {"pc",     ""                      },
        {"软体", "=软件"               }, /* 軟體 folds to it, and is no other phrase */
        {"请问", ""                      },
        {"没有", ""                      },
    };
    struct arena *arena = arena_new(1 << 24);
    struct vocabulary v;

    (void)state;
    build(vocabulary, arena, &v);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf said = {0};

        say_rules(&v, rows[i][0], &said);
        assert_string_equal(rows[i][1], buf_str(&said));
        buf_release(&said);
    }
    assert_true((vocabulary_find(&v, bytes_str("请问"))->flags & PHRASE_ASKS) != 0);
    arena_free(arena);
}

static bool is_word(struct bytes text, size_t at)
{
    return at < text.len && text.data[at] >= 'a' && text.data[at] <= 'z';
}

/* The longest phrase at `at`, by trying all of them. */
static const struct vocabulary_phrase *naive(const struct vocabulary *v, struct bytes text,
                                             size_t at)
{
    const struct vocabulary_phrase *best = NULL;

    for (uint32_t i = 0; i < v->phrases_count; i++) {
        struct bytes phrase = vocabulary_text(v, &v->phrases[i]);
        size_t end = at + phrase.len;

        if (bytes_has_prefix(bytes_of(text.data + at, text.len - at), phrase) &&
            !(is_word(text, end - 1) && is_word(text, end)) &&
            (best == NULL || best->len < phrase.len))
            best = &v->phrases[i];
    }
    return best;
}

static void add_random(struct buf *out, struct test_random *random, uint32_t letters)
{
    static const char *const alphabet[] = {"a", "b", " ", "打", "印", "-"};

    for (uint32_t i = 0; i < letters; i++)
        buf_add_str(out, alphabet[test_random_below(random, 6)]);
}

static void it_finds_what_trying_all_phrases_finds(void **state)
{
    struct test_random random = test_random_new();

    (void)state;
    for (int round = 0; round < 200; round++) {
        struct arena *arena = arena_new(1 << 24);
        struct buf lines = {0}, text = {0};
        struct vocabulary v;

        for (int i = 0; i < 30; i++) {
            buf_add_str(&lines, "xx, x");
            add_random(&lines, &random, 1 + test_random_below(&random, 5));
            buf_add_str(&lines, "x\n? ");
            add_random(&lines, &random, 1 + test_random_below(&random, 6));
            buf_add_str(&lines, "印a\n");
        }
        build(buf_str(&lines), arena, &v);
        add_random(&text, &random, 40);
        for (size_t at = 0; at < text.len; at++) {
            struct bytes bytes = buf_bytes(&text);

            if (vocabulary_may_begin(bytes, at))
                assert_ptr_equal(naive(&v, bytes, at), vocabulary_longest(&v, bytes, at));
        }
        buf_release(&lines);
        buf_release(&text);
        arena_free(arena);
    }
}

static void what_comes_with_the_program_is_folded_and_found(void **state)
{
    const struct vocabulary *v = &vocabulary_shipped;
    struct folder *folder;
    struct error err;

    (void)state;
    assert_ok(folder_new(&folder, &err));
    assert_true(v->phrases_count > 3000 && v->rules_count > 4000);
    for (uint32_t i = 0; i < v->phrases_count; i++) {
        struct bytes text = vocabulary_text(v, &v->phrases[i]);
        struct folded folded;

        assert_ok(folder_run(folder, text, &folded, &err));
        assert_bytes_equal(folded.text, text);
        assert_ptr_equal(&v->phrases[i], vocabulary_find(v, text));
        assert_true(v->phrases[i].rules + v->phrases[i].rules_count <= v->rules_count);
    }
    for (uint32_t i = 0; i < v->rules_count; i++)
        assert_true(v->rules[i].phrase < v->phrases_count);
    folder_free(folder);
}

static void regional_words_come_with_the_program(void **state)
{
    static const char *const rows[][2] = {
        {"软体",       "软件"      }, /* folded: 軟體 */
        {"滑鼠",       "鼠标"      },
        {"印表机",    "打印机"   },
        {"伺服器",    "服务器"   },
        {"登入",       "登录"      },
        {"连线逾时", "连接超时"},
        {"重新开机", "重启"      },
        {"sign in",      "log in"      },
        {"ぱそこん", "pc"          },
        {"프린트",    "인쇄"      },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct buf said = {0};

        say_rules(&vocabulary_shipped, rows[i][0], &said);
        if (strstr(buf_str(&said), rows[i][1]) == NULL)
            fail_msg("%s does not bring %s but %s", rows[i][0], rows[i][1], buf_str(&said));
        buf_release(&said);
    }
}

static void a_script_tells_the_language(void **state)
{
    (void)state;
    assert_int_equal(VOCABULARY_ANY, vocabulary_langs_of(bytes_str("printer")));
    assert_int_equal(VOCABULARY_JA | VOCABULARY_EN, vocabulary_langs_of(bytes_str("印刷ぷりんた")));
    assert_int_equal(VOCABULARY_KO | VOCABULARY_EN, vocabulary_langs_of(bytes_str("프린터")));
    assert_int_equal(VOCABULARY_ZH | VOCABULARY_JA | VOCABULARY_EN,
                     vocabulary_langs_of(bytes_str("打印 a4")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_are_found_where_they_stand),
        cmocka_unit_test(each_phrase_knows_its_others),
        cmocka_unit_test(it_finds_what_trying_all_phrases_finds),
        cmocka_unit_test(what_comes_with_the_program_is_folded_and_found),
        cmocka_unit_test(regional_words_come_with_the_program),
        cmocka_unit_test(a_script_tells_the_language),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
