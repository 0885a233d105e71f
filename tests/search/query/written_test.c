/* Which terms of titles a question asks for, and which questions ask. */
#include "tests/search/library.h"

#include "search/query/expand.h"

struct fixture {
    struct library *library;
    struct analyzer *analyzer;
    struct stemmer *stemmer;
};

static int set_up(void **state)
{
    static const char *const titles[] = {
        "표준 문서", "지도 및 지도를 보는 법", "范例与個人", "ログとログイン", "平臺", "표"};
    struct fixture *f = calloc(1, sizeof *f);
    struct error err;

    f->library = library_new();
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        char json[300];

        (void)snprintf(json, sizeof json, "{'id':'t-%zu','lang':'ko','title':'%s'}", i, titles[i]);
        library_add(f->library, json);
    }
    assert_ok(analyzer_new(&f->analyzer, &err));
    assert_ok(stemmer_new(&f->stemmer, &err));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    stemmer_free(f->stemmer);
    analyzer_free(f->analyzer);
    library_free(f->library);
    free(f);
    return 0;
}

/* "표준+ 지도$": the required terms, + when one says all; then the word of its own. */
static void ask(struct fixture *f, const char *question, struct buf *out)
{
    struct arena *arena = f->library->arena;
    struct snapshot *snapshot;
    struct lexicon lexicon;
    struct query query;
    struct error err;

    assert_ok(snapshot_acquire(f->library->index, NULL, &snapshot, &err));
    lexicon = lexicon_of(snapshot, f->stemmer, arena);
    assert_ok(query_parse(f->analyzer, bytes_str(question), false, arena, &query, &err));
    query.settings = &settings_defaults;
    assert_ok(expand_query(&lexicon, &query, &err));
    buf_clear(out);
    for (uint32_t i = 0; i < query.written_count; i++) {
        buf_add_str(out, i > 0 ? " " : "");
        buf_add(out, query.written[i].text);
        assert_true(query.written[i].df > 0);
    }
    buf_add_str(out, query.written_whole ? "+" : "");
    if (query.written_count > 0 && query.written_word.df > 0) {
        buf_add_str(out, " ");
        buf_add(out, query.written_word.text);
    }
    assert_true(query.written_count <= WRITTEN_CJK_MAX);
    snapshot_release(snapshot);
}

static void a_short_question_asks_for_what_titles_have(void **state)
{
    static const struct {
        const char *question, *asked;
    } rows[] = {
        {"표",       "표$+"          },
        {"표준",    "표준+ 표준$"},
        {"지도",    "지도+ 지도$"},
        {"표 및",   "표$ 및$"      },
        {"范",       "范+"           },
        {"範",       ""               }, /* no title writes it so */
        {"個",       "個+"           },
        {"个",       ""               },
        {"平臺",    "臺"            },
        {"平台",    ""               },
        {"与個",    "与 個"        },
        {"ログ",    "ろぐ+ ろぐ$"},
        {"ろぐ",    ""               },
        {"ﾛｸﾞ", "ろぐ+ ろぐ$"},
        {"표?",      "표$+"          },
        {"「范」", "范+"           },
    };
    struct buf asked = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask(*state, rows[i].question, &asked);
        if (strcmp(buf_str(&asked), rows[i].asked) != 0)
            fail_msg("%s: %s", rows[i].question, buf_str(&asked));
    }
    buf_release(&asked);
}

static void more_characters_words_and_quotes_do_not_ask(void **state)
{
    static const char *const rows[] = {"표준화",   "范例与", "个人的", "표 word", "지도 2",
                                       "\"지도\"", "map",    "2",      "?",       "발표"};
    struct buf asked = {0};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        ask(*state, rows[i], &asked);
        if (asked.len > 0)
            fail_msg("%s: %s", rows[i], buf_str(&asked));
    }
    buf_release(&asked);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_short_question_asks_for_what_titles_have),
        cmocka_unit_test(more_characters_words_and_quotes_do_not_ask),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
