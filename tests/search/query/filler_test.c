#include "tests/harness.h"

#include "search/query/filler.h"

/* The question is folded before it is compared, so a phrase that folds to something else would
 * never be found. */
static void every_phrase_is_its_own_folded_form(void **state)
{
    struct analyzer *analyzer;
    struct error err;

    (void)state;
    assert_ok(analyzer_new(&analyzer, &err));
    for (const char *const *phrase = filler_phrases; *phrase != NULL; phrase++) {
        struct analysis analysis;

        assert_true(strlen(*phrase) >= 3); /* filler_mark compares places by three bytes first */
        assert_ok(analyzer_run(analyzer, ANALYZE_QUERY, bytes_str(*phrase), &analysis, &err));
        if (!bytes_equal(analysis.folded, bytes_str(*phrase)))
            fail_msg("%s folds to %.*s", *phrase, (int)analysis.folded.len,
                     (const char *)analysis.folded.data);
    }
    analyzer_free(analyzer);
}

/* What is left at full weight, without single characters, joined by blanks. */
static void assert_said(const char *question, const char *said)
{
    struct arena *arena = arena_new(1 << 24);
    struct analyzer *analyzer;
    struct buf left = {0};
    struct query query;
    struct error err;

    assert_ok(analyzer_new(&analyzer, &err));
    assert_ok(query_parse(analyzer, bytes_str(question), false, arena, &query, &err));
    for (uint32_t i = 0; i < query.groups_count; i++) {
        const struct group *group = &query.groups[i];

        if (group->filler || group->kind == GROUP_GRAM1 || group->kind == GROUP_PART)
            continue;
        buf_add_str(&left, left.len > 0 ? " " : "");
        buf_add(&left, group->text);
    }
    assert_string_equal(said, buf_str(&left));
    buf_release(&left);
    analyzer_free(analyzer);
    arena_free(arena);
}

static void a_manner_of_asking_is_told_from_what_is_asked(void **state)
{
    static const char *const rows[][2] = {
        {"发票下载不了怎么办",                                   "发票 票下 下载 载不 不了"},
        {"請問發票如何下載",                                      "发票 下载"                     },
        {"how do i reset the router",                                     "reset the router"                  },
        {"showto",                                                        "showto"                            }, /* not inside a word */
        {"プリンターが動かない どうすればいいですか",
         "ぷり りん んた たー ーが が动 动か かな ない"                                     },
        {"프린터 연결 방법",                                       "프린 린터 터연 연결"       },
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_said(rows[i][0], rows[i][1]);
}

static void a_question_of_nothing_else_is_asked_as_it_is(void **state)
{
    (void)state;
    assert_said("怎么办", "怎么 么办");
    assert_said("how to", "how to");
}

static void a_phrase_in_quotes_is_meant(void **state)
{
    (void)state;
    assert_said("\"如何\"", "如何");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_phrase_is_its_own_folded_form),
        cmocka_unit_test(a_manner_of_asking_is_told_from_what_is_asked),
        cmocka_unit_test(a_question_of_nothing_else_is_asked_as_it_is),
        cmocka_unit_test(a_phrase_in_quotes_is_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
