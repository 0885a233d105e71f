/* How many cases match, as the asker is told: small numbers are exact whoever asks, however deep
 * the page, and nobody's number has cases in it that he may not see. */
#include "tests/search/library.h"

#define SHOWN 30 /* more than are looked at closely */

static void add(struct library *l, const char *kind, int count, const char *title,
                const char *audience)
{
    json_t *cases = json_array();

    for (int i = 0; i < count; i++) {
        char id[40];

        (void)snprintf(id, sizeof id, "%s-%03d", kind, i);
        json_array_append_new(cases, json_pack("{s:s,s:s,s:s,s:s}", "id", id, "lang", "zh-Hans",
                                               "title", title, "audience", audience));
    }
    library_add_all(l, cases);
}

/* Those that may not be shown say less of 缺 and 卡纸, so they are no rivals; 打 is the other way. */
static int set_up(void **state)
{
    struct library *l = library_new();

    add(l, "public", SHOWN, "缺墨卡纸", "public");
    add(l, "hidden", 400, "打印 打印机说明书的封面一页缺少了两行，卡纸", "internal");
    add(l, "print", SHOWN, "关于打印和其他问题的一份很长的说明文档", "public");
    add(l, "many", 250, "墨盒", "public");
    add(l, "none", 130, "齿轮", "internal");
    *state = l;
    return 0;
}

static int tear_down(void **state)
{
    library_free(*state);
    return 0;
}

static void assert_total(struct library *l, const char *question, enum audience audience,
                         uint64_t total, bool is_least)
{
    static const uint32_t limits[] = {1, 10, 20, 50, 100};

    for (size_t i = 0; i < sizeof limits / sizeof *limits; i++) {
        const struct search_request request = {
            .query = bytes_str(question), .limit = limits[i], .audience = audience};
        struct search_result result = library_search(l, &request);

        if (result.total != total || result.total_is_estimate != is_least)
            fail_msg("%s, %u of a page: %llu%s", question, limits[i],
                     (unsigned long long)result.total, result.total_is_estimate ? "+" : "");
    }
}

static void a_small_number_is_exact_and_has_nothing_hidden(void **state)
{
    assert_total(*state, "缺", AUDIENCE_PUBLIC, SHOWN, false);
    assert_total(*state, "卡纸", AUDIENCE_PUBLIC, SHOWN, false);
    assert_total(*state, "打", AUDIENCE_PUBLIC, SHOWN, false);
    assert_total(*state, "打印", AUDIENCE_PUBLIC, SHOWN, false);
    assert_total(*state, "齿", AUDIENCE_PUBLIC, 0, false);
    assert_total(*state, "齿轮", AUDIENCE_PUBLIC, 0, false);
}

static void a_large_one_is_exact_when_everything_may_be_shown(void **state)
{
    assert_total(*state, "缺", AUDIENCE_INTERNAL, SHOWN + 400, false);
    assert_total(*state, "墨盒", AUDIENCE_INTERNAL, 250, false);
    assert_total(*state, "墨盒", AUDIENCE_PUBLIC, TOTAL_COUNTED, true);
}

static void versions_that_are_out_of_date_are_not_counted(void **state)
{
    add(*state, "public", SHOWN, "缺墨卡纸", "public");
    assert_total(*state, "缺", AUDIENCE_PUBLIC, SHOWN, false);
    add(*state, "public", SHOWN / 2, "換了题目", "public");
    assert_total(*state, "卡纸", AUDIENCE_PUBLIC, SHOWN - SHOWN / 2, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_number_is_exact_and_has_nothing_hidden),
        cmocka_unit_test(a_large_one_is_exact_when_everything_may_be_shown),
        cmocka_unit_test(versions_that_are_out_of_date_are_not_counted),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
