#include "tests/intake/web/generator.h"

#include "intake/web/i18n.h"

static void a_tag_is_read_as_the_language_its_reader_reads(void **state)
{
    static const struct {
        const char *tag;
        int lang; /* -1: none of ours */
    } table[] = {
        {"zh",         LANG_ZH_HANS},
        {"zh-CN",      LANG_ZH_HANS},
        {"zh-SG",      LANG_ZH_HANS},
        {"zh-TW",      LANG_ZH_HANT},
        {"zh-hk",      LANG_ZH_HANT},
        {"zh-MO",      LANG_ZH_HANT},
        {"zh-Hant",    LANG_ZH_HANT},
        {"ZH-HANT-CN", LANG_ZH_HANT},
        {"zh-Hans-HK", LANG_ZH_HANS},
        {"en-GB",      LANG_EN     },
        {"ja-JP",      LANG_JA     },
        {"de",         -1          },
        {"zhx",        -1          },
        {"",           -1          },
        {"-",          -1          },
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        enum lang lang;
        bool found = lang_of_tag(bytes_str(table[i].tag), &lang);

        assert_int_equal(table[i].lang, found ? (int)lang : -1);
    }
}

static void the_best_of_the_accepted_languages_is_taken(void **state)
{
    static const struct {
        const char *header;
        enum lang lang;
    } table[] = {
        {"",                                LANG_EN     },
        {"de, fr;q=0.9",                    LANG_EN     },
        {"zh-CN,zh;q=0.9,en;q=0.8",         LANG_ZH_HANS},
        {"zh-TW,zh;q=0.9,en-US;q=0.8",      LANG_ZH_HANT},
        {"en;q=0.5, ja",                    LANG_JA     },
        {"en;q=0.5,ja;q=0.50",              LANG_EN     },
        {"ja;q=0, zh-HK;q=0.1",             LANG_ZH_HANT},
        {"de;q=1,ja ; q=0.3 , en ;q=0.2",   LANG_JA     },
        {",,;;q=,ja;q=x;q=0.4",             LANG_EN     },
        {"ja;q=0.000000000000000000000001", LANG_EN     },
        {"*",                               LANG_EN     },
    };

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        assert_int_equal(table[i].lang, lang_accept(bytes_str(table[i].header)));
}

static void a_count_chooses_its_form_by_language(void **state)
{
    static const struct {
        enum lang lang;
        const char *n, *text;
    } table[] = {
        {LANG_EN,      "0",  "0 results"  },
        {LANG_EN,      "1",  "1 result"   },
        {LANG_EN,      "11", "11 results" },
        {LANG_ZH_HANS, "1",  "1 条结果"},
        {LANG_JA,      "1",  "1 件"      },
    };
    struct buf out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const struct bytes args[] = {bytes_str(table[i].n)};

        buf_clear(&out);
        text_fill(&out, table[i].lang, T_status_found, args, 1);
        assert_string_equal(table[i].text, buf_str(&out));
    }
    buf_release(&out);
}

static void every_key_is_found_by_its_name_and_no_other(void **state)
{
    enum text_key key;

    (void)state;
    for (int i = 0; i < TEXT_COUNT; i++) {
        assert_true(text_find(text_key_names[i], &key));
        assert_int_equal(i, key);
    }
    assert_false(text_find("", &key));
    assert_false(text_find("state_nowhere", &key));
    assert_false(text_find("zzzz", &key));
}

/* Runs i18n_gen on these four catalogs. */
static int generate(const char *const catalogs[LANG_COUNT], char *said, size_t room)
{
    char *dir = test_dir_new(), *program = generator_path("i18n_gen"), *command = NULL;
    int code;

    for (int i = 0; i < LANG_COUNT; i++) {
        char name[] = "0.json";

        name[0] = (char)('0' + i);
        write_file(dir, name, catalogs[i]);
    }
    assert_true(asprintf(&command,
                         "cd %s && %s keys.h table.c 0.json 1.json 2.json 3.json 2>&1 && "
                         "cat keys.h table.c",
                         dir, program) > 0);
    code = run_command(command, said, room);
    free(command);
    free(program);
    test_dir_remove(dir);
    return code;
}

static void catalogs_that_agree_become_a_table(void **state)
{
    static const char *const good[] = {"{\"b\":\"甲 {0}\",\"a.other\":\"{0} 个\"}",
                                       "{\"b\":\"乙 {0}\",\"a.other\":\"{0} 個\"}",
                                       "{\"b\":\"A {0}\",\"a.one\":\"one\",\"a.other\":\"{0}\"}",
                                       "{\"b\":\"C \\\"{0}\\\"\",\"a.other\":\"{0} 件\"}"};
    char said[4000];

    (void)state;
    assert_int_equal(0, generate(good, said, sizeof said));
    assert_non_null(strstr(said, "T_a,\n    T_b,\n    TEXT_COUNT"));
    assert_non_null(strstr(said, "{\"one\", \"{0}\"}"));
    assert_non_null(strstr(said, "{NULL, \"C \\\"{0}\\\"\"}"));
}

#define A(text) "{\"a\":\"" text "\"}"
#define OTHER "{\"a.other\":\"x\"}"
#define BOTH "{\"a.one\":\"x\",\"a.other\":\"x\"}"

static void catalogs_that_differ_fail_the_build(void **state)
{
    static const struct {
        const char *hans, *hant, *en, *ja, *sentence;
    } table[] = {
        {A("x"),                      A("x"),   "{}",     A("x"),   "en: \"a\" is missing"                   },
        {A("x"),                      A("x"),   A(""),    A("x"),   "en: \"a\" is missing"                   },
        {"{}",                        "{}",     "{}",     A("x"),   "zh-Hans: \"a\" is missing"              },
        {A("{0}"),                    A("{0}"), A("{1}"), A("{0}"), "en: \"a\" has other places"             },
        {A("{x}"),                    A("b"),   A("b"),   A("b"),   "zh-Hans: \"a\" has a brace"             },
        {OTHER,                       OTHER,    OTHER,    OTHER,    "en: \"a.one\" is missing"               },
        {BOTH,                        OTHER,    BOTH,     OTHER,    "zh-Hans: \"a.one\" is one form too many"},
        {"{\"a-b\":\"x\"}",           "{}",     "{}",     "{}",     "is not a key"                           },
        {"{\"a\":\"x\",\"a\":\"y\"}", "{}",     "{}",     "{}",     "duplicate"                              },
        {"[",                         "{}",     "{}",     "{}",     "0.json:1"                               },
    };
    char said[4000];

    (void)state;
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        const char *const catalogs[] = {table[i].hans, table[i].hant, table[i].en, table[i].ja};

        assert_int_equal(1, generate(catalogs, said, sizeof said));
        if (strstr(said, table[i].sentence) == NULL)
            fail_msg("row %zu: said \"%s\"", i, said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tag_is_read_as_the_language_its_reader_reads),
        cmocka_unit_test(the_best_of_the_accepted_languages_is_taken),
        cmocka_unit_test(a_count_chooses_its_form_by_language),
        cmocka_unit_test(every_key_is_found_by_its_name_and_no_other),
        cmocka_unit_test(catalogs_that_agree_become_a_table),
        cmocka_unit_test(catalogs_that_differ_fail_the_build),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
