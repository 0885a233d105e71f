#include "tests/search/query/gram_fixture.h"

#include "search/query/chinese.h"

#include "data/base/utf8.h"

#include <math.h>

/* What people typed (the first eight are from judged questions), what they meant. */
static void a_gram_that_was_mistyped_finds_what_was_meant(void **state)
{
    static const struct {
        const char *typed, *gram, *meant;
        enum reason reason;
    } rows[] = {
        {"地去",       "地去", "地区", REASON_SOUND},
        {"书局",       "书局", "数据", REASON_SOUND},
        {"权相",       "权相", "权限", REASON_SOUND},
        {"批娘",       "批娘", "批量", REASON_SOUND},
        {"孙序",       "孙序", "顺序", REASON_SOUND},
        {"恢收",       "恢收", "回收", REASON_SOUND},
        {"空智",       "空智", "控制", REASON_SOUND},
        {"湖合",       "湖合", "复合", REASON_SOUND},
        {"路尤器",    "路尤", "路由", REASON_SOUND},
        {"路尤器",    "尤器", "由器", REASON_SOUND},
        {"地区路器", "区路", NULL,     REASON_SOUND},
        {"地區權相", "权相", "权限", REASON_SOUND},
        {"\"地去\"",   "地去", NULL,     REASON_SOUND}, /* what is quoted is meant as it stands */
    };
    struct fixture *f = *state;

    add_cases(f, "地区 数据 权限 批量 顺序 回收 控制 分支 复合 路由器 打印机", 20);
    add_cases(f, "别的", 200);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct group *group;
        const struct member *member;

        parse(f, rows[i].typed);
        group = group_of(f, rows[i].gram);
        assert_non_null(group);
        if (rows[i].meant == NULL) {
            assert_false(group->corrected);
            continue;
        }
        member = member_of(group, rows[i].meant);
        if (member == NULL || member->reason != rows[i].reason)
            fail_msg("%s in %s does not find %s", rows[i].gram, rows[i].typed, rows[i].meant);
        assert_true(member->weight < 1 && member->worth > 0);
    }
}

/* Han beside kana or Hangul is read otherwise. */
static void only_chinese_is_read_in_chinese(void **state)
{
    static const char *const questions[] = {"地去の", "地去 をだ", "地去 가", "ア 地去"};
    struct fixture *f = *state;

    add_cases(f, "地区", 20);
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++) {
        parse(f, questions[i]);
        if (member_of(group_of(f, "地去"), "地区") != NULL)
            fail_msg("%s is read in Chinese", questions[i]);
    }
    parse(f, "地去 a");
    assert_non_null(member_of(group_of(f, "地去"), "地区"));
}

static void a_gram_that_is_known_stays_what_it_is(void **state)
{
    struct fixture *f = *state;

    add_cases(f, "地区", 100);
    add_cases(f, "地去", 2);
    parse(f, "地去");
    assert_non_null(member_of(group_of(f, "地去"), "地区"));
    add_cases(f, "地去", 1);
    parse(f, "地去");
    assert_null(member_of(group_of(f, "地去"), "地区"));
}

static void a_gram_that_is_hardly_commoner_is_none_that_was_meant(void **state)
{
    struct fixture *f = *state;

    add_cases(f, "地去", 1);
    add_cases(f, "地区", 3);
    parse(f, "地去"); /* log2 of (3 + .5) / (1 + .5) is less than 1.5 */
    assert_false(group_of(f, "地去")->corrected);
    add_cases(f, "地区", 1);
    parse(f, "地去");
    assert_true(group_of(f, "地去")->corrected);
}

/* 行号 and 型号 sound the same; beside 路由, only one of them has been seen. */
static void what_stands_beside_it_says_which_was_meant(void **state)
{
    struct fixture *f = *state;

    add_cases(f, "路由型号", 10);
    add_cases(f, "行号", 20);
    parse(f, "由形号");
    assert_non_null(member_of(group_of(f, "由形"), "由型"));
    assert_non_null(member_of(group_of(f, "形号"), "型号"));
    assert_null(member_of(group_of(f, "形号"), "行号"));
}

static void so_many_grams_are_kept(void **state)
{
    struct fixture *f = *state;
    unsigned kept;

    add_cases(f, "时机 实际 事迹 世纪 史记 试剂", 9);
    parse(f, "式鸡");
    kept = members_count(group_of(f, "式鸡"), REASON_SOUND);
    assert_int_equal(RESPELL_MAX, kept);
}

/* A question of grams that nobody knows asks for no more than the limit, and none of it fails. */
static void so_many_grams_are_looked_up(void **state)
{
    static const char *const rare = "魑魅魍魉饕餮耄耋龃龉踟蹰踽踽觊觎囹圄彳亍";
    struct fixture *f = *state;
    struct expansion x = {.lexicon = &f->lexicon, .query = &f->query};
    struct respell r;
    struct error err;

    add_cases(f, "地区", 9);
    parse(f, rare);
    x.err = &err;
    assert_ok(respell_init(&r, &x));
    chinese_homophones(&r);
    assert_ok(r.status);
    assert_int_equal(EXPAND_GRAMS_ASKED_MAX, x.grams_asked);
    /* what comes first is corrected, what comes after the limit is not */
    parse(f, "地去魑魅魍魉饕餮耄耋龃龉踟蹰踽踽觊觎囹圄彳亍地去");
    assert_non_null(member_of(group_of(f, "地去"), "地区"));
}

/* --- a naive twin: every gram of the index, and how it may have been mistyped ------------- */

struct twin {
    uint32_t letters[2];
    struct alike alike[2];
    struct {
        char text[16];
        double score;
    } best[64];
    uint32_t count;
};

/* Its rank among the alternatives, and how near it is; 0: itself. */
static bool rank_of(const struct twin *t, uint32_t at, uint32_t letter, uint32_t *rank, bool *like)
{
    *rank = 0;
    *like = false;
    if (letter == t->letters[at])
        return true;
    for (uint32_t i = 0; i < t->alike[at].count; i++)
        if (t->alike[at].letters[i] == letter) {
            *rank = i + 1;
            *like = i >= t->alike[at].same;
            return true;
        }
    return false;
}

static size_t visit(void *context, struct bytes term, uint64_t df)
{
    struct twin *t = context;
    struct reader r = reader_of(bytes_of(term.data + 1, term.len - 1));
    uint32_t a, b, ranks[2];
    bool like[2], swapped;
    double cost = 0;

    if (term.data[0] != TERM_GRAM2)
        return LEXICON_STOP;
    a = utf8_next(&r);
    b = utf8_next(&r);
    swapped = a == t->letters[1] && b == t->letters[0];
    if (!rank_of(t, 0, a, &ranks[0], &like[0]) || !rank_of(t, 1, b, &ranks[1], &like[1]) ||
        (ranks[0] > 0 && ranks[1] > 0 && (like[0] || like[1] || ranks[0] * ranks[1] > 256))) {
        if (!swapped)
            return LEXICON_NEXT;
        cost = 2;
    } else {
        cost = (ranks[0] > 0 && ranks[1] > 0) || like[0] || like[1];
    }
    if (a == t->letters[0] && b == t->letters[1])
        return LEXICON_NEXT;
    if (log2(((double)df + 0.5) / 0.5) < 1.5)
        return LEXICON_NEXT;
    assert_true(t->count < 64);
    snprintf(t->best[t->count].text, 16, "%.*s", (int)term.len - 1, (const char *)term.data + 1);
    t->best[t->count++].score = log2(((double)df + 0.5) / 0.5) - cost;
    return LEXICON_NEXT;
}

static void the_same_grams_are_found_by_trying_all_of_the_index(void **state)
{
    static const char *const letters[] = {"时", "机", "实", "际", "地", "区", "数",
                                          "据", "行", "型", "号", "是", "字", "子",
                                          "自", "己", "记", "事", "四", "十"};
    struct fixture *f = *state;
    struct test_random random = test_random_new();
    unsigned found = 0;

    for (unsigned i = 0; i < 60; i++) {
        char text[32];

        snprintf(text, sizeof text, "%s%s", letters[test_random_below(&random, 20)],
                 letters[test_random_below(&random, 20)]);
        add_cases(f, text, 1 + test_random_below(&random, 12));
    }
    for (unsigned i = 0; i < 200; i++) {
        struct twin twin = {.count = 0};
        const struct group *group;
        uint8_t class = TERM_GRAM2;
        struct reader r;
        struct error err;
        double best = -1;
        char text[32];

        snprintf(text, sizeof text, "%s%s", letters[test_random_below(&random, 20)],
                 letters[test_random_below(&random, 20)]);
        parse(f, text);
        group = group_of(f, text);
        if (group == NULL || member_of(group, text) != NULL)
            continue;
        r = reader_of(bytes_str(text));
        for (uint32_t k = 0; k < 2; k++) {
            twin.letters[k] = utf8_next(&r);
            chinese_alike(twin.letters[k], &twin.alike[k]);
        }
        if (gram_says_nothing(twin.letters[0]) || gram_says_nothing(twin.letters[1]) ||
            twin.letters[0] == twin.letters[1])
            continue;
        assert_ok(lexicon_walk(&f->lexicon, bytes_of(&class, 1), visit, &twin, &err));
        for (uint32_t k = 0; k < twin.count; k++)
            if (strstr(twin.best[k].text, "是") == NULL)
                best = fmax(best, twin.best[k].score);
        assert_true(group->corrected || best < 1.5);
        assert_true(best >= 1.5 || members_count(group, REASON_SOUND) == 0);
        for (uint32_t k = 0; k < twin.count; k++) {
            if (best < 1.5 || twin.best[k].score < best || strstr(twin.best[k].text, "是") != NULL)
                continue;
            found++;
            if (group->members->next != NULL && member_of(group, twin.best[k].text) == NULL &&
                members_count(group, REASON_SOUND) + members_count(group, REASON_TYPO) <
                    RESPELL_MAX)
                fail_msg("%s is not found from %s", twin.best[k].text, text);
        }
    }
    assert_true(found > 20);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_gram_that_was_mistyped_finds_what_was_meant),
        TEST(only_chinese_is_read_in_chinese),
        TEST(a_gram_that_is_known_stays_what_it_is),
        TEST(a_gram_that_is_hardly_commoner_is_none_that_was_meant),
        TEST(what_stands_beside_it_says_which_was_meant),
        TEST(so_many_grams_are_kept),
        TEST(so_many_grams_are_looked_up),
        TEST(the_same_grams_are_found_by_trying_all_of_the_index),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
