#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "data/base/buf.h"
#include "data/base/clock.h"
#include "data/base/limits.h"
#include "data/base/utf8.h"
#include "indexer/text/analyzer.h"

#include <stdlib.h>

static int open_analyzer(void **state)
{
    return analyzer_new((struct analyzer **)state, NULL) == AF_OK ? 0 : -1;
}

static int close_analyzer(void **state)
{
    analyzer_free(*state);
    return 0;
}

static struct analysis run(void **state, enum analyze_mode mode, struct bytes text)
{
    struct analysis analysis = {0};

    assert_int_equal(analyzer_run(*state, mode, text, &analysis, NULL), AF_OK);
    return analysis;
}

/* "w:router i:mfp-200+ | 1:缺": `|` where the position rises; after a term ~ bridged, / over a
 * word's end, ! volatile, ? unindexed, $ last. */
static void write_tokens(const struct analysis *analysis, struct buf *out)
{
    uint32_t position = 0;

    for (uint32_t i = 0; i < analysis->count; i++) {
        const struct token *t = &analysis->tokens[i];

        if (i > 0)
            buf_add_str(out, " ");
        if (t->position != position)
            buf_add_str(out, "| ");
        position = t->position;
        buf_printf(out, "%c:%.*s", t->term[0], (int)t->term_bytes - 1, (const char *)t->term + 1);
        buf_add_str(out, (t->flags & TOKEN_BRIDGED) != 0 ? "~" : "");
        buf_add_str(out, (t->flags & TOKEN_STRADDLES) != 0 ? "/" : "");
        buf_add_str(out, (t->flags & TOKEN_VOLATILE) != 0 ? "!" : "");
        buf_add_str(out, (t->flags & TOKEN_UNINDEXED) != 0 ? "?" : "");
        buf_add_str(out, (t->flags & TOKEN_LAST) != 0 ? "$" : "");
    }
}

struct expected {
    const char *text, *tokens;
};

static void check_table(void **state, enum analyze_mode mode, const struct expected *rows)
{
    struct buf got = {0};

    for (; rows->text != NULL; rows++) {
        struct analysis analysis = run(state, mode, bytes_str(rows->text));

        buf_clear(&got);
        write_tokens(&analysis, &got);
        if (!bytes_equal(buf_bytes(&got), bytes_str(rows->tokens)))
            fail_msg("\"%s\"\n  gives  %s\n  not    %s", rows->text, buf_str(&got), rows->tokens);
    }
    buf_release(&got);
}

static void one_han_character_is_its_own_gram(void **state)
{
    static const struct expected rows[] = {
        {"卡",       "1:卡"},
        {"。卡，", "1:卡"},
        {NULL,        NULL   },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void han_kana_and_hangul_give_characters_and_pairs(void **state)
{
    static const struct expected rows[] = {
        {"打印機",              "1:打 2:打印 | 1:印 2:印机 | 1:机"            },
        {"ルータ",              "1:る 2:るー | 1:ー 2:ーた | 1:た"            },
        {"연결",                 "1:연 2:연결 | 1:결"                             },
        {"人々",                 "1:人 2:人人 | 1:人"                             },
        {"打印机MFP-200缺纸", "1:打 2:打印 | 1:印 2:印机 | 1:机 | q:mfp200 p:mfp p:200 | "
                              "1:缺 2:缺纸 | 1:纸"},
        {"第3步",                "1:第 | n:3 | 1:步"                                },
        {"𠮷野",                "1:𠮷 2:𠮷野 | 1:野"                           },
        {NULL,                     NULL                                                 },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void one_blank_is_bridged_and_punctuation_is_not(void **state)
{
    static const struct expected rows[] = {
        {"换行 测试",   "1:换 2:换行 | 1:行 2:行测~ | 1:测 2:测试 | 1:试"},
        {"行\n测",        "1:行 2:行测~ | 1:测"                                  },
        {"行\r\n测",      "1:行 2:行测~ | 1:测"                                  },
        {"行　测",       "1:行 2:行测~ | 1:测"                                  },
        {"データ・タ", "1:で 2:でー | 1:ー 2:ーた | 1:た 2:たた~ | 1:た"},
        {"行  测",        "1:行 | 1:测"                                            },
        {"行，测",       "1:行 | 1:测"                                            },
        {"行\n\n测",      "1:行 | 1:测"                                            },
        {"行 a",           "1:行 | w:a"                                              },
        {NULL,              NULL                                                       },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void words_and_numbers(void **state)
{
    static const struct expected rows[] = {
        {"The Router",             "w:the | w:router"                                                   },
        {"don't can’t router's", "w:dont | w:cant | w:router"                                         },
        {"l'erreur d’accès",    "w:l | w:erreur | w:d | w:acces"                                     },
        {"п'ять",              "w:пять"                                                         },
        {"Ошибка сети",  "w:ошибка | w:сети"                                        },
        {"8080 00942",             "n:8080 | n:00942 p:942"                                             },
        {"٤٠٤",                 "n:404"                                                              },
        {"000",                    "n:000 p:0"                                                          },
        {"wi-fi e-mail",           "w:wifi w:wi w:fi | w:email w:e w:mail"                              },
        {"Get-MailboxItem",        "w:getmailboxitem w:get | w:mailboxitem p:mailbox p:item"            },
        {"client-server",          "w:clientserver w:client | w:server"                                 },
        {"state-of-the-art",       "w:stateoftheart w:state | w:of | w:the | w:art"                     },
        {"and/or a+b",             "w:and | w:or | w:a | w:b"                                           },
        {"node.js my_name",        "i:node.js w:nodejs w:node | w:js | i:my_name w:myname w:my | w:name"},
        {"End.  -- (x)",           "w:end | w:x"                                                        },
        {"naïve Straße",         "w:naive | w:strasse"                                                },
        {NULL,                     NULL                                                                 },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void identifiers_whole_squeezed_and_in_parts(void **state)
{
    static const struct expected rows[] = {
        {"HG8245H",                     "q:hg8245h p:hg p:8245 p:h"                                                   },
        {"ORA-00942",                   "q:ora00942 p:ora p:00942 p:942"                                              },
        {"ＯＲＡ－００９４２", "q:ora00942 p:ora p:00942 p:942"                                              },
        {"0x80070005",                  "q:0x80070005 p:80070005"                                                     },
        {"0x0000007B",                  "q:0x0000007b p:0000007b p:7b"                                                },
        {"v7.5.1.",                     "i:v7.5.1 q:v751 p:v7 p:v p:7 p:5 p:1"                                        },
        {"C++, C# F#",                  "i:c++ p:c | i:c# p:c | i:f# p:f"                                             },
        {"c++11",                       "i:c++11 q:c11 p:c p:11"                                                      },
        {"EG8145V5",                    "q:eg8145v5 p:eg p:8145 p:v p:5"                                              },
        {"a1b2c3d4",                    "q:a1b2c3d4 p:a1b2c3d4"                                                       },
        {"error:404",                   "w:error | n:404"                                                             },
        {"GigabitEthernet0/0/1",        "i:gigabitethernet0/0/1 q:gigabitethernet001 "
                                 "p:gigabitethernet0 p:gigabit p:ethernet p:0 p:0 p:1"},
        {NULL,                          NULL                                                                          },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void codes_inside_a_longer_chunk_are_parts_of_it(void **state)
{
    static const struct expected rows[] = {
        {"BUNDLE-2670-composer.patch", "q:bundle2670composerpatch"
                                       " p:bundle p:2670 p:composer p:patch p:bundle2670"},
        {"CVE-2019-9192/KB-2-345",     "i:cve-2019-9192/kb-2-345 q:cve20199192kb2345"
                                   " p:cve p:2019 p:9192 p:kb p:2 p:345"
                                   " p:cve20199192 p:kb2345"                                 },
        {"db/MANIFEST-000001",         "i:db/manifest-000001 q:dbmanifest000001"
                               " p:db p:manifest p:000001 p:1 p:manifest000001"                  },
        {"x/v-1-30/y",                 "i:x/v-1-30/y q:xv130y p:x p:v p:1 p:30 p:y"                                            },
        {"a/KB.4567",                  "i:a/kb.4567 q:akb4567 p:a p:kb p:4567"                                                 },
        {"CVE-2018-28796",             "i:cve-2018-28796 q:cve201828796 p:cve p:2018 p:28796"                                  },
        {NULL,                         NULL                                                                                    },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void inner_capitals_cut_a_word(void **state)
{
    static const struct expected rows[] = {
        {"AllowCloudRecording", "w:allowcloudrecording p:allow p:cloud p:recording"},
        {"WiFi",                "w:wifi p:wi p:fi"                                 },
        {"HTTPServer",          "w:httpserver p:http p:server"                     },
        {"PCs",                 "w:pcs"                                            },
        {"ＷｉＦｉ",        "w:wifi p:wi p:fi"                                 },
        {NULL,                  NULL                                               },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void addresses_have_no_short_parts(void **state)
{
    static const struct expected rows[] = {
        {"user@x.cn",                         "i:user@x.cn q:userxcn p:user"                       },
        {"https://a.example.com/b/kb?id=42.",
         "i:https://a.example.com/b/kb?id=42 q:httpsaexamplecombkbid42 p:https p:example p:com"    },
        {"见www.abc.cn。",                  "1:见 | i:www.abc.cn q:wwwabccn p:www p:abc"        },
        {"C:\\Windows\\a.dll",                "i:c:\\windows\\a.dll q:cwindowsadll p:windows p:dll"},
        {NULL,                                NULL                                                 },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void noise_of_logs_is_volatile(void **state)
{
    static const char *const noise[] = {
        "2024-01-05T10:22:33.123Z",
        "2024-01-05",
        "10:22:33",
        "2024/1/5",
        "192.168.1.1",
        "10.0.0.1:8080",
        "10.0.0.0/8",
        "00:1A:2b:3c:4d:5e",
        "00-1A-2B-3C-4D-5E",
        "3F2504E0-4F89-11D3-9A0C-0305E82C3301",
        "0x7ffdeadbeef0",
        "d41d8cd98f00b204e9800998ecf8427e",
        "fe80:0:0:1",
        "25/Nov/2023:02:32:38",
        "18-Jan-2019",
    };
    static const char *const meant[] = {"10.0.19041.1", "0x80070005", "ORA-00942", "v7.5.1",
                                        "8080",         "2024",       "router",    "999.1.1.1"};

    for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++) {
        struct analysis a = run(state, ANALYZE_DOCUMENT, bytes_str(noise[i]));

        if (a.count == 0 || (a.tokens[0].flags & TOKEN_VOLATILE) == 0 || a.units != 3)
            fail_msg("%s is not one volatile identifier", noise[i]);
    }
    for (size_t i = 0; i < sizeof meant / sizeof meant[0]; i++) {
        struct analysis a = run(state, ANALYZE_DOCUMENT, bytes_str(meant[i]));

        if (a.count == 0 || (a.tokens[0].flags & TOKEN_VOLATILE) != 0)
            fail_msg("%s is volatile", meant[i]);
    }
}

static void process_ids_and_line_numbers_are_volatile(void **state)
{
    static const struct expected rows[] = {
        {"nginx[1234]: pid 99 line: 7", "w:nginx | n:1234! | w:pid | n:99! | w:line | n:7!"},
        {"rapid 99",                    "w:rapid | n:99"                                   },
        {NULL,                          NULL                                               },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void thai_is_cut_by_dictionary(void **state)
{
    static const struct expected rows[] = {
        {"ตรวจสอบ", "w:ตรวจ t:ตรว t:รวจ | w:สอบ t:สอบ"},
        {"น้ำ",             "w:น้ำ t:น้ำ"                                         },
        {NULL,                    NULL                                                              },
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
}

static void lao_khmer_and_burmese_give_words(void **state)
{
    static const char *const texts[] = {"ກວດສອບອຸປະກອນ", "ពិនិត្យឧបករណ៍", "စက်ကိုစစ်ဆေးပါ"};

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct analysis a = run(state, ANALYZE_DOCUMENT, bytes_str(texts[i]));

        assert_true(a.count > 3);
        assert_int_equal(a.tokens[0].term[0], TERM_WORD);
        assert_int_equal(a.tokens[0].start, 0);
        assert_int_equal(a.tokens[a.count - 1].end, strlen(texts[i]));
    }
}

static void a_query_knows_word_ends_and_its_last_token(void **state)
{
    static const struct expected rows[] = {
        {"打印机无法连接", "1:打 2:打印 | 1:印 2:印机/ | 1:机 2:机无/ | 1:无 2:无法 | 1:法 2:法连/ "
                           "| 1:连 2:连接$ | 1:接$"               },
        {"打印機無法連接", "1:打 2:打印 | 1:印 2:印机 | 1:机 2:机无/ | 1:无 2:无法 | 1:法 2:法连/ "
                           "| 1:连 2:连接$ | 1:接$"               },
        {"印机无法连接",
         "1:印 2:印机 | 1:机 2:机无 | 1:无 2:无法 | 1:法 2:法连 | 1:连 2:连接$ | 1:接$"},
        {"hg82",                  "i:hg82?$ q:hg82$ p:hg82$ p:hg$ p:82$"                               },
        {"ABC-12 v1.2",           "i:abc-12? q:abc12 p:abc p:12 | i:v1.2$ q:v12$ p:v1$ p:v$ p:1$ p:2$" },
        {"getItem ",              "w:getitem p:getitem i:getitem? p:get p:item"                        },
        {"router ",               "w:router p:router"                                                  },
        {"ora 942",               "w:ora p:ora | n:942$ p:942$"                                        },
        {NULL,                    NULL                                                                 },
    };

    check_table(state, ANALYZE_QUERY, rows);
}

static void nothing_gives_nothing(void **state)
{
    static const struct expected rows[] = {
        {"",             ""  },
        {"  \t\n",       ""  },
        {"。，！？", ""  },
        {NULL,           NULL}
    };

    check_table(state, ANALYZE_DOCUMENT, rows);
    check_table(state, ANALYZE_QUERY, rows);
}

static void units_count_pairs_and_three_for_a_word(void **state)
{
    assert_int_equal(run(state, ANALYZE_DOCUMENT, bytes_str("打印机")).units, 2);
    assert_int_equal(run(state, ANALYZE_DOCUMENT, bytes_str("打印机 HG8245H ok")).units, 8);
    assert_int_equal(run(state, ANALYZE_DOCUMENT, bytes_str("卡")).units, 0);
}

static void bad_utf8_separates(void **state)
{
    struct analysis a = run(state, ANALYZE_DOCUMENT, bytes_of("打\xFF印\0ab\xE4", 11));
    struct buf got = {0};

    write_tokens(&a, &got);
    assert_string_equal(buf_str(&got), "1:打 | 1:印 | w:ab");
    buf_release(&got);
}

static void offsets_cover_what_was_typed(void **state)
{
    /* e + accent, ﬁ, the dropped zero-width space after it, ㌔ which folds to two grams */
    const char *text = "cafe\xCC\x81 \xEF\xAC\x81\xE2\x80\x8B ㌔";
    struct analysis a = run(state, ANALYZE_DOCUMENT, bytes_str(text));
    static const uint32_t want[][2] = {
        {0,  6 },
        {7,  13},
        {14, 17},
        {14, 17},
        {14, 17}
    };

    assert_int_equal(a.count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        assert_int_equal(a.tokens[i].start, want[i][0]);
        assert_int_equal(a.tokens[i].end, want[i][1]);
    }
}

static void long_tokens_keep_a_prefix_and_a_hash(void **state)
{
    struct buf text = {0};
    struct analysis a;
    uint8_t first[TERM_BYTES_MAX];

    for (int i = 0; i < 300; i++)
        buf_add_str(&text, "ab");
    a = run(state, ANALYZE_DOCUMENT, buf_bytes(&text));
    assert_int_equal(a.count, 1);
    assert_true(a.tokens[0].term_bytes <= TERM_BYTES_MAX);
    assert_memory_equal(a.tokens[0].term, "wababab", 7);
    memcpy(first, a.tokens[0].term, a.tokens[0].term_bytes);
    text.data[599] = 'c';
    a = run(state, ANALYZE_DOCUMENT, buf_bytes(&text));
    assert_memory_not_equal(a.tokens[0].term, first, a.tokens[0].term_bytes);
    buf_release(&text);
}

static void a_text_over_the_limit_is_cut_between_characters(void **state)
{
    struct buf text = {0};
    struct analysis a;

    while (text.len < FIELD_BYTES_MAX + 10)
        buf_add_str(&text, "中");
    a = run(state, ANALYZE_DOCUMENT, buf_bytes(&text));
    assert_true(a.cut);
    assert_int_equal(a.source[a.folded.len], FIELD_BYTES_MAX / 3 * 3);
    assert_false(run(state, ANALYZE_DOCUMENT, bytes_str("中")).cut);
    buf_release(&text);
}

/* --- random and hostile text ---------------------------------------------------------- */

static bool is_character_start(struct bytes text, size_t at)
{
    return at >= text.len || (text.data[at] & 0xC0) != 0x80;
}

/* The same, byte by byte. */
static uint64_t naive_key(const struct token *t)
{
    uint64_t key = 0;

    for (unsigned i = 0; i < TERM_KEY_BYTES; i++)
        key = key * 256 + (i < t->term_bytes ? t->term[i] : 0);
    return key;
}

static void check_analysis(const struct analysis *a, struct bytes text, bool is_valid_utf8)
{
    uint32_t fold_start = 0, position = 0;

    assert_int_equal(utf8_valid_len(a->folded), a->folded.len);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct token *t = &a->tokens[i];

        assert_true(t->start < t->end && t->end <= text.len);
        assert_true(t->fold_start < t->fold_end && t->fold_end <= a->folded.len);
        assert_true(t->fold_start >= fold_start && t->position >= position);
        assert_int_equal(t->start, a->source[t->fold_start]);
        assert_true(t->term_bytes >= 2 && t->term_bytes <= TERM_BYTES_MAX);
        assert_true(t->key == naive_key(t));
        assert_true(is_character_start(a->folded, t->fold_start));
        assert_true(is_character_start(a->folded, t->fold_end));
        assert_int_equal(utf8_valid_len(bytes_of(t->term, t->term_bytes)), t->term_bytes);
        if (is_valid_utf8) {
            assert_true(is_character_start(text, t->start));
            assert_true(is_character_start(text, t->end));
        }
        fold_start = t->fold_start;
        position = t->position;
    }
}

static const char *const scraps[] = {
    "打",
    "印",
    "機",
    "ル",
    "ー",
    "ﾀﾞ",
    "々",
    "연",
    "ᄒ",
    "ᅡ",
    "ก",
    "ำ",
    "้",
    "ເ",
    "a",
    "B",
    "é",
    "é",
    "ß",
    "ﬁ",
    "㌔",
    "½",
    "7",
    "0",
    "-",
    "_",
    ".",
    "/",
    ":",
    "@",
    "#",
    "+",
    "'",
    "’",
    "\\",
    "://",
    "www.",
    "0x",
    " ",
    "\n",
    "\r\n",
    "　",
    "・",
    "。",
    "\xE2\x80\x8B",
    "\xE2\x80\xAE",
    "م",
    "ـ",
    "й",
    "😀",
    "👩‍💻",
    "\xF0\xA0\xAE\xB7",
    "\xCC\x81",
    "\xE3\x82\x99",
    "[",
    "]",
    "pid ",
    "s",
    "t",
    "ﷺ",
    "\x01",
};

static void add_scraps(struct buf *text, int count)
{
    buf_clear(text);
    for (int i = 0; i < count; i++)
        buf_add_str(text, scraps[(size_t)rand() % (sizeof scraps / sizeof scraps[0])]);
}

static void random_text_keeps_its_offsets(void **state)
{
    unsigned seed = (unsigned)clock_steady_us();
    struct buf text = {0};

    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round++) {
        struct analysis a;

        add_scraps(&text, rand() % 24);
        a = run(state, rand() % 2 == 0 ? ANALYZE_QUERY : ANALYZE_DOCUMENT, buf_bytes(&text));
        check_analysis(&a, buf_bytes(&text), true);
        if (round % 4 == 0 && text.len > 0) {
            text.data[(size_t)rand() % text.len] = (uint8_t)rand();
            a = run(state, ANALYZE_QUERY, buf_bytes(&text));
            check_analysis(&a, buf_bytes(&text), false);
        }
    }
    buf_release(&text);
}

/* The terms of a text do not depend on the spelling that folding removes: analysing the folded
 * text again gives the same terms (capitals apart, which only add forms). */
static void analysing_folded_text_gives_the_same_terms(void **state)
{
    struct buf text = {0}, first = {0}, second = {0}, folded = {0};

    for (int round = 0; round < 2000; round++) {
        struct analysis a;

        add_scraps(&text, rand() % 24);
        for (size_t i = 0; i < text.len; i++) {
            if (text.data[i] == 'B')
                text.data[i] = 'b';
        }
        a = run(state, ANALYZE_DOCUMENT, buf_bytes(&text));
        buf_clear(&first);
        buf_clear(&second);
        buf_clear(&folded);
        write_tokens(&a, &first);
        buf_add(&folded, a.folded);
        a = run(state, ANALYZE_DOCUMENT, buf_bytes(&folded));
        write_tokens(&a, &second);
        assert_string_equal(buf_str(&first), buf_str(&second));
    }
    buf_release(&text);
    buf_release(&first);
    buf_release(&second);
    buf_release(&folded);
}

static void hostile_text_of_a_megabyte_takes_linear_time(void **state)
{
    static const char *const patterns[] = {
        "a",      "a1",       "a.",    "a:",  "1:",  "a-b-",      "aB",     "a/",
        "://",    "www.",     "a@",    "\\a", "a'",  "'s",        "0x",     "c++",
        "#",      "[1]",      "pid 1", "中",  "中 ", "ก",         "ກ",      "က",
        "\uFDFA", "ｶﾞ",       "々",    "가",  "ᄀ",  "ᅡ",        "\u0301", "\u200B",
        "\xFF",   "\xE4\xB8", "😀",     "٣",   "é",   "http://a ", "f:f:",   "-",
    };
    struct buf text = {0};
    int64_t start_us = clock_steady_us();

    for (size_t i = 0; i < sizeof patterns / sizeof patterns[0]; i++) {
        struct analysis a;

        buf_clear(&text);
        while (text.len < FIELD_BYTES_MAX)
            buf_add_str(&text, patterns[i]);
        a = run(state, ANALYZE_QUERY, buf_bytes(&text));
        assert_true(a.count <= 4 * FIELD_BYTES_MAX);
    }
    assert_true(clock_steady_us() - start_us < 60000000);
    buf_release(&text);
}

/* Linked with --wrap=realloc: our own growing memory fails at the n-th call (ICU has its own). */
static int allocations_left = -1;

void *__real_realloc(void *at, size_t size);
void *__wrap_realloc(void *at, size_t size);

void *__wrap_realloc(void *at, size_t size)
{
    if (allocations_left == 0)
        return NULL;
    if (allocations_left > 0)
        allocations_left--;
    return __real_realloc(at, size);
}

static void any_failing_allocation_is_an_error_and_no_more(void **state)
{
    struct buf text = {0};
    int fails = 0;

    (void)state;
    for (int i = 0; i < 200; i++)
        buf_add_str(&text, "打印机 ORA-00942 don't wi-fi ตรวจสอบ ");
    for (;; fails++) {
        struct analyzer *analyzer;
        struct analysis a = {0};
        enum status status;

        assert_int_equal(analyzer_new(&analyzer, NULL), AF_OK);
        allocations_left = fails;
        status = analyzer_run(analyzer, ANALYZE_QUERY, buf_bytes(&text), &a, NULL);
        allocations_left = -1;
        if (status != AF_OK) {
            assert_int_equal(status, AF_NO_MEMORY);
            assert_int_equal(analyzer_run(analyzer, ANALYZE_QUERY, buf_bytes(&text), &a, NULL),
                             AF_OK);
            check_analysis(&a, buf_bytes(&text), true);
        }
        analyzer_free(analyzer);
        if (status == AF_OK)
            break;
    }
    assert_true(fails > 5);
    buf_release(&text);
}

static void memory_of_a_long_text_is_given_back(void **state)
{
    struct buf text = {0};
    struct analysis a;

    while (text.len < FIELD_BYTES_MAX)
        buf_add_str(&text, "a1 ");
    a = run(state, ANALYZE_DOCUMENT, buf_bytes(&text));
    check_analysis(&a, buf_bytes(&text), true);
    a = run(state, ANALYZE_DOCUMENT, bytes_str("打印机"));
    assert_int_equal(a.count, 5);
    buf_release(&text);
}

static void every_code_point_is_survived(void **state)
{
    struct buf text = {0};

    for (uint32_t cp = 0; cp < 0x110000; cp++) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        utf8_add(&text, cp);
        if (text.len > 8192) {
            struct analysis a = run(state, ANALYZE_QUERY, buf_bytes(&text));

            check_analysis(&a, buf_bytes(&text), true);
            buf_clear(&text);
        }
    }
    buf_release(&text);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, open_analyzer, close_analyzer)
    const struct CMUnitTest tests[] = {
        T(one_han_character_is_its_own_gram),
        T(han_kana_and_hangul_give_characters_and_pairs),
        T(one_blank_is_bridged_and_punctuation_is_not),
        T(words_and_numbers),
        T(identifiers_whole_squeezed_and_in_parts),
        T(codes_inside_a_longer_chunk_are_parts_of_it),
        T(inner_capitals_cut_a_word),
        T(addresses_have_no_short_parts),
        T(noise_of_logs_is_volatile),
        T(process_ids_and_line_numbers_are_volatile),
        T(thai_is_cut_by_dictionary),
        T(lao_khmer_and_burmese_give_words),
        T(a_query_knows_word_ends_and_its_last_token),
        T(nothing_gives_nothing),
        T(units_count_pairs_and_three_for_a_word),
        T(bad_utf8_separates),
        T(offsets_cover_what_was_typed),
        T(long_tokens_keep_a_prefix_and_a_hash),
        T(a_text_over_the_limit_is_cut_between_characters),
        T(random_text_keeps_its_offsets),
        T(analysing_folded_text_gives_the_same_terms),
        T(hostile_text_of_a_megabyte_takes_linear_time),
        T(any_failing_allocation_is_an_error_and_no_more),
        T(memory_of_a_long_text_is_given_back),
        T(every_code_point_is_survived),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
