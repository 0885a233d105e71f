#include "tests/harness.h"

#include "search/query/filler.h"
#include "search/query/synonyms.h"

static const struct vocabularies words = {&vocabulary_empty, &vocabulary_shipped};

static void mark(struct query *query, struct arena *arena)
{
    struct synonym_place *places;
    struct error err;
    uint32_t count;

    assert_ok(synonyms_find(&words, query, arena, &places, &count, &err));
    for (uint32_t i = 0; i < count; i++)
        if (places[i].asks)
            filler_mark(query, places[i].start, places[i].end);
    filler_settle(query);
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
    mark(&query, arena);
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
        cmocka_unit_test(a_manner_of_asking_is_told_from_what_is_asked),
        cmocka_unit_test(a_question_of_nothing_else_is_asked_as_it_is),
        cmocka_unit_test(a_phrase_in_quotes_is_meant),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
