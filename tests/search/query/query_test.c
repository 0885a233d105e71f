#include "tests/harness.h"

#include "data/base/limits.h"
#include "search/query/query.h"

static struct analyzer *analyzer;
static struct arena *arena;

static int set_up(void **state)
{
    (void)state;
    arena = arena_new(64u << 20);
    return arena == NULL || analyzer_new(&analyzer, NULL) != AF_OK;
}

static int tear_down(void **state)
{
    (void)state;
    analyzer_free(analyzer);
    arena_free(arena);
    return 0;
}

static struct query parse(const char *text)
{
    struct query query;
    struct error err;

    assert_ok(query_parse(analyzer, bytes_str(text), true, arena, &query, &err));
    return query;
}

static const struct group *group_of(const struct query *query, enum group_kind kind,
                                    const char *text)
{
    for (uint32_t i = 0; i < query->groups_count; i++)
        if (query->groups[i].kind == kind && bytes_equal(query->groups[i].text, bytes_str(text)))
            return &query->groups[i];
    return NULL;
}

static const struct member *member_of(const struct group *group, const char *term)
{
    for (const struct member *m = group->members; m != NULL; m = m->next)
        if (bytes_equal(m->term, bytes_str(term)))
            return m;
    return NULL;
}

static void a_code_is_one_group_in_several_forms(void **state)
{
    struct query query = parse("ORA-00942");
    const struct group *code = group_of(&query, GROUP_CODE, "ora-00942");
    const struct group *part = group_of(&query, GROUP_PART, "00942");

    (void)state;
    assert_non_null(code);
    assert_null(member_of(code, "iora-00942")); /* no case has it: TOKEN_UNINDEXED */
    assert_int_equal(member_of(code, "qora00942")->reason, REASON_EXACT);
    assert_null(member_of(code, "pora"));
    assert_non_null(group_of(&query, GROUP_PART, "ora"));
    assert_non_null(part);
    assert_true(member_of(part, "p942")->weight < member_of(part, "p00942")->weight);
}

static void a_version_is_known_by_its_dots(void **state)
{
    struct query query = parse("7.5.1");
    const struct group *code = group_of(&query, GROUP_CODE, "7.5.1");

    (void)state;
    assert_int_equal(member_of(code, "i7.5.1")->reason, REASON_EXACT);
    assert_int_equal(member_of(code, "q751")->reason, REASON_VARIANT);
}

static void a_word_in_two_spellings_is_one_group(void **state)
{
    struct query query = parse("Wi-Fi");

    (void)state;
    assert_non_null(group_of(&query, GROUP_WORD, "wifi"));
    assert_non_null(group_of(&query, GROUP_PART, "wi"));
    assert_int_equal(query.groups_count, 3);
}

static void repeated_text_is_counted_not_repeated(void **state)
{
    struct query query = parse("toner toner TONER 缺纸 缺纸");
    const struct group *toner = group_of(&query, GROUP_WORD, "toner");

    (void)state;
    assert_int_equal(toner->count, 3);
    assert_int_equal(group_of(&query, GROUP_GRAM2, "缺纸")->count, 2);
    assert_int_equal(query.cjk, 4);
}

static void only_the_last_word_is_unfinished(void **state)
{
    struct query query = parse("paper jam");

    (void)state;
    assert_false(group_of(&query, GROUP_WORD, "paper")->last);
    assert_true(group_of(&query, GROUP_WORD, "jam")->last);
    query = parse("paper jam ");
    assert_false(group_of(&query, GROUP_WORD, "jam")->last);
}

static void quotes_are_phrases(void **state)
{
    static const struct {
        const char *text;
        uint32_t phrases;
        bool only;
    } rows[] = {
        {"\"paper jam\"",           1, true },
        {"“缺纸” \"卡纸\"", 2, true },
        {"\"paper jam\" printer",   1, false},
        {"\"paper jam",             0, false},
        {"\"\" toner",              0, false},
        {"\"?\" toner",             0, false},
        {"5\" screen",              0, false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct query query = parse(rows[i].text);

        assert_int_equal(query.phrases_count, rows[i].phrases);
        assert_int_equal(query.phrases_only, rows[i].only);
        for (uint32_t g = 0; g < query.groups_count && !rows[i].only; g++)
            assert_false(query.groups[g].required);
    }
}

static void noise_of_a_log_goes_unless_it_is_all(void **state)
{
    struct query query = parse("2026-11-22T01:53:10.123Z ORA-00942 table missing");

    (void)state;
    assert_non_null(group_of(&query, GROUP_CODE, "ora-00942"));
    for (uint32_t i = 0; i < query.groups_count; i++)
        assert_int_equal(query.groups[i].flags & TOKEN_VOLATILE, 0);
    query = parse("2026-11-22T01:53:10.123Z");
    assert_true(query.groups_count > 0);
}

static void a_long_question_is_cut_at_a_character(void **state)
{
    struct buf text = {0};
    struct query query;

    (void)state;
    while (text.len < QUERY_BYTES_MAX + 100)
        buf_add_str(&text, "纸");
    query = parse(buf_str(&text));
    assert_true(query.cut);
    assert_false(query.typing); /* what was typed last was not read */
    assert_int_equal(query.text.len, QUERY_BYTES_MAX / 3 * 3);
    buf_release(&text);
}

static void nothing_to_look_for_is_no_group(void **state)
{
    static const char *const rows[] = {"", " \n", "?!", "\"\"", "🖨️", "\xFF"};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(parse(rows[i]).groups_count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_code_is_one_group_in_several_forms),
        cmocka_unit_test(a_version_is_known_by_its_dots),
        cmocka_unit_test(a_word_in_two_spellings_is_one_group),
        cmocka_unit_test(repeated_text_is_counted_not_repeated),
        cmocka_unit_test(only_the_last_word_is_unfinished),
        cmocka_unit_test(quotes_are_phrases),
        cmocka_unit_test(noise_of_a_log_goes_unless_it_is_all),
        cmocka_unit_test(a_long_question_is_cut_at_a_character),
        cmocka_unit_test(nothing_to_look_for_is_no_group),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
