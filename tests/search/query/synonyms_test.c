/* Other words for what was typed, over a small library: what is found, that it counts once and
 * less than what was typed, and how many are followed. */
#include "tests/search/library.h"

#include "search/query/synonyms.h"
#include "search/query/vocabulary_build.h"

#include <stdio.h>
#include <stdlib.h>

struct fixture {
    struct library *library;
    struct search_result result;
};

/* id, title, text */
static const char *const library[][3] = {
    {"hans-mouse",   "更换鼠标电池",          "鼠标没有反应时请更换电池。"},
    {"hans-server",  "服务器无法启动",       "服务器指示灯不亮。"            },
    {"hans-service", "服务条款",                "服务由器材部提供。"            },
    {"hans-print",   "打印机驱动程序安装", "从网站下载驱动程序。"         },
    {"hant-login",   "無法登入網站",          "登入時顯示錯誤訊息。"         },
    {"hans-timeout", "连接超时",                "访问网站时提示连接超时。"   },
    {"hans-restart", "路由器重启",             "重启后仍无法上网。"            },
    {"en-wireless",  "Wireless keeps dropping",     "The wireless network drops."            },
    {"en-login",     "Cannot log in",               "Log in fails with a wrong password."    },
    {"en-colour",    "Colour pages come out grey",  "Check the colour cartridge."            },
    {"en-pc",        "PC does not start",           "The PC stays dark."                     },
    {"ja-printer",   "プリンターの設定",    "プリンターを追加します。"   },
    {"ja-center",    "センターで設定できない", "センターにアクセスできません。"},
    {"ja-pudding",   "プリンの作り方", "プリンを冷やします。"},
    {"ja-pudding-2", "プリンの味", "プリンは甘い。"},
    {"ko-password",  "비밀번호 재설정",      "비밀번호를 잊은 경우."         },
    {"hant-mixed",   "印表機與打印机",       "兩種說法。"                        },
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    json_t *cases = json_array();

    f->library = library_new();
    for (size_t i = 0; i < sizeof library / sizeof *library; i++)
        json_array_append_new(cases,
                              json_pack("{s:s,s:s,s:s,s:s}", "lang", "zh", "id", library[i][0],
                                        "title", library[i][1], "text", library[i][2]));
    library_add_all(f->library, cases);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    library_free(f->library);
    free(f);
    return 0;
}

static void search(struct fixture *f, const char *query)
{
    const struct search_request request = {.query = bytes_str(query), .snippets = true};

    f->result = library_search(f->library, &request);
}

static const struct hit *hit_of(struct fixture *f, const char *id)
{
    for (uint32_t i = 0; i < f->result.hits_count; i++)
        if (bytes_equal(f->result.hits[i].id, bytes_str(id)))
            return &f->result.hits[i];
    return NULL;
}

static void another_word_for_it_finds_the_case(void **state)
{
    static const char *const rows[][2] = {
        {"滑鼠",                 "hans-mouse"  },
        {"更換滑鼠電池",     "hans-mouse"  },
        {"伺服器無法啟動",  "hans-server" },
        {"印表機驅動程式",  "hans-print"  },
        {"登录网站",           "hant-login"  },
        {"連線逾時",           "hans-timeout"},
        {"路由器重新開機",  "hans-restart"},
        {"wi-fi drops",            "en-wireless" },
        {"sign in fails",          "en-login"    },
        {"color pages",            "en-colour"   },
        {"gray color pages",       "en-colour"   },
        {"プリンタの設定",  "ja-printer"  },
        {"패스워드 재설정", "ko-password" },
        {"パソコン",           "en-pc"       },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        search(f, rows[i][0]);
        if (f->result.hits_count == 0 || !bytes_equal(f->result.hits[0].id, bytes_str(rows[i][1])))
            fail_msg("%s does not find %s", rows[i][0], rows[i][1]);
        if ((f->result.hits[0].reasons & REASON_SYNONYM) == 0)
            fail_msg("%s: no synonym", rows[i][0]);
    }
}

static void a_piece_of_the_other_word_is_not_it(void **state)
{
    struct fixture *f = *state;

    search(f, "伺服器");
    assert_non_null(hit_of(f, "hans-server"));
    assert_null(hit_of(f, "hans-service")); /* 服务 and 器 */
}

/* プリンタ is said for プリンター, and センター has its last gram: it is typed already, and センター is no
 * printer. */
static void what_both_spellings_have_stands_for_neither(void **state)
{
    struct fixture *f = *state;
    const struct hit *printer, *center;

    search(f, "プリンターの設定");
    printer = hit_of(f, "ja-printer");
    center = hit_of(f, "ja-center");
    assert_ptr_equal(&f->result.hits[0], printer);
    assert_true(center == NULL || (center->reasons & REASON_SYNONYM) == 0);
    search(f, "プリンタの設定"); /* and the other way round a gram that was not typed is needed */
    assert_ptr_equal(&f->result.hits[0], hit_of(f, "ja-printer"));
    assert_true((f->result.hits[0].reasons & REASON_SYNONYM) != 0);
}

static void what_was_typed_stands_above_another_word(void **state)
{
    struct fixture *f = *state;
    const struct hit *typed, *other;

    search(f, "印表機");
    typed = hit_of(f, "hant-mixed");
    other = hit_of(f, "hans-print");
    assert_true(typed != NULL && other != NULL && typed < other && typed->score > other->score);
    assert_int_equal(0, typed->reasons & REASON_SYNONYM);
}

/* hant-mixed has the word in both spellings: no more than if it had one. */
static void two_words_for_one_thing_count_once(void **state)
{
    struct fixture *f = *state;
    double before;

    search(f, "印表機");
    before = hit_of(f, "hant-mixed")->score;
    assert_true(before <= 1 && hit_of(f, "hant-mixed")->coverage <= 1);
    search(f, "\"印表機\""); /* stands for itself */
    assert_non_null(hit_of(f, "hant-mixed"));
    assert_null(hit_of(f, "hans-print"));
    assert_true(hit_of(f, "hant-mixed")->score >= before - 1e-9);
}

static void the_other_word_is_marked_in_the_original(void **state)
{
    struct fixture *f = *state;
    const struct hit *hit;

    search(f, "滑鼠");
    hit = hit_of(f, "hans-mouse");
    assert_int_equal(1, hit->title.marks_count);
    assert_int_equal(6, hit->title.marks[0].start); /* 更换|鼠标|电池 */
    assert_int_equal(12, hit->title.marks[0].end);
    assert_true(hit->snippet.marks_count > 0);
}

static void add_word(struct buf *text, unsigned i)
{
    buf_printf(text, "%sx%uz", text->len > 0 ? ", " : "", i);
}

struct built {
    struct arena *arena;
    struct analyzer *analyzer;
    struct folder *folder;
    struct stemmer *stemmer;
    struct snapshot *snapshot;
    struct vocabularies words;
    struct vocabulary own;
    struct query query;
};

static void built_begin(struct built *b, struct fixture *f, const char *text, const char *query)
{
    struct error err;

    *b = (struct built){.arena = arena_new(SEARCH_ARENA_BYTES)};
    assert_ok(analyzer_new(&b->analyzer, &err));
    assert_ok(folder_new(&b->folder, &err));
    assert_ok(stemmer_new(&b->stemmer, &err));
    assert_ok(vocabulary_build(bytes_str(text), b->folder, b->arena, &b->own, &err));
    assert_ok(snapshot_acquire(f->library->index, NULL, &b->snapshot, &err));
    assert_ok(query_parse(b->analyzer, bytes_str(query), false, b->arena, &b->query, &err));
    b->words = (struct vocabularies){&b->own, &vocabulary_empty};
}

static void built_end(struct built *b)
{
    snapshot_release(b->snapshot);
    stemmer_free(b->stemmer);
    folder_free(b->folder);
    analyzer_free(b->analyzer);
    arena_free(b->arena);
}

/* How many the group that has most got. */
static uint32_t synonyms_of(struct built *b)
{
    struct lexicon lexicon = lexicon_of(b->snapshot, b->stemmer, b->arena);
    uint32_t most = 0;
    struct error err;

    assert_ok(synonyms_add(&b->words, b->analyzer, &lexicon, &b->query, &err));
    for (uint32_t i = 0; i < b->query.groups_count; i++) {
        uint32_t count = 0;

        for (const struct member *m = b->query.groups[i].members; m != NULL; m = m->next)
            count += m->reason == REASON_SYNONYM;
        most = count > most ? count : most;
    }
    return most;
}

static void only_so_many_words_are_followed(void **state)
{
    struct fixture *f = *state;
    json_t *cases = json_array();
    struct buf line = {0}, text = {0};
    struct built b;

    for (unsigned i = 0; i < EXPAND_SYNONYMS_MAX + 4; i++) {
        add_word(&line, i);
        buf_printf(&text, "x%uz ", i);
    }
    json_array_append_new(cases, json_pack("{s:s,s:s,s:s,s:s}", "lang", "zh", "id", "many", "title",
                                           "many words", "text", buf_str(&text)));
    cases_put(f->library->journal, cases);
    built_begin(&b, f, buf_str(&line), "x0z and more");
    assert_int_equal(EXPAND_SYNONYMS_MAX, synonyms_of(&b));
    built_end(&b);
    buf_release(&line);
    buf_release(&text);
}

static void only_so_many_places_of_a_question_are_looked_up(void **state)
{
    struct fixture *f = *state;
    struct synonym_place *places;
    struct buf question = {0};
    struct built b;
    uint32_t count;
    struct error err;

    for (int i = 0; i < EXPAND_SYNONYM_PLACES_MAX + 5; i++)
        buf_add_str(&question, "mouse ");
    built_begin(&b, f, "mouse, 鼠标", buf_str(&question));
    assert_ok(synonyms_find(&b.words, &b.query, b.arena, &places, &count, &err));
    assert_int_equal(EXPAND_SYNONYM_PLACES_MAX, count);
    built_end(&b);
    buf_release(&question);
}

static void a_language_is_only_for_its_questions(void **state)
{
    struct fixture *f = *state;
    struct built b;

    built_begin(&b, f, "ja: 打印机, 鼠标", "打印机");
    assert_int_equal(1, synonyms_of(&b)); /* Han alone may be Japanese */
    built_end(&b);
    built_begin(&b, f, "zh: 打印机, 鼠标", "打印机のドライバ");
    assert_int_equal(0, synonyms_of(&b));
    built_end(&b);
}

/* What the administrator takes away is neither followed nor found. */
static void a_phrase_can_be_taken_away(void **state)
{
    static const char *const rows[][2] = {
        {"# nothing", "滑鼠"}, /* followed */
        {"- 鼠标",  "滑鼠"},
        {"- 滑鼠",  "滑鼠"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct built b;

        built_begin(&b, f, rows[i][0], rows[i][1]);
        b.words.shipped = &vocabulary_shipped;
        assert_int_equal(i == 0 ? 1 : 0, synonyms_of(&b));
        built_end(&b);
    }
}

static void near_words_count_less_and_only_one_way_where_said(void **state)
{
    static const struct {
        const char *vocabulary, *query;
        float weight;
    } rows[] = {
        {"滑鼠, 鼠标",   "滑鼠", 0.8f},
        {"~ 滑鼠, 鼠标", "滑鼠", 0.5f},
        {"滑鼠 > 鼠标",  "滑鼠", 0.8f},
        {"鼠标 > 滑鼠",  "滑鼠", 0   },
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        float weight = 0;
        struct built b;

        built_begin(&b, f, rows[i].vocabulary, rows[i].query);
        (void)synonyms_of(&b);
        for (uint32_t g = 0; g < b.query.groups_count; g++)
            for (const struct member *m = b.query.groups[g].members; m != NULL; m = m->next)
                if (m->reason == REASON_SYNONYM)
                    weight = m->weight;
        assert_float_equal(rows[i].weight, weight, 1e-6f);
        built_end(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(another_word_for_it_finds_the_case, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_piece_of_the_other_word_is_not_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_both_spellings_have_stands_for_neither, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_was_typed_stands_above_another_word, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(two_words_for_one_thing_count_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_other_word_is_marked_in_the_original, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(only_so_many_words_are_followed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(only_so_many_places_of_a_question_are_looked_up, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_language_is_only_for_its_questions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_phrase_can_be_taken_away, set_up, tear_down),
        cmocka_unit_test_setup_teardown(near_words_count_less_and_only_one_way_where_said, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
